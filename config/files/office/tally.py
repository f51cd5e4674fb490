"""What the readers here produce, and the count that stops them when a file holds more than we take on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from . import caps

# What XML cannot carry; the same set as in config.files.model, which this process must not import.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n"))


class Trouble(Exception):  # noqa: N818 (the word its sentences use)
    """The file is not read: ``code`` names the sentence, the rest says where (0: not said)."""

    def __init__(
        self, code: str, *, name: str = "", number: int = 0, row: int = 0, column: int = 0, **values: str | int
    ) -> None:
        super().__init__(code)
        self.code, self.name, self.number, self.row, self.column, self.values = code, name, number, row, column, values

    def as_json(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(slots=True)
class RawCell:
    text: str = ""
    merged: str = ""
    formula: bool = False
    struck: bool = False
    hidden: bool = False

    def as_json(self) -> Any:
        """The bare text where nothing else is to say, which is nearly always."""
        if self.merged or self.formula or self.struck or self.hidden:
            return [self.text, self.merged, self.formula, self.struck, self.hidden]
        return self.text


@dataclass(slots=True)
class RawTable:
    source: str
    number: int
    name: str = ""
    caption: str = ""
    hidden: bool = False
    inside: tuple[int, int, int] | None = None  # table number, row, column
    rows: list[list[RawCell]] = field(default_factory=list)
    notes: list[Trouble] = field(default_factory=list)

    def trim(self) -> None:
        """Make it a rectangle without the empty rows and columns at its end."""

        def used(row: list[RawCell]) -> int:
            return max((at for at, cell in enumerate(row, 1) if cell.text and cell.merged != "down"), default=0)

        while self.rows and not used(self.rows[-1]):
            self.rows.pop()
        width = max((used(row) for row in self.rows), default=0)
        for row in self.rows:
            del row[width:]
            row.extend(RawCell() for _ in range(width - len(row)))

    def as_json(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "number": self.number,
            "name": self.name,
            "caption": self.caption,
            "hidden": self.hidden,
            "inside": self.inside,
            "rows": [[cell.as_json() for cell in row] for row in self.rows],
            "notes": [note.as_json() for note in self.notes],
        }


class Tally:
    """Counts the tables, cells and characters of one file and raises Trouble at the first cap passed."""

    def __init__(self) -> None:
        self.tables = self.cells = self.chars = 0

    def table(self) -> int:
        """One more table; its number."""
        self.tables += 1
        if self.tables > caps.MAX_TABLES:
            raise Trouble("tables", most=caps.MAX_TABLES)
        return self.tables

    def size(self, table: RawTable, rows: int, columns: int) -> None:
        """The table reaches this far, so far."""
        if rows > caps.MAX_ROWS:
            raise Trouble("rows", name=table.name, number=table.number, row=rows, most=caps.MAX_ROWS)
        if columns > caps.MAX_COLUMNS:
            raise Trouble("columns", name=table.name, number=table.number, column=columns, most=caps.MAX_COLUMNS)

    def space(self, cells: int) -> None:
        """So many more cells, empty ones included."""
        self.cells += cells
        if self.cells > caps.MAX_CELLS:
            raise Trouble("cells", most=caps.MAX_CELLS)

    def text(self, table: RawTable, row: int, column: int, text: str) -> None:
        """One cell more holds this text."""
        where: dict[str, Any] = {"name": table.name, "number": table.number, "row": row, "column": column}
        if len(text) > caps.MAX_CELL_CHARS:
            raise Trouble("cell_chars", most=caps.MAX_CELL_CHARS, **where)
        self.chars += len(text)
        if self.chars > caps.MAX_CHARS:
            raise Trouble("chars", **where)
