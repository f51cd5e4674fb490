"""The facilitator page, whole or in parts, and how every act from it is answered."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import cache
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from planning.cells import Area
from profiles.models import Org
from profiles.requests import PersonRequest
from workshops import permissions
from workshops.models import Element, GroupSet, Participant, StepRun, Workshop
from workshops.models.hideable import Hideable
from workshops.models.workshops import LEAD_AWAY
from workshops.offers import dialed, retimed
from workshops.room import Line, Room
from workshops.rows import entry_rows, people_rows, step_rows
from workshops.seating import seat_offers
from workshops.suggestions import Said, open_suggestions

CLOSED = gettext_lazy("This workshop is closed: what was said stays, nothing more is taken in.")

SHOWS = {
    "sheets": gettext_lazy("Sheets"),
    "contrast": gettext_lazy("With / without"),
    "seen": gettext_lazy("What we saw"),
    "groups": gettext_lazy("Groups"),
    "debrief": gettext_lazy("Bringing together"),
}

SEEN_EVERY = timedelta(seconds=10)
"""Shorter than the beat of the page (20 s), so that each beat counts."""

PARTS = {
    "step": "step timer agenda",
    "capture": "step groups",
    "work": "step counts entries themes suggestions contrast alignment groups pictures elements debrief",
    "people": "people step agenda",
    "agenda": "step agenda timer",
    "notes": "step",
    "themes": "entries themes suggestions",
}
"""The page's parts, each with the topics that make it worth fetching again."""


def running_workshop(request: PersonRequest, workshop_id: Any) -> Workshop:
    """The workshop, for those who run it; a host's leader may read its papers, not stand at its desk."""
    workshops = Workshop.objects.visible_to(request.user).select_related("host", "lead")
    workshop = get_object_or_404(workshops.prefetch_related("helpers__person"), pk=workshop_id)
    if not permissions.can_capture(request.user, workshop):
        raise PermissionDenied(_("This page is for those who run the workshop. Its lead can add you as a helper."))
    return workshop


def steered_workshop(request: PersonRequest, workshop_id: Any) -> Workshop:
    workshop = running_workshop(request, workshop_id)
    if not permissions.can_steer(request.user, workshop):
        raise PermissionDenied(_("Note-takers write down what is said; the lead and co-facilitators steer."))
    return workshop


def led_workshop(request: PersonRequest, workshop_id: Any) -> Workshop:
    workshop = running_workshop(request, workshop_id)
    if not permissions.can_remove_people(request.user, workshop):
        raise PermissionDenied(_("Only the lead of the workshop can do this."))
    return workshop


