"""A phone in the room: private until shown, nothing lost, nothing twice, nothing under another's name."""

from __future__ import annotations

import random
import struct
import time
import uuid
import zlib
from http.client import HTTPException
from threading import Event, Thread
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from config.files.photo import MOST_BYTES, BadPhotoError, clean_photo
from tests.cast import Cast
from tests.site_process import Site, Stream
from workshops import phone_forms
from workshops import seat as seat_of
from workshops.models import (
    Adoption,
    ContrastItem,
    DebriefNote,
    Element,
    Entry,
    HandOver,
    LearningTeam,
    Observation,
    Participant,
    Picture,
    Response,
    Workshop,
)
from workshops.room_access import COOKIE

from .phone import Phone, close, come_in, fresh, go, open_room, reveal, seat


def test_school_with_nothing_to_choose_from_yet_is_told_so(phone: Phone, phone_room: Workshop) -> None:
    go(phone_room, "4")
    before = phone.look().text
    group = seat(phone_room, [phone.participant])[0]
    Element.add(group, "Greet at the door", [], "now", by=phone_room.lead, op_id=uuid.uuid4())

    assert ["Nothing to choose from yet" in text for text in (before, phone.look().text)] == [True, False]


# Writing, private until shown


def test_answer_is_theirs_until_it_is_shown(phone: Phone, phone_room: Workshop) -> None:
    go(phone_room, "1a")
    neighbor = come_in(phone_room)

    assert phone.send("steps/1a/answers/", prompt="why", text="Nobody knew me").json()["status"] == "saved"

    assert "Nobody knew me" in phone.look().text
    assert "Nobody knew me" not in neighbor.look().text
    reveal(phone_room, "1a", "counts")
    assert "1 line" in neighbor.look("room/").text
    assert "Nobody knew me" not in neighbor.look("room/").text
    reveal(phone_room, "1a")
    assert "Nobody knew me" in neighbor.look("room/").text


def test_answer_sent_ten_times_is_stored_once(phone: Phone) -> None:
    op = uuid.uuid4()

    answers = [phone.send("steps/1a/answers/", op, prompt="why", text="Once").json() for _n in range(10)]

    assert answers == [{"status": "saved", "cell_version": 0}] * 10
    assert list(Response.objects.values_list("pk", "text")) == [(op, "Once")]


def test_answer_is_changed_and_taken_back_by_its_writer_only(phone: Phone, phone_room: Workshop) -> None:
    phone.send("steps/1a/answers/", prompt="why", text="Frist")
    answer = Response.objects.get()
    stranger = come_in(phone_room)

    assert stranger.send(f"answers/{answer.pk}/change/", text="Hm").status_code == 404
    assert stranger.send(f"answers/{answer.pk}/withdraw/").status_code == 404
    assert phone.send(f"answers/{answer.pk}/change/", text="First").status_code == 200
    assert Response.objects.get().text == "First"
    phone.send(f"answers/{answer.pk}/withdraw/")
    assert Response.objects.get().state == "withdrawn"


def test_answer_after_its_step_counts_and_is_marked(phone: Phone, phone_room: Workshop) -> None:
    go(phone_room, "1a")
    go(phone_room, "1b")

    phone.send("steps/1a/answers/", prompt="why", text="Slow thought")

    assert Response.objects.get().late
    assert "after time" in phone.look("?step=1a").text


def test_line_after_the_sheets_were_left_counts_and_is_marked(phone: Phone, phone_room: Workshop) -> None:
    go(phone_room, "1c")
    phone.send("lines/", sheet="why", text="In time")
    go(phone_room, "2a")
    phone.send("lines/", sheet="why", text="Slow thought")

    marked = phone.look("?step=1c").text.count("after time")
    go(phone_room, "1c")
    phone.send("lines/", sheet="why", text="In time again")

    assert list(Entry.objects.order_by("said_at").values_list("text", "late")) == [
        ("In time", False),
        ("Slow thought", True),
        ("In time again", False),
    ]
    assert marked == 2


