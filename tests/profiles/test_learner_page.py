"""A student's page: who opens it and why, in whose words it speaks, and what it does not show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from profiles import paths
from profiles.learner_page import LearnerPage
from profiles.models import (
    AccessEvent,
    Evidence,
    Goal,
    GuardianLink,
    Holiday,
    Learner,
    Mark,
    Person,
    ProfileEntry,
    Support,
)
from tests.cast import Cast

SignIn = Callable[[str], Client]
SECRET = "A matter the family told the counselor"


def page_of(cast: Cast, slug: str = "student") -> str:
    return reverse("profiles:learner_detail", args=[cast.learner(slug).pk])


def say(cast: Cast, section: str, text: str, *, voice: str = "adult", by: str = "math", **said: object) -> ProfileEntry:
    return ProfileEntry.write(cast.learner("student"), section, text, voice=voice, by=cast[by], **said)  # type: ignore[arg-type]


def seen_by(cast: Cast, slug: str) -> LearnerPage:
    return LearnerPage(Learner.objects.visible_to(cast[slug]).get(pk=cast.learner("student").pk), cast[slug])


def words(groups: list) -> list[tuple[str, list[str]]]:
    return [(str(group.label), [one.entry.text for one in group.said]) for group in groups]


def test_the_student_speaks_first_strengths_before_needs(cast: Cast) -> None:
    say(cast, "stress", "Too much at once", voice="student", by="student")
    say(cast, "strength", "I taught my cousin to read a bus map", voice="student", by="student")
    say(cast, "home", "We speak Spanish", voice="family", by="guardian")
    until = cast.org("cedar").today() + dt.timedelta(days=30)
    say(cast, "need", "Starting long tasks", strategy="A first line together", expires_on=until)
    say(cast, "strength", "Explains her drawings to others")

    page = seen_by(cast, "math")

    assert words(page.student_words) == [
        ("Good at", ["I taught my cousin to read a bus map"]),
        ("Finds hard", ["Too much at once"]),
    ]
    assert words(page.family_words) == [("At home", ["We speak Spanish"])]
    assert words(page.adult_strengths) == [("Good at", ["Explains her drawings to others"])]
    assert words(page.adult_needs) == [("Needs", ["Starting long tasks"])]


def test_a_need_is_gone_on_its_last_day(cast: Cast) -> None:
    today = cast.org("cedar").today()
    entry = say(cast, "need", "Glasses", strategy="Sits in front", expires_on=today + dt.timedelta(days=1))
    ProfileEntry.objects.filter(pk=entry.pk).update(expires_on=today)

    assert seen_by(cast, "math").adult_needs == []


def test_restricted_notes_are_counted_never_shown(cast: Cast, sign_in: SignIn) -> None:
    say(cast, "home", SECRET, by="counselor", visibility="restricted")

    pages = {slug: sign_in(slug).get(page_of(cast)).text for slug in ("student", "guardian", "math", "counselor")}

    assert {slug: SECRET in page for slug, page in pages.items()} == {
        "student": False,
        "guardian": False,
        "math": False,
        "counselor": True,
    }
    counted = dict.fromkeys(pages, "1 note is for counselors and leaders only.")
    counted["guardian"] = "1 nota es solo para consejeros y dirección."
    assert {slug: counted[slug] in page for slug, page in pages.items()} == {
        "student": True,
        "guardian": True,
        "math": True,
        "counselor": False,
    }


@pytest.mark.parametrize(
    ("visibility", "readers"),
    [
        ("all", ["student", "guardian", "math", "advisor", "counselor", "leader"]),
        ("staff", ["student", "math", "advisor", "counselor", "leader"]),
        ("advisor", ["student", "advisor"]),
    ],
)
def test_the_student_says_who_reads_their_words(cast: Cast, visibility: str, readers: list[str]) -> None:
    say(cast, "stress", "Loud rooms", voice="student", by="student", visibility=visibility)

    who = ["student", "guardian", "math", "advisor", "counselor", "leader"]
    assert [slug for slug in who if seen_by(cast, slug).student_words] == readers


def test_the_family_of_a_child_under_thirteen_reads_all_of_its_words(cast: Cast) -> None:
    say(cast, "stress", "Loud rooms", voice="student", by="student", visibility="advisor")
    today = cast.org("cedar").today()
    Person.objects.filter(pk=cast["student"].pk).update(birth_date=today - dt.timedelta(days=365 * 12))

    assert words(seen_by(cast, "guardian").student_words) == [("Finds hard", ["Loud rooms"])]


def test_the_page_says_why_it_may_be_read(cast: Cast, sign_in: SignIn) -> None:
    found = {}
    for slug in ("student", "guardian", "advisor", "math", "counselor", "leader"):
        found[slug] = sign_in(slug).get(page_of(cast)).context["learner"].why
    assert found == {
        "student": "self",
        "guardian": "guardian",
        "advisor": "advisory",
        "math": "section",
        "counselor": "caseload",
        "leader": "admin",
    }


def test_every_look_is_in_the_familys_list(cast: Cast, sign_in: SignIn) -> None:
    sign_in("math").get(page_of(cast))
    sign_in("student").get(page_of(cast))
    sign_in("guardian").get(page_of(cast))

    response = sign_in("guardian").get(reverse("profiles:learner_readers", args=[cast.learner("student").pk]))

    looks = [(look.name, str(look.why), look.times) for look in response.context["looks"].object_list]
    assert sorted(looks) == [("Elena Reyes", "family", 2), ("Samuel Brooks", "teacher of the student", 1)]


def test_who_may_read_it_stands_there_by_name(cast: Cast, sign_in: SignIn) -> None:
    cast.section("math")
    response = sign_in("student").get(reverse("profiles:learner_readers", args=[cast.learner("student").pk]))

    assert [(str(one.person), str(one.why)) for one in response.context["adults"]] == [
        ("Henry Osei", "Advisor"),
        ("Maya Torres", "English 9"),
        ("Samuel Brooks", "Integrated mathematics 1"),
        ("Nadia Haddad", "Counselor"),
        ("Ruth Alvarez", "School leader"),
    ]
    assert [str(one.person) for one in response.context["family"]] == ["Elena Reyes"]
    assert response.context["looks"] is None


def test_of_age_the_list_of_looks_is_the_students_and_no_longer_the_familys(cast: Cast, sign_in: SignIn) -> None:
    learner = cast.learner("student")
    born = cast.org("cedar").today().replace(day=1) - dt.timedelta(days=365 * 18 + 10)
    Person.objects.filter(pk=learner.pk).update(birth_date=born)
    url = reverse("profiles:learner_readers", args=[learner.pk])
    sign_in("math").get(page_of(cast))

    assert [look.name for look in sign_in("student").get(url).context["looks"].object_list] == ["Samuel Brooks"]
    assert sign_in("guardian").get(url).status_code == 404


def test_a_court_limit_closes_the_page_at_once(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("guardian")
    assert client.get(page_of(cast)).status_code == 200
    GuardianLink.objects.update(court_limit="Order of 3 March")

    assert client.get(page_of(cast)).status_code == 404
    assert AccessEvent.objects.filter(viewer=cast["guardian"]).get().times == 1


def test_freshness_counts_school_days_and_one_tap_renews_it(cast: Cast, sign_in: SignIn) -> None:
    learner = cast.learner("student")
    today = cast.org("cedar").today()
    learner.confirmed_on = today - dt.timedelta(days=14)
    learner.save()
    Holiday.objects.create(org=cast.org("cedar"), day=last_weekday(today), name="Off")
    assert seen_by(cast, "math").confirmed_days == 9

    sign_in("student").post(reverse("profiles:learner_confirm", args=[learner.pk]))

    assert seen_by(cast, "math").confirmed_days == 0


def last_weekday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=max(0, day.weekday() - 4))


def test_what_is_new_comes_first_and_the_distance_is_one_tap_away(cast: Cast, sign_in: SignIn) -> None:
    secure(cast, "RN.1")

    page = sign_in("guardian").get(page_of(cast))

    assert [one.words for one in page.context["growth"]["grown"]] == ["Compare two ratios with a table or a drawing."]
    assert reverse("profiles:learner_plan", args=[cast.learner("student").pk]) in page.text


def secure(cast: Cast, code: str) -> None:
    for days in (2, 1):
        on = cast.org("cedar").today() - dt.timedelta(days=days)
        mark = Mark(cast.learner("student").pk, cast.competency(code).pk, 3)
        Evidence.record(cast.section("math"), [mark], by=cast["math"], observed_on=on)


def test_goals_stand_by_area_and_areas_without_one_are_named(cast: Cast) -> None:
    learner, by = cast.learner("student"), cast["student"]
    Goal.set(learner, by=by, horizon="week", dimension="habit", text="Ask before the third try")
    Goal.set(learner, by=by, horizon="long", dimension="habit", text="Finish what I start")

    page = seen_by(cast, "math")

    assert [(str(label), [one.text for one in goals]) for label, goals in page.dimensions] == [
        ("Habit", ["Finish what I start", "Ask before the third try"])
    ]
    assert page.without_goal == ["Academic", "Skill", "Well-being"]


@pytest.mark.parametrize("n", [4, 40])
@pytest.mark.parametrize("slug", ["student", "math", "advisor", "guardian"])
def test_the_page_costs_the_same_for_4_and_40_things(
    cast: Cast, sign_in: SignIn, n: int, slug: str, django_assert_num_queries
) -> None:
    learner, today = cast.learner("student"), cast.org("cedar").today()
    for i in range(n):
        say(cast, "interest", f"Interest {i}", voice="student", by="student")
        Goal.set(learner, by=cast["student"], horizon="long", dimension="skill", text=f"Goal {i}")
        Support.give(learner, by=cast["advisor"], support_kind="strategy", text=f"Help {i}", begins=today)
    paths.renew_steps([learner.pk])
    client, page = sign_in(slug), page_of(cast)

    with django_assert_num_queries({"student": 16, "math": 14, "advisor": 16, "guardian": 15}[slug]):
        client.get(page)


def test_a_students_home_is_the_page(cast: Cast, sign_in: SignIn) -> None:
    cast.section("math")
    response = sign_in("student").get("/", follow=True)
    assert response.redirect_chain[-1][0] == page_of(cast)


def test_a_teacher_adds_what_they_noticed_from_the_class_list(cast: Cast, sign_in: SignIn) -> None:
    say(cast, "interest", "Drawing bus maps", voice="student", by="student")
    client, learner = sign_in("math"), cast.learner("student")
    listed = client.get(reverse("profiles:class_learners", args=[cast.section("math").pk]))
    add = reverse("profiles:learner_entry_add", args=[learner.pk])

    form = client.get(add, headers={"HX-Request": "true"})
    kept = client.post(
        add, {"section": "strength", "text": "Asks good questions", "visibility": "all"}, headers={"HX-Request": "true"}
    )

    assert [(str(one.person), words.text if words else "") for one, words, _may in listed.context["lines"]] == [
        ("Bea Castellano", ""),
        ("Amir Haddadi", ""),
        ("Chen Liu", ""),
        ("Sofia Reyes", "Drawing bus maps"),
    ]
    assert "<html" not in form.text
    assert "education record" in form.text
    assert "Asks good questions" in kept.text
    assert ProfileEntry.objects.get(voice="adult").author == cast["math"]


def test_the_class_list_costs_the_same_for_one_and_four(cast: Cast, sign_in: SignIn, django_assert_num_queries) -> None:
    for key, slug in (("next-door", "next-door"), ("math", "math")):
        client, page = sign_in(slug), reverse("profiles:class_learners", args=[cast.section(key).pk])
        with django_assert_num_queries({"next-door": 8, "math": 8}[slug]):
            client.get(page)
