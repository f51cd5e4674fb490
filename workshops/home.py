"""What workshops add to home, the menu and search."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.home import Hit, Part, add
from profiles.models import Org, Person

from . import checklist, inbox, permissions
from .models import Kit, Workshop
from .tasks import look_at_links_before_the_day

FORGOTTEN_HOURS = 12
"""A workshop that was never opened leaves home so long after it should have begun."""
MOST_NAMED = 4
"""So many things that are not ready stand on home; the rest are counted."""


def has_begun(person: Person) -> bool:
    """Some school of this member of staff has begun with workshops. Asked on every page, so without a query."""
    return person.is_staff_today and (
        person.leads_district or any(Org.Part.WORKSHOPS in role.org.begun for role in person.staff_roles)
    )


def inbox_cards(person: Person) -> list[dict[str, Any]]:
    """What workshops sent to one's schools, for who decides there: whether or not the school holds workshops itself."""
    waiting = inbox.waiting_for(person) if person.is_staff_today else []
    return [{"template": "workshops/inbox_card.html", "schools": waiting}] if waiting else []


def cards(person: Person) -> list[dict[str, Any]]:
    return [*_next_workshop(person), *inbox_cards(person)]


def _next_workshop(person: Person) -> list[dict[str, Any]]:
    if not has_begun(person) and not Workshop.objects.visible_to(person).exists():
        return []
    long_past = timezone.now() - dt.timedelta(hours=FORGOTTEN_HOURS)
    coming = (
        Workshop.objects.visible_to(person)
        .open()
        .exclude(state=Workshop.State.DRAFT, starts_at__lt=long_past)
        .select_related("host")
    )
    following = coming.order_by("starts_at", "created_at").first()
    may_prepare = permissions.can_prepare_somewhere(person)
    if following is None and not may_prepare:
        return []
    if following:
        look_at_links_before_the_day(following)
    open_points = checklist.not_ready(following) if following else []
    return [
        {
            "template": "workshops/home_cards.html",
            "next": following,
            "may_enter": following is not None and permissions.can_capture(person, following),
            "not_ready": open_points[:MOST_NAMED],
            "more": len(open_points[MOST_NAMED:]),
            "may_prepare": may_prepare,
        }
    ]


def hits(person: Person, words: str) -> Iterable[Hit]:
    """A workshop one helps in is found whether or not one's own school has begun with workshops."""
    if not person.is_staff_today:
        return
    for workshop in Workshop.objects.visible_to(person).filter(title__icontains=words)[:10]:
        yield Hit(workshop.title, _("Workshop"), reverse("workshops:workshop_detail", args=[workshop.pk]))
    for kit in Kit.objects.visible_to(person).filter(title__icontains=words)[:10]:
        yield Hit(kit.title, _("Workshop guide"), reverse("workshops:kit_detail", args=[kit.pk]))


add(Part("workshops", _("Workshops"), "workshops:workshop_list", 20, has_begun, cards, hits))
