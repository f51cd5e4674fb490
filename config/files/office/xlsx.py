"""Excel workbooks. openpyxl knows the package, the styles and the dates; sheets are streamed here.

openpyxl's own sheet reading either forgets merged cells (read_only) or makes an object for every cell a range names,
which is how five kilobytes become two gigabytes.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from lxml import etree
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from . import caps
from .tally import RawCell, RawTable, Tally, Trouble, clean

NS = f"{{{SHEET_MAIN_NS}}}"
MAX_MERGES = 20_000
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TO_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


# ---- reading --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Style:
    date: bool = False
    percent: bool = False
    struck: bool = False


class Book(ExcelReader):
    """A workbook opened as far as its strings, styles and list of sheets."""

    def __init__(self, data: bytes) -> None:
        super().__init__(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        self.read_manifest()
        self.read_strings()
        self.read_workbook()
        try:
            apply_stylesheet(self.archive, self.wb)
            self.styled = True
        except (TypeError, ValueError, KeyError, AttributeError):
            self.styled = False  # programs other than Excel write styles that openpyxl refuses; the text is all there
        self._styles: dict[int, Style] = {}

    def read_strings(self) -> None:
        """Shared strings, unescaped as Excel does; openpyxl's own reading leaves ``_x000D_`` in."""
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        with self.archive.open(part.PartName.lstrip("/")) as stream:
            for item in _elements(stream, "si"):
                self.shared_strings.append(_rich_text(item))

    def sheets(self) -> list[tuple[str, bool, str]]:
        """Name, hidden, member; charts left out."""
        return [
            (sheet.name, sheet.state != "visible", relation.target)
            for sheet, relation in self.parser.find_sheets()
            if relation.target in self.valid_files and relation.Type.endswith("/worksheet")
        ]

    def style(self, number: int) -> Style:
        if number not in self._styles:
            self._styles[number] = self._make_style(number) if self.styled else Style()
        return self._styles[number]

    def _make_style(self, number: int) -> Style:
        array = self.wb._cell_styles[number]
        if array.numFmtId < 164:
            number_format = BUILTIN_FORMATS.get(array.numFmtId, "General")
        else:
            number_format = self.wb._number_formats[array.numFmtId - 164]
        return Style(
            date=is_date_format(number_format),
            percent=number_format.rstrip().endswith("%"),
            struck=bool(self.wb._fonts[array.fontId].strike),
        )


def read_tables(data: bytes, archive: zipfile.ZipFile) -> list[RawTable]:
    book = Book(data)
    tally = Tally()
    tables = []
    for name, hidden, member in book.sheets():
        table = RawTable("xlsx", tally.table(), clean(name), hidden=hidden)
        with archive.open(member) as stream:
            Sheet(book, table, tally).read(stream)
        if table.rows:
            if not book.styled:
                table.notes.append(Trouble("dates", name=table.name, number=table.number))
            tables.append(table)
    if not tables:
        raise Trouble("no_table")
    return tables


