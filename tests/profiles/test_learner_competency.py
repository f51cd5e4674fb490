"""One skill of one student: evidence, why the level is what it is, and what can be done with it."""

from __future__ import annotations

import datetime as dt
import struct
import zlib
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from config.files.photo import PNG
from profiles.models import (
    AccessEvent,
    Change,
    Estimate,
    Evidence,
    EvidenceFile,
    EvidenceRating,
    Level,
    LevelOverride,
    Mark,
)
from tests.cast import Cast

SignIn = Callable[[str], Client]


def rate(cast: Cast, *levels: int, by: str = "math", said: str = "") -> Evidence:
    """So many marks of Sofia in RN.1, the last of today."""
    today = cast.org("cedar").today()
    for n, level in enumerate(levels):
        mark = Mark(cast.learner("student").pk, cast.competency("RN.1").pk, level, said)
        on = today - dt.timedelta(days=len(levels) - 1 - n)
        door = Evidence.record(cast.section("math"), [mark], by=cast[by], observed_on=on)
    return Evidence.objects.get(pk=door.result["evidence"][0])


def address(cast: Cast, name: str = "learner_competency", *more: object) -> str:
    return reverse(f"profiles:{name}", args=[cast.learner("student").pk, cast.competency("RN.1").pk, *more])


def attach(client: Client, cast: Cast, evidence: Evidence, **data: object):
    return client.post(address(cast, "evidence_attach", evidence.pk), data)


