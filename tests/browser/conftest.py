"""Browser tests drive the Chromium that check_all finds, as root too."""

from typing import Any

import pytest

from config import browser


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return browser_type_launch_args | {"executable_path": str(browser.brought()), "args": list(browser.ARGUMENTS)}