class Sheet:
    """One sheet being streamed: cells with content only, so what a file claims about its size costs nothing."""

    def __init__(self, book: Book, table: RawTable, tally: Tally) -> None:
        self.book, self.table, self.tally = book, table, tally
        self.cells: dict[tuple[int, int], RawCell] = {}
        self.merges: list[tuple[int, int, int, int]] = []
        self.hidden_columns: set[int] = set()
        self.row = self.height = self.width = 0

    def read(self, stream: IO[bytes]) -> None:
        for element in _elements(stream, "row", "col", "mergeCell"):
            if element.tag == NS + "row":
                self._row(element)
            elif element.tag == NS + "mergeCell":
                self._merge(element.get("ref", ""))
            elif element.get("hidden") in ("1", "true"):
                last = min(int(element.get("max")), caps.MAX_COLUMNS)
                self.hidden_columns.update(range(int(element.get("min")), last + 1))
        self._build()

    def _row(self, element: etree._Element) -> None:
        self.row = int(element.get("r", self.row + 1))
        hidden = element.get("hidden") in ("1", "true")
        column = 0
        for child in element.iterchildren(NS + "c"):
            reference = _REFERENCE.fullmatch(child.get("r", ""))
            column = _column_number(reference[1]) if reference else column + 1
            formula = child.find(NS + "f") is not None
            text = clean(self._text(child))
            if not text and not formula:
                continue
            self.tally.size(self.table, self.row, column)
            self.tally.text(self.table, self.row, column, text)
            self.height, self.width = max(self.height, self.row), max(self.width, column)
            self.cells[self.row, column] = RawCell(
                text,
                formula=formula,
                struck=self.book.style(int(child.get("s", 0))).struck,
                hidden=hidden or column in self.hidden_columns,
            )
            if formula and not text:
                self.table.notes.append(
                    Trouble("formula", name=self.table.name, number=self.table.number, row=self.row, column=column)
                )

    def _text(self, cell: etree._Element) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inline = cell.find(NS + "is")
            return "" if inline is None else _rich_text(inline)
        value: str = cell.findtext(NS + "v") or ""
        if not value:
            return ""
        if kind == "s":
            return str(self.book.shared_strings[int(value)])
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind == "n":
            return number_text(value, self.book.style(int(cell.get("s", 0))), self.book.wb.epoch)
        return _unescape(value)

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        corners = [_REFERENCE.fullmatch(corner) for corner in (first, last or first)]
        if None in corners or len(self.merges) >= MAX_MERGES:
            return
        (left, top), (right, bottom) = ((_column_number(c[1]), int(c[2])) for c in corners if c)
        self.merges.append((left, top, right, bottom))

    def _build(self) -> None:
        self.tally.space(self.height * self.width)
        rows = self.table.rows = [
            [self.cells.get((row, column)) or RawCell() for column in range(1, self.width + 1)]
            for row in range(1, self.height + 1)
        ]
        room = self.height * self.width  # honest merges do not overlap, so together they cover no more than this
        for left, top, right, bottom in self.merges:
            right, bottom = min(right, self.width), min(bottom, self.height)
            room -= max(0, right - left + 1) * max(0, bottom - top + 1)
            if room < 0:
                break
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    cell = rows[row - 1][column - 1]
                    if column > left:
                        cell.text, cell.merged = "", "across"
                    elif row > top:
                        cell.text, cell.merged = rows[top - 1][left - 1].text, "down"
        self.table.trim()


def number_text(value: str, style: Style, epoch: dt.datetime) -> str:
    """A number as a person reads it in the cell: dates as ISO dates, percentages with their sign."""
    number = float(value)
    if style.date:
        try:
            return _date_text(from_excel(number, epoch))
        except (OverflowError, ValueError):
            return value
    if style.percent:
        return f"{number * 100:.10g}%"
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return f"{number:.15g}"


def _date_text(moment: Any) -> str:
    if isinstance(moment, dt.datetime):
        if moment.time() == dt.time():
            return moment.date().isoformat()
        return moment.isoformat(" ", "minutes")
    if isinstance(moment, dt.time):
        return moment.isoformat("minutes")
    return str(moment)


def _elements(stream: IO[bytes], *names: str) -> Any:
    """The elements of these names as they end, each forgotten once it was looked at."""
    tags = [NS + name for name in names]
    for _, element in etree.iterparse(stream, tag=tags, resolve_entities=False, no_network=True):
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _rich_text(element: etree._Element) -> str:
    """The text of ``si`` or ``is``: plain or in runs, without the phonetic guide."""
    runs = [element.findtext(NS + "t") or ""]
    runs += [run.findtext(NS + "t") or "" for run in element.iterchildren(NS + "r")]
    return _unescape("".join(runs))


