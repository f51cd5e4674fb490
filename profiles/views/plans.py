"""A student's plan: what the classes expect of everyone beside what the student set out to do, and how it goes."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import OuterRef, Subquery, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .. import permissions, suggestions
from ..mastery import State
from ..models import (
    Absence,
    Credit,
    DroppedExpectation,
    Enrollment,
    Estimate,
    Expectation,
    Learner,
    LearningPlan,
    Level,
    Modality,
    PlanItem,
    PlanProposal,
    SchoolDays,
    Section,
    StudentProposal,
    Why,
)
from ..pace import Pace, Standing, pace
from ..plan_forms import ItemForm, PlanForm, ReasonForm, StateForm
from ..requests import PersonRequest
from ..suggestions import Suggestion, audience, worded
from .learner_path import path_for
from .learners import learner_of
from .proposals import acts

RINGS = {Level.UNKNOWN: "u", Level.EMERGING: "e", Level.DEVELOPING: "d", Level.SECURE: "s", Level.EXTENDING: "x"}


@dataclass(frozen=True)
class PlanShown:
    plan: LearningPlan
    ways: list[tuple[str, SafeString]]
    """By modality, each with its ready-made lines: forty of them are forty templates' work otherwise."""
    moves: list[tuple[str, str]]
    screen_minutes: int
    minutes: int
    warnings: list[str]


@dataclass(frozen=True)
class Expected:
    """One competency that a class works towards, for one student."""

    expectation: Expectation
    words: str
    level: str
    ring: str
    kept: bool
    dropped: str
    """Why it is not expected of this student; empty where it is."""


@dataclass
class ClassShown:
    """What one class expects of everyone, and how far this student is."""

    section: Section
    rows: list[Expected] = field(default_factory=list)
    lines: str = ""
    kept: int = 0
    expected: int = 0
    pace: Pace | None = None
    through_on: dt.date | None = None
    credit: Credit | None = None

    @property
    def needs_time(self) -> bool:
        return self.pace is not None and self.pace.standing == Standing.NEEDS_TIME

    @property
    def is_ahead(self) -> bool:
        return self.pace is not None and self.pace.standing == Standing.AHEAD


def button_of(state: str) -> str:
    """What the button says that takes something in a plan to `state`."""
    return {
        PlanItem.State.TODO: _("Take it up again"),
        PlanItem.State.DOING: _("Begin"),
        PlanItem.State.SUBMITTED: _("Hand it in"),
        PlanItem.State.RETURNED: _("Hand it back"),
        PlanItem.State.DONE: _("It is done"),
        PlanItem.State.EXEMPT: _("It is not needed"),
        PlanItem.State.PARKED: _("Set it aside"),
    }[PlanItem.State(state)]


def plan_button_of(state: str) -> str:
    return {
        LearningPlan.State.DRAFT: _("Back to draft"),
        LearningPlan.State.STUDENT_READY: _("It is ready: sign it"),
        LearningPlan.State.IN_REVIEW: _("I am reading it"),
        LearningPlan.State.ACTIVE: _("Yes, begin"),
        LearningPlan.State.COMPLETE: _("It is complete"),
        LearningPlan.State.ARCHIVED: _("Put it away"),
    }[LearningPlan.State(state)]


def plan_shown(learner: Learner, plan: LearningPlan) -> PlanShown:
    """`plan` with its items read."""
    ways: dict[str, list[SafeString]] = defaultdict(list)
    screen = minutes = 0
    words = _Words(learner)
    for item in plan.items.all():
        ways[item.modality].append(words.line(item))
        if item.state in PlanItem.OPEN:
            screen += item.screen_minutes
            minutes += item.minutes or 0
    return PlanShown(
        plan,
        [
            (str(way.label), format_html_join("", "{}", zip(ways[way.value], strict=True)))
            for way in Modality
            if way.value in ways
        ],
        [(state, plan_button_of(state)) for state in permissions.plan_moves(learner, plan)],
        screen,
        minutes,
        plan.warnings(),
    )