def picture() -> bytes:
    """A PNG of one dot that says where it was taken."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return PNG + head + chunk(b"tEXt", b"Place\0Home") + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def test_the_level_stands_with_its_reasons_and_numbers(cast: Cast, sign_in: SignIn) -> None:
    rate(cast, 2, 3, 3, said="Two ways!")
    html = sign_in("math").get(address(cast)).text
    for said in (
        "3 pieces of evidence of 1 kind",
        "What counts is the most frequent of the last three.",
        "From oldest to newest: 2, 3, 3 (1 emerging to 4 extending).",
        "That comes to 3.",
        "It is kept for good when this school day ends.",
        "Two ways!",
        "You see this because you teach the student.",
    ):
        assert said in html, said


def test_an_unknown_says_what_would_settle_it(cast: Cast, sign_in: SignIn) -> None:
    rate(cast, 3)
    html = sign_in("math").get(address(cast)).text
    assert "Not known yet" in html
    assert "1 more piece of evidence." in html


def test_evidence_is_recorded_with_how_it_was_done(cast: Cast, sign_in: SignIn) -> None:
    day = cast.org("cedar").today() - dt.timedelta(days=1)
    data = {
        "level": 2,
        "evidence_kind": "conversation",
        "assistance": "prompted",
        "observed_on": day,
        "said": "You explained it to Chen.",
    }
    assert sign_in("advisor").post(address(cast), data).status_code == 302
    kept = Evidence.objects.get()
    assert (kept.evidence_kind, kept.assistance, kept.observed_on) == ("conversation", "prompted", day)
    assert (kept.section, kept.recorder) == (cast.section("advisory"), cast["advisor"])


def test_a_day_that_has_not_come_is_refused_in_a_sentence(cast: Cast, sign_in: SignIn) -> None:
    data = {"level": 2, "evidence_kind": "task", "assistance": "independent", "observed_on": "2099-01-01"}
    answer = sign_in("math").post(address(cast), data)
    assert answer.status_code == 422
    assert "That day has not come yet." in answer.text
    assert not Evidence.objects.exists()


def test_a_level_set_by_hand_wins_until_it_is_lifted(cast: Cast, sign_in: SignIn) -> None:
    rate(cast, 1, 1)
    client, until = sign_in("math"), cast.org("cedar").today() + dt.timedelta(days=9)
    client.post(address(cast, "level_set"), {"level": 3, "reason": "Shown at home", "until": until})
    client.post(address(cast, "level_set"), {"level": 4, "reason": "Shown to the class", "until": until})
    estimate = Estimate.objects.get()
    assert estimate.shown(cast.org("cedar").today()) == Level.EXTENDING
    assert estimate.shown(until) == Level.EMERGING
    html = client.get(address(cast)).text
    assert "Set by hand by Samuel Brooks" in html
    assert "Shown to the class" in html
    client.post(address(cast, "level_lift"))
    assert Estimate.objects.get().shown(cast.org("cedar").today()) == Level.EMERGING
    assert LevelOverride.objects.filter(lifted_at=None).count() == 0
    kept = Change.objects.filter(stream=cast.learner("student").stream).exclude(verb="rated")
    assert list(kept.order_by("version").values_list("verb", flat=True)) == [
        "level_set_by_hand", "level_set_by_hand", "level_lifted",
    ]  # fmt: skip


@pytest.mark.parametrize("field", ["reason", "until"])
def test_a_level_by_hand_needs_a_reason_and_a_later_day(cast: Cast, sign_in: SignIn, field: str) -> None:
    data = {"level": 3, "reason": "Shown at home", "until": "2099-01-01"}
    data[field] = "" if field == "reason" else cast.org("cedar").today()
    assert sign_in("math").post(address(cast, "level_set"), data).status_code == 422
    assert not LevelOverride.objects.exists()


def test_a_photo_loses_what_it_tells_besides_the_picture(cast: Cast, sign_in: SignIn) -> None:
    evidence, client = rate(cast, 3), sign_in("math")
    upload = SimpleUploadedFile("work.png", picture(), "image/png")
    assert attach(client, cast, evidence, file=upload).status_code == 302
    kept = EvidenceFile.objects.get()
    assert b"Home" not in bytes(kept.data)
    shown = client.get(reverse("profiles:evidence_file", args=[cast.learner("student").pk, kept.pk]))
    assert shown.headers["Content-Type"] == "image/png"
    assert shown.headers["Content-Disposition"].startswith("inline")


def test_any_other_file_is_handed_back_and_never_shown(cast: Cast, sign_in: SignIn) -> None:
    evidence, client = rate(cast, 3), sign_in("math")
    upload = SimpleUploadedFile("page.html", b"<script>alert(1)</script>", "text/html")
    attach(client, cast, evidence, file=upload)
    shown = client.get(
        reverse("profiles:evidence_file", args=[cast.learner("student").pk, EvidenceFile.objects.get().pk])
    )
    assert shown.headers["Content-Type"] == "application/octet-stream"
    assert shown.headers["Content-Disposition"].startswith("attachment")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"


def test_a_link_and_a_note_stand_with_the_evidence(cast: Cast, sign_in: SignIn) -> None:
    evidence, client = rate(cast, 3), sign_in("math")
    attach(client, cast, evidence, link="https://example.org/work", note="On the board")
    html = client.get(address(cast)).text
    assert 'href="https://example.org/work"' in html
    assert "On the board" in html


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Choose a file, or write a link or a note."),
        ({"link": "javascript:alert(1)"}, "Enter a valid URL."),
        (
            {"file": SimpleUploadedFile("a.png", b"no picture", "image/png")},
            "That is not a photo Trellis can show. It takes JPEG and PNG.",
        ),
        (
            {"file": SimpleUploadedFile("a.mov", b"0" * (EvidenceFile.MOST_BYTES + 1), "video/quicktime")},
            "That file is larger than 5 MB. Send a part of it, or a link.",
        ),
    ],
)
def test_what_cannot_be_attached_is_said_in_a_sentence(
    cast: Cast, sign_in: SignIn, data: dict[str, object], sentence: str
) -> None:
    answer = attach(sign_in("math"), cast, rate(cast, 3), **data)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not EvidenceFile.objects.exists()


def test_own_evidence_is_taken_back_and_a_colleagues_is_not(cast: Cast, sign_in: SignIn) -> None:
    evidence = rate(cast, 3, 3)
    url = address(cast, "evidence_take_back", evidence.pk)
    assert sign_in("advisor").post(url).status_code == 403
    assert sign_in("math").post(url).status_code == 302
    assert list(EvidenceRating.objects.standing().values_list("level", flat=True)) == [3]
    assert Estimate.objects.get().state == Level.UNKNOWN


def test_the_student_reads_and_does_not_rate(cast: Cast, sign_in: SignIn) -> None:
    rate(cast, 3, 3)
    html = sign_in("student").get(address(cast)).text
    assert "This is your own record." in html
    assert "Record evidence" not in html
    assert not AccessEvent.objects.exists()


def test_a_teams_shared_students_stand_in_words(cast: Cast, sign_in: SignIn) -> None:
    rate(cast, 3, 3)
    html = sign_in("history").get(reverse("profiles:team_students", args=[cast.team("ninth").pk])).text
    assert "Students we share" in html
    assert "1 skill secure" in html
    assert "1 new in 90 days" in html
    assert "Dario Marsh" not in html
    assert set(AccessEvent.objects.values_list("page", "reason")) == {("profiles:team_students", "team")}


@pytest.mark.parametrize("students", [1, 3])
def test_the_teams_page_costs_the_same_however_many(
    cast: Cast, sign_in: SignIn, students: int, django_assert_num_queries: Callable
) -> None:
    cast.section("math")
    for slug in ("amir", "bea")[: 3 - students]:
        cast.section("math").enrollments.filter(person=cast.learner(slug).pk).delete()
    client, url = sign_in("history"), reverse("profiles:team_students", args=[cast.team("ninth").pk])
    with django_assert_num_queries(8):
        client.get(url)


@pytest.mark.parametrize("pieces", [1, 3])
def test_the_page_costs_the_same_however_much_evidence(
    cast: Cast, sign_in: SignIn, pieces: int, django_assert_num_queries: Callable
) -> None:
    rate(cast, *[3] * pieces)
    client, url = sign_in("math"), address(cast)
    with django_assert_num_queries(14):
        client.get(url)
