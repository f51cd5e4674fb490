import io
import re
import zipfile

import openpyxl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from config.files import (
    Column,
    Document,
    Drawing,
    Grid,
    Heading,
    Line,
    Row,
    UnreadableFile,
    UnwritableDocument,
    cell_text,
    clean,
    read,
    write,
)

# Every example starts two processes: few of them, and no shrinking, which would take minutes.
SLOW = settings(max_examples=8, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
KINDS = ("paragraph", "bullet", "chip", "quiet", "strong")
# Any character at all, with more than their share of those that formats trip over.
TEXTS = st.text(
    st.one_of(st.characters(), st.sampled_from("=+-@'\t\r\n\x0b\x00;,|\"_x005FD<>&{}#$`* \xa0\u2028")), max_size=12
) | st.sampled_from(["_x000D_", "_x005F_", "'=1", "=1+1", "sep=;", "{ns}", "\ud800", "]]>", "01", "1e5", "TRUE"])


@st.composite
def grids(draw, texts=TEXTS):
    width = draw(st.integers(1, 4))
    lines = st.lists(st.builds(Line, texts, st.sampled_from(KINDS)), max_size=3).map(tuple)
    columns = tuple(Column(draw(texts), draw(texts), draw(st.floats(0.5, 3))) for _ in range(width))
    row = st.builds(Row, st.lists(lines, min_size=width, max_size=width).map(tuple), texts)
    return Grid(columns, tuple(draw(st.lists(row, max_size=5))), draw(texts))


def documents(most, texts=TEXTS):
    """Several grids a document, because every document costs two processes."""
    return st.builds(
        Document, texts, st.lists(grids(texts), min_size=1, max_size=most).map(tuple), landscape=st.booleans()
    )


def trimmed(rows):
    """Without the empty rows and columns at the end, which `write` says are lost."""
    while rows and not any(rows[-1]):
        rows = rows[:-1]
    width = max((at for row in rows for at, text in enumerate(row, 1) if text), default=0)
    return [row[:width] for row in rows]


def with_helpers(grid):
    heads = [
        clean(column.heading) + ("\n" + clean(column.helper) if clean(column.helper) else "") for column in grid.columns
    ]
    return [heads, *grid.texts()[1:]]


def texts_read(data, filename):
    """The tables of the file, or none where it has no text at all."""
    try:
        return [table.texts() for table in read(data, filename)]
    except UnreadableFile as unreadable:
        assert unreadable.problems[0].code in ("empty", "no_table")  # noqa: PT017
        return []


@settings(max_examples=200, deadline=None)
@given(documents(1))
def test_csv_reads_back_as_it_was_written(document):
    expected = [trimmed(grid.texts()) for grid in document.grids()]
    assert texts_read(write(document, "csv"), "a.csv") == [rows for rows in expected if rows]


@SLOW
@given(documents(8))
def test_workbook_reads_back_as_it_was_written_and_nothing_is_a_formula(document):
    data = write(document, "xlsx")
    expected = [trimmed(grid.texts()) for grid in document.grids()]
    assert texts_read(data, "a.xlsx") == [rows for rows in expected if rows]
    sheets = openpyxl.load_workbook(io.BytesIO(data)).worksheets
    cells = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s"}


@SLOW
@given(documents(8))
def test_word_reads_back_as_it_was_written(document):
    expected = [trimmed(with_helpers(grid)) for grid in document.grids()]
    assert texts_read(write(document, "docx"), "a.docx") == [rows for rows in expected if rows]


@SLOW
@given(documents(4, st.one_of(TEXTS, st.text("aé=#$*_`@<>\\/\"'[]{}\n\t ", max_size=30))))
def test_pdf_is_made_or_names_what_it_cannot_show(document):
    try:
        data = write(document, "pdf")
    except UnwritableDocument as unwritable:
        assert {problem.code for problem in unwritable.problems} == {"characters"}  # noqa: PT017
    else:
        assert data.startswith(b"%PDF-1.7")


@SLOW
@given(documents(4, st.text("aéñß=#$*_`@<>\\/\"'[]{}~^\n\t -+", max_size=30)))
def test_pdf_is_made_of_any_markup(document):
    assert write(document, "pdf").startswith(b"%PDF-1.7")


def plan(rows=3, **extra):
    columns = (Column("Strategy", "What will we do?", 1.3), Column("Effect"))
    row = Row(((Line("Advisory"),), (Line("Known by name", "bullet"), Line("Calm", "bullet"))))
    return Document("Ninth grade", (Grid(columns, (row,) * rows, "Strategies"),), landscape=True, **extra)


def member(data, name):
    return zipfile.ZipFile(io.BytesIO(data)).read(name).decode()


def test_cell_text_joins_lines_and_neighbouring_chips():
    lines = (Line("Climate", "chip"), Line("Curriculum", "chip"), Line("why\r\nnot"), Line("More", "chip"))
    assert cell_text(lines) == "Climate; Curriculum\nwhy\nnot\nMore"


def test_row_with_a_mark_begins_with_it():
    grid = Grid((Column("a"),), (Row(((Line("text"),),), mark="Example"),))
    assert grid.texts() == [["a"], ["Example: text"]]


def test_csv_is_safe_in_a_spreadsheet_and_has_a_byte_order_mark():
    document = Document("x", (Grid((Column("=a"),), (Row(((Line("@b"),),)), Row(((Line("c"),),)))),))
    assert write(document, "csv") == b'\xef\xbb\xbf"\'=a"\r\n"\'@b"\r\n"c"\r\n'


def test_workbook_prints_wide_with_its_head_frozen_and_repeated():
    sheet = openpyxl.load_workbook(io.BytesIO(write(plan(), "xlsx"))).worksheets[0]
    setup = sheet.page_setup
    assert (sheet.title, sheet.freeze_panes, sheet.print_title_rows) == ("Strategies", "A2", "$1:$1")
    assert (setup.orientation, setup.fitToWidth, setup.fitToHeight) == ("landscape", 1, 0)
    assert sheet["A2"].quotePrefix
    assert [hint.prompt for hint in sheet.data_validations.dataValidation] == ["What will we do?"]


def test_workbook_of_several_grids_gives_each_a_sheet_of_its_own_name():
    grid = plan().blocks[0]
    odd = Grid(grid.columns, grid.rows, "a/b:[c]?*" + "x" * 40)
    book = openpyxl.load_workbook(io.BytesIO(write(Document("x", (odd, odd)), "xlsx")))
    assert book.sheetnames == ["a b c " + "x" * 25, "a b c " + "x" * 23 + " 2"]


def test_workbook_cell_past_excels_limit_is_named():
    document = Document("x", (Grid((Column("a"), Column("b")), (Row(((), (Line("x" * 33_000),))),), "Plan"),))
    with pytest.raises(UnwritableDocument) as caught:
        write(document, "xlsx")
    assert str(caught.value).startswith("Plan, row 2, column B: This text is too long for a cell in Excel.")


def test_word_repeats_its_head_and_keeps_rows_whole_in_the_language_said():
    data = write(plan(language="es-US"), "docx")
    xml = member(data, "word/document.xml")
    assert (xml.count("<w:tblHeader/>"), xml.count("<w:cantSplit/>")) == (1, 4)
    assert 'w:orient="landscape"' in xml
    assert '<w:lang w:val="es-US"' in member(data, "word/styles.xml")
    assert "<dc:title>Ninth grade</dc:title>" in member(data, "docProps/core.xml")


def test_pdf_is_tagged_in_the_language_said_and_has_a_title():
    data = write(plan(language="es-US"), "pdf")
    assert re.search(rb"/Lang\s*\(es-US\)", data)
    assert b"/MarkInfo" in data
    assert b"<pdfuaid:part>1</pdfuaid:part>" in data
    assert b"Ninth grade" in data


def test_pdf_shows_typed_markup_as_text():
    typed = '#read("/etc/passwd") $x$ *b* `c` @d <e> \\ // #import "x"'
    document = Document(
        typed, (Heading(typed, 3), Line(typed), plan().blocks[0]), (typed,), footer=typed, notes=(typed,)
    )
    assert write(document, "pdf").startswith(b"%PDF")


def test_pdf_names_the_character_it_cannot_show_and_its_cell():
    grid = Grid(
        (Column("Strategy"), Column("Effect")), (Row(((Line("ok"),), (Line("private \U0010fffd use"),))),), "Plan"
    )
    with pytest.raises(UnwritableDocument) as caught:
        write(Document("x", (grid,)), "pdf")
    assert str(caught.value) == (
        "Plan, row 1, column Effect: The PDF cannot show “\U0010fffd” (U+10FFFD). "
        "Take it out, or download the Word file instead."
    )


def test_pdf_breaks_a_row_only_where_it_is_taller_than_a_page():
    tall = Row(((Line("word " * 3_000),), ()))
    blank = Row((), min_lines=8)
    grid = Grid((Column("a"), Column("b")), (blank, tall, blank))
    assert write(Document("x", (grid,), landscape=True), "pdf").startswith(b"%PDF")


SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path stroke="#000" d="M1 1.5h7"/></svg>'


def test_pdf_draws_and_says_what_is_drawn():
    drawing = Drawing(SQUARE, "The way in: BCD FGH", 40)
    grid = Grid((Column("a"), Column("b")), (Row(((Line("Ana"),), (drawing,))),))
    data = write(Document("Cards", (drawing, grid)), "pdf")
    assert data.count(b"/Figure") == 2
    assert data.count(b"The way in: BCD FGH") == 2
    assert b"<pdfuaid:part>1</pdfuaid:part>" in data


def test_drawing_is_its_words_where_nothing_can_be_drawn():
    drawing = Drawing(SQUARE, "The way in", 40)
    grid = Grid((Column("a"),), (Row(((Line("x", "chip"), drawing, Line("y", "chip")),)),))
    assert read(write(Document("Cards", (drawing, grid)), "docx"), "a.docx")[0].texts() == [
        ["a"],
        ["x\nThe way in\ny"],
    ]
    assert "The way in" in member(write(Document("Cards", (drawing,)), "docx"), "word/document.xml")


@pytest.mark.parametrize("kind", ["csv", "xlsx", "docx", "pdf"])
def test_document_of_lines_is_written_in_every_kind(kind):
    lines = (
        Heading("3 November"),
        Line("Dana changed a row."),
        Line("a", "chip"),
        Line("b", "chip"),
        Line("c", "bullet"),
    )
    assert len(write(Document("History", lines), kind)) > 40


@pytest.mark.parametrize("kind", ["csv", "xlsx", "docx", "pdf"])
def test_empty_document_is_written_in_every_kind(kind):
    assert len(write(Document(""), kind)) >= 3


def test_lines_alone_are_the_rows_of_a_csv():
    assert read(write(Document("History", (Heading("May"), Line("a, b"))), "csv"), "a.csv")[0].texts() == [
        ["May"],
        ["a, b"],
    ]