def wants_parts(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


@never_cache
@require_GET
def workshop_facilitate(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    """The whole page; to the page's own script the parts it names (`?parts=step,people`)."""
    workshop = running_workshop(request, workshop_id)
    _seen(request, workshop)
    if wants_parts(request):
        names = [name for name in request.GET.get("parts", "").split(",") if name in PARTS]
        return parts(request, workshop, names or list(PARTS))
    return page(request, workshop)


def _seen(request: PersonRequest, workshop: Workshop) -> None:
    """Presence is no change: it is not recorded, it nudges nobody, and it is written down only now and then."""
    now = timezone.now()
    if workshop.lead_id == request.user.pk and (
        workshop.lead_seen_at is None or now - workshop.lead_seen_at > SEEN_EVERY
    ):
        workshop.lead_seen_at = now
        Workshop.objects.filter(pk=workshop.pk).update(lead_seen_at=workshop.lead_seen_at)


@require_POST
def workshop_presence(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    """The lead's page says that it is there; the others hear whether it is."""
    workshop = running_workshop(request, workshop_id)
    _seen(request, workshop)
    return JsonResponse({"lead_away": _lead_away(workshop)})


def _lead_away(workshop: Workshop) -> bool:
    return workshop.lead_seen_at is None or timezone.now() - workshop.lead_seen_at > LEAD_AWAY


def page(request: PersonRequest, workshop: Workshop, *, sentence: str = "", status: int = 200) -> HttpResponse:
    room = Room(workshop)
    made = _made(request, room, list(PARTS))
    context = {"workshop": workshop, "parts": made, "topics": PARTS, "sentence": sentence, "pages": room.steps}
    return render(request, "workshops/facilitate.html", context | _rights(request, workshop), status=status)


def parts(
    request: PersonRequest, workshop: Workshop, names: list[str], *, sentence: str = "", status: int = 200
) -> HttpResponse:
    context = {"workshop": workshop, "parts": _made(request, Room(workshop), names), "sentence": sentence}
    return render(request, "workshops/facilitate_parts.html", context, status=status)


def _rights(request: PersonRequest, workshop: Workshop) -> dict[str, Any]:
    person = request.user
    is_open = workshop.takes_content
    role = permissions.role_in(person, workshop)
    return {
        "is_open": is_open,
        "may_steer": is_open and permissions.can_steer(person, workshop),
        "may_lead": is_open and permissions.can_remove_people(person, workshop),
        "may_see_answers": permissions.can_see_answers(person, workshop),
        "may_take_back": is_open and role == "co" and workshop.taken_from_id == person.pk,
        "may_take_over": is_open and role == "co",
        "lead_away": role == "co" and _lead_away(workshop),
    }


def _made(request: PersonRequest, room: Room, names: list[str]) -> dict[str, Any]:
    """The named parts, rendered."""
    workshop = room.workshop
    asked = (request.POST or request.GET).get("show", "")
    shown = asked if asked in SHOWS else room.working_on
    context = {
        "workshop": workshop,
        "room": room,
        "op_id": uuid.uuid4(),
        "show": shown,
        "chosen_show": asked if asked in SHOWS else "",
        "shows": SHOWS,
        **_rights(request, workshop),
    }
    suggestions = cache(lambda: open_suggestions(room))
    more: dict[str, Callable[[], dict[str, Any]]] = {
        "step": lambda: {"reveals": StepRun.Reveal.choices},
        "capture": lambda: {"targets": targets(room, shown)},
        "work": lambda: _work(room, shown, suggestions),
        "people": lambda: {
            "people": people_rows(room, may_lead=context["may_lead"]),
            "roles": Participant.Role.choices,
            "schools": _schools(),
            "knowledge": Workshop.Knowledge.choices[1:],
            "dial": dialed(room) if context["may_steer"] else [],
        },
        "agenda": lambda: {
            "retiming": retimed(room) if context["may_steer"] else None,
            "steps": step_rows(room, may_steer=context["may_steer"]),
        },
        "themes": lambda: {"suggestions": suggestions()},
        "notes": dict,
    }
    return {
        name: mark_safe(  # noqa: S308 (rendered from a template)
            render_to_string(f"workshops/facilitate_{name}.html", context | more[name](), request)
        )
        for name in names
    }


def _schools() -> list[Org]:
    return list(Org.objects.filter(org_kind=Org.Kind.SCHOOL).order_by("name"))


def targets(room: Room, shown: str) -> list[dict[str, str]]:
    """Where a captured line may go: the act, and the field that says where."""
    if shown == "contrast":
        return [
            {"act": "contrast_capture", "name": "side", "value": "with", "label": _("With")},
            {"act": "contrast_capture", "name": "side", "value": "without", "label": _("Without")},
        ]
    if shown == "seen":
        return [{"act": "observation_capture", "name": "", "value": "", "label": _("What we saw")}]
    if shown == "groups":
        return [
            {"act": "element_capture", "name": "", "value": "", "group": str(group.pk), "label": str(group)}
            for group in room.groups
        ]
    if shown == "debrief":
        return [
            {"act": "debrief_capture", "name": "list", "value": "learned", "label": _("What we learned")},
            {"act": "debrief_capture", "name": "list", "value": "will_do", "label": _("What we will do")},
        ]
    return [
        {"act": "entry_capture", "name": "sheet", "value": sheet.key, "label": sheet.title} for sheet in room.sheets
    ]


def _work(room: Room, shown: str, suggestions: Callable[[], list[Said]]) -> dict[str, Any]:
    template = f"workshops/facilitate_{'debriefing' if shown == 'debrief' else shown}.html"
    if shown == "sheets":
        lines = [{"sheet": sheet, "rows": entry_rows(room, room.on(sheet))} for sheet in room.sheets]
        hidden = _hidden(room.entries, "entry", "workshops:entry_show")
        return {"template": template, "sheets": lines, "suggestions": suggestions(), **hidden}
    if shown == "contrast":
        return {"template": template, **_hidden(room.contrast_items, "item", "workshops:contrast_show")}
    if shown == "seen":
        hidden = _hidden(room.all_observations, "observation", "workshops:observation_show")
        return {"template": template, **hidden}
    if shown == "groups":
        more = {
            "offers": seat_offers(room),
            "modes": GroupSet.Mode.choices,
            "horizons": Element.Horizon.choices,
            "areas": Area.choices,
        }
        return {"template": template, "schools": _schools(), **more}
    if shown == "debrief":
        return {
            "template": template,
            "schools": _schools(),
            "lists": [
                {"title": _("What we learned"), "notes": room.notes_of("learned")},
                {"title": _("What we will do"), "notes": room.notes_of("will_do")},
            ],
            **_hidden(room.notes, "note", "workshops:debrief_show"),
        }
    return {"template": template}


def _hidden(lines: Iterable[Hideable | Line], name: str, act: str) -> dict[str, Any]:
    """Lines taken from everyone's sight, and the act that puts one of them back."""
    return {"hidden": [line for line in lines if line.hidden], "hidden_name": name, "hidden_act": act}


# How an act is answered


def done(request: PersonRequest, workshop: Workshop) -> HttpResponse:
    """After an act: to a script the parts afresh, to a plain form the page again."""
    if wants_parts(request):
        return parts(request, running_workshop(request, workshop.pk), list(PARTS))
    return back(request, workshop)


def back(request: PersonRequest, workshop: Workshop) -> HttpResponse:
    response = redirect("workshops:workshop_facilitate", workshop.pk)
    if request.POST.get("show") in SHOWS:
        response["Location"] += f"?show={request.POST['show']}"
    return response


def stale(request: PersonRequest, workshop: Workshop, sentence: str) -> HttpResponse:
    """409: the page as it is now, and why nothing was done."""
    fresh = running_workshop(request, workshop.pk)
    if wants_parts(request):
        return parts(request, fresh, list(PARTS), sentence=sentence, status=409)
    return page(request, fresh, sentence=sentence, status=409)


def refused(request: PersonRequest, workshop: Workshop, sentence: str) -> HttpResponse:
    """What was said is not taken: to the outbox 422, and it keeps the words."""
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"sentence": str(sentence)}, status=422)
    messages.error(request, sentence)
    return back(request, workshop)


def first_error(form: Any) -> str:
    for errors in form.errors.values():
        return str(errors[0])
    raise Http404
