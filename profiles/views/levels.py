"""How levels are worked out at a school or in the district, and trying another rule before anything changes."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from .. import levels, permissions
from ..forms_rules import RuleForm
from ..mastery import PRESET, Policy
from ..models import Change, Competency, Enrollment, Learner, Level, MasteryPolicy, Org, Person, RuleTrial, Section
from ..requests import PersonRequest
from ..rule_trial import SAMPLES
from ..rule_words import RuleInWords
from ..tasks import try_rule, work_out_levels

FEWEST = 10
"""No total of fewer people for those who may not see the people themselves (trust 17)."""
NAMES_A_CLASS = 5


@require_GET
def levels_detail(request: PersonRequest, org: uuid.UUID) -> HttpResponse:
    shown = org_of_staff(request, org)
    return _levels_page(request, shown)


@require_POST
def levels_try(request: PersonRequest, org: uuid.UUID) -> HttpResponse:
    shown = org_led(request, org)
    form = RuleForm(request.POST, org=shown, by=request.user)
    if not form.is_valid():
        return _levels_page(request, shown, form=form, status=422)
    trial = form.save()
    try_rule.enqueue(str(trial.pk))
    return redirect("profiles:rule_trial", shown.pk, trial.pk)


@require_POST
def rule_end(request: PersonRequest, org: uuid.UUID, policy: int) -> HttpResponse:
    shown = org_led(request, org)
    ended = get_object_or_404(MasteryPolicy.objects.select_related("org"), pk=policy, org=shown)
    ended.end(by=request.user)
    _work_out(request, ended)
    return redirect("profiles:levels_detail", shown.pk)


@require_GET
def rule_trial(request: PersonRequest, org: uuid.UUID, trial: uuid.UUID) -> HttpResponse:
    shown = org_led(request, org)
    tried = get_object_or_404(RuleTrial.objects.select_related("competency"), pk=trial, org=shown)
    context = {"org": shown, "trial": tried, "rule": RuleInWords.of(tried.tried)}
    if tried.result:
        context |= _found(tried, request.user)
    return render(request, "profiles/rule_trial.html", context)


@require_POST
def rule_choose(request: PersonRequest, org: uuid.UUID, trial: uuid.UUID) -> HttpResponse:
    shown = org_led(request, org)
    tried = get_object_or_404(RuleTrial.objects.select_related("competency"), pk=trial, org=shown)
    chosen = MasteryPolicy.choose(shown, tried.tried, by=request.user, competency=tried.competency)
    _work_out(request, chosen)
    return redirect("profiles:levels_detail", shown.pk)


def _work_out(request: PersonRequest, policy: MasteryPolicy) -> None:
    work_out_levels.enqueue(str(policy.org_id), str(policy.competency_id or ""), str(request.user.pk))
    messages.success(request, _("Levels are being worked out anew. What was shown and kept stays."))


def org_of_staff(request: PersonRequest, org: uuid.UUID) -> Org:
    """A school or the district, for those who work there."""
    kinds = (Org.Kind.DISTRICT, Org.Kind.SCHOOL)
    shown = get_object_or_404(Org.objects.visible_to(request.user).filter(org_kind__in=kinds), pk=org)
    if not (request.user.leads_district or shown.pk in request.user.staff_school_ids):
        raise PermissionDenied(_("This page is for people who work at the school."))
    return shown


def org_led(request: PersonRequest, org: uuid.UUID) -> Org:
    shown = org_of_staff(request, org)
    if not permissions.can_shape_frameworks(request.user, shown):
        raise PermissionDenied(_("Leaders of the school or of the district decide how levels are worked out."))
    return shown


def _levels_page(request: PersonRequest, org: Org, *, form: RuleForm | None = None, status: int = 200) -> HttpResponse:
    general, single = levels.in_force(org)
    rule = general.rule if general else PRESET
    may_shape = permissions.can_shape_frameworks(request.user, org)
    context = {
        "org": org,
        "general": general,
        "rule": RuleInWords.of(rule),
        "single": [(one, RuleInWords.of(one.rule), one.org_id == org.pk) for one in single],
        "may_shape": may_shape,
        "form": (form or RuleForm(org=org, by=request.user, rule=rule)) if may_shape else None,
        "working": levels.being_worked_out(org),
        "changes": _changes(org) if may_shape else [],
    }
    return render(request, "profiles/levels_detail.html", context, status=status)


def _changes(org: Org) -> list[dict[str, Any]]:
    """The last ten times the rule changed."""
    found = Change.objects.filter(stream=org.stream, verb__in=("rule_chosen", "rule_ended")).select_related("actor")
    return [
        {"at": one.at, "by": one.actor, "rule": RuleInWords.of(Policy(**_rule_in(one.after))) if one.after else None}
        for one in found.order_by("-version", "-n")[:10]
    ]


def _rule_in(said: dict[str, Any]) -> dict[str, Any]:
    return {name: said[name] for name in MasteryPolicy.RULE}


# What a trial found, for whoever reads


@dataclass
class ClassMoves:
    """Students of one class whose level would move: how many levels, and some of them by name."""

    title: str
    moves: int = 0
    names: list[str] = field(default_factory=list)

    @property
    def more(self) -> int:
        return max(0, self.moves - len(self.names))


def _found(trial: RuleTrial, reader: Person) -> dict[str, Any]:
    result: dict[str, Any] = trial.result or {}
    if "sample" in result:
        rows = [
            (RuleInWords.of(Policy(**one["rule"])).name, [Level(state) for state in one["states"]])
            for one in result["sample"]
        ]
        return {"samples": rows, "sample_heads": [" ".join(map(str, levels)) for levels in SAMPLES]}
    seen = Learner.objects.visible_to(reader)
    people = {one[0] for one in [*result["moved"], *result["bad_day"]]}
    names = {str(one.pk): str(one) for one in seen.filter(pk__in=people).with_person()}
    hidden = reader.leads_district and not names
    shown = _fewest if hidden else int
    return {
        "looked_at": result["looked_at"],
        "of": result["of"],
        "rules": [
            {
                **{name: shown(n) for name, n in row.items() if isinstance(n, int)},
                "role": row["role"],
                "name": RuleInWords.of(Policy(**row["rule"])).name if row["rule"] else "",
            }
            for row in result["rules"]
        ],
        "moves": [(Level(before), Level(after), shown(n)) for before, after, n in result["moves"]],
        "classes": _by_class(result["moved"], names, reader, moved=True),
        "bad_day": _by_class(result["bad_day"], names, reader, moved=False),
        "hidden": hidden,
    }


def _fewest(n: int) -> str:
    return str(n) if n == 0 or n >= FEWEST else _("fewer than 10")


def _by_class(examples: list[list[Any]], names: dict[str, str], reader: Person, *, moved: bool) -> list[ClassMoves]:
    """Only students and classes the reader may see; a student in several counts where the skill is worked on."""
    mine = [one for one in examples if one[0] in names]
    codes = {str(one.pk): str(one) for one in Competency.objects.filter(pk__in={one[1] for one in mine})}
    places: dict[str, list[tuple[uuid.UUID, str]]] = defaultdict(list)
    learning = Enrollment.objects.current().students().filter(person__in={one[0] for one in mine})
    for person, section, title in learning.filter(section__in=Section.objects.visible_to(reader)).values_list(
        "person", "section", "section__title"
    ):
        places[str(person)].append((section, title))
    expected = set(
        Section.objects.filter(pk__in={one[0] for all_of in places.values() for one in all_of}).values_list(
            "pk", "expectations__competency"
        )
    )
    found: dict[str, ClassMoves] = {}
    for learner, competency, *states in mine:
        there = [title for section, title in places[learner] if (section, uuid.UUID(competency)) in expected]
        title = min(there, default=_("In no class that works on it"))
        one = found.setdefault(title, ClassMoves(title))
        one.moves += 1
        if len(one.names) < NAMES_A_CLASS:
            said = {"name": names[learner], "skill": codes.get(competency, "")}
            if moved:
                said |= {"before": str(Level(states[0]).label), "after": str(Level(states[1]).label)}
                one.names.append(_("%(name)s, %(skill)s: %(before)s → %(after)s") % said)
            else:
                one.names.append(_("%(name)s, %(skill)s") % said)
    return sorted(found.values(), key=lambda one: (-one.moves, one.title))
