import pytest

from config.files import UnreadableFile, read, read_html


def test_pasted_excel_table_is_read():
    (table,) = read_html(
        "<html><head><style>td{mso:x}</style></head><body><!--StartFragment--><table><col width=3><tr><td>Strategy</td>"
        '<td>Who</td></tr><tr><td>Advisory<br style="mso-data-placement:same-cell;">twice</td><td>&nbsp;</td></tr>'
        "</table><!--EndFragment--></body></html>"
    )
    assert table.texts() == [["Strategy", "Who"], ["Advisory\ntwice", ""]]


def test_pasted_word_list_in_a_cell_is_lines_without_its_bullets():
    (table,) = read_html(
        "<table><tr><td><p class=MsoListParagraph><![if !supportLists]><span style='mso-list:Ignore'>·"
        "<span>&nbsp;&nbsp;</span></span><![endif]>One<o:p></o:p></p>"
        "<p class=MsoListParagraph>Two\n  and more<o:p></o:p></p></td></tr></table>"
    )
    assert table.texts() == [["One\nTwo and more"]]


def test_pasted_spans_are_opened_out():
    (table,) = read_html(
        "<table><tr><td rowspan=2>Climate<td colspan=2>a<tr><td>b<td>c<tr><td>d<td>e<td><s>f</s></table>"
    )
    assert table.texts() == [["Climate", "a", ""], ["Climate", "b", "c"], ["d", "e", "f"]]
    assert [[cell.merged for cell in row] for row in table.rows] == [["", "", "across"], ["down", "", ""], ["", "", ""]]
    assert table.rows[2][2].struck


def test_pasted_nested_table_is_a_table_of_its_own():
    one, two = read_html("<p>Plan</p><table><tr><td>a<table><tr><td>deep</td></tr></table></td></tr></table>")
    assert (one.texts(), one.caption, two.texts()) == ([["a"]], "Plan", [["deep"]])
    assert str(two.inside) == "table 1, row 1, column 1"


def test_pasted_html_without_table_is_lines():
    (table,) = read_html("<b style='x'><ul><li>One</li><li>Two <i>and</i> more</li></ul></b><script>alert(1)</script>")
    assert table.texts() == [["One"], ["Two and more"]]


def test_pasted_markup_stays_text():
    (table,) = read_html("<table><tr><td>&lt;script&gt;alert(1)&lt;/script&gt;</td></tr></table>")
    assert table.texts() == [["<script>alert(1)</script>"]]


@pytest.mark.parametrize(
    ("html", "code"),
    [
        ("", "nothing_pasted"),
        ("<style>td{}</style>", "nothing_pasted"),
        ("x" * 4_000_001, "paste_too_big"),
        ("<table><tr><td colspan=9999>x</table>", "columns"),
        ("<table>" + "<tr><td>x" * 5_001, "rows"),
        ("<table><tr><td>" * 51, "tables"),
    ],
)
def test_pasted_html_that_cannot_be_taken_is_said(html, code):
    with pytest.raises(UnreadableFile) as caught:
        read_html(html)
    assert caught.value.problems[0].code == code


def test_html_saved_as_xls_is_read():
    (table,) = read(b"<html><body><table><tr><td>Name</td></tr></table></body></html>", "export.xls")
    assert table.texts() == [["Name"]]
