"""Servers of their own for the tests of what brings a server up: each in a fresh folder, gone afterwards."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config import postgres

NOBODY = 65534


@pytest.fixture(scope="module")
def module_shelf() -> Iterator[Path]:
    yield from _shelf()


@pytest.fixture
def shelf() -> Iterator[Path]:
    yield from _shelf()


def _shelf() -> Iterator[Path]:
    """A folder for XDG_DATA_HOME that any account may enter (pytest's own are closed), its name with a space."""
    folder = Path(tempfile.mkdtemp(prefix="trellis test "))
    folder.chmod(0o755)
    yield folder
    for data in folder.glob("trellis/*/data"):
        # A test that failed half-way may have left a server: end that one, by its own process id.
        for name in filter(str.isdigit, os.listdir("/proc")):
            if postgres._works_in(int(name), data):
                os.kill(int(name), 9)
    shutil.rmtree(folder)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], postgres.Paths]:
    """Makes this process use the server under a folder."""

    def use(folder: Path) -> postgres.Paths:
        monkeypatch.delenv("DATABASE_URL", raising=False)
        monkeypatch.setenv("XDG_DATA_HOME", str(folder))
        return postgres.paths()

    return use


def environment(folder: Path, **more: str) -> dict[str, str]:
    """A child's environment: the server under a folder, and the settings its command chooses."""
    ours = {"DATABASE_URL", "DJANGO_ALLOW_ASYNC_UNSAFE", "DJANGO_SETTINGS_MODULE", "SECRET_KEY"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return kept | {"XDG_DATA_HOME": str(folder), "PYTHONPATH": str(postgres.CHECKOUT)} | more


Account = Callable[[Path], tuple[list[str], dict[str, str]]]


@pytest.fixture(scope="session")
def as_ordinary_user() -> Iterator[Account]:
    """(how a command line for Python begins, its environment) for an account without rights, given its folder.

    Ourselves, unless we are root: then nobody. Where root's Python lies in a folder closed to others, nobody gets
    the right to read it (setpriv), or else a linked copy of the packages with the system's Python.
    """
    if os.geteuid():
        yield lambda folder: ([sys.executable], environment(folder))
        return
    packages = postgres._installed().parents[1]
    copy = Path(tempfile.mkdtemp(prefix="trellis packages "))
    copy.chmod(0o755)
    become = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    read = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    for begin, path in (
        ([*become, sys.executable], packages),
        ([*become, *read, sys.executable], packages),
        ([*become, "/usr/bin/python3"], copy),
    ):
        if path == copy:
            shutil.copytree(packages, copy, copy_function=link, dirs_exist_ok=True)
        if _runs(begin, path):
            break
    else:
        raise AssertionError("No account without rights can run Python here.")

    def give(folder: Path) -> tuple[list[str], dict[str, str]]:
        os.chown(folder, NOBODY, NOBODY)
        return begin, environment(folder, HOME=str(folder), PYTHONPATH=str(path))

    yield give
    shutil.rmtree(copy)


def _runs(begin: list[str], packages: Path) -> bool:
    """Whether such a command line can read the packages."""
    env = os.environ | {"PYTHONPATH": str(packages)}
    command = [*begin, "-c", "import django, psycopg2, uvicorn"]
    return subprocess.run(command, env=env, cwd="/", capture_output=True, check=False).returncode == 0


def link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


@pytest.fixture
def checkout_copy(shelf: Path) -> Iterator[Path]:
    """The checkout in a folder with a space in its name that everybody may read and nobody may change."""
    copy = shelf / "a copy"
    unneeded = shutil.ignore_patterns("__pycache__", ".*", "tests")
    shutil.copytree(postgres.CHECKOUT, copy, ignore=unneeded, symlinks=True)
    for path in [copy, *copy.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield copy
    for path in [copy, *copy.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
