"""Delimited text: CSV in every dialect schools meet, and what spreadsheets put on the clipboard as plain text."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from collections import Counter
from typing import Literal

from .model import Cell, Place, Problem, Source, Table, UnreadableFile, clean, column_label
from .office import caps

SEPARATORS = ",;\t|"
SAMPLE_CHARS = 100_000
SAMPLE_ROWS = 50
# Text that a spreadsheet would run, whatever number of guards already stands before it; so that one guard is put on,
# and exactly one taken off. Newline and the full-width signs count too: some spreadsheets skip or fold them.
_LIVE = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)


def guard(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula."""
    return "'" + text if _LIVE.match(text) else text


def unguard(text: str) -> str:
    """The text without the apostrophe that `guard` puts on."""
    return text[1:] if text.startswith("'") and _LIVE.match(text) else text


def write_csv(rows: list[list[str]]) -> bytes:
    """UTF-8 with a byte order mark, commas, every cell quoted and guarded."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([[guard(text) for text in row] for row in rows])
    return codecs.BOM_UTF8 + out.getvalue().encode()


def read_csv(data: bytes, filename: str = "", max_rows: int = caps.MAX_ROWS) -> Table:
    """The one table of a CSV file; encoding and separator are found out. Raises UnreadableFile."""
    try:
        text, _ = decode(data)
    except UnicodeDecodeError:
        raise UnreadableFile(Problem("encoding", Place(filename))) from None
    if "\x00" in text:
        raise UnreadableFile(Problem("unknown", Place(filename)))
    if named := _SEPARATOR_LINE.match(text):
        text, separator = text[named.end() :], named[1]
    else:
        separator = find_separator(text)
    return _read(text, separator, "csv", filename, max_rows)


def read_clipboard(text: str) -> Table:
    """Plain text from the clipboard: tabs part columns, as every spreadsheet copies; without tabs, a line a row."""
    return _read(text, "\t", "text", "", caps.MAX_ROWS)


def find_separator(text: str) -> str:
    """The separator under which most of the first rows are equally wide, and wider than one.

    Rows in which quotation marks stand where this separator would not have them count half.
    """
    sample = text[:SAMPLE_CHARS]
    whole = len(text) <= SAMPLE_CHARS

    def records(separator: str, strict: bool) -> list[list[str]] | None:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator, strict=strict)
        rows: list[list[str]] = []
        try:
            rows.extend(itertools.islice(reader, SAMPLE_ROWS))
        except csv.Error as error:
            if whole or "unexpected end" not in str(error):
                return None
        return rows

    def fitness(separator: str) -> tuple[float, int]:
        rows, weight = records(separator, strict=True), 1.0
        if rows is None:
            rows, weight = records(separator, strict=False) or [], 0.5
        widths = Counter(len(row) for row in rows if row)
        if not widths:
            return 0, 0
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        return (weight * count / widths.total() if width > 1 else 0), width

    return max(SEPARATORS, key=fitness)  # of equals the first: the comma


def decode(data: bytes) -> tuple[str, str]:
    """The text, and the encoding it was found to be in. Raises UnicodeDecodeError."""
    encoding = _encoding(data)
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError:
        if encoding != "utf-8":
            raise
    # A file with lone carriage returns was written by Excel's “CSV (Macintosh)”.
    encoding = "mac-roman" if b"\r" in data and b"\n" not in data else "cp1252"
    return data.decode(encoding), encoding


def _encoding(data: bytes) -> str:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return encoding
    sample = data[:1000]
    if sample.count(0) > len(sample) // 4:  # UTF-16 without its mark: every other byte of Latin text is zero
        return "utf-16-le" if sample[1::2].count(0) >= sample[::2].count(0) else "utf-16-be"
    return "utf-8"


def _read(text: str, separator: str, source: Source, filename: str, max_rows: int) -> Table:
    try:
        rows = _rows(text, separator, source, filename, max_rows, strict=True)
    except csv.Error as error:
        if "unexpected end" in str(error) and source == "csv":
            raise UnreadableFile(Problem("quote", Place(filename, row=_open_row(text, separator)))) from None
        try:
            rows = _rows(text, separator, source, filename, max_rows, strict=False)
        except csv.Error:
            raise UnreadableFile(Problem("cell_chars", Place(filename), {"most": caps.MAX_CELL_CHARS})) from None
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((at for row in rows for at, cell in enumerate(row, 1) if cell), default=0)
    if not width:
        raise UnreadableFile(Problem("empty" if source == "csv" else "nothing_pasted", Place(filename)))
    return Table(
        source=source,
        number=1,
        file=filename,
        rows=tuple(
            tuple(Cell(row[at - 1] if at <= len(row) else "", number, at) for at in range(1, width + 1))
            for number, row in enumerate(rows, 1)
        ),
    )


def _rows(text: str, separator: str, source: Source, filename: str, max_rows: int, strict: bool) -> list[list[str]]:
    """Rows of clean text under every cap. A clipboard that is not well quoted is not quoted at all."""
    quoting: Literal[0, 3] = csv.QUOTE_NONE if source == "text" and not strict else csv.QUOTE_MINIMAL
    rows: list[list[str]] = []
    chars = 0
    problems: list[Problem] = []
    cap = max_rows
    for number, record in enumerate(
        csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict, quoting=quoting), 1
    ):
        row = [unguard(clean(cell)) if source == "csv" else clean(cell) for cell in record]
        rows.append(row)
        if number > cap and any(row):
            raise UnreadableFile(Problem("rows", Place(filename, row=number), {"most": cap}))
        while row and not row[-1]:
            row.pop()
        if len(row) > caps.MAX_COLUMNS:
            problems.append(Problem("columns", Place(filename, row=number), {"most": caps.MAX_COLUMNS}))
        for at, cell in enumerate(row, 1):
            chars += len(cell)
            if len(cell) > caps.MAX_CELL_CHARS:
                place = Place(filename, row=number, column=column_label(source, at))
                problems.append(Problem("cell_chars", place, {"most": caps.MAX_CELL_CHARS}))
        if chars > caps.MAX_CHARS and cap <= caps.MAX_ROWS:
            problems.append(Problem("chars", Place(filename, row=number)))
            break
    if problems:
        raise UnreadableFile(*problems[:20])
    return rows


def _open_row(text: str, separator: str) -> int:
    """The row, counted from 1, in which the quotation opens that never closes."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 1
    with_error = False
    while not with_error:
        try:
            next(reader)
            number += 1
        except (csv.Error, StopIteration):
            with_error = True
    return number
