"""A class in Chromium: one key a mark, without a connection too, two teachers at once, on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from profiles.models import Enrollment, EvidenceRating, Section
from tests.cast import Cast

from .conftest import Open, check_accessible


@pytest.fixture
def section(cast: Cast) -> Section:
    return cast.section("math")


@pytest.fixture
def path(section: Section) -> str:
    return f"/profiles/classes/{section.pk}/"


def cell(page: Page, row: int, column: int) -> Locator:
    return page.locator("#rows tr").nth(row).locator("td").nth(column)


def marks() -> list[tuple[str, str, int]]:
    standing = EvidenceRating.objects.standing().order_by("pk")
    return list(standing.values_list("learner__person__given_name", "competency__code", "level"))


def all_saved(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved")
    expect(page.locator("#rows td.saving, #rows td.unsaved, li.saving, li.unsaved")).to_have_count(0)


def test_a_class_is_rated_with_one_key_a_student(window: Open, section: Section, path: str) -> None:
    page = window("math", path)
    cell(page, 0, 1).click()
    for key in "3214":
        page.keyboard.press(key)
    expect(cell(page, 3, 1)).to_have_attribute("data-m", "4")
    all_saved(page)
    assert marks() == [("Bea", "RN.2", 3), ("Amir", "RN.2", 2), ("Chen", "RN.2", 1), ("Sofia", "RN.2", 4)]


def test_the_grid_is_walked_like_a_spreadsheet(window: Open, section: Section, path: str) -> None:
    page = window("math", path)
    keys = page.keyboard
    cell(page, 0, 0).click()
    for key, row, column in [
        ("ArrowRight", 0, 1), ("ArrowDown", 1, 1), ("End", 1, 2), ("ArrowRight", 1, 2), ("Home", 1, 0),
        ("Control+End", 3, 2), ("ArrowUp", 2, 2), ("Control+Home", 0, 0), ("PageDown", 3, 0),
    ]:  # fmt: skip
        keys.press(key)
        expect(cell(page, row, column)).to_be_focused()
    expect(page.locator("#rows td[tabindex='0']")).to_have_count(1)


def test_the_last_mark_is_taken_back_by_a_key(window: Open, section: Section, path: str) -> None:
    page = window("math", path)
    cell(page, 0, 0).click()
    page.keyboard.press("3")
    expect(cell(page, 0, 0)).to_contain_text("marked 3 today")
    page.keyboard.press("u")
    expect(cell(page, 0, 0)).to_have_text("not known yet")
    expect(cell(page, 0, 0)).to_be_focused()
    all_saved(page)
    assert marks() == []


def test_everybody_else_is_rated_as_expected(window: Open, section: Section, path: str) -> None:
    page = window("math", path)
    cell(page, 0, 0).click()
    page.keyboard.press("1")
    expect(cell(page, 0, 0)).to_contain_text("marked 1 today")
    page.keyboard.press("Shift+Digit3")
    expect(cell(page, 3, 0)).to_contain_text("marked 3 today")
    assert [level for _name, _code, level in marks()] == [1, 3, 3, 3]
    page.keyboard.press("u")
    expect(cell(page, 3, 0)).to_have_text("not known yet")
    assert [level for _name, _code, level in marks()] == [1]


def test_words_go_along_with_a_mark(window: Open, section: Section, path: str) -> None:
    page = window("math", path)
    cell(page, 0, 0).click()
    page.keyboard.press("w")
    page.keyboard.type("Two ways, well drawn.")
    page.keyboard.press("Tab")
    page.keyboard.type("Try three quarters.")
    page.keyboard.press("Enter")
    page.keyboard.press("4")
    all_saved(page)
    kept = EvidenceRating.objects.get()
    assert (kept.level, kept.said, kept.next_thing) == (4, "Two ways, well drawn.", "Try three quarters.")


def test_marks_made_without_a_connection_go_out_once(window: Open, section: Section, path: str) -> None:
    page = window("math", path)
    cell(page, 0, 0).click()
    page.context.set_offline(True)
    page.keyboard.press("3")
    page.keyboard.press("2")
    page.keyboard.press("4")
    page.keyboard.press("u")
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "unsaved")
    assert marks() == []
    page.context.set_offline(False)
    all_saved(page)
    expect(cell(page, 1, 0)).to_contain_text("marked 2 today")
    assert marks() == [("Bea", "RN.1", 3), ("Amir", "RN.1", 2)]


def test_two_teachers_rate_the_same_class_at_once(window: Open, cast: Cast, section: Section, path: str) -> None:
    Enrollment.objects.create(section=section, person=cast["science"], role="teacher")
    one, other = window("math", path), window("science", path)
    cell(one, 0, 0).click()
    one.keyboard.press("3")
    expect(cell(other, 0, 0)).to_contain_text("marked 3 today")
    cell(other, 0, 0).click()
    other.keyboard.press("2")
    expect(cell(one, 0, 0)).to_contain_text("marked 2 today")
    expect(one.locator("[data-part=columns] li").first).to_contain_text("1 on the way, 3 not known yet")
    assert [level for _name, _code, level in marks()] == [3, 2]


def test_the_list_is_rated_by_taps_on_a_phone(window: Open, cast: Cast, section: Section, path: str) -> None:
    page = window("math", f"{path}record/{cast.competency('RN.1').pk}/", width=320, has_touch=True)
    page.locator("#record li").nth(0).get_by_role("button", name="secure").tap()
    expect(page.locator("#record li").nth(0).locator("[data-state]")).to_have_text("begun, marked 3 today")
    page.get_by_label("Everybody not rated today").select_option("developing")
    page.get_by_role("button", name="Record the rest").tap()
    expect(page.locator("#record li").nth(3).locator("[data-state]")).to_have_text("begun, marked 2 today")
    check_accessible(page)
    assert [level for _name, _code, level in marks()] == [3, 2, 2, 2]


def test_home_leads_straight_into_recording(window: Open, cast: Cast, section: Section) -> None:
    page = window("math", "/", width=320)
    page.get_by_role("link", name="Record in Integrated mathematics 1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("RN.1")


def test_a_task_is_rated_in_its_own_grid(window: Open, section: Section, path: str) -> None:
    page = window("math", f"{path}tasks/")
    page.get_by_label("Title").fill("Paint mixing")
    page.get_by_label("RN.1").check()
    page.get_by_label("RN.4").check()
    page.get_by_role("button", name="Rate it").click()
    cell(page, 0, 0).click()
    page.keyboard.press("3")
    page.keyboard.press("2")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("4")
    all_saved(page)
    check_accessible(page)
    assert marks() == [("Bea", "RN.1", 3), ("Amir", "RN.1", 2), ("Chen", "RN.4", 4)]


@pytest.mark.parametrize("width", [1280, 320])
def test_pages_of_a_class_are_accessible(window: Open, cast: Cast, section: Section, path: str, width: int) -> None:
    learner, skill = cast.learner("student"), cast.competency("RN.1")
    page = window("math", path, width=width)
    if width > 700:
        cell(page, 0, 0).click()
        page.keyboard.press("3")
        expect(cell(page, 0, 0)).to_contain_text("marked 3 today")
    check_accessible(page)
    for one in (
        "/profiles/classes/",
        f"{path}tasks/",
        f"{path}print/",
        f"/profiles/learners/{learner.pk}/competencies/{skill.pk}/",
        f"/profiles/teams/{cast.team('ninth').pk}/students/",
    ):
        page.goto(one)
        check_accessible(page)
