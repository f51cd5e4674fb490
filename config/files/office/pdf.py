"""Printing: tagged PDF (PDF/UA-1) by typst. What people wrote reaches typst as JSON, never as markup."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import typst

from .tally import Trouble

TEMPLATE = Path(__file__).with_name("print.typ")
MAX_NAMED_CHARACTERS = 10
# How typst names a text for which no font has a shape, a Rust string literal between the backquotes.
_MISSING = re.compile(r'the text `("(?:[^"\\]|\\.)*")` could not be displayed')
_RUST_ESCAPE = re.compile(r"\\u\{([0-9a-fA-F]+)\}")


def write_document(document: dict[str, Any]) -> bytes:
    """The fonts inside typst cover Latin, Greek, Cyrillic, Hebrew and more; those of the machine are asked after them.

    Trouble "characters" names, as a JSON list in its values, what no font can show.
    """
    data = json.dumps(document, ensure_ascii=False)
    try:
        return _print(data, ignore_system_fonts=True)
    except typst.TypstError as error:
        if not _missing(error):
            raise
    try:
        return _print(data, ignore_system_fonts=False)
    except typst.TypstError as error:
        if missing := _missing(error):
            raise Trouble("characters", characters=json.dumps(missing[:MAX_NAMED_CHARACTERS])) from error
        raise


def _print(data: str, ignore_system_fonts: bool) -> bytes:
    return typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        format="pdf",
        ignore_system_fonts=ignore_system_fonts,
        sys_inputs={"document": data},
        pdf_standards=["ua-1"],
    )


def _missing(error: typst.TypstError) -> list[str]:
    """Every text, each once, that the fonts at hand cannot show."""
    said = f"{error.message}\n{error.diagnostic}"
    return list(dict.fromkeys(_rust_string(literal) for literal in _MISSING.findall(said)))


def _rust_string(literal: str) -> str:
    python = _RUST_ESCAPE.sub(lambda match: f"\\U{int(match[1], 16):08x}", literal)
    return str(ast.literal_eval(python))
