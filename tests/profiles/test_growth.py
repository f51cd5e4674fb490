"""Growth shows the same day, is shared by the student and answered by adults; people and a glance in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from profiles.glance import glance_of
from profiles.models import CheckIn, Cheer, Demonstration, Goal, Section, Unit
from profiles.views.people_of_learner import people_for
from tests.cast import Cast

from .test_family_page import sees

SignIn = Callable[[str], Client]


@pytest.fixture
def shown(cast: Cast) -> Demonstration:
    sees(cast, "RN.1")
    return Demonstration.objects.get()


def test_student_shares_with_one_tap_and_an_adult_answers_with_one(
    cast: Cast, sign_in: SignIn, shown: Demonstration
) -> None:
    learner = cast.learner("student")
    page, at = reverse("profiles:learner_growth", args=[learner.pk]), [learner.pk, shown.pk]
    assert "Compare two ratios" in sign_in("student").get(page).text
    sign_in("student").post(reverse("profiles:growth_share", args=at))
    assert "I saw how you got there." in sign_in("advisor").get(page).text
    sign_in("advisor").post(reverse("profiles:growth_answer", args=at), {"ready": "1"})
    said = sign_in("student").get(page).text
    assert ("“You stayed with it.”" in said, "Henry Osei" in said) == (True, True)


def test_an_answer_in_ones_own_words_and_none_is_refused_kindly(
    cast: Cast, sign_in: SignIn, shown: Demonstration
) -> None:
    Cheer.share(cast.learner("student"), shown, by=cast["student"])
    url = reverse("profiles:growth_answer", args=[cast.learner("student").pk, shown.pk])
    client = sign_in("guardian")
    client.post(url, {})
    client.post(url, {"own": "¡Bravo!"})
    assert Cheer.objects.get().answer == "¡Bravo!"


def test_adults_do_not_share_and_students_do_not_answer(cast: Cast, sign_in: SignIn, shown: Demonstration) -> None:
    at = [cast.learner("student").pk, shown.pk]
    assert sign_in("advisor").post(reverse("profiles:growth_share", args=at)).status_code == 403
    assert sign_in("student").post(reverse("profiles:growth_answer", args=at), {"ready": "1"}).status_code == 403


def test_the_week_of_a_class_is_by_name_and_without_numbers(
    cast: Cast, sign_in: SignIn, shown: Demonstration, django_assert_num_queries: Callable[[int], object]
) -> None:
    client, url = sign_in("math"), reverse("profiles:class_growth", args=[cast.section("math").pk])
    client.get(url)
    with django_assert_num_queries(8):
        page = client.get(url).text
    assert ("Sofia Reyes" in page, "Amir" in page) == (True, False)
    sees(cast, "RN.2", "RN.3")
    with django_assert_num_queries(8):
        client.get(url)


def test_my_people_are_those_of_today_with_what_for(cast: Cast) -> None:
    Section.objects.filter(pk=cast.section("advisory").pk).update(periods="1", location="120")
    found = people_for(cast.learner("student"), cast["student"])["allies"]
    assert [(str(one.person), list(map(str, one.for_what)), one.where) for one in found] == [
        ("Henry Osei", ["how school goes as a whole, your goals and your plan"], ["period 1, room 120"]),
        ("Maya Torres", ["English 9"], []),
        ("Samuel Brooks", ["Integrated mathematics 1"], []),
        (str(cast["counselor"]), ["worries, home, what comes after school"], []),
    ]


def test_student_reads_who_is_there(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in("student").get(reverse("profiles:learner_people", args=[cast.learner("student").pk])).text
    assert "Henry Osei" in page


def test_at_a_glance_in_words(cast: Cast) -> None:
    sofia = cast.learner("student")
    Goal.set(sofia, by=cast["student"], horizon="term", dimension="habit", text="Ask").move(
        "proposed", by=cast["student"]
    )
    held = CheckIn.plan(sofia, cast["advisor"], dt.date(2026, 1, 8), by=cast["advisor"])
    CheckIn.objects.filter(pk=held.pk).update(state="held", held_on=dt.date(2026, 1, 8))
    assert glance_of(cast["advisor"]) == [
        "1 student waits for your answer",
        "1 advisee not talked with yet",
        "1 advisee not talked with since January",
    ]


def test_teacher_reads_of_whom_nothing_is_known_in_the_unit(cast: Cast) -> None:
    sees(cast, "RN.1")
    assert glance_of(cast["math"]) == ["3 unknown in Ratios"]
    assert Unit.objects.get(title="Ratios").section == cast.section("math")


def test_home_takes_as_many_statements_for_many_as_for_few(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: Callable[[int], object]
) -> None:
    cast.section("math")
    client = sign_in("advisor")
    client.get("/")
    with django_assert_num_queries(19):
        client.get("/")
    sofia = cast.learner("student")
    for text in ("one", "two", "three"):
        Goal.set(sofia, by=cast["student"], horizon="term", dimension="habit", text=text).move(
            "proposed", by=cast["student"]
        )
    with django_assert_num_queries(19):
        client.get("/")


def test_a_familys_home_is_the_page_of_its_child(cast: Cast, sign_in: SignIn) -> None:
    page = reverse("profiles:learner_family", args=[cast.learner("student").pk])
    assert [url for url, _status in sign_in("guardian").get("/", follow=True).redirect_chain][-1] == page
