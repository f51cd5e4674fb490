"""Preparing a workshop: from a guide to a room that is ready, as the instructional coach of the story does it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from copy import deepcopy
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from profiles.models import Change, Org
from tests.cast import Cast
from workshops import checklist, demo, home
from workshops.guide import BUILT_IN, BUILT_IN_ID
from workshops.models import Helper, Kit, Workshop

SignIn = Callable[[str], Client]
EASTERN = ZoneInfo("America/New_York")


@pytest.fixture
def workshop(coach_workshop: Workshop) -> Workshop:
    return coach_workshop


def url(workshop: Workshop, *rest: object) -> str:
    return "/".join(["/workshops", str(workshop.pk), *map(str, rest), ""])


def asked(cast: Cast, **changed: Any) -> dict[str, Any]:
    form = {
        "title": "Learning together",
        "host": cast.org("cedar").pk,
        "guide": BUILT_IN_ID,
        "day": "2026-12-03",
        "begins": "13:30",
        "ends": "",
        "people": "28",
        "names": "first",
    }
    return form | changed


def test_workshop_create_prepares_from_the_built_in_guide(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in("coach").post("/workshops/new/", asked(cast))

    made = Workshop.objects.get()
    assert page.headers["Location"] == url(made)
    assert (made.lead, made.host) == (cast["coach"], cast.org("cedar"))
    assert made.kit == BUILT_IN
    assert [step.key for step in made.steps.all()] == [step["key"] for step in BUILT_IN["steps"]]
    assert made.starts_at == dt.datetime(2026, 12, 3, 13, 30, tzinfo=EASTERN)
    assert made.hard_end == made.starts_at + dt.timedelta(seconds=114 * 60 + 5)
    assert checklist.expected(made) == 28


def test_workshop_create_without_a_day(cast: Cast, sign_in: SignIn) -> None:
    sign_in("coach").post("/workshops/new/", asked(cast, day="", begins="", people=""))

    made = Workshop.objects.get()
    assert (made.starts_at, made.hard_end) == (None, None)
    assert checklist.not_ready(made)[0] == "No date is set."


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"day": ""}, "On which day?"),
        ({"begins": ""}, "At what time?"),
        ({"ends": "13:00"}, "The end comes after the beginning."),
        ({"title": ""}, "This field is required."),
    ],
)
def test_workshop_create_says_what_is_missing(
    cast: Cast, sign_in: SignIn, changed: dict[str, str], sentence: str
) -> None:
    page = sign_in("coach").post("/workshops/new/", asked(cast, **changed))

    assert page.status_code == 422
    assert sentence in page.text
    assert not Workshop.objects.exists()


def test_workshop_create_offers_own_schools_only(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in("coach").post("/workshops/new/", asked(cast, host=cast.org("juniper").pk))

    assert page.status_code == 422
    assert not Workshop.objects.exists()


@pytest.mark.parametrize(
    ("people", "said"),
    [(0, ""), (24, "With 24, steps may go faster"), (25, ""), (30, ""), (31, "With 31, plan more minutes")],
)
def test_workshop_detail_says_when_the_room_is_not_the_guides_size(
    cast: Cast, sign_in: SignIn, workshop: Workshop, people: int, said: str
) -> None:
    workshop.tick(checklist.PEOPLE, people, by=cast["coach"])

    page = sign_in("coach").get(url(workshop))

    assert page.status_code == 200
    assert ("This guide was made for 25 to 30 people." in page.text) is bool(said)
    assert said in page.text


def test_workshop_detail_says_which_media_are_unconfirmed(sign_in: SignIn, workshop: Workshop) -> None:
    page = sign_in("coach").get(url(workshop))

    assert page.text.count("confirm that this is the one") == 2
    assert "Connecting to Kids With Small Learning Environments" in page.text
    assert workshop.join_code in page.text


def test_media_write_confirms_in_this_workshops_copy_only(cast: Cast, sign_in: SignIn, workshop: Workshop) -> None:
    page = sign_in("coach").post(
        url(workshop, "media", "2b"),
        {"title": "Another interview", "duration_s": "7:30", "url": "https://example.org/film", "confirmed": "on"},
    )

    assert page.status_code == 302
    changed = Workshop.objects.get()
    item = next(step["media"] for step in changed.kit["steps"] if step["key"] == "2b")
    assert (item["title"]["en"], item["duration_s"], item["confirmed"]) == ("Another interview", 450, True)
    run = changed.steps.get(key="2b")
    assert (run.planned_s, run.floor_s, run.allotted_s) == (450, 450, 450)
    assert not any("Another interview" in one for one in checklist.not_ready(changed))
    assert BUILT_IN["steps"][5]["media"]["duration_s"] == 286


def test_media_write_without_a_link_is_said(cast: Cast, sign_in: SignIn, workshop: Workshop) -> None:
    client = sign_in("coach")
    client.post(url(workshop, "media", "2a"), {"title": "Overview", "duration_s": "6:25", "confirmed": "on"})

    assert "There is no link" in client.get(url(workshop)).text


@pytest.mark.parametrize("key", ["1a", "nothing"])
def test_media_write_where_nothing_is_watched(sign_in: SignIn, workshop: Workshop, key: str) -> None:
    assert sign_in("coach").get(url(workshop, "media", key)).status_code == 404


def test_checklist_tick_and_undo(cast: Cast, sign_in: SignIn, workshop: Workshop) -> None:
    client = sign_in("coach")
    before = len(checklist.not_ready(workshop))

    client.post(url(workshop, "checklist"), {"key": "projector", "done": "yes"})
    ticked = Workshop.objects.get()
    client.post(url(workshop, "checklist"), {"key": "projector", "done": "no"})

    assert len(checklist.not_ready(ticked)) == before - 1
    assert len(checklist.not_ready(Workshop.objects.get())) == before
    assert client.post(url(workshop, "checklist"), {"key": "people", "done": "yes"}).status_code == 404


def test_workshop_is_ready_when_nothing_is_open(cast: Cast, sign_in: SignIn, workshop: Workshop) -> None:
    coach = cast["coach"]
    workshop.describe(by=coach, starts_at=timezone.now() + dt.timedelta(days=3))
    for key in checklist.CHECKS:
        workshop.tick(key, True, by=coach)
    for step in workshop.kit["steps"]:
        if step["media"]:
            workshop.set_media(step["key"], step["media"] | {"confirmed": True}, by=coach)

    assert checklist.not_ready(workshop) == []
    assert "Everything is ready" in sign_in("coach").get("/").text


def test_helper_add_and_remove(cast: Cast, sign_in: SignIn, workshop: Workshop) -> None:
    client = sign_in("coach")

    client.post(url(workshop, "helpers"), {"person": cast["advisor"].pk, "role": "scribe"})
    added = workshop.helpers.get(person=cast["advisor"])
    listed = sign_in("advisor").get("/workshops/").text
    client.post(url(workshop, "helpers", added.pk, "remove"))

    assert added.role == Helper.Role.SCRIBE
    assert "Learning together" in listed
    assert "Learning together" not in sign_in("advisor").get("/workshops/").text


def test_helper_who_notes_changes_nothing_before_the_day(cast: Cast, sign_in: SignIn, workshop: Workshop) -> None:
    workshop.add_helper(cast["advisor"], Helper.Role.SCRIBE, by=cast["coach"])
    client = sign_in("advisor")

    assert client.get(url(workshop)).status_code == 200
    assert client.get(url(workshop, "details")).status_code == 403
    assert client.post(url(workshop, "checklist"), {"key": "computer", "done": "yes"}).status_code == 403


def test_workshop_print_has_times_of_day_and_blank_sheets(cast: Cast, sign_in: SignIn, workshop: Workshop) -> None:
    client = sign_in("coach")
    without_day = client.get(url(workshop, "print")).text
    begins = dt.datetime(2026, 12, 3, 13, 30, tzinfo=EASTERN)
    workshop.describe(by=cast["coach"], starts_at=begins)

    page = client.get(url(workshop, "print")).text

    assert "<td>22:00</td>" not in page
    assert "<td>27:00</td><td>6:25</td>" in without_day
    assert "<td>1:57 p.m.</td><td>6:25</td>" in page
    assert page.count('class="blank-sheet"') == 3
    assert "Schools without one" in page


def test_workshop_detail_opens_the_room_for_who_runs_it(cast: Cast, sign_in: SignIn, workshop: Workshop) -> None:
    door = f'href="/workshops/{workshop.pk}/facilitate/"'

    seen = {who: door in sign_in(who).get(url(workshop)).text for who in ("coach", "counselor", "leader")}

    assert seen == {"coach": True, "counselor": True, "leader": False}
    assert door in sign_in("coach").get("/").text


def test_workshop_write_moves_the_day(cast: Cast, sign_in: SignIn, workshop: Workshop) -> None:
    client = sign_in("coach")
    form = {"title": "Other", "day": "2027-01-14", "begins": "09:00", "ends": "11:00", "people": "", "names": "none"}

    page = client.post(url(workshop, "details"), form)

    changed = Workshop.objects.get()
    assert page.status_code == 302
    assert (changed.title, changed.names) == ("Other", "none")
    assert changed.starts_at == dt.datetime(2027, 1, 14, 9, tzinfo=EASTERN)
    assert changed.hard_end == dt.datetime(2027, 1, 14, 11, tzinfo=EASTERN)
    assert 'value="2027-01-14"' in client.get(url(workshop, "details")).text


def test_guide_take_lays_the_agenda_out_anew(cast: Cast, sign_in: SignIn, workshop: Workshop, cedar_kit: Kit) -> None:
    cedar_kit.remove_step("3b", by=cast["coach"])

    sign_in("coach").post(url(workshop, "guide"), {"guide": cedar_kit.pk})

    changed = Workshop.objects.get()
    assert changed.kit == Kit.objects.get().content
    assert [run.key for run in changed.steps.all()] == [
        step["key"] for step in BUILT_IN["steps"] if step["key"] != "3b"
    ]


def test_guide_take_not_under_an_open_room(cast: Cast, sign_in: SignIn, workshop: Workshop, cedar_kit: Kit) -> None:
    workshop.open_lobby(by=cast["coach"], seen=0)
    cedar_kit.remove_step("3b", by=cast["coach"])
    client = sign_in("coach")

    page = client.post(url(workshop, "guide"), {"guide": cedar_kit.pk}, follow=True)

    assert "The room was opened already" in page.text
    assert "Run it by another guide" not in page.text
    assert Workshop.objects.get().kit == BUILT_IN


def test_guide_take_of_a_guide_one_may_not_see(sign_in: SignIn, workshop: Workshop, juniper_kit: Kit) -> None:
    assert sign_in("coach").post(url(workshop, "guide"), {"guide": juniper_kit.pk}).status_code == 404


def test_workshop_list_costs_the_same_for_one_and_three(cast: Cast, sign_in: SignIn, workshop: Workshop) -> None:
    client = sign_in("coach")
    client.get("/workshops/")
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get("/workshops/")
    for _n in range(2):
        Workshop.prepare(cast.org("cedar"), "More", deepcopy(BUILT_IN), by=cast["coach"])
    with CaptureQueriesContext(connection) as three:
        client.get("/workshops/")

    assert len(one) == len(three)


def test_home_names_the_next_workshop_and_what_is_not_ready(cast: Cast, sign_in: SignIn, workshop: Workshop) -> None:
    Workshop.prepare(
        cast.org("cedar"), "Forgotten", deepcopy(BUILT_IN), by=cast["coach"],
        starts_at=timezone.now() - dt.timedelta(days=30),
    )  # fmt: skip
    workshop.describe(by=cast["coach"], starts_at=timezone.now() + dt.timedelta(days=3))

    [card] = home.cards(cast["coach"])

    assert card["next"] == workshop
    assert len(card["not_ready"]) == home.MOST_NAMED
    assert card["more"] == 2 + len(checklist.CHECKS) - home.MOST_NAMED
    assert "Learning together" in sign_in("coach").get("/").text


def test_home_says_nothing_of_workshops_where_no_school_has_begun(cast: Cast) -> None:
    assert home.cards(cast["teacher"]) == []
    assert home.cards(cast["student"]) == []
    assert not home.has_begun(cast["leader"])


def test_search_finds_workshops_and_guides_one_may_see(cast: Cast, workshop: Workshop, cedar_kit: Kit) -> None:
    found = {hit.name for words in ("learning tog", "our gui") for hit in home.hits(cast["leader"], words)}

    assert found == {"Learning together", "Our guide"}
    assert list(home.hits(cast["other-teacher"], "learning tog")) == []


def test_demo_is_told_once(cast: Cast) -> None:
    told: list[str] = []
    demo.tell(told.append)
    changes = Change.objects.count()

    demo.tell(told.append)

    made = Workshop.objects.get()
    assert told == [f"Workshop: {demo.TITLE} (Cedar Hollow High School)"]
    assert Change.objects.count() == changes
    assert made.lead == cast["coach"]
    assert made.starts_at is not None
    assert made.starts_at.astimezone(EASTERN).weekday() == demo.THURSDAY
    assert Org.Part.WORKSHOPS in cast.org("cedar").begun


@pytest.mark.parametrize(
    ("today", "thursday"),
    [("2026-11-25", "2026-11-26"), ("2026-11-26", "2026-12-03"), ("2026-11-27", "2026-12-03")],
)
def test_demo_day_is_the_next_thursday(today: str, thursday: str) -> None:
    assert str(demo.next_thursday(dt.date.fromisoformat(today))) == thursday


def test_workshop_detail_in_spanish_reads_the_guide_in_spanish(cast: Cast, workshop: Workshop) -> None:
    with translation.override("es"):
        assert "Escribir en silencio" in str(checklist.agenda.steps(workshop.kit))
