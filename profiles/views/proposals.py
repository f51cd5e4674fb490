"""Suggested changes of a plan: the student reads and answers first, then an adult; all that waits, on one page."""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from .. import permissions, suggestions
from ..models import AccessEvent, Learner, LearningPlan, PlanProposal, StepAnswer, StudentProposal, Why
from ..plan_forms import ChosenForm, ReasonForm
from ..requests import PersonRequest
from ..suggestions import Suggestion
from .learners import learner_of


def acts(learner: Learner, shown: Suggestion) -> dict[str, bool]:
    """What the reader may do with a suggested change now."""
    state, proposal = shown.proposal.state, shown.proposal
    offered, agreed = state == PlanProposal.State.OFFERED, state == PlanProposal.State.STUDENT_OK
    chooses, approves = permissions.can_choose(learner), permissions.can_approve(learner)
    undone = proposal.undo is not None and proposal.plan.as_read() == proposal.undo["after"]
    return {
        "agree": chooses and offered and not shown.stale,
        "accept": approves and agreed and not shown.stale,
        "decline": (chooses and offered) or (approves and (offered or agreed)),
        "refresh": shown.stale and (offered or agreed) and permissions.can_plan(learner),
        "take_back": state == PlanProposal.State.APPLIED and undone and (approves or (chooses and proposal.small)),
    }


def _proposal(learner: Learner, pk: uuid.UUID) -> PlanProposal:
    found = get_object_or_404(PlanProposal.objects.select_related("plan"), learner=learner, pk=pk)
    found.learner = found.plan.learner = learner
    return found


def _done(request: PersonRequest, learner: Learner) -> HttpResponse:
    if request.POST.get("from") == "list":
        return redirect("profiles:proposal_list")
    return redirect("profiles:learner_plan", learner.pk)


def _tell(request: PersonRequest, problem: ValidationError) -> None:
    for sentence in problem.messages:
        messages.error(request, sentence)


@require_POST
def learner_proposal_agree(request: PersonRequest, learner: uuid.UUID, proposal: uuid.UUID) -> HttpResponse:
    """Yes to what is ticked; what is not goes from the suggestion."""
    shown = learner_of(request, learner)
    offered = _proposal(shown, proposal)
    if not permissions.can_choose(shown):
        raise PermissionDenied(_("The student answers first."))
    parts = [f"{kind}-{n}" for kind, lines in offered.difference.items() for n in range(len(lines))]
    form = ChosenForm(request.POST, among=parts)
    if not form.is_valid():
        messages.error(request, _("Tick what should change, or say no to all of it."))
        return _done(request, shown)
    kept = suggestions.keep(offered.difference, form.cleaned_data["chosen"])
    try:
        with shown.change(by=request.user):
            if len(form.cleaned_data["chosen"]) < len(parts):
                offered.edit(kept, by=request.user)
            offered.agree(by=request.user)
    except ValidationError as problem:
        _tell(request, problem)
    return _done(request, shown)


@require_POST
def learner_proposal_decline(request: PersonRequest, learner: uuid.UUID, proposal: uuid.UUID) -> HttpResponse:
    shown = learner_of(request, learner)
    offered = _proposal(shown, proposal)
    if not (permissions.can_choose(shown) or permissions.can_approve(shown)):
        raise PermissionDenied(_("The student answers, or who says yes to the plan."))
    form = ReasonForm(request.POST)
    try:
        offered.decline(by=request.user, reason=form.cleaned_data["reason"] if form.is_valid() else "")
    except ValidationError as problem:
        _tell(request, problem)
    return _done(request, shown)


@require_POST
def learner_proposal_accept(request: PersonRequest, learner: uuid.UUID, proposal: uuid.UUID) -> HttpResponse:
    shown = learner_of(request, learner)
    agreed = _proposal(shown, proposal)
    if not permissions.can_approve(shown):
        raise PermissionDenied(_("The advisor says yes, or without one a teacher of the student."))
    try:
        agreed.apply(by=request.user)
    except ValidationError as problem:
        _tell(request, problem)
    return _done(request, shown)


@require_POST
def learner_proposal_refresh(request: PersonRequest, learner: uuid.UUID, proposal: uuid.UUID) -> HttpResponse:
    """The plan has moved on: put this one away and work a fresh one out."""
    shown = learner_of(request, learner)
    stale = _proposal(shown, proposal)
    if not permissions.can_plan(shown):
        raise PermissionDenied(_("The student and who teaches or advises them ask for this."))
    try:
        stale.put_away(by=request.user)
        messages.success(request, _("Looking again: what comes of it stands here in a moment."))
    except ValidationError as problem:
        _tell(request, problem)
    return _done(request, shown)


