"""A CSV file under a heading that a standard names, read line by line: what is wrong is said where it stands."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Self

from config.files import clean
from config.files.delimited import SEPARATORS, decode

from .problem import Problem, Problems

MAX_CELL_CHARS = 4_000
MAX_DIGITS = 15
EARLIEST = dt.date(1900, 1, 1)
ENCODING_NAMES = {"cp1252": "Windows-1252", "mac-roman": "Mac Roman"}

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_LINE = re.compile(r".+\n?|\n")  # a reader over the text itself would first make a copy four times its size


@dataclass(slots=True)
class Table:
    """The lines of one file. ``at``: where each known column stands. Not ``whole``: `records` had to stop early."""

    name: str
    text: str
    separator: str
    width: int
    at: dict[str, int]
    problems: Problems
    whole: bool = True

    @classmethod
    def begin(
        cls,
        name: str,
        data: bytes,
        problems: Problems,
        known: Collection[str],
        needed: Sequence[str] = (),
    ) -> Self | None:
        """The file with its heading read; None, and a blocking problem, where it cannot be used at all."""
        try:
            text, encoding = decode(data)
        except UnicodeDecodeError:
            problems.add(Problem("encoding", name))
            return None
        if "\x00" in text:
            problems.add(Problem("binary", name))
            return None
        text = clean(text)
        if not text.strip():
            problems.add(Problem("empty", name))
            return None
        if encoding in ENCODING_NAMES:
            problems.add(
                Problem("encoding_guessed", name, values={"encoding": ENCODING_NAMES[encoding]}, blocking=False)
            )
        spelled = {column.casefold(): column for column in known}
        first = text[: text.index("\n")] if "\n" in text else text

        def headings(separator: str) -> list[str]:
            cells = next(csv.reader([first], delimiter=separator), [])
            return [spelled.get(cell.strip().casefold(), cell.strip()) for cell in cells]

        try:
            separator = max(SEPARATORS, key=lambda separator: len(spelled.keys() & _folded(headings(separator))))
            named = headings(separator)
        except csv.Error:
            problems.add(Problem("quotes", name, 1))
            return None
        if separator != ",":
            shown = separator if separator != "\t" else "tab"
            problems.add(Problem("separator", name, 1, values={"separator": shown}, blocking=False))
        while named and not named[-1]:
            named.pop()
        at: dict[str, int] = {}
        for position, heading in enumerate(named):
            if heading not in known:
                problems.add(Problem("heading_unknown", name, 1, heading[:100], blocking=False))
            elif heading in at:
                problems.add(Problem("heading_twice", name, 1, heading))
            at.setdefault(heading, position)
        missing = [column for column in needed if column not in at]
        for column in missing:
            problems.add(Problem("heading_missing", name, 1, column))
        return None if missing else cls(name, text, separator, len(named), at, problems)

    def records(self, most: int) -> Iterator[Record]:
        """Each line that is not empty and as wide as the heading, up to ``most`` of them."""
        reader = csv.reader((line[0] for line in _LINE.finditer(self.text)), delimiter=self.separator, strict=True)
        width, line, count = self.width, 1, 0
        try:
            next(reader, None)
            line = reader.line_num + 1
            for raw in reader:
                cells = [cell.strip() for cell in raw]
                while len(cells) > width and not cells[-1]:
                    cells.pop()
                if len(cells) == width and any(cells):
                    count += 1
                    if count > most:
                        self.whole = False
                        self.say("rows", line, values={"most": most})
                        return
                    yield Record(self, line, cells)
                elif any(cells):
                    code = "cells_few" if len(cells) < width else "cells_many"
                    self.say(code, line, values={"found": len(cells), "expected": width})
                line = reader.line_num + 1
        except csv.Error:
            self.whole = False
            self.say("quotes", line)

    def say(
        self,
        code: str,
        line: int,
        column: str = "",
        values: dict[str, str | int] | None = None,
        blocking: bool = True,
    ) -> None:
        self.problems.add(Problem(code, self.name, line, column, values or {}, blocking))


@dataclass(slots=True)
class Record:
    """One line. What it is asked for and cannot give, it says; then it is not ``usable``. Absent columns are empty.

    ``lenient``: it says nothing, since nothing but its id is needed.
    """

    table: Table
    line: int
    cells: list[str]
    usable: bool = True
    lenient: bool = False

    def say(self, code: str, column: str = "", *, blocking: bool = True, **values: str | int) -> None:
        if self.lenient:
            return
        self.table.say(code, self.line, column, values, blocking)
        if blocking:
            self.usable = False

    def text(self, column: str, most: int = MAX_CELL_CHARS) -> str:
        at = self.table.at.get(column)
        if at is None:
            return ""
        cell = self.cells[at]
        if len(cell) > most:
            self.say("cell_long", column, most=most)
            return ""
        return cell

    def needed(self, column: str, most: int = MAX_CELL_CHARS) -> str:
        cell = self.text(column, most)
        if not cell:
            self.say("cell_empty", column)
        return cell

    def listed(self, column: str, separators: str = ",") -> tuple[str, ...]:
        """The parts of a cell that holds several."""
        cell = self.text(column)
        if not cell:
            return ()
        for separator in separators[1:]:
            cell = cell.replace(separator, separators[0])
        return tuple(part for part in map(str.strip, cell.split(separators[0])) if part)

    def one_of(self, column: str, allowed: dict[str, str], default: str | None = None) -> str:
        """The allowed value, however its capitals are; ``allowed`` maps what is written, folded, to what is meant."""
        cell = self.text(column)
        if not cell and default is not None:
            return default
        if (meant := allowed.get(cell.casefold())) is None:
            if cell:
                self.say("value_unknown", column, found=cell[:100], allowed=", ".join(dict.fromkeys(allowed.values())))
            else:
                self.say("cell_empty", column)
            return ""
        return meant

    def date(self, column: str, today: dt.date | None = None, with_time: bool = False) -> dt.date | None:
        """The day; None where the cell is empty. A time after it is cut off where it may be there."""
        cell = self.text(column)
        if not cell:
            return None
        written = _DATE.fullmatch(cell[:10] if with_time and cell[10:11] in ("T", " ") else cell)
        if written is None:
            self.say("date", column, found=cell[:40])
            return None
        try:
            day = dt.date(*map(int, written.groups()))
        except ValueError:
            self.say("date_impossible", column, found=written[0])
            return None
        if day < EARLIEST:
            self.say("date_ancient", column, found=written[0])
        elif today is not None and day > today:
            self.say("date_future", column, found=written[0])
        return day

    def number(self, column: str, least: int = 0, most: int = 1_000_000) -> Decimal | None:
        """The number, ``least`` ≤ it ≤ ``most``; None where the cell is empty."""
        cell = self.text(column)
        if not cell:
            return None
        try:
            number = Decimal(cell) if len(cell) <= MAX_DIGITS else Decimal("NaN")
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            self.say("number", column, found=cell[:40])
            return None
        if not least <= number <= most:
            self.say("number_range", column, found=cell, least=least, most=most)
        return number


def _folded(headings: list[str]) -> set[str]:
    return {heading.casefold() for heading in headings}


def choices(*values: str) -> dict[str, str]:
    """For `Record.one_of`: the values by how they read without capitals."""
    return {value.casefold(): value for value in values}
