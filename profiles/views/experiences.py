"""Units to choose from, a school's and a student's own."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .. import permissions
from ..mastery import State
from ..models import Competency, Enrollment, Estimate, Experience, Learner, LearningPlan, Org, PlanItem, StudentProposal
from ..plan_forms import CreditsForm, ExperienceForm, OwnUnitForm, ReplyForm
from ..requests import PersonRequest
from ..suggestions import audience, worded
from .learner_path import plan_of
from .learners import learner_of

TAKEN = Q(items__state__in=PlanItem.OPEN) & ~Q(items__plan__state__in=LearningPlan.OVER)


@dataclass(frozen=True)
class Unit:
    """A unit as a page shows it: to what it leads, what is still missing first, how many places are left."""

    experience: Experience
    outcomes: list[str]
    missing: list[str]
    places: int | None
    taken: bool = False

    @property
    def is_open(self) -> bool:
        return not self.missing and not self.taken and self.places != 0


def _units(school: Org, *, why: str = "", met: set[uuid.UUID] | None = None, mine: set[uuid.UUID] | None = None) -> Any:
    """The school's units; with `met`, what one student still needs first. Three statements."""
    whose, language = audience(why) if why else "", get_language() or "en"
    found = (
        Experience.objects.filter(school=school, closed=False)
        .annotate(busy=Count("items", filter=TAKEN))
        .prefetch_related("outcomes", "needs")
    )
    return [
        Unit(
            one,
            [worded(to, whose, language) for to in one.outcomes.all()],
            [worded(need, whose, language) for need in one.needs.all() if met is None or need.pk not in met],
            None if one.capacity is None else max(0, one.capacity - one.busy),
            taken=one.pk in (mine or set()),
        )
        for one in found
    ]


def _school(request: PersonRequest, school: uuid.UUID) -> Org:
    return get_object_or_404(Org.objects.schools().visible_to(request.user), pk=school)


def _skills_of(school: Org) -> Any:
    """What the school's classes work towards."""
    return Competency.objects.standing().filter(expectations__section__school=school).distinct()


def _catalogue(
    request: PersonRequest, school: Org, *, add: ExperienceForm | None = None, status: int = 200
) -> HttpResponse:
    may_offer = permissions.can_offer_units(request.user, school)
    form = add or ExperienceForm(skills=_skills_of(school), button=_("Offer this unit"))
    leads = permissions.leads(request.user, school)
    context = {
        "school": school,
        "units": _units(school),
        "add": form if may_offer else None,
        "credits": CreditsForm(initial={"credits": school.graduation_credits}) if leads else None,
        "may_offer": may_offer,
    }
    return render(request, "profiles/experience_list.html", context, status=status)


@require_GET
def experience_list(request: PersonRequest, school: uuid.UUID) -> HttpResponse:
    return _catalogue(request, _school(request, school))


@require_POST
def experience_offer(request: PersonRequest, school: uuid.UUID) -> HttpResponse:
    shown = _school(request, school)
    if not permissions.can_offer_units(request.user, shown):
        raise PermissionDenied(_("Teachers, advisors, counselors and leaders of the school offer units."))
    form = ExperienceForm(request.POST, skills=_skills_of(shown), button=_("Offer this unit"))
    if not form.is_valid():
        return _catalogue(request, shown, add=form, status=422)
    made = Experience.offer(shown, by=request.user, **form.said())
    messages.success(request, _("%(title)s can be chosen now.") % {"title": made})
    return redirect("profiles:experience_list", shown.pk)


@require_POST
def experience_close(request: PersonRequest, school: uuid.UUID, experience: uuid.UUID) -> HttpResponse:
    shown = _school(request, school)
    closed = get_object_or_404(Experience.objects.filter(school=shown), pk=experience)
    if not permissions.can_offer_units(request.user, shown):
        raise PermissionDenied(_("Teachers, advisors, counselors and leaders of the school offer units."))
    closed.school = shown
    closed.close(by=request.user)
    return redirect("profiles:experience_list", shown.pk)


@require_POST
def credits_require(request: PersonRequest, school: uuid.UUID) -> HttpResponse:
    shown = _school(request, school)
    if not permissions.leads(request.user, shown):
        raise PermissionDenied(_("Leaders of the school say how many credits a student needs."))
    form = CreditsForm(request.POST)
    if form.is_valid():
        shown.require_credits(form.cleaned_data["credits"], by=request.user)
    return redirect("profiles:experience_list", shown.pk)


def _met(learner: Learner) -> set[uuid.UUID]:
    shown = Q(state__gte=State.SECURE) | Q(banked__gte=State.SECURE)
    return set(Estimate.objects.filter(shown, learner=learner).values_list("competency", flat=True))


@require_GET
def learner_experience_list(request: PersonRequest, learner: uuid.UUID) -> HttpResponse:
    """The school's units as they stand for one student."""
    shown = learner_of(request, learner)
    plan = plan_of(shown)
    mine = set(plan.items.filter(state__in=PlanItem.OPEN).values_list("experience", flat=True)) if plan else set()
    context = {
        "learner": shown,
        "units": _units(shown.home, why=shown.why, met=_met(shown), mine=mine),
        "may_enrol": permissions.can_plan(shown) and plan is not None,
        "has_plan": plan is not None,
    }
    return render(request, "profiles/learner_experience_list.html", context)