def test_one_person_says_no_more_than_the_workshop_takes(
    phone: Phone, phone_room: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phone_forms, "MOST_LINES", 2)
    neighbor, op = come_in(phone_room), uuid.uuid4()
    phone.send("steps/1a/answers/", op, prompt="why", text="One")
    phone.send("contrast/", side="with", text="Two")

    refused = phone.send("lines/", sheet="why", text="Three")
    again = phone.send("steps/1a/answers/", op, prompt="why", text="One")
    other = neighbor.send("lines/", sheet="why", text="Mine")

    assert (refused.status_code, again.status_code, other.status_code) == (422, 200, 200)
    assert refused.json()["sentence"] == (
        "That is as much as this workshop takes from one person: 2 lines. Tell the note-taker the rest."
    )
    assert list(Entry.objects.values_list("text", flat=True)) == ["Mine"]


def test_closed_workshop_takes_nothing_but_keeps_its_receipts(phone: Phone, phone_room: Workshop) -> None:
    op = uuid.uuid4()
    phone.send("steps/1a/answers/", op, prompt="why", text="In time")
    close(phone_room)

    late = phone.send("steps/1a/answers/", prompt="why", text="Too late")
    again = phone.send("steps/1a/answers/", op, prompt="why", text="In time")

    assert (late.status_code, late.json()["status"]) == (422, "closed")
    assert (again.status_code, Response.objects.count()) == (200, 1)
    for path, said in (
        ("lines/", {"sheet": "why"}),
        ("contrast/", {"side": "with"}),
        ("debrief/", {"list": "learned"}),
    ):
        assert phone.send(path, text="Too late", **said).status_code == 422


def test_words_left_by_somebody_before_are_not_taken_under_the_next_name(phone: Phone, phone_room: Workshop) -> None:
    next_one = come_in(phone_room)

    answer = next_one.client.post(
        f"{phone.base}steps/1a/answers/",
        {"participant": phone.participant.pk, "op_id": uuid.uuid4(), "prompt": "why", "text": "Hers"},
    )

    assert (answer.status_code, Response.objects.count()) == (404, 0)


def test_leaving_frees_the_device(phone: Phone) -> None:
    answer = phone.plain("leave/")

    assert answer.headers["Location"] == "/join/"
    assert phone.client.cookies[COOKIE].value == ""
    assert phone.look().status_code == 404


def test_plain_forms_do_all_of_it(phone: Phone, phone_room: Workshop) -> None:
    go(phone_room, "1a")
    op = uuid.uuid4()

    for text in ("One", "One", "Two"):
        answer = phone.plain("steps/1a/answers/", op_id=op, prompt="why", text=text, step="1a")
        assert (answer.status_code, answer.headers["Location"]) == (302, f"{phone.base}?step=1a")

    assert list(Response.objects.values_list("text", flat=True)) == ["One", "Two"]
    refused = phone.plain("steps/1a/answers/", op_id=op, prompt="why", text="x" * 501)
    assert refused.status_code == 422
    assert "x" * 501 in refused.text


# Sheets, with and without, what was seen, debrief


def test_line_is_seconded_once_by_each_and_not_by_its_writer(phone: Phone, phone_room: Workshop) -> None:
    go(phone_room, "1c")
    reveal(phone_room, "1c")
    phone.send("lines/", sheet="why", text="Lunch alone")
    entry, neighbor = Entry.objects.get(), come_in(phone_room)

    for one in (phone, neighbor, neighbor):
        assert one.send(f"lines/{entry.pk}/me-too/").status_code == 200

    assert Entry.objects.get().tally == 2
    assert str(entry.pk) in neighbor.look().text
    assert "2 said so" in neighbor.look().text