@require_POST
def learner_proposal_take_back(request: PersonRequest, learner: uuid.UUID, proposal: uuid.UUID) -> HttpResponse:
    shown = learner_of(request, learner)
    applied = _proposal(shown, proposal)
    if not (permissions.can_approve(shown) or (permissions.can_choose(shown) and applied.small)):
        raise PermissionDenied(_("Who says yes to the plan takes a change back."))
    try:
        applied.take_back(by=request.user)
        messages.success(request, _("The plan is as it was before."))
    except ValidationError as problem:
        _tell(request, problem)
    return _done(request, shown)


@require_GET
def proposal_list(request: PersonRequest) -> HttpResponse:
    return _list(request)


@require_POST
def proposal_accept_many(request: PersonRequest) -> HttpResponse:
    """Yes to all that are ticked, or, where one of them cannot be, to none."""
    _require_staff(request)
    waiting = {str(one.pk): one for one in _waiting(request) if one.state == PlanProposal.State.STUDENT_OK}
    form = ChosenForm(request.POST, among=list(waiting))
    if not form.is_valid():
        messages.error(request, _("Nothing was accepted: tick what waits here now."))
        return redirect("profiles:proposal_list")
    chosen = sorted((waiting[pk] for pk in form.cleaned_data["chosen"]), key=lambda one: one.learner_id)
    name = ""
    try:
        with transaction.atomic():
            for one in chosen:
                name = str(one.learner)
                one.plan.learner = one.learner
                one.apply(by=request.user)
    except ValidationError as problem:
        said = {"name": name, "why": " ".join(problem.messages)}
        messages.error(request, _("Nothing was accepted, because of %(name)s: %(why)s") % said)
    else:
        messages.success(request, _("Accepted."))
    return redirect("profiles:proposal_list")


def _require_staff(request: PersonRequest) -> None:
    if not request.user.is_staff_today:
        raise PermissionDenied(_("This page is for people who work at a school."))


def _waiting(request: PersonRequest) -> list[PlanProposal]:
    mine = Learner.objects.approved_by(request.user)
    found = PlanProposal.objects.open().filter(learner__in=mine.values("pk"))
    return list(
        found.select_related("plan", "learner__person", "learner__home")
        .prefetch_related("plan__items")
        .order_by("learner__person__family_name", "learner__person__given_name", "pk")
    )


def _list(request: PersonRequest) -> HttpResponse:
    _require_staff(request)
    reader = request.user
    found = _waiting(request)
    plans = list(
        LearningPlan.objects.filter(
            learner__in=Learner.objects.approved_by(reader).values("pk"), state__in=["student_ready", "in_review"]
        )
        .select_related("learner__person")
        .order_by("signed_on", "pk")
    )
    seen = Learner.objects.visible_to(reader)
    units = list(
        StudentProposal.objects.filter(
            state=StudentProposal.State.SUBMITTED, adult=reader, learner__in=seen.values("pk")
        )
        .select_related("learner__person")
        .order_by("due_on")
    )
    asked = list(
        StepAnswer.objects.filter(
            answer=StepAnswer.Answer.ASKED, asked=reader, heard_on=None, learner__in=seen.values("pk")
        ).select_related("learner__person", "competency")
    )
    _note(request, [*found, *plans, *units, *asked])
    read = suggestions.read(found, Why.SECTION)
    agreed = [one for one in read if one.proposal.state == PlanProposal.State.STUDENT_OK]
    context = {
        "ready": [one for one in agreed if not one.stale],
        "stale": [one for one in agreed if one.stale],
        "with_students": [one for one in read if one.proposal.state == PlanProposal.State.OFFERED],
        "plans": plans,
        "units": units,
        "asked": asked,
        "nothing": not (found or plans or units or asked),
    }
    return render(request, "profiles/proposal_list.html", context)


def _note(request: PersonRequest, shown: list[Any]) -> None:
    """Whose records stand on the page, by the reason for which the reader sees them."""
    ids = {one.learner_id for one in shown}
    reasons: dict[str, list[uuid.UUID]] = defaultdict(list)
    for one in Learner.objects.visible_to(request.user).filter(pk__in=ids).only("pk"):
        reasons[one.why].append(one.pk)
    for why, learners in reasons.items():
        AccessEvent.note(request.user, "profiles:proposal_list", why, request.user.pk, learners)
