"""A class's competencies on its page: units, ticking a branch, copying, writing one's own, dropping."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from profiles.models import Competency, Framework, Section
from tests.cast import Cast

from .test_frameworks import bring_in, item, link
from .test_units import units

SignIn = Callable[[str], Client]


def url(name: str, section: Section, *args: Any) -> str:
    return reverse(f"profiles:{name}", args=[section.pk, *args])


def test_a_teacher_makes_a_unit_and_ticks_a_branch(cast: Cast, sign_in: SignIn) -> None:
    framework = bring_in(
        cast,
        item("N", "Numbers"),
        *(item(code, educationLevel=[grade]) for code, grade in (("N.1", "01"), ("N.2", "02"))),
        item("M"),
        links=[link("isChildOf", one, "N") for one in ("N.1", "N.2")],
    )
    english, teacher = cast.section("english"), sign_in("teacher")
    teacher.post(url("unit_add", english), {"title": " Number   stories "})
    unit = english.units.get()
    choose = url("expectation_choose", english, unit.pk)
    query = {"framework": str(framework.pk)}
    assert "All 2 of this branch" in teacher.get(choose, query).text

    heading = Competency.objects.get(code="N")
    graded = f"{choose}?framework={framework.pk}&grade=02"
    teacher.post(graded, {"competency": [heading.pk]})
    assert units(english) == [("Number stories", ["N.2"])]
    teacher.post(f"{choose}?framework={framework.pk}", {"competency": [heading.pk]})
    assert units(english) == [("Number stories", ["N.2", "N.1"])]

    nothing = teacher.post(f"{choose}?framework={framework.pk}", {})
    assert (nothing.status_code, "Tick at least one skill or one heading." in nothing.text) == (422, True)


def test_units_are_moved_renamed_begun_and_removed_without_leaving_the_page(cast: Cast, sign_in: SignIn) -> None:
    math, teacher = cast.section("math"), sign_in("math")
    ratios, numbers = math.units.all()
    moved = teacher.post(url("unit_move", math, numbers.pk), {"places": "-1"}, headers={"HX-Request": "true"})
    assert moved.text.index("Numbers") < moved.text.index("Ratios")
    assert "<html" not in moved.text

    teacher.post(url("unit_rename", math, numbers.pk), {"title": "Number line"})
    teacher.post(url("unit_be_in", math, numbers.pk))
    teacher.post(url("unit_remove", math, ratios.pk))
    assert units(math) == [("Number line", ["RN.4"])]
    assert Section.objects.get(pk=math.pk).unit == numbers
    assert teacher.post(url("unit_rename", math, numbers.pk), {"title": " "}).status_code == 422


def test_a_leader_copies_another_class_and_a_skill_is_dropped(cast: Cast, sign_in: SignIn) -> None:
    english, leader = cast.section("english"), sign_in("leader")
    leader.post(url("units_copy", english), {"other": cast.section("math").pk})
    leader.post(url("expectation_drop", english, cast.competency("RN.1").pk))
    assert units(english) == [("Ratios", ["RN.2", "RN.3"]), ("Numbers", ["RN.4"])]


def test_what_a_teacher_types_goes_into_the_schools_own_framework(cast: Cast, sign_in: SignIn) -> None:
    math, teacher = cast.section("math"), sign_in("math")
    write = url("expectation_write", math, math.unit_id)
    for code in ("H.1", "H.2"):
        teacher.post(write, {"statement": "Asks in time.", "code": code, "dimension": "habit"})

    own = Framework.objects.get(org=cast.org("cedar"))
    assert list(own.competencies.values_list("code", "dimension")) == [("H.1", "habit"), ("H.2", "habit")]
    assert units(math)[0] == ("Ratios", ["RN.1", "RN.2", "RN.3", "H.1", "H.2"])
    refused = teacher.post(write, {"statement": "", "dimension": "habit"})
    assert (refused.status_code, "Say in a sentence what a student can do." in refused.text) == (422, True)


def test_a_unit_has_a_map_of_what_the_class_knows(cast: Cast, sign_in: SignIn) -> None:
    math = cast.section("math")
    page = sign_in("math").get(url("class_map", math))
    assert page.text.count('class="map-node"') == 3
    assert "RN.1. Compare two ratios with a table or a drawing. not known yet" in page.text
    other = sign_in("math").get(url("class_map", math), {"unit": str(math.units.last().pk)})
    assert other.text.count('class="map-node"') == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_much_for_three_units_as_for_one(
    cast: Cast, sign_in: SignIn, count: int, django_assert_num_queries: Any
) -> None:
    english, teacher = cast.section("english"), sign_in("teacher")
    for n, code in enumerate(["RN.1", "RN.2", "RN.3"][:count]):
        english.expect(english.add_unit(f"Unit {n}", by=cast["teacher"]), [cast.competency(code)], by=cast["teacher"])
    with django_assert_num_queries(7):
        teacher.get(url("class_competencies", english))
