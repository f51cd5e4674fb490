"""Files in and out: bytes become `Table`s, a `Document` becomes bytes. Knows formats, and no word of any trade.

In:  ``read(data, "plan.docx")``, ``read_html(clipboard)``, ``read_text(clipboard)`` give a list of `Table`, or raise
     `UnreadableFile` whose problems each say what, where and what to do. Any file may be hostile: office files and HTML
     are parsed in a process of their own under the caps of ``office/caps.py``, two at once at most.
Out: ``write(document, "pdf")`` gives bytes for csv, xlsx, docx or pdf, or raises `UnwritableDocument`.

What is written as csv or xlsx reads back as ``Grid.texts()``; as docx the same with each helper under its heading.
Nothing written comes alive as a formula in a spreadsheet.
"""

from .model import (
    Block,
    Cell,
    Column,
    Document,
    Drawing,
    FileProblems,
    Grid,
    Heading,
    Kind,
    Line,
    Place,
    Problem,
    Row,
    Table,
    UnreadableFile,
    UnwritableDocument,
    cell_text,
    clean,
)
from .reading import read, read_html, read_text
from .writing import CONTENT_TYPES, write

__all__ = [
    "CONTENT_TYPES",
    "Block",
    "Cell",
    "Column",
    "Document",
    "Drawing",
    "FileProblems",
    "Grid",
    "Heading",
    "Kind",
    "Line",
    "Place",
    "Problem",
    "Row",
    "Table",
    "UnreadableFile",
    "UnwritableDocument",
    "cell_text",
    "clean",
    "read",
    "read_html",
    "read_text",
    "write",
]