class _Words:
    """The lines of a plan; what all of them say is looked up once."""

    LINE = (
        '<li><span class="name stack tight"><a href="{href}">{text}</a>'
        '<span class="quiet details">{details}</span></span>'
        '<span class="chip plain">{state}</span>{button}</li>'
    )
    BUTTON = (
        '<button class="btn btn-sm" formaction="{href}move/" name="state" value="{move}">{words}'
        '<span class="visually-hidden">: {text}</span></button>'
    )

    def __init__(self, learner: Learner) -> None:
        self.learner = learner
        self.states = {one.value: str(one.label) for one in PlanItem.State}
        self.origins = {one.value: str(one.label) for one in PlanItem.Origin}
        self.paces = {one.value: str(one.label) for one in PlanItem.Pace}
        self.buttons = {state: button_of(state) for state in PlanItem.State.values}
        nobody = uuid.UUID(int=0)
        self.href = reverse("profiles:learner_item_write", args=[learner.pk, nobody]).replace(str(nobody), "{}")

    def line(self, item: PlanItem) -> SafeString:
        n, at = item.minutes or 0, item.screen_minutes
        said = [
            self.origins[item.origin],
            item.block,
            item.place,
            item.with_whom,
            self.paces.get(item.pace, ""),
            ngettext("%(n)s minute a week", "%(n)s minutes a week", n) % {"n": n} if n else "",
            ngettext("%(n)s at a screen", "%(n)s at a screen", at) % {"n": at} if at else "",
            item.reason,
        ]
        aside = (PlanItem.State.PARKED, PlanItem.State.EXEMPT)
        move = next((one for one in permissions.item_moves(self.learner, item) if one not in aside), "")
        href = self.href.format(item.pk)
        button = (
            format_html(self.BUTTON, href=href, move=str(move), words=self.buttons[move], text=item.text)
            if move
            else ""
        )
        return format_html(
            self.LINE,
            href=href,
            text=item.text,
            details=" · ".join(filter(None, said)),
            state=self.states[item.state],
            button=button,
        )


def classes_of(learner: Learner, posted: list[Credit]) -> list[ClassShown]:
    """What the student's classes expect, with pace where a class has its days. Four statements."""
    today = learner.home.today()
    mine = Enrollment.objects.current().students().filter(person=learner.pk).values("section")
    now = Estimate.objects.filter(learner=learner, competency=OuterRef("competency"))
    dropped = DroppedExpectation.objects.filter(
        learner=learner, section=OuterRef("section"), competency=OuterRef("competency")
    )
    found = (
        Expectation.objects.filter(section__in=Section.objects.current().filter(pk__in=mine))
        .select_related("competency", "section")
        .only(
            *("competency__short", "competency__statement", "competency__student_wording"),
            *("competency__family_wording", "section__title", "section__begins", "section__ends", "section__course"),
        )
        .annotate(
            state=Subquery(now.values("state")),
            banked=Subquery(now.values("banked")),
            banked_on=Subquery(now.values("banked_on")),
            reason=Subquery(dropped.values("reason")),
        )
        .order_by("section__title", "section", "unit__position", "position")
    )
    whose, language = audience(learner.why), get_language() or "en"
    classes: dict[uuid.UUID, ClassShown] = {}
    before: dict[uuid.UUID, int] = defaultdict(int)
    for one in found:
        shown = classes.setdefault(one.section_id, ClassShown(one.section))
        level = Level(max(one.state or 0, one.banked or 0))
        kept = (one.banked or 0) >= State.SECURE
        words = worded(one.competency, whose, language)
        label = _("shown and kept") if kept else str(level.label)
        shown.rows.append(Expected(one, words, label, RINGS[level], kept, one.reason or ""))
        if not one.reason:
            shown.expected += 1
            shown.kept += kept
            begins = one.section.begins
            before[one.section_id] += bool(kept and begins and one.banked_on and one.banked_on < begins)
    if any(one.section.begins and one.section.ends for one in classes.values()):
        _set_paces(learner, classes, before, today)
    for credit in posted:
        for of_class in classes.values():
            if of_class.section.course_id == credit.course_id:
                of_class.credit = credit
    return list(classes.values())


EXPECTED = (
    '<li><span class="lv {ring}" aria-hidden="true"></span><span class="stack tight grow"><span>{words}</span>'
    '<span class="quiet">{level}</span></span>{change}</li>'
)
CHANGE = '<a class="btn btn-sm btn-quiet" href="{href}">{label}<span class="visually-hidden">: {words}</span></a>'


