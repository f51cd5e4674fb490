"""Browser tests drive the Chromium that check_all finds, as root too, against the site as it is served."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from config import browser
from tests.cast import Cast
from tests.site_process import Site, session_of

# Playwright keeps an event loop in this thread; our queries here do not wait in it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

# Waiting ends as soon as the page is as expected, which takes longer where other tests run beside this one.
expect.set_options(timeout=15_000)

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return browser_type_launch_args | {"executable_path": str(browser.brought()), "args": list(browser.ARGUMENTS)}


@pytest.fixture(scope="session")
def served(django_db_setup: None, django_db_blocker: Any) -> Iterator[Site]:
    """The site as it is served, for all browser tests: it keeps nothing that emptying the database would miss."""
    with django_db_blocker.unblock():
        site = Site()
    yield site
    site.stop()


@pytest.fixture
def site(served: Site, transactional_db: None) -> Iterator[Site]:
    """The same; what pages said while they were closed is dealt with before the database is emptied."""
    yield served
    served.settle()


@pytest.fixture
def window(browser: Browser, site: Site, cast: Cast) -> Iterator[Open]:
    """`window("teacher", path, width=320)`: a browser of their own for somebody of the cast, at a page."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_window(slug: str, path: str = "/", *, width: int = 1280, height: int = 800, **options: Any) -> Page:
        base = f"http://127.0.0.1:{site.port}"
        context = browser.new_context(base_url=base, viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        if slug != "anonymous":
            context.add_cookies([{"name": "sessionid", "value": session_of(cast[slug]), "url": base}])
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(f"{error}\n{error.stack}"))
        page.goto(path)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert errors == []


AXE = {"resultTypes": ["violations"], "preload": False, "rules": {"target-size": {"enabled": True}}}
# What says where something is costs axe half its time: it is asked only where something is wrong.
PLACES = {"selectors": False, "ancestry": False, "xpath": False, "elementRef": False}


def check_accessible(page: Page) -> None:
    """No axe violation of any kind, and nothing to scroll sideways."""
    if Axe().run(page, options=AXE | PLACES).violations_count:
        results = Axe().run(page, options=AXE)
        assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.fixture(scope="session")
def base_url() -> None:
    """In place of pytest-base-url's, which pytest 9 warns of: each test says where its site is."""
