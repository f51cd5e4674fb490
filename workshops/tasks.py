"""What takes longer than a request: looking for what several people said, and whether links open."""

from __future__ import annotations

import uuid

from django.conf import settings
from django_tasks import task

from config import live
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


@task()
def look_at_links(workshop_id: str) -> None:
    """Open every link of the guide's copy once, and write down which answered."""
    workshop = Workshop.objects.filter(pk=uuid.UUID(workshop_id)).first()
    if workshop is None or not settings.ASKS_OUTSIDE:
        return
    found = links.look_at([one["url"] for one in checklist.addresses(workshop)])
    workshop.note_links(found, by=Actor("system"))
