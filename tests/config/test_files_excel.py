import datetime as dt

import pytest
from openpyxl.styles import Font

from config.files import UnreadableFile, read
from tests.config.files_made import S, sheet, with_members, workbook


def first(data):
    return read(data, "plan.xlsx")[0]


def problem(data):
    with pytest.raises(UnreadableFile) as caught:
        read(data, "plan.xlsx")
    return caught.value.problems[0]


def test_workbook_is_read_with_places():
    table = first(workbook())
    assert table.texts() == [["Name", "Age"], ["Ada", "36"]]
    assert str(table.place(table.rows[1][1])) == "plan.xlsx, sheet “Plan”, row 2, column B"


def test_workbook_values_are_read_as_they_show():
    def change(book):
        book.active["B2"].number_format = "0%"

    rows = [[1.0, 0.1 + 0.2], [dt.date(2026, 9, 1), 0.85], [dt.datetime(2026, 9, 1, 8, 30), True], [dt.time(8, 5), -2]]
    assert first(workbook(rows, change)).texts() == [
        ["1", "0.3"],
        ["2026-09-01", "85%"],
        ["2026-09-01 08:30", "TRUE"],
        ["08:05", "-2"],
    ]


def test_workbook_merged_title_and_vertical_merge_are_marked():
    def change(book):
        book.active.merge_cells("A1:B1")
        book.active.merge_cells("A2:A3")

    table = first(workbook([["Our plan", None], ["Climate", "a"], [None, "b"]], change))
    assert table.texts() == [["Our plan", ""], ["Climate", "a"], ["Climate", "b"]]
    assert [[cell.merged for cell in row] for row in table.rows] == [["", "across"], ["", ""], ["down", ""]]


def test_workbook_formula_gives_its_saved_result_or_a_note():
    table = first(
        sheet('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>A1</f></c><c r="C1"><v>3</v></c></row>')
    )
    assert [(cell.text, cell.formula) for cell in table.rows[0]] == [("2", True), ("", True), ("3", False)]
    assert [(note.code, str(note.place)) for note in table.notes] == [
        ("formula", "plan.xlsx, sheet “Plan”, row 1, column B")
    ]


def test_workbook_hidden_sheet_row_and_column_are_marked():
    def change(book):
        book.active.row_dimensions[2].hidden = True
        book.active.column_dimensions["B"].hidden = True
        other = book.create_sheet("Old")
        other["A1"] = "x"
        other.sheet_state = "hidden"

    plan, old = read(workbook([["a", "b"], ["c", "d"]], change), "plan.xlsx")
    assert [[cell.hidden for cell in row] for row in plan.rows] == [[False, True], [True, True]]
    assert (plan.hidden, old.hidden) == (False, True)
    assert str(old.notes[0]) == "plan.xlsx, sheet “Old”: This sheet is hidden."


def test_workbook_struck_cell_is_marked():
    def change(book):
        book.active["A1"].font = Font(strike=True)

    assert [cell.struck for cell in first(workbook([["old", "new"]], change)).rows[0]] == [True, False]


def test_workbook_rich_and_escaped_strings_are_joined():
    table = first(
        sheet(
            '<row r="1"><c r="A1" t="inlineStr"><is><r><t>two </t></r><r><t>runs</t></r><rPh><t>x</t></rPh></is></c>'
            '<c r="B1" t="inlineStr"><is><t>one_x000D_two</t></is></c><c r="C1" t="str"><f>x</f><v>three</v></c></row>'
        )
    )
    assert table.texts() == [["two runs", "one\ntwo", "three"]]


def test_workbook_without_references_counts_cells():
    data = '<row><c><v>1</v></c><c><v>2</v></c></row><row r="3"><c r="B3"><v>3</v></c></row>'
    assert first(sheet(data)).texts() == [["1", "2"], ["", ""], ["", "3"]]


def test_workbook_that_claims_a_million_rows_costs_nothing():
    data = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    merged = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    table = first(sheet(data, merged, '<dimension ref="A1:XFD1048576"/>'))
    assert table.texts() == [["1"]]


@pytest.mark.parametrize(
    ("cell", "code", "place"),
    [
        ('<row r="5001"><c r="A5001"><v>1</v></c></row>', "rows", "plan.xlsx, sheet “Plan”, row 5001"),
        ('<row r="1"><c r="CW1"><v>1</v></c></row>', "columns", "plan.xlsx, sheet “Plan”, column CW"),
        ('<row r="1"><c r="XFD1"><v>1</v></c></row>', "columns", "plan.xlsx, sheet “Plan”, column XFD"),
        ('<row r="2000"><c r="CV2000"><v>1</v></c></row>', "cells", "plan.xlsx"),
    ],
)
def test_workbook_past_a_cap_is_refused_with_its_place(cell, code, place):
    found = problem(sheet(cell))
    assert (found.code, str(found.place)) == (code, place)


def test_workbook_long_cell_is_refused_with_its_place():
    found = problem(workbook([["a"], ["b", "x" * 20_001]]))
    assert (found.code, str(found.place)) == ("cell_chars", "plan.xlsx, sheet “Plan”, row 2, column B")


def test_workbook_with_broken_styles_is_read_with_a_note():
    table = first(
        with_members(
            workbook(),
            {"xl/styles.xml": f"<styleSheet {S}><fonts><font><sz val='big'/></font></fonts></styleSheet>".encode()},
        )
    )
    assert table.texts() == [["Name", "Age"], ["Ada", "36"]]
    assert [note.code for note in table.notes] == ["dates"]


def test_workbook_without_content_has_no_table():
    assert problem(workbook([])).code == "no_table"
