"""A class's page as a document to take away, and one of its columns to paste into a gradebook."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from config.files import Block, Document, Grid, Heading, Line
from config.files import Column as GridColumn
from config.files import Row as GridRow

from .class_grid import said_of
from .class_page import FIRST, LEVEL, ClassPage, Column
from .models import Level

FORMS = ("csv", "xlsx", "pdf")
PAPER_COLUMNS = 7
"""How many competencies in words stand side by side on a sheet."""


def document(page: ClassPage, form: str) -> Document:
    """Every cell in words. On paper so many columns at a time, each with what the whole class knows below."""
    parts = list(_in_parts(page, PAPER_COLUMNS if form == "pdf" else max(1, len(page.columns))))
    blocks: list[Block] = []
    for part in parts:
        blocks.append(_grid(page, part))
    if form == "pdf":
        blocks.append(Heading(_("Skill by skill")))
        blocks += [Line(f"{column.head}: {page.summary(column)}. {column.said}") for column in page.columns]
    section = page.section
    return Document(
        title=f"{section.title} · {page.units.get(page.unit, _('all units'))}",
        subtitle=(f"{section.school} · {date_format(page.today)}",),
        blocks=tuple(blocks),
        language=get_language() or "en",
        landscape=True,
        footer=f"{section.title} · {section.school}",
    )


def _in_parts(page: ClassPage, size: int) -> list[list[int]]:
    places = range(len(page.columns))
    return [list(places[start : start + size]) for start in places[::size]] or [[]]


def _grid(page: ClassPage, places: list[int]) -> Grid:
    columns = [page.columns[place] for place in places]
    rows = [
        GridRow(((Line(row.name),), *((Line(said_of(ord(row.codes[place]) - FIRST)[1]),) for place in places)))
        for row in page.rows
    ]
    summary = GridRow(((Line(_("The class"), "strong"),), *((Line(page.summary(one)),) for one in columns)))
    heads = (GridColumn(_("Student"), width=1.4), *(GridColumn(one.head) for one in columns))
    return Grid(heads, (*rows, summary), name=page.section.title[:31])


def one_column(page: ClassPage, column: Column) -> str:
    """Name and level, a line a student: pasted into a spreadsheet they are two columns."""
    place = page.columns.index(column)
    return "\n".join(f"{row.name}\t{Level((ord(row.codes[place]) - FIRST) & LEVEL).label}" for row in page.everyone)
