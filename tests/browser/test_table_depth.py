"""More of the strategy table in Chromium: taking back, comments, the meeting, pasting, signing in again in place."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Page, expect

from planning.models import Strategy, StrategyTable
from profiles.models import Person
from tests.cast import Cast

from .conftest import Open, check_accessible
from .test_table import ROWS, cell, path, stored, table, write

__all__ = ["path", "table"]


def saved(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved")


def paste(page: Page, **kinds: str) -> None:
    """What a browser does on Ctrl+V with this clipboard."""
    page.evaluate(
        """(kinds) => {
            const clipboardData = new DataTransfer();
            for (const [kind, text] of Object.entries(kinds)) clipboardData.setData(`text/${kind}`, text);
            document.activeElement.dispatchEvent(
                new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }""",
        kinds,
    )


def test_last_edit_is_taken_back(window: Open, table: StrategyTable, path: str) -> None:
    page = window("teacher", path)
    write(page, 0, "assessment", "Late arrivals")
    expect(page.locator("[data-undo]")).to_be_visible()

    page.keyboard.press("Control+z")

    expect(cell(page, 0, "assessment").locator(".need")).to_be_visible()
    expect(page.locator("[data-undo]")).to_be_hidden()
    assert stored(table, 0, "assessment") == ""


def test_taking_back_is_refused_once_a_colleague_wrote(
    window: Open, table: StrategyTable, path: str, cast: Cast
) -> None:
    page = window("teacher", path)
    write(page, 0, "assessment", "Late arrivals")
    expect(page.locator("[data-undo]")).to_be_visible()
    row = table.strategies.standing()[0]
    theirs = "Late arrivals, by week"
    table.save_cell(row.pk, "assessment", theirs, base_version=row.cell_versions["assessment"], by=cast["advisor"])

    page.get_by_role("button", name="Undo").click()

    expect(page.locator("#notices")).to_contain_text("A colleague has changed this cell since")
    expect(cell(page, 0, "assessment").locator(".text")).to_have_text(theirs)


def test_comment_waits_on_the_home_of_whom_it_mentions(window: Open, table: StrategyTable, path: str) -> None:
    maya, henry = window("teacher", path), window("advisor")
    maya.locator("#rows a.more").first.click()
    maya.get_by_text("Comment on this row").click()
    maya.get_by_label("Comment*").fill("@Henry Osei can you take the door on Mondays?")
    maya.get_by_label("This must be answered").check()
    check_accessible(maya)
    maya.get_by_role("button", name="Say it").click()
    expect(maya.locator("#row-menu blockquote")).to_contain_text("can you take the door")
    maya.get_by_role("button", name="Close").click()
    expect(maya.locator("#rows a.count")).to_have_text("1")

    henry.reload()
    henry.get_by_role("link", name="@Henry Osei can you take").click()
    henry.get_by_role("textbox", name="Answer").fill("Yes.")
    henry.get_by_role("button", name="Answer", exact=True).click()
    henry.get_by_role("button", name="Settled").click()
    check_accessible(henry)
    henry.goto("/")

    expect(henry.get_by_text("You were mentioned")).to_have_count(0)
    expect(maya.locator("#rows a.count")).to_have_count(0, timeout=3000)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_meeting_goes_from_row_to_row_and_edits(
    window: Open, table: StrategyTable, path: str, width: int, scheme: str
) -> None:
    page = window("teacher", path + "meeting/", width=width, color_scheme=scheme)
    expect(page.locator("#rows tr")).to_have_count(1)
    check_accessible(page)

    page.keyboard.press("PageDown")
    expect(cell(page, 0, "description").locator(".text")).to_have_text(ROWS[1])
    write(page, 0, "assessment", "Count breakfasts")
    saved(page)
    page.keyboard.press("PageUp")

    expect(cell(page, 0, "description").locator(".text")).to_have_text(ROWS[0])
    assert stored(table, 1, "assessment") == "Count breakfasts"


def test_pasted_rows_are_looked_at_then_applied(window: Open, table: StrategyTable, path: str) -> None:
    page = window("teacher", path)
    cell(page, 0, "description").focus()

    html = "<table><tr><td>Phones in lockers</td><td>Climate</td></tr><tr><td>Walk to school</td><td></td></tr></table>"
    paste(page, html=html, plain="Phones in lockers\tClimate\nWalk to school\t")
    expect(page.get_by_text("2 rows would be added")).to_be_visible()
    check_accessible(page)
    page.get_by_role("button", name="Apply").click()

    expect(page.locator("#rows tr")).to_have_count(4)
    assert [row.description for row in table.strategies.standing()][2:] == ["Phones in lockers", "Walk to school"]


def test_pasted_cells_go_onto_the_rows_they_were_pasted_at(window: Open, table: StrategyTable, path: str) -> None:
    page = window("teacher", path)
    cell(page, 0, "student_effects").focus()

    paste(page, plain="they are seen\twe know them\nthey eat\twe eat too")
    page.get_by_role("button", name="Apply").click()

    expect(page.locator("#rows tr")).to_have_count(2)
    assert stored(table, 1, "teacher_effects") == [{"text": "we eat too", "support": ""}]


def test_pasted_words_open_the_cell(window: Open, table: StrategyTable, path: str) -> None:
    page = window("teacher", path)
    cell(page, 0, "assessment").focus()

    paste(page, plain="Late arrivals")
    page.keyboard.press("Control+Enter")
    saved(page)

    assert stored(table, 0, "assessment") == "Late arrivals"


def test_rows_are_found_and_filtered(window: Open, table: StrategyTable, path: str) -> None:
    page = window("teacher", path)
    page.get_by_text("Find and sort").click()

    page.get_by_label("Words").fill("breakfast")
    page.get_by_role("button", name="Show", exact=True).click()

    expect(page.locator("#rows tr")).to_have_count(1)
    check_accessible(page)
    page.get_by_role("link", name="Show all rows").click()
    expect(page.locator("#rows tr")).to_have_count(2)


@pytest.fixture
def password(cast: Cast) -> str:
    Person.objects.filter(pk=cast["teacher"].pk).update(password=make_password("ninth grade mornings"))
    return "ninth grade mornings"


def test_signing_in_again_in_place_saves_the_words(
    window: Open, table: StrategyTable, path: str, cast: Cast, password: str
) -> None:
    page = window("teacher", path)
    cell(page, 0, "assessment").click()
    page.keyboard.type("Late arrivals")
    page.context.clear_cookies(name="sessionid")
    page.keyboard.press("Control+Enter")

    dialog = page.locator("#sign-in")
    expect(dialog).to_be_visible()
    check_accessible(page)
    dialog.locator("[name=login]").fill(cast["teacher"].email or "")
    dialog.locator("[name=password]").fill(password)
    dialog.locator("[name=password]").press("Enter")

    expect(dialog).to_be_hidden()
    saved(page)
    assert stored(table, 0, "assessment") == "Late arrivals"


def test_second_step_is_asked_in_place_too(
    window: Open, table: StrategyTable, path: str, cast: Cast, password: str
) -> None:
    secret = generate_totp_secret()
    TOTP.activate(cast["teacher"], secret)
    page = window("teacher", path)
    cell(page, 0, "assessment").click()
    page.keyboard.type("Late arrivals")
    page.context.clear_cookies(name="sessionid")
    page.keyboard.press("Control+Enter")

    dialog = page.locator("#sign-in")
    dialog.locator("[name=login]").fill(cast["teacher"].email or "")
    dialog.locator("[name=password]").fill(password)
    dialog.locator("[name=password]").press("Enter")
    dialog.locator("[name=code]").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    dialog.locator("[name=code]").press("Enter")
    dialog.get_by_role("button", name="Remember it for 30 days").click()

    expect(dialog).to_be_hidden()
    saved(page)
    assert stored(table, 0, "assessment") == "Late arrivals"
    assert "mfa_trusted" in [cookie.get("name") for cookie in page.context.cookies()]


def test_words_queued_here_are_sent_from_any_page(window: Open, table: StrategyTable, path: str) -> None:
    page = window("teacher", path)
    page.route("**/cells/**", lambda route: route.abort())
    write(page, 0, "assessment", "Late arrivals")
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "unsaved")
    page.unroute_all()

    page.on("dialog", lambda dialog: dialog.accept())
    with page.expect_response("**/cells/assessment/"):
        page.goto("/")

    assert stored(table, 0, "assessment") == "Late arrivals"


def test_row_that_moved_to_another_table_is_there_with_its_words(
    window: Open, table: StrategyTable, path: str, cast: Cast
) -> None:
    other = StrategyTable.begin(cast.org("cedar"), "Next steps", "grade_team", by=cast["teacher"])
    Strategy.add(other, by=cast["teacher"], values={"description": "First"})
    page = window("teacher", path)

    page.locator("#rows a.more").first.click()
    page.get_by_label("Move to another table").select_option(label="Next steps")
    page.get_by_role("button", name="Move there").click()

    expect(page.locator("h1")).to_have_text("Next steps")
    expect(cell(page, 1, "description").locator(".text")).to_have_text(ROWS[0])
