"""Steering the room from the facilitator page: each act, who may, and what two laptops at once come to."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from profiles.models import Change
from tests.cast import Cast
from workshops.models import GroupSet, Participant, StepRun, Workshop
from workshops.offers import Way, dialed, retimed
from workshops.room import Room

from .phone import open_room
from .small_kit import enter, prepared

SignIn = Callable[[str], Client]


@pytest.fixture
def workshop(cast: Cast) -> Workshop:
    return prepared(cast)


@pytest.fixture
def lead(sign_in: SignIn) -> Client:
    return sign_in("coach")


def press(client: Client, workshop: Workshop, act: str, *, seen: int | None = None, **fields: Any) -> HttpResponse:
    """Post an act of the page, against the control version as it is (or as it was `seen`)."""
    if seen is None:
        seen = Workshop.objects.values_list("control_version", flat=True).get(pk=workshop.pk)
    fields = {"op_id": str(uuid.uuid4()), "control_version": seen, **fields}
    return client.post(f"/workshops/{workshop.pk}/{act}/", fields)


def current(workshop: Workshop) -> str:
    workshop.refresh_from_db()
    return workshop.current.key if workshop.current else ""


def step(workshop: Workshop, key: str) -> StepRun:
    return workshop.steps.get(key=key)


def test_opening_the_room_opens_the_door(lead: Client, workshop: Workshop) -> None:
    answer = press(lead, workshop, "lobby/open")

    workshop.refresh_from_db()
    assert (answer.status_code, workshop.state, workshop.join_open) == (302, "lobby", True)


def test_door_is_closed_and_opened_again(lead: Client, workshop: Workshop) -> None:
    press(lead, workshop, "lobby/open")

    press(lead, workshop, "door/close")
    workshop.refresh_from_db()
    closed = workshop.join_open
    press(lead, workshop, "door/open")
    workshop.refresh_from_db()

    assert (closed, workshop.join_open) == (False, True)


def test_next_goes_through_the_agenda(lead: Client, workshop: Workshop) -> None:
    came = []
    for _n in range(12):
        press(lead, workshop, "next")
        came.append(current(workshop))

    assert came == ["0", "1a", "1b", "1c", "2a", "2c", "3a", "3b", "4", "5", "6", "6"]


def test_two_laptops_pressing_next_move_one_step(lead: Client, sign_in: SignIn, workshop: Workshop) -> None:
    press(lead, workshop, "next")
    workshop.refresh_from_db()
    seen = workshop.control_version

    first = press(lead, workshop, "next", seen=seen)
    second = press(sign_in("teacher"), workshop, "next", seen=seen)

    assert (first.status_code, second.status_code, current(workshop)) == (302, 409, "1a")
    assert "Somebody else steered meanwhile" in second.text
    assert '<h1 class="step">Quiet writing</h1>' in second.text


def test_stale_control_answers_a_script_with_the_fresh_parts(lead: Client, workshop: Workshop) -> None:
    press(lead, workshop, "next")
    url = f"/workshops/{workshop.pk}/next/"

    answer = lead.post(url, {"control_version": 0}, headers={"HX-Request": "true"})

    assert answer.status_code == 409
    assert 'data-sentence="Somebody else steered' in answer.text
    assert 'data-control="1"' in answer.text


def test_same_command_sent_again_is_done_once(lead: Client, workshop: Workshop) -> None:
    command = {"op_id": str(uuid.uuid4()), "seen": 0}

    answers = [press(lead, workshop, "next", **command).status_code for _n in range(2)]

    assert (answers, current(workshop)) == ([302, 302], "0")


def test_done_step_is_entered_again_and_keeps_its_time(lead: Client, workshop: Workshop) -> None:
    press(lead, workshop, "next")
    StepRun.objects.filter(pk=step(workshop, "0").pk).update(started_at=timezone.now() - timedelta(seconds=100))
    press(lead, workshop, "next")

    press(lead, workshop, f"steps/{step(workshop, '0').pk}/enter")

    assert (current(workshop), step(workshop, "1a").state, step(workshop, "0").spent_s) == ("0", "done", 100)


def test_step_is_left_out_and_brought_back(lead: Client, workshop: Workshop) -> None:
    film = step(workshop, "2a").pk
    press(lead, workshop, f"steps/{film}/skip", reason="They know it")
    skipped = step(workshop, "2a")
    enter(workshop, "1c", by=workshop.lead)
    press(lead, workshop, "next")

    press(lead, workshop, f"steps/{film}/restore")

    assert (skipped.state, skipped.skip_reason) == ("skipped", "They know it")
    assert (current(workshop), step(workshop, "2a").state) == ("2c", "waiting")


def test_clock_is_paused_resumed_lengthened_and_stopped(lead: Client, workshop: Workshop) -> None:
    press(lead, workshop, "next")

    press(lead, workshop, "pause")
    paused = step(workshop, "0").timer
    press(lead, workshop, "resume")
    press(lead, workshop, "time/add", seconds=60)
    longer = step(workshop, "0")
    press(lead, workshop, "time/stop")

    assert (paused, longer.timer, longer.allotted_s, step(workshop, "0").timer) == ("paused", "running", 360, "idle")


@pytest.mark.parametrize("seconds", ["", "soon", "99999"])
def test_time_that_cannot_be_meant_is_not_added(lead: Client, workshop: Workshop, seconds: str) -> None:
    press(lead, workshop, "next")

    answer = press(lead, workshop, "time/add", seconds=seconds)

    assert (answer.status_code, step(workshop, "0").allotted_s) == (404, 300)


def test_what_a_step_holds_is_shown_to_everyone(lead: Client, workshop: Workshop) -> None:
    writing = step(workshop, "1a")

    press(lead, workshop, f"steps/{writing.pk}/reveal", what="counts")

    assert (writing.reveal, step(workshop, "1a").reveal) == ("nobody", "counts")


def take(client: Client, workshop: Workshop, way: Way) -> HttpResponse:
    """Press a way's button: what its form carries."""
    times = {f"seconds-{new.step.run.key}": new.seconds for new in way.times}
    skip = [one.run.key for one in way.skip]
    return press(client, workshop, "times/adjust", skip=skip, late_s=way.late_s, **times)


