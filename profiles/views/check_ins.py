"""Check-ins: planned, held, missed, moved; what was promised; and whom to talk with this week."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from .. import permissions
from ..forms_learners import CheckInForm, HeldForm, MoveForm
from ..models import AccessEvent, CheckIn, Commitment, Learner, Why
from ..requests import PersonRequest
from ..talks import talks_of
from .learners import learner_of


def _talker_of(request: PersonRequest, pk: uuid.UUID) -> Learner:
    learner = learner_of(request, pk)
    if not permissions.can_read_check_ins(learner):
        raise PermissionDenied(_("Check-ins are between the student, the advisor, the counselor and the family."))
    return learner


def _check_in_of(request: PersonRequest, learner: uuid.UUID, pk: uuid.UUID) -> CheckIn:
    shown = _talker_of(request, learner)
    found = get_object_or_404(shown.check_ins.select_related("adult"), pk=pk)
    found.learner = shown
    return found


def _check_in_to_keep(request: PersonRequest, learner: uuid.UUID, pk: uuid.UUID) -> CheckIn:
    found = _check_in_of(request, learner, pk)
    if not permissions.can_keep(request.user, found.learner, found):
        raise PermissionDenied(_("Only the adult whose check-in this is writes here."))
    return found


@require_GET
def talk_list(request: PersonRequest) -> HttpResponse:
    """Planned talks, one's own advisees without one for long, and at most five others."""
    if not request.user.is_staff_today or not request.user.roles:
        raise PermissionDenied(_("This page is for people who work at a school."))
    school = next((role.org for role in request.user.staff_roles if role.org.org_kind == "school"), None)
    if school is None:
        raise PermissionDenied(_("This page is for people who work at a school."))
    talks = talks_of(request.user, school)
    shown = [*(one.learner for one in (*talks.overdue, *talks.others))]
    for why in {one.why for one in shown}:
        ids = [one.pk for one in shown if one.why == why]
        AccessEvent.note(request.user, "profiles:talk_list", why, school.pk, ids)
    return render(request, "profiles/talk_list.html", {"talks": talks})


@require_GET
def learner_check_in_list(request: PersonRequest, learner: uuid.UUID) -> HttpResponse:
    return _list_page(request, _talker_of(request, learner))


def _list_page(
    request: PersonRequest, learner: Learner, *, form: CheckInForm | None = None, status: int = 200
) -> HttpResponse:
    may_plan = permissions.can_plan_check_ins(learner)
    action = reverse("profiles:learner_check_in_plan", args=[learner.pk])
    commitments = list(learner.commitments.select_related("check_in__adult"))
    context = {
        "learner": learner,
        "own": learner.why == Why.SELF,
        "check_ins": list(learner.check_ins.select_related("adult").defer("own_note")),
        "open_promises": [one for one in commitments if one.state == Commitment.State.OPEN],
        "form": (form or CheckInForm(learner=learner, action=action)) if may_plan else None,
        "may_settle": permissions.can_settle(learner),
        "choices": SETTLED,
    }
    return render(request, "profiles/learner_check_in_list.html", context, status=status)


SETTLED = [
    (Commitment.State.KEPT, Commitment.State.KEPT.label),
    (Commitment.State.LET_GO, Commitment.State.LET_GO.label),
]


@require_POST
def learner_check_in_plan(request: PersonRequest, learner: uuid.UUID) -> HttpResponse:
    shown = learner_of(request, learner)
    if not permissions.can_plan_check_ins(shown):
        raise PermissionDenied(_("The advisor and the counselor plan check-ins."))
    action = reverse("profiles:learner_check_in_plan", args=[shown.pk])
    form = CheckInForm(request.POST, learner=shown, action=action)
    if form.is_valid():
        said: dict[str, Any] = form.cleaned_data
        made = CheckIn.plan(shown, request.user, said["on"], by=request.user, kind=said["kind"])
        return redirect("profiles:learner_check_in_detail", shown.pk, made.pk)
    return _list_page(request, shown, form=form, status=422)


@require_GET
def learner_check_in_detail(request: PersonRequest, learner: uuid.UUID, check_in: uuid.UUID) -> HttpResponse:
    return _detail_page(request, _check_in_of(request, learner, check_in))


def _detail_page(
    request: PersonRequest,
    check_in: CheckIn,
    *,
    held: HeldForm | None = None,
    move: MoveForm | None = None,
    status: int = 200,
) -> HttpResponse:
    learner = check_in.learner
    may_keep = permissions.can_keep(request.user, learner, check_in)
    waits = check_in.state == CheckIn.State.PLANNED
    context = {
        "learner": learner,
        "own": learner.why == Why.SELF,
        "check_in": check_in,
        "own_note": check_in.own_note if may_keep else "",
        "promises": list(check_in.commitments.all()),
        "held": (held or HeldForm(check_in=check_in)) if may_keep and waits else None,
        "move": (move or MoveForm(learner=learner)) if may_keep and waits else None,
        "may_settle": permissions.can_settle(learner),
        "choices": SETTLED,
    }
    return render(request, "profiles/learner_check_in_detail.html", context, status=status)


@require_POST
def learner_check_in_hold(request: PersonRequest, learner: uuid.UUID, check_in: uuid.UUID) -> HttpResponse:
    found = _check_in_to_keep(request, learner, check_in)
    form = HeldForm(request.POST, check_in=found)
    if form.is_valid():
        try:
            form.save(by=request.user)
        except ValidationError as problem:
            messages.error(request, problem.message)
        return redirect("profiles:learner_check_in_detail", found.learner_id, found.pk)
    return _detail_page(request, found, held=form, status=422)


@require_POST
def learner_check_in_miss(request: PersonRequest, learner: uuid.UUID, check_in: uuid.UUID) -> HttpResponse:
    found = _check_in_to_keep(request, learner, check_in)
    try:
        found.miss(by=request.user)
    except ValidationError as problem:
        messages.error(request, problem.message)
    else:
        messages.success(request, _("Noted. Plan another when you can."))
    return redirect("profiles:learner_check_in_list", found.learner_id)


@require_POST
def learner_check_in_move(request: PersonRequest, learner: uuid.UUID, check_in: uuid.UUID) -> HttpResponse:
    found = _check_in_to_keep(request, learner, check_in)
    form = MoveForm(request.POST, learner=found.learner)
    if form.is_valid():
        try:
            found.miss(by=request.user, moved_to=form.cleaned_data["day"])
        except ValidationError as problem:
            messages.error(request, problem.message)
        return redirect("profiles:learner_check_in_list", found.learner_id)
    return _detail_page(request, found, move=form, status=422)


@require_POST
def learner_commitment_settle(
    request: PersonRequest, learner: uuid.UUID, commitment: uuid.UUID, state: str
) -> HttpResponse:
    shown = learner_of(request, learner)
    if not permissions.can_settle(shown):
        raise PermissionDenied(_("Those whom a promise binds say whether it was kept."))
    if state not in dict(SETTLED):
        raise Http404
    found = get_object_or_404(shown.commitments.all(), pk=commitment)
    found.learner = shown
    found.settle(state, by=request.user)
    return redirect("profiles:learner_check_in_list", shown.pk)
