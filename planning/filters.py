"""Which rows of a table are shown, and in which order: by words, area, person, what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from . import cells
from .models import Strategy

SORTS = {
    "": _("as the team ordered them"),
    "description": _("by strategy, A to Z"),
    "missing": _("most still missing first"),
}


@dataclass(frozen=True)
class Filter:
    """What a reader asked to see; empty shows everything in the team's order."""

    words: str = ""
    area: str = ""
    person: str = ""
    missing: str = ""
    sort: str = ""
    row: str = ""
    """One row alone, by id: the meeting view."""

    @classmethod
    def asked(cls, query: QueryDict) -> Filter:
        """Of a page's query; what means nothing counts as not asked."""
        return cls(
            words=" ".join(query.get("find", "").split())[:100],
            area=_known(query.get("area", ""), cells.Area.values),
            person=query.get("person", "")[:200],
            missing=_known(query.get("missing", ""), [*cells.CELLS, "any"]),
            sort=_known(query.get("sort", ""), SORTS),
            row=query.get("row", "")[:36],
        )

    def __bool__(self) -> bool:
        return self != Filter()

    def rows(self, strategies: Iterable[Strategy]) -> list[Strategy]:
        if not self:
            return list(strategies)
        shown = [one for one in strategies if self._shows(one)]
        if self.sort == "description":
            shown.sort(key=lambda one: one.description.casefold())
        elif self.sort == "missing":
            shown.sort(key=lambda one: -len(one.missing))
        return shown

    def _shows(self, one: Strategy) -> bool:
        names = [each.name for each in one.people]
        return (
            (not self.row or self.row == str(one.pk))
            and (not self.area or self.area in one.areas)
            and (not self.person or self.person in names)
            and (not self.missing or self.missing in one.missing or (self.missing == "any" and bool(one.missing)))
            and (not self.words or self.words.casefold() in _said(one, names))
        )


def _known(text: str, allowed: Iterable[Any]) -> str:
    return text if text in allowed else ""


def _said(one: Strategy, names: list[str]) -> str:
    lines = [line["text"] for line in [*one.student_effects, *one.teacher_effects]]
    return "\n".join([one.description, one.why_led, one.assessment, *lines, *names]).casefold()
