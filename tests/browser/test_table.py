"""The strategy table in Chromium: in place, by keyboard, two people at once, and nothing typed is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from planning.models import Strategy, StrategyTable
from tests.cast import Cast

from .conftest import Open, check_accessible

ROWS = ("Greet everyone by name", "A quiet room with breakfast")


@pytest.fixture
def table(cast: Cast) -> StrategyTable:
    table = StrategyTable.begin(
        cast.org("cedar"), "Calmer mornings", "grade_team", by=cast["teacher"], team=cast.team("ninth")
    )
    for text in ROWS:
        Strategy.add(table, by=cast["teacher"], values={"description": text})
    return table


@pytest.fixture
def path(table: StrategyTable) -> str:
    return f"/planning/tables/{table.pk}/"


def cell(page: Page, row: int, name: str) -> Locator:
    return page.locator("#rows tr").nth(row).locator(f"td[data-cell={name}]")


def write(page: Page, row: int, name: str, text: str) -> None:
    cell(page, row, name).click()
    box = cell(page, row, name).locator("textarea").first
    box.fill(text)
    box.press("Control+Enter")


def stored(table: StrategyTable, row: int, name: str) -> object:
    return list(table.strategies.standing())[row].value(name)


def test_cell_is_written_in_place(window: Open, table: StrategyTable, path: str) -> None:
    page = window("teacher", path)

    write(page, 0, "assessment", "Late arrivals by week")

    expect(cell(page, 0, "assessment").locator(".text")).to_have_text("Late arrivals by week")
    expect(cell(page, 0, "assessment")).to_be_focused()
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved")
    expect(cell(page, 0, "assessment")).not_to_have_class("saving")
    assert stored(table, 0, "assessment") == "Late arrivals by week"


def test_every_kind_of_cell_is_written_by_keyboard(window: Open, table: StrategyTable, path: str, cast: Cast) -> None:
    page = window("teacher", path)
    keys = page.keyboard

    cell(page, 0, "description").focus()
    keys.press("F2")
    keys.type(" at the door")
    keys.press("Control+Enter")
    keys.press("ArrowRight")
    keys.press("Enter")
    keys.press("Space")
    keys.press("Tab")
    keys.press("Space")
    keys.press("Control+Enter")
    keys.press("ArrowRight")
    keys.press("Enter")
    keys.type("Henry Osei")
    keys.press("Tab")
    keys.press("Space")
    keys.press("Shift+Tab")
    keys.press("Enter")
    keys.type("the cafeteria team")
    keys.press("Control+Enter")
    keys.press("ArrowRight")
    keys.press("Enter")
    keys.type("they are seen\nthey are on time")
    keys.press("Tab")
    expect(cell(page, 0, "teacher_effects")).to_be_focused()
    expect(cell(page, 0, "student_effects").locator("li")).to_have_count(2)
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved")

    assert stored(table, 0, "description") == "Greet everyone by name at the door"
    assert stored(table, 0, "areas") == ["organization", "climate"]
    assert stored(table, 0, "responsible") == {
        "people": [{"person": str(cast["advisor"].pk), "lead": True}, {"role": "the cafeteria team"}],
        "why": "",
    }
    assert stored(table, 0, "student_effects") == [
        {"text": "they are seen", "support": ""},
        {"text": "they are on time", "support": ""},
    ]


def test_escape_leaves_the_cell_as_it_was(window: Open, table: StrategyTable, path: str) -> None:
    page = window("teacher", path)
    cell(page, 0, "description").click()
    page.keyboard.type("nonsense")

    page.keyboard.press("Escape")

    expect(cell(page, 0, "description")).to_have_text(ROWS[0])
    expect(cell(page, 0, "description")).to_be_focused()
    assert stored(table, 0, "description") == ROWS[0]


def test_row_is_added_and_moved_by_keyboard(window: Open, table: StrategyTable, path: str) -> None:
    page = window("teacher", path)

    page.get_by_role("button", name="Add a strategy").click()
    expect(page.locator("td.open textarea")).to_be_focused()
    page.keyboard.type("Phones in lockers")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#rows tr")).to_have_count(3)
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved")
    page.keyboard.press("Alt+ArrowUp")

    expect(cell(page, 1, "description")).to_have_text("Phones in lockers")
    expect(cell(page, 1, "description")).to_be_focused()
    assert stored(table, 1, "description") == "Phones in lockers"


def test_row_is_moved_by_its_menu_and_by_drag(window: Open, table: StrategyTable, path: str) -> None:
    page = window("teacher", path)

    page.locator("#rows tr").nth(0).locator("a.more").click()
    page.get_by_label("Move behind").select_option(label=ROWS[1])
    page.get_by_role("button", name="Move").click()
    expect(cell(page, 1, "description")).to_have_text(ROWS[0])
    page.locator("#rows tr").nth(1).locator("a.more").drag_to(
        page.locator("#rows tr").nth(0), target_position={"x": 20, "y": 4}
    )

    expect(cell(page, 0, "description")).to_have_text(ROWS[0])


def test_different_cells_never_clash(window: Open, table: StrategyTable, path: str) -> None:
    maya, henry = window("teacher", path), window("advisor", path)
    cell(maya, 0, "assessment").click()
    maya.keyboard.type("Late arrivals")

    write(henry, 0, "description", "Greet everyone at the door")

    expect(cell(maya, 0, "description").locator(".text")).to_have_text("Greet everyone at the door", timeout=3000)
    expect(cell(maya, 0, "assessment").locator("textarea")).to_have_value("Late arrivals")
    maya.keyboard.press("Control+Enter")
    expect(cell(henry, 0, "assessment").locator(".text")).to_have_text("Late arrivals", timeout=3000)


def test_same_cell_keeps_both_texts_until_one_is_chosen(window: Open, table: StrategyTable, path: str) -> None:
    maya, henry = window("teacher", path), window("advisor", path)
    cell(maya, 0, "assessment").click()
    maya.keyboard.type("Count late arrivals")
    write(henry, 0, "assessment", "Ask the students")
    expect(cell(henry, 0, "assessment").locator(".text")).to_have_text("Ask the students")
    expect(henry.locator("[data-saved]")).to_have_attribute("data-state", "saved")

    maya.keyboard.press("Control+Enter")

    for page in (maya, henry):
        here = cell(page, 0, "assessment")
        expect(here.locator(".stands .text")).to_have_text("Ask the students", timeout=3000)
        expect(here.locator(".proposal .mine")).to_have_text("Count late arrivals")
    check_accessible(maya)
    cell(maya, 0, "assessment").get_by_role("link", name="Combine").click()
    expect(cell(maya, 0, "assessment").locator("textarea")).to_have_value("Ask the students\nCount late arrivals")
    maya.keyboard.press("Control+Enter")
    expect(cell(henry, 0, "assessment").locator(".proposal")).to_have_count(0, timeout=3000)
    expect(cell(henry, 0, "assessment").locator(".text")).to_have_text(
        "Ask the students\nCount late arrivals", timeout=3000
    )


def test_edits_that_do_not_touch_are_joined(window: Open, table: StrategyTable, path: str) -> None:
    maya, henry = window("teacher", path), window("advisor", path)
    cell(maya, 0, "description").click()
    maya.locator("td.open textarea").fill("Greet everyone by name, every morning")

    write(henry, 0, "description", "We greet everyone by name")
    expect(henry.locator("[data-saved]")).to_have_attribute("data-state", "saved")
    maya.keyboard.press("Control+Enter")

    expect(cell(maya, 0, "description").locator(".text")).to_have_text("We greet everyone by name, every morning")


def test_colleagues_see_who_is_in_which_cell(window: Open, table: StrategyTable, path: str) -> None:
    maya, henry = window("teacher", path), window("advisor", path)

    cell(henry, 1, "assessment").click()

    expect(cell(maya, 1, "assessment").locator(".face")).to_contain_text("HO", timeout=3000)
    expect(maya.locator("[data-present] .face")).to_have_count(1)


def test_words_wait_while_the_server_is_away(window: Open, table: StrategyTable, path: str) -> None:
    page = window("teacher", path)
    page.context.set_offline(True)

    write(page, 0, "assessment", "Late arrivals by week")
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "unsaved")
    expect(cell(page, 0, "assessment")).to_contain_class("unsaved")
    page.context.set_offline(False)

    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved", timeout=10000)
    assert stored(table, 0, "assessment") == "Late arrivals by week"


def test_words_being_typed_survive_a_reload(window: Open, table: StrategyTable, path: str) -> None:
    page = window("teacher", path)
    cell(page, 0, "assessment").click()
    page.keyboard.type("Late arrivals")

    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()

    expect(cell(page, 0, "assessment").locator("[data-draft]")).to_contain_text("Late arrivals")
    check_accessible(page)
    cell(page, 0, "assessment").get_by_role("button", name="Save it").click()
    expect(cell(page, 0, "assessment").locator(".text")).to_have_text("Late arrivals")
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved")
    assert stored(table, 0, "assessment") == "Late arrivals"


def test_words_never_go_out_under_another_name(window: Open, table: StrategyTable, path: str, cast: Cast) -> None:
    from tests.site_process import session_of

    page = window("teacher", path)
    page.context.set_offline(True)
    write(page, 0, "assessment", "Maya's words")
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "unsaved")
    page.route("**/cells/**", lambda route: route.abort())
    page.context.set_offline(False)
    page.context.clear_cookies(name="sessionid")
    page.context.add_cookies([{"name": "sessionid", "value": session_of(cast["advisor"]), "url": page.url}])

    page.unroute_all()
    # The page itself tries again and is refused; then it is loaded anew, for the one who signed in.
    page.wait_for_timeout(3000)
    page.goto(path)

    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('trellis:words:'))") == []
    assert stored(table, 0, "assessment") == ""


def test_session_that_ended_keeps_the_words_until_sign_in(
    window: Open, table: StrategyTable, path: str, cast: Cast
) -> None:
    from tests.site_process import session_of

    page = window("teacher", path)
    cell(page, 0, "assessment").click()
    page.keyboard.type("Late arrivals")
    page.context.clear_cookies(name="sessionid")

    page.keyboard.press("Control+Enter")
    expect(page.locator("#notices")).to_contain_text("signed out")
    expect(cell(page, 0, "assessment")).to_contain_class("unsaved")
    page.context.add_cookies([{"name": "sessionid", "value": session_of(cast["teacher"]), "url": page.url}])

    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved", timeout=10000)
    assert stored(table, 0, "assessment") == "Late arrivals"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_table_is_accessible_closed_and_open(window: Open, path: str, width: int, scheme: str) -> None:
    page = window("teacher", path, width=width, color_scheme=scheme, reduced_motion="reduce")
    check_accessible(page)

    for name in ("description", "areas", "responsible", "student_effects"):
        cell(page, 0, name).click()
        check_accessible(page)
        page.keyboard.press("Escape")
    page.locator("#rows a.more").first.click()
    expect(page.locator("#row-menu")).to_be_visible()
    check_accessible(page)


def test_table_works_without_scripts(window: Open, table: StrategyTable, path: str) -> None:
    page = window("teacher", path, java_script_enabled=False)

    page.get_by_role("button", name="Add a strategy").click()
    page.locator("#description textarea").fill("Phones in lockers")
    page.locator("#description").get_by_role("button", name="Save").click()
    expect(page.locator("#rows tr")).to_have_count(3)
    page.locator("#rows a.more").nth(2).click()
    page.locator("#areas").get_by_label("Climate").check()
    page.locator("#areas").get_by_role("button", name="Save").click()
    page.locator("#rows a.more").nth(2).click()
    page.locator("#responsible input[type=text]").nth(0).fill("Henry Osei")
    page.locator("#responsible").get_by_role("button", name="Save").click()
    page.locator("#rows a.more").nth(2).click()
    page.get_by_role("button", name="Set aside").click()

    expect(page.locator("#rows tr")).to_have_count(2)
    page.locator(".set-aside summary").click()
    page.get_by_role("button", name="Restore").click()
    expect(page.locator("#rows tr")).to_have_count(3)
    assert stored(table, 2, "areas") == ["climate"]
