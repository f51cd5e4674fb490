"""The projector: no sign-in, nothing to press, only what is shown to everyone. Its token is the whole key."""

from __future__ import annotations

import time
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from config.qr import qr
from workshops import seat
from workshops.models import Picture, Workshop
from workshops.qr import join_address
from workshops.room import Room
from workshops.rows import wall_lines

from .participant import photo


@login_not_required
@never_cache
@require_GET
def clock_time(request: HttpRequest) -> HttpResponse:
    """What the server's clock says, in milliseconds: pages count by it, whatever their own says."""
    return JsonResponse({"now": time.time_ns() // 1_000_000})


def _shown(workshop_id: Any, token: str) -> Workshop:
    workshop = Workshop.objects.select_related("host").filter(pk=workshop_id).first()
    if workshop is None or not constant_time_compare(workshop.screen_token, token):
        raise Http404
    return workshop


@login_not_required
@never_cache
@require_GET
def workshop_screen(request: HttpRequest, workshop_id: Any, token: str) -> HttpResponse:
    """The page, or for its script only what is on it."""
    workshop = _shown(workshop_id, token)
    room = Room(workshop)
    scene = _scene(room)
    join = join_address(workshop, request.build_absolute_uri) if workshop.join_open and workshop.join_code else ""
    context = {
        "workshop": workshop,
        "room": room,
        "token": token,
        "join": join,
        "qr": qr(join) if join and scene == "welcome" else "",
        "template": f"workshops/screen_{scene}.html",
        **_released(room),
    }
    partial = request.headers.get("HX-Request")
    return render(request, "workshops/screen_scene.html" if partial else "workshops/screen.html", context)


@login_not_required
@require_GET
def screen_picture(request: HttpRequest, workshop_id: Any, token: str, group_id: Any) -> HttpResponse:
    """A group's drawing, once pictures are shown to everyone."""
    workshop = _shown(workshop_id, token)
    found = Picture.objects.filter(group__seating__workshop=workshop, photo__isnull=False, hidden=False)
    picture = get_object_or_404(found, group=group_id)
    if not seat.pictures_shown(workshop):
        raise Http404
    return photo(picture)


SCENES = {
    "welcome": "welcome",
    "write": "write",
    "pair": "plain",
    "record": "sheets",
    "watch": "watch",
    "contrast": "contrast",
    "align": "align",
    "groups": "groups",
    "debrief": "debrief",
    "close": "close",
}


def _scene(room: Room) -> str:
    if not room.workshop.takes_content:
        return "close"
    if room.current is None:
        return "welcome"
    return SCENES.get(room.current.kind, "plain")


def _released(room: Room) -> dict[str, Any]:
    """Of what the current step holds, as much as everyone may see: all, numbers only, nothing. Never who wrote it."""
    step = room.current
    if step is None or not (step.is_shown or step.is_counted):
        return {"sheets": [{"sheet": sheet} for sheet in room.sheets]}
    shown = step.is_shown
    if step.kind == "write":
        counted = room.answer_counts
        return {
            "released": [
                {"text": one["text"], "count": len(one["answers"]), "answers": one["answers"] if shown else []}
                for one in counted
            ]
        }
    if step.kind == "record":
        lines = [(sheet, room.on(sheet)) for sheet in room.sheets]
        return {
            "sheets": [
                {"sheet": sheet, "count": 0 if shown else len(entries), "lines": wall_lines(entries if shown else [])}
                for sheet, entries in lines
            ],
            "themes": room.by_theme if shown else [],
        }
    if step.kind == "contrast":
        return {"rows": room.contrast_rows}
    if step.kind == "debrief":
        return {
            "lists": [
                {"title": _("What we learned"), "notes": room.notes_of("learned")},
                {"title": _("What we will do"), "notes": room.notes_of("will_do")},
            ]
        }
    return {}
