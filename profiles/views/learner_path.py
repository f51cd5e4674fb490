"""Next steps: offered with their reasons, taken, put off, swapped, asked about; and how a student likes them chosen."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from .. import paths, permissions, reasons
from ..models import (
    Competency,
    Enrollment,
    Experience,
    Learner,
    LearningPlan,
    Modality,
    NextStep,
    Person,
    PlanItem,
    PlanProposal,
    Section,
    StepAnswer,
)
from ..plan_forms import WAYS_IN_EVERY_CLASS, AskForm, Choices, NotNowForm, SlidersForm, WayForm
from ..requests import PersonRequest
from ..suggestions import audience, worded, wordings
from ..tasks import renew
from .learners import learner_of

RULED_OUT_SHOWN = 12


@dataclass(frozen=True)
class Offered:
    """One next step as the card shows it."""

    competency: uuid.UUID
    words: str
    why: list[str]
    numbers: list[str]
    score: str


def path_for(
    learner: Learner, reader: Person, known: Mapping[str, str] | None = None, plan: LearningPlan | None = None
) -> dict[str, Any]:
    """What `profiles/learner_path.html` shows as `path`. Two statements, or one where the words are `known`.

    `plan` is where an own idea goes; without one the page of the plan is where it begins.
    """
    steps = list(NextStep.objects.filter(learner=learner))
    out = steps[0].ruled_out[:RULED_OUT_SHOWN] if steps else []
    named = {str(step.competency_id) for step in steps} | {one["competency"] for one in out}
    named |= {need for one in out for need in one["by"]}
    for step in steps:
        named |= reasons.named_by(step.reasons)
    words = wordings(named, learner.why, known)
    may_choose = permissions.can_choose(learner)
    return {
        "learner": learner,
        "steps": [
            Offered(
                step.competency_id,
                words.get(str(step.competency_id), ""),
                [reasons.sentence(one, words) for one in step.reasons],
                [reasons.number(one) for one in step.reasons],
                formats.number_format(round(step.score, 2), 2),
            )
            for step in steps
        ],
        "ruled_out": [
            (words[one["competency"]], reasons.ruled_out(one, words)) for one in out if one["competency"] in words
        ],
        "more_ruled_out": max(0, len(steps[0].ruled_out) - len(out)) if steps else 0,
        "may_choose": may_choose,
        "may_plan": permissions.can_plan(learner),
        "own_idea": reverse("profiles:learner_item_add", args=[learner.pk, plan.pk])
        if plan
        else reverse("profiles:learner_plan", args=[learner.pk]),
    }


def _choosing(request: PersonRequest, learner: uuid.UUID) -> Learner:
    shown = learner_of(request, learner)
    if not permissions.can_choose(shown):
        raise PermissionDenied(_("The student answers the next steps."))
    return shown


def _step(learner: Learner, competency: uuid.UUID) -> Competency:
    offered = NextStep.objects.filter(learner=learner).values("competency")
    return get_object_or_404(Competency.objects.filter(pk__in=offered), pk=competency)


def ways(learner: Learner, competency: Competency) -> Choices:
    """What every class has, and what units of the school that lead there add."""
    units = Experience.objects.filter(school=learner.home_id, closed=False, outcomes=competency)
    there = {*WAYS_IN_EVERY_CLASS, *units.values_list("modality", flat=True)}
    return [(way.value, way.label) for way in Modality if way in there]


def blocks(learner: Learner) -> Choices:
    """When this week: in one of one's classes today, or at home."""
    mine = Enrollment.objects.current().students().filter(person=learner.pk).values("section")
    found = []
    for section in Section.objects.current().filter(pk__in=mine).order_by("periods", "title"):
        when = f"{section.title} ({section.periods})" if section.periods else section.title
        found.append((when[:60], when))
    return [*found, (_("At home"), _("At home"))]


