"""The one door through which anything changes: receipts, numbering, locks, and what a rolled-back change leaves."""

import itertools
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import psycopg2
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config import live
from planning.models import Strategy, StrategyTable
from profiles.models import Actor, Change, Org, Person, Receipt, Versioned, open_doors
from tests.cast import Cast

OP = uuid.UUID("6f1c2a52-9d2f-4c5e-9b1e-0a4cf0a6b1c7")
IN_THE_MIDDLE = RuntimeError("in the middle")


@pytest.fixture
def school(cast: Cast) -> Org:
    return cast.org("cedar")


@pytest.fixture
def leader(cast: Cast) -> Person:
    return cast["leader"]


def tables_of(cast: Cast) -> list[StrategyTable]:
    return [
        StrategyTable.begin(cast.org("cedar"), title, "grade_team", by=cast["teacher"], team=cast.team("ninth"))
        for title in ("Calmer mornings", "Known by name")
    ]


def note(one: Versioned, by: Person, payload: Any = "words", op_id: uuid.UUID | None = OP) -> tuple[bool, Any]:
    """A verb as models write them; answers whether it was replayed, and its answer."""
    with one.change(by=by, op_id=op_id, payload=payload) as door:
        if not door.replayed:
            door.record("noted", target="wall", after={"said": payload})
            door.result = {"version": door.next_version}
        return door.replayed, door.result


def kept(one: Versioned) -> tuple[int, list[tuple[int, int]], int]:
    """What stands of it: its version, the numbers of its changes, how many receipts."""
    version = type(one)._default_manager.values_list("version", flat=True).get(pk=one.pk)
    changes = Change.objects.filter(stream=one.stream).order_by("version", "n").values_list("version", "n")
    return version, list(changes), Receipt.objects.filter(stream=one.stream).count()


def side_by_side(*works: Callable[[], Any]) -> None:
    """Each in a thread with a connection of its own; raises what the first of them raised."""
    raised: list[BaseException] = []

    def run(work: Callable[[], Any]) -> None:
        try:
            work()
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    if raised:
        raise raised[0]


@pytest.fixture
def beside(transactional_db: None) -> Iterator[Any]:
    """A connection of somebody else's to the same database."""
    other = psycopg2.connect(**connection.get_connection_params())
    yield other
    other.close()


# Receipts


def test_receipt_same_id_and_payload_replays_the_answer(school: Org, leader: Person) -> None:
    first = note(school, leader)
    before = kept(school)

    again = note(Org.objects.get(pk=school.pk), leader)

    assert (first, again) == ((False, {"version": 1}), (True, {"version": 1}))
    assert kept(school) == before == (1, [(1, 0)], 1)


def test_receipt_other_payload_is_a_new_change(school: Org, leader: Person) -> None:
    answers = [note(school, leader, payload) for payload in ("words", "other words", "words", "other words")]

    assert answers == [
        (False, {"version": 1}),
        (False, {"version": 2}),
        (True, {"version": 1}),
        (True, {"version": 2}),
    ]
    assert kept(school) == (2, [(1, 0), (2, 0)], 2)


def test_receipt_of_somebody_else_is_not_mine(school: Org, leader: Person, cast: Cast) -> None:
    assert [note(school, one)[0] for one in (leader, cast["district"], leader)] == [False, False, True]


def test_receipt_of_another_thing_is_not_its_own(cast: Cast, leader: Person) -> None:
    cedar, juniper = cast.org("cedar"), cast.org("juniper")

    assert [note(one, leader)[0] for one in (cedar, juniper, cedar)] == [False, False, True]


def test_receipt_does_not_mind_the_order_of_keys(school: Org, leader: Person) -> None:
    payloads = [{"cell": "areas", "value": ["é", 1]}, {"value": ["é", 1], "cell": "areas"}]

    assert [note(school, leader, payload)[0] for payload in payloads] == [False, True]


def test_receipt_of_nothing_done_is_kept_too(school: Org, leader: Person) -> None:
    for replayed in (False, True):
        with school.change(by=leader, op_id=OP, payload="same") as door:
            assert door.replayed == replayed
            door.status, door.result = "same", {"version": 0}

    receipt = Receipt.objects.get()
    assert (receipt.status, receipt.result, receipt.actor) == ("same", {"version": 0}, f"person:{leader.pk}")
    assert kept(school) == (0, [], 1)


def test_change_without_id_keeps_no_receipt(school: Org, leader: Person) -> None:
    answers = [note(school, leader, op_id=None) for _ in range(2)]

    assert answers == [(False, {"version": 1}), (False, {"version": 2})]
    assert kept(school) == (2, [(1, 0), (2, 0)], 0)


# What is recorded, and how it is numbered


