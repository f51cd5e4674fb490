"""A leader sees totals by grade, never of fewer than ten."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from profiles.models import Goal, Learner, Org
from profiles.totals import Totals, totals_of
from tests.cast import Cast, PersonFactory, RoleFactory

SignIn = Callable[[str], Client]


def grade(school: Org, name: str, students: int, with_goal: int) -> None:
    for n in range(students):
        person = PersonFactory.create()
        RoleFactory.create(person=person, org=school, role="student")
        learner = Learner.objects.create(pk=person.pk, person=person, home=school, grade=name)
        if n < with_goal:
            Goal.objects.create(
                learner=learner, horizon="term", dimension="habit", text="A goal", state="active", set_on="2026-09-01"
            )


def line(totals: Totals, n: int) -> tuple[int | None, list[int | None]]:
    return totals.lines[n].total, totals.lines[n].grades


def test_totals_by_grade_and_what_few_would_give_away(cast: Cast, sign_in: SignIn) -> None:
    cedar = cast.org("cedar")
    Org.objects.filter(pk=cedar.pk).update(begun=["learners"])
    for name, students, with_goal in (("09", 25, 12), ("10", 30, 15), ("11", 22, 3), ("12", 4, 2)):
        grade(cedar, name, students, with_goal)
    totals = totals_of(cedar)
    assert totals.grades == ["09", "10", "11", "12"]
    assert line(totals, 0) == (81, [25, 30, None, None])
    assert line(totals, 2) == (32, [None, 15, None, None])
    assert line(totals, 1) == (None, [None, None, None, None])

    page = sign_in("leader").get(reverse("profiles:school_totals", args=[cedar.pk])).text
    assert "fewer than 10 people" in page


def test_totals_are_for_leaders(cast: Cast, sign_in: SignIn) -> None:
    url = reverse("profiles:school_totals", args=[cast.org("cedar").pk])
    statuses = {slug: sign_in(slug).get(url).status_code for slug in ("leader", "district", "teacher", "other-leader")}
    assert statuses == {"leader": 200, "district": 200, "teacher": 403, "other-leader": 404}
