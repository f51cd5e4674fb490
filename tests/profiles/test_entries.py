"""What is said of a student: asked, answered, said anew, taken back; two people at once lose no word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from profiles import voice
from profiles.models import Change, EntryChanged, Learner, ProfileEntry
from tests.cast import Cast

SignIn = Callable[[str], Client]
SURVEY = Path(__file__).parents[2].parent / "shared/data/voice/student_voice_survey.csv"


def url(cast: Cast, name: str, *more: object) -> str:
    return reverse(f"profiles:{name}", args=[cast.learner("student").pk, *more])


def entry(cast: Cast, text: str, *, voice: str = "adult", by: str = "math", **said: Any) -> ProfileEntry:
    return ProfileEntry.write(cast.learner("student"), "strength", text, voice=voice, by=cast[by], **said)


def standing(cast: Cast) -> list[tuple[str, str]]:
    found = ProfileEntry.objects.filter(learner=cast.learner("student")).standing().order_by("written_at")
    return [(one.section, one.text) for one in found]


def test_each_answer_is_kept_by_itself_and_empty_ones_ask_nothing(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("student")
    page = client.get(url(cast, "learner_voice_write"))
    assert [form.prompt for form in page.context["forms"]] == list(voice.PROMPTS)

    client.post(url(cast, "learner_voice_answer", "proud"), {"text": "Taught my cousin", "visibility": "all"})
    client.post(url(cast, "learner_voice_answer", "hard"), {"text": "", "visibility": "all"})
    client.post(url(cast, "learner_voice_answer", "feel"), {"text": "Calm", "visibility": "advisor"})

    assert standing(cast) == [("strength", "Taught my cousin"), ("feeling", "Calm")]
    assert cast.learner("student").confirmed_on == cast.org("cedar").today()


def test_the_same_answer_again_changes_nothing_another_stands_in_its_place(cast: Cast, sign_in: SignIn) -> None:
    client, ask = sign_in("student"), url(cast, "learner_voice_answer", "proud")
    client.post(ask, {"text": "Taught my cousin", "visibility": "all"})
    first = ProfileEntry.objects.get()
    version = cast.learner("student").version

    client.post(ask, {"text": "Taught my cousin", "visibility": "all", "seen": first.pk})
    assert cast.learner("student").version == version

    client.post(ask, {"text": "Won the relay", "visibility": "all", "seen": first.pk})
    assert standing(cast) == [("strength", "Won the relay")]


def test_two_windows_answering_at_once_lose_no_word(cast: Cast, sign_in: SignIn) -> None:
    client, ask = sign_in("student"), url(cast, "learner_voice_answer", "proud")
    client.post(ask, {"text": "First", "visibility": "all"})
    first = ProfileEntry.objects.get()
    client.post(ask, {"text": "On the phone", "visibility": "all", "seen": first.pk})

    late = client.post(ask, {"text": "On the laptop", "visibility": "all", "seen": first.pk})

    assert late.status_code == 409
    assert "On the phone" in late.text
    assert "On the laptop" in late.text
    seen = late.context["form"]["seen"].value()
    client.post(ask, {"text": "On the laptop", "visibility": "all", "seen": seen})
    assert standing(cast) == [("strength", "On the laptop")]


def test_an_adults_need_asks_for_what_helps_and_for_its_end(cast: Cast, sign_in: SignIn) -> None:
    client, add = sign_in("math"), url(cast, "learner_entry_add")
    said = {"section": "need", "text": "Starting long tasks", "visibility": "all"}

    refused = client.post(add, {**said, "strategy": "", "expires_on": cast.org("cedar").today().isoformat()})
    until = cast.org("cedar").today() + dt.timedelta(days=30)
    kept = client.post(add, {**said, "strategy": "A first line together", "expires_on": until.isoformat()})

    assert refused.status_code == 422
    assert refused.context["form"].errors == {
        "strategy": ["Say what helps: a strength to build on, or what is being done."],
        "expires_on": ["Choose a day after today on which this ends."],
    }
    assert kept.status_code == 302
    assert standing(cast) == [("need", "Starting long tasks")]


def test_a_double_tap_keeps_one(cast: Cast, sign_in: SignIn) -> None:
    client, add = sign_in("math"), url(cast, "learner_entry_add")
    op_id = client.get(add).context["form"]["op_id"].value()
    for _tap in range(2):
        client.post(add, {"section": "strength", "text": "Kind", "visibility": "all", "op_id": op_id})
    assert standing(cast) == [("strength", "Kind")]


def test_the_family_adds_what_it_knows(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("guardian")
    answer = {"text": "Hablamos español", "visibility": "all"}
    client.post(url(cast, "learner_voice_answer", "home_language"), answer)
    client.post(
        url(cast, "learner_entry_add"), {"section": "home", "text": "Ayuda en la tienda", "visibility": "staff"}
    )

    assert [(one.voice, one.text, one.visibility) for one in ProfileEntry.objects.order_by("written_at")] == [
        ("family", "Hablamos español", "all"),
        ("family", "Ayuda en la tienda", "staff"),
    ]


def test_the_student_answers_and_the_answer_goes_along_when_it_is_said_anew(cast: Cast, sign_in: SignIn) -> None:
    said = entry(cast, "Quiet in class")
    sign_in("student").post(url(cast, "learner_entry_answer", said.pk), {"reply": "I think before I speak"})

    change = {"section": "strength", "text": "Thinks before she speaks", "visibility": "all"}
    sign_in("math").post(url(cast, "learner_entry_revise", said.pk), change)

    now = ProfileEntry.objects.standing().get()
    assert (now.text, now.reply) == ("Thinks before she speaks", "I think before I speak")
    history = sign_in("guardian").get(url(cast, "learner_entry_history", now.pk))
    assert [one.text for one in history.context["earlier"]] == ["Quiet in class"]


def test_student_and_advisor_writing_at_once_lose_no_word(cast: Cast, sign_in: SignIn) -> None:
    said = entry(cast, "Quiet in class", by="advisor")
    change = {"section": "strength", "text": "Listens closely", "visibility": "all"}
    sign_in("advisor").post(url(cast, "learner_entry_revise", said.pk), change)

    late = sign_in("student").post(url(cast, "learner_entry_answer", said.pk), {"reply": "I am not quiet at home"})

    assert late.status_code == 409
    assert "Listens closely" in late.text
    assert "I am not quiet at home" in late.text


def test_two_adults_saying_it_anew_both_find_their_words(cast: Cast, sign_in: SignIn) -> None:
    said = entry(cast, "Quiet in class")
    change = {"section": "strength", "visibility": "all"}
    sign_in("advisor").post(url(cast, "learner_entry_revise", said.pk), {**change, "text": "Listens closely"})

    late = sign_in("math").post(url(cast, "learner_entry_revise", said.pk), {**change, "text": "Asks at the end"})

    assert late.status_code == 409
    assert "Listens closely" in late.text
    assert "Asks at the end" in late.text
    assert standing(cast) == [("strength", "Listens closely")]


def test_what_was_taken_back_meanwhile_is_written_as_new(cast: Cast, sign_in: SignIn) -> None:
    said = entry(cast, "Quiet in class")
    sign_in("advisor").post(url(cast, "learner_entry_withdraw", said.pk))
    change = {"section": "strength", "visibility": "all", "text": "Asks at the end"}

    late = sign_in("math").post(url(cast, "learner_entry_revise", said.pk), change)

    action = late.context["form"].helper.form_action
    assert (late.status_code, action) == (409, url(cast, "learner_entry_add"))
    sign_in("math").post(action, change)
    assert standing(cast) == [("strength", "Asks at the end")]


def test_nobody_rewrites_the_students_words(cast: Cast, sign_in: SignIn) -> None:
    said = entry(cast, "I draw", voice="student", by="student")
    change = {"section": "strength", "text": "She draws", "visibility": "all"}
    for slug in ("advisor", "counselor", "math", "guardian"):
        assert sign_in(slug).post(url(cast, "learner_entry_revise", said.pk), change).status_code == 403
        assert sign_in(slug).post(url(cast, "learner_entry_withdraw", said.pk)).status_code == 403
    assert standing(cast) == [("strength", "I draw")]


def test_an_entry_for_the_advisor_only_is_not_there_for_others(cast: Cast, sign_in: SignIn) -> None:
    said = entry(cast, "I want to move", voice="student", by="student", visibility="advisor")
    history = url(cast, "learner_entry_history", said.pk)
    answers = {slug: sign_in(slug).get(history).status_code for slug in ("student", "advisor", "math", "guardian")}
    assert answers == {"student": 200, "advisor": 200, "math": 404, "guardian": 404}


def test_restricted_words_are_no_choice_of_a_teacher_and_in_no_history(cast: Cast, sign_in: SignIn) -> None:
    said = {"section": "home", "text": "A hard year", "visibility": "restricted", "strategy": "", "expires_on": ""}
    assert sign_in("math").post(url(cast, "learner_entry_add"), said).status_code == 422
    assert sign_in("counselor").post(url(cast, "learner_entry_add"), said).status_code == 302
    assert sign_in("leader").post(url(cast, "learner_entry_add"), said).status_code == 302
    kept = Change.objects.filter(stream=cast.learner("student").stream, verb="entry_written")
    assert [one.after for one in kept] == [{"section": "home"}, {"section": "home"}]


def test_answering_what_is_gone_is_said(cast: Cast) -> None:
    said = entry(cast, "Quiet")
    said.withdraw(by=cast["math"])
    with pytest.raises(EntryChanged):
        said.answer("I am not", by=cast["student"])


# The survey


def survey(cast: Cast, sign_in: SignIn, data: bytes, by: str = "leader") -> Any:
    address = reverse("profiles:voice_import", args=[cast.org("cedar").pk])
    return sign_in(by).post(address, {"file": SimpleUploadedFile("voice.csv", data)})


def bring(cast: Cast, sign_in: SignIn, looked: Any, by: str = "leader", **students: object) -> None:
    address = reverse("profiles:voice_apply", args=[cast.org("cedar").pk])
    sign_in(by).post(address, {"rows": looked.context["sealed"], **students})


FILE = b"""Timestamp,First name,Local ID number,I am proud of,What stresses you?,Favorite color
8/12/2025 6:28:23,Sofia,30177,My bus map,Tests,blue
8/12/2025 6:29:00,Nobody,30178,Singing,,green
"""


def test_a_survey_is_looked_at_then_brought_in_and_again_changes_nothing(cast: Cast, sign_in: SignIn) -> None:
    cast.section("math")
    looked = survey(cast, sign_in, FILE)
    lines = [line for line, _answers in looked.context["lines"]]
    assert looked.context["survey"].unread == ["Favorite color"]
    assert [(line.learner, [str(one) for one in line.candidates][:1]) for line in lines] == [
        (None, ["Sofia Reyes"]),
        (None, ["Bea Castellano"]),
    ]
    assert ProfileEntry.objects.count() == 0

    bring(cast, sign_in, looked, **{"student-2": cast.learner("student").pk, "student-3": ""})

    found = ProfileEntry.objects.order_by("section")
    assert [(one.section, one.text, one.prompt, one.visibility, str(one.as_of)) for one in found] == [
        ("strength", "My bus map", "proud", "staff", "2025-08-12"),
        ("stress", "Tests", "hard", "staff", "2025-08-12"),
    ]
    version = cast.org("cedar").version
    again = survey(cast, sign_in, FILE, by="counselor")
    known = [(str(line.learner), line.new) for line, _answers in again.context["lines"] if line.learner]
    assert known == [("Sofia Reyes", [])]
    bring(cast, sign_in, again, by="counselor", **{"student-2": cast.learner("student").pk})
    assert (ProfileEntry.objects.count(), cast.org("cedar").version) == (2, version)


def test_a_student_of_another_school_is_not_brought_into(cast: Cast, sign_in: SignIn) -> None:
    looked = survey(cast, sign_in, FILE)
    bring(cast, sign_in, looked, **{"student-2": cast.learner("juniper-student").pk})
    assert ProfileEntry.objects.count() == 0


def test_a_file_without_questions_is_told_so(cast: Cast, sign_in: SignIn) -> None:
    cast.section("math")
    refused = survey(cast, sign_in, b"Name,Color\nSofia,blue\n")
    assert refused.status_code == 422
    assert refused.context["form"].errors == {
        "file": ["No column holds answers. The first row must hold the questions, one a column."]
    }


def test_rows_that_were_not_looked_at_are_refused(cast: Cast, sign_in: SignIn) -> None:
    looked = survey(cast, sign_in, FILE)
    bring(cast, sign_in, looked, by="counselor", **{"student-2": cast.learner("student").pk})
    assert ProfileEntry.objects.count() == 0


@pytest.mark.skipif(not SURVEY.exists(), reason="the shared survey is not there")
def test_the_shared_survey_is_read_whole(cast: Cast, sign_in: SignIn) -> None:
    cast.section("math")
    looked = survey(cast, sign_in, SURVEY.read_bytes())
    assert [prompt for _head, prompt in looked.context["survey"].columns] == [
        "proud",
        "counted_on",
        "free_time",
        "hard",
        "learn_best",
    ]
    assert looked.context["survey"].unread == []
    bring(cast, sign_in, looked, **{"student-2": cast.learner("student").pk})
    assert Learner.objects.get(pk=cast.learner("student").pk).entries.count() == 5
