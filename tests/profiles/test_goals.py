"""Goals, talks and conferences: what a student sets, what is agreed, promised and looked back at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from profiles.models import (
    CheckIn,
    Commitment,
    Conference,
    Enrollment,
    Evidence,
    Goal,
    Learner,
    Mark,
    Person,
    Reflection,
    RoleAssignment,
)
from profiles.talks import talks_of
from tests.cast import Cast

SignIn = Callable[[str], Client]


def url(cast: Cast, name: str, *more: object) -> str:
    return reverse(f"profiles:{name}", args=[cast.learner("student").pk, *more])


def goal(cast: Cast, text: str = "Write a comic", *, state: str = "draft", **said: Any) -> Goal:
    made = Goal.set(
        cast.learner("student"), by=cast["student"], **{"horizon": "term", "dimension": "skill", "text": text} | said
    )
    Goal.objects.filter(pk=made.pk).update(state=state)
    made.refresh_from_db()
    return made


def test_the_student_asks_the_advisor_agrees_the_student_starts_and_meets_it(cast: Cast, sign_in: SignIn) -> None:
    said = {"text": "Write a comic", "dimension": "skill", "horizon": "term"}
    sign_in("student").post(url(cast, "learner_goal_set"), said)
    made = Goal.objects.get()

    for slug, state, words in (
        ("student", "proposed", {}),
        ("advisor", "agreed", {}),
        ("student", "active", {}),
        ("student", "met", {"reflection": "Drew ten pages"}),
    ):
        response = sign_in(slug).post(url(cast, "learner_goal_move", made.pk, state), words)
        assert response.status_code == 302

    made.refresh_from_db()
    assert (made.state, Reflection.objects.get().text) == ("met", "Drew ten pages")


def test_meeting_a_goal_asks_for_something_shown_or_said(cast: Cast, sign_in: SignIn) -> None:
    made = goal(cast, state="active")
    refused = sign_in("student").post(url(cast, "learner_goal_move", made.pk, "met"), {"reflection": ""})
    assert refused.status_code == 422
    assert "Say what you did, or show something: that is how a goal is met." in refused.text


def test_setting_aside_asks_why_and_the_story_keeps_it(cast: Cast, sign_in: SignIn) -> None:
    made = goal(cast, state="active")
    client = sign_in("student")
    assert client.post(url(cast, "learner_goal_move", made.pk, "parked"), {"reason": ""}).status_code == 422
    client.post(url(cast, "learner_goal_move", made.pk, "parked"), {"reason": "After the exams"})

    story = sign_in("advisor").get(url(cast, "learner_goal_detail", made.pk)).context["story"]
    assert [(one.what, one.words) for one in story] == [("now: set aside", "After the exams"), ("written down", "")]


def test_an_adults_goal_waits_for_the_student(cast: Cast, sign_in: SignIn) -> None:
    said = {"text": "Read a map aloud", "dimension": "skill", "horizon": "term"}
    sign_in("math").post(url(cast, "learner_goal_set"), said)
    made = Goal.objects.get()
    assert made.state == "proposed"

    assert sign_in("math").post(url(cast, "learner_goal_move", made.pk, "agreed")).status_code == 403
    sign_in("student").post(url(cast, "learner_goal_move", made.pk, "draft"))
    sign_in("student").post(url(cast, "learner_goal_move", made.pk, "active"))
    made.refresh_from_db()
    assert made.state == "active"


def test_a_fourth_goal_of_the_week_is_told_so(cast: Cast, sign_in: SignIn) -> None:
    for n in range(3):
        goal(cast, f"Step {n}", horizon="week")
    said = {"text": "One more", "dimension": "skill", "horizon": "week"}
    refused = sign_in("student").post(url(cast, "learner_goal_set"), said)
    assert refused.status_code == 422
    assert "There are 3 goals for this week already. Finish or set one aside first." in refused.text


def test_steps_hang_under_what_they_lead_to(cast: Cast, sign_in: SignIn) -> None:
    long = goal(cast, "Illustrator", horizon="long")
    term = goal(cast, "A comic", parent=long)
    goal(cast, "Page one", parent=term, horizon="week")
    lines = sign_in("math").get(url(cast, "learner_goal_list")).context["lines"]
    assert [(one.goal.text, one.parts[0].goal.text, one.parts[0].parts[0].goal.text) for one in lines] == [
        ("Illustrator", "A comic", "Page one")
    ]


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_of_goals_costs_the_same_for_one_and_three(
    cast: Cast, sign_in: SignIn, n: int, django_assert_num_queries
) -> None:
    for i in range(n):
        made = goal(cast, f"Goal {i}")
        Reflection.write(cast.learner("student"), by=cast["student"], text="Calm", goal=made)
    client, page = sign_in("student"), url(cast, "learner_goal_list")
    with django_assert_num_queries(6):
        client.get(page)


def adjusted(seen: Goal, **said: Any) -> dict[str, Any]:
    before = {name: getattr(seen, name) or "" for name in ("text", "why", "target", "due")}
    return before | {f"initial-{name}": value for name, value in before.items()} | {"reason": "Thought again"} | said


def test_student_and_advisor_adjusting_other_parts_both_stand(cast: Cast, sign_in: SignIn) -> None:
    made = goal(cast, state="active")
    sign_in("advisor").post(url(cast, "learner_goal_adjust", made.pk), adjusted(made, target="Ten pages"))
    sign_in("student").post(url(cast, "learner_goal_adjust", made.pk), adjusted(made, text="Write a long comic"))
    made.refresh_from_db()
    assert (made.text, made.target) == ("Write a long comic", "Ten pages")


def test_student_and_advisor_adjusting_the_same_lose_no_word(cast: Cast, sign_in: SignIn) -> None:
    made = goal(cast, state="active")
    address = url(cast, "learner_goal_adjust", made.pk)
    sign_in("advisor").post(address, adjusted(made, text="Write a short comic"))

    late = sign_in("student").post(address, adjusted(made, text="Write a long comic"))

    assert late.status_code == 409
    assert "Write a short comic" in late.text
    assert "Write a long comic" in late.text
    again = late.context["form"].data
    sign_in("student").post(address, again)
    made.refresh_from_db()
    assert made.text == "Write a long comic"


def test_the_family_says_a_word_on_a_goal(cast: Cast, sign_in: SignIn) -> None:
    made = goal(cast)
    sign_in("guardian").post(url(cast, "learner_goal_comment", made.pk), {"comment": "Tu tía puede ayudar"})
    story = sign_in("student").get(url(cast, "learner_goal_detail", made.pk)).context["story"]
    assert next((str(one.change.actor), one.words) for one in story) == ("Elena Reyes", "Tu tía puede ayudar")


def test_a_week_is_looked_back_at_once(cast: Cast, sign_in: SignIn) -> None:
    client, page = sign_in("student"), url(cast, "learner_reflection_write")
    op_id = client.get(page).context["form"]["op_id"].value()
    for _tap in range(2):
        client.post(page, {"text": "The map worked", "effort": "3", "help_from": "Ms. Hart", "op_id": op_id})
    assert [(one.text, one.effort, one.help_from) for one in Reflection.objects.all()] == [
        ("The map worked", 3, "Ms. Hart")
    ]


# Check-ins


def planned(cast: Cast, by: str = "advisor") -> CheckIn:
    today = cast.org("cedar").today()
    return CheckIn.plan(cast.learner("student"), cast[by], today, by=cast[by])


def test_a_talk_is_held_and_its_promises_begin_the_next(cast: Cast, sign_in: SignIn) -> None:
    today = cast.org("cedar").today()
    client = sign_in("advisor")
    client.post(url(cast, "learner_check_in_plan"), {"on": today.isoformat(), "kind": "advisory"})
    first = CheckIn.objects.get()
    held = {
        "shared_note": "The map project goes on",
        "own_note": "Tired lately",
        "promise0-who": "student",
        "promise0-what": "Ask for the atlas",
        "promise1-who": "adult",
        "promise1-what": "Talk with English",
        "promise2-who": "family",
        "promise2-what": "",
    }
    client.post(url(cast, "learner_check_in_hold", first.pk), held)
    client.post(url(cast, "learner_check_in_hold", first.pk), held)
    kept = Commitment.objects.get(what="Talk with English")
    sign_in("student").post(url(cast, "learner_commitment_settle", kept.pk, "kept"))

    client.post(url(cast, "learner_check_in_plan"), {"on": today.isoformat(), "kind": "advisory"})

    assert [(one.who, one.what, one.state) for one in Commitment.objects.order_by("what")] == [
        ("student", "Ask for the atlas", "open"),
        ("adult", "Talk with English", "kept"),
    ]
    assert CheckIn.objects.exclude(pk=first.pk).get().agenda == ["Ask for the atlas"]


def test_only_the_adult_whose_talk_it_was_reads_the_own_note(cast: Cast, sign_in: SignIn) -> None:
    made = planned(cast)
    made.hold(by=cast["advisor"], shared_note="Goes on", own_note="Tired lately")
    page = url(cast, "learner_check_in_detail", made.pk)
    answers = {
        slug: sign_in(slug).get(page) for slug in ("student", "guardian", "advisor", "counselor", "math", "leader")
    }
    assert {slug: (one.status_code, "Tired lately" in one.text) for slug, one in answers.items()} == {
        "student": (200, False),
        "guardian": (200, False),
        "advisor": (200, True),
        "counselor": (200, False),
        "math": (403, False),
        "leader": (403, False),
    }


def test_a_talk_moves_to_another_day_or_is_missed(cast: Cast, sign_in: SignIn) -> None:
    made, today = planned(cast), cast.org("cedar").today()
    then = today + dt.timedelta(days=2)
    client = sign_in("advisor")
    yesterday = (today - dt.timedelta(days=1)).isoformat()
    assert client.post(url(cast, "learner_check_in_move", made.pk), {"day": yesterday}).status_code == 422
    client.post(url(cast, "learner_check_in_move", made.pk), {"day": then.isoformat()})
    moved = CheckIn.objects.exclude(pk=made.pk).get()
    client.post(url(cast, "learner_check_in_miss", moved.pk))
    assert [(one.planned_on, one.state) for one in CheckIn.objects.order_by("planned_on")] == [
        (today, "moved"),
        (then, "missed"),
    ]


def test_overdue_is_said_of_ones_own_advisees_and_of_others_at_most_five(cast: Cast) -> None:
    cast.section("math")
    for n in range(7):
        person = Person.objects.create(given_name=f"Student {n}", sign_in_name=f"extra.{n}", password="!")
        Learner.enroll(person, cast.org("cedar"), by=cast["leader"])
        Enrollment.objects.create(section=cast.section("math"), person=person, role="student")
    school = cast.org("cedar")

    advisor, math = talks_of(cast["advisor"], school), talks_of(cast["math"], school)

    assert [str(one.learner) for one in advisor.overdue] == ["Bea Castellano", "Sofia Reyes"]
    assert advisor.others == []
    assert (math.overdue, len(math.others)) == ([], 5)


def test_after_a_talk_nobody_is_named(cast: Cast) -> None:
    planned(cast).hold(by=cast["advisor"])
    talks = talks_of(cast["advisor"], cast.org("cedar"))
    assert [str(one.learner) for one in talks.overdue] == ["Bea Castellano"]


@pytest.mark.parametrize("slug", ["advisor", "math"])
def test_whom_to_talk_with_costs_the_same_for_two_and_four(
    cast: Cast, sign_in: SignIn, slug: str, django_assert_num_queries
) -> None:
    cast.section("math")
    client = sign_in(slug)
    with django_assert_num_queries(10):
        client.get(reverse("profiles:talk_list"))


# Conferences


def shown(cast: Cast, n: int) -> list[Evidence]:
    today = cast.org("cedar").today()
    for days in range(n):
        mark = Mark(cast.learner("student").pk, cast.competency("RN.1").pk, 3)
        on = today - dt.timedelta(days=days + 1)
        Evidence.record(cast.section("math"), [mark], by=cast["math"], observed_on=on)
    return list(Evidence.objects.order_by("observed_on"))


def test_the_student_chooses_three_shows_growth_and_everybody_promises(cast: Cast, sign_in: SignIn) -> None:
    pieces = shown(cast, 4)
    today = cast.org("cedar").today()
    student = sign_in("student")
    student.post(url(cast, "learner_conference_plan"), {"on": today.isoformat(), "attendees": "Elena Reyes"})
    made = Conference.objects.get()
    choose = url(cast, "learner_conference_choose", made.pk)
    assert student.post(choose, {"evidence": [one.pk for one in pieces]}).status_code == 422
    student.post(choose, {"evidence": [one.pk for one in pieces[:3]]})
    student.post(url(cast, "learner_conference_rehearse", made.pk))
    for slug, note in (("student", "I asked for help"), ("advisor", "She did")):
        sign_in(slug).post(url(cast, "learner_conference_note", made.pk), {"note": note})
    for who, what in (("student", "Finish the map"), ("adult", "Print it"), ("family", "Look at it")):
        sign_in("advisor").post(url(cast, "learner_conference_promise", made.pk), {"who": who, "what": what})
    student.post(url(cast, "learner_conference_hold", made.pk))

    page = sign_in("guardian").get(url(cast, "learner_conference_detail", made.pk)).context

    assert len(page["chosen"]) == 3
    assert [one.words for one in page["growth"]] == ["Compare two ratios with a table or a drawing."]
    assert page["notes"] == ["Sofia Reyes: I asked for help", "Henry Osei: She did"]
    assert sorted((one.who, one.what) for one in page["promises"]) == [
        ("adult", "Print it"),
        ("family", "Look at it"),
        ("student", "Finish the map"),
    ]
    made.refresh_from_db()
    assert (made.rehearsed_on, made.held_on) == (today, today)
    assert CheckIn.plan(cast.learner("student"), cast["advisor"], today, by=cast["advisor"]).agenda == [
        "Finish the map",
        "Print it",
        "Look at it",
    ]


def test_only_the_student_chooses_what_is_shown(cast: Cast, sign_in: SignIn) -> None:
    pieces = shown(cast, 1)
    made = Conference.plan(cast.learner("student"), cast.org("cedar").today(), by=cast["student"])
    choose = url(cast, "learner_conference_choose", made.pk)
    for slug in ("advisor", "guardian", "math", "leader"):
        assert sign_in(slug).post(choose, {"evidence": [pieces[0].pk]}).status_code == 403
    assert list(made.evidence.all()) == []


def test_notes_written_at_once_both_stand(cast: Cast) -> None:
    made = Conference.plan(cast.learner("student"), cast.org("cedar").today(), by=cast["student"])
    other = Conference.objects.get(pk=made.pk)
    made.note("One", by=cast["student"])
    other.note("Two", by=cast["advisor"])
    made.refresh_from_db()
    assert made.notes == "Sofia Reyes: One\nHenry Osei: Two"


def test_who_no_longer_works_here_gets_nothing_from_this_click_on(cast: Cast, sign_in: SignIn) -> None:
    made = goal(cast)
    client, page = sign_in("advisor"), url(cast, "learner_goal_detail", made.pk)
    assert client.get(page).status_code == 200
    RoleAssignment.objects.filter(person=cast["advisor"]).update(ends=cast.org("cedar").today())
    assert client.get(page).status_code == 404
