"""The one concurrency rule: a save is written, merged, or kept beside what stands; and what becomes of it then."""

from __future__ import annotations

import itertools
import uuid
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planning.models import CellProposal, Outcome, Strategy, StrategyTable
from profiles.models import Change, Receipt
from tests.cast import Cast

from .conftest import SignIn, lines, now, people, save, url

OP = uuid.UUID("6f1c2a52-9d2f-4c5e-9b1e-0a4cf0a6b1c7")
JSON = {"accept": "application/json"}
VALUES: dict[str, list[Any]] = {
    "description": ["Greet everyone", "Greet everyone at the door", "Breakfast at seven"],
    "areas": [["climate"], ["organization", "climate"], ["curriculum"]],
    "responsible": [
        people("advisor"),
        people("advisor", "counselor", lead="teacher", why="she is there first"),
        people(lead="advisor"),
    ],
    "student_effects": [lines("seen"), lines("seen", "known"), [{"text": "seen", "support": "social"}]],
    "teacher_effects": [lines("time"), lines("time", "calm"), []],
    "assessment": ["Late arrivals", "Late arrivals by week", ""],
}


def versions(row: Strategy) -> tuple[int, int, int]:
    """The table's version, how many changes are kept, how many receipts."""
    table = StrategyTable.objects.get(pk=row.table_id)
    changes = Change.objects.filter(stream=table.stream).count()
    return table.version, changes, Receipt.objects.filter(stream=table.stream).count()


def words_kept(row: Strategy, cell: str) -> list[Any]:
    """What the cell says, and every text that waits beside it."""
    waiting = CellProposal.objects.filter(strategy=row, cell=cell, state="open")
    return [now(row).value(cell), *(one.value for one in waiting)]


# Saved, same, merged, conflict


@pytest.mark.parametrize("cell", list(VALUES))
def test_cell_is_saved_in_its_normal_form_each_time(cell: str, cast: Cast, row: Strategy) -> None:
    for value in [*VALUES[cell], *reversed(VALUES[cell])][:-1]:
        before = now(row).value(cell)
        outcome = save(row, cell, value, cast["advisor"])

        assert now(row).value(cell) == value
        assert outcome.status == ("same" if before == value else "saved")
        assert now(row).cell_versions[cell] == outcome.version


def test_same_value_makes_no_version(cast: Cast, row: Strategy) -> None:
    before = versions(row)

    outcome = save(row, "description", "Greet everyone by name", cast["advisor"], op_id=OP)

    assert outcome == Outcome("same", 2)
    assert versions(row) == (before[0], before[1], 1)


def test_same_value_from_an_old_page_is_the_same_too(cast: Cast, row: Strategy) -> None:
    save(row, "description", "Greet everyone at the door", cast["advisor"])

    assert save(row, "description", "Greet everyone at the door", cast["teacher"], base=2).status == "same"


def test_edits_of_other_cells_never_clash(cast: Cast, row: Strategy) -> None:
    outcomes = [save(row, cell, values[0], cast["advisor"], base=2).status for cell, values in VALUES.items()]

    assert outcomes == ["saved"] * 6
    assert now(row).values() == {cell: values[0] for cell, values in VALUES.items()}


def test_edits_apart_in_one_text_are_merged(cast: Cast, row: Strategy) -> None:
    save(row, "description", "Greet everyone by their name", cast["advisor"])

    outcome = save(row, "description", "Always greet everyone by name", cast["teacher"], base=2)

    assert (outcome.status, now(row).description) == ("merged", "Always greet everyone by their name")
    last = Change.objects.get(stream=row.table.stream, version=outcome.version)
    assert (last.before, last.after) == (
        {"value": "Greet everyone by their name"},
        {"value": "Always greet everyone by their name", "cause": "merge"},
    )


def test_edits_that_touch_are_both_kept(cast: Cast, row: Strategy) -> None:
    save(row, "description", "Greet everyone at the door", cast["advisor"])

    outcome = save(row, "description", "Greet everyone in the hall", cast["teacher"], base=2)

    assert outcome.status == "conflict"
    assert words_kept(row, "description") == ["Greet everyone at the door", "Greet everyone in the hall"]
    proposal = CellProposal.objects.get(pk=outcome.proposal)
    assert (proposal.author, proposal.base_version, proposal.state) == (cast["teacher"], 2, "open")


