"""What strategy tables add to home, the menu and search."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from config.home import Hit, Part, add
from profiles.models import Change, Person

from . import permissions
from .models import CellProposal, Mention, Strategy, StrategyTable

RECENT = 6


def has_begun(person: Person) -> bool:
    """Some school of this member of staff has begun with plans (or, for the district, any may)."""
    return person.leads_district or any("plans" in role.org.begun for role in person.staff_roles)


def cards(person: Person) -> list[dict[str, Any]]:
    if not has_begun(person):
        return []
    tables = StrategyTable.objects.visible_to(person).open().select_related("school", "team")
    mine = list(tables.joined()[:RECENT])
    waiting = (
        CellProposal.objects.filter(state="open", strategy__table__in=[table.pk for table in mine])
        .select_related("strategy__table", "author")
        .order_by("-made_at")[:RECENT]
    )
    leading = (
        Strategy.objects.standing()
        .filter(responsibilities__person=person, table__in=tables.values("pk"))
        .select_related("table")[:RECENT]
    )
    latest = (
        Change.objects.filter(actor=person, stream__startswith=f"{StrategyTable.kind}:")
        .order_by("-at")
        .values_list("stream", flat=True)
        .first()
    )
    last = tables.filter(pk=latest.partition(":")[2]).first() if latest else None
    return [
        {
            "template": "planning/home_cards.html",
            "last": last,
            "tables": mine,
            "waiting": waiting,
            "leading": leading,
            "mentions": Mention.objects.waiting_for(person, tables)
            .select_related("comment__author", "comment__strategy__table")
            .order_by("-comment__said_at")[:RECENT],
            "may_begin": permissions.can_begin(person),
        }
    ]


def hits(person: Person, words: str) -> Iterable[Hit]:
    if not has_begun(person):
        return
    tables = StrategyTable.objects.visible_to(person)
    for table in tables.filter(title__icontains=words)[:10]:
        yield Hit(table.title, _("Strategy table"), reverse("planning:table_detail", args=[table.pk]))
    rows = Strategy.objects.standing().filter(table__in=tables.values("pk")).select_related("table")
    for row in rows.filter(Q(description__icontains=words))[:10]:
        url = reverse("planning:table_detail", args=[row.table_id])
        yield Hit(f"{row} ({row.table})", _("Strategy"), f"{url}#s-{row.pk}")


add(Part("plans", _("Plans"), "planning:table_list", 10, has_begun, cards, hits))