def test_changes_of_one_door_share_a_version(school: Org, leader: Person) -> None:
    with school.change(by=leader) as door:
        for verb in ("noted", "noted", "hung"):
            door.record(verb)
    with school.change(by=leader):
        pass
    note(school, leader)

    assert kept(school)[:2] == (2, [(1, 0), (1, 1), (1, 2), (2, 0)])


def test_door_opened_inside_itself_is_the_same_door(school: Org, leader: Person) -> None:
    with school.change(by=leader) as outer:
        outer.record("noted")
        with school.change(by=leader, op_id=OP, payload="inner") as inner:
            inner.record("hung")

    assert inner is outer
    assert kept(school) == (1, [(1, 0), (1, 1)], 0)


def test_change_says_who_acted(school: Org, leader: Person) -> None:
    for by in (leader, Actor("participant", "table 3"), Actor("system")):
        note(school, by, op_id=None)  # type: ignore[arg-type]

    changes = Change.objects.filter(stream=school.stream).order_by("version")
    assert [(one.actor, one.actor_kind, one.actor_ref, one.school_id) for one in changes] == [
        (leader, "person", "", school.pk),
        (None, "participant", "table 3", school.pk),
        (None, "system", "", school.pk),
    ]


def test_history_is_only_added_to(cast: Cast) -> None:
    table, _other = tables_of(cast)
    told: list[list[dict[str, Any]]] = []

    def remember() -> None:
        told.append(list(Change.objects.filter(stream=table.stream).order_by("version", "n").values()))

    remember()
    row = Strategy.add(table, by=cast["teacher"], values={"description": "Greet everyone by name"})
    remember()
    for words in ("Greet everyone at the door", "", "Greet everyone at the door"):
        table.save_cell(row.pk, "description", words, base_version=table.version, by=cast["advisor"])
        remember()
    row.set_aside(by=cast["teacher"])
    row.restore(by=cast["advisor"])
    table.unshare(table.members.get(team__isnull=False), by=cast["teacher"])
    table.archive(by=cast["teacher"])
    remember()

    for before, after in itertools.pairwise(told):
        assert after[: len(before)] == before
    assert [one["version"] for one in told[-1]] == list(range(1, 10))


def test_redacted_change_keeps_verb_and_number(school: Org, leader: Person) -> None:
    note(school, leader)

    Change.objects.get(stream=school.stream).redact()

    change = Change.objects.get(stream=school.stream)
    assert (change.version, change.n, change.verb, change.target) == (1, 0, "noted", "wall")
    assert (change.actor, change.actor_ref, change.before, change.after) == (None, "", None, None)


def test_door_of_what_is_gone_does_not_open(school: Org, leader: Person) -> None:
    gone = Org(pk=uuid.uuid4(), org_kind="school", name="Gone", parent=school.parent)

    with pytest.raises(Org.DoesNotExist), gone.change(by=leader):
        pass


def test_writers_at_once_leave_no_hole(transactional_db: None, cast: Cast) -> None:
    school, leader = cast.org("cedar"), cast["leader"]

    def write() -> None:
        for _ in range(10):
            note(Org.objects.get(pk=school.pk), leader, op_id=None)

    side_by_side(write, write, write, write)

    assert kept(school) == (40, [(version, 0) for version in range(1, 41)], 0)


# What a rolled-back change leaves


def heard(beside: Any) -> list[Any]:
    """What was announced since: nudges arrive in the order of their commits, and our own last."""
    beside.cursor().execute("SELECT pg_notify(%s, %s)", [live.CHANNEL, '"now"'])
    said: list[Any] = []
    while said[-1:] != ["now"]:
        beside.poll()
        said += [json.loads(one.payload) for one in beside.notifies]
        beside.notifies.clear()
    return said[:-1]


def test_rolled_back_change_announces_and_leaves_nothing(beside: Any, cast: Cast) -> None:
    school, leader = cast.org("cedar"), cast["leader"]
    beside.autocommit = True
    beside.cursor().execute(f"LISTEN {live.CHANNEL}")
    note(school, leader)
    assert heard(beside) == [[school.stream, 1, ["wall"]]]

    def fail() -> None:
        with school.change(by=leader, op_id=uuid.uuid4(), payload="lost") as door:
            door.record("noted", target="wall")
            Org.objects.filter(pk=school.pk).update(name="Nowhere")
            raise IN_THE_MIDDLE

    with pytest.raises(RuntimeError):
        fail()

    assert heard(beside) == []
    assert kept(school) == (1, [(1, 0)], 1)
    assert Org.objects.get(pk=school.pk).name == school.name


