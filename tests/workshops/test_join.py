"""Into the room by a code: forgiving to people, of no use to guessers, and for as long as the workshop lives."""

from __future__ import annotations

import re
from threading import Thread
from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast
from workshops import phrase, room_access
from workshops.models import Attempts, Participant, Workshop
from workshops.room_access import COOKIE

from .phone import Phone, close, come_in, fresh, go, open_room


def join(workshop: Workshop, client: Client | None = None, **said: Any) -> tuple[Client, Any]:
    client = client or Client()
    return client, client.post(f"/w/{workshop.join_code}/come-in/", said)


@pytest.mark.parametrize("shape", ["{}", " {} ", "{lower}", "{first}-{last}", "{first} {last}"])
def test_code_is_found_however_it_is_typed(phone_room: Workshop, shape: str) -> None:
    code = phone_room.join_code or ""
    typed = shape.format(code, lower=code.lower(), first=code[:3], last=code[3:])

    answer = Client().post("/join/", {"code": typed})

    assert (answer.status_code, answer.headers["Location"]) == (302, f"/w/{code}/")


def test_unknown_code_is_said_in_words(phone_room: Workshop) -> None:
    answer = Client().post("/join/", {"code": "OOOOOO"})

    assert answer.status_code == 422
    assert "No workshop has this code just now" in answer.text


def test_join_asks_nothing_that_must_be_answered(cast: Cast, phone_room: Workshop) -> None:
    client, answer = join(phone_room)

    assert answer.status_code == 302
    assert "You are in" in client.get(answer.headers["Location"]).text
    cookie = client.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    joined = Participant.objects.get()
    assert (joined.name, joined.school, joined.role, joined.person) == ("", None, "", None)
    assert cookie.value not in str(joined.__dict__)


def test_join_keeps_what_was_chosen(cast: Cast, phone_room: Workshop) -> None:
    join(phone_room, name=" Rosa  M ", school=str(cast.org("juniper").pk), role="administrator")
    join(phone_room, name="Lee", school="other", school_name="Hill Academy")

    assert list(Participant.objects.values_list("name", "school__name", "school_name", "role")) == [
        ("Rosa M", cast.org("juniper").name, "", "administrator"),
        ("Lee", None, "Hill Academy", ""),
    ]


@pytest.mark.parametrize(
    ("names", "asked", "status"), [("none", False, 302), ("first", True, 302), ("full", True, 422)]
)
def test_name_is_asked_as_the_host_chose(cast: Cast, names: str, asked: bool, status: int) -> None:
    workshop = open_room(cast.org("cedar"), cast["coach"], names=names)

    assert ('name="name"' in Client().get(f"/w/{workshop.join_code}/").text) is asked
    assert join(workshop)[1].status_code == status


def test_join_pages_load_nothing_from_elsewhere(phone_room: Workshop) -> None:
    for path in ("/join/", f"/w/{phone_room.join_code}/"):
        page = Client().get(path)

        assert "https://" not in page.text
        assert "http://" not in page.text


def test_who_is_in_stays_in_after_the_door_closed(phone: Phone, phone_room: Workshop) -> None:
    workshop = fresh(phone_room)
    workshop.open_door(False, by=workshop.lead, seen=workshop.control_version)

    assert phone.client.get(f"/w/{phone_room.join_code}/").status_code == 200
    late = Client().get(f"/w/{phone_room.join_code}/")
    assert late.status_code == 403
    assert "The door is not open just now" in late.text
    assert join(phone_room)[1].status_code == 403


def test_code_dies_with_the_workshop(phone: Phone, phone_room: Workshop) -> None:
    code = phone_room.join_code
    close(phone_room)

    assert Client().get(f"/w/{code}/").status_code == 404
    assert Client().post("/join/", {"code": code}).status_code == 422
    assert "This workshop is over" in phone.client.get(f"/w/{code}/").text


def test_who_was_in_a_closed_workshop_comes_into_the_next(cast: Cast, phone: Phone, phone_room: Workshop) -> None:
    close(phone_room)
    following = open_room(cast.org("juniper"), cast["other-leader"], title="The next one")

    assert "Come in" in phone.client.get(f"/w/{following.join_code}/").text
    assert join(following, phone.client)[1].status_code == 302
    assert "The next one" in phone.client.get(f"/w/{following.join_code}/").text


def test_who_was_taken_out_does_not_walk_in_again(phone: Phone, phone_room: Workshop) -> None:
    phone.participant.leave(by=phone_room.lead, removed=True)

    assert phone.look().status_code == 404
    assert phone.client.get(f"/w/{phone_room.join_code}/").status_code == 403
    assert join(phone_room, phone.client)[1].status_code == 403
    assert Participant.objects.count() == 1


