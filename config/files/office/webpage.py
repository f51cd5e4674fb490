"""HTML as Word, Excel and Google Docs put it on the clipboard, and as some programs save it under the name .xls."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from .tally import RawCell, RawTable, Tally, Trouble, clean

MAX_CAPTION_CHARS = 200
IGNORED = {"script", "style", "title", "template"}
STRIKING = {"s", "strike", "del"}
BREAKING = {"p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "br", "blockquote", "dt", "dd", "pre"}
VOID = {"br", "col", "hr", "img", "input", "link", "meta", "wbr", "area", "base", "embed", "source", "track"}
_SPACE = re.compile(r"[ \t\r\n\f\xa0]+")
_BULLET = re.compile(r"mso-list:\s*ignore", re.IGNORECASE)


def read_tables(html: str) -> list[RawTable]:
    """The tables in the order they begin; where there is none, the lines of text as one table of one column."""
    page = Page()
    page.feed(html)
    page.close()
    page.finish()
    tables = [table for table in page.tables if table.rows]
    if tables:
        return tables
    lines = [line for line in page.outside.lines() if line]
    if not lines:
        raise Trouble("no_table")
    table, tally = RawTable("text", 0), Tally()
    for number, line in enumerate(lines, 1):
        tally.size(table, number, 1)
        tally.text(table, number, 1, line)
        table.rows.append([RawCell(line)])
    tally.space(len(lines))
    return [table]


@dataclass
class Text:
    """Text as it gathers: spaces folded, blocks on lines of their own."""

    parts: list[str] = field(default_factory=list)
    plain: bool = False  # some of it is not crossed out
    struck: bool = False

    def add(self, data: str, struck: bool) -> None:
        self.parts.append(_SPACE.sub(" ", data))
        if data.strip():
            self.plain, self.struck = self.plain or not struck, self.struck or struck

    def line_break(self, forced: bool) -> None:
        """End the line; two blocks in a row end it once, a ``br`` always."""
        if forced or (self.parts and self.parts[-1] != "\n"):
            self.parts.append("\n")

    def lines(self) -> list[str]:
        return [_SPACE.sub(" ", line).strip() for line in clean("".join(self.parts)).split("\n")]

    def text(self) -> str:
        return "\n".join(self.lines()).strip("\n")


@dataclass
class Open:
    """A table whose end tag has not come yet."""

    table: RawTable
    row: list[RawCell] | None = None
    cell: Text | None = None
    colspan: int = 1
    rowspan: int = 1
    hanging: dict[int, tuple[int, str, str]] = field(default_factory=dict)  # column: rows still to fill, text, merged


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tally = Tally()
        self.tables: list[RawTable] = []
        self.open: list[Open] = []
        self.outside = Text()
        self.ignoring = ""
        self.ignored_depth = self.struck_depth = 0

    # ---- what the parser calls

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.ignoring:
            self.ignored_depth += tag == self.ignoring
            return
        given = {name: value or "" for name, value in attrs}
        if tag in IGNORED or (tag == "span" and _BULLET.search(given.get("style", ""))):
            self.ignoring, self.ignored_depth = tag, 1
        elif tag == "table":
            self._begin_table()
        elif tag == "tr" and self.open:
            self._begin_row()
        elif tag in ("td", "th") and self.open:
            self._begin_cell(given)
        elif tag in STRIKING:
            self.struck_depth += 1
        elif tag in BREAKING:
            self._text().line_break(forced=tag == "br")

    def handle_endtag(self, tag: str) -> None:
        if self.ignoring:
            self.ignored_depth -= tag == self.ignoring
            if not self.ignored_depth:
                self.ignoring = ""
        elif tag == "table" and self.open:
            self._end_table()
        elif tag == "tr" and self.open:
            self._end_row()
        elif tag in ("td", "th") and self.open:
            self._end_cell()
        elif tag in STRIKING:
            self.struck_depth = max(0, self.struck_depth - 1)
        elif tag in BREAKING and tag not in VOID:
            self._text().line_break(forced=False)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        if not self.ignoring:
            self._text().add(data, self.struck_depth > 0)

    def finish(self) -> None:
        while self.open:
            self._end_table()

    # ---- the table at hand

    def _text(self) -> Text:
        """Where text goes now: the open cell; else, between cells, nowhere that lasts; else the page."""
        for table in reversed(self.open):
            return table.cell or Text()
        return self.outside

    def _begin_table(self) -> None:
        inside = None
        caption = ""
        if self.open:
            around = self.open[-1]
            inside = (around.table.number, len(around.table.rows) + 1, len(around.row or []) + 1)
        else:
            caption = next((line for line in reversed(self.outside.lines()) if line), "")[:MAX_CAPTION_CHARS]
            self.outside = Text()
        table = RawTable("html", self.tally.table(), caption=caption, inside=inside)
        self.tables.append(table)
        self.open.append(Open(table))

    def _end_table(self) -> None:
        self._end_row()
        self.open.pop().table.trim()

    def _begin_row(self) -> None:
        self._end_row()
        self.open[-1].row = []

    def _end_row(self) -> None:
        self._end_cell()
        at = self.open[-1]
        if at.row is None:
            return
        self._fill_hanging(at, at.row)
        at.table.rows.append(at.row)
        self.tally.size(at.table, len(at.table.rows), len(at.row))
        self.tally.space(len(at.row))
        at.row = None

    def _begin_cell(self, given: dict[str, str]) -> None:
        self._end_cell()
        at = self.open[-1]
        if at.row is None:
            at.row = []
        self._fill_hanging(at, at.row)
        at.cell = Text()
        at.colspan, at.rowspan = _span(given.get("colspan", "")), _span(given.get("rowspan", ""))

    def _end_cell(self) -> None:
        at = self.open[-1]
        if at.cell is None or at.row is None:
            return
        row, column = len(at.table.rows) + 1, len(at.row) + 1
        text = at.cell.text()
        self.tally.size(at.table, row, len(at.row) + at.colspan)
        self.tally.text(at.table, row, column, text)
        at.row.append(RawCell(text, struck=at.cell.struck and not at.cell.plain))
        at.row.extend(RawCell(merged="across") for _ in range(at.colspan - 1))
        if at.rowspan > 1:
            at.hanging[column] = (at.rowspan - 1, text, "down")
            for further in range(column + 1, column + at.colspan):
                at.hanging[further] = (at.rowspan - 1, "", "across")
        at.cell = None

    def _fill_hanging(self, at: Open, row: list[RawCell]) -> None:
        """Continue the cells of rows above that hang down into this place of the row."""
        while (column := len(row) + 1) in at.hanging:
            left, text, merged = at.hanging.pop(column)
            row.append(RawCell(text, merged=merged))
            if left > 1:
                at.hanging[column] = (left - 1, text, merged)


def _span(value: str) -> int:
    return min(max(int(value), 1), 10_000) if value.isascii() and value.isdigit() and len(value) < 9 else 1