@require_POST
def learner_experience_enrol(request: PersonRequest, learner: uuid.UUID, experience: uuid.UUID) -> HttpResponse:
    shown = learner_of(request, learner)
    unit = get_object_or_404(Experience.objects.filter(school=shown.home_id), pk=experience)
    if not permissions.can_plan(shown):
        raise PermissionDenied(_("The student and who teaches or advises them write this plan."))
    plan = plan_of(shown)
    missing = set(unit.needs.values_list("pk", flat=True)) - _met(shown)
    if plan is None or missing:
        text = _("Something is needed first.") if missing else _("Begin a plan first: the unit goes into it.")
        messages.error(request, text)
        return redirect("profiles:learner_experience_list", shown.pk)
    plan.learner, unit.school = shown, shown.home
    origin = PlanItem.Origin.STUDENT if permissions.can_choose(shown) else PlanItem.Origin.ADVISOR
    try:
        unit.enrol(plan, by=request.user, mentor=request.POST.get("mentor", "").strip()[:120], origin=origin)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return redirect("profiles:learner_experience_list", shown.pk)
    messages.success(request, _("It is in the plan."))
    return redirect("profiles:learner_plan", shown.pk)


def _own_skills(learner: Learner) -> Any:
    """What the student's classes work towards."""
    mine = Enrollment.objects.current().students().filter(person=learner.pk).values("section")
    return Competency.objects.standing().filter(expectations__section__in=mine).distinct()


def _choosing(request: PersonRequest, learner: uuid.UUID) -> Learner:
    shown = learner_of(request, learner)
    if not permissions.can_choose(shown):
        raise PermissionDenied(_("The student writes this."))
    return shown


@require_http_methods(["GET", "POST"])
def learner_unit_begin(request: PersonRequest, learner: uuid.UUID) -> HttpResponse:
    shown = _choosing(request, learner)
    form = OwnUnitForm(
        request.POST or None, learner=shown, skills=_own_skills(shown), button=_("Keep as a draft"), primary=True
    )
    if form.is_valid():
        made = StudentProposal.write(shown, by=request.user, **form.said())
        return redirect("profiles:learner_unit_write", shown.pk, made.pk)
    context = {"learner": shown, "form": form}
    return render(request, "profiles/learner_unit_write.html", context, status=422 if form.is_bound else 200)


def _unit(learner: Learner, pk: uuid.UUID) -> StudentProposal:
    found = get_object_or_404(StudentProposal.objects.select_related("adult"), learner=learner, pk=pk)
    found.learner = learner
    return found


@require_http_methods(["GET", "POST"])
def learner_unit_write(request: PersonRequest, learner: uuid.UUID, unit: uuid.UUID) -> HttpResponse:
    """The unit; the student changes it while it is a draft, the adult who is asked answers it."""
    shown = learner_of(request, learner)
    own = _unit(shown, unit)
    written = own.state in StudentProposal.WRITTEN and permissions.can_choose(shown)
    if request.method == "POST" and not permissions.can_choose(shown):
        raise PermissionDenied(_("The student writes this."))
    form = None
    if written:
        form = OwnUnitForm(
            request.POST or None, instance=own, learner=shown, skills=_own_skills(shown), button=_("Keep as a draft")
        )
        if form.is_valid():
            try:
                StudentProposal.write(shown, by=request.user, unit=_unit(shown, unit), **form.said())
            except ValidationError as problem:
                messages.error(request, " ".join(problem.messages))
            return redirect("profiles:learner_unit_write", shown.pk, own.pk)
    elif request.method == "POST":
        messages.error(
            request, _("This unit cannot be changed now: it is “%(state)s”.") % {"state": own.get_state_display()}
        )
        return redirect("profiles:learner_unit_write", shown.pk, own.pk)
    whose, language = audience(shown.why), get_language() or "en"
    context = {
        "learner": shown,
        "unit": own,
        "outcomes": [worded(one, whose, language) for one in own.outcomes.all()],
        "form": form,
        "may_submit": written,
        "may_reply": own.state == own.State.SUBMITTED and permissions.can_reply(request.user, shown, own),
        "answers": ReplyForm.base_fields["state"].choices,  # type: ignore[attr-defined]
    }
    return render(request, "profiles/learner_unit_write.html", context, status=422 if form and form.is_bound else 200)


@require_POST
def learner_unit_submit(request: PersonRequest, learner: uuid.UUID, unit: uuid.UUID) -> HttpResponse:
    shown = _choosing(request, learner)
    own = _unit(shown, unit)
    try:
        own.submit(by=request.user)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect("profiles:learner_unit_write", shown.pk, own.pk)


@require_POST
def learner_unit_reply(request: PersonRequest, learner: uuid.UUID, unit: uuid.UUID) -> HttpResponse:
    shown = learner_of(request, learner)
    own = _unit(shown, unit)
    if not permissions.can_reply(request.user, shown, own):
        raise PermissionDenied(_("The adult who was asked answers this."))
    form = ReplyForm(request.POST)
    if form.is_valid():
        try:
            own.reply(form.cleaned_data["state"], form.cleaned_data["words"], by=request.user)
        except ValidationError as problem:
            messages.error(request, " ".join(problem.messages))
            return redirect("profiles:learner_unit_write", shown.pk, own.pk)
    return redirect("profiles:proposal_list")