def test_areas_people_and_lines_of_two_editors_are_joined(cast: Cast, row: Strategy) -> None:
    for cell, first, second, both in [
        ("areas", ["climate"], ["organization"], ["organization", "climate"]),
        ("student_effects", lines("seen"), lines("known"), lines("known", "seen")),
        ("responsible", people("advisor"), people("coach"), people("advisor", "coach")),
    ]:
        save(row, cell, first, cast["advisor"], base=2)
        outcome = save(row, cell, second, cast["teacher"], base=2)

        assert (outcome.status, now(row).value(cell)) == ("merged", both)


def test_two_leads_are_both_kept(cast: Cast, row: Strategy) -> None:
    save(row, "responsible", people(lead="advisor"), cast["advisor"], base=2)

    assert save(row, "responsible", people(lead="coach"), cast["teacher"], base=2).status == "conflict"
    assert words_kept(row, "responsible") == [people(lead="advisor"), people(lead="coach")]


def test_old_page_of_a_row_whose_history_was_erased_keeps_both(cast: Cast, row: Strategy) -> None:
    save(row, "description", "Greet everyone by their name", cast["advisor"])
    Change.objects.get(stream=row.table.stream, version=2).redact()

    assert save(row, "description", "Always greet everyone by name", cast["teacher"], base=2).status == "conflict"
    assert words_kept(row, "description") == ["Greet everyone by their name", "Always greet everyone by name"]


@pytest.mark.parametrize("base", [0, 1, 99, 2**31 - 1])
def test_page_of_a_version_that_never_was_keeps_both(base: int, cast: Cast, row: Strategy) -> None:
    outcome = save(row, "description", "Breakfast at seven", cast["teacher"], base=base)

    assert outcome.status == "conflict"
    assert words_kept(row, "description") == ["Greet everyone by name", "Breakfast at seven"]


def test_row_of_another_table_is_not_in_this_one(cast: Cast, row: Strategy, juniper_table: StrategyTable) -> None:
    with pytest.raises(Strategy.DoesNotExist):
        juniper_table.save_cell(row.pk, "description", "Words", base_version=2, by=cast["other-teacher"])

    assert now(row).description == "Greet everyone by name"


# Sent again


@pytest.mark.parametrize(
    ("text", "status"),
    [("Greet everyone twice", "saved"), ("Greet everyone by name", "same"), ("Breakfast at seven", "conflict")],
)
def test_save_sent_again_gets_the_same_answer(text: str, status: str, cast: Cast, row: Strategy) -> None:
    if status == "conflict":
        save(row, "description", "Lunch", cast["advisor"])
    first = save(row, "description", text, cast["teacher"], base=2, op_id=OP)
    after = versions(row), words_kept(row, "description")

    again = [save(row, "description", text, cast["teacher"], base=2, op_id=OP) for _ in range(2)]

    assert [first.status, *(one.status for one in again)] == [status] * 3
    assert [one.kept() for one in again] == [first.kept()] * 2
    assert (versions(row), words_kept(row, "description")) == after
    assert Receipt.objects.get(op_id=OP).status == status


def test_other_words_under_the_same_id_are_a_new_save(cast: Cast, row: Strategy) -> None:
    save(row, "description", "Greet everyone by their name", cast["teacher"], base=2, op_id=OP)

    outcome = save(row, "description", "Always greet everyone by name", cast["teacher"], base=2, op_id=OP)

    assert (outcome.status, now(row).description) == ("merged", "Always greet everyone by their name")
    assert versions(row)[2] == 2


def test_replay_after_others_wrote_on_leaves_their_words(cast: Cast, row: Strategy) -> None:
    save(row, "description", "Mine", cast["teacher"], base=2, op_id=OP)
    save(row, "description", "Theirs", cast["advisor"])

    assert save(row, "description", "Mine", cast["teacher"], base=2, op_id=OP) == Outcome("saved", 3)
    assert words_kept(row, "description") == ["Theirs"]


def test_row_added_twice_under_one_id_is_there_once(cast: Cast, table: StrategyTable) -> None:
    added = [Strategy.add(StrategyTable.objects.get(pk=table.pk), by=cast["teacher"], op_id=OP) for _ in range(2)]

    assert [one.pk for one in added] == [table.strategies.get().pk] * 2


# Whatever the order


BASE = ["Greet", "everyone", "by", "name", "each", "morning"]


