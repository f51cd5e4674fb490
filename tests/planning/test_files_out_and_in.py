"""A table goes out as csv, xlsx, docx and pdf, comes in looked at first, and comes back as it went."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config import files
from planning import cells, exports, imports
from planning.models import Strategy, StrategyTable, TableImport
from profiles.models import Change, Person
from tests.cast import Cast
from tests.config.files_made import sheet, tbl, tc, word, workbook

from .conftest import SignIn, lines, now, people, save, url

DATA = Path(__file__).parents[2].parent / "shared/data/planning"
PLANS = [DATA / "dww_plan_utf8.csv", DATA / "dww_plan_clean.docx"]
HEADS = ("Strategy", "Areas", "Who is responsible, and why", "Students", "Teachers", "Assessment")


def fill(table: StrategyTable, cast: Cast) -> list[Strategy]:
    person = {"person": str(cast["advisor"].pk), "lead": True}
    return [
        Strategy.add(table, by=cast["teacher"], values=values)
        for values in (
            {
                "description": "=1+1 greetings; every day",
                "areas": ["organization", "climate"],
                "responsible": {"people": [person, {"role": "The bus drivers"}], "why": "He is there; early"},
                "student_effects": [{"text": "seen", "support": "social"}, {"text": "-5 % late", "support": ""}],
                "teacher_effects": lines("time; and calm"),
                "assessment": "Late arrivals\nby week",
            },
            {"description": "@breakfast 🙂 شارك"},
        )
    ]


def stands(table: StrategyTable) -> list[dict[str, Any]]:
    return [one.values() for one in table.strategies.standing().with_people()]


def export(client: Client, table: StrategyTable, kind: str, **query: str) -> bytes:
    answer = client.get(url(table, "export", kind), query)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, files.CONTENT_TYPES[kind])  # type: ignore[index]
    return answer.content  # type: ignore[no-any-return]


def upload(client: Client, table: StrategyTable, name: str, body: bytes) -> Any:
    return client.post(url(table, "import"), {"file": SimpleUploadedFile(name, body)})


def look(client: Client, table: StrategyTable, name: str, body: bytes) -> Any:
    """The page that shows what the file would do."""
    answer = upload(client, table, name, body)
    assert answer.status_code == 302, answer.text
    return client.get(answer.url)


def apply(client: Client, page: Any, number: int = 0) -> None:
    client.post(f"{page.request['PATH_INFO']}apply/", {"table": number})


def state(table: StrategyTable) -> list[Any]:
    return [stands(table), Change.objects.filter(stream=table.stream).count()]


# Out


@pytest.mark.parametrize(("kind", "language"), [("csv", "en"), ("csv", "es"), ("xlsx", "es"), ("docx", "en")])
def test_export_opens_again_without_the_example(
    kind: str, language: str, cast: Cast, sign_in: SignIn, table: StrategyTable
) -> None:
    fill(table, cast)
    Person.objects.filter(pk=cast["teacher"].pk).update(language=language)

    body = export(sign_in("teacher"), table, kind)

    with translation.override(language):
        heads = [str(cells.HEADS[cell]) for cell in cells.CELLS]
        leads = f"Henry Osei ({translation.gettext('leads')})"
    (read,) = files.read(body, f"plan.{kind}")
    assert [text.split("\n")[0] for text in read.texts()[0]] == heads
    assert [row[0] for row in read.texts()[1:]] == ["=1+1 greetings; every day", "@breakfast 🙂 شارك"]
    assert read.texts()[1][2].split("\n")[:2] == [leads, "The bus drivers"]
    assert not any(cell.formula for row in read.rows for cell in row)


def test_export_as_pdf_is_a_tagged_document(cast: Cast, sign_in: SignIn, table: StrategyTable) -> None:
    Strategy.add(table, by=cast["teacher"], values={"description": "Greet everyone"})

    body = export(sign_in("leader"), table, "pdf")

    assert body.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in body or b"/ObjStm" in body


def test_export_that_cannot_be_written_says_why(cast: Cast, sign_in: SignIn, table: StrategyTable) -> None:
    Strategy.add(table, by=cast["teacher"], values={"description": "Greet 𓀀"})

    page = sign_in("teacher").get(url(table, "export", "pdf"), follow=True)

    assert page.redirect_chain == [(url(table), 302)]
    assert "𓀀" in str(next(iter(page.context["messages"])))


@pytest.mark.parametrize("what", ["summary", "history", "blank"])
def test_every_document_is_written_in_every_form(what: str, cast: Cast, sign_in: SignIn, table: StrategyTable) -> None:
    Strategy.add(table, by=cast["teacher"], values={"description": "Greet everyone", "areas": ["climate"]})
    client = sign_in("teacher")

    written = {kind: len(export(client, table, kind, what=what)) > 20 for kind in ("csv", "docx", "pdf")}

    assert written == {"csv": True, "docx": True, "pdf": True}
    assert client.get(url(table, "export", "odt")).status_code == 404
    assert client.get(url(table, "export", "csv"), {"what": "x"}).status_code == 404


def test_blank_form_has_heads_and_no_words(cast: Cast, table: StrategyTable) -> None:
    fill(table, cast)

    (grid,) = exports.blank_form(table).grids()

    assert [column.heading for column in grid.columns] == [str(cells.HEADS[cell]) for cell in cells.CELLS]
    assert [row.cells for row in grid.rows] == [()] * exports.BLANK_ROWS


# Out and in again


@pytest.mark.parametrize("kind", ["csv", "xlsx", "docx"])
def test_export_changes_nothing_at_home_and_gives_the_same_elsewhere(
    kind: str, cast: Cast, sign_in: SignIn, table: StrategyTable
) -> None:
    fill(table, cast)
    Strategy.add(table, by=cast["teacher"], values={"description": "Away"}).set_aside(by=cast["teacher"])
    copy = StrategyTable.begin(cast.org("cedar"), "Again", "grade_team", by=cast["teacher"])
    client, before = sign_in("teacher"), state(table)
    body = export(client, table, kind)

    pages = [look(client, one, f"plan.{kind}", body) for one in (table, copy)]
    for page in pages:
        apply(client, page)

    assert [page.context["counts"] for page in pages] == [
        {"new": 0, "changed": 0, "same": 2, "set_aside": 0},
        {"new": 2, "changed": 0, "same": 0, "set_aside": 0},
    ]
    assert state(table) == before
    assert stands(copy) == stands(table)
    assert {one.origin for one in copy.strategies.all()} == {"import"}


SIGNS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
WORDS = st.one_of(
    st.text(SIGNS, max_size=12),
    st.sampled_from(
        ["=1+1", "+1", "-1", "@SUM(A1)", "'quoted", "''=x", "a; b", "• dot", "- dash", "x [in learning]", "x []", "[ ]",
         "Why: me", "por qué", "Ana (leads)", "Ana ()", "(leads)", "🙂👩‍🏫", "שלום", "<b>", "_x000D_", "a,b\t\"c\"",
         "1e5", "007", "TRUE", "2026-01-02", "#REF!", "sep=;", "|", "Climate", "x" * 900],
    ),
)  # fmt: skip
LINE = WORDS.map(lambda text: " ".join(cells.normal_text(text).split())).filter(bool)
TEXT = st.lists(WORDS, max_size=4).map(lambda parts: cells.normal_text("\n".join(parts)))
EFFECTS = st.lists(LINE, unique=True, max_size=4).flatmap(
    lambda texts: st.tuples(
        *(
            st.fixed_dictionaries({"text": st.just(text), "support": st.sampled_from(["", *cells.Support.values])})
            for text in texts
        )
    ).map(list)
)


@st.composite
def responsible(draw: Any) -> dict[str, Any]:
    roles = draw(st.lists(LINE.filter(lambda role: len(role) <= cells.LONGEST_ROLE), unique=True, max_size=3))
    lead = draw(st.sampled_from([None, *range(len(roles))]))
    listed = [{"role": role, "lead": True} if n == lead else {"role": role} for n, role in enumerate(roles)]
    return {"people": listed, "why": draw(TEXT)}


ROW = st.fixed_dictionaries(
    {
        "description": TEXT.filter(lambda text: not imports.EXAMPLE.match(text)),
        "areas": st.sets(st.sampled_from(cells.Area.values)).map(
            lambda areas: [area for area in cells.Area.values if area in areas]
        ),
        "responsible": responsible(),
        "student_effects": EFFECTS,
        "teacher_effects": EFFECTS,
        "assessment": TEXT,
    }
)


@pytest.mark.parametrize(("kind", "examples", "rows"), [("csv", 15, 3), ("xlsx", 2, 20), ("docx", 2, 20)])
def test_any_table_comes_back_as_it_went(kind: Any, examples: int, rows: int, cast: Cast) -> None:
    teacher, school = cast["teacher"], cast.org("cedar")

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(ROW, min_size=rows // 3, max_size=rows))
    def comes_back(written: list[dict[str, Any]]) -> None:
        with transaction.atomic():
            table, copy = (StrategyTable.begin(school, title, "other", by=teacher) for title in ("One", "Two"))
            for values in written:
                Strategy.add(table, by=teacher, values=values)
            body = files.write(exports.six_columns(table), kind)
            read = files.read(body, f"plan.{kind}") if any(said(values) for values in written) else []
            for one in (table, copy):
                before = Change.objects.filter(stream=one.stream).count()
                record = imports.look(one, read, "plan", by=teacher)
                if record:
                    imports.apply(record, 0, by=teacher)
                changed = Change.objects.filter(stream=one.stream).count() - before
                assert changed == (0 if one == table else len([1 for values in written if said(values)]))
            assert stands(copy) == [values for values in written if said(values)]
            transaction.set_rollback(True)

    comes_back()


def said(values: dict[str, Any]) -> bool:
    return any(value for cell, value in values.items() if cell != "responsible") or any(values["responsible"].values())


# The papers of the school


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.suffix)
def test_filled_in_paper_is_looked_at_applied_and_then_known(path: Path, sign_in: SignIn, table: StrategyTable) -> None:
    if not path.exists():
        pytest.skip("shared data is not here")
    client = sign_in("teacher")
    before = state(table)

    page = look(client, table, path.name, path.read_bytes())
    looked = state(table)
    apply(client, page)
    again = look(client, table, path.name, path.read_bytes())
    once = state(table)
    apply(client, again)

    assert looked == before
    assert page.context["counts"] == {"new": 5, "changed": 0, "same": 0, "set_aside": 0}
    assert again.context["counts"] == {"new": 0, "changed": 0, "same": 5, "set_aside": 0}
    assert state(table) == once
    assert "an example; left out" in page.text
    assert stands(table)[0] == {
        "description": "Ninth-grade academy: one wing, one team of four teachers for 110 students",
        "areas": ["organization"],
        "responsible": people("Principal", "9th-grade lead teacher (owns the schedule)"),
        "student_effects": lines("Known by name", "one team for the year"),
        "teacher_effects": lines("Shared prep", "shared students"),
        "assessment": "Credits earned at semester 1; 9th-grade attendance",
    }
    assert [one["areas"] for one in stands(table)] == [
        ["organization"],
        ["organization", "climate"],
        ["communication"],
        ["organization", "curriculum"],
        ["curriculum"],
    ]


def csv(*rows: tuple[str, ...], heads: tuple[str, ...] = HEADS) -> bytes:
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in (heads, *rows)]
    return "\r\n".join(quoted).encode()


GREET = ("Greet everyone", "Climate", "Henry Osei", "seen", "time", "Count")
LUNCH = ("Lunch together", "Organization", "Cooks", "fed", "calm", "Ask")


def test_changed_file_shows_the_difference_and_only_that(cast: Cast, sign_in: SignIn, table: StrategyTable) -> None:
    client = sign_in("teacher")
    apply(client, look(client, table, "plan.csv", csv(GREET, LUNCH)))
    later = csv((*GREET[:5], "Count in spring"), ("Breakfast", *LUNCH[1:]), LUNCH)

    page = look(client, table, "plan.csv", later)
    shown = [(row["state"], [(str(head), then) for head, _now, then in row["changes"]]) for row in page.context["rows"]]
    apply(client, page)

    assert shown == [
        ("changed", [("How we will know", '<div class="text">Count in spring</div>')]),
        ("new", []),
        ("same", []),
    ]
    assert [one["assessment"] for one in stands(table)] == ["Count in spring", "Ask", "Ask"]
    last = Change.objects.filter(stream=table.stream, verb="cell_saved").get()
    assert last.after == {"value": "Count in spring", "cause": "import"}


def test_file_and_table_both_changed_keep_both(cast: Cast, sign_in: SignIn, table: StrategyTable) -> None:
    client = sign_in("teacher")
    apply(client, look(client, table, "plan.csv", csv(GREET)))
    row = table.strategies.get()
    save(row, "assessment", "Ask in autumn", cast["advisor"])
    changed = csv((*GREET[:5], "Count in spring"))

    for _ in range(2):
        apply(client, look(client, table, "plan.csv", changed))

    assert now(row).assessment == "Ask in autumn"
    assert [one.value for one in row.proposals.all()] == ["Count in spring"]
    client.get("/")
    apply(client, look(client, table, "plan.csv", csv(GREET)))
    assert now(row).assessment == "Ask in autumn"


def test_what_the_table_changed_since_stays_when_the_old_file_comes_again(
    cast: Cast, sign_in: SignIn, table: StrategyTable
) -> None:
    client = sign_in("teacher")
    apply(client, look(client, table, "plan.csv", csv(GREET, LUNCH)))
    first, second = table.strategies.standing()
    save(first, "description", "Greet everyone at the door", cast["advisor"])
    second.set_aside(by=cast["advisor"])
    before = state(table)

    page = look(client, table, "plan.csv", csv(GREET, LUNCH))
    apply(client, page)

    assert page.context["counts"] == {"new": 0, "changed": 0, "same": 1, "set_aside": 1}
    assert state(table) == before


def test_rows_of_one_description_are_each_their_own(sign_in: SignIn, table: StrategyTable) -> None:
    client = sign_in("teacher")
    twice = csv(GREET, (*GREET[:5], "Ask"), ("", *LUNCH[1:]), ("", *LUNCH[1:5], "Other"))

    for _ in range(2):
        apply(client, look(client, table, "plan.csv", twice))

    assert [one["assessment"] for one in stands(table)] == ["Count", "Ask", "Ask", "Other"]


@pytest.mark.parametrize(
    "heads",
    [
        HEADS,
        ("What will we do?", "Touches", "Who leads, and why", "For students", "For teachers", "How we will know"),
        ("Estrategia", "Áreas", "Personal responsable", "Efecto en estudiantes", "Efecto en docentes", "Evaluación"),
        ("Actions", "Climate / curriculum", "Owner", "Learner outcomes", "Good for us", "Evidence"),
    ],
)
@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4, 5), (5, 3, 0, 4, 2, 1)])
def test_columns_are_known_by_meaning_in_any_order(
    heads: tuple[str, ...], order: tuple[int, ...], cast: Cast, table: StrategyTable
) -> None:
    shuffled = csv(tuple(GREET[n] for n in order), heads=tuple(heads[n] for n in order))

    (found,) = imports.find(files.read(shuffled, "plan.csv"), imports.people_of(table))

    assert found.rows[0].values == {
        "description": "Greet everyone",
        "areas": ["climate"],
        "responsible": {"people": [{"person": str(cast["advisor"].pk)}], "why": ""},
        "student_effects": lines("seen"),
        "teacher_effects": lines("time"),
        "assessment": "Count",
    }


def test_unmatched_columns_are_named_and_not_read(sign_in: SignIn, table: StrategyTable) -> None:
    body = csv((*GREET, "$100", "x"), heads=(*HEADS, "Budget", "Room no."))

    page = look(sign_in("teacher"), table, "plan.csv", body)

    assert page.context["chosen"].unmatched == ["Budget", "Room no."]
    assert "Not read:" in page.text
    assert "Budget · Room no." in page.text


def test_file_without_the_columns_of_a_table_is_named(sign_in: SignIn, table: StrategyTable) -> None:
    page = upload(sign_in("teacher"), table, "people.csv", b"Name,Age\nAda,36\n")

    assert page.status_code == 422
    assert "people.csv: no table with the columns of a strategy table was found." in page.text
    assert TableImport.objects.count() == 0


def notes(body: bytes, name: str, table: StrategyTable) -> tuple[list[str], list[str]]:
    (found,) = imports.find(files.read(body, name), imports.people_of(table))
    return [row.values["description"] for row in found.rows], found.notes


def test_titles_sections_repeated_heads_blanks_and_examples_are_left_out_by_place(table: StrategyTable) -> None:
    def change(book: openpyxl.Workbook) -> None:
        for row in (1, 5):
            book.active.merge_cells(start_row=row, end_row=row, start_column=1, end_column=6)

    rows = (
        ("Plan of the students and teachers", *[None] * 5),
        HEADS,
        ("Example: clubs", *GREET[1:]),
        GREET,
        ("Second half of the year", *[None] * 5),
        HEADS,
        (None,) * 6,
        LUNCH,
    )

    assert notes(workbook(rows, change), "plan.xlsx", table) == (
        ["Greet everyone", "Lunch together"],
        [
            "sheet “Plan”, row 3: an example; left out.",
            "sheet “Plan”, row 5: “Second half of the year” spans the whole table; read as a heading and left out.",
            "sheet “Plan”, row 6: the heads again; left out.",
        ],
    )


def test_formula_is_read_by_its_last_result_and_named(table: StrategyTable) -> None:
    def inline(*texts: str) -> str:
        return "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts)

    result = '<c t="str"><f>A1&amp;"x"</f><v>Count</v></c>'
    rows = [inline(*HEADS), inline(*GREET[:5]) + result, inline(*LUNCH[:5]) + "<c><f>1+1</f></c>"]
    body = sheet("".join(f"<row>{row}</row>" for row in rows))

    (found,) = imports.find(files.read(body, "plan.xlsx"), {})

    assert [row.values["assessment"] for row in found.rows] == ["Count", ""]
    assert found.notes == [
        "plan.xlsx, sheet “Plan”, row 3, column F: This cell holds a formula without a saved result, "
        "so it is read as empty.",
        "sheet “Plan”, row 2: a formula; its last result was read.",
    ]


def test_strategy_over_several_rows_of_a_word_table_is_one(table: StrategyTable) -> None:
    first = tc(GREET[0], '<w:vMerge w:val="restart"/>') + "".join(tc(text) for text in GREET[1:])
    second = tc("", "<w:vMerge/>") + "".join(tc(text) for text in ("Curriculum", "Cooks", "known", "", "Ask"))
    body = word(tbl("".join(tc(head) for head in HEADS), first, second))

    (found,) = imports.find(files.read(body, "plan.docx"), {})

    assert [row.values for row in found.rows] == [
        {
            "description": "Greet everyone",
            "areas": ["climate", "curriculum"],
            "responsible": people("Henry Osei", "Cooks"),
            "student_effects": lines("seen", "known"),
            "teacher_effects": lines("time"),
            "assessment": "Count\nAsk",
        }
    ]


def test_two_tables_in_a_file_are_chosen_from(sign_in: SignIn, table: StrategyTable) -> None:
    document = docx.Document()
    for row in (GREET, LUNCH):
        made = document.add_table(2, 6)
        for n in range(6):
            made.cell(0, n).text, made.cell(1, n).text = HEADS[n], row[n]
        document.add_paragraph("and")
    out = io.BytesIO()
    document.save(out)
    client = sign_in("teacher")

    page = look(client, table, "plan.docx", out.getvalue())
    second = client.get(page.request["PATH_INFO"], {"table": "1"})
    missing = [
        client.get(page.request["PATH_INFO"], {"table": bad}).status_code for bad in ("2", "x", "-1", "9" * 5000)
    ]
    apply(client, page, 1)

    assert [row["place"] for row in page.context["rows"]] == ["table 1, row 2"]
    assert "The file holds several tables:" in page.text
    assert [row["place"] for row in second.context["rows"]] == ["table 2, row 2"]
    assert missing == [404] * 4
    assert [one["description"] for one in stands(table)] == ["Lunch together"]


def test_people_of_a_file_are_matched_where_sure_and_kept_in_words_else(
    cast: Cast, sign_in: SignIn, table: StrategyTable
) -> None:
    Person.objects.filter(pk=cast["math"].pk).update(given_name="Priya", family_name="Nair")
    client = sign_in("teacher")
    names = "HENRY OSEI (leads)\nPriya Nair\nPaul Nakamura\nWhy: they are there\nearly"

    apply(client, look(client, table, "plan.csv", csv((*GREET[:2], names, *GREET[3:]))))

    assert stands(table)[0]["responsible"] == {
        "people": [
            {"person": str(cast["advisor"].pk), "lead": True},
            {"role": "Priya Nair"},
            {"role": "Paul Nakamura"},
        ],
        "why": "they are there\nearly",
    }


def test_person_who_shares_a_name_comes_back_as_who_they_are(cast: Cast, sign_in: SignIn, table: StrategyTable) -> None:
    Person.objects.filter(pk=cast["math"].pk).update(given_name="Henry", family_name="Osei")
    fill(table, cast)
    client, before = sign_in("teacher"), state(table)

    page = look(client, table, "plan.csv", export(client, table, "csv"))
    apply(client, page)

    assert page.context["counts"]["same"] == 2
    assert state(table) == before


def test_row_that_says_only_why_is_a_row(sign_in: SignIn, table: StrategyTable) -> None:
    client = sign_in("teacher")

    apply(client, look(client, table, "plan.csv", csv(("", "", "Why: they are there", "", "", ""), GREET)))

    assert [one["responsible"]["why"] for one in stands(table)] == ["they are there", ""]


def test_more_people_than_a_cell_holds_are_kept_under_why(table: StrategyTable) -> None:
    named, why = cells.people_from_words("; ".join(f"role {n}" for n in range(cells.MOST_LINES + 2)))

    assert len(named) == cells.MOST_LINES
    assert sorted(why.split("\n")) == [f"role {n}" for n in range(cells.MOST_LINES, cells.MOST_LINES + 2)]


def test_file_looked_at_for_one_table_is_not_applied_to_another(
    cast: Cast, sign_in: SignIn, table: StrategyTable
) -> None:
    client = sign_in("teacher")
    other = StrategyTable.begin(cast.org("cedar"), "Other", "grade_team", by=cast["teacher"])
    page = look(client, table, "plan.csv", csv(GREET))
    record = TableImport.objects.get()

    answers = [
        client.get(url(other, "import", record.pk)).status_code,
        client.post(url(other, "import", record.pk, "apply")).status_code,
        sign_in("leader").get(page.request["PATH_INFO"]).status_code,
        sign_in("leader").post(f"{page.request['PATH_INFO']}apply/").status_code,
    ]

    assert answers == [404, 404, 403, 403]
    assert (stands(table), stands(other)) == ([], [])


@pytest.mark.parametrize("rows", [1, 3])
def test_look_at_a_file_costs_the_same_for_one_row_and_three(
    rows: int, cast: Cast, sign_in: SignIn, table: StrategyTable, django_assert_num_queries: Any
) -> None:
    fill(table, cast)
    client = sign_in("teacher")
    body = csv(*[(f"Row {n}", *GREET[1:]) for n in range(rows)])
    page = look(client, table, "plan.csv", body)

    with django_assert_num_queries(9):
        client.get(page.request["PATH_INFO"])


# Pasted


def paste(client: Client, table: StrategyTable, **data: Any) -> Any:
    return client.post(url(table, "paste"), data, follow=True)


def test_pasted_rows_are_looked_at_then_added(cast: Cast, sign_in: SignIn, table: StrategyTable) -> None:
    client = sign_in("teacher")
    html = f"<table><tr>{''.join(f'<td>{text}</td>' for text in GREET)}</tr></table>"

    page = paste(client, table, html=html)
    before = stands(table)
    apply(client, page)

    assert before == []
    assert [(one["description"], one["assessment"]) for one in stands(table)] == [("Greet everyone", "Count")]


def test_column_pasted_at_a_cell_goes_onto_the_rows_below_it(cast: Cast, sign_in: SignIn, table: StrategyTable) -> None:
    rows = [Strategy.add(table, by=cast["teacher"], values={"description": name}) for name in "abc"]
    client = sign_in("teacher")

    page = paste(client, table, text="seen\nknown\n", row=str(rows[1].pk), cell="student_effects")
    apply(client, page)

    assert [one["student_effects"] for one in stands(table)] == [[], lines("seen"), lines("known")]
