"""What a class works towards, unit by unit."""

from __future__ import annotations

from profiles.models import Framework, Section
from tests.cast import Cast


def units(section: Section) -> list[tuple[str, list[str]]]:
    return [
        (unit.title, [one.competency.code for one in unit.expectations.order_by("position")])
        for unit in section.units.all()
    ]


def test_another_class_is_copied(cast: Cast) -> None:
    english = cast.section("english")
    assert english.copy_units(cast.section("math"), by=cast["teacher"]) == 4
    assert units(english) == [("Ratios", ["RN.1", "RN.2", "RN.3"]), ("Numbers", ["RN.4"])]
    assert english.unit.title == "Ratios"


def test_a_competency_is_expected_once_and_moves(cast: Cast) -> None:
    math = cast.section("math")
    numbers = math.units.get(title="Numbers")
    assert math.expect(numbers, [cast.competency("RN.2"), cast.competency("RN.4")], by=cast["math"]) == 0
    assert units(math) == [("Ratios", ["RN.1", "RN.3"]), ("Numbers", ["RN.4", "RN.2"])]


def test_units_are_moved_renamed_begun_and_removed(cast: Cast) -> None:
    math = cast.section("math")
    ratios, numbers = math.units.all()
    numbers.move(-1, by=cast["math"])
    numbers.rename("Number line", by=cast["math"])
    math.be_in(numbers, by=cast["math"])
    ratios.refresh_from_db()
    ratios.remove(by=cast["math"])
    assert units(math) == [("Number line", ["RN.4"])]
    assert Section.objects.get(pk=math.pk).unit == numbers


def test_what_a_class_no_longer_expects_is_dropped(cast: Cast) -> None:
    math = cast.section("math")
    math.drop(list(math.expectations.filter(competency__code="RN.1")), by=cast["math"])
    assert units(math)[0] == ("Ratios", ["RN.2", "RN.3"])


def test_a_school_writes_its_own(cast: Cast) -> None:
    own = Framework.begin(cast.org("cedar"), "How we work", by=cast["leader"])
    made = own.add("Asks for help in time.", code="HW.1", dimension="habit", by=cast["leader"])
    made.revise(student_wording={"en": "I ask before I am stuck.", "es": "Pregunto a tiempo."}, by=cast["leader"])
    assert made.worded("student", "es") == ("Pregunto a tiempo.", True)
    assert made.worded("family", "es") == ("Asks for help in time.", False)
