"""A room with its steps, and people in it by phone: for the tests of what phones do, and for their matrix rows."""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from planning.models import StrategyTable
from profiles.models import Actor, Org, Person
from tests.cast import Cast
from workshops.guide import BUILT_IN
from workshops.models import (
    Adoption,
    ContrastItem,
    Element,
    Entry,
    GroupSet,
    HandOver,
    LearningTeam,
    Participant,
    Picture,
    Response,
    StepRun,
    Workshop,
    WorkshopGroup,
    take_home_token,
)
from workshops.room_access import COOKIE

Arguments = dict[str, Any]
DOT = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==")
"""The smallest PNG: one grey dot."""
JSON = {"Accept": "application/json"}


def open_room(host: Org, by: Person, title: str = "Learning together", names: str = "first") -> Workshop:
    workshop = Workshop.prepare(host, title, BUILT_IN, by=by, names=names)
    workshop.open_lobby(by=by, seen=0)
    return Workshop.objects.get(pk=workshop.pk)


def fresh(workshop: Workshop) -> Workshop:
    return Workshop.objects.select_related("current", "host", "lead").get(pk=workshop.pk)


def go(workshop: Workshop, key: str) -> StepRun:
    now = fresh(workshop)
    now.go_to(now.steps.get(key=key), by=now.lead, seen=now.control_version)
    return StepRun.objects.get(workshop=workshop, key=key)


def reveal(workshop: Workshop, key: str, what: str = "all") -> None:
    now = fresh(workshop)
    now.reveal(now.steps.get(key=key), what, by=now.lead, seen=now.control_version)


def close(workshop: Workshop) -> None:
    now = fresh(workshop)
    now.close(by=now.lead, seen=now.control_version)


@dataclass
class Phone:
    """Somebody's browser in the room."""

    client: Client
    participant: Participant
    token: str

    @property
    def base(self) -> str:
        return f"/w/{self.participant.workshop_id}/"

    def look(self, path: str = "") -> HttpResponse:
        return self.client.get(self.base + path)

    def send(self, path: str, op: uuid.UUID | None = None, **fields: Any) -> HttpResponse:
        data = {"participant": self.participant.pk, "op_id": op or uuid.uuid4(), **fields}
        return self.client.post(self.base + path, data, headers=JSON)

    def plain(self, path: str, **fields: Any) -> HttpResponse:
        return self.client.post(self.base + path, {"participant": self.participant.pk, **fields})


def come_in(workshop: Workshop, **said: Any) -> Phone:
    participant, token = Participant.join(workshop, by=Actor("participant"), **said)
    client = Client()
    client.cookies[COOKIE] = token
    return Phone(client, participant, token)


def seat(workshop: Workshop, *groups: list[Participant]) -> list[WorkshopGroup]:
    now = fresh(workshop)
    GroupSet.form(now, "mix", 1, [[one.pk for one in group] for group in groups], by=now.lead, seen=now.control_version)
    return list(WorkshopGroup.objects.filter(seating__workshop=workshop, seating__current=True))


def adopt(group: WorkshopGroup, school: Org | None, by: Participant, text: str = "Greet at the door") -> Adoption:
    actor, op_id = Actor("participant", str(by.pk)), uuid.uuid4()
    Element.add(group, text, ["climate"], "now", by=actor, op_id=op_id)
    element = Element.objects.get(pk=op_id)
    return Adoption.adopt(
        element, by=actor, school=school, school_name="" if school else by.school_name, who="Ana", first_step="Monday"
    )


@pytest.fixture
def phone_room(cast: Cast) -> Workshop:
    return open_room(cast.org("cedar"), cast["coach"])


@pytest.fixture
def phone(cast: Cast, phone_room: Workshop) -> Phone:
    return come_in(phone_room, name="Rosa", school=cast.org("cedar"), role="other")


# What the rows of tests/permission_matrix.py are asked about


@pytest.fixture
def phone_workshop(phone: Phone) -> Arguments:
    return {"workshop_id": phone.participant.workshop_id}


@pytest.fixture
def phone_code(phone: Phone, phone_room: Workshop) -> Arguments:
    return {"code": phone_room.join_code}


@pytest.fixture
def phone_phrase(phone: Phone) -> Arguments:
    return {"words": phone.participant.phrase}


@pytest.fixture
def phone_take_home(phone: Phone) -> Arguments:
    return {"token": take_home_token(phone.participant.pk)}


@pytest.fixture
def phone_step(phone_workshop: Arguments) -> Arguments:
    return {**phone_workshop, "step": "1a"}


@pytest.fixture
def phone_words(phone: Phone) -> Arguments:
    return {"op_id": uuid.uuid4(), "text": "Words", "prompt": "why", "sheet": "why", "side": "with", "list": "learned"}


