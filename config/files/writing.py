"""From a Document to bytes."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from django.utils.translation import gettext

from . import delimited
from .model import (
    Column,
    Document,
    Drawing,
    Grid,
    Heading,
    Kind,
    Line,
    Place,
    Problem,
    Row,
    UnwritableDocument,
    cell_text,
    clean,
    column_letters,
    row_texts,
)
from .process import OfficeError, run

CONTENT_TYPES: dict[Kind, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def write(document: Document, kind: Kind) -> bytes:
    """The document in one of the four formats. Raises UnwritableDocument.

    Texts are written as `clean` leaves them. Read back, a grid gives ``Grid.texts()`` less the empty rows and columns
    at its end (docx: each helper on a line under its heading).
    """
    if kind == "csv":
        return delimited.write_csv(_rows(document))
    order = json.dumps({"kind": kind, "document": _document(document)}, ensure_ascii=False)
    try:
        return run("write", order.encode("utf-8"))
    except OfficeError as failure:
        raise UnwritableDocument(*_problems(document, failure)) from None


def _rows(document: Document) -> list[list[str]]:
    """What csv holds: the grids with an empty row between them, or the lines where there is no grid."""
    rows: list[list[str]] = []
    for grid in document.grids():
        if rows:
            rows.append([])
        rows.extend(grid.texts())
    return rows or [[clean(block.text)] for block in document.blocks if not isinstance(block, Grid)]


def _document(document: Document) -> dict[str, Any]:
    """The document as the office process takes it: clean texts, heading levels without gaps."""
    language, _, region = document.language.replace("_", "-").partition("-")
    blocks: list[dict[str, Any]] = []
    level = 0
    for block in document.blocks:
        if isinstance(block, Heading):
            level = max(1, min(block.level, level + 1))  # a heading two levels down is no PDF/UA
            blocks.append({"block": "Heading", "text": clean(block.text), "level": level, "new_page": block.new_page})
        elif isinstance(block, Line | Drawing):
            blocks.append({"block": "Line", **_line(block)})
        else:
            blocks.append(_grid(block))
    return {
        "title": clean(document.title).replace("\n", " ").strip() or "–",
        "language": document.language,
        "lang": language.lower(),
        "region": region.upper() if len(region) == 2 else None,
        "subtitle": [clean(line) for line in document.subtitle],
        "blocks": blocks,
        "landscape": document.landscape,
        "footer": clean(document.footer),
        "notes": [clean(note) for note in document.notes],
        "paper": document.paper,
    }


def _line(line: Line | Drawing) -> dict[str, Any]:
    if isinstance(line, Drawing):
        return {"text": clean(line.text), "kind": "drawing", "svg": line.svg, "width_mm": line.width_mm}
    return {"text": clean(line.text), "kind": line.kind}


def _grid(grid: Grid) -> dict[str, Any]:
    return {
        "block": "Grid",
        "name": clean(grid.name),
        "columns": [_column(column) for column in grid.columns],
        "rows": [_row(row) for row in grid.rows],
        "texts": grid.texts(),
    }


def _column(column: Column) -> dict[str, Any]:
    return {"heading": clean(column.heading), "helper": clean(column.helper), "width": column.width}


def _row(row: Row) -> dict[str, Any]:
    return {
        "cells": [[_line(line) for line in lines] for lines in row.cells],
        "mark": clean(row.mark),
        "min_lines": row.min_lines,
    }


def _problems(document: Document, failure: OfficeError) -> list[Problem]:
    said = failure.said
    if failure.code == "characters":
        return [_characters(document, text) for text in json.loads(said["values"]["characters"])]
    if failure.code == "too_long":
        return [Problem("too_long", Place(table=said["name"], row=said["row"], column=column_letters(said["column"])))]
    codes = {"seconds": "write_seconds", "memory": "write_memory", "busy": "busy"}
    return [Problem(codes.get(failure.code, "write_failed"))]


def _characters(document: Document, text: str) -> Problem:
    """The characters by sight and by name, and the first cell that holds them."""
    names = ", ".join(unicodedata.name(letter, "").lower() or f"U+{ord(letter):04X}" for letter in text)
    said = gettext("“%(text)s” (%(name)s)") % {"text": text, "name": names}
    return Problem("characters", _first_place(document, text), {"characters": said})


def _first_place(document: Document, text: str) -> Place:
    for grid in document.grids():
        for number, row in enumerate(grid.rows, 1):
            for at, cell in enumerate(row_texts(row, len(grid.columns))):
                if text in cell:
                    return Place(table=grid.name, row=number, column=grid.columns[at].heading)
    for block in document.blocks:
        if not isinstance(block, Grid) and text in block.text:
            return Place(table=cell_text((Line(block.text[:60]),)))
    return Place()
