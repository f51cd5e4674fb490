"""What is said or drawn can be taken from everyone's sight and put back, in one way, whatever it is."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from profiles.models import Change
from tests.cast import Cast
from workshops.models import ContrastItem, DebriefNote, Entry, Observation, Picture, Workshop, WorkshopGroup

from .phone import DOT, close, come_in, seat
from .small_kit import enter, prepared

SignIn = Callable[[str], Client]


@pytest.fixture
def workshop(cast: Cast) -> Workshop:
    workshop = prepared(cast)
    by = workshop.lead
    Entry.capture(workshop, "why", "Said on a sheet", by=by, op_id=uuid.uuid4())
    ContrastItem.add(workshop, "with", "Said in the table", by=by, op_id=uuid.uuid4())
    Observation.note(workshop, workshop.steps.get(key="3a"), "Said of a film", by=by, op_id=uuid.uuid4())
    DebriefNote.add(workshop, "learned", "Said at the end", by=by, op_id=uuid.uuid4())
    return workshop


@pytest.fixture
def lead(sign_in: SignIn) -> Client:
    return sign_in("coach")


def wall(workshop: Workshop) -> str:
    return Client().get(f"/workshops/{workshop.pk}/screen/{workshop.screen_token}/").text


KINDS: dict[str, tuple[Any, str, str, str, str]] = {
    "entries": (Entry, "1c", "sheets", "entry", "entry"),
    "contrast": (ContrastItem, "2c", "contrast", "item", "contrast"),
    "observations": (Observation, "3b", "seen", "observation", "observation"),
    "debrief": (DebriefNote, "5", "debrief", "note", "debrief"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_line_is_hidden_from_wall_and_phones_and_shown_again(lead: Client, workshop: Workshop, kind: str) -> None:
    model, step, show, name, noun = KINDS[kind]
    line = model.objects.get()
    words = line.text
    enter(workshop, step, by=workshop.lead)
    phone = come_in(workshop)
    act = f"/workshops/{workshop.pk}/{kind}"
    seen = [(words in wall(workshop), words in phone.look().text)]

    for press in ("hide", "show"):
        lead.post(f"{act}/{press}/", {name: line.pk, "op_id": uuid.uuid4()})
        page = lead.get(f"/workshops/{workshop.pk}/facilitate/?show={show}").text
        seen.append((words in wall(workshop), words in phone.look().text))
        assert ("1 hidden line" in page) == (press == "hide")
        assert words in page

    assert seen == [(True, True), (False, False), (True, True)]
    verbs = Change.objects.filter(stream=workshop.stream, target=line.pk).order_by("version", "n")
    assert list(verbs.values_list("verb", flat=True))[1:] == [f"{noun}_hidden", f"{noun}_shown"]


def test_drawing_is_on_the_desk_at_once_and_on_the_wall_when_pictures_are_shown(
    lead: Client, workshop: Workshop
) -> None:
    phone, stranger = come_in(workshop), come_in(workshop)
    group, _other = seat(workshop, [phone.participant], [stranger.participant])
    Picture.save_photo(group, DOT, "image/png", by=workshop.lead)
    desk = f"/workshops/{workshop.pk}/groups/{group.pk}/photo/"
    screen = f"/workshops/{workshop.pk}/screen/{workshop.screen_token}/pictures/{group.pk}/"
    enter(workshop, "4", by=workshop.lead)

    def answers() -> list[int]:
        theirs, others = phone.look(f"pictures/{group.pk}/"), stranger.look(f"pictures/{group.pk}/")
        return [lead.get(desk).status_code, Client().get(screen).status_code, theirs.status_code, others.status_code]

    drawn = answers()
    enter(workshop, "5", by=workshop.lead)
    revealed = answers()
    on_wall = f'src="{screen}?1"' in wall(workshop)
    lead.post(f"/workshops/{workshop.pk}/groups/{group.pk}/picture/hide/", {"op_id": uuid.uuid4()})
    hidden = answers()
    page = lead.get(f"/workshops/{workshop.pk}/facilitate/?show=groups").text
    lead.post(f"/workshops/{workshop.pk}/groups/{group.pk}/picture/show/", {"op_id": uuid.uuid4()})

    assert (drawn, revealed, hidden, answers()) == (
        [200, 404, 200, 404],
        [200, 200, 200, 200],
        [200, 404, 200, 404],
        [200, 200, 200, 200],
    )
    assert on_wall
    assert f'src="{desk}?1"' in page
    assert "Only the group itself sees its picture." in page
    assert lead.get(desk).content == DOT


def test_new_photo_has_a_new_address(lead: Client, workshop: Workshop) -> None:
    (group,) = seat(workshop, [come_in(workshop).participant])
    for _n in range(2):
        Picture.save_photo(group, DOT, "image/png", by=workshop.lead)

    page = lead.get(f"/workshops/{workshop.pk}/facilitate/?show=groups").text

    assert f"/groups/{group.pk}/photo/?2" in page


def test_drawings_are_not_read_to_list_the_groups(lead: Client, workshop: Workshop) -> None:
    (group,) = seat(workshop, [come_in(workshop).participant])
    Picture.save_photo(group, DOT, "image/png", by=workshop.lead)

    with CaptureQueriesContext(connection) as asked:
        lead.get(f"/workshops/{workshop.pk}/facilitate/?show=groups")

    assert [one["sql"] for one in asked if '."photo",' in one["sql"]] == []


def test_nothing_is_hidden_once_the_workshop_is_closed(lead: Client, workshop: Workshop) -> None:
    note = workshop.debrief_notes.get()
    close(workshop)

    lead.post(f"/workshops/{workshop.pk}/debrief/hide/", {"note": note.pk, "op_id": uuid.uuid4()})

    assert not DebriefNote.objects.get().hidden


def test_picture_of_another_workshop_is_not_there(lead: Client, workshop: Workshop, cast: Cast) -> None:
    other = prepared(cast, "juniper", "other-leader")
    (group,) = seat(other, [come_in(other).participant])
    Picture.save_photo(group, DOT, "image/png", by=other.lead)

    answers = [
        lead.get(f"/workshops/{workshop.pk}/groups/{group.pk}/photo/").status_code,
        lead.post(f"/workshops/{workshop.pk}/groups/{group.pk}/picture/hide/").status_code,
        Client().get(f"/workshops/{workshop.pk}/screen/{workshop.screen_token}/pictures/{group.pk}/").status_code,
    ]

    assert (answers, WorkshopGroup.objects.get().picture.hidden) == ([404, 404, 404], False)