def allotted(workshop: Workshop) -> dict[str, int | None]:
    """Seconds of every step; None where it is left out."""
    return {run.key: None if run.state == "skipped" else run.allotted_s for run in workshop.steps.all()}


def test_room_that_is_new_to_the_topic_talks_longer_at_the_cost_of_the_groups(lead: Client, cast: Cast) -> None:
    workshop = prepared(cast, hard_end=timezone.now() + timedelta(days=30))
    before = allotted(workshop)

    press(lead, workshop, "knowledge", knowledge="new")
    workshop.refresh_from_db()
    (way,) = dialed(Room(workshop))
    offered = lead.get(f"/workshops/{workshop.pk}/facilitate/").context["parts"]["people"]
    take(lead, workshop, way)
    workshop.refresh_from_db()
    after, again = allotted(workshop), dialed(Room(workshop))
    press(lead, workshop, "times/undo")

    assert (workshop.prior_knowledge, "Talk longer" in offered, again) == ("new", True, [])
    assert after == before | {"2c": 20 * 60, "3b": 13 * 60, "4": 17 * 60}
    assert allotted(workshop) == before


def test_groups_keep_their_floor_when_a_new_room_talks_longer(lead: Client, cast: Cast) -> None:
    workshop = prepared(cast, hard_end=timezone.now() + timedelta(days=30))
    workshop.steps.filter(key="4").update(floor_s=19 * 60)
    press(lead, workshop, "knowledge", knowledge="new")
    workshop.refresh_from_db()

    (way,) = dialed(Room(workshop))
    take(lead, workshop, way)

    after = allotted(workshop)
    assert (after["2c"], after["3b"], after["4"]) == (20 * 60, 11 * 60, 19 * 60)


def test_room_without_a_hard_end_talks_longer_and_takes_it_from_nobody(lead: Client, workshop: Workshop) -> None:
    press(lead, workshop, "knowledge", knowledge="new")
    workshop.refresh_from_db()

    (way,) = dialed(Room(workshop))

    assert {new.step.run.key: new.seconds for new in way.times} == {"2c": 20 * 60, "3b": 13 * 60}