@require_http_methods(["GET", "POST"])
def learner_step_take(request: PersonRequest, learner: uuid.UUID, competency: uuid.UUID) -> HttpResponse:
    shown = _choosing(request, learner)
    step = _step(shown, competency)
    form = WayForm(request.POST or None, ways=ways(shown, step), blocks=blocks(shown))
    words = worded(step, audience(shown.why), get_language() or "en")
    if form.is_valid():
        plan = plan_of(shown) or LearningPlan.begin(shown, _("My plan"), by=request.user)
        plan.learner = shown
        with shown.change(by=request.user):
            PlanItem.add(
                plan,
                by=request.user,
                aim=PlanItem.Aim.COMPETENCY,
                competency=step,
                text=words[:300],
                origin=PlanItem.Origin.PLANNER,
                **form.cleaned_data,
            )
            StepAnswer.say(shown, step, StepAnswer.Answer.TAKEN, by=request.user)
        paths.renew_steps([shown.pk])
        messages.success(request, _("It is in your plan."))
        return redirect("profiles:learner_plan", shown.pk)
    context = {"learner": shown, "words": words, "form": form, "own": True}
    return render(request, "profiles/learner_step_take.html", context, status=422 if form.is_bound else 200)


def plan_of(learner: Learner) -> LearningPlan | None:
    """The plan under way, else the newest that is being made."""
    plans = learner.plans.exclude(state__in=LearningPlan.OVER)
    return plans.filter(state=LearningPlan.State.ACTIVE).first() or plans.first()


@require_http_methods(["GET", "POST"])
def learner_step_put_off(request: PersonRequest, learner: uuid.UUID, competency: uuid.UUID) -> HttpResponse:
    shown = _choosing(request, learner)
    step = _step(shown, competency)
    form = NotNowForm(request.POST or None, today=shown.home.today())
    if form.is_valid():
        StepAnswer.say(shown, step, StepAnswer.Answer.NOT_NOW, by=request.user, until=form.until)
        paths.renew_steps([shown.pk])
        messages.success(request, _("It comes back when you said."))
        return redirect("profiles:learner_plan", shown.pk)
    words = worded(step, audience(shown.why), get_language() or "en")
    context = {"learner": shown, "words": words, "form": form}
    return render(request, "profiles/learner_step_put_off.html", context, status=422 if form.is_bound else 200)


@require_POST
def learner_step_swap(request: PersonRequest, learner: uuid.UUID, competency: uuid.UUID) -> HttpResponse:
    shown = _choosing(request, learner)
    StepAnswer.say(shown, _step(shown, competency), StepAnswer.Answer.SWAPPED, by=request.user)
    paths.renew_steps([shown.pk])
    return redirect("profiles:learner_plan", shown.pk)


@require_http_methods(["GET", "POST"])
def learner_step_ask(request: PersonRequest, learner: uuid.UUID, competency: uuid.UUID) -> HttpResponse:
    shown = _choosing(request, learner)
    step = _step(shown, competency)
    form = AskForm(request.POST or None, learner=shown)
    if form.is_valid():
        asked = form.save(shown, step, by=request.user)
        messages.success(request, _("%(name)s sees that you ask.") % {"name": asked})
        return redirect("profiles:learner_plan", shown.pk)
    words = worded(step, audience(shown.why), get_language() or "en")
    context = {"learner": shown, "words": words, "form": form}
    return render(request, "profiles/learner_step_ask.html", context, status=422 if form.is_bound else 200)


@require_POST
def learner_question_hear(request: PersonRequest, learner: uuid.UUID, answer: int) -> HttpResponse:
    shown = learner_of(request, learner)
    asked = get_object_or_404(StepAnswer.objects.filter(learner=shown), pk=answer)
    if asked.asked_id != request.user.pk:
        raise PermissionDenied(_("Only the adult who was asked answers this."))
    asked.learner = shown
    asked.hear(by=request.user)
    return redirect("profiles:proposal_list")


@require_http_methods(["GET", "POST"])
def learner_path_steer(request: PersonRequest, learner: uuid.UUID) -> HttpResponse:
    shown = _choosing(request, learner)
    form = SlidersForm(request.POST or None, learner=shown)
    if form.is_valid():
        form.save(by=request.user)
        paths.renew_steps([shown.pk])
        messages.success(request, _("Your next steps are chosen this way now."))
        return redirect("profiles:learner_plan", shown.pk)
    context = {"learner": shown, "form": form}
    return render(request, "profiles/learner_path_steer.html", context, status=422 if form.is_bound else 200)


@require_POST
def learner_path_renew(request: PersonRequest, learner: uuid.UUID) -> HttpResponse:
    shown = learner_of(request, learner)
    if not permissions.can_plan(shown):
        raise PermissionDenied(_("The student and who teaches or advises them ask for this."))
    renew.enqueue([str(shown.pk)], PlanProposal.Trigger.MANUAL.value)
    messages.success(request, _("Looking again: what comes of it stands here in a moment."))
    return redirect("profiles:learner_plan", shown.pk)