def test_lines_not_shown_are_not_seconded(phone: Phone, phone_room: Workshop) -> None:
    phone.send("lines/", sheet="why", text="Mine")
    reveal(phone_room, "1c", "nobody")

    assert come_in(phone_room).send(f"lines/{Entry.objects.get().pk}/me-too/").status_code == 404


def test_own_line_is_taken_back_by_its_writer_only(phone: Phone, phone_room: Workshop) -> None:
    phone.send("lines/", sheet="why", text="Mine")
    path = f"lines/{Entry.objects.get().pk}/withdraw/"

    assert come_in(phone_room).send(path).status_code == 404
    assert phone.send(path).status_code == 200
    assert Entry.objects.get().hidden


def test_own_answer_is_put_on_the_sheet(phone: Phone, phone_room: Workshop) -> None:
    phone.send("steps/1a/answers/", prompt="why", text="Lunch alone")
    go(phone_room, "1c")
    answer = Response.objects.get()
    assert "Put on the sheet: Lunch alone" in phone.look().text

    phone.send("lines/", sheet="why", text=answer.text, response=answer.pk)

    assert Entry.objects.get().response == answer
    assert "Put on the sheet: Lunch alone" not in phone.look().text


def test_own_answer_stands_once_beside_the_sheets(phone: Phone, phone_room: Workshop) -> None:
    phone.send("steps/1a/answers/", prompt="why", text="Lunch alone")
    go(phone_room, "1c")
    assert phone.look().text.count('<span class="own">Lunch alone</span>') == 1

    phone.send("lines/", sheet="why", text="Lunch alone", response=Response.objects.get().pk)

    own = phone.client.get(phone.base, headers={"HX-Request": "true"}).text
    assert own.count('<span class="own">Lunch alone</span>') == 1


def test_pairs_for_talking_are_proposed_by_who_came_in_together(phone: Phone, phone_room: Workshop) -> None:
    ben, last = come_in(phone_room, name="Ben"), come_in(phone_room, name="Cora")
    go(phone_room, "1b")

    said = [one.look().text.partition("Talk with ")[2].partition(".")[0] for one in (phone, ben, last)]

    assert said == ["Ben", "Rosa", "two people near you"]


def test_with_and_without_is_added_and_taken_back(phone: Phone, phone_room: Workshop) -> None:
    go(phone_room, "2c")
    phone.send("contrast/", side="without", text="Rows of numbers")
    item = ContrastItem.objects.get()

    assert "Take back: Rows of numbers" in phone.look().text
    stranger = come_in(phone_room)
    assert "Take back: Rows of numbers" not in stranger.look().text
    assert stranger.send(f"contrast/{item.pk}/withdraw/").status_code == 404
    phone.send(f"contrast/{item.pk}/withdraw/")
    assert ContrastItem.objects.get().hidden


def test_what_was_seen_and_the_debrief_are_noted(phone: Phone, phone_room: Workshop) -> None:
    phone.send("steps/3b/seen/", text="Teachers at the door")
    phone.send("debrief/", list="will_do", text="Greet by name")

    assert Observation.objects.get().text == "Teachers at the door"
    assert DebriefNote.objects.values_list("list", "text", "school_name").get() == (
        "will_do",
        "Greet by name",
        phone.participant.school_label,
    )
    for key in ("3b", "5", "6"):
        go(phone_room, key)
        assert phone.look().status_code == 200


# At the table


def test_group_writes_its_picture_together(phone: Phone, phone_room: Workshop) -> None:
    other = come_in(phone_room)
    seat(phone_room, [phone.participant, other.participant])
    go(phone_room, "4")

    assert phone.send("picture/", title="Us", words="Doors open", base_version=0).json()["cell_version"] == 1
    assert other.send("picture/", title="Us", words="Small classes", base_version=0).json()["cell_version"] == 2

    assert Picture.objects.get().words == "Doors open\nSmall classes"
    assert "Rosa" in other.look().text


