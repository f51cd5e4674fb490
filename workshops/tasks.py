"""What takes longer than a request: looking for what several people said, and whether links open."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django_tasks import task

from config import clock, live
from planning import commonality
from profiles.models import Actor

from . import checklist, links
from .models import ThemeSuggestion, Workshop


@task()
def look_for_themes(workshop_id: str) -> None:
    """Suggest themes for the lines as they stand now, once for the same lines; nothing is ever applied."""
    workshop = Workshop.objects.filter(pk=uuid.UUID(workshop_id)).first()
    if workshop is None:
        return
    entries = [
        commonality.Entry(
            id=str(entry.pk),
            text=entry.text,
            people=entry.tally,
            school=(entry.participant.school_key or None) if entry.participant else None,
            role=(entry.participant.role or None) if entry.participant else None,
        )
        for entry in workshop.entries.filter(hidden=False).select_related("participant")
    ]
    if len(entries) < commonality.FEWEST_ENTRIES:
        return
    of_these = {
        "workshop": workshop,
        "input_hash": commonality.input_hash(entries),
        "algorithm": commonality.ALGORITHM,
    }
    if ThemeSuggestion.objects.filter(**of_these).exists():
        return
    found = [
        {"entries": [str(pk) for pk in one.ids], "label": one.label, "words": list(one.shared_words)}
        for one in commonality.suggest(entries)
    ]
    ThemeSuggestion.objects.get_or_create(**of_these, defaults={"found": found})
    live.whisper(workshop.stream, "suggestions")


LINKS_GO_OLD = timedelta(hours=20)


def look_at_links_before_the_day(workshop: Workshop) -> None:
    """On the day before and on the day itself, links that nobody looked at since are opened once more."""
    if workshop.state != Workshop.State.DRAFT or not workshop.starts_at:
        return
    days = (timezone.localdate(workshop.starts_at) - clock.today()).days
    old = timezone.now() - LINKS_GO_OLD
    if days not in (0, 1) or all(one["at"] and one["at"] > old for one in checklist.links(workshop)):
        return
    # The page may be opened many times before the worker comes to it.
    if cache.add(f"links-looked-at:{workshop.pk}", True, timeout=3600):
        look_at_links.enqueue(str(workshop.pk))


@task()
def look_at_links(workshop_id: str) -> None:
    """Open every link of the guide's copy once, and write down which answered."""
    workshop = Workshop.objects.filter(pk=uuid.UUID(workshop_id)).first()
    if workshop is None or not settings.ASKS_OUTSIDE:
        return
    found = links.look_at([one["url"] for one in checklist.addresses(workshop)])
    workshop.note_links(found, by=Actor("system"))
