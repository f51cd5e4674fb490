"""What people may put in: every nasty thing gets a sentence or is put right, and never a page that failed."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from planning import cells, urls
from planning.models import CellProposal, Comment, Strategy, StrategyTable, TableImport
from profiles.models import Person
from tests.cast import Cast

from .conftest import SignIn, now, save, url

JSON = {"accept": "application/json"}
Texts = list[str]


def write(client: Client, row: Strategy, cell: str, **data: Any) -> Any:
    where = url(row.table, "strategies", row.pk, "cells", cell)
    return client.post(where, {"base_version": now(row).cell_versions[cell], **data}, headers=JSON)


def sentence(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("sentence", "")


# Texts


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Greet \r\n everyone \n\n", "Greet\n everyone"),
        ("Greet\x07\x1b everyone\x7f", "Greet everyone\x7f"),
        ("Greet\ufffe everyone\uffff", "Greet everyone"),
        ("\t\n \r", ""),
        ("¡Buenos días! شارك 🙂 ﷽ =1+1", "¡Buenos días! شارك 🙂 ﷽ =1+1"),
    ],
)
def test_text_is_kept_in_its_normal_form(typed: str, kept: str, sign_in: SignIn, row: Strategy) -> None:
    assert write(sign_in("teacher"), row, "assessment", text=typed).status_code == 200
    assert now(row).assessment == kept


def test_text_of_four_pages_is_the_most(sign_in: SignIn, row: Strategy) -> None:
    client = sign_in("teacher")

    assert write(client, row, "assessment", text="x" * cells.LONGEST_TEXT).status_code == 200
    assert sentence(write(client, row, "assessment", text="x" * (cells.LONGEST_TEXT + 1))) == (
        422,
        "Ensure this value has at most 10000 characters (it has 10001).",
    )
    assert now(row).assessment == "x" * cells.LONGEST_TEXT


@pytest.mark.parametrize(
    ("cell", "field"), [("assessment", "text"), ("student_effects", "lines"), ("responsible", "why")]
)
def test_null_character_is_refused_in_a_sentence(cell: str, field: str, sign_in: SignIn, row: Strategy) -> None:
    answer = write(sign_in("teacher"), row, cell, **{field: "a\0b"})

    assert sentence(answer) == (422, "Null characters are not allowed.")


def test_refused_words_stay_on_the_page(sign_in: SignIn, row: Strategy) -> None:
    where = url(row.table, "strategies", row.pk, "cells", "assessment")

    page = sign_in("teacher").post(where, {"base_version": 2, "text": "My words " + "x" * cells.LONGEST_TEXT})

    assert page.status_code == 422
    assert "My words x" in page.text
    assert "Ensure this value has at most 10000 characters" in page.text


# Lines


def test_lines_are_parted_trimmed_and_each_kept_once(sign_in: SignIn, row: Strategy) -> None:
    supports = json.dumps({"seen": "social", "known": "nonsense", "other": "academic", "late": ["social"]})

    write(sign_in("teacher"), row, "student_effects", lines=" seen \r\n\nknown\nseen\nlate", supports=supports)

    assert now(row).student_effects == [
        {"text": "seen", "support": "social"},
        {"text": "known", "support": ""},
        {"text": "late", "support": ""},
    ]


def test_more_lines_than_a_cell_holds_are_refused_and_none_is_dropped(sign_in: SignIn, row: Strategy) -> None:
    client = sign_in("teacher")
    lines = [f"line {n}" for n in range(cells.MOST_LINES + 1)]

    assert write(client, row, "student_effects", lines="\n".join(lines[:-1])).status_code == 200
    assert sentence(write(client, row, "student_effects", lines="\n".join(lines))) == (
        422,
        "Write at most 60 lines in one cell.",
    )
    assert [one["text"] for one in now(row).student_effects] == lines[:-1]


@pytest.mark.parametrize(
    "supports", ["[" * 100_000, "1" * 5_000, "{", "[]", "null", '"x"', '{"seen": {"a": 1}}', "NaN"]
)
def test_supports_that_mean_nothing_count_as_none(supports: str, sign_in: SignIn, row: Strategy) -> None:
    answer = write(sign_in("teacher"), row, "student_effects", lines="seen", supports=supports)

    assert answer.status_code == 200
    assert now(row).student_effects == [{"text": "seen", "support": ""}]


# People


def named(client: Client, row: Strategy, names: Texts, ids: Texts | None = None, lead: str = "") -> Any:
    return write(client, row, "responsible", who=names, who_id=ids or [""] * len(names), who_lead=lead, why="")


def test_staff_are_recognized_by_name_and_others_kept_in_words(cast: Cast, sign_in: SignIn, row: Strategy) -> None:
    named(sign_in("teacher"), row, ["henry  OSEI", "The bus drivers", "", "Leo Marsh", "Henry Osei"], lead="1")

    assert now(row).value("responsible")["people"] == [
        {"person": str(cast["advisor"].pk)},
        {"role": "The bus drivers", "lead": True},
        {"role": "Leo Marsh"},
    ]


@pytest.fixture
def namesake(cast: Cast) -> Person:
    """A second Henry Osei at the first school."""
    Person.objects.filter(pk=cast["math"].pk).update(given_name="Henry", family_name="Osei")
    return cast["math"]


def test_two_of_one_name_are_told_apart_by_id_or_address(
    cast: Cast, sign_in: SignIn, row: Strategy, namesake: Person
) -> None:
    client, advisor = sign_in("teacher"), cast["advisor"]

    def people(*asked: Any, **more: Any) -> list[Any]:
        assert named(client, row, *asked, **more).status_code == 200
        return now(row).value("responsible")["people"]  # type: ignore[no-any-return]

    assert people(["Henry Osei"]) == [{"role": "Henry Osei"}]
    assert people(["Henry Osei"], [str(namesake.pk)]) == [{"person": str(namesake.pk)}]
    assert people([f"Henry Osei · {advisor.email}"]) == [{"person": str(advisor.pk)}]
    both = [str(advisor.pk), str(namesake.pk)]
    assert people(["Henry Osei"] * 2, both, lead="1") == [{"person": both[0]}, {"person": both[1], "lead": True}]
    assert people(["Henry Osei"] * 2, [both[0]] * 2) == [{"person": both[0]}]
    page = client.get(url(row.table)).text
    assert f'data-person="{both[0]}"' in page
    labels = [f"Henry Osei · {one.email}" for one in (advisor, namesake)]
    offered = client.get(url(row.table, "staff")).json()["names"]
    assert sorted(name for name in offered if name.startswith("Henry")) == sorted(labels)


def test_id_beside_another_name_does_not_count(cast: Cast, sign_in: SignIn, row: Strategy) -> None:
    ids = [str(cast["advisor"].pk), "junk", str(uuid.uuid4())]

    named(sign_in("teacher"), row, ["The bus drivers", "Priya Nair", "Tom Becker"], ids)

    assert now(row).value("responsible")["people"] == [
        {"role": "The bus drivers"},
        {"person": str(cast["science"].pk)},
        {"person": str(cast["history"].pk)},
    ]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["x" * 201], f"“{'x' * 40}…” is longer than 200 characters: shorten it, or put it under why."),
        ([f"role {n}" for n in range(61)], "Name at most 60 people or roles in one cell."),
    ],
)
def test_too_long_or_too_many_names_are_refused(names: Texts, said: str, sign_in: SignIn, row: Strategy) -> None:
    assert sentence(named(sign_in("teacher"), row, names)) == (422, said)
    assert now(row).value("responsible")["people"] == []


def test_control_characters_in_a_name_are_dropped(sign_in: SignIn, row: Strategy) -> None:
    named(sign_in("teacher"), row, ["The\0 bus\x07\tdrivers\n", "\0"], lead="7")

    assert now(row).value("responsible")["people"] == [{"role": "The bus drivers"}]


# Tables


def test_table_begun_is_the_teams_own(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("teacher")

    answer = client.post("/planning/tables/new/", {"title": " Calmer mornings ", "meeting_kind": "grade_team"})

    table = StrategyTable.objects.get()
    assert (answer.status_code, answer.url) == (302, url(table))
    assert (table.title, table.team, table.school) == ("Calmer mornings", cast.team("ninth"), cast.org("cedar"))
    assert sorted(str(one) for one in table.members.all()) == ["Maya Torres: Owner", "Ninth-grade team: Editor"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"title": "", "meeting_kind": "other"}, "This field is required."),
        ({"title": "x" * 161, "meeting_kind": "other"}, "Ensure this value has at most 160 characters (it has 161)."),
        ({"title": "a\0b", "meeting_kind": "other"}, "Null characters are not allowed."),
        ({"title": "A", "meeting_kind": "party"}, "Select a valid choice. party is not one of the available choices."),
    ],
)
def test_table_that_cannot_be_begun_says_why(data: dict[str, str], said: str, sign_in: SignIn) -> None:
    page = sign_in("teacher").post("/planning/tables/new/", data)

    assert (page.status_code, page.text.count(said)) == (422, 1)
    assert StrategyTable.objects.count() == 0


def test_table_is_begun_at_ones_own_school_only(cast: Cast, sign_in: SignIn) -> None:
    data = {"title": "A", "meeting_kind": "other", "school": str(cast.org("juniper").pk)}

    page = sign_in("teacher").post("/planning/tables/new/", data)

    assert (page.status_code, StrategyTable.objects.count()) == (422, 0)


@pytest.mark.parametrize("who", ["other-teacher", "student", "ended-today", "nobody"])
def test_table_is_shared_with_staff_of_its_school_only(who: str, cast: Cast, sign_in: SignIn, row: Strategy) -> None:
    key = f"person:{uuid.uuid4() if who == 'nobody' else cast[who].pk}"

    page = sign_in("teacher").post(url(row.table, "sharing"), {"who": key, "role": 2})

    assert (page.status_code, row.table.members.count()) == (422, 2)


# Everything, everywhere


def patterns() -> list[URLPattern]:
    return [one for one in urls.urlpatterns if isinstance(one, URLPattern)]


@pytest.fixture
def things(cast: Cast, row: Strategy) -> dict[str, Any]:
    """One of everything a URL of planning may name."""
    save(row, "description", "Theirs", cast["advisor"])
    outcome = save(row, "description", "Mine", cast["teacher"], base=2)
    comment = Comment.say(now(row), "Why?", by=cast["advisor"])
    found = [{"label": "", "columns": {}, "unmatched": [], "rows": [], "notes": []}]
    record = TableImport.objects.create(table=row.table, file_name="plan.csv", found=found)
    assert CellProposal.objects.filter(pk=outcome.proposal).exists()
    return {
        "table_id": row.table_id,
        "strategy_id": row.pk,
        "proposal_id": outcome.proposal,
        "comment_id": comment.pk,
        "import_id": record.pk,
        "member_id": row.table.members.get(team__isnull=False).pk,
        "cell": "description",
        "form": "csv",
    }


FIELDS = [
    *("title", "meeting_kind", "school", "school_year", "members_only", "show_example", "who", "who_id", "who_lead"),
    *("why", "role", "base_version", "op_id", "text", "lines", "supports", "tagged", "tag", "areas", "choice"),
    *("seen_version", "after", "target", "version", "day", "body", "cell", "must_answer", "parent", "tab", "place"),
    *("gone", "table", "html", "row", "with_unfinished", "page", "since", "find", "area", "person", "missing", "sort"),
    *("kind", "year", "archived", "what", "q"),
]
NASTY: list[Any] = [
    "",
    "\0",
    "a\0b",
    "-1",
    "9" * 5000,
    str(2**31),
    str(2**63),
    "1e9",
    "٣",
    "²",
    "NaN",
    "true",
    "None",
    "9999-12-31",
    "0001-01-01",
    "[" * 20_000,
    "{}",
    "<table><tr><td>" * 200,
    "\ufffe\u202e🙂\ud7ff",
    "../../etc/passwd",
    "'; DROP TABLE planning_strategytable; --",
    "%s%(x)s{0}",
    "x" * 20_001,
    "00000000-0000-0000-0000-000000000000",
    "urn:uuid:6f1c2a52-9d2f-4c5e-9b1e-0a4cf0a6b1c7",
    "person:x",
    "theirs",
    "combine",
    "description",
    "responsible",
    "1",
]
VALID = {"base_version": "2", "seen_version": "3", "title": "A", "body": "b", "version": "2", "meeting_kind": "other"}


def paths(things: dict[str, Any]) -> Iterator[str]:
    for pattern in patterns():
        arguments = {name: things[name] for name in pattern.pattern.converters}
        for cell in cells.CELLS if pattern.name == "cell_save" else ["description"]:
            named = {**arguments, "cell": cell} if "cell" in arguments else arguments
            yield reverse(f"planning:{pattern.name}", kwargs=named)


def failed(client: Client, things: dict[str, Any], data: dict[str, Any]) -> list[str]:
    """The pages of planning that answer such data with a failure. What they did is undone again."""
    found = []
    for path in paths(things):
        with transaction.atomic():
            answer = client.post(path, data)
            answer = client.get(path, data) if answer.status_code == 405 else answer
            transaction.set_rollback(True)
        if answer.status_code >= 500:
            found.append(path)
    return found


@pytest.mark.parametrize(
    ("nasty", "apart_from"),
    [("\0", VALID), ("9" * 5000, {}), (str(2**31), {}), (str(2**31), VALID), ("[" * 2_000, VALID)],
    ids=["zero", "long number everywhere", "big number everywhere", "big number", "deep"],
)
def test_junk_in_every_field_is_never_a_page_that_failed(
    nasty: str, apart_from: dict[str, str], sign_in: SignIn, things: dict[str, Any]
) -> None:
    client = sign_in("teacher")
    client.raise_request_exception = False

    assert failed(client, things, {**dict.fromkeys(FIELDS, nasty), **apart_from}) == []


@settings(
    max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], phases=[Phase.generate]
)
@given(
    data=st.dictionaries(st.sampled_from(FIELDS), st.lists(st.sampled_from(NASTY) | st.text(max_size=8), max_size=3))
)
def test_any_mixture_of_junk_is_never_a_page_that_failed(
    data: dict[str, Texts], cast: Cast, things: dict[str, Any]
) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(cast["teacher"])
    posted = {name: [one.encode("utf-8", "replace").decode() for one in values] for name, values in data.items()}

    assert failed(client, things, {**VALID, **posted}) == []


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("plan.csv", b"\0\0\0"),
        ("plan.docx", b"PK\x03\x04junk"),
        ("plan.xlsx", b""),
        ("\0.csv", b"a,b"),
        ("x" * 400, b"a"),
    ],
    ids=["zeros", "not a package", "empty", "a name with a zero", "a long name"],
)
def test_junk_for_a_file_is_a_sentence(name: str, body: bytes, sign_in: SignIn, table: StrategyTable) -> None:
    page = sign_in("teacher").post(url(table, "import"), {"file": SimpleUploadedFile(name, body)})

    assert page.status_code == 422
    assert TableImport.objects.count() == 0