def test_picture_of_another_group_is_not_theirs(phone: Phone, phone_room: Workshop) -> None:
    other = come_in(phone_room)
    _mine, theirs = seat(phone_room, [phone.participant], [other.participant])
    other.client.post(
        f"{other.base}picture/photo/", {"op_id": uuid.uuid4(), "photo": SimpleUploadedFile("a.png", png())}
    )

    assert other.look(f"pictures/{theirs.pk}/").headers["Content-Type"] == "image/png"
    assert phone.look(f"pictures/{theirs.pk}/").status_code == 404
    go(phone_room, "5")
    reveal(phone_room, "5")
    assert phone.look(f"pictures/{theirs.pk}/").status_code == 200


def test_photo_comes_as_the_outbox_keeps_it(phone: Phone, phone_room: Workshop) -> None:
    import base64

    seat(phone_room, [phone.participant])
    data = "data:image/png;base64," + base64.b64encode(png()).decode()

    assert phone.send("picture/photo/", photo_data=data).status_code == 200
    assert bytes(Picture.objects.get().photo or b"") == png()
    assert phone.send("picture/photo/", photo_data="data:image/png;base64,AAAA").status_code == 422
    assert phone.send("picture/photo/", photo_data="data:,%%%").status_code == 422


def png(*extra: tuple[bytes, bytes], width: int = 1) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, 1, 8, 0, 0, 0, 0))
    body = b"".join(chunk(*one) for one in extra) + chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")


def jpeg(*segments: tuple[int, bytes], frame: bool = True) -> bytes:
    def segment(marker: int, data: bytes) -> bytes:
        return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data

    sizes = segment(0xC0, struct.pack(">BHHB", 8, 10, 10, 1) + b"\1\x11\0") if frame else b""
    rest = segment(0xDA, b"\1\1\0\0\x3f\0") + b"scan" + b"\xff\xd9"
    return b"\xff\xd8" + b"".join(segment(*one) for one in segments) + sizes + rest


def test_photo_is_known_by_what_is_in_it_and_tells_no_place() -> None:
    assert clean_photo(png((b"tEXt", b"Place\0Home"), (b"eXIf", b"GPS"))) == (png(), "image/png")
    assert clean_photo(jpeg((0xE1, b"Exif\0\0GPS"), (0xFE, b"note"))) == (jpeg(), "image/jpeg")
    assert clean_photo(jpeg((0xE0, b"JFIF\0")))[0] == jpeg((0xE0, b"JFIF\0"))


NO_PHOTOS = [b"", b"GIF89a", b"<svg/>", png()[:20], png()[:-12], png(width=50_000_000), png() + b"\0" * MOST_BYTES]
NO_PHOTOS += [jpeg(frame=False), jpeg()[:9], b"\xff\xd8\xff", b"\xff\xd8\xff" * 9]


@pytest.mark.parametrize("data", NO_PHOTOS, ids=range(len(NO_PHOTOS)))
def test_photo_that_is_none_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(BadPhotoError, match="photo"):
        clean_photo(data)


def test_elements_are_adopted_by_ones_own_school(cast: Cast, phone: Phone, phone_room: Workshop) -> None:
    nowhere = come_in(phone_room)
    seat(phone_room, [phone.participant, nowhere.participant])
    op = uuid.uuid4()
    phone.send("elements/", op, text="Greet at the door", horizon="now", areas=["climate"])
    said = {"element": op, "who": "Ana", "first_step": "Monday"}

    assert phone.send("adoptions/", **said).status_code == 200
    assert nowhere.send("adoptions/", **said).status_code == 404

    adoption = Adoption.objects.get()
    assert (adoption.element.text, adoption.school, adoption.who) == ("Greet at the door", cast.org("cedar"), "Ana")
    assert nowhere.send(f"adoptions/{adoption.pk}/propose/").status_code == 404
    for _n in range(2):
        assert phone.send(f"adoptions/{adoption.pk}/propose/").status_code == 200
    assert HandOver.objects.count() == 1


