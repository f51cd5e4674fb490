from collections.abc import Iterator
from typing import Any

import pytest

from tests.site_process import Site


@pytest.fixture(scope="session")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[Site]:
    """The site as it is served."""
    with django_db_blocker.unblock():
        site = Site()
    yield site
    site.stop()


@pytest.fixture
def hasty_site(transactional_db: None) -> Iterator[Site]:
    """The same in a hurry: what takes a minute takes a second or two."""
    timings = {"live.PING_S": 1, "live.LIFE_S": 3, "live.RECHECK_S": 1, "asgi.SILENCE_S": 1}
    site = Site(**timings)
    yield site
    if site.process.poll() is None:
        site.stop()