def test_door_works_again_after_a_change_was_rolled_back(beside: Any, cast: Cast) -> None:
    school, leader = cast.org("cedar"), cast["leader"]

    def fail() -> None:
        with school.change(by=leader) as door:
            door.record("noted")
            raise IN_THE_MIDDLE

    with pytest.raises(RuntimeError):
        fail()
    note(school, leader)

    assert kept(school) == (1, [(1, 0)], 1)


def test_one_of_several_doors_failing_undoes_all(cast: Cast) -> None:
    cedar, juniper = cast.org("cedar"), cast.org("juniper")

    def fail() -> None:
        with open_doors(cedar, juniper, by=cast["district"]) as doors:
            for door in doors:
                door.record("noted")
            raise IN_THE_MIDDLE

    with pytest.raises(RuntimeError):
        fail()

    assert [kept(one) for one in (cedar, juniper)] == [(0, [], 0), (0, [], 0)]


# Several doors, and other writers


def test_doors_are_locked_in_one_order_whatever_is_asked(cast: Cast) -> None:
    orgs = sorted((cast.org("cedar"), cast.org("juniper")), key=lambda one: str(one.pk))
    tables = sorted(tables_of(cast), key=lambda one: str(one.pk))
    right = [one.pk for one in [*orgs, *tables]]

    for asked in itertools.permutations([*orgs, *tables]):
        with CaptureQueriesContext(connection) as queries, open_doors(*asked, by=cast["district"]) as doors:
            pass
        locks = [one["sql"] for one in queries if "FOR UPDATE" in one["sql"]]
        assert [pk for lock in locks for pk in right if str(pk) in lock] == right
        assert [door.aggregate for door in doors] == list(asked)


def test_doors_asked_in_opposite_orders_do_not_deadlock(transactional_db: None, cast: Cast) -> None:
    first, second = tables_of(cast)
    together = threading.Barrier(2)

    def write(*asked: StrategyTable) -> Callable[[], None]:
        def work() -> None:
            mine = [StrategyTable.objects.get(pk=one.pk) for one in asked]
            for _ in range(20):
                together.wait(10)
                with open_doors(*mine, by=cast["teacher"]) as doors:
                    for door in doors:
                        door.record("noted")

        return work

    side_by_side(write(first, second), write(second, first))

    assert [kept(one)[0] for one in (first, second)] == [41, 41]


def cell_of(cast: Cast, table: StrategyTable) -> tuple[Strategy, str]:
    row = Strategy.add(table, by=cast["teacher"], values={"description": "Greet everyone by name"})
    return row, f"/planning/tables/{table.pk}/strategies/{row.pk}/cells/description/"


def test_long_wait_for_another_writer_is_said(beside: Any, cast: Cast, sign_in: Callable[[str], Client]) -> None:
    table, _other = tables_of(cast)
    _row, url = cell_of(cast, table)
    client = sign_in("teacher")
    beside.cursor().execute("SELECT FROM planning_strategytable WHERE id = %s FOR UPDATE", [str(table.pk)])
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("3s",)
        cursor.execute("SET lock_timeout = '50ms'")

    busy = client.post(url, {"base_version": 2, "text": "Greet everyone at the door", "op_id": OP})
    beside.rollback()
    again = client.post(url, {"base_version": 2, "text": "Greet everyone at the door", "op_id": OP})

    connection.close()
    assert (busy.status_code, busy.headers["Retry-After"], again.status_code) == (503, "2", 302)
    assert "Someone else is saving here right now" in busy.text
    assert kept(table)[1:] == ([(1, 0), (2, 0), (3, 0)], 1)


WAITING = """
SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN
    (SELECT pid FROM pg_locks JOIN pg_database d ON d.oid = database WHERE datname = current_database())
"""


def test_deadlock_is_tried_once_more(beside: Any, cast: Cast) -> None:
    table, _other = tables_of(cast)
    row, url = cell_of(cast, table)
    client = Client()
    client.force_login(cast["teacher"])
    answers = []

    def post() -> None:
        data = {"base_version": 2, "text": "Greet everyone at the door", "op_id": OP}
        answers.append(client.post(url, data, headers={"accept": "application/json"}).json()["status"])

    def stand_in_the_way() -> None:
        # The page holds the table and waits for the row; then we, who hold the row, wait for the table.
        cursor.execute(WAITING)
        while cursor.fetchone() == (0,):
            time.sleep(0.01)
            cursor.execute(WAITING)
        cursor.execute("SELECT FROM planning_strategytable WHERE id = %s FOR UPDATE", [str(table.pk)])
        beside.commit()

    with beside.cursor() as cursor:
        cursor.execute("SELECT FROM planning_strategy WHERE id = %s FOR UPDATE", [str(row.pk)])
        side_by_side(post, stand_in_the_way)

    assert answers == ["saved"]
    assert kept(table) == (3, [(1, 0), (2, 0), (3, 0)], 1)
