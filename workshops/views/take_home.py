"""What a participant takes home: a page of their own link, for a school year, without account and without names."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from workshops import seat
from workshops.models import Participant, Picture

from .participant import photo


def _who(token: str) -> Participant:
    return get_object_or_404(Participant.objects.select_related("workshop__host").of_take_home(token))


@login_not_required
@require_GET
def take_home(request: HttpRequest, token: str) -> HttpResponse:
    participant = _who(token)
    workshop = participant.workshop
    group = seat.seat_of(participant)
    context = {
        "workshop": workshop,
        "token": token,
        "until": participant.take_home_until,
        "links": seat.links(workshop),
        "key_ideas": seat.key_ideas(workshop),
        "group": group,
        "picture": Picture.objects.filter(group=group).first() if group else None,
        "elements": group.elements.all() if group else [],
        "schools": seat.what_became(workshop),
    }
    return render(request, "workshops/take_home.html", context)


@login_not_required
@require_GET
def take_home_picture(request: HttpRequest, token: str) -> HttpResponse:
    """The drawing of one's own group."""
    group = seat.seat_of(_who(token))
    return photo(get_object_or_404(Picture, group=group, group__isnull=False, photo__isnull=False))