def _expected_lines(learner: Learner, shown: ClassShown, may_drop: bool) -> SafeString:
    """The lines of what a class expects, ready-made."""
    href = reverse("profiles:learner_expectation_drop", args=[learner.pk, 0]).replace("/0/", "/{}/")
    label, lines = _("Change"), []
    for row in shown.rows:
        to = href.format(row.expectation.pk)
        change = format_html(CHANGE, href=to, label=label, words=row.words) if may_drop and not row.kept else ""
        level = _("Not expected: %(why)s") % {"why": row.dropped} if row.dropped else row.level
        lines.append(format_html(EXPECTED, ring=row.ring, words=row.words, level=level, change=change))
    return format_html_join("", "{}", zip(lines, strict=True))


def _set_paces(
    learner: Learner, classes: dict[uuid.UUID, ClassShown], before: dict[uuid.UUID, int], today: dt.date
) -> None:
    days = SchoolDays(learner.home)
    away = list(Absence.objects.filter(learner=learner).values_list("day", flat=True))
    for key, one in classes.items():
        begins, ends = one.section.begins, one.section.ends
        if begins is None or ends is None:
            continue
        eve, last = begins - dt.timedelta(days=1), ends - dt.timedelta(days=1)
        one.pace = pace(
            done=one.kept,
            target=one.expected,
            base=before[key],
            passed=days.between(eve, today),
            total=days.between(eve, last),
            excused=sum(eve < day <= today and days.is_school_day(day) for day in away),
        )
        if one.pace.days:
            one.through_on = days.after(today, one.pace.days)


