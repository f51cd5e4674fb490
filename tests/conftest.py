"""Every test may lean on a database: where DATABASE_URL names none, the carried server runs for the session."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase
from hypothesis import settings

from config import postgres

# No test is judged by the clock: machines are shared.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")

pytest_plugins = [
    "tests.cast",
    "tests.matrix_things",
    "tests.profiles.matrix_things",
    "tests.profiles.matrix_rules",
    "tests.profiles.matrix_family_things",
    "tests.planning.matrix_things",
    "tests.profiles.matrix_portrait",
    "tests.profiles.matrix_frameworks",
    "tests.profiles.path_things",
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


KEPT = {"django_migrations", "django_content_type", "auth_permission"}
"""Tables that stay as migrating made them: the same for every test."""


def empty_database(test: TransactionTestCase) -> None:
    """Delete what a test committed. Truncating some sixty tables, as Django does, costs ten times as much."""
    tables = sorted(set(connection.introspection.table_names()) - KEPT)
    names = [connection.ops.quote_name(table) for table in tables]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in names))
        # References are checked at the end, when all of them are gone.
        cursor.execute(
            "; ".join(["SET CONSTRAINTS ALL DEFERRED", *(f"DELETE FROM {name}" for (name,) in cursor.fetchall())])
        )


@pytest.fixture(scope="session", autouse=True)
def quickly_emptied() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_database)
        yield