def _unescape(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


# ---- writing --------------------------------------------------------------------------------------------------------

INK, QUIET, LINE, HEAD_FILL, MARK_FILL = "FF25303D", "FF5A6470", "FFD8D3C8", "FFF4F1EA", "FFFAF8F3"
CHARS_ACROSS = 150  # of a landscape page, to share out among the columns
PAPER = {"us-letter": 1, "a4": 9}


def write_document(document: dict[str, Any]) -> bytes:
    """Every text is a string cell with a quote prefix, so it stays text even when somebody edits it in Excel."""
    book = Workbook(write_only=True)
    book.properties.title = document["title"]
    book.properties.language = document["language"]
    book.properties.creator = ""
    taken: set[str] = set()
    grids = [block for block in document["blocks"] if block["block"] == "Grid"]
    for grid in grids or [_lines_as_grid(document)]:
        name = _sheet_name(grid["name"] or document["title"], taken)
        sheet = book.create_sheet(name)
        _fill(sheet, grid, name, document)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _lines_as_grid(document: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": "",
        "columns": [{"heading": "", "helper": "", "width": 1.0}],
        "texts": [[block["text"]] for block in document["blocks"]],
        "rows": [],
    }


def _fill(sheet: Any, grid: dict[str, Any], name: str, document: dict[str, Any]) -> None:
    columns, texts, rows = grid["columns"], grid["texts"], grid["rows"]
    whole = sum(column["width"] for column in columns) or 1
    for number, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = max(8, CHARS_ACROSS * column["width"] / whole)
        if column["helper"] and len(texts) > 1:
            sheet.data_validations.append(_helper(column, f"{get_column_letter(number)}2", len(texts)))
    page = sheet.page_setup
    page.orientation = "landscape" if document["landscape"] else "portrait"
    page.paperSize, page.fitToWidth, page.fitToHeight = PAPER[document["paper"]], 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddHeader.left.text = document["title"].replace("&", "&&")[:200]
    sheet.oddFooter.right.text = "&P / &N"
    if rows:
        sheet.freeze_panes = "A2"
        sheet.print_title_rows = "1:1"
    make = _cell_maker(sheet, name)
    for number, row in enumerate(texts, 1):
        head = bool(columns[0]["heading"]) and number == 1
        marked = not head and number > 1 and len(rows) >= number - 1 and bool(rows[number - 2]["mark"])
        sheet.append([make(text, number, at, head, marked) for at, text in enumerate(row, 1)])


def _cell_maker(sheet: Any, name: str) -> Callable[[str, int, int, bool, bool], Any]:
    line = Side(style="hair", color=LINE)
    border = Border(top=line, bottom=line, left=line, right=line)
    wrapped = Alignment(wrap_text=True, vertical="top")
    head_font, font = Font(name="Calibri", size=11, bold=True, color=INK), Font(name="Calibri", size=11, color=INK)
    fills = {True: PatternFill("solid", fgColor=HEAD_FILL), False: PatternFill("solid", fgColor=MARK_FILL)}

    def make(text: str, row: int, column: int, head: bool, marked: bool) -> Any:
        stored = _TO_ESCAPE.sub("_x005F_", text)
        if len(stored) > caps.EXCEL_CELL_CHARS:
            raise Trouble("too_long", name=name, row=row, column=column)
        cell = WriteOnlyCell(sheet, stored)
        cell.data_type = "s"  # openpyxl would take a leading = for a formula
        cell.font, cell.alignment, cell.border = (head_font if head else font), wrapped, border
        if head or marked:
            cell.fill = fills[head]
        cell.quotePrefix = True
        return cell

    return make


def _helper(column: dict[str, Any], first: str, last_row: int) -> DataValidation:
    """The helper text as Excel's own hint, shown when a cell of the column is chosen."""
    hint = DataValidation(
        allow_blank=True, showInputMessage=True, promptTitle=column["heading"][:32], prompt=column["helper"][:255]
    )
    hint.add(f"{first}:{first.rstrip('0123456789')}{last_row}")
    return hint


def _sheet_name(wanted: str, taken: set[str]) -> str:
    """A name Excel allows: 31 characters, none of ``[]:*?/\\``, no apostrophe at its ends, not used twice."""
    stem = re.sub(r"[\[\]:*?/\\\n\t]+", " ", wanted).strip(" '")[:31].strip(" '") or "1"
    name, number = stem, 2
    while name.lower() in taken:
        tail = f" {number}"
        name, number = stem[: 31 - len(tail)] + tail, number + 1
    taken.add(name.lower())
    return name
