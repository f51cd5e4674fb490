"""A framework as a nested list that folds: 770 skills as one escaped fragment, to read or to tick.

A heading folds and counts what stands below it; in the list to tick it has a box of its own for its whole branch.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import Competency, CompetencyLink, Framework
from .models.frameworks import plain

ON_A_MAP = 60


@dataclass
class Branch:
    """A competency with what stands below it; `count` of its skills (not headings)."""

    id: uuid.UUID
    code: str
    said: str
    grades: list[str]
    ratable: bool
    withdrawn: bool
    below: list[Branch] = field(default_factory=list)
    count: int = 0


def branches(framework: Framework, *, grade: str = "", withdrawn: bool = True) -> list[Branch]:
    """The top of the framework, in its order; with `grade` only what is for it, under its headings. One query."""
    found = framework.competencies.order_by("position").values_list(
        "pk", "code", "statement", "grades", "ratable", "withdrawn", "depth"
    )
    top = Branch(framework.pk, "", "", [], False, False)
    path = [top]
    for pk, code, statement, grades, ratable, withdrawn_here, depth in found:
        said = "" if statement == code else plain(statement)
        one = Branch(pk, code, said, grades, ratable, withdrawn_here)
        del path[depth + 1 :]
        path[-1].below.append(one)
        path.append(one)
    _prune(top, grade, withdrawn)
    return top.below


def _prune(branch: Branch, grade: str, withdrawn: bool) -> None:
    for one in branch.below:
        _prune(one, grade, withdrawn)
    branch.below = [
        one
        for one in branch.below
        if one.below or ((not grade or grade in one.grades) and (withdrawn or not one.withdrawn))
    ]
    branch.count = sum(one.count + (one.ratable and not one.withdrawn) for one in branch.below)


def grades_of(framework: Framework) -> list[str]:
    found = framework.competencies.values_list("grades", flat=True)
    grades = {grade for several in found for grade in several}
    # Kindergarten and what comes before it have letters and stand first.
    return sorted(grades, key=lambda grade: (grade.isdigit(), grade))


def skills_below(framework: Framework, chosen: Collection[uuid.UUID], *, grade: str = "") -> list[Competency]:
    """The skills among `chosen`, and those (for `grade`) of the branches whose heading is, in the framework's order.
    One query."""
    return [one for one in _standing_below(framework, chosen, grade) if one.ratable]


def on_a_map(framework: Framework, chosen: Collection[uuid.UUID]) -> list[Competency]:
    """As `skills_below`, and the headings that are linked with something there. Two queries."""
    below = _standing_below(framework, chosen)
    inside = {one.pk for one in below}
    precedes = framework.links.filter(link_kind=CompetencyLink.Kind.PRECEDES).values_list("origin", "destination")
    linked = {end for pair in precedes if inside.issuperset(pair) for end in pair}
    return [one for one in below if one.ratable or one.pk in linked]


def _standing_below(framework: Framework, chosen: Collection[uuid.UUID], grade: str = "") -> list[Competency]:
    taken, below = [], -1
    for one in framework.competencies.standing().defer("source").order_by("position"):
        if one.depth <= below:
            below = -1
        if below < 0 and one.pk in chosen and not one.ratable:
            below = one.depth
        inside = below >= 0 and (not grade or grade in one.grades)
        if inside or one.pk in chosen:
            taken.append(one)
    return taken


def to_read(top: Sequence[Branch], *, map_url: str, opened: bool = False) -> SafeString:
    """A list of links. `map_url` leads to the map; a branch is named as `?branch=`."""
    return mark_safe(_Reading(map_url, opened).items(top, 0))  # noqa: S308 - every word was escaped on the way in


def to_tick(
    top: Sequence[Branch], *, expected: Mapping[uuid.UUID, str], here: Collection[uuid.UUID], opened: bool = False
) -> SafeString:
    """A list of boxes named `competency`. `expected`: the unit's title of those the class has; `here`: in this one."""
    return mark_safe(_Ticking(expected, here, opened).items(top, 0))  # noqa: S308 - as above


class _Reading:
    def __init__(self, map_url: str, opened: bool) -> None:
        self.map_url, self.opened = escape(map_url), opened
        self.map, self.withdrawn, self.about = escape(_("Map")), escape(_("withdrawn")), escape(_("About this heading"))

    def items(self, several: Sequence[Branch], depth: int) -> str:
        kind = ' class="tree"' if depth == 0 else ""
        return f"<ul{kind}>{''.join(self.item(one, depth) for one in several)}</ul>"

    def item(self, one: Branch, depth: int) -> str:
        return self.heading(one, depth) if one.below else f"<li>{self.skill(one)}</li>"

    def heading(self, one: Branch, depth: int) -> str:
        opened = " open" if self.opened or depth == 0 else ""
        return (
            f"<li><details{opened}><summary>{self.words(one)} "
            f'<span class="count">{one.count}</span></summary>{self.tools(one)}'
            f"{self.items(one.below, depth + 1)}</details></li>"
        )

    def words(self, one: Branch) -> str:
        code = f"<b>{escape(one.code)}</b> " if one.code else ""
        gone = f' <span class="chip plain">{self.withdrawn}</span>' if one.withdrawn else ""
        return f"<span>{code}{escape(one.said)}{gone}</span>"

    def tools(self, one: Branch) -> str:
        name = f'<span class="visually-hidden">: {escape(one.code or one.said)}</span>'
        to_map = f' · <a href="{self.map_url}?branch={one.id}">{self.map}{name}</a>' if one.count <= ON_A_MAP else ""
        return f'<p class="why"><a href="/profiles/competencies/{one.id}/">{self.about}{name}</a>{to_map}</p>'

    def skill(self, one: Branch) -> str:
        return f'<a href="/profiles/competencies/{one.id}/">{self.words(one)}</a>'


class _Ticking(_Reading):
    def __init__(self, expected: Mapping[uuid.UUID, str], here: Collection[uuid.UUID], opened: bool) -> None:
        super().__init__("", opened)
        self.expected, self.here = expected, here

    def tools(self, one: Branch) -> str:
        words = escape(
            ngettext("The one skill of this branch", "All %(n)s of this branch", one.count) % {"n": one.count}
        )
        name = f'<span class="visually-hidden">: {escape(one.code or one.said)}</span>'
        return (
            f'<p><label class="tick whole"><input class="form-check-input" type="checkbox" name="competency" '
            f'value="{one.id}" data-branch><span>{words}{name}</span></label></p>'
        )

    def skill(self, one: Branch) -> str:
        if one.withdrawn or not one.ratable:
            return self.words(one)
        state = " checked disabled" if one.id in self.here else ""
        title = "" if one.id in self.here else self.expected.get(one.id, "")
        unit = f' <span class="chip plain">{escape(title)}</span>' if title else ""
        return (
            f'<label class="tick"><input class="form-check-input" type="checkbox" name="competency" '
            f'value="{one.id}"{state}>{self.words(one)}{unit}</label>'
        )
