"""From bytes, or from the clipboard, to tables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import delimited
from .model import Cell, Place, Problem, Table, UnreadableFile, column_label, table_label
from .office import caps
from .process import OfficeError, run

LOCK_FILE_BYTES = (162, 165)  # Word's, Excel's

# What a file begins with says what it is; its name says nothing.
_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"BM", "picture?"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"RIFF", "picture?"),
    (b"\x7fELF", "unknown"),
    (b"MZ", "unknown?"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!\x1a\x07", "archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
)


def read(data: bytes | Path, filename: str) -> list[Table]:
    """Every table of a Word, Excel, CSV or HTML file, never an empty list. Raises UnreadableFile."""
    if isinstance(data, Path):
        with data.open("rb") as stream:
            data = stream.read(caps.MAX_FILE_BYTES + 1)
    kind = recognise(data, filename)
    if kind == "zip":
        return _in_office("read", data, filename)
    if kind == "html":
        return _in_office("html", data, filename)
    if kind == "csv":
        return [delimited.read_csv(data, filename)]
    raise UnreadableFile(Problem(kind, Place(filename), {"megabytes": caps.MAX_FILE_BYTES // 1_000_000}))


def read_html(html: str) -> list[Table]:
    """The tables of the clipboard's HTML; where it has none, its lines as one table of one column."""
    data = html.encode("utf-8", "replace")
    if len(data) > caps.MAX_PASTE_BYTES:
        raise UnreadableFile(Problem("paste_too_big"))
    try:
        return _in_office("html", data, "")
    except UnreadableFile as unreadable:
        if unreadable.problems[0].code == "no_table":
            raise UnreadableFile(Problem("nothing_pasted")) from None
        raise


def read_text(text: str) -> list[Table]:
    """The clipboard's plain text: tab-separated as Excel, Google Sheets and Word copy it, or lines."""
    if len(text) > caps.MAX_PASTE_BYTES:
        raise UnreadableFile(Problem("paste_too_big"))
    return [delimited.read_clipboard(text)]


def recognise(data: bytes, filename: str) -> str:
    """zip, html or csv where it may be read; otherwise the code of the sentence that says why not."""
    if not data.strip(b"\x00 \r\n\t"):
        return "empty"
    if len(data) > caps.MAX_FILE_BYTES:
        return "too_big"
    if Path(filename).name.startswith("~$") or (len(data) in LOCK_FILE_BYTES and data[0] < 64 and data[-2:] == b"\0\0"):
        return "lock_file"
    for beginning, kind in _BEGINNINGS:
        if data.startswith(beginning) and (not kind.endswith("?") or b"\x00" in data[:200]):
            return _compound_file(data) if kind == "ole" else kind.rstrip("?")
    start = data[:1000].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<head")) or (
        start.startswith((b"<?xml", b"<!--")) and b"<html" in start
    ):
        return "html"
    return "unknown" if start.startswith((b"<?xml", b"<svg")) else "csv"


def _compound_file(data: bytes) -> str:
    """What lies in a compound (OLE) file, by the names of its streams: the container of old and of encrypted files."""
    for stream, kind in (
        ("EncryptedPackage", "encrypted"),
        ("WordDocument", "old_word"),
        ("Workbook", "old_excel"),
        ("Book", "old_excel"),
    ):
        if stream.encode("utf-16-le") in data:
            return kind
    return "old_office"


def _in_office(work: str, data: bytes, filename: str) -> list[Table]:
    try:
        raw = json.loads(run("html" if work == "html" else "read", data))
    except OfficeError as failure:
        raise UnreadableFile(_problem(failure.code, failure.said, filename)) from None
    return [_table(item, filename) for item in raw]


def _table(raw: Mapping[str, Any], filename: str) -> Table:
    source = raw["source"]
    inside = None
    if raw["inside"]:
        number, row, column = raw["inside"]
        inside = Place(filename, table_label(source, number), row, column_label(source, column))
    notes = [_problem(note["code"], note, filename, source) for note in raw["notes"]]
    if raw["hidden"]:
        notes.insert(0, Problem("hidden_sheet", Place(filename, table_label(source, raw["number"], raw["name"]))))
    return Table(
        source=source,
        number=raw["number"],
        name=raw["name"],
        caption=raw["caption"],
        file=filename,
        hidden=raw["hidden"],
        inside=inside,
        notes=tuple(notes),
        rows=tuple(
            tuple(_cell(cell, number, at) for at, cell in enumerate(row, 1))
            for number, row in enumerate(raw["rows"], 1)
        ),
    )


def _cell(raw: Any, row: int, column: int) -> Cell:
    if isinstance(raw, str):
        return Cell(raw, row, column)
    text, merged, formula, struck, hidden = raw
    return Cell(text, row, column, merged, formula, struck, hidden)


def _problem(code: str, said: Mapping[str, Any], filename: str, source: Any = None) -> Problem:
    if not said:
        return Problem(code, Place(filename))
    name = said["name"]
    source = source or ("xlsx" if name else "docx")
    place = Place(
        filename, table_label(source, said["number"], name), said["row"], column_label(source, said["column"])
    )
    return Problem(code, place, said["values"])