def test_element_of_another_workshop_is_not_adopted(cast: Cast, phone: Phone) -> None:
    other = open_room(cast.org("juniper"), cast["other-leader"])
    stranger, op = come_in(other), uuid.uuid4()
    seat(other, [stranger.participant])
    stranger.send("elements/", op, text="Theirs", horizon="now")

    assert Element.objects.count() == 1
    assert phone.send("adoptions/", element=op).status_code == 422


def test_ideas_of_other_groups_are_adopted_once_they_are_shown(phone: Phone, phone_room: Workshop) -> None:
    other, op = come_in(phone_room), uuid.uuid4()
    seat(phone_room, [phone.participant], [other.participant])
    other.send("elements/", op, text="Theirs", horizon="now")
    assert phone.send("adoptions/", element=op).status_code == 422

    go(phone_room, "5")
    reveal(phone_room, "5")

    assert phone.send("adoptions/", element=op).status_code == 200


def test_answer_to_no_question_is_not_taken(phone: Phone) -> None:
    assert phone.send("steps/1a/answers/", prompt="other", text="Hm").status_code == 404
    assert phone.send("steps/9z/answers/", prompt="why", text="Hm").status_code == 404


def test_learning_team_is_founded_once(phone: Phone) -> None:
    op = uuid.uuid4()
    said = {
        "name": "Readers",
        "topic": "Belonging",
        "members": "Ana\nLee",
        "first_meeting": "2026-12-01",
        "consult": "Kim",
    }

    for _n in range(2):
        assert phone.send("teams/", op, **said).status_code == 200

    assert LearningTeam.objects.count() == 1


# The room's part of the page


def test_every_step_shows_in_english_and_spanish(phone: Phone, phone_room: Workshop) -> None:
    seat(phone_room, [phone.participant])
    for step in phone_room.steps.all():
        go(phone_room, step.key)
        reveal(phone_room, step.key)
        for language in ("en", "es"):
            phone.client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
            page = phone.look()
            assert (page.status_code, page.headers["Content-Language"]) == (200, language)


def test_room_is_rendered_once_for_a_version_and_language(phone: Phone, phone_room: Workshop) -> None:
    go(phone_room, "1c")
    workshop = fresh(phone_room)
    for language in ("en", "es"):
        with translation.override(language):
            first = seat_of.room_html(workshop, workshop.current)
            with CaptureQueriesContext(connection) as queries:
                assert seat_of.room_html(workshop, workshop.current) is first
            assert len(queries) == 0


def test_room_holds_nothing_of_one_person(phone: Phone, phone_room: Workshop) -> None:
    go(phone_room, "1c")
    reveal(phone_room, "1c")
    phone.send("lines/", sheet="why", text="Mine")

    html = phone.look("room/").text

    assert "Mine" in html
    for private in ("Rosa", str(phone.participant.pk), "csrfmiddlewaretoken", phone.token):
        assert private not in html


@pytest.mark.parametrize("step", ["1a", "1c", "4", "5"])
def test_page_costs_the_same_with_one_line_and_three(phone: Phone, phone_room: Workshop, step: str) -> None:
    seat(phone_room, [phone.participant])
    go(phone_room, step)
    reveal(phone_room, step)

    def add() -> int:
        phone.send("steps/1a/answers/", prompt="why", text="Line")
        phone.send("lines/", sheet="why", text="Line")
        phone.send("elements/", text="Idea", horizon="now")
        phone.send("debrief/", list="learned", text="Line")
        with CaptureQueriesContext(connection) as queries:
            assert phone.look().status_code == 200
        return len(queries)

    one = add()
    add()
    assert add() == one


# Live, and the room's network


