"""Browser tests drive the Chromium that check_all finds, as root too."""

import os
from typing import Any

import pytest

from config import browser

# Playwright keeps an event loop in the tests' thread; what the tests ask of the database does not wait in it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return browser_type_launch_args | {"executable_path": str(browser.brought()), "args": list(browser.ARGUMENTS)}


@pytest.fixture(scope="session")
def base_url() -> None:
    """In place of pytest-base-url's, which pytest 9 warns of: each test says where its site is."""
