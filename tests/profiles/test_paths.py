"""A student's path, from what stands in the database."""

from __future__ import annotations

import datetime as dt

import pytest

from profiles import paths
from profiles.models import Evidence, Goal, LearningPlan, Mark, NextStep, PlanItem, ProfileEntry, StepAnswer
from tests.cast import Cast


def steps(cast: Cast, slug: str = "student") -> list[tuple[str, list[str]]]:
    paths.renew_steps([cast.learner(slug).pk])
    found = NextStep.objects.filter(learner=cast.learner(slug)).select_related("competency")
    return [(one.competency.code, [reason["code"] for reason in one.reasons]) for one in found]


def secure(cast: Cast, code: str, slug: str = "student") -> None:
    for days in (2, 1):
        on = cast.org("cedar").today() - dt.timedelta(days=days)
        mark = Mark(cast.learner(slug).pk, cast.competency(code).pk, 3)
        Evidence.record(cast.section("math"), [mark], by=cast["math"], observed_on=on)


def test_the_first_of_the_unit_comes_first_and_opens_the_others(cast: Cast) -> None:
    cast.section("math")
    assert steps(cast) == [("RN.1", ["opens"])]


def test_what_was_shown_opens_the_next(cast: Cast) -> None:
    secure(cast, "RN.1")
    assert steps(cast) == [("RN.2", ["opens"])]


def test_goals_interests_and_answers_are_heard(cast: Cast) -> None:
    secure(cast, "RN.1")
    learner, by = cast.learner("student"), cast["student"]
    Goal.set(learner, by=by, horizon="term", dimension="academic", text="Maps", competency=cast.competency("RN.4"))
    ProfileEntry.write(learner, "interest", "Drawing number maps", voice="student", by=by)
    assert steps(cast)[0] == ("RN.4", ["goal", "interest"])
    later = cast.org("cedar").today() + dt.timedelta(days=7)
    StepAnswer.objects.create(
        learner=learner, competency=cast.competency("RN.4"), answer="not_now", until=later, on=cast.org("cedar").today()
    )
    assert [code for code, _reasons in steps(cast)] == ["RN.2"]
    ruled_out = NextStep.objects.get(learner=learner).ruled_out
    assert {
        "competency": str(cast.competency("RN.4").pk),
        "code": "not_now",
        "by": [],
        "until": str(later),
    } in ruled_out


@pytest.mark.parametrize("slugs", [["student"], ["student", "amir", "bea", "chen"]])
def test_steps_cost_the_same_for_one_and_for_a_class(cast: Cast, slugs: list[str], django_assert_num_queries) -> None:
    ids = [cast.learner(slug).pk for slug in slugs]
    with django_assert_num_queries(6 + 2):
        paths.renew_steps(ids)


def test_a_change_is_suggested_where_the_plan_should_change(cast: Cast) -> None:
    learner = cast.learner("student")
    plan = LearningPlan.begin(learner, "Fall", by=cast["student"])
    PlanItem.add(
        plan, by=cast["advisor"], aim="competency", competency=cast.competency("RN.1"), text="Ratios", origin="advisor"
    )
    plan.move("student_ready", by=cast["student"])
    plan.move("active", by=cast["advisor"])
    secure(cast, "RN.1")
    proposal = paths.suggest(learner, "evidence", by=cast["math"])
    assert [one["text"] for one in proposal.difference["add"]] == ["Find a unit rate and say what it means."]
    assert len(proposal.difference["remove"]) == 1
    assert paths.suggest(learner, "evidence", by=cast["math"]) is None
