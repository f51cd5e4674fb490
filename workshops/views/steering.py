"""Steering the room: each act names the control version it saw, and is done once, by one of those who press it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from profiles.requests import PersonRequest
from workshops.forms_room import (
    ControlForm,
    KnowledgeForm,
    MoveSeatForm,
    RevealForm,
    SeatingForm,
    SkipForm,
    TimeForm,
    TimesForm,
)
from workshops.grouping import Seat, seat
from workshops.models import GroupSet, StaleControlError, Workshop
from workshops.seating import neighbors

from .facilitate import (
    CLOSED,
    back,
    done,
    led_workshop,
    refused,
    running_workshop,
    stale,
    steered_workshop,
    wants_parts,
)


class ClosedError(Exception):
    """The workshop was closed meanwhile."""


def steer(
    request: PersonRequest,
    workshop_id: Any,
    act: Callable[[Workshop, Any], object],
    form_class: type[ControlForm] = ControlForm,
    *,
    fetch: Callable[[PersonRequest, Any], Workshop] = steered_workshop,
) -> HttpResponse:
    """Do `act(workshop, form)` against the control version that was seen (`form.seen`), once for one op_id; else the
    fresh page says why not."""
    workshop = fetch(request, workshop_id)
    form = form_class(request.POST, workshop=workshop)
    if not form.is_valid():
        raise Http404
    payload = {"act": request.resolver_match.view_name if request.resolver_match else "", **form.said}
    try:
        with workshop.change(by=request.user, op_id=form.sent_id, payload=payload) as door:
            if not door.replayed:
                workshop.refresh_from_db(fields=["state"])
                if not workshop.takes_content:
                    raise ClosedError
                act(workshop, form)
    except ClosedError:
        return stale(request, workshop, str(CLOSED))
    except StaleControlError:
        return stale(
            request,
            workshop,
            _("Somebody else steered meanwhile, so nothing was done here. This is how the room stands now."),
        )
    return done(request, workshop)


@require_POST
def lobby_open(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    return steer(request, workshop_id, lambda room, form: room.open_lobby(by=request.user, seen=form.seen))


@require_POST
def door_open(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    return steer(request, workshop_id, lambda room, form: room.open_door(True, by=request.user, seen=form.seen))


@require_POST
def door_close(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    return steer(request, workshop_id, lambda room, form: room.open_door(False, by=request.user, seen=form.seen))


@require_POST
def step_next(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    return steer(request, workshop_id, lambda room, form: room.next(by=request.user, seen=form.seen))


@require_POST
def step_enter(request: PersonRequest, workshop_id: Any, step_id: int) -> HttpResponse:
    def act(workshop: Workshop, form: Any) -> None:
        step = get_object_or_404(workshop.steps, pk=step_id)
        workshop.go_to(step, by=request.user, seen=form.seen)

    return steer(request, workshop_id, act)


@require_POST
def step_skip(request: PersonRequest, workshop_id: Any, step_id: int) -> HttpResponse:
    def act(workshop: Workshop, form: Any) -> None:
        step = get_object_or_404(workshop.steps, pk=step_id)
        workshop.skip(step, form.cleaned_data["reason"], by=request.user, seen=form.seen)

    return steer(request, workshop_id, act, SkipForm)


@require_POST
def step_restore(request: PersonRequest, workshop_id: Any, step_id: int) -> HttpResponse:
    def act(workshop: Workshop, form: Any) -> None:
        step = get_object_or_404(workshop.steps, pk=step_id)
        workshop.restore(step, by=request.user, seen=form.seen)

    return steer(request, workshop_id, act)


@require_POST
def step_reveal(request: PersonRequest, workshop_id: Any, step_id: int) -> HttpResponse:
    """Show everyone what a step holds: nothing, how many, all of it."""

    def act(workshop: Workshop, form: Any) -> None:
        step = get_object_or_404(workshop.steps, pk=step_id)
        workshop.reveal(step, form.cleaned_data["what"], by=request.user, seen=form.seen)

    return steer(request, workshop_id, act, RevealForm)


@require_POST
def workshop_pause(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    return steer(request, workshop_id, lambda room, form: room.pause(by=request.user, seen=form.seen))


@require_POST
def workshop_resume(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    return steer(request, workshop_id, lambda room, form: room.resume(by=request.user, seen=form.seen))


@require_POST
def time_add(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    def act(workshop: Workshop, form: TimeForm) -> None:
        workshop.add_time(form.cleaned_data["seconds"], by=request.user, seen=form.seen)

    return steer(request, workshop_id, act, TimeForm)


@require_POST
def timer_stop(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    return steer(request, workshop_id, lambda room, form: room.stop_timer(by=request.user, seen=form.seen))


@require_POST
def knowledge_set(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    def act(workshop: Workshop, form: KnowledgeForm) -> None:
        workshop.know(form.cleaned_data["knowledge"], by=request.user, seen=form.seen)

    return steer(request, workshop_id, act, KnowledgeForm)


@require_POST
def times_adjust(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    """Take the times that were proposed, just as they were shown."""

    def act(workshop: Workshop, form: TimesForm) -> None:
        skip, late_s = form.cleaned_data["skip"], form.late_seconds
        workshop.allot(form.allotment(), skip=skip, late_s=late_s, by=request.user, seen=form.seen)

    return steer(request, workshop_id, act, TimesForm)


@require_POST
def times_undo(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    return steer(request, workshop_id, lambda room, form: room.undo_allot(by=request.user, seen=form.seen))


@require_POST
def groups_form(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    def act(workshop: Workshop, form: SeatingForm) -> None:
        mode = form.cleaned_data["mode"]
        seed = secrets.randbelow(2**31)
        here = list(workshop.participants.present())
        people = [Seat(one.pk, one.school_key or None, one.role or None) for one in here]
        seated: list[list[Any]] = seat(people, mode=mode, seed=seed, neighbors=neighbors(here))
        GroupSet.form(workshop, mode, seed, seated, by=request.user, seen=form.seen)

    return steer(request, workshop_id, act, SeatingForm)


def _seating(workshop: Workshop) -> GroupSet:
    seating = get_object_or_404(workshop.group_sets, current=True)
    seating.workshop = workshop
    return seating


@require_POST
def groups_lock(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    return steer(request, workshop_id, lambda room, form: _seating(room).lock(by=request.user, seen=form.seen))


@require_POST
def group_move(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    """Seat people at another table: who was chosen, or as it was offered."""

    def act(workshop: Workshop, form: MoveSeatForm) -> None:
        _seating(workshop).seat(form.cleaned_data["moves"], by=request.user, seen=form.seen)

    return steer(request, workshop_id, act, MoveSeatForm)


@require_POST
def workshop_close(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    def act(workshop: Workshop, form: ControlForm) -> None:
        workshop.close(by=request.user, seen=form.seen)

    return steer(request, workshop_id, act, fetch=led_workshop)


@require_POST
def lead_take_over(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    """A co-facilitator leads on, once the lead was not seen for a minute."""
    workshop = running_workshop(request, workshop_id)
    if not workshop.takes_content:
        return refused(request, workshop, str(CLOSED))
    if workshop.take_over(by=request.user):
        return done(request, workshop)
    sentence = _("The lead is here, or was a moment ago: only when they are away for a minute can you take over.")
    return _lead_stays(request, workshop, sentence)


@require_POST
def lead_take_back(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    """Whoever led before somebody took over leads again, at once."""
    workshop = running_workshop(request, workshop_id)
    if not workshop.takes_content:
        return refused(request, workshop, str(CLOSED))
    if workshop.take_back(by=request.user):
        return done(request, workshop)
    return _lead_stays(request, workshop, _("Only who led this workshop before somebody took over can take it back."))


def _lead_stays(request: PersonRequest, workshop: Workshop, sentence: str) -> HttpResponse:
    if wants_parts(request):
        return stale(request, workshop, sentence)
    messages.error(request, sentence)
    return back(request, workshop)
