"""A tree of criteria in sentences."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from .models import Competency, CriteriaGroup, Criterion, Level
from .models.criteria import Trees


def sentences(competency: Competency) -> list[tuple[int, str]]:
    """(depth, sentence), from the top; empty where the skill has no criteria."""
    trees = Trees(Q(competency=competency))
    return [line for root in trees.roots for line in _lines(trees, root, 0)]


def _lines(trees: Trees, group: CriteriaGroup, depth: int) -> list[tuple[int, str]]:
    heads = {
        CriteriaGroup.Op.AND: _("All of these:"),
        CriteriaGroup.Op.OR: _("Any one of these:"),
        CriteriaGroup.Op.K_OF_N: _("At least %(k)s of these:") % {"k": group.k},
    }
    lines = [(depth, heads[CriteriaGroup.Op(group.op)])]
    for inner in trees.below[group.pk]:
        lines += _lines(trees, inner, depth + 1)
    return lines + [(depth + 1, _leaf(one)) for one in trees.leaves[group.pk]]


def _leaf(one: Criterion) -> str:
    if one.kind == Criterion.Kind.KINDS:
        return _("%(skill)s: evidence of %(n)s different kinds") % {"skill": one.competency, "n": one.at_least}
    level = Level(one.at_least).label
    return _("%(skill)s: at least %(level)s") % {"skill": one.competency or one.task, "level": level}