@st.composite
def three_edits(draw: Any) -> list[str]:
    """Three people's texts from one base: each puts in words of their own and takes some out."""
    texts = []
    for name in ("ann", "ben", "cal"):
        words = list(BASE)
        for n in range(draw(st.integers(1, 2))):
            at = draw(st.integers(0, len(words)))
            words[at : at + draw(st.integers(0, 2))] = [f"{name}{n}"]
        texts.append(" ".join(words))
    return texts


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=three_edits())
def test_any_order_of_three_saves_keeps_the_same_words(texts: list[str], cast: Cast, table: StrategyTable) -> None:
    people = [cast["teacher"], cast["advisor"], cast["counselor"]]
    kept = set()
    for order in itertools.permutations(range(3)):
        with transaction.atomic():
            row = Strategy.add(table, by=people[0], values={"description": " ".join(BASE)})
            base = row.cell_versions["description"]
            for one in order:
                save(row, "description", texts[one], people[one], base=base)
            said = set(" ".join(words_kept(row, "description")).split())
            kept.add(frozenset(said - set(BASE)))
            transaction.set_rollback(True)

    assert kept == {frozenset(set(" ".join(texts).split()) - set(BASE))}


# Two texts, and a choice


@pytest.fixture
def proposal(cast: Cast, row: Strategy) -> CellProposal:
    save(row, "description", "Theirs", cast["advisor"])
    outcome = save(row, "description", "Mine", cast["teacher"], base=2)
    return CellProposal.objects.get(pk=outcome.proposal)


@pytest.mark.parametrize(
    ("choice", "status", "state", "text", "cause"),
    [
        ("theirs", "same", "declined", "Theirs", None),
        ("mine", "saved", "adopted", "Mine", "adopt"),
        ("combine", "saved", "combined", "Mine and theirs", "combine"),
    ],
)
def test_choice_between_two_texts(
    choice: str, status: str, state: str, text: str, cause: str | None, cast: Cast, proposal: CellProposal
) -> None:
    outcome = proposal.decide(choice, seen_version=3, by=cast["teacher"], value="Mine and theirs")

    proposal.refresh_from_db()
    assert (outcome.status, proposal.state, now(proposal.strategy).description) == (status, state, text)
    told = Change.objects.filter(stream=proposal.strategy.table.stream, version=5).order_by("n")
    assert [(one.verb, (one.after or {}).get("cause")) for one in told] == [
        *([("cell_saved", cause)] if cause else []),
        ("proposal_decided", None),
    ]


def test_choice_that_comes_too_late_settles_nothing(cast: Cast, proposal: CellProposal) -> None:
    save(proposal.strategy, "description", "Theirs again", cast["advisor"])

    outcome = proposal.decide("mine", seen_version=3, by=cast["teacher"])

    assert outcome.status == "moved"
    assert words_kept(proposal.strategy, "description") == ["Theirs again", "Mine"]


def test_choice_is_made_once(cast: Cast, proposal: CellProposal) -> None:
    CellProposal.objects.get(pk=proposal.pk).decide("theirs", seen_version=3, by=cast["advisor"])

    assert proposal.decide("mine", seen_version=3, by=cast["teacher"]).status == "moved"
    assert words_kept(proposal.strategy, "description") == ["Theirs"]


# Through the pages


def post(client: Client, where: str, **data: Any) -> tuple[int, dict[str, Any]]:
    answer = client.post(where, data, headers=JSON)
    return answer.status_code, answer.json()


def test_cell_save_answers_what_became_of_it(sign_in: SignIn, table: StrategyTable, row: Strategy) -> None:
    where = url(table, "strategies", row.pk, "cells", "description")
    teacher, advisor = sign_in("teacher"), sign_in("advisor")

    answers = [
        post(advisor, where, base_version=2, text="Greet everyone by their name"),
        post(advisor, where, base_version=3, text="Greet everyone by their name"),
        post(teacher, where, base_version=2, text="Always greet everyone by name"),
        post(teacher, where, base_version=2, text="Breakfast"),
        post(teacher, where, base_version="two", text="Breakfast"),
    ]

    told = [(status, body["status"], body.get("cell_version")) for status, body in answers]
    assert told == [
        (200, "saved", 3),
        (200, "same", 3),
        (200, "merged", 4),
        (409, "conflict", 4),
        (422, "refused", None),
    ]
    assert "Always greet everyone by their name" in answers[3][1]["html"]
    assert "Breakfast" in answers[3][1]["html"]


