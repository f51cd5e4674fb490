"""A student's path, from what stands in the database."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from profiles import advancement, paths
from profiles.models import (
    Absence,
    Change,
    Competency,
    Course,
    Credit,
    DroppedExpectation,
    Evidence,
    Goal,
    LearningPlan,
    Mark,
    NextStep,
    PlanItem,
    ProfileEntry,
    Section,
    StepAnswer,
)
from profiles.tasks import PLANNER
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


def test_who_has_shown_the_unit_goes_on_to_the_next(cast: Cast) -> None:
    for code in ("RN.1", "RN.2", "RN.3"):
        secure(cast, code)
    assert steps(cast) == [("RN.4", ["expected"])]


def through(cast: Cast) -> Course:
    """Sofia has shown all that the mathematics class expects but the last; the course leads to another."""
    then = Course.objects.create(org=cast.org("cedar"), title="Integrated mathematics 2", credits="1.0")
    course = Course.objects.create(org=cast.org("cedar"), title="Mathematics 1", credits="1.0", next_course=then)
    Section.objects.filter(pk=cast.section("math").pk).update(course=course)
    for code in ("RN.1", "RN.2", "RN.3"):
        secure(cast, code)
    return course


def test_credit_is_posted_the_day_everything_is_shown_and_only_once(
    cast: Cast, django_capture_on_commit_callbacks
) -> None:
    course, learner = through(cast), cast.learner("student")
    assert advancement.post_credits([learner.pk], by=PLANNER) == []
    with django_capture_on_commit_callbacks(execute=True):
        secure(cast, "RN.4")
    credit = learner.credits.get()
    assert (credit.course, credit.met_on, credit.credits) == (course, cast.org("cedar").today(), 1)
    assert advancement.post_credits([learner.pk], by=PLANNER) == []
    assert Change.objects.filter(stream=learner.stream, verb="credit_posted").count() == 1


def test_what_is_not_expected_of_a_student_is_not_waited_for(cast: Cast) -> None:
    through(cast)
    learner = cast.learner("student")
    DroppedExpectation.drop(
        learner, cast.section("math"), cast.competency("RN.4"), by=cast["math"], reason="Shown at the old school"
    )
    assert len(advancement.post_credits([learner.pk], by=PLANNER)) == 1


def test_credit_goes_with_the_rating_that_was_undone_that_day(cast: Cast, django_capture_on_commit_callbacks) -> None:
    through(cast)
    section, by = cast.section("math"), cast["math"]
    mark = Mark(cast.learner("student").pk, cast.competency("RN.4").pk, 3)
    Evidence.record(section, [mark], by=by, observed_on=cast.org("cedar").today() - dt.timedelta(days=3))
    with django_capture_on_commit_callbacks(execute=True):
        door = Evidence.record(section, [mark], by=by)
    assert Credit.objects.count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        Evidence.take_back(section, [uuid.UUID(one) for one in door.result["evidence"]], by=by)
    assert Credit.objects.count() == 0


def test_past_the_course_the_next_one_opens(cast: Cast) -> None:
    course, learner = through(cast), cast.learner("student")
    other = cast.section("next-door")
    Section.objects.filter(pk=other.pk).update(course=course.next_course)
    beyond = Competency.objects.create(
        framework=cast.competency("RN.4").framework, identifier="RN.5", code="RN.5", statement="Solve a proportion."
    )
    other.refresh_from_db()
    other.expect(other.add_unit("Proportions", by=cast["next-door"]), [beyond], by=cast["next-door"])
    secure(cast, "RN.4")
    advancement.post_credits([learner.pk], by=PLANNER)
    assert [code for code, _reasons in steps(cast)] == ["RN.5"]


def test_a_rating_that_moves_nothing_asks_for_nothing(cast: Cast, django_capture_on_commit_callbacks) -> None:
    mark = Mark(cast.learner("student").pk, cast.competency("RN.1").pk, 3)
    with django_capture_on_commit_callbacks() as asked:
        Evidence.record(cast.section("math"), [mark], by=cast["math"])
    assert asked == []


def test_a_class_is_worked_out_once_a_record(cast: Cast, django_capture_on_commit_callbacks) -> None:
    marks = [Mark(cast.learner(slug).pk, cast.competency("RN.1").pk, 3) for slug in ("student", "amir", "bea")]
    earlier = cast.org("cedar").today() - dt.timedelta(days=2)
    Evidence.record(cast.section("math"), marks, by=cast["math"], observed_on=earlier)
    with django_capture_on_commit_callbacks(execute=True) as asked:
        Evidence.record(cast.section("math"), marks, by=cast["math"])
    assert len(asked) == 1
    assert set(NextStep.objects.values_list("learner__person__given_name", "competency__code")) == {
        ("Sofia", "RN.2"), ("Amir", "RN.2"), ("Bea", "RN.2"),
    }  # fmt: skip


def test_a_third_day_away_within_ten_asks(cast: Cast, django_capture_on_commit_callbacks) -> None:
    learner, today = cast.learner("student"), cast.org("cedar").today()
    for days, told in ((9, 0), (5, 0), (2, 1), (2, 0)):
        with django_capture_on_commit_callbacks() as asked:
            Absence.note(learner, today - dt.timedelta(days=days), by=cast["counselor"])
        assert len(asked) == told
