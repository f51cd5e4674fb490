"""Word documents. python-docx opens and saves the package; tables are walked and built as XML, row by row.

``table.cell()`` looks through the whole table for every cell, which a table of 500 rows does not survive.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.package import Package
from docx.shared import Inches, Mm, Pt, RGBColor
from lxml import etree

from .tally import RawCell, RawTable, Tally, Trouble, clean

MAX_SPAN = 1_000_000
MAX_CAPTION_CHARS = 200
W_TBL, W_TR, W_TC, W_P, W_R = qn("w:tbl"), qn("w:tr"), qn("w:tc"), qn("w:p"), qn("w:r")
VAL = qn("w:val")
# Elements whose children stand where they stand: content controls, links, insertions, text boxes' first choice.
THROUGH = {
    *(qn(f"w:{name}") for name in ("sdt", "sdtContent", "customXml", "smartTag", "hyperlink", "ins", "moveTo")),
    *(qn(f"w:{name}") for name in ("fldSimple", "dir", "bdo")),
}
TEXTS = {
    qn("w:tab"): "\t",
    qn("w:ptab"): "\t",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
}


# ---- reading --------------------------------------------------------------------------------------------------------


def read_tables(data: bytes, archive: zipfile.ZipFile) -> list[RawTable]:
    """Every table of the body in order, a nested one right after the table that holds it."""
    part = Package.open(io.BytesIO(data)).main_document_part
    # Documents with macros and templates come as parts python-docx does not know; their XML is the same.
    root = getattr(part, "element", None)
    if root is None:
        root = parse_xml(part.blob)
    body = root.find(qn("w:body"))
    tables: list[RawTable] = []
    if body is not None:
        tally = Tally()
        caption = ""
        for block in _children(body):
            if block.tag == W_P:
                caption = _paragraph(block)[0].strip() or caption
            elif block.tag == W_TBL:
                WordTable(block, tally, caption).read(tables)
                caption = ""
    if not any(table.rows for table in tables):
        raise Trouble("no_table")
    return [table for table in tables if table.rows]


class WordTable:
    """One ``w:tbl`` being walked; spans are opened out so that a cell's index is its column."""

    def __init__(
        self, element: etree._Element, tally: Tally, caption: str = "", inside: tuple[int, int, int] | None = None
    ) -> None:
        self.element, self.tally = element, tally
        self.table = RawTable(
            "docx", tally.table(), caption=caption.replace("\n", " ")[:MAX_CAPTION_CHARS], inside=inside
        )
        self.nested: list[tuple[etree._Element, tuple[int, int, int]]] = []

    def read(self, into: list[RawTable]) -> None:
        into.append(self.table)
        for row in (child for child in _children(self.element) if child.tag == W_TR):
            self._row(row)
        self.table.trim()
        for element, inside in self.nested:
            WordTable(element, self.tally, inside=inside).read(into)

    def _row(self, element: etree._Element) -> None:
        above = self.table.rows[-1] if self.table.rows else []
        properties = element.find(qn("w:trPr"))
        if properties is not None and properties.find(qn("w:del")) is not None:
            return  # struck out with changes tracked
        number = len(self.table.rows) + 1
        self.tally.size(self.table, number, 0)
        row = [RawCell() for _ in range(self._gap(properties, "w:gridBefore"))]
        for cell in (child for child in _children(element) if child.tag == W_TC):
            self._cell(cell, row, above, number)
        self.tally.space(len(row))
        self.table.rows.append(row)

    def _cell(self, element: etree._Element, row: list[RawCell], above: list[RawCell], number: int) -> None:
        properties = element.find(qn("w:tcPr"))
        column = len(row) + 1
        span = max(1, self._gap(properties, "w:gridSpan"))
        self.tally.size(self.table, number, len(row) + span)
        if _merge(properties, "w:hMerge") == "continue" and row:
            row.append(RawCell(merged="across"))
            return
        if _merge(properties, "w:vMerge") == "continue" and len(above) >= column:
            row.append(RawCell(above[column - 1].text, merged="down"))
        else:
            text, struck = self._text(element, number, column)
            self.tally.text(self.table, number, column, text)
            row.append(RawCell(text, struck=struck))
        row.extend(RawCell(merged="across") for _ in range(span - 1))

    def _text(self, element: etree._Element, row: int, column: int) -> tuple[str, bool]:
        paragraphs = []
        struck = []
        for block in _children(element):
            if block.tag == W_P:
                text, crossed = _paragraph(block)
                paragraphs.append(text)
                if text.strip():
                    struck.append(crossed)
            elif block.tag == W_TBL:
                self.nested.append((block, (self.table.number, row, column)))
        if self.nested and self.nested[-1][1][1:] == (row, column) and paragraphs and not paragraphs[-1]:
            paragraphs.pop()  # Word demands an empty paragraph after a nested table
        return clean("\n".join(paragraphs)), bool(struck) and all(struck)

    def _gap(self, properties: etree._Element | None, name: str) -> int:
        """A count of grid columns, checked before any list grows by it."""
        found = None if properties is None else properties.find(qn(name))
        if found is None:
            return 0
        count = min(int(found.get(VAL, "0")), MAX_SPAN)
        self.tally.size(self.table, 0, count)
        return max(0, count)


