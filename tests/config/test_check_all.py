import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config import browser, postgres
from tests.own_server import environment


@pytest.fixture
def copy(shelf: Path) -> Path:
    """The checkout without its tests, to be spoilt."""
    folder = shelf / "trellis"
    shutil.copytree(postgres.CHECKOUT, folder, ignore=shutil.ignore_patterns("__pycache__", ".*", "tests"))
    return folder


def check(folder: Path, *steps: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "manage.py", "check_all", *steps],
        cwd=folder,
        env=environment(folder.parent / "data", PYTHONPATH=""),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_steps_say_their_names_and_times(copy: Path) -> None:
    code, said, _ = check(copy, "deploy", "format")
    assert code == 0
    assert re.fullmatch(r"deploy +\d+\.\d s\nformat +\d+\.\d s\nall +\d+\.\d s\n", said)


def test_first_failing_step_ends_it_with_its_output(copy: Path) -> None:
    (copy / "config" / "crooked.py").write_text("x=  1\n")
    code, said, _ = check(copy, "format", "lint")
    assert code == 1
    assert re.fullmatch(r"format +\d+\.\d s  failed\n\n.*crooked\.py.*\n", said, re.DOTALL)
    assert "lint" not in said


def test_unknown_step_is_refused(copy: Path) -> None:
    code, _, problem = check(copy, "nonsense")
    assert code == 2
    assert "invalid choice: 'nonsense'" in problem


@pytest.mark.parametrize("kind", ["none", "skipped"])
def test_tests_that_did_not_run_fail(copy: Path, kind: str) -> None:
    (copy / "tests").mkdir()
    if kind == "skipped":
        (copy / "tests" / "test_it.py").write_text("import pytest\n\n\n@pytest.mark.skip\ndef test_it():\n    pass\n")
    code, said, _ = check(copy, "tests")
    assert code == 1
    assert re.match(r"tests +\d+\.\d s  failed\n", said)


def test_lock_that_names_an_address_fails(copy: Path) -> None:
    lock = copy / "requirements.txt"
    lock.write_text(f"--index-url https://packages.example/simple\n{lock.read_text()}")
    code, said, _ = check(copy, "lock")
    assert code == 1
    assert "requirements.txt names an address:\n--index-url https://packages.example/simple" in said


def test_lock_that_drifted_fails(copy: Path) -> None:
    project = copy / "pyproject.toml"
    project.write_text(project.read_text().replace('  "heroicons",\n', ""))
    code, said, _ = check(copy, "lock")
    assert code == 1
    assert "\n-heroicons==" in said


# --- the browser ---


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without browsers: a folder that is all of PATH, and nothing to be downloaded."""
    for name, value in {
        "PATH": str(tmp_path),
        "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path / "kept"),
        "PLAYWRIGHT_DOWNLOAD_HOST": "http://127.0.0.1:9",
        "PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "1000",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv(browser.CHOSEN, raising=False)
    return tmp_path


def program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_snap_stub_is_not_a_browser(bare: Path) -> None:
    program(bare / "chromium-browser", "echo 'Command requires the chromium snap to be installed.' >&2; exit 1")
    chrome = program(bare / "google-chrome", "echo Google Chrome 140.0")
    assert browser.found() == chrome


def test_playwrights_own_browser_is_found(bare: Path) -> None:
    kept = program(bare / "kept" / "chromium-1200" / "chrome-linux" / "chrome", "echo Chromium 140.0")
    assert browser.found() == kept


def test_named_browser_comes_first(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(bare / "chromium", "echo Chromium 140.0")
    mine = program(bare / "mine", "echo Chromium 139.0")
    monkeypatch.setenv(browser.CHOSEN, str(mine))
    assert browser.found() == mine


def test_debian_installs_its_own_as_root(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = f"printf '#!/bin/sh\\necho Chromium 140.0\\n' > '{bare}/chromium'; /bin/chmod 755 '{bare}/chromium'"
    program(bare / "apt-get", f'[ "$1" = update ] || {{ {made}; }}')
    monkeypatch.setattr(browser.platform, "freedesktop_os_release", lambda: {"ID": "debian"})
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert browser.brought() == bare / "chromium"


def test_no_browser_to_be_had_is_a_sentence(bare: Path) -> None:
    program(bare / "apt-get", "echo 'Temporary failure resolving' >&2; exit 100")
    with pytest.raises(browser.NoBrowser, match=r"^The tests need Chromium; there is none on this machine and none"):
        browser.brought()
