"""What a file holds: `Table`s of `Cell`s on the way in, a `Document` on the way out; a `Problem` where it cannot be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from django.utils.translation import gettext

from . import sentences

Source = Literal["csv", "xlsx", "docx", "html", "text"]
Kind = Literal["csv", "xlsx", "docx", "pdf"]
Merge = Literal["", "across", "down"]
LineKind = Literal["paragraph", "bullet", "chip", "quiet", "strong"]

# What XML cannot carry: C0 controls but tab and newline, halves of surrogate pairs, two non-characters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text as every format here carries it: newlines are ``\\n``; characters that XML forbids are gone."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def column_letters(column: int) -> str:
    """A spreadsheet's name for a column counted from 1: A … Z, AA …"""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands, as a person would look for it. What is empty or 0 is not known or not said."""

    file: str = ""
    table: str = ""
    row: int = 0
    column: str = ""

    def __str__(self) -> str:
        parts = [self.file, self.table]
        if self.row:
            parts.append(gettext("row %(row)s") % {"row": self.row})
        if self.column:
            parts.append(gettext("column %(column)s") % {"column": self.column})
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that cannot be read or written: what, where, what to do. Its sentence is in the reader's language."""

    code: str
    place: Place = Place()
    values: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        return sentences.sentence(self.code, self.values)

    def __str__(self) -> str:
        place = str(self.place)
        return f"{place}: {self.sentence}" if place else self.sentence


class FileProblems(Exception):  # noqa: N818 (it carries problems; it is not one of them)
    """Why a file cannot be read or written; ``problems`` holds at least one."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class UnreadableFile(FileProblems):
    """The file, or what was pasted, is not read at all."""


class UnwritableDocument(FileProblems):
    """The document cannot be written in this format; another may do."""


# ---- in -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as a person sees it.

    ``merged`` "across": part of the cell to its left, text empty; "down": part of the cell above, its text repeated.
    ``formula``: the text is the result the file last saved (empty when none was). ``struck``: all of it crossed out.
    ``hidden``: its row or column is.
    """

    text: str
    row: int
    column: int
    merged: Merge = ""
    formula: bool = False
    struck: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A rectangle of cells, empty rows and columns at its end left off.

    ``name`` is the sheet's name (Excel only); ``number`` counts from 1 in the file; ``caption`` is the line of text
    before a Word or HTML table; ``inside`` is the cell that holds a nested table; ``notes`` are small troubles that did
    not stop the reading.
    """

    source: Source
    number: int
    rows: tuple[tuple[Cell, ...], ...]
    name: str = ""
    caption: str = ""
    file: str = ""
    hidden: bool = False
    inside: Place | None = None
    notes: tuple[Problem, ...] = ()

    @property
    def label(self) -> str:
        """The table's name in words: “sheet Plan”, “table 2”; empty where the file can have one only."""
        return table_label(self.source, self.number, self.name)

    @property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0

    def texts(self) -> list[list[str]]:
        return [[cell.text for cell in row] for row in self.rows]

    def place(self, cell: Cell) -> Place:
        return Place(self.file, self.label, cell.row, column_label(self.source, cell.column))


def table_label(source: Source, number: int, name: str = "") -> str:
    if source == "xlsx" and name:
        return gettext("sheet “%(name)s”") % {"name": name}
    if source in ("docx", "html", "xlsx") and number:
        return gettext("table %(number)s") % {"number": number}
    return ""


def column_label(source: Source, column: int) -> str:
    """Letters where a spreadsheet shows them, numbers elsewhere."""
    if not column:
        return ""
    return column_letters(column) if source in ("csv", "xlsx") else str(column)


# ---- out ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One line of plain text, in a cell or in the body. Chips that follow one another share a line."""

    text: str
    kind: LineKind = "paragraph"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of our own making, as SVG, in a cell or in the body; ``text`` says the same for who does not see it.

    Printed in PDF, ``width_mm`` wide; elsewhere its text stands.
    """

    svg: str
    text: str
    width_mm: float


@dataclass(frozen=True, slots=True)
class Heading:
    """Level 1 stands right under the document's title. In print, ``new_page`` begins a page."""

    text: str
    level: int = 1
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    heading: str
    helper: str = ""
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Row:
    """Cells from left to right. ``mark`` (“Example”) sets the row apart and goes before its first cell's text.

    ``min_lines`` leaves room to write by hand.
    """

    cells: tuple[tuple[Line | Drawing, ...], ...]
    mark: str = ""
    min_lines: int = 0


@dataclass(frozen=True, slots=True)
class Grid:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    name: str = ""

    def texts(self) -> list[list[str]]:
        """Headings and rows as every format gives them back when read (csv, xlsx; docx adds the helper to the head)."""
        heads = [clean(column.heading) for column in self.columns]
        return [heads, *([*row_texts(row, len(heads))] for row in self.rows)]


Block = Heading | Line | Drawing | Grid


@dataclass(frozen=True, slots=True)
class Document:
    """A neutral description of what is printed or taken away; every text in it is plain text.

    csv and xlsx carry the grids alone (or, where there is none, the lines, one a row).
    ``language`` is a BCP 47 tag; ``footer`` stands at the foot of every page beside its number.
    """

    title: str
    blocks: tuple[Block, ...] = ()
    subtitle: tuple[str, ...] = ()
    language: str = "en"
    landscape: bool = False
    footer: str = ""
    notes: tuple[str, ...] = ()
    paper: Literal["us-letter", "a4"] = "us-letter"

    def grids(self) -> list[Grid]:
        return [block for block in self.blocks if isinstance(block, Grid)]


def cell_text(lines: tuple[Line | Drawing, ...]) -> str:
    """A cell as plain text: a line each, neighbouring chips on one line with semicolons between."""
    parts: list[str] = []
    after_chip = False
    for line in lines:
        text = clean(line.text)
        is_chip = isinstance(line, Line) and line.kind == "chip"
        if is_chip and after_chip:
            parts[-1] += "; " + text
        else:
            parts.append(text)
        after_chip = is_chip
    return "\n".join(parts)


def row_texts(row: Row, width: int) -> Iterator[str]:
    """A row's cells as plain text, ``width`` of them."""
    mark = clean(row.mark)
    for index in range(width):
        text = cell_text(row.cells[index]) if index < len(row.cells) else ""
        yield f"{mark}: {text}" if mark and index == 0 else text
