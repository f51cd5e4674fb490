import io
import zipfile
from pathlib import Path

import pytest

from config.files import UnreadableFile, read
from tests.config.files_made import tbl, tc, with_members, word

PLAN = Path(__file__).parents[2].parent / "shared/data/planning/dww_plan_clean.docx"


def first(body):
    return read(word(body), "plan.docx")[0]


def problem(data):
    with pytest.raises(UnreadableFile) as caught:
        read(data, "plan.docx")
    return caught.value.problems[0]


def test_word_tables_come_in_order_with_caption_and_places():
    one, two = read(
        word("<w:p><w:r><w:t>Our plan</w:t></w:r></w:p><w:p/>" + tbl(tc("a")) + tbl(tc("b") + tc("c"))), "p.docx"
    )
    assert (one.texts(), one.caption, two.texts(), two.caption) == ([["a"]], "Our plan", [["b", "c"]], "")
    assert str(two.place(two.rows[0][1])) == "p.docx, table 2, row 1, column 2"


def test_word_paragraphs_breaks_and_tabs_become_lines():
    body = (
        "<w:tc><w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>one</w:t><w:br/><w:t>two</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>three</w:t><w:tab/><w:t>four</w:t></w:r></w:p></w:tc>"
    )
    assert first(tbl(body)).texts() == [["one\ntwo\nthree\tfour"]]


def test_word_spans_and_vertical_merges_are_opened_out():
    table = first(
        tbl(
            tc("Our plan", '<w:gridSpan w:val="3"/>'),
            tc("Climate", '<w:vMerge w:val="restart"/>') + tc("a") + tc("b"),
            tc("", "<w:vMerge/>") + tc("c", '<w:gridSpan w:val="2"/>'),
        )
    )
    assert table.texts() == [["Our plan", "", ""], ["Climate", "a", "b"], ["Climate", "c", ""]]
    assert [[cell.merged for cell in row] for row in table.rows] == [
        ["", "across", "across"],
        ["", "", ""],
        ["down", "", "across"],
    ]


def test_word_row_that_begins_late_keeps_its_columns():
    late = '<w:trPr><w:gridBefore w:val="1"/></w:trPr>' + tc("b")
    assert first(tbl(tc("a") + tc("x"), late)).texts() == [["a", "x"], ["", "b"]]


def test_word_nested_table_is_a_table_of_its_own_with_its_place():
    outer = "<w:tc><w:p><w:r><w:t>see</w:t></w:r></w:p>" + tbl(tc("deep")) + "<w:p/></w:tc>"
    one, two = read(word(tbl(tc("a"), outer)), "plan.docx")
    assert (one.texts(), two.texts()) == ([["a"], ["see"]], [["deep"]])
    assert str(two.inside) == "plan.docx, table 1, row 2, column 1"


def test_word_content_controls_links_and_insertions_are_read_and_deletions_not():
    cell = (
        "<w:sdt><w:sdtContent><w:tc><w:p><w:hyperlink><w:r><w:t>link </w:t></w:r></w:hyperlink>"
        "<w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>away</w:t></w:r></w:moveFrom>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>unseen</w:t></w:r></w:p></w:tc></w:sdtContent></w:sdt>"
    )
    assert first(tbl(cell)).texts() == [["link new"]]


def test_word_struck_cell_is_marked():
    struck = "<w:tc><w:p><w:r><w:rPr><w:strike/></w:rPr><w:t>old</w:t></w:r></w:p></w:tc>"
    assert [cell.struck for cell in first(tbl(struck + tc("new"))).rows[0]] == [True, False]


def test_word_without_table_says_so():
    assert problem(word("<w:p><w:r><w:t>Only words</w:t></w:r></w:p>")).code == "no_table"


@pytest.mark.parametrize(
    ("body", "code", "place"),
    [
        (tbl(tc("x", '<w:gridSpan w:val="2000000000"/>')), "columns", "plan.docx, table 1, column 1000000"),
        (tbl(*[tc("x")] * 5_001), "rows", "plan.docx, table 1, row 5001"),
        (tbl(tc("a") + tc("x" * 20_001)), "cell_chars", "plan.docx, table 1, row 1, column 2"),
        (tbl(tc("x")) * 51, "tables", "plan.docx"),
    ],
)
def test_word_past_a_cap_is_refused_with_its_place(body, code, place):
    found = problem(word(body))
    assert (found.code, str(found.place)) == (code, place)


def test_word_with_macros_is_read_like_any_other():
    macros = b"application/vnd.ms-word.document.macroEnabled.main+xml"
    plain = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    data = word(tbl(tc("a")))
    types = zipfile.ZipFile(io.BytesIO(data)).read("[Content_Types].xml").replace(plain, macros)
    assert read(with_members(data, {"[Content_Types].xml": types}), "plan.docm")[0].texts() == [["a"]]


@pytest.mark.skipif(not PLAN.exists(), reason="shared data are not here")
def test_word_of_the_paper_is_read_whole():
    (table,) = read(PLAN, PLAN.name)
    assert (len(table.rows), table.width, table.caption) == (8, 6, "Maple Grove School — leadership team")
    assert table.texts()[1][3] == "Increase student engagement\n\nEncourage school pride"