@pytest.mark.django_db(transaction=True)
def test_stream_of_a_guest_ends_when_they_are_taken_out_or_it_closes(cast: Cast) -> None:
    workshop = open_room(cast.org("cedar"), cast["coach"])
    other = open_room(cast.org("juniper"), cast["other-leader"])
    out, stays = come_in(workshop), come_in(workshop)
    site = Site(**{"live.RECHECK_S": 0.5})
    try:
        follow = [
            Stream(
                site.ask(f"/live/?s={workshop.stream}&s={other.stream}&g=participant", cookie=f"{COOKIE}={one.token}")
            )
            for one in (out, stays)
        ]
        version = fresh(workshop).version
        for stream in follow:
            assert stream.next() == ("versions", {workshop.stream: version})
            assert stream.next() == ("ended", {"stream": other.stream})
        assert site.ask(f"/live/?s={workshop.stream}&g=participant").status == 401
        assert site.ask(f"/live/?s={workshop.stream}&g=participant", cookie=f"{COOKIE}=guess").status == 401
        assert site.ask(f"/live/?s={workshop.stream}", cookie=f"{COOKIE}={out.token}").status == 401
        asked = f"/live/versions/?s={workshop.stream}&g=participant"
        assert site.ask(asked, cookie=f"{COOKIE}={out.token}").read().decode() == (
            f'{{"versions": {{"{workshop.stream}": {version}}}}}'
        )

        Participant.objects.filter(pk=out.participant.pk).update(state="removed")
        assert follow[0].next() == ("ended", {"stream": workshop.stream})
        assert follow[0].next() == ("end", None)

        go(workshop, "1a")
        kind, said = follow[1].next()
        assert (kind, said["topics"]) == ("changed", ["step", "timer", "agenda"])
        close(workshop)
        assert follow[1].next()[0] == "changed"
        assert follow[1].next() == ("ended", {"stream": workshop.stream})
        for stream in follow:
            stream.close()
    finally:
        site.stop()


@pytest.mark.django_db(transaction=True)
def test_28_phones_lose_nothing_and_store_nothing_twice(cast: Cast) -> None:
    """30 % of the replies are dropped, and the server is killed in the middle of it."""
    workshop = open_room(cast.org("cedar"), cast["coach"])
    go(workshop, "1a")
    phones = [come_in(workshop) for _n in range(28)]
    sites, ready, sent = [Site()], Event(), []
    ready.set()
    failures: list[str] = []

    def write(number: int, phone: Phone) -> None:
        chance = random.Random(number)
        path = f"{phone.base}steps/1a/answers/"
        for line in range(3):
            op = uuid.uuid4()
            sent.append(op)
            body = {"op_id": op, "prompt": "why", "text": f"{number}.{line}", "participant": phone.participant.pk}
            for _try in range(60):
                ready.wait(20)
                try:
                    answer = post(sites[-1], path, body, phone.token)
                except (OSError, HTTPException):
                    time.sleep(0.05)
                    continue
                if answer == 200 and chance.random() >= 0.3:
                    break
            else:
                failures.append(f"{number}.{line}")

    threads = [Thread(target=write, args=one) for one in enumerate(phones)]
    for thread in threads:
        thread.start()
    while Response.objects.count() < 25:
        time.sleep(0.02)
    ready.clear()
    sites[0].kill()
    sites.append(Site())
    ready.set()
    for thread in threads:
        thread.join()

    rows = list(Response.objects.values_list("pk", "text"))
    sites[1].stop()
    assert failures == []
    assert sorted(pk for pk, _text in rows) == sorted(sent)
    assert sorted(text for _pk, text in rows) == sorted(f"{n}.{line}" for n in range(28) for line in range(3))


def post(site: Site, path: str, body: dict[str, Any], token: str) -> int:
    secret = "a" * 32
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "accept": "application/json",
        "cookie": f"{COOKIE}={token}; csrftoken={secret}",
        "x-csrftoken": secret,
    }
    return site.ask(path, "POST", urlencode(body), **headers).status