def test_cell_save_without_scripts_leads_to_the_row_and_its_choice(
    cast: Cast, sign_in: SignIn, table: StrategyTable, row: Strategy
) -> None:
    where = url(table, "strategies", row.pk, "cells", "description")
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast["teacher"])

    def send(path: str, **data: Any) -> Any:
        page = client.get(url(table, "strategies", row.pk))
        token = page.text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
        return client.post(path, {**data, "csrfmiddlewaretoken": token})

    saved = send(where, base_version=2, text="Greet everyone at the door")
    both = send(where, base_version=2, text="Greet everyone in the hall")
    page = client.get(both.url)
    forms = page.text.split("<form")
    choice = next(form for form in forms if "/proposals/" in form)
    proposal = CellProposal.objects.get()
    chosen = send(url(table, "strategies", row.pk, "proposals", proposal.pk), choice="mine", seen_version=3)

    assert (saved.status_code, saved.url) == (302, f"{url(table)}#s-{row.pk}")
    assert (both.status_code, both.url) == (302, url(table, "strategies", row.pk))
    assert "csrfmiddlewaretoken" in choice
    assert (chosen.status_code, now(row).description) == (302, "Greet everyone in the hall")


def test_choice_combined_in_the_page(sign_in: SignIn, table: StrategyTable, proposal: CellProposal) -> None:
    where = url(table, "strategies", proposal.strategy_id, "proposals", proposal.pk)
    answers = [
        post(sign_in("teacher"), where, choice="combine", seen_version=3, text="Mine and theirs"),
        post(sign_in("advisor"), where, choice="mine", seen_version=3),
    ]

    assert [(status, body["status"]) for status, body in answers] == [(200, "saved"), (409, "moved")]
    assert now(proposal.strategy).description == "Mine and theirs"


def test_things_of_one_table_are_not_found_under_another(
    cast: Cast, sign_in: SignIn, table: StrategyTable, row: Strategy, proposal: CellProposal
) -> None:
    other = StrategyTable.begin(cast.org("cedar"), "Known by name", "grade_team", by=cast["teacher"])
    mine = Strategy.add(other, by=cast["teacher"], values={"description": "Advisory"})
    client = sign_in("teacher")
    save_data = {"base_version": 2, "text": "Words", "version": 2, "target": other.pk, "body": "Words"}
    before = [list(Change.objects.values()), now(row).values(), now(mine).values()]

    asked = [
        client.get(url(other, "strategies", row.pk)),
        *(
            client.post(url(other, "strategies", row.pk, act), save_data)
            for act in (
                "cells/description",
                "cells/description/undo",
                "cells/description/bring-back",
                "bring-back",
                "move",
                "set-aside",
                "restore",
                "transfer",
                "comments",
            )
        ),
        client.post(url(table, "strategies", row.pk, "cells", "nothing"), save_data),
        *(
            client.post(
                url(where, "strategies", strategy.pk, "proposals", proposal.pk), {"choice": "mine", "seen_version": 3}
            )
            for where, strategy in ((other, row), (other, mine))
        ),
        client.post(url(other, "members", table.members.first().pk, "remove")),  # type: ignore[union-attr]
    ]

    assert [answer.status_code for answer in asked] == [404] * len(asked)
    assert [list(Change.objects.values()), now(row).values(), now(mine).values()] == before


# Moved, set aside, taken back


def order(table: StrategyTable) -> list[str]:
    return [one.description for one in table.strategies.standing()]


def test_row_moves_where_it_is_put(cast: Cast, table: StrategyTable) -> None:
    rows = [Strategy.add(table, by=cast["teacher"], values={"description": name}) for name in "abcd"]
    a, b, c, d = rows
    orders = []
    for row, after in [(d, None), (a, c), (b, b), (b, c), (b, c), (c, d)]:
        Strategy.objects.get(pk=row.pk).move(after=after, by=cast["teacher"])
        orders.append("".join(order(table)))

    assert orders == ["dabc", "dbca", "dbca", "dcba", "dcba", "dcba"]
    verbs = Change.objects.filter(stream=table.stream, verb="row_moved").count()
    assert verbs == 3


def test_row_set_aside_and_restored_stands_where_it_stood(cast: Cast, table: StrategyTable) -> None:
    _a, b, _c = (Strategy.add(table, by=cast["teacher"], values={"description": name}) for name in "abc")

    for _ in range(2):
        Strategy.objects.get(pk=b.pk).set_aside(by=cast["advisor"])
    without = order(table), [one.pk for one in table.strategies.exclude(set_aside_at=None)]
    for _ in range(2):
        Strategy.objects.get(pk=b.pk).restore(by=cast["advisor"])

    assert without == (["a", "c"], [b.pk])
    assert order(table) == ["a", "b", "c"]
    table.refresh_from_db()
    assert table.version == 6


