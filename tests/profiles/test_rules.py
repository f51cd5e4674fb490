"""How levels are worked out: choosing a rule, working out anew, and trying one before anything changes."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from profiles import levels
from profiles.forms_rules import RuleForm
from profiles.mastery import Piece, Policy, State, work_out
from profiles.models import (
    Change,
    Competency,
    Demonstration,
    Estimate,
    Evidence,
    EvidenceRating,
    Learner,
    Level,
    Mark,
    MasteryPolicy,
    Person,
    RuleTrial,
)
from profiles.rule_trial import SAMPLES, open_to_one_bad_day, order_counts, try_rule
from tests.cast import Cast

from .test_evidence import days_ago, estimate, rate

LATEST = Policy("latest", {}, 2)
DECAYING = Policy("decaying", {"w": 0.65}, 2)


def told(cast: Cast, slug: str, *ratings: int, code: str = "RN.1") -> None:
    """Ratings a day apart, the last one yesterday."""
    for n, level in enumerate(ratings):
        rate(cast, {slug: level}, code, observed_on=days_ago(cast, len(ratings) - n))


def form(cast: Cast, **said: object) -> dict[str, object]:
    return {**RuleForm.said_by(Policy("latest", {})), "require_independent": "", **said}


# Choosing


def test_new_rule_is_a_new_version_and_moves_levels(cast: Cast) -> None:
    cedar = cast.org("cedar")
    told(cast, "student", 3, 3, 1)
    assert estimate(cast).state == Level.SECURE

    MasteryPolicy.choose(cedar, LATEST, by=cast["leader"])
    moved = levels.work_out_again(cedar, None, by=cast["leader"])

    assert (moved, estimate(cast).state, estimate(cast).banked) == (1, Level.EMERGING, Level.SECURE)
    last = Change.objects.filter(stream=cast.learner("student").stream).order_by("version").last()
    assert last
    assert (last.verb, last.before, last.after) == ("level_worked_out_anew", {"state": 3}, {"state": 1})


def test_versions_are_counted_and_one_is_current(cast: Cast) -> None:
    cedar, leader = cast.org("cedar"), cast["leader"]
    for rule in (LATEST, DECAYING, DECAYING):
        MasteryPolicy.choose(cedar, rule, by=leader)
    kept = MasteryPolicy.objects.order_by("number").values_list("number", "current", "method")
    assert list(kept) == [(1, False, "latest"), (2, True, "decaying")]
    MasteryPolicy.objects.get(current=True).end(by=leader)
    assert MasteryPolicy.choose(cedar, LATEST, by=leader).number == 3


def test_new_rule_banks_nothing(cast: Cast) -> None:
    told(cast, "student", 1, 1, 1, 3)
    MasteryPolicy.choose(cast.org("cedar"), LATEST, by=cast["leader"])
    levels.work_out_again(cast.org("cedar"), None, by=cast["leader"])
    assert (estimate(cast).state, estimate(cast).banked) == (Level.SECURE, Level.EMERGING)
    assert [one.level for one in Demonstration.objects.all()] == [Level.EMERGING]


def test_rule_of_one_school_leaves_the_other_alone(cast: Cast) -> None:
    told(cast, "student", 3, 3, 1)
    juniper = cast.section("juniper")
    for day, level in ((3, 3), (2, 3), (1, 1)):
        mark = Evidence.record(
            juniper,
            [_mark(cast, "juniper-student", level)],
            by=cast["other-teacher"],
            observed_on=days_ago(cast, day),
        )
        assert mark.result["rated"]
    MasteryPolicy.choose(cast.org("cedar"), LATEST, by=cast["leader"])
    levels.work_out_again(cast.org("cedar"), None, by=cast["leader"])
    assert (estimate(cast).state, estimate(cast, "juniper-student").state) == (Level.EMERGING, Level.SECURE)


def _mark(cast: Cast, slug: str, level: int) -> Mark:
    return Mark(cast.learner(slug).pk, cast.competency("RN.1").pk, level)


def test_school_rule_comes_before_the_districts(cast: Cast) -> None:
    told(cast, "student", 3, 3, 1)
    MasteryPolicy.choose(cast.org("cedar"), Policy("highest", {}), by=cast["leader"])
    MasteryPolicy.choose(cast.org("district"), LATEST, by=cast["district"])
    levels.work_out_again(cast.org("district"), None, by=cast["district"])
    assert estimate(cast).state == Level.SECURE


def test_rule_for_one_skill_moves_only_that(cast: Cast) -> None:
    for code in ("RN.1", "RN.2"):
        told(cast, "student", 3, 3, 1, code=code)
    skill = cast.competency("RN.2")
    MasteryPolicy.choose(cast.org("cedar"), LATEST, by=cast["leader"], competency=skill)
    levels.work_out_again(cast.org("cedar"), skill, by=cast["leader"])
    assert (estimate(cast).state, estimate(cast, code="RN.2").state) == (Level.SECURE, Level.EMERGING)


def test_1200_levels_take_few_statements(cast: Cast, django_assert_max_num_queries) -> None:
    cedar, framework = cast.org("cedar"), cast.competency("RN.1").framework
    skills = Competency.objects.bulk_create(
        Competency(framework=framework, identifier=f"many-{n}", code=f"M.{n}", statement=str(n), position=10 + n)
        for n in range(40)
    )
    people = Person.objects.bulk_create(Person(given_name="Ada", family_name=f"Many{n}") for n in range(30))
    learners = Learner.objects.bulk_create(Learner(pk=one.pk, person=one, home=cedar) for one in people)
    for day, level in ((3, 3), (2, 3), (1, 1)):
        pieces = Evidence.objects.bulk_create(
            Evidence(learner=one, evidence_kind="task", observed_on=days_ago(cast, day)) for one in learners
        )
        EvidenceRating.objects.bulk_create(
            EvidenceRating(evidence=piece, learner_id=piece.learner_id, competency=skill, level=level)
            for piece in pieces
            for skill in skills
        )
    Estimate.objects.bulk_create(
        Estimate(learner=one, competency=skill, state=3) for one in learners for skill in skills
    )
    MasteryPolicy.choose(cedar, LATEST, by=cast["leader"])

    with django_assert_max_num_queries(20):
        moved = levels.work_out_again(cedar, None, by=cast["leader"])

    assert moved == 1200


# Trying


def pieces(*ratings: int) -> list[Piece]:
    first = dt.date(2020, 9, 1)
    return [Piece(level, "task", True, first + dt.timedelta(days=n), n) for n, level in enumerate(ratings)]


@pytest.mark.parametrize(
    ("ratings", "rule", "bad_day", "order"),
    [
        ((3, 3, 3, 3), Policy(), False, False),
        ((3, 3, 3), LATEST, True, False),
        ((1, 3), LATEST, True, True),
        ((2, 3, 3), Policy("highest", {}), False, False),
        ((3, 3, 1, 3), Policy("power_law", {}), True, False),
        ((1, 2, 3, 4), Policy("mean", {}), True, False),
        ((1, 1, 3, 3), DECAYING, True, True),
        ((1, 1, 1), Policy("mean", {}), False, False),
    ],
)
def test_one_bad_day_and_order_are_seen(ratings, rule, bad_day, order) -> None:
    state = work_out(pieces(*ratings), rule).state
    assert (open_to_one_bad_day(pieces(*ratings), rule, state), order_counts(pieces(*ratings), rule, state)) == (
        bad_day,
        order,
    )


def test_what_is_not_known_hangs_on_nothing() -> None:
    tried = try_rule({"a": pieces(3)}, {"a": State.UNKNOWN}, lambda _key: LATEST)
    assert (tried.moved, tried.bad_day, tried.order) == ({}, [], [])


def test_moves_are_counted_by_from_and_to() -> None:
    evidence = {"a": pieces(3, 3, 1), "b": pieces(3, 3, 1), "c": pieces(3, 3, 4), "d": pieces(3, 3)}
    tried = try_rule(evidence, dict.fromkeys(evidence, State.SECURE), lambda _key: LATEST)
    assert tried.counts() == [(State.SECURE, State.EMERGING, 2), (State.SECURE, State.EXTENDING, 1)]
    assert (tried.higher, tried.lower) == (1, 2)


def test_trial_changes_nothing_and_names_those_who_would_move(cast: Cast, sign_in) -> None:
    told(cast, "student", 3, 3, 1)
    told(cast, "bea", 3, 3, 3)
    client, cedar = sign_in("leader"), cast.org("cedar")

    answer = client.post(reverse("profiles:levels_try", args=[cedar.pk]), form(cast), follow=True)

    shown = answer.context
    assert shown["moves"] == [(Level.SECURE, Level.EMERGING, 1)]
    assert [(one.title, one.moves, one.names) for one in shown["classes"]] == [
        (
            "Integrated mathematics 1",
            1,
            [f"{cast['student']}, RN.1: secure → emerging"],
        )
    ]
    assert estimate(cast).state == Level.SECURE
    assert not MasteryPolicy.objects.exists()


def test_tried_rule_is_used_from_then_on(cast: Cast, sign_in) -> None:
    told(cast, "student", 3, 3, 1)
    client, cedar = sign_in("leader"), cast.org("cedar")
    client.post(reverse("profiles:levels_try", args=[cedar.pk]), form(cast))
    trial = RuleTrial.objects.get()

    answer = client.post(reverse("profiles:rule_choose", args=[cedar.pk, trial.pk]), follow=True)

    assert estimate(cast).state == Level.EMERGING
    assert (answer.context["rule"].name, answer.context["working"]) == ("the newest one", False)


def test_district_leader_reads_counts_of_ten_or_more_and_no_name(cast: Cast, sign_in) -> None:
    told(cast, "student", 3, 3, 1)
    client, cedar = sign_in("district"), cast.org("cedar")
    answer = client.post(reverse("profiles:levels_try", args=[cedar.pk]), form(cast), follow=True)
    assert answer.context["moves"] == [(Level.SECURE, Level.EMERGING, "fewer than 10")]
    assert (answer.context["classes"], str(cast["student"]) in answer.text) == ([], False)


def test_without_evidence_the_rules_are_shown_on_made_up_ratings(cast: Cast, sign_in) -> None:
    client, cedar = sign_in("leader"), cast.org("cedar")
    answer = client.post(reverse("profiles:levels_try", args=[cedar.pk]), form(cast), follow=True)
    samples = answer.context["samples"]
    assert samples[0] == ("the newest one", [Level(levels[-1]) for levels in SAMPLES])
    assert len(samples) == 10


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"method": "decaying", "share": "100"}, "share"),
        ({"method": "decaying", "share": ""}, "share"),
        ({"method": "mode_last_k", "k": "0"}, "k"),
        ({"method": "bkt", "slips": "0.5"}, "slips"),
        ({"method": "power_law"}, "slip_known"),
        ({"method": "guess"}, "method"),
        ({"code": "ZZ.9"}, "code"),
    ],
)
def test_impossible_rule_is_refused_with_a_sentence(cast: Cast, sign_in, said, field) -> None:
    cedar = cast.org("cedar")
    cast.section("math")
    client: Client = sign_in("leader")
    answer = client.post(reverse("profiles:levels_try", args=[cedar.pk]), form(cast, **said))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not RuleTrial.objects.exists()


def test_teacher_reads_the_rule_and_meets_no_choice(cast: Cast, sign_in) -> None:
    answer = sign_in("math").get(reverse("profiles:levels_detail", args=[cast.org("cedar").pk]))
    assert (answer.status_code, answer.context["form"]) == (200, None)
