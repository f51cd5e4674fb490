"""“Said by several”: what the worker found on the sheets, less what was declined or is a theme already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from profiles.models import Person

from .models import ThemeSuggestion, Workshop
from .room import Line, Room


@dataclass(frozen=True)
class Said:
    """Lines that may say the same, why it seems so, and how many people stand behind them now."""

    label: str
    words: list[str]
    entries: list[Line]
    sheets: int

    @property
    def people(self) -> int:
        return sum(entry.tally for entry in self.entries)


def open_suggestions(room: Room) -> list[Said]:
    """The latest suggestions that still hold: two lines or more, none hidden, in no theme yet, not declined."""
    rows = list(room.workshop.suggestions.order_by("-made_at", "-pk").values("found", "declined"))
    if not rows:
        return []
    declined = [entries for row in rows for entries in row["declined"]]
    lines = {str(entry.pk): entry for entry in room.entries if not entry.hidden and not entry.theme_id}
    found = []
    for group in rows[0]["found"]:
        entries = [lines[pk] for pk in group["entries"] if pk in lines]
        if len(entries) > 1 and sorted(str(entry.pk) for entry in entries) not in declined:
            found.append(Said(group["label"], group["words"], entries, len({entry.sheet for entry in entries})))
    return found


def decline(workshop: Workshop, entries: list[str], *, by: Person) -> None:
    latest: Any = workshop.suggestions.order_by("-made_at", "-pk").first()
    if isinstance(latest, ThemeSuggestion):
        latest.decline(entries, by=by)