def plan_page(
    request: PersonRequest,
    learner: Learner,
    *,
    begin: PlanForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; a form that was not valid comes back on it with what was typed."""
    plans = list(learner.plans.all())
    standing = [one for one in plans if one.state not in LearningPlan.OVER]
    prefetch_related_objects(standing, "items")
    standing.sort(key=lambda one: one.state != LearningPlan.State.ACTIVE)
    for one in standing:
        one.learner = learner
    may_plan, may_approve = permissions.can_plan(learner), permissions.can_approve(learner)
    goals = list(learner.goals.standing())
    posted = list(Credit.objects.filter(learner=learner).select_related("course__next_course"))
    classes = classes_of(learner, posted)
    known = {str(row.expectation.competency_id): row.words for one in classes for row in one.rows}
    for shown in classes:
        shown.lines = _expected_lines(learner, shown, may_approve)
    context = {
        "learner": learner,
        "own": learner.why == Why.SELF,
        "plans": [plan_shown(learner, one) for one in standing],
        "earlier": [one for one in plans if one.state in LearningPlan.OVER],
        "classes": classes,
        "goals": goals,
        "path": path_for(learner, request.user, known, standing[0] if standing else None),
        "suggestion": suggestion_of(learner, standing, known),
        "units": list(StudentProposal.objects.filter(learner=learner).select_related("adult")),
        "credits": credits_of(learner, posted),
        "may_plan": may_plan,
        "may_approve": may_approve,
        "may_acknowledge": permissions.can_acknowledge(learner),
        "begin": (begin or PlanForm()) if may_plan and not standing else None,
    }
    return render(request, "profiles/learner_plan.html", context, status=status)


def suggestion_of(learner: Learner, plans: list[LearningPlan], known: Mapping[str, str]) -> Suggestion | None:
    """What is suggested now; else the last one that was accepted, while it can be taken back."""
    if not plans:
        return None
    found = list(PlanProposal.objects.filter(learner=learner)[:1])
    by_id = {one.pk: one for one in plans}
    found = [one for one in found if one.plan_id in by_id and one.state in (*PlanProposal.OPEN, "applied")]
    for one in found:
        one.learner, one.plan = learner, by_id[one.plan_id]
    for shown in suggestions.read(found, learner.why, known):
        may = acts(learner, shown)
        if any(may.values()) or shown.proposal.state in PlanProposal.OPEN:
            return Suggestion(shown.proposal, shown.parts, shown.stale, may)
    return None


def credits_of(learner: Learner, posted: list[Credit]) -> dict[str, Any]:
    """Earned, and left to graduate where the school says how many are needed."""
    earned = sum((one.credits for one in posted), Decimal(0))
    needed = learner.home.graduation_credits
    return {
        "earned": earned,
        "needed": needed,
        "left": max(Decimal(0), needed - earned) if needed is not None else None,
    }


def item_form(learner: Learner, *, button: str = "", **kwargs: Any) -> ItemForm:
    rows = [row for one in classes_of(learner, []) for row in one.rows]
    skills = {str(row.expectation.competency_id): row.words for row in rows if not row.dropped}
    aims = list(learner.goals.standing())
    return ItemForm(
        *kwargs.pop("args", ()), goals=aims, skills=list(skills.items()), button=button or _("Put it in"), **kwargs
    )


@require_GET
def learner_plan(request: PersonRequest, learner: uuid.UUID) -> HttpResponse:
    return plan_page(request, learner_of(request, learner))


def _planning(request: PersonRequest, learner: uuid.UUID) -> Learner:
    shown = learner_of(request, learner)
    if not permissions.can_plan(shown):
        raise PermissionDenied(_("The student and who teaches or advises them write this plan."))
    return shown


def _plan(learner: Learner, pk: uuid.UUID) -> LearningPlan:
    plan = get_object_or_404(LearningPlan, learner=learner, pk=pk)
    plan.learner = learner
    return plan


def _item(learner: Learner, pk: uuid.UUID) -> PlanItem:
    item = get_object_or_404(PlanItem.objects.select_related("plan"), plan__learner=learner, pk=pk)
    item.plan.learner = learner
    return item


def _tell(request: PersonRequest, problem: ValidationError) -> None:
    for sentence in problem.messages:
        messages.error(request, sentence)


@require_POST
def learner_plan_begin(request: PersonRequest, learner: uuid.UUID) -> HttpResponse:
    shown = _planning(request, learner)
    form = PlanForm(request.POST)
    if not form.is_valid():
        return plan_page(request, shown, begin=form, status=422)
    form.save(shown, by=request.user)
    return redirect("profiles:learner_plan", shown.pk)


@require_POST
def learner_plan_move(request: PersonRequest, learner: uuid.UUID, plan: uuid.UUID) -> HttpResponse:
    shown = learner_of(request, learner)
    moved = _plan(shown, plan)
    form = StateForm(request.POST, moves=permissions.plan_moves(shown, moved))
    if not form.is_valid():
        raise PermissionDenied(_("The student signs the plan; the advisor, or without one a teacher, says yes to it."))
    try:
        moved.move(form.cleaned_data["state"], by=request.user)
    except ValidationError as problem:
        _tell(request, problem)
    return redirect("profiles:learner_plan", shown.pk)


@require_POST
def learner_plan_acknowledge(request: PersonRequest, learner: uuid.UUID, plan: uuid.UUID) -> HttpResponse:
    shown = learner_of(request, learner)
    if not permissions.can_acknowledge(shown):
        raise PermissionDenied(_("The family says that they have read it."))
    _plan(shown, plan).acknowledge(by=request.user)
    messages.success(request, _("Thank you: the school sees that you have read it."))
    return redirect("profiles:learner_plan", shown.pk)


@require_POST
def learner_plan_allow(request: PersonRequest, learner: uuid.UUID, plan: uuid.UUID) -> HttpResponse:
    shown = learner_of(request, learner)
    if not permissions.can_approve(shown):
        raise PermissionDenied(_("The advisor, or without one a teacher, says so."))
    _plan(shown, plan).allow_small(request.POST.get("allowed") == "yes", by=request.user)
    return redirect("profiles:learner_plan", shown.pk)


@require_http_methods(["GET", "POST"])
def learner_item_add(request: PersonRequest, learner: uuid.UUID, plan: uuid.UUID) -> HttpResponse:
    shown = _planning(request, learner)
    grown, own = _plan(shown, plan), shown.why == Why.SELF
    form = item_form(shown, args=[request.POST or None])
    if form.is_valid():
        origin = PlanItem.Origin.STUDENT if own else PlanItem.Origin.ADVISOR
        PlanItem.add(grown, by=request.user, origin=origin, **form.said())
        return redirect("profiles:learner_plan", shown.pk)
    context = {"learner": shown, "own": own, "form": form}
    return render(request, "profiles/learner_item_add.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def learner_item_write(request: PersonRequest, learner: uuid.UUID, item: uuid.UUID) -> HttpResponse:
    shown = learner_of(request, learner)
    changed = _item(shown, item)
    may_plan = permissions.can_plan(shown)
    if request.method == "POST" and not may_plan:
        raise PermissionDenied(_("The student and who teaches or advises them write this plan."))
    before = {name: getattr(changed, name) for name in ("text",)}
    form = item_form(shown, button=_("Keep"), args=[request.POST or None], instance=changed) if may_plan else None
    if form is not None and form.is_valid():
        _item(shown, item).revise(by=request.user, **form.said())
        return redirect("profiles:learner_plan", shown.pk)
    moves = permissions.item_moves(shown, changed)
    context = {
        "learner": shown,
        "item": changed,
        "title": before["text"],
        "form": form,
        "moves": [(state, button_of(state)) for state in moves if state != PlanItem.State.EXEMPT],
        "may_exempt": PlanItem.State.EXEMPT in moves,
        "may_remove": permissions.can_remove(shown, changed),
    }
    return render(request, "profiles/learner_item_write.html", context, status=422 if form and form.is_bound else 200)


@require_POST
def learner_item_move(request: PersonRequest, learner: uuid.UUID, item: uuid.UUID) -> HttpResponse:
    shown = _planning(request, learner)
    moved = _item(shown, item)
    form = StateForm(request.POST, moves=PlanItem.State.values)
    if form.is_valid():
        state = form.cleaned_data["state"]
        if state in moved.MOVES[moved.state] and state not in permissions.item_moves(shown, moved):
            raise PermissionDenied(_("An adult says that it is not needed, and what came of what was handed in."))
        try:
            moved.move(state, by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as problem:
            _tell(request, problem)
            return redirect("profiles:learner_item_write", shown.pk, moved.pk)
    return redirect("profiles:learner_plan", shown.pk)


@require_POST
def learner_item_remove(request: PersonRequest, learner: uuid.UUID, item: uuid.UUID) -> HttpResponse:
    shown = learner_of(request, learner)
    gone = _item(shown, item)
    if not permissions.can_remove(shown, gone):
        raise PermissionDenied(_("Students take out their own ideas; the rest, who says yes to the plan."))
    gone.remove(by=request.user)
    return redirect("profiles:learner_plan", shown.pk)


def _expectation(request: PersonRequest, learner: Learner, pk: int) -> Expectation:
    mine = Enrollment.objects.current().students().filter(person=learner.pk).values("section")
    found = get_object_or_404(
        Expectation.objects.filter(section__in=mine).select_related("section__school", "competency"), pk=pk
    )
    if not permissions.can_drop_expectation(request.user, learner, found.section):
        raise PermissionDenied(_("Who teaches this class, or says yes to the plan, decides what is expected."))
    return found


@require_http_methods(["GET", "POST"])
def learner_expectation_drop(request: PersonRequest, learner: uuid.UUID, expectation: int) -> HttpResponse:
    shown = learner_of(request, learner)
    dropped = _expectation(request, shown, expectation)
    if request.method == "GET":
        of_class = DroppedExpectation.objects.filter(section=dropped.section, competency=dropped.competency)
        context = {"learner": shown, "expectation": dropped, "dropped": of_class.filter(learner=shown).first()}
        return render(request, "profiles/learner_expectation_drop.html", context)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        DroppedExpectation.drop(shown, dropped.section, dropped.competency, by=request.user, reason=reason)
    except ValidationError as problem:
        _tell(request, problem)
    return redirect("profiles:learner_plan", shown.pk)


@require_POST
def learner_expectation_restore(request: PersonRequest, learner: uuid.UUID, expectation: int) -> HttpResponse:
    shown = learner_of(request, learner)
    expected = _expectation(request, shown, expectation)
    kept = DroppedExpectation.objects.filter(learner=shown, section=expected.section, competency=expected.competency)
    for dropped in kept:
        dropped.learner = shown
        dropped.take_back(by=request.user)
    return redirect("profiles:learner_plan", shown.pk)
