"""A strategy table as a document to take away: the six columns of the paper, landscape."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from config.files import Column, Document, Grid, Line, Row

from . import cells
from .models import Strategy, StrategyTable

WIDTHS = {
    "description": 1.25,
    "areas": 0.75,
    "responsible": 1.1,
    "student_effects": 1.0,
    "teacher_effects": 1.0,
    "assessment": 1.1,
}
BLANK_ROWS = 6


def columns() -> tuple[Column, ...]:
    return tuple(Column(str(cells.HEADS[cell]), str(cells.QUESTIONS[cell]), WIDTHS[cell]) for cell in cells.CELLS)


def six_columns(table: StrategyTable) -> Document:
    """The rows that stand in the table; the example is not among them."""
    rows = tuple(_row(one) for one in table.strategies.standing().with_people())
    return _document(table, rows)


def blank_form(table: StrategyTable) -> Document:
    """The same page without words, with room to write by hand in a meeting without devices."""
    return _document(table, tuple(Row((), min_lines=6) for _n in range(BLANK_ROWS)))


def _document(table: StrategyTable, rows: tuple[Row, ...]) -> Document:
    team = str(table.team or table.get_meeting_kind_display())
    return Document(
        title=table.title,
        subtitle=(f"{team} · {table.years} · {table.school}",),
        blocks=(Grid(columns(), rows, name=_("Strategies")),),
        language=get_language() or "en",
        landscape=True,
        footer=f"{table.title} · {table.school}",
    )


def _row(strategy: Strategy) -> Row:
    names = {str(one.person_id): str(one.person) for one in strategy.responsibilities.all() if one.person_id}
    kinds = {"areas": "chip", "student_effects": "bullet", "teacher_effects": "bullet"}
    return Row(
        tuple(
            tuple(
                Line(text, kinds.get(cell, "paragraph"))  # type: ignore[arg-type]
                for text in cells.in_words(cell, strategy.value(cell), names)
            )
            for cell in cells.CELLS
        )
    )
