"""Thirty days after a workshop closed, nothing of it says who said what; what the room said together stays."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.db.models import F
from django.test import Client

from profiles.models import Actor, Change, Receipt
from tests.cast import Cast
from workshops import purge
from workshops.models import Adoption, Entry, HandOver, LearningTeam, MeToo, Participant, Response, Workshop

from .phone import Phone, adopt, close, come_in, fresh, reveal, seat


def days_pass(workshop: Workshop, days: int) -> None:
    ago = dt.timedelta(days=days)
    Workshop.objects.filter(pk=workshop.pk).update(closed_at=F("closed_at") - ago)
    workshop.participants.update(seen_at=F("seen_at") - ago)


def test_people_are_forgotten_and_the_rooms_words_stay(
    cast: Cast, phone: Phone, phone_room: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    other = come_in(phone_room, name="Lee")
    group = seat(phone_room, [phone.participant, other.participant])[0]
    phone.send("steps/1a/answers/", prompt="why", text="Never shown")
    phone.send("steps/1b/answers/", prompt="why", text="Shown")
    reveal(phone_room, "1b")
    phone.send("lines/", sheet="why", text="Lunch alone")
    reveal(phone_room, "1c")
    other.send(f"lines/{Entry.objects.get().pk}/me-too/")
    phone.send("teams/", name="Readers", topic="Belonging", members="Rosa", consult="Kim")
    idea = HandOver.propose(adopt(group, cast.org("cedar"), phone.participant), by=Actor("participant"))
    close(phone_room)
    days_pass(phone_room, 31)
    changes = Change.objects.filter(stream=phone_room.stream).count()

    call_command("purge_workshops")

    assert "Workshops purged: 1." in capsys.readouterr().out
    assert set(Participant.objects.values_list("name", "school", "role", "token_hash")) == {("", None, "", None)}
    assert list(Response.objects.values_list("text", "participant")) == [("Shown", None)]
    assert list(Entry.objects.values_list("text", "tally", "participant")) == [("Lunch alone", 2, None)]
    assert (MeToo.objects.count(), Adoption.objects.get().who, LearningTeam.objects.get().members) == (0, "", "")
    theirs = Change.objects.filter(stream=phone_room.stream, actor_kind="participant")
    assert set(theirs.values_list("actor_ref", "before", "after")) == {("", None, None)}
    assert Change.objects.filter(stream=phone_room.stream).count() == changes + 1
    assert not Receipt.objects.filter(actor__startswith="participant").exists()
    assert idea
    assert HandOver.objects.get().origin == idea.origin
    assert phone.look().status_code == 404
    page = Client().get(phone.participant.take_home_path)
    assert "Greet at the door" in page.text
    assert fresh(phone_room).purged_at is not None


def test_nothing_is_purged_before_its_time_or_twice(phone: Phone, phone_room: Workshop) -> None:
    close(phone_room)
    days_pass(phone_room, 29)
    assert purge.purge_due() == 0
    days_pass(phone_room, 2)
    assert purge.purge_due() == 1
    version = fresh(phone_room).version
    purge.purge(fresh(phone_room))
    assert (purge.purge_due(), fresh(phone_room).version) == (0, version)


def test_workshop_that_nobody_closed_is_purged_when_deserted(phone: Phone, phone_room: Workshop) -> None:
    assert purge.purge_due() == 0
    days_pass(phone_room, 31)
    assert purge.purge_due() == 1


def test_take_home_links_end_with_their_year(
    phone: Phone, phone_room: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRELLIS_TODAY", str(phone.participant.take_home_until + dt.timedelta(days=1)))

    assert (purge.end_take_homes(), purge.end_take_homes()) == (1, 0)
    assert Participant.objects.get().take_home_hash is None
