"""Every test may lean on a database: where DATABASE_URL names none, the carried server runs for the session."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from config import postgres

# No test is judged by the clock: machines are shared.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")

pytest_plugins = [
    "tests.cast",
    "tests.matrix_things",
    "tests.planning.matrix_things",
    "tests.profiles.matrix_frameworks",
    "tests.workshops.phone",
    "tests.workshops.matrix_things",
    "tests.workshops.matrix_room",
    "tests.own_server",
]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """Asked for by pytest-django before it makes the test database, and only if a test wants one."""
    with postgres.running():
        yield
