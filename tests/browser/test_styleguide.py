"""Every component in every state: nothing axe objects to, nothing wider than a phone, all of it by keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.django_db(transaction=True)

UNREADABLE = """() => [...document.querySelectorAll(".btn, .chip, .note, .notice")]
    .filter((one) => getComputedStyle(one).color === getComputedStyle(one).backgroundColor)
    .map((one) => one.outerHTML)"""
DRAWN_WIDTH = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(
    () => done(document.documentElement.scrollWidth))))"""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def _open(browser: Browser, address: str, width: int, scheme: str = "light") -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce", locale="en-US"
    )
    page = context.new_page()
    page.goto(f"{address}/styleguide/")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_styleguide_passes_axe(browser: Browser, live_server: object, width: int, scheme: str) -> None:
    page = _open(browser, str(live_server), width, scheme)

    found = Axe().run(page, options={"preload": False, "runOnly": TAGS})

    assert [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]] == []
    assert len(found.response["passes"]) > 30
    # Text in the colour of its ground is no violation to axe, which takes it for hidden on purpose.
    assert page.evaluate(UNREADABLE) == []
    page.context.close()


def test_styleguide_never_scrolls_sideways(browser: Browser, live_server: object) -> None:
    page = _open(browser, str(live_server), 1280)

    widths = []
    for width in (1280, 1000, 700, 699, 320):
        page.set_viewport_size({"width": width, "height": 800})
        widths.append(page.evaluate(DRAWN_WIDTH))

    assert widths == [1280, 1000, 700, 699, 320]
    page.context.close()


def test_search_opens_with_its_key_and_gives_focus_back(browser: Browser, live_server: object) -> None:
    page = _open(browser, str(live_server), 1280)
    menu = page.locator(".bar .menu summary")
    menu.focus()

    page.keyboard.press("/")
    expect(page.locator("#search-words")).to_be_focused()
    page.keyboard.press("Escape")

    expect(menu).to_be_focused()
    page.context.close()


def test_search_key_writes_a_stroke_inside_a_field(browser: Browser, live_server: object) -> None:
    page = _open(browser, str(live_server), 1280)
    field = page.locator("#id_note")
    field.focus()

    page.keyboard.press("/")

    expect(field).to_have_value("/")
    page.context.close()


def test_menu_closes_on_escape_and_gives_focus_back(browser: Browser, live_server: object) -> None:
    page = _open(browser, str(live_server), 320)
    menu = page.locator(".bar .menu")
    menu.locator("summary").press("Enter")
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Tab")

    page.keyboard.press("Escape")

    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()
    page.context.close()


def test_saved_state_says_that_something_is_not_saved(browser: Browser, live_server: object) -> None:
    page = _open(browser, str(live_server), 1280)
    state = page.locator(".head .saved")
    expect(state).to_have_text("All saved")

    page.locator("#id_note").fill("Who covers advisory?")

    expect(state).to_have_text("Not saved yet")
    page.context.close()