def test_own_last_edit_is_undone_unless_the_cell_moved_on(cast: Cast, row: Strategy) -> None:
    mine = save(row, "description", "Mine", cast["teacher"])
    refused_to = now(row).undo("description", mine.version, by=cast["advisor"])
    undone = now(row).undo("description", mine.version, by=cast["teacher"])
    again = save(row, "description", "Mine again", cast["teacher"])
    save(row, "description", "Theirs", cast["advisor"])
    late = now(row).undo("description", again.version, by=cast["teacher"])

    assert [refused_to.status, undone.status, late.status] == ["moved", "saved", "moved"]
    assert now(row).description == "Theirs"
    causes = Change.objects.filter(stream=row.table.stream, verb="cell_saved").order_by("version")
    assert [one.after["cause"] for one in causes] == ["edit", "undo", "edit", "edit"]


@pytest.mark.parametrize("cell", list(VALUES))
def test_earlier_value_is_brought_back_as_a_new_edit(
    cell: str, cast: Cast, sign_in: SignIn, table: StrategyTable, row: Strategy
) -> None:
    first = save(row, cell, VALUES[cell][0], cast["advisor"])
    save(row, cell, VALUES[cell][1], cast["advisor"])

    answer = sign_in("teacher").post(
        url(table, "strategies", row.pk, "cells", cell, "bring-back"), {"version": first.version}
    )

    assert (answer.status_code, now(row).value(cell)) == (302, VALUES[cell][0])
    assert now(row).cell_versions[cell] == first.version + 2


def test_whole_row_and_table_are_brought_back(cast: Cast, sign_in: SignIn, table: StrategyTable, row: Strategy) -> None:
    for cell, values in VALUES.items():
        save(row, cell, values[0], cast["advisor"])
    table.refresh_from_db()
    then, version = now(row).values(), table.version
    for cell, values in VALUES.items():
        save(row, cell, values[1], cast["advisor"])
    row.set_aside(by=cast["advisor"])
    Strategy.add(table, by=cast["advisor"], values={"description": "Later"})
    client = sign_in("teacher")

    client.post(url(table, "strategies", row.pk, "bring-back"), {"version": version})
    alone = now(row).values(), order(table)
    client.post(url(table, "past", "bring-back"), {"version": 2})
    first = now(row).values(), order(table)
    client.post(url(table, "past", "bring-back"), {"version": version})

    assert alone == (then, ["Greet everyone", "Later"])
    assert first[0] == {**then, **{cell: type(then[cell])() for cell in then}} | {
        "description": "Greet everyone by name",
        "responsible": people(),
    }
    assert first[1] == ["Greet everyone by name"]
    assert (now(row).values(), order(table)) == (then, ["Greet everyone"])


def test_row_moves_to_another_table_with_what_waits_beside_it(
    cast: Cast, sign_in: SignIn, table: StrategyTable, proposal: CellProposal
) -> None:
    row = proposal.strategy
    other = StrategyTable.begin(cast.org("cedar"), "Known by name", "grade_team", by=cast["teacher"])

    answer = sign_in("teacher").post(url(table, "strategies", row.pk, "transfer"), {"target": other.pk})

    assert (answer.status_code, answer.url) == (302, url(other))
    assert (order(table), order(other)) == ([], ["Theirs"])
    moved = CellProposal.objects.get(pk=proposal.pk)
    version = now(row).cell_versions["description"]
    assert moved.decide("mine", seen_version=version, by=cast["teacher"]).status == "saved"
    assert order(other) == ["Mine"]


def test_row_moved_away_meanwhile_is_not_moved_from_where_it_was(
    cast: Cast, table: StrategyTable, row: Strategy
) -> None:
    first, second = (
        StrategyTable.begin(cast.org("cedar"), title, "grade_team", by=cast["teacher"]) for title in ("One", "Two")
    )
    seen = now(row)
    now(row).transfer(first, by=cast["teacher"])

    seen.transfer(second, by=cast["teacher"])

    assert [order(one) for one in (table, first, second)] == [[], ["Greet everyone by name"], []]


@pytest.mark.parametrize("slug", ["leader", "next-door", "counselor"])
def test_row_moves_only_where_both_tables_may_be_edited(
    slug: str, cast: Cast, sign_in: SignIn, table: StrategyTable, row: Strategy
) -> None:
    other = StrategyTable.begin(cast.org("cedar"), "Known by name", "grade_team", by=cast["teacher"])

    there = sign_in(slug).post(url(table, "strategies", row.pk, "transfer"), {"target": other.pk})

    assert there.status_code == {"leader": 403, "next-door": 403, "counselor": 404}[slug]
    assert (order(table), order(other)) == (["Greet everyone by name"], [])
