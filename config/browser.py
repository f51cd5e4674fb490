"""The Chromium that tests drive: one found on the machine, else one installed for it."""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

# Quiet and offline; without a sandbox of its own because check_all also runs as root.
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
CHOSEN = "TRELLIS_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Where a playwright build keeps its program, newest layout first.
PLAYWRIGHT_PROGRAMS = ("chromium-*/chrome-linux*/chrome", "chromium_headless_shell-*/chrome-linux*/*headless*shell")


class NoBrowser(Exception):  # noqa: N818 (it is a state of the machine, not a mistake in the code)
    """No Chromium here, and none to be had. Its text is a sentence for the person at the terminal."""


def found() -> Path | None:
    """A Chromium that starts: the one TRELLIS_CHROMIUM names, the system's, or Playwright's."""
    return next((program for program in _candidates() if _starts(program)), None)


def brought() -> Path:
    """A Chromium that starts, installed if need be. Raises NoBrowser."""
    if program := found():
        return program
    said = []
    for command in _installations():
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode:
            said.append(f"{' '.join(command)}: {(done.stderr or done.stdout).strip()[-400:]}")
        elif program := found():
            return program
    raise NoBrowser(
        "The tests need Chromium; there is none on this machine and none could be installed. Install chromium or "
        f"google-chrome, or name one in {CHOSEN}." + "".join(f"\n  {words}" for words in said)
    )


def _candidates() -> list[Path]:
    chosen = [os.environ[CHOSEN]] if os.environ.get(CHOSEN) else []
    system = [program for name in NAMES if (program := shutil.which(name))]
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    kept = [str(program) for pattern in PLAYWRIGHT_PROGRAMS for program in sorted(cache.glob(pattern), reverse=True)]
    return [Path(program) for program in (*chosen, *system, *kept)]


def _starts(program: Path) -> bool:
    """Ubuntu's chromium-browser is a stub that asks for a snap: only what tells its version counts."""
    try:
        said = subprocess.run(
            [program, "--version"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return said.returncode == 0 and said.stdout.startswith(("Chromium", "Google Chrome"))


def _installations() -> list[list[str]]:
    """Commands to try, in order; after each that worked we look again."""
    playwright = [sys.executable, "-m", "playwright", "install"]
    root = os.geteuid() == 0
    if root and _distribution() == "debian":
        update, install = ["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]
        return [update, install, [*playwright, "--with-deps", "chromium"]]
    # Only root may add the libraries it needs; an ordinary user's machine may have them.
    return [[*playwright, *(["--with-deps"] if root else []), "chromium"]]


def _distribution() -> str:
    try:
        return platform.freedesktop_os_release().get("ID", "")
    except OSError:
        return ""