def test_room_that_knows_the_topic_may_spare_one_of_two_films(lead: Client, cast: Cast) -> None:
    workshop = open_room(cast.org("cedar"), cast["coach"])
    before = allotted(workshop)
    total = sum(filter(None, before.values()))

    press(lead, workshop, "knowledge", knowledge="knowledgeable")
    workshop.refresh_from_db()
    ways = dialed(Room(workshop))
    take(lead, workshop, ways[0])
    workshop.refresh_from_db()
    after, again = allotted(workshop), dialed(Room(workshop))
    press(lead, workshop, "times/undo")

    assert [[one.run.key for one in way.skip] for way in ways] == [["2a"], ["2b"]]
    assert (after["2a"], again, sum(filter(None, after.values()))) == (None, [], total)
    assert {key for key in after if after[key] != before[key]} == {"2a", "3b", "4"}
    assert allotted(workshop) == before


def test_room_of_mixed_knowledge_is_offered_nothing(lead: Client, workshop: Workshop) -> None:
    press(lead, workshop, "knowledge", knowledge="mixed")
    workshop.refresh_from_db()

    assert dialed(Room(workshop)) == []


def test_ways_out_of_a_day_too_short_are_taken_by_one_press_and_undone(lead: Client, cast: Cast) -> None:
    workshop = prepared(cast, hard_end=timezone.now() + timedelta(minutes=59.5))
    press(lead, workshop, "next")
    workshop.refresh_from_db()
    proposal = retimed(Room(workshop))
    assert proposal is not None
    before, came = allotted(workshop), []

    for way in proposal.ways:
        take(lead, workshop, way)
        workshop.refresh_from_db()
        skipped = [key for key, seconds in allotted(workshop).items() if seconds is None]
        came.append((way.label, skipped, workshop.late_s == way.late_s, retimed(Room(workshop)) is None))
        press(lead, workshop, "times/undo")
        workshop.refresh_from_db()
        assert (allotted(workshop), workshop.late_s) == (before, 0)

    assert came == [
        ("Leave out “Watch: the overview”", ["2a"], True, True),
        ("End 4 minutes late", [], True, True),
    ]


def test_step_that_is_on_is_not_left_out_by_an_old_offer(lead: Client, workshop: Workshop) -> None:
    enter(workshop, "2a", by=workshop.lead)

    answer = press(lead, workshop, "times/adjust", skip=["2a"])

    assert (answer.status_code, step(workshop, "2a").state) == (404, "current")


def test_rest_is_adjusted_as_it_was_offered_and_undone(lead: Client, cast: Cast) -> None:
    workshop = prepared(cast, hard_end=timezone.now() + timedelta(minutes=80))
    press(lead, workshop, "next")
    offered = lead.get(f"/workshops/{workshop.pk}/facilitate/").context["parts"]["agenda"]
    before = {run.key: run.allotted_s for run in workshop.steps.all()}
    assert "Take these times" in offered

    workshop.refresh_from_db()
    proposal = retimed(Room(workshop))
    assert proposal is not None
    assert proposal.times is not None
    take(lead, workshop, proposal.times)
    adjusted = {run.key: run.allotted_s for run in workshop.steps.all()}
    press(lead, workshop, "times/undo")

    assert adjusted == before | {new.step.run.key: new.seconds for new in proposal.times.times}
    assert sum(adjusted.values()) < sum(before.values())
    assert all(run.fixed or adjusted[run.key] >= run.floor_s for run in workshop.steps.all())
    assert {run.key: run.allotted_s for run in workshop.steps.all()} == before


def test_no_step_is_adjusted_below_its_floor(lead: Client, workshop: Workshop) -> None:
    press(lead, workshop, "next")

    answer = press(lead, workshop, "times/adjust", **{"seconds-4": 60})

    assert (answer.status_code, step(workshop, "4").allotted_s) == (404, 25 * 60)


def test_groups_are_formed_kept_and_a_person_is_moved(lead: Client, workshop: Workshop) -> None:
    people = [
        Participant.join(workshop, by=workshop.lead, name=f"P{n}", school_name=f"School {n % 3}", device="none")[0]
        for n in range(9)
    ]

    press(lead, workshop, "groups/form", mode="mix")
    seating = GroupSet.objects.get(workshop=workshop, current=True)
    groups = list(seating.groups.all())
    sizes = sorted(group.members.count() for group in groups)
    target = next(one for one in groups if not one.members.filter(participant=people[0]).exists())
    press(lead, workshop, "groups/move", participant=people[0].pk, group=target.number)
    press(lead, workshop, "groups/lock")
    press(lead, workshop, "groups/form", mode="home")

    assert sizes in ([4, 5], [3, 3, 3])
    assert [seat.group_id for seat in people[0].seats.all()] == [target.pk]
    assert GroupSet.objects.get(workshop=workshop, current=True).pk == seating.pk


