"""The workshops that the room's rows of tests/permission_matrix.py are asked about: one of the coach's at the first
school, with a co-facilitator and a note-taker, and one at the second."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.cast import Cast
from workshops.models import (
    Adoption,
    ContrastItem,
    DebriefNote,
    Element,
    Entry,
    GroupMember,
    GroupSet,
    Observation,
    Participant,
    Picture,
    Theme,
    Workshop,
    WorkshopGroup,
)

from .phone import DOT
from .small_kit import enter, prepared

Arguments = dict[str, Any]
Data = dict[str, Any]


def _filled(workshop: Workshop) -> Workshop:
    """Something of everything, without steering: the control version stays 0."""
    by = workshop.lead
    person, _token = Participant.join(workshop, by=by, name="Ana", device="none")
    for text in ("Ninth grade", "Advisory"):
        Entry.capture(workshop, "why", text, by=by, op_id=uuid.uuid4())
    Theme.make(workshop, "Time", list(workshop.entries.all()[:1]), by=by)
    for side in ("with", "without"):
        ContrastItem.add(workshop, side, "Known", by=by, op_id=uuid.uuid4())
    Observation.note(workshop, workshop.steps.first(), "A greeting", by=by, op_id=uuid.uuid4())
    seating = GroupSet.objects.create(workshop=workshop, mode="mix", seed=1)
    group = WorkshopGroup.objects.create(seating=seating, number=1)
    GroupMember.objects.create(group=group, participant=person)
    Element.add(group, "Advisory", [], "now", by=by, op_id=uuid.uuid4())
    return workshop


@pytest.fixture
def full_room(cast: Cast) -> Workshop:
    return _filled(prepared(cast))


@pytest.fixture
def other_full_room(cast: Cast) -> Workshop:
    return _filled(prepared(cast, "juniper", "other-leader"))


def _arguments(workshop: Workshop) -> dict[str, Arguments]:
    here = {"workshop_id": workshop.pk}
    group = WorkshopGroup.objects.get(seating__workshop=workshop)
    return {
        "room": here,
        "room_screen": {**here, "token": workshop.screen_token},
        "room_step": {**here, "step_id": workshop.steps.all()[1].pk},
        "room_entry": {**here, "entry_id": workshop.entries.all()[0].pk},
        "room_theme": {**here, "theme_id": workshop.themes.get().pk},
        "room_group": {**here, "group_id": group.pk},
        "room_element": {**here, "element_id": group.elements.get().pk},
        "room_person": {**here, "participant_id": workshop.participants.get().pk},
    }


def _fixture(name: str) -> Any:
    def here(full_room: Workshop) -> Arguments:
        return _arguments(full_room)[name]

    return pytest.fixture(name=name)(here)


def _foreign(name: str) -> Any:
    def elsewhere(other_full_room: Workshop) -> Arguments:
        return _arguments(other_full_room)[name]

    return pytest.fixture(name=f"other_{name}")(elsewhere)


room, other_room = _fixture("room"), _foreign("room")
room_screen = _fixture("room_screen")
room_step, other_room_step = _fixture("room_step"), _foreign("room_step")
room_entry, other_room_entry = _fixture("room_entry"), _foreign("room_entry")
room_theme, other_room_theme = _fixture("room_theme"), _foreign("room_theme")
room_group, other_room_group = _fixture("room_group"), _foreign("room_group")
room_element, other_room_element = _fixture("room_element"), _foreign("room_element")
room_person, other_room_person = _fixture("room_person"), _foreign("room_person")


def _adopted(workshop: Workshop) -> Arguments:
    element = Element.objects.get(group__seating__workshop=workshop)
    adoption = Adoption.adopt(
        element, by=workshop.lead, school=workshop.host, school_name="", who="Ana", first_step="Ask on Monday"
    )
    return {"workshop_id": workshop.pk, "adoption_id": adoption.pk}


@pytest.fixture
def room_adoption(full_room: Workshop) -> Arguments:
    return _adopted(full_room)


@pytest.fixture
def other_room_adoption(other_full_room: Workshop) -> Arguments:
    return _adopted(other_full_room)


@pytest.fixture
def marked_entries(full_room: Workshop) -> Data:
    return {"entry": [entry.pk for entry in full_room.entries.all()], "label": "Time", "theme": ""}


@pytest.fixture
def marked_items(full_room: Workshop) -> Data:
    return {"item": [item.pk for item in full_room.contrast_items.all()]}


@pytest.fixture
def held_observation(full_room: Workshop) -> Data:
    item = full_room.contrast_items.all()[0]
    return {"observation": full_room.observations.get().pk, "item": item.pk, "kind": "matches"}


@pytest.fixture
def marked_note(full_room: Workshop) -> Data:
    DebriefNote.add(full_room, "learned", "Belonging", by=full_room.lead, op_id=uuid.uuid4())
    return {"note": [note.pk for note in full_room.debrief_notes.all()]}


def _photo(workshop: Workshop) -> Arguments:
    group = WorkshopGroup.objects.get(seating__workshop=workshop)
    Picture.save_photo(group, DOT, "image/png", by=workshop.lead)
    return {"workshop_id": workshop.pk, "group_id": group.pk}


@pytest.fixture
def room_photo(full_room: Workshop) -> Arguments:
    return _photo(full_room)


@pytest.fixture
def other_room_photo(other_full_room: Workshop) -> Arguments:
    return _photo(other_full_room)


@pytest.fixture
def room_screen_picture(full_room: Workshop) -> Arguments:
    """On the wall: the room has come to the debrief."""
    enter(full_room, "5", by=full_room.lead)
    return {**_photo(full_room), "token": full_room.screen_token}


@pytest.fixture
def other_seat(full_room: Workshop) -> Data:
    group = WorkshopGroup.objects.get(seating__workshop=full_room)
    return {"control_version": 0, "participant": full_room.participants.get().pk, "group": group.number}