def _children(element: etree._Element) -> Iterator[etree._Element]:
    """Child elements, looking through what only wraps them."""
    for child in element.iterchildren("*"):
        if child.tag in THROUGH:
            yield from _children(child)
        else:
            yield child


def _paragraph(paragraph: etree._Element) -> tuple[str, bool]:
    """A paragraph's text as it shows (deleted and hidden runs left out), and whether all of it is crossed out."""
    parts: list[str] = []
    struck = []
    for run in _children(paragraph):
        if run.tag != W_R:
            continue
        properties = run.find(qn("w:rPr"))
        if _is_on(properties, "w:vanish"):
            continue
        text = "".join(
            (piece.text or "") if piece.tag == qn("w:t") else TEXTS.get(piece.tag, "")
            for piece in run.iterchildren("*")
        )
        parts.append(text)
        if text.strip():
            struck.append(_is_on(properties, "w:strike") or _is_on(properties, "w:dstrike"))
    return "".join(parts), bool(struck) and all(struck)


def _is_on(properties: etree._Element | None, name: str) -> bool:
    found = None if properties is None else properties.find(qn(name))
    return found is not None and found.get(VAL, "1") not in ("0", "false", "off")


def _merge(properties: etree._Element | None, name: str) -> str:
    """restart, continue, or nothing: an element without a value continues."""
    found = None if properties is None else properties.find(qn(name))
    return "" if found is None else found.get(VAL, "continue")


# ---- writing --------------------------------------------------------------------------------------------------------

SERIF, SANS = "Georgia", "Calibri"
INK, QUIET, LINE, HEAD_FILL, MARK_FILL = "25303D", "5A6470", "C9C3B6", "F4F1EA", "FAF8F3"
MARGIN_INCHES = 0.6
PAPER = {"us-letter": (Inches(8.5), Inches(11)), "a4": (Mm(210), Mm(297))}
TWIPS_PER_LINE = 300
TWIPS_PER_EMU = 1 / 635


def write_document(document: dict[str, Any]) -> bytes:
    word = docx.Document()
    _set_up(word, document)
    word.add_paragraph(document["title"], style="Title")
    for line in document["subtitle"]:
        _quiet(word.add_paragraph(line))
    for number, block in enumerate(document["blocks"]):
        if block["block"] == "Heading":
            heading = word.add_heading(block["text"], level=min(max(block["level"], 1), 9))
            heading.paragraph_format.page_break_before = block["new_page"] or None
        elif block["block"] == "Grid":
            _add_grid(word, block)
        elif block["kind"] != "chip":
            word._body._element._insert_p(_parse(_line_xml(block)))
        elif not (number and document["blocks"][number - 1].get("kind") == "chip"):
            word._body._element._insert_p(_parse(_line_xml(_joined_chips(document["blocks"][number:])[0])))
    for note in document["notes"]:
        _quiet(word.add_paragraph(note))
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def _set_up(word: Any, document: dict[str, Any]) -> None:
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    about = word.core_properties
    about.title, about.language, about.author, about.comments = document["title"], document["language"], "", ""
    about.created = about.modified = now
    section = word.sections[0]
    width, height = PAPER[document["paper"]]
    if document["landscape"]:
        section.orientation = WD_ORIENT.LANDSCAPE
        width, height = height, width
    section.page_width, section.page_height = width, height
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Inches(MARGIN_INCHES))
    _set_styles(word, document["language"])
    footer = section.footer.paragraphs[0]
    footer._p.getparent().replace(footer._p, _parse(_footer_xml(document["footer"], section)))


