"""The projector: it shows what everyone may see, follows the step, and knows no more than its token."""

from __future__ import annotations

import time
import uuid
from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast
from workshops import seat
from workshops.models import (
    ContrastItem,
    DebriefNote,
    Element,
    Entry,
    GroupSet,
    Observation,
    Participant,
    Response,
    Theme,
    Workshop,
)
from workshops.room import Room

from .small_kit import enter, prepared


@pytest.fixture
def workshop(cast: Cast) -> Workshop:
    return prepared(cast)


def wall(workshop: Workshop) -> str:
    answer = Client().get(f"/workshops/{workshop.pk}/screen/{workshop.screen_token}/")
    assert answer.status_code == 200
    return answer.text


def line(workshop: Workshop, text: str, sheet: str = "why") -> Entry:
    entry = Entry.capture(workshop, sheet, text, by=workshop.lead, op_id=uuid.uuid4())
    assert entry
    return entry


def reveal(workshop: Workshop, key: str, what: str) -> None:
    workshop.refresh_from_db()
    workshop.reveal(workshop.steps.get(key=key), what, by=workshop.lead, seen=workshop.control_version)


def test_code_and_qr_are_shown_while_the_door_is_open(workshop: Workshop) -> None:
    before = wall(workshop)
    workshop.open_lobby(by=workshop.lead, seen=0)
    open_door = wall(workshop)
    workshop.open_door(False, by=workshop.lead, seen=1)

    code = workshop.join_code or ""
    assert code not in before
    assert f"http://testserver/w/{code}/" in open_door
    assert "<svg" in open_door
    assert code not in wall(workshop)


def test_aim_and_outcomes_are_read_while_people_arrive(workshop: Workshop) -> None:
    workshop.kit["outcomes"] = [{"en": "A picture of your school"}]
    workshop.save(update_fields=["kit"])
    workshop.open_lobby(by=workshop.lead, seen=0)
    lobby = wall(workshop)
    enter(workshop, "0", by=workshop.lead)

    for text in ("See what a personalized school is.", "A picture of your school"):
        assert text in lobby
        assert text in wall(workshop)


def test_wall_and_phones_thank_in_the_same_numbers_and_count_no_picture_that_nobody_drew(workshop: Workshop) -> None:
    entry, by = line(workshop, "Ninth grade"), workshop.lead
    entry.plus_one(by=by, op_id=uuid.uuid4())
    people = [Participant.join(workshop, by=by, device="none")[0] for _n in range(4)]
    workshop.refresh_from_db()
    GroupSet.form(workshop, "mix", 1, [[one.pk for one in people]], by=by, seen=workshop.control_version)

    assert Room(workshop).thanks == ["4 people came", "2 things were said"]
    assert (seat.numbers(workshop)["people"], seat.numbers(workshop)["lines"]) == (4, 2)


def test_wrong_token_is_as_an_absent_workshop(workshop: Workshop) -> None:
    client = Client(raise_request_exception=False)

    wrong = client.get(f"/workshops/{workshop.pk}/screen/{'x' * 43}/")
    absent = client.get(f"/workshops/{uuid.uuid4()}/screen/{workshop.screen_token}/")

    assert (wrong.status_code, absent.status_code, wrong.text) == (404, 404, absent.text)


def test_every_step_has_its_scene(workshop: Workshop) -> None:
    for run in workshop.steps.all():
        enter(workshop, run.key, by=workshop.lead)
        title = next(one["title"]["en"] for one in workshop.kit["steps"] if one["key"] == run.key)

        text = wall(workshop)

        assert f"<h1>{title}</h1>" in text
        assert 'role="timer"' in text
        assert "Remember:" not in text


def test_written_answers_reach_the_wall_only_when_shown_to_everyone(workshop: Workshop) -> None:
    participant, _token = Participant.join(workshop, by=workshop.lead, name="Zuleika")
    enter(workshop, "1a", by=workshop.lead)
    writing = workshop.steps.get(key="1a")
    Response.give(workshop, writing, "why", "A secret reason", participant, op_id=uuid.uuid4())

    nobody = wall(workshop)
    reveal(workshop, "1a", "counts")
    counts = wall(workshop)
    reveal(workshop, "1a", "all")
    shown = wall(workshop)

    assert "A secret reason" not in nobody
    assert "1 answer" not in nobody
    assert "A secret reason" not in counts
    assert "1 answer" in counts
    assert "A secret reason" in shown
    assert "Zuleika" not in shown


