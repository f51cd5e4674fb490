"""The table's pages as each reader meets them, what they cost, and who is where."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from planning.models import CellPresence, Comment, Strategy, StrategyTable
from profiles.models import Person
from tests.cast import Cast

from .conftest import SignIn, lines, now, people, save, url

PAGES = ("", "rows", "history", "print", "sharing", "meeting", "past", "export/csv")
OWNER_PAGES = ("details", "import", "copy")


# What readers see


def test_table_detail_shows_rows(sign_in: SignIn, table: StrategyTable, row: Strategy) -> None:
    page = sign_in("teacher").get(url(table))

    assert page.status_code == 200
    assert f'<tr id="s-{row.pk}"' in page.text
    assert "Greet everyone by name" in page.text


def statuses(client: Client, table: StrategyTable, pages: tuple[str, ...]) -> dict[str, int]:
    return {page: client.get(url(table, *filter(None, page.split("/")))).status_code for page in pages}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("state", ["empty", "filled", "archived"])
def test_every_page_opens_for_owner_and_reader(
    state: str, language: str, cast: Cast, sign_in: SignIn, table: StrategyTable
) -> None:
    Person.objects.filter(pk__in=[cast["teacher"].pk, cast["leader"].pk]).update(language=language)
    if state != "empty":
        fill(table, cast, 1)
    if state == "archived":
        table.archive(by=cast["teacher"])
    owner, reader = sign_in("teacher"), sign_in("leader")

    assert statuses(owner, table, PAGES) == statuses(reader, table, PAGES) == dict.fromkeys(PAGES, 200)
    assert statuses(reader, table, OWNER_PAGES[:2]) == {"details": 403, "import": 403}
    expected = {"details": 200, "import": 403 if state == "archived" else 200, "copy": 200}
    assert statuses(owner, table, OWNER_PAGES) == expected
    assert owner.get(url(table)).headers["Content-Language"] == language


def test_reader_is_offered_nothing_to_change(cast: Cast, sign_in: SignIn, table: StrategyTable) -> None:
    row = fill(table, cast, 1)[0]
    client = sign_in("next-door")
    pages = [client.get(url(table)).text, client.get(url(table, "strategies", row.pk)).text]

    forms = [form.partition('action="')[2].partition('"')[0] for page in pages for form in page.split("<form")[1:]]
    assert [action for action in forms if action.startswith("/planning/")] == []
    assert "data-editable" not in pages[0]
    assert 'class="need"' not in pages[0]


def test_archived_table_is_read_by_its_owner_and_changed_by_nobody(
    cast: Cast, sign_in: SignIn, table: StrategyTable, row: Strategy
) -> None:
    client = sign_in("teacher")
    client.post(url(table, "archive"))
    cell = url(table, "strategies", row.pk, "cells", "description")

    refused = client.post(cell, {"base_version": 2, "text": "Words"})
    client.post(url(table, "bring-back"))
    allowed = client.post(cell, {"base_version": 2, "text": "Words"})

    assert (refused.status_code, allowed.status_code) == (403, 302)
    assert "This table is archived" in refused.text
    assert now(row).description == "Words"


def test_words_of_people_are_text_on_every_page(cast: Cast, sign_in: SignIn, table: StrategyTable) -> None:
    nasty = "<script>alert(1)</script>"
    values: dict[str, Any] = {
        "description": nasty,
        "areas": ["climate"],
        "responsible": people(nasty, lead=f"{nasty}2", why=nasty),
        "student_effects": lines(nasty),
        "teacher_effects": [{"text": nasty, "support": "social"}],
        "assessment": nasty,
    }
    table.describe(by=cast["teacher"], title=nasty)
    row = Strategy.add(table, by=cast["teacher"], values=values)
    for cell in ("description", "responsible", "student_effects"):
        save(row, cell, values[cell] | {"why": "x"} if cell == "responsible" else values[cell] * 2, cast["advisor"])
        save(row, cell, people(nasty + "3") if cell == "responsible" else values[cell][:0], cast["teacher"], base=3)
    Comment.say(now(row), nasty, by=cast["advisor"])
    row.set_aside(by=cast["teacher"])
    set_aside = sign_in("teacher").get(url(table)).text
    row.restore(by=cast["teacher"])
    client = sign_in("teacher")

    shown = [
        set_aside,
        client.get("/planning/").text,
        client.get("/").text,
        client.get(url(table)).text,
        *(client.get(url(table, page)).text for page in ("history", "print", "sharing", "meeting", "details")),
        client.get(url(table, "strategies", row.pk)).text,
        client.get(url(table, "past"), {"day": timezone.localdate().isoformat()}).text,
    ]

    assert [page for page in shown if nasty in page] == []
    assert [page for page in shown if "&lt;script&gt;alert(1)" not in page] == []


def test_example_row_shows_until_it_is_switched_off(cast: Cast, sign_in: SignIn, table: StrategyTable) -> None:
    client = sign_in("teacher")
    shown = "Invite every student into a club" in client.get(url(table)).text
    table.describe(by=cast["teacher"], show_example=False)

    assert (shown, "Invite every student into a club" in client.get(url(table)).text) == (True, False)


def test_list_finds_tables_by_school_kind_and_year(cast: Cast, sign_in: SignIn, table: StrategyTable) -> None:
    StrategyTable.begin(cast.org("juniper"), "A place for everyone", "leadership", by=cast["other-leader"])
    older = StrategyTable.begin(cast.org("cedar"), "Known by name", "leadership", by=cast["leader"])
    older.describe(by=cast["leader"], school_year=2020)
    older.archive(by=cast["leader"])
    client = sign_in("district")

    def titles(**query: str) -> list[str]:
        return [one.title for one in client.get("/planning/", query).context["tables"]]

    assert titles() == ["A place for everyone", "Calmer mornings"]
    assert titles(school="Cedar Hollow High School") == ["Calmer mornings"]
    assert titles(kind="leadership") == ["A place for everyone"]
    assert titles(archived="", year="2020") == ["Known by name"]
    assert titles(year="2020") == []
    assert titles(school="\0", kind="\0", year="²") == titles()


# What pages cost


def fill(table: StrategyTable, cast: Cast, count: int) -> list[Strategy]:
    """Rows with every cell filled, a comment, a text that waits beside a text cell and one beside people."""
    teacher, advisor = cast["teacher"], cast["advisor"]
    rows = []
    for n in range(count):
        staff = [{"person": str(cast[slug].pk)} for slug in ("teacher", "advisor", "math")]
        row = Strategy.add(
            table,
            by=teacher,
            values={
                "description": f"Strategy {n}",
                "areas": ["climate", "curriculum"],
                "responsible": {"people": [{**staff[0], "lead": True}, *staff[1:]], "why": "They are there"},
                "student_effects": lines("seen", "known"),
                "teacher_effects": lines("time"),
                "assessment": "Count",
            },
        )
        version = row.cell_versions["assessment"]
        save(row, "assessment", "Count in spring", advisor, base=version)
        save(row, "assessment", "Ask in autumn", teacher, base=version)
        save(row, "responsible", {"people": [{**staff[1], "lead": True}], "why": "One"}, advisor, base=version)
        save(row, "responsible", {"people": [{**staff[2], "lead": True}], "why": "Two"}, teacher, base=version)
        Comment.say(now(row), f"@Maya Torres and why {n}?", by=advisor, mentioned=[teacher])
        Strategy.add(table, by=teacher, values={"description": f"Aside {n}"}).set_aside(by=teacher)
        rows.append(row)
    table.refresh_from_db()
    return rows


def statements(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len([one for one in queries if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))])


COSTS = {
    "": 10,
    "rows": 11,
    "history": 9,
    "print": 9,
    "meeting": 11,
    "sharing": 7,
    f"past/?day={timezone.localdate().isoformat()}": 7,
    "export/csv": 6,
    "export/csv/?what=history": 8,
    "export/csv/?what=summary": 6,
}


@pytest.mark.parametrize("asked", list(COSTS))
def test_page_of_a_table_costs_the_same_for_one_row_and_three(
    asked: str, cast: Cast, sign_in: SignIn, table: StrategyTable
) -> None:
    path, _mark, query = asked.partition("?")
    where = url(table, *filter(None, path.split("/"))) + (f"?{query}" if query else "")
    client = sign_in("teacher")
    counts = []
    for more in (1, 2):
        fill(table, cast, more)
        counts.append(statements(client, where))

    assert counts == [COSTS[asked]] * 2


def test_list_and_home_cost_the_same_for_one_table_and_three(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("teacher")
    counts = []
    for more in (1, 2):
        for _ in range(more):
            one = StrategyTable.begin(
                cast.org("cedar"), "Mornings", "grade_team", by=cast["teacher"], team=cast.team("ninth")
            )
            fill(one, cast, 1)
        counts.append((statements(client, "/planning/"), statements(client, "/"), statements(client, "/search/?q=str")))

    assert counts == [(5, 13, 10)] * 2


def test_row_page_costs_the_same_for_one_comment_and_three(cast: Cast, sign_in: SignIn, table: StrategyTable) -> None:
    row = fill(table, cast, 1)[0]
    client = sign_in("teacher")
    where = url(table, "strategies", row.pk)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            said = Comment.say(now(row), "Why?", by=cast["advisor"])
            Comment.say(now(row), "Because", by=cast["teacher"], parent=said)
        client.get(where)
        counts.append(statements(client, where))

    assert counts == [15] * 2


# What changed since


def test_rows_since_a_version_are_those_that_changed(
    cast: Cast, sign_in: SignIn, table: StrategyTable, row: Strategy
) -> None:
    other = Strategy.add(table, by=cast["teacher"], values={"description": "Breakfast"})
    save(other, "description", "Lunch", cast["advisor"])
    client = sign_in("teacher")

    def since(version: object) -> tuple[int, list[str], list[str]]:
        told = client.get(url(table, "rows"), {"since": version}).json()
        return told["version"], told["order"], sorted(told["rows"])

    both = [str(row.pk), str(other.pk)]
    assert since(4) == (4, both, [])
    assert since(3) == (4, both, [str(other.pk)])
    assert since(0) == since("junk") == since("9" * 5000) == (4, both, sorted(both))


# Who is where


TAB, OTHER_TAB = uuid.uuid4(), uuid.uuid4()


def present(client: Client, table: StrategyTable) -> list[tuple[str, str, str]]:
    told = client.get(url(table, "rows")).json()["present"]
    return [(one["name"], one["initials"], one["place"]) for one in told]


def test_presence_shows_the_others_and_ends(sign_in: SignIn, table: StrategyTable, row: Strategy) -> None:
    teacher, advisor = sign_in("teacher"), sign_in("advisor")
    place = f"{row.pk}/assessment"

    answers = [
        teacher.post(url(table, "presence"), {"tab": TAB, "place": place}).status_code,
        teacher.post(url(table, "presence"), {"tab": TAB, "place": place}).status_code,
        advisor.post(url(table, "presence"), {"tab": OTHER_TAB, "place": ""}).status_code,
    ]
    seen = present(teacher, table), present(advisor, table)
    teacher.post(url(table, "presence"), {"tab": TAB, "gone": "on"})

    assert answers == [204] * 3
    assert seen == ([("Henry Osei", "HO", "")], [("Maya Torres", "MT", place)])
    assert present(advisor, table) == []
    table.refresh_from_db()
    assert table.version == 2


@pytest.mark.parametrize(("seconds", "shown"), [(39, 1), (41, 0)])
def test_presence_of_a_silent_tab_expires(
    seconds: int, shown: int, cast: Cast, sign_in: SignIn, table: StrategyTable
) -> None:
    at = timezone.now() - timedelta(seconds=seconds)
    CellPresence.objects.create(table=table, person=cast["teacher"], tab=TAB, seen_at=at)

    assert len(present(sign_in("advisor"), table)) == shown


@pytest.mark.parametrize("data", [{}, {"tab": "x"}, {"tab": TAB, "place": "<b>"}, {"tab": TAB, "place": "\0"}])
def test_presence_of_junk_is_refused(data: dict[str, Any], sign_in: SignIn, table: StrategyTable) -> None:
    assert sign_in("teacher").post(url(table, "presence"), data).status_code == 422
    assert table.presences.count() == 0