def _set_styles(word: Any, language: str) -> None:
    styles = word.styles
    lang = styles.element.find(".//" + qn("w:lang"))
    if lang is not None:
        lang.set(VAL, language)
    normal = styles["Normal"]
    _set_font(normal, SANS, 10, INK)
    normal.paragraph_format.space_after = Pt(3)
    _set_font(styles["Title"], SERIF, 20, INK)
    border = styles["Title"].element.pPr.find(qn("w:pBdr"))
    if border is not None:
        styles["Title"].element.pPr.remove(border)
    styles["Title"].paragraph_format.space_after = Pt(2)
    for level, size in ((1, 14), (2, 12), (3, 11)):
        _set_font(styles[f"Heading {level}"], SERIF, size, INK)
    styles["List Bullet"].paragraph_format.space_after = Pt(1)


def _set_font(style: Any, name: str, size: float, colour: str) -> None:
    style.font.name, style.font.size, style.font.color.rgb = name, Pt(size), RGBColor.from_string(colour)
    fonts = style.element.rPr.rFonts
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)


def _quiet(paragraph: Any) -> None:
    for run in paragraph.runs:
        run.font.color.rgb = RGBColor.from_string(QUIET)
        run.font.size = Pt(9)


def _footer_xml(text: str, section: Any) -> str:
    across = int((section.page_width - section.left_margin - section.right_margin) * TWIPS_PER_EMU)
    quiet = f'<w:rPr><w:color w:val="{QUIET}"/><w:sz w:val="16"/></w:rPr>'

    def number(code: str) -> str:
        return f'<w:fldSimple w:instr="{code}"><w:r>{quiet}<w:t>1</w:t></w:r></w:fldSimple>'

    return (
        f'<w:p {{ns}}><w:pPr><w:tabs><w:tab w:val="right" w:pos="{across}"/></w:tabs></w:pPr>'
        f"<w:r>{quiet}{_text_xml(text)}<w:tab/></w:r>{number('PAGE')}"
        f'<w:r>{quiet}<w:t xml:space="preserve"> / </w:t></w:r>{number("NUMPAGES")}</w:p>'
    )


def _add_grid(word: Any, grid: dict[str, Any]) -> None:
    section = word.sections[0]
    across = int((section.page_width - section.left_margin - section.right_margin) * TWIPS_PER_EMU)
    whole = sum(column["width"] for column in grid["columns"]) or 1
    widths = [int(across * column["width"] / whole) for column in grid["columns"]]
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{LINE}"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    margins = "".join(f'<w:{side} w:w="{size}" w:type="dxa"/>' for side, size in _CELL_MARGINS)
    caption = f"<w:tblCaption w:val={quoteattr(grid['name'])}/>" if grid["name"] else ""
    word._body._element._insert_tbl(
        _parse(
            f'<w:tbl {{ns}}><w:tblPr><w:tblW w:w="{across}" w:type="dxa"/><w:tblBorders>{lines}</w:tblBorders>'
            f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar>'
            f'<w:tblLook w:val="0020" w:firstRow="1" w:noHBand="1" w:noVBand="1"/>{caption}</w:tblPr>'
            f"<w:tblGrid>{columns}</w:tblGrid>"
            f"{_head_xml(grid, widths)}{''.join(_row_xml(row, widths) for row in grid['rows'])}</w:tbl>"
        )
    )
    word.add_paragraph()


