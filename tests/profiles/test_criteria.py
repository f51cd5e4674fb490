"""What it takes to have a skill whose parts are shown."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from profiles import criteria
from profiles.criteria import Group, Kinds, Shown, TaskLevel
from profiles.criteria_words import sentences
from profiles.models import (
    Branch,
    CircularCriteria,
    Course,
    CriteriaGroup,
    Demonstration,
    Estimate,
    Evidence,
    Leaf,
    Level,
    Mark,
    Section,
    Task,
    course_criteria,
    write_tree,
)
from tests.cast import Cast

from .test_evidence import days_ago, estimate, rate

IDS = [uuid.UUID(int=n) for n in range(4)]
ids, counts = st.sampled_from(IDS), st.integers(1, 4)
leaves = st.one_of(
    st.builds(criteria.Level, ids, counts), st.builds(Kinds, ids, counts), st.builds(TaskLevel, ids, counts)
)
trees = st.recursive(
    leaves, lambda inner: st.builds(Group, st.integers(1, 3), st.lists(inner, max_size=4)), max_leaves=12
)
amounts = st.dictionaries(ids, st.integers(0, 4))
shown = st.builds(Shown, amounts, amounts, amounts)


def more(one: dict[uuid.UUID, int], other: dict[uuid.UUID, int]) -> dict[uuid.UUID, int]:
    return {key: max(one.get(key, 0), other.get(key, 0)) for key in {*one, *other}}


@given(trees, shown, shown)
def test_showing_more_never_unmeets(tree, before: Shown, also: Shown) -> None:
    after = Shown(
        more(before.levels, also.levels),
        more(before.kinds, also.kinds),
        more(before.tasks, also.tasks),  # type: ignore[arg-type]
    )
    assert tree.met(after) >= tree.met(before)


@pytest.mark.parametrize(
    ("needed", "levels", "met"),
    [(3, (3, 3, 3), True), (3, (3, 3, 2), False), (1, (0, 3, 0), True), (2, (3, 0, 4), True), (2, (3, 2, 2), False)],
)
def test_so_many_of_the_parts(needed: int, levels: tuple[int, ...], met: bool) -> None:
    tree = Group(needed, [criteria.Level(one, 3) for one in IDS[:3]])
    assert tree.met(Shown(dict(zip(IDS, levels, strict=False)))) is met


def test_nothing_asked_is_never_met() -> None:
    assert Group(0, []).met(Shown()) is False


def part(cast: Cast, code: str, level: int = Level.SECURE) -> Leaf:
    return Leaf("level", cast.competency(code), level)


def secure(cast: Cast, code: str, slug: str = "student") -> None:
    for days in (2, 1):
        rate(cast, {slug: 3}, code, observed_on=days_ago(cast, days))


def test_skill_is_kept_when_its_parts_are_shown(cast: Cast) -> None:
    write_tree(cast.competency("RN.4"), Branch(0, [part(cast, "RN.1"), part(cast, "RN.2")]), by=cast["district"])
    secure(cast, "RN.1")
    assert not Estimate.objects.filter(competency=cast.competency("RN.4")).exists()
    secure(cast, "RN.2")
    whole = estimate(cast, code="RN.4")
    assert (whole.banked, whole.state) == (Level.SECURE, Level.UNKNOWN)
    assert Demonstration.objects.get(competency=cast.competency("RN.4")).by_criteria is True


def test_skills_of_skills_are_kept_in_one_go(cast: Cast) -> None:
    write_tree(cast.competency("RN.3"), Branch(1, [part(cast, "RN.1"), part(cast, "RN.2")]), by=cast["district"])
    write_tree(cast.competency("RN.4"), Branch(0, [part(cast, "RN.3")]), by=cast["district"])
    secure(cast, "RN.2")
    assert (estimate(cast, code="RN.3").banked, estimate(cast, code="RN.4").banked) == (Level.SECURE, Level.SECURE)


def test_taking_back_takes_what_the_parts_gave(cast: Cast) -> None:
    write_tree(cast.competency("RN.4"), Branch(0, [part(cast, "RN.1")]), by=cast["district"])
    rate(cast, {"student": 3}, observed_on=days_ago(cast, 1))
    door = rate(cast, {"student": 3})
    assert estimate(cast, code="RN.4").banked == Level.SECURE
    Evidence.take_back(cast.section("math"), [uuid.UUID(one) for one in door.result["evidence"]], by=cast["math"])
    assert (estimate(cast).banked, estimate(cast, code="RN.4").banked) == (Level.UNKNOWN, Level.UNKNOWN)


def test_evidence_of_several_kinds_and_a_piece_of_work_count(cast: Cast) -> None:
    section = cast.section("math")
    task = Task.objects.create(section=section, title="Poster", observed_on=days_ago(cast, 1))
    task.competencies.add(cast.competency("RN.1"))
    whole = Branch(0, [Leaf("count_kinds", cast.competency("RN.1"), 2), Leaf("task", task, 2)])
    write_tree(cast.competency("RN.4"), whole, by=cast["district"])
    rate(cast, {"student": 1}, observed_on=days_ago(cast, 3), kind="conversation")
    rate(cast, {"student": 1}, observed_on=days_ago(cast, 2), kind="observation")
    assert not Estimate.objects.filter(competency=cast.competency("RN.4")).exists()
    rate(cast, {"student": 2}, observed_on=days_ago(cast, 1), kind="task", task=task)
    assert estimate(cast, code="RN.4").banked == Level.SECURE


def test_tree_that_asks_for_itself_is_refused_whole(cast: Cast) -> None:
    write_tree(cast.competency("RN.3"), Branch(0, [part(cast, "RN.4")]), by=cast["district"])
    with pytest.raises(CircularCriteria):
        write_tree(cast.competency("RN.4"), Branch(0, [part(cast, "RN.3")]), by=cast["district"])
    assert CriteriaGroup.objects.count() == 1


def test_course_asks_for_all_its_classes_expect_unless_told_otherwise(cast: Cast) -> None:
    course = Course.objects.create(org=cast.org("cedar"), title="Mathematics 1")
    Section.objects.filter(pk=cast.section("math").pk).update(course=course)
    levels = {cast.competency(code).pk: 3 for code in ("RN.1", "RN.2", "RN.3", "RN.4")}
    assert course_criteria(course).met(Shown(levels)) is True
    assert course_criteria(course).met(Shown(levels | {cast.competency("RN.4").pk: 2})) is False
    top = CriteriaGroup.objects.create(course=course, op="K_OF_N", k=1)
    top.criteria.create(kind="level", competency=cast.competency("RN.1"), at_least=2)
    assert course_criteria(course).met(Shown({cast.competency("RN.1").pk: 2})) is True


@pytest.mark.parametrize("several", [False, True])
def test_meeting_costs_the_same_however_many(cast: Cast, several: bool, django_assert_num_queries) -> None:
    write_tree(cast.competency("RN.4"), Branch(0, [part(cast, "RN.1")]), by=cast["district"])
    slugs = ("student", "amir", "bea") if several else ("student",)
    rate(cast, dict.fromkeys(slugs, 3), observed_on=days_ago(cast, 1))
    section, by = cast.section("math"), cast["math"]
    marks = [Mark(cast.learner(slug).pk, cast.competency("RN.1").pk, 3) for slug in slugs]
    with django_assert_num_queries(27):
        Evidence.record(section, marks, by=by)
    assert Demonstration.objects.filter(by_criteria=True).count() == len(slugs)


def test_leader_writes_what_a_skill_takes(cast: Cast, sign_in) -> None:
    skill = cast.competency("RN.4")
    said = {"together": "AND", "codes_0": "RN.1\nRN.2", "needed_0": "1", "codes_1": "RN.3", "kinds_1": "2"}
    said |= {f"level_{n}": "3" for n in range(3)}
    url = reverse("profiles:criteria_write", args=[skill.pk])
    assert sign_in("district").post(url, said).status_code == 302
    assert sentences(skill) == [
        (0, "All of these:"),
        (1, "Any one of these:"),
        (2, "RN.1: at least secure"),
        (2, "RN.2: at least secure"),
        (1, "All of these:"),
        (2, "All of these:"),
        (3, "RN.3: at least secure"),
        (3, "RN.3: evidence of 2 different kinds"),
    ]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"codes_0": "RN.1", "needed_0": "2"}, "needed_0"),
        ({"codes_0": "ZZ"}, "codes_0"),
        ({"codes_0": "RN.4"}, "__all__"),
    ],
)
def test_what_cannot_be_asked_is_said(cast: Cast, sign_in, said, field) -> None:
    said = {"together": "AND"} | {f"level_{n}": "3" for n in range(3)} | said
    url = reverse("profiles:criteria_write", args=[cast.competency("RN.4").pk])
    answer = sign_in("district").post(url, said)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not CriteriaGroup.objects.exists()