def test_sheets_fill_on_the_wall_without_what_is_hidden_or_withheld(workshop: Workshop) -> None:
    enter(workshop, "1c", by=workshop.lead)
    line(workshop, "Ninth grade is too big")
    line(workshop, "Not for the wall").hide(True, by=workshop.lead)

    shown = wall(workshop)
    reveal(workshop, "1c", "counts")
    counts = wall(workshop)
    reveal(workshop, "1c", "nobody")

    assert "Ninth grade is too big" in shown
    assert "Not for the wall" not in shown
    assert ("Ninth grade is too big" in counts, "1 line" in counts) == (False, True)
    assert "Ninth grade is too big" not in wall(workshop)


def test_table_and_alignment_keep_back_what_is_hidden_or_withheld(workshop: Workshop) -> None:
    by = workshop.lead
    for side, text in (("with", "Known by name"), ("without", "Hidden side")):
        ContrastItem.add(workshop, side, text, by=by, op_id=uuid.uuid4())
    known, hidden = ContrastItem.objects.get(side="with"), ContrastItem.objects.get(side="without")
    Observation.note(workshop, workshop.steps.get(key="3b"), "Greets everyone", by=by, op_id=uuid.uuid4())
    for item in (known, hidden):
        Observation.objects.get().align(item, "matches", by=by)
    hidden.hide(True, by=by)

    for key, own in (("2c", "Known by name"), ("3b", "Greets everyone")):
        enter(workshop, key, by=by)
        shown = wall(workshop)
        assert "Known by name" in shown
        assert own in shown
        assert "Hidden side" not in shown
        for what in ("counts", "nobody"):
            reveal(workshop, key, what)
            assert own not in wall(workshop), (key, what)


@pytest.mark.parametrize(("key", "there", "said"), [("2a", "https://films", "Watch here"), ("3a", "own copy", "6:25")])
def test_film_has_its_link_or_says_that_there_is_none(workshop: Workshop, key: str, there: str, said: str) -> None:
    enter(workshop, key, by=workshop.lead)

    text = wall(workshop)

    assert "Known by name" in text
    assert there in text
    assert said in text


def test_groups_then_gallery_then_thanks_in_the_rooms_own_numbers(workshop: Workshop) -> None:
    by = workshop.lead
    people = [Participant.join(workshop, by=by, name=f"P{n}", device="none")[0] for n in range(4)]
    workshop.refresh_from_db()
    GroupSet.form(workshop, "mix", 1, [[one.pk for one in people]], by=by, seen=workshop.control_version)
    group = GroupSet.objects.get().groups.get()
    Element.add(group, "Advisory of fifteen", [], "now", by=by, op_id=uuid.uuid4())
    DebriefNote.add(workshop, "learned", "Belonging first", by=by, op_id=uuid.uuid4())
    line(workshop, "Ninth grade")

    enter(workshop, "4", by=by)
    groups = wall(workshop)
    enter(workshop, "5", by=by)
    gallery = wall(workshop)
    workshop.refresh_from_db()
    workshop.close(by=by, seen=workshop.control_version)
    end = wall(workshop)

    assert all(f"P{n}" in groups for n in range(4))
    assert "Advisory of fifteen" in gallery
    assert "Belonging first" in gallery
    assert "4 people came" in end
    assert "1 idea could start" in end
    assert "https://read.example.org/" in end


def test_wall_follows_by_its_token_and_nothing_else(workshop: Workshop, cast: Cast) -> None:
    other = prepared(cast)
    asked = {"s": [workshop.stream, other.stream], "g": f"screen:{workshop.screen_token}"}

    answer = Client().get("/live/versions/", asked)
    wrong = Client().get("/live/versions/", asked | {"g": "screen:nothing"})

    workshop.refresh_from_db()
    assert answer.json() == {"versions": {workshop.stream: workshop.version}}
    assert wrong.status_code == 401


def test_scene_alone_is_answered_to_its_script(workshop: Workshop) -> None:
    url = f"/workshops/{workshop.pk}/screen/{workshop.screen_token}/"

    answer = Client().get(url, headers={"HX-Request": "true"})

    assert "<html" not in answer.text
    assert f'data-version="{workshop.version}"' in answer.text


def test_time_is_the_servers_in_milliseconds() -> None:
    before = time.time_ns() // 1_000_000

    now = Client().get("/time/").json()["now"]

    assert before <= now <= time.time_ns() // 1_000_000


def test_wall_asks_the_database_the_same_for_12_and_for_120_lines(
    workshop: Workshop, django_assert_num_queries: Any
) -> None:
    enter(workshop, "1c", by=workshop.lead)
    for n in (12, 108):
        Entry.objects.bulk_create(Entry(workshop=workshop, sheet="why", text=f"Line {k}") for k in range(n))
        for k in range(n // 6):
            Theme.make(workshop, f"Theme {k}", list(workshop.entries.all()[k : k + 2]), by=workshop.lead)
        with django_assert_num_queries(4):
            wall(workshop)