def test_four_words_bring_somebody_back_on_another_phone(phone: Phone, phone_room: Workshop) -> None:
    phone.send("steps/1a/answers/", prompt="why", text="Mine")
    shown = phone.look().text
    spanish = {"Accept-Language": "es"}
    words = re.findall(r"data-phrase>([^<]+)<", phone.client.get(phone.base, headers=spanish).text)[0]
    other = Client()

    answer = other.post(f"/w/{phone_room.join_code}/go-on/", {"words": f"  {words.upper().replace(' ', ', ')}. "})

    assert (answer.status_code, Participant.objects.count()) == (302, 1)
    assert "Mine" in other.get(f"{phone.base}?step=1a").text
    assert phone.look().status_code == 404
    assert phone.participant.phrase in shown
    assert phone.participant.phrase != words


def test_four_words_open_a_closed_door_and_bring_back_who_left(phone: Phone, phone_room: Workshop) -> None:
    phone.send("leave/")
    workshop = fresh(phone_room)
    workshop.open_door(False, by=workshop.lead, seen=workshop.control_version)
    door = Client().get(f"/w/{phone_room.join_code}/")

    answer = phone.client.post(f"/w/{phone_room.join_code}/go-on/", {"words": phone.participant.phrase})

    assert "I was here before" in door.text
    assert (answer.status_code, phone.look().status_code) == (302, 200)
    assert [one.pk for one in Participant.objects.present()] == [phone.participant.pk]


def test_wrong_words_and_words_of_another_room_are_refused_and_counted(
    cast: Cast, phone: Phone, phone_room: Workshop
) -> None:
    elsewhere = come_in(open_room(cast.org("juniper"), cast["other-leader"])).participant.phrase
    removed = come_in(phone_room).participant
    removed.leave(by=phone_room.lead, removed=True)
    guesser = Client()
    guesser.get("/join/")
    act = f"/w/{phone_room.join_code}/go-on/"

    first = guesser.post(act, {"words": elsewhere})
    others = [
        guesser.post(act, {"words": words}).status_code for words in (removed.phrase, "apple bear", "", "1 2 3 4")
    ]
    more = [guesser.post(act, {"words": "apple bear cat dog"}).status_code for _n in range(17)]

    assert "Nobody in this workshop has these words." in first.text
    assert (first.status_code, others) == (422, [422] * 4)
    assert (more[-1], phone.look().status_code) == (429, 200)


def test_words_tell_numbers_apart_in_both_languages() -> None:
    assert len(phrase.LISTED) == 256
    for number, pair in enumerate(phrase.LISTED):
        assert [phrase.NUMBER_OF[phrase._plain(word)] for word in pair] == [number, number]
        assert len(pair) == 2


def test_second_tap_on_come_in_makes_one_person(phone_room: Workshop) -> None:
    client, _answer = join(phone_room)
    join(phone_room, client)

    assert Participant.objects.count() == 1


def test_two_workshops_at_once_never_see_each_other(cast: Cast, phone: Phone) -> None:
    other = open_room(cast.org("juniper"), cast["other-leader"], title="Elsewhere")
    go(other, "1a")
    stranger = come_in(other)
    base = f"/w/{other.pk}/"

    assert phone.client.get(base).status_code == 404
    assert phone.client.get(f"{base}room/").status_code == 404
    answer = phone.client.post(f"{base}steps/1a/answers/", {"prompt": "why", "text": "Hm"})
    assert answer.status_code == 404
    assert stranger.client.get(phone.base).status_code == 404


def test_wrong_codes_of_one_browser_are_stopped(phone_room: Workshop) -> None:
    guesser, neighbor = Client(), Client()
    guesser.get("/join/")
    neighbor.get("/join/")

    statuses = [guesser.post("/join/", {"code": f"BBBB{n:02d}"}).status_code for n in range(21)]

    assert statuses == [422] * 20 + [429]
    assert guesser.post("/join/", {"code": phone_room.join_code}).status_code == 429
    assert neighbor.post("/join/", {"code": phone_room.join_code}).status_code == 302


def test_room_gets_in_while_the_site_is_guessed_at(phone_room: Workshop) -> None:
    for _n in range(room_access.WRONG_ON_THE_SITE):
        Attempts.add("site", room_access.MINUTE_S)
    guesser = Client(REMOTE_ADDR="203.0.113.7")
    statuses = {guesser.post("/join/", {"code": f"BBB{n:03d}"}).status_code for n in range(5)}

    phones = [Client(REMOTE_ADDR="198.51.100.1") for _n in range(60)]
    for one in phones[:30]:
        one.get("/join/")
    joined = [join(phone_room, one)[1].status_code for one in phones]

    assert joined == [302] * 60
    assert statuses == {422, 429}
    assert phone_room.participants.count() == 60


def test_joins_from_one_address_have_a_ceiling(phone_room: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room_access, "JOINS_AN_ADDRESS", 2)

    assert [join(phone_room)[1].status_code for _n in range(3)] == [302, 302, 429]


@pytest.mark.django_db(transaction=True)
def test_attempts_are_counted_across_processes() -> None:
    from django.db import connection

    def try_it() -> None:
        for _n in range(20):
            Attempts.add("site", 60)
        connection.close()

    threads = [Thread(target=try_it) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(Attempts.objects.values_list("number", flat=True)) == 80
