import codecs
from pathlib import Path

import pytest

from config.files import UnreadableFile, read, read_text
from config.files.delimited import find_separator, guard, unguard

PLAN = Path(__file__).parents[2].parent / "shared/data/planning/dww_plan_utf8.csv"


def texts(data, **kwargs):
    (table,) = read(data, "plan.csv", **kwargs)
    return table.texts()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_csv_encoding_is_found_out(encoding):
    data = "Nombre,Año\r\nIñaki “el mayor”,9\r\n".encode(encoding)
    assert texts(data) == [["Nombre", "Año"], ["Iñaki “el mayor”", "9"]]


def test_csv_of_old_mac_has_lone_carriage_returns():
    assert texts("Nombre,Año\rIñaki,9\r".encode("mac-roman")) == [["Nombre", "Año"], ["Iñaki", "9"]]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_csv_separator_is_found_out(separator):
    data = (
        separator.join(["Strategy", "Who"])
        + "\n"
        + separator.join(["Advisory: a, b", "All; each"])
        .replace("Advisory: a, b", '"Advisory: a, b"')
        .replace("All; each", '"All; each"')
    )
    assert texts(data.encode()) == [["Strategy", "Who"], ["Advisory: a, b", "All; each"]]


def test_csv_semicolons_win_over_decimal_commas():
    assert texts(b"name;value\na;1,5\nb;2,5\n") == [["name", "value"], ["a", "1,5"], ["b", "2,5"]]


def test_csv_separator_line_of_excel_is_obeyed():
    assert texts(b"sep=|\r\na|b,c\r\n") == [["a", "b,c"]]


def test_csv_without_any_separator_is_one_column():
    assert find_separator("one\ntwo\n") == ","
    assert texts(b"one\ntwo\n") == [["one"], ["two"]]


def test_csv_quoted_newlines_stay_in_their_cell():
    assert texts(b'a,b\r\n"one\r\ntwo","say ""hi"""\r\n') == [["a", "b"], ["one\ntwo", 'say "hi"']]


def test_csv_rows_are_made_even_and_trailing_empties_dropped():
    assert texts(b"a,b,,\nc\n\n,,,\nd,e\n,,,\n") == [["a", "b"], ["c", ""], ["", ""], ["", ""], ["d", "e"]]


def test_csv_place_names_row_and_column_letter():
    (table,) = read(b"a,b\nc,d\n", "plan.csv")
    assert str(table.place(table.rows[1][1])) == "plan.csv, row 2, column B"


def test_csv_open_quotation_is_named_with_its_row():
    with pytest.raises(UnreadableFile) as caught:
        read(b'a,b\nc,d\n"e,f\ng,h\n', "plan.csv")
    (problem,) = caught.value.problems
    assert (problem.code, problem.place.row) == ("quote", 3)


def test_csv_quotation_mark_inside_a_cell_is_only_a_character():
    assert texts(b'a,b\n5" pipe,"c" d\n') == [["a", "b"], ['5" pipe', "c d"]]


@pytest.mark.parametrize(
    ("data", "code", "row"),
    [
        (b"a,b\n" * 5_001, "rows", 5_001),
        (b"a\n" + b"," * 100 + b"x\n", "columns", 2),
        (b"a,b\nc," + b"x" * 20_001, "cell_chars", 2),
        (b"a,b\nc," + b"x" * 140_000, "cell_chars", 0),
        (("x" * 19_000 + "\n").encode() * 300, "chars", 264),
    ],
)
def test_csv_cap_is_named_with_its_row(data, code, row):
    with pytest.raises(UnreadableFile) as caught:
        read(data, "plan.csv")
    assert (caught.value.problems[0].code, caught.value.problems[0].place.row) == (code, row)


def test_csv_several_problems_are_listed_together():
    with pytest.raises(UnreadableFile) as caught:
        read(("a\n" + "x" * 20_001 + "\nb\n" + "y" * 20_001).encode(), "plan.csv")
    assert [str(problem.place) for problem in caught.value.problems] == [
        "plan.csv, row 2, column A",
        "plan.csv, row 4, column A",
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "'=1", "''+1", "＝1", "\nx"])
def test_guard_goes_before_what_a_spreadsheet_would_run_and_comes_off_once(text):
    assert guard(text) == "'" + text
    assert unguard(guard(text)) == text


@pytest.mark.parametrize("text", ["", "a=b", "'quoted'", "''", " =1", "’90s"])
def test_guard_leaves_other_text_alone(text):
    assert guard(text) == text
    assert unguard(text) == text


def test_csv_with_a_byte_order_mark_only_is_empty():
    with pytest.raises(UnreadableFile) as caught:
        read(codecs.BOM_UTF8, "plan.csv")
    assert caught.value.problems[0].code == "empty"


def test_pasted_text_with_tabs_is_a_table():
    (table,) = read_text('Strategy\tWho\r\n"Advisory\ntwice"\tAll\r\n')
    assert table.texts() == [["Strategy", "Who"], ["Advisory\ntwice", "All"]]


def test_pasted_text_without_tabs_is_lines():
    (table,) = read_text('"Advisory" they said\nBlock schedule; longer')
    assert table.texts() == [['"Advisory" they said'], ["Block schedule; longer"]]


def test_pasted_nothing_is_said():
    with pytest.raises(UnreadableFile) as caught:
        read_text(" \n"[1:])
    assert str(caught.value) == "Nothing that can be read was pasted. Copy the rows again."


@pytest.mark.skipif(not PLAN.exists(), reason="shared data are not here")
def test_csv_of_the_paper_is_read_whole():
    (table,) = read(PLAN, PLAN.name)
    assert (len(table.rows), table.width) == (8, 6)
    assert table.texts()[1][3] == "Increase student engagement\n\nEncourage school pride"
    assert table.texts()[4][0] == "Families get a one-page learning plan twice a year (English, Español, Tiếng Việt)"
    assert table.texts()[7][0] == 'Co-taught Algebra 1 "(two adults in the room)"'