_CELL_MARGINS = (("top", 60), ("left", 90), ("bottom", 60), ("right", 90))


def _head_xml(grid: dict[str, Any], widths: list[int]) -> str:
    cells = []
    for column, width in zip(grid["columns"], widths, strict=True):
        lines = [{"text": column["heading"], "kind": "strong"}]
        if column["helper"]:
            lines.append({"text": column["helper"], "kind": "quiet"})
        cells.append(_cell_xml(lines, width, HEAD_FILL))
    return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{''.join(cells)}</w:tr>"


def _row_xml(row: dict[str, Any], widths: list[int]) -> str:
    height = f'<w:trHeight w:val="{row["min_lines"] * TWIPS_PER_LINE}"/>' if row["min_lines"] else ""
    cells = []
    for at, width in enumerate(widths):
        lines = row["cells"][at] if at < len(row["cells"]) else []
        cells.append(_cell_xml(lines, width, MARK_FILL if row["mark"] else "", row["mark"] if at == 0 else ""))
    return f"<w:tr><w:trPr><w:cantSplit/>{height}</w:trPr>{''.join(cells)}</w:tr>"


def _cell_xml(lines: list[dict[str, Any]], width: int, fill: str, mark: str = "") -> str:
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    joined = _joined_chips(lines) or [{"text": "", "kind": "paragraph"}]
    paragraphs = "".join(_line_xml(line, mark if at == 0 else "", small=True) for at, line in enumerate(joined))
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>{paragraphs}</w:tc>'


def _joined_chips(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Chips that follow one another as one line, as ``cell_text`` has them."""
    joined: list[dict[str, Any]] = []
    for line in lines:
        if line.get("kind") == "chip" and joined and joined[-1].get("kind") == "chip":
            joined[-1] = {"text": f"{joined[-1]['text']}; {line['text']}", "kind": "chip"}
        else:
            joined.append(line)
    return joined


def _line_xml(line: dict[str, Any], mark: str = "", small: bool = False) -> str:
    """One paragraph. ``{ns}`` stands for the namespaces, filled in once for the outermost element."""
    kind = line["kind"]
    properties = ""
    if kind == "bullet":
        properties = '<w:pStyle w:val="ListBullet"/>'
    if small:
        indent = '<w:ind w:left="170" w:hanging="170"/>' if kind == "bullet" else ""
        tab = '<w:tabs><w:tab w:val="clear" w:pos="360"/></w:tabs>' if kind == "bullet" else ""
        properties += f'{tab}<w:spacing w:before="0" w:after="20"/>{indent}'
    look = "<w:b/>" if kind in ("strong", "chip") else ""
    if kind == "quiet":
        look += f'<w:color w:val="{QUIET}"/>'
    size = 15 if small and kind == "quiet" else 18 if small else 0
    look += f'<w:sz w:val="{size}"/>' if size else ""
    marked = f'<w:r><w:rPr><w:b/><w:i/><w:sz w:val="18"/></w:rPr>{_text_xml(mark + ": ")}</w:r>' if mark else ""
    return (
        f"<w:p{'' if small else ' {ns}'}><w:pPr>{properties}</w:pPr>{marked}"
        f"<w:r><w:rPr>{look}</w:rPr>{_text_xml(line['text'])}</w:r></w:p>"
    )


def _text_xml(text: str) -> str:
    """Text as the children of a run: tabs and line breaks are elements of their own."""
    pieces = []
    for number, line in enumerate(text.split("\n")):
        if number:
            pieces.append("<w:br/>")
        for at, piece in enumerate(line.split("\t")):
            if at:
                pieces.append("<w:tab/>")
            if piece:
                pieces.append(f'<w:t xml:space="preserve">{escape(piece)}</w:t>')
    return "".join(pieces)


def _parse(xml: str) -> Any:
    return parse_xml(xml.replace("{ns}", nsdecls("w"), 1))
