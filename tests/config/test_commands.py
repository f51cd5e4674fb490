import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from config import postgres
from tests.own_server import environment

from .test_postgres import At, ask, demo, servers


def manage(folder: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=postgres.CHECKOUT,
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stderr


def test_commands_of_django_bring_up_the_database_and_stop_it(shelf: Path, at: At) -> None:
    place = at(shelf)
    assert manage(shelf, "migrate", "contenttypes", "--verbosity=0") == (0, "")
    assert manage(shelf, "migrate", "contenttypes", "--check") == (0, "")
    assert servers(place) == []


def test_command_that_needs_no_database_makes_none(shelf: Path, at: At) -> None:
    place = at(shelf)
    assert manage(shelf, "check") == (0, "")
    assert manage(shelf, "migrate", "--help") == (0, "")
    assert not place.data.exists()


def test_database_url_is_used_instead_of_the_carried_server(
    module_shelf: Path, shelf: Path, at: Callable[[Path], postgres.Paths], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server it names is one of ours, run for the purpose; the database is made there."""
    place = at(module_shelf)
    with postgres.running():
        password = place.passfile.read_text().strip().rpartition(":")[2]
        url = f"postgres://{postgres.ROLE}:{password}@/a%20school?host={quote(str(place.socket))}"
        env = environment(shelf) | {"DATABASE_URL": url}
        done = demo([sys.executable], env)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.endswith("The demo is ready. Its data lies in the database that DATABASE_URL names.\n")
        assert ask("SELECT count(*) > 0 FROM django_migrations", "a school") is True
    monkeypatch.setenv("XDG_DATA_HOME", str(shelf))
    assert not postgres.paths().data.exists()
    assert os.listdir(postgres.paths().home) != []
