"""The rows of a class's page as HTML: one ready-made, escaped fragment a row, a cell one look-up.

What a cell looks like stands here and in static/css/components/mastery.css, and nowhere else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from html import escape
from typing import Any

from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from .class_page import FIRST, LEVEL, MARK, MARK_SHIFT, Bit, ClassPage, Row
from .models import Level

SHAPES = "uedsx"
"""The class of each level's ring: unknown, emerging, developing, secure, extending."""


SAID, SAID_OF_MANY, MANY = 100, 48, 20
"""Letters of a competency's statement beside its name, fewer where there are many; all where one records it."""


class Cells(dict[int, str]):
    """For `str.translate`: the cell of each character, made when it is first met. In the language of the request."""

    def __missing__(self, character: int) -> str:
        cell = self[character] = cell_html(character - FIRST)
        return cell


def said_of(code: int) -> tuple[str, str]:
    """(the class of its ring, what it says in words)."""
    level, mark = code & LEVEL, (code & MARK) >> MARK_SHIFT
    shape, words = SHAPES[level], [str(Level(level).label)]
    if not level and code & Bit.BEGUN:
        shape, words = "b", [_("begun")]
    if code & Bit.BY_HAND:
        words.append(_("set by hand"))
    if code & Bit.REFRESH:
        words.append(_("worth a refresh"))
    if mark:
        words.append(_("marked %(mark)s today") % {"mark": mark})
    return shape, ", ".join(words)


def cell_html(code: int) -> str:
    shape, words = said_of(code)
    more = [name for name, bit in (("h", Bit.BY_HAND), ("r", Bit.REFRESH), ("f", Bit.FOUND)) if code & bit]
    named = f'"{" ".join([shape, *more])}"' if more else shape
    mark = (code & MARK) >> MARK_SHIFT
    marked = f" data-m={mark}" if mark else ""
    return f"<td class={named}{marked}>{escape(words)}"


class Grid:
    """Renders the rows of one class's page."""

    def __init__(self, page: ClassPage) -> None:
        self.page, self.cells = page, Cells()
        self.width = len(page.columns)
        self._ends: dict[int, str] = {}
        self._days: dict[dt.date, str] = {}

    def row(self, row: Row) -> str:
        return (
            f'<tr data-l="{row.id}"><th scope=row>{escape(row.name)}'
            f"{row.codes[: self.width].translate(self.cells)}{self.end(row)}"
        )

    def rows(self) -> SafeString:
        return mark_safe("".join(map(self.row, self.page.rows)))  # noqa: S308 - every word was escaped on the way in

    def chosen(self, learners: Iterable[str]) -> dict[str, str]:
        wanted = set(learners)
        return {str(row.id): self.row(row) for row in self.page.rows if not wanted or str(row.id) in wanted}

    def end(self, row: Row) -> str:
        """How much became secure since the day asked for."""
        if row.grown not in self._ends:
            n = f"+{row.grown}"
            grown = ngettext("%(n)s secure", "%(n)s secure", row.grown) % {"n": n} if row.grown else ""
            self._ends[row.grown] = f"<td class=g>{escape(grown).replace(n, f'<b>{n}</b>')}"
        return self._ends[row.grown]

    def heads(self) -> SafeString:
        """One head a competency: its name, how many are secure, when it was last seen. The list below leads to it."""
        never, everyone = escape(_("not yet")), len(self.page.everyone)
        parts = []
        for column in self.page.columns:
            last = self.day(column.last) if column.last else never
            parts.append(
                f"<th scope=col>{escape(column.head)}<small>{column.counts['secure']}/{everyone}<br>{last}</small>"
            )
        return mark_safe("".join(parts))  # noqa: S308 - escaped above

    def day(self, day: dt.date) -> str:
        if day not in self._days:
            short = pgettext("a day in a narrow column, as Django's date filter writes it", "M j")
            self._days[day] = escape(date_format(day, short))
        return self._days[day]

    def skills(self) -> SafeString:
        """One line a competency: what it is, what the class knows of it, when it was last seen."""
        never, seen = escape(_("not looked at yet")), escape(_("seen %(day)s"))
        longest = SAID if len(self.page.columns) <= MANY else SAID_OF_MANY
        parts = []
        for column in self.page.columns:
            last = seen % {"day": self.day(column.last)} if column.last else never
            said = column.said if len(column.said) <= longest else f"{column.said[: longest - 1]}…"
            parts.append(
                f'<li><span class=name><a href="record/{column.id}/">{escape(column.head)}</a> '
                f"<span class=skill>{escape(said)}</span></span>"
                f"<span>{escape(self.page.summary(column))}</span><span class=quiet>{last}</span>"
            )
        return mark_safe("".join(parts))  # noqa: S308 - escaped above


def mark_cell(level: int) -> str:
    """A cell of a task: what was said of it, or nothing yet."""
    return f"<td class={SHAPES[level]} data-m={level}>{escape(str(Level(level).label))}" if level else "<td class=n>"


def task_rows(rows: Iterable[tuple[Any, str, list[str]]]) -> SafeString:
    """(student, name, cells as `mark_cell` makes them)."""
    html = (f'<tr data-l="{learner}"><th scope=row>{escape(name)}{"".join(cells)}' for learner, name, cells in rows)
    return mark_safe("".join(html))  # noqa: S308 - escaped above
