"""Into a room: by a code, without an account. Who is in stays in, whatever becomes of the door."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from profiles.models import Actor
from workshops import room_access
from workshops.models import Participant, Workshop, token_hash
from workshops.phone_forms import CodeForm, JoinForm, ResumeForm
from workshops.room_access import WaitError

from .participant import seat_page


@login_not_required
@require_http_methods(["GET", "POST"])
def workshop_find(request: HttpRequest) -> HttpResponse:
    """Type the code."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return _find_page(request, form)
    try:
        workshop = room_access.look_up(request, form.cleaned_data["code"])
    except WaitError:
        return _wait(request)
    if workshop is None:
        form.add_error("code", _("No workshop has this code just now. Look at the wall again: it has six characters."))
        return _find_page(request, form, status=422)
    return redirect("workshops:workshop_join", workshop.join_code)


def _find_page(request: HttpRequest, form: CodeForm, *, status: int = 200) -> HttpResponse:
    page = render(request, "workshops/join.html", {"form": form}, status=status)
    return room_access.keep_visit(request, page)


def _wait(request: HttpRequest) -> HttpResponse:
    page = render(request, "workshops/join_wait.html", status=429)
    page.headers["Retry-After"] = str(room_access.MINUTE_S)
    return page


@login_not_required
@require_GET
def workshop_join(request: HttpRequest, code: str) -> HttpResponse:
    """The door by its code: for who is in, their page; for others, what the host asks before they come in."""
    participant = room_access.participant_of(request)
    code = room_access.clean_code(code)
    if participant and code and _is_theirs(request, participant, code):
        return seat_page(request, participant)
    return _at_the_door(request, code, participant)


def _is_theirs(request: HttpRequest, participant: Participant, code: str) -> bool:
    """Their workshop's code; once that is closed, any that leads nowhere else (looked up as a guess would be)."""
    if participant.workshop.join_code:
        return participant.workshop.join_code == code
    try:
        return room_access.look_up(request, code) is None
    except WaitError:
        return True


@login_not_required
@require_POST
def participant_join(request: HttpRequest, code: str) -> HttpResponse:
    participant = room_access.participant_of(request)
    code = room_access.clean_code(code)
    if participant and participant.workshop.join_code == code and code:
        return redirect("workshops:workshop_join", code)
    return _at_the_door(request, code, participant)


@login_not_required
@require_POST
def participant_resume(request: HttpRequest, code: str) -> HttpResponse:
    """Go on as who one was on another device, by four words; through a closed door too."""
    code = room_access.clean_code(code)
    try:
        workshop = room_access.look_up(request, code)
    except WaitError:
        return _wait(request)
    if workshop is None:
        return _unknown(request, code)
    form = ResumeForm(request.POST)
    found = room_access.recognize(request, workshop, form.cleaned_data["words"]) if form.is_valid() else None
    if found is not None:
        found.workshop = workshop
        token = found.resume(by=Actor("participant", str(found.pk)))
        return room_access.let_in(redirect("workshops:workshop_join", code), token)
    if form.is_valid():
        form.add_error("words", _("Nobody in this workshop has these words. Look at them again: there are four."))
    return _door_page(request, workshop, code, JoinForm(workshop=workshop), resume=form, status=422)


def _unknown(request: HttpRequest, code: str) -> HttpResponse:
    asked = CodeForm(initial={"code": code})
    page = render(request, "workshops/join.html", {"form": asked, "unknown": True}, status=404)
    return room_access.keep_visit(request, page)


def _door_page(
    request: HttpRequest, workshop: Workshop, code: str, form: JoinForm, *, status: int, **more: Any
) -> HttpResponse:
    """What the host asks before one comes in; or that the door is closed. In both, the way back in by four words."""
    context = {"workshop": workshop, "code": code, "form": form, "resume": ResumeForm(), **more}
    if not workshop.join_open or _was_taken_out(request, workshop):
        page = render(request, "workshops/join_closed.html", context, status=403)
    else:
        page = render(request, "workshops/join_form.html", context, status=status)
    return room_access.keep_visit(request, page)


def _at_the_door(request: HttpRequest, code: str, participant: Participant | None) -> HttpResponse:
    try:
        workshop = room_access.look_up(request, code)
    except WaitError:
        return _wait(request)
    if workshop is None:
        return _unknown(request, code)
    if not workshop.join_open or _was_taken_out(request, workshop):
        return _door_page(request, workshop, code, JoinForm(workshop=workshop), status=403)
    form = JoinForm(request.POST if request.method == "POST" else None, workshop=workshop)
    if form.is_bound and form.is_valid():
        try:
            room_access.count_join(request)
        except WaitError:
            return _wait(request)
        _joined, token = form.save()
        return room_access.let_in(redirect("workshops:workshop_join", code), token)
    status = 422 if form.is_bound else 200
    return _door_page(request, workshop, code, form, status=status, elsewhere=participant)


def _was_taken_out(request: HttpRequest, workshop: Workshop) -> bool:
    """The browser of somebody whom the lead took out does not walk in again."""
    token = request.COOKIES.get(room_access.COOKIE, "")
    removed = workshop.participants.filter(state=Participant.State.REMOVED)
    return bool(token) and removed.filter(token_hash=token_hash(token)).exists()
