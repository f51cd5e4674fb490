"""A strategy table as a document to take away: the six columns of the paper, landscape."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from config.files import Block, Column, Document, Grid, Heading, Line, Row

from . import cells
from .history import changes_of, entries
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


def summary(table: StrategyTable) -> Document:
    """One page for a board or a family evening: each strategy with who leads and what it is for."""
    blocks: list[Block] = []
    for one in table.strategies.standing().with_people():
        blocks.append(Heading(str(one) or _("A row without a description yet"), 2))
        lead = next((str(each) for each in one.responsibilities.all() if each.lead), "")
        said = [str(cells.Area(area).label) for area in one.areas]
        if lead:
            said.append(_("%(name)s leads") % {"name": lead})
        if said:
            blocks.append(Line(" · ".join(said), "quiet"))
        effects = [line["text"] for line in [*one.student_effects, *one.teacher_effects]]
        blocks += [Line(text, "bullet") for text in effects]
        if one.assessment:
            blocks.append(Line(_("How we will know: %(text)s") % {"text": " ".join(one.assessment.split())}))
    return _whole(table, tuple(blocks) or (Line(_("Nothing is written in this table yet.")),))


def history(table: StrategyTable) -> Document:
    """Every change as a sentence, the newest first, with what a cell said before and after."""
    blocks: list[Block] = []
    for entry in entries(table, changes_of(table)):
        at = date_format(localtime(entry.change.at), "SHORT_DATETIME_FORMAT")
        blocks.append(Line(f"{at}  {entry.actor} {entry.sentence}"))
        for mark, side in ((_("Before"), entry.was), (_("After"), entry.now)):
            if side:
                blocks.append(Line(f"{mark}: {side}", "quiet"))
    return _whole(table, tuple(blocks), landscape=False)


DOCUMENTS = {"table": six_columns, "summary": summary, "history": history, "blank": blank_form}
"""What can be taken away of a table; the six columns unless something else is asked for."""


def _document(table: StrategyTable, rows: tuple[Row, ...]) -> Document:
    return _whole(table, (Grid(columns(), rows, name=_("Strategies")),), landscape=True)


def _whole(table: StrategyTable, blocks: tuple[Block, ...], *, landscape: bool = False) -> Document:
    team = str(table.team or table.get_meeting_kind_display())
    return Document(
        title=table.title,
        subtitle=(f"{team} · {table.years} · {table.school}",),
        blocks=blocks,
        language=get_language() or "en",
        landscape=landscape,
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