@pytest.fixture
def phone_answer(phone: Phone, phone_step: Arguments) -> Arguments:
    phone.send("steps/1a/answers/", prompt="why", text="Mine")
    return {"workshop_id": phone_step["workshop_id"], "answer_id": Response.objects.get().pk}


@pytest.fixture
def phone_line(phone: Phone, phone_room: Workshop, phone_workshop: Arguments) -> Arguments:
    reveal(phone_room, "1c")
    phone.send("lines/", sheet="why", text="Mine")
    return {**phone_workshop, "entry_id": Entry.objects.get().pk}


@pytest.fixture
def phone_contrast(phone: Phone, phone_workshop: Arguments) -> Arguments:
    phone.send("contrast/", side="with", text="Names known")
    return {**phone_workshop, "item_id": ContrastItem.objects.get().pk}


@pytest.fixture
def phone_group(phone: Phone, phone_room: Workshop) -> WorkshopGroup:
    return seat(phone_room, [phone.participant])[0]


@pytest.fixture
def phone_seated(phone_group: WorkshopGroup, phone_workshop: Arguments) -> Arguments:
    return phone_workshop


@pytest.fixture
def phone_picture_words(phone: Phone, phone_words: Arguments) -> Arguments:
    return {"op_id": uuid.uuid4(), "title": "Us", "words": "Doors open", "base_version": 0}


@pytest.fixture
def phone_picture(phone: Phone, phone_group: WorkshopGroup, phone_workshop: Arguments) -> Arguments:
    Picture.save_photo(phone_group, b"\xff\xd8\xff", "image/jpeg", by=Actor("participant"))
    return {**phone_workshop, "group_id": phone_group.pk}


@pytest.fixture
def phone_take_home_picture(phone_picture: Arguments, phone_take_home: Arguments) -> Arguments:
    return phone_take_home


@pytest.fixture
def phone_adoption(cast: Cast, phone: Phone, phone_group: WorkshopGroup, phone_workshop: Arguments) -> Arguments:
    return {**phone_workshop, "adoption_id": adopt(phone_group, cast.org("cedar"), phone.participant).pk}


@pytest.fixture
def phone_element(phone: Phone, phone_group: WorkshopGroup) -> Arguments:
    op_id = uuid.uuid4()
    Element.add(phone_group, "Greet", [], "now", by=Actor("participant"), op_id=op_id)
    return {"op_id": uuid.uuid4(), "element": op_id, "who": "", "first_step": ""}


@pytest.fixture
def phone_idea_words(phone: Phone) -> Arguments:
    return {"op_id": uuid.uuid4(), "text": "Greet", "horizon": "now"}


@pytest.fixture
def phone_photo(phone: Phone) -> Arguments:
    dots = base64.b64encode(DOT).decode()
    return {"op_id": uuid.uuid4(), "photo_data": f"data:image/png;base64,{dots}"}


@pytest.fixture
def inbox_school_with_table(cast: Cast) -> Arguments:
    StrategyTable.begin(cast.org("cedar"), "Calm", "grade_team", by=cast["teacher"], team=cast.team("ninth"))
    return {"school_id": cast.org("cedar").pk}


@pytest.fixture
def phone_team_words(phone: Phone) -> Arguments:
    return {"op_id": uuid.uuid4(), "name": "Readers", "topic": "Belonging", "members": "Ana"}


def _idea(cast: Cast, school: str) -> Arguments:
    workshop = open_room(cast.org("district"), cast["district"])
    someone = come_in(workshop).participant
    hand_over = HandOver.propose(
        adopt(seat(workshop, [someone])[0], cast.org(school), someone), by=Actor("participant")
    )
    assert hand_over
    return {"school_id": cast.org(school).pk, "hand_over_id": hand_over.pk}


@pytest.fixture
def inbox_idea(cast: Cast) -> Arguments:
    return _idea(cast, "cedar")


@pytest.fixture
def other_inbox_idea(cast: Cast) -> Arguments:
    return _idea(cast, "juniper")


@pytest.fixture
def other_inbox_school(cast: Cast) -> Arguments:
    return {"school_id": cast.org("juniper").pk}


def _team(cast: Cast, school: str) -> Arguments:
    workshop = open_room(cast.org("district"), cast["district"])
    team = LearningTeam.found(
        workshop,
        by=Actor("participant"),
        school=cast.org(school),
        school_name="",
        name="Readers",
        topic="Belonging",
        members=f"{cast['math']}\nSomebody New",
        first_meeting=None,
        consult="",
    )
    return {"school_id": cast.org(school).pk, "team_id": team.pk}


@pytest.fixture
def inbox_team(cast: Cast) -> Arguments:
    return _team(cast, "cedar")


@pytest.fixture
def other_inbox_team(cast: Cast) -> Arguments:
    return _team(cast, "juniper")
