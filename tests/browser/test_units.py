"""A class's units in Chromium: small steps without leaving the page, and a heading that ticks what is below it."""

from __future__ import annotations

from django.urls import reverse
from playwright.sync_api import expect

from tests.cast import Cast
from tests.profiles.test_frameworks import bring_in, item, link
from tests.profiles.test_units import units

from .conftest import Open


def test_a_unit_is_moved_by_keyboard_and_a_branch_ticked(window: Open, cast: Cast) -> None:
    parents = [link("isChildOf", code, "N") for code in ("N.1", "N.2")]
    bring_in(cast, item("N"), item("N.1"), item("N.2"), links=parents)
    math = cast.section("math")
    page = window("math", reverse("profiles:class_competencies", args=[math.pk]))
    heads = page.locator("#units h2")
    expect(heads).to_have_text(["Ratios", "Numbers"])

    page.get_by_text("Change: Numbers").press("Enter")
    page.get_by_role("button", name="Earlier").press("Enter")
    expect(heads).to_have_text(["Numbers", "Ratios"])
    expect(page.locator("summary:focus")).to_have_text("Change: Numbers")

    page.get_by_role("link", name="Tick from a framework").first.click()
    page.get_by_label("Framework").select_option("Reading")
    page.get_by_role("button", name="Show").click()
    page.get_by_label("All 2 of this branch").check()
    expect(page.get_by_label("N.2 Says N.2.")).to_be_checked()
    page.get_by_label("N.1 Says N.1.").uncheck()
    expect(page.get_by_label("All 2 of this branch")).not_to_be_checked()
    page.get_by_role("button", name="Add what is ticked").click()
    expect(page.locator("#units")).to_contain_text("N.2")

    assert units(math)[0] == ("Numbers", ["RN.4", "N.2"])