def test_closing_ends_the_code_and_all_steering(lead: Client, workshop: Workshop) -> None:
    press(lead, workshop, "next")

    press(lead, workshop, "close")
    after = press(lead, workshop, "next")

    workshop.refresh_from_db()
    assert (workshop.state, workshop.join_code, workshop.current) == ("closed", None, None)
    assert after.status_code == 409
    assert "This workshop is closed" in after.text
    assert lead.get(f"/workshops/{workshop.pk}/facilitate/").status_code == 200


def test_co_facilitator_takes_over_a_minute_after_the_lead_was_seen(
    lead: Client, sign_in: SignIn, workshop: Workshop, cast: Cast
) -> None:
    lead.post(f"/workshops/{workshop.pk}/presence/")
    other = sign_in("teacher")

    too_soon = other.post(f"/workshops/{workshop.pk}/take-over/", headers={"HX-Request": "true"})
    here = other.post(f"/workshops/{workshop.pk}/presence/").json()
    Workshop.objects.filter(pk=workshop.pk).update(lead_seen_at=timezone.now() - timedelta(seconds=61))
    away = other.post(f"/workshops/{workshop.pk}/presence/").json()
    taken = other.post(f"/workshops/{workshop.pk}/take-over/")

    workshop.refresh_from_db()
    assert (too_soon.status_code, taken.status_code, workshop.lead) == (409, 302, cast["teacher"])
    assert (here, away) == ({"lead_away": False}, {"lead_away": True})


def test_lead_takes_back_at_once_and_who_took_over_does_not(
    lead: Client, sign_in: SignIn, workshop: Workshop, cast: Cast
) -> None:
    other, scribe = sign_in("teacher"), sign_in("advisor")
    act = f"/workshops/{workshop.pk}/take-back/"
    too_early = lead.post(act, headers={"HX-Request": "true"}).status_code
    other.post(f"/workshops/{workshop.pk}/take-over/")
    other.post(f"/workshops/{workshop.pk}/presence/")
    told = lead.get(f"/workshops/{workshop.pk}/facilitate/").text
    foreign = scribe.post(act, headers={"HX-Request": "true"}).status_code

    lead.post(act)
    workshop.refresh_from_db()
    led, helpers = workshop.lead, {one.person: one.role for one in workshop.helpers.all()}
    again = other.post(act, headers={"HX-Request": "true"}).status_code

    workshop.refresh_from_db()
    assert (too_early, foreign, again) == (409, 409, 409)
    assert "took over while you were away" in told
    assert (led, workshop.lead) == (cast["coach"], cast["coach"])
    assert helpers == {cast["teacher"]: "co", cast["advisor"]: "scribe"}
    verbs = Change.objects.filter(stream=workshop.stream, verb__startswith="lead_").order_by("version")
    assert list(verbs.values_list("verb", flat=True)) == ["lead_taken_over", "lead_taken_back"]


def test_note_taker_neither_steers_nor_takes_over(sign_in: SignIn, workshop: Workshop, cast: Cast) -> None:
    scribe = sign_in("advisor")

    answers = [press(scribe, workshop, act).status_code for act in ("next", "lobby/open", "groups/lock", "close")]
    scribe.post(f"/workshops/{workshop.pk}/take-over/")

    workshop.refresh_from_db()
    assert (answers, workshop.lead, workshop.current) == ([403, 403, 403, 403], cast["coach"], None)


def test_co_facilitator_steers_but_does_not_close(sign_in: SignIn, workshop: Workshop) -> None:
    co = sign_in("teacher")

    answers = [press(co, workshop, act).status_code for act in ("next", "close")]

    assert (answers, current(workshop)) == ([302, 403], "0")


def test_step_of_another_workshop_is_not_there(lead: Client, workshop: Workshop, cast: Cast) -> None:
    other = prepared(cast, "juniper", "other-leader")

    answer = press(lead, workshop, f"steps/{step(other, '0').pk}/enter")

    assert (answer.status_code, current(workshop)) == (404, "")
