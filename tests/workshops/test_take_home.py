"""A page to take home: by a link of one's own, without account, without names, for a school year."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from config import clock
from planning.models import StrategyTable
from profiles.models import Actor
from tests.cast import Cast
from workshops.models import Entry, HandOver, Picture, Theme, Workshop, take_home_token

from .phone import DOT, Phone, adopt, come_in, seat


def test_page_shows_ideas_picture_and_what_became_of_them(cast: Cast, phone: Phone, phone_room: Workshop) -> None:
    group = seat(phone_room, [phone.participant])[0]
    phone.send("picture/", title="Open doors", words="A school of small groups", base_version=0)
    phone.send("lines/", sheet="why", text="Lunch alone")
    Theme.make(phone_room, "Belonging", list(Entry.objects.all()), by=cast["coach"])
    idea = HandOver.propose(adopt(group, cast.org("cedar"), phone.participant), by=Actor("participant"))
    path = phone.participant.take_home_path
    table = StrategyTable.begin(cast.org("cedar"), "Secret title", "other", by=cast["leader"])

    before = Client().get(path).text
    assert idea
    idea.accept(table, by=cast["leader"])
    after = Client().get(path).text

    for words in ("Belonging", "Open doors", "A school of small groups", "Greet at the door", cast.org("cedar").name):
        assert words in after
    assert "waits for an answer at the school" in before
    assert "in their table since" in after
    for name in ("Rosa", "Ana", "Secret title"):
        assert name not in after
    assert "https://dwwlibrary.wested.org/" in after


def test_link_is_another_secret_than_the_cookie_and_kept_hashed(phone: Phone) -> None:
    token = take_home_token(phone.participant.pk)

    assert Client().get(f"/t/{phone.token}/").status_code == 404
    assert Client().get(f"/t/{'0' * 40}/").status_code == 404
    assert token not in str(phone.participant.__dict__)


def test_everyone_has_their_own_group(phone: Phone, phone_room: Workshop) -> None:
    other = come_in(phone_room)
    mine, _theirs = seat(phone_room, [phone.participant], [other.participant])
    Picture.save_photo(mine, DOT, "image/png", by=Actor("participant"))

    assert Client().get(f"{phone.participant.take_home_path}picture/").content == DOT
    assert Client().get(f"{other.participant.take_home_path}picture/").status_code == 404


def test_link_ends_after_a_year(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    last = phone.participant.take_home_until
    assert last == clock.today() + dt.timedelta(days=365)

    monkeypatch.setenv("TRELLIS_TODAY", str(last))
    assert Client().get(phone.participant.take_home_path).status_code == 200
    monkeypatch.setenv("TRELLIS_TODAY", str(last + dt.timedelta(days=1)))
    assert Client().get(phone.participant.take_home_path).status_code == 404
