"""A room of 28 shares while replies get lost and the site is killed: every line is there, and there once."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Iterator
from http.client import HTTPException
from urllib.parse import urlencode

import pytest

from tests.cast import Cast
from tests.site_process import Sites
from workshops.models import Entry, Participant, Response, Workshop
from workshops.room_access import COOKIE

from .phone import come_in, go, open_room

PEOPLE, LINES_EACH, KILL_AFTER, LOST = 28, 3, 40, 0.3
CSRF = "a" * 32


@pytest.fixture
def sites(transactional_db: None) -> Iterator[Sites]:
    sites = Sites()
    yield sites
    sites.running.stop()


class Sharer(threading.Thread):
    """A phone that writes an answer and lines, and sends each until a reply came through."""

    def __init__(self, number: int, workshop: Workshop, sites: Sites) -> None:
        super().__init__()
        phone = come_in(workshop, name=f"Person {number}")
        self.person, self.base, self.sites = phone.participant, phone.base, sites
        self.headers = {
            "cookie": f"{COOKIE}={phone.token}; csrftoken={CSRF}",
            "x-csrftoken": CSRF,
            "accept": "application/json",
            "content-type": "application/x-www-form-urlencoded",
        }
        self.chance = random.Random(number)
        self.told: list[uuid.UUID] = []
        self.lost = self.unanswered = 0

    def run(self) -> None:
        self.send("steps/1a/answers/", prompt="why", text=f"Why {self.person} came")
        for n in range(LINES_EACH):
            self.send("lines/", sheet="why", text=f"Line {n} of {self.person}")

    def send(self, path: str, **fields: object) -> None:
        """The id is made before the line is first sent."""
        op_id = uuid.uuid4()
        body = urlencode({"participant": self.person.pk, "op_id": op_id, **fields})
        while True:
            try:
                answer = self.sites.running.ask(self.base + path, "POST", body, **self.headers)
                said = answer.read()
            except (OSError, HTTPException):
                self.unanswered += 1
                time.sleep(0.05)
                continue
            if self.chance.random() < LOST:
                self.lost += 1
            elif answer.status == 200:
                self.told.append(op_id)
                return
            else:
                assert answer.status == 503, (answer.status, said)
                time.sleep(0.05)


def test_28_phones_lose_nothing_when_replies_are_lost_and_the_site_is_killed(sites: Sites, cast: Cast) -> None:
    workshop = open_room(cast.org("cedar"), cast["coach"])
    go(workshop, "1c")
    phones = [Sharer(number, workshop, sites) for number in range(PEOPLE)]

    for phone in phones:
        phone.start()
    while sum(len(phone.told) for phone in phones) < KILL_AFTER and any(map(Sharer.is_alive, phones)):
        time.sleep(0.01)
    sites.kill()
    for phone in phones:
        phone.join(60)

    told = sorted(op_id for phone in phones for op_id in phone.told)
    rows = [*Response.objects.values_list("pk", "text"), *Entry.objects.values_list("pk", "text")]
    assert len(told) == PEOPLE * (1 + LINES_EACH)
    assert sorted(pk for pk, _text in rows) == told
    assert len({text for _pk, text in rows}) == len(told)
    assert sum(phone.lost for phone in phones) > PEOPLE
    assert sum(phone.unanswered for phone in phones) > 0
    assert {one.state for one in Participant.objects.all()} == {Participant.State.HERE}
