"""Everything that must hold before a change is done, as a short list of named steps; the first that fails ends it."""

import os
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from django.core.management.base import BaseCommand

from config import browser
from config.postgres import CHECKOUT

APPS = ("config", "profiles", "planning", "workshops")
TOOLS = Path(sys.executable).parent
# A process a core, each with a database, a site and a Chromium of its own; who is done takes over from the others.
AT_ONCE = ("-n", "auto", "--maxprocesses", "4", "--dist", "worksteal")


class StepFailed(Exception):  # noqa: N818 (a finding about the tree, not a mistake in this code)
    """Its text is what the step said."""


def run(*command: str | Path, **environment: str) -> str:
    done = subprocess.run(
        command,
        cwd=CHECKOUT,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise StepFailed(done.stdout.strip() or f"{command[0]} ended with code {done.returncode}.")
    return done.stdout


def manage(*arguments: str, settings: str = "test") -> str:
    return run(sys.executable, "manage.py", *arguments, DJANGO_SETTINGS_MODULE=f"config.settings.{settings}")


def check_templates() -> None:
    templates = [str(path) for path in sorted(CHECKOUT.glob("templates/**/*.html"))]
    if templates:
        run(TOOLS / "djade", "--check", "--target-version", "5.2", *templates)


def check_lock() -> None:
    """The lock is what uv makes of pyproject.toml, keeping the versions it has, and names no index."""
    lock = CHECKOUT / "requirements.txt"
    addresses = [line for line in lock.read_text().splitlines() if "://" in line or "index-url" in line]
    if addresses:
        raise StepFailed("\n".join(["requirements.txt names an address:", *addresses]))
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "requirements.txt"
        fresh.write_bytes(lock.read_bytes())
        run(
            *(sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--extra", "demo", "--extra", "test"),
            *("--generate-hashes", "--universal", "--python-version", "3.11", "--no-emit-index-url"),
            *("--no-emit-find-links", "--no-header", "--quiet", "-o", fresh),
        )
        if fresh.read_bytes() != lock.read_bytes():
            difference = subprocess.run(
                ["diff", "-u", lock, fresh], capture_output=True, text=True, check=False
            ).stdout.replace(str(fresh), "what uv makes of pyproject.toml")
            raise StepFailed(f"requirements.txt and pyproject.toml have drifted apart:\n{difference}")


def check_tests() -> None:
    try:
        program = browser.brought()
    except browser.NoBrowser as problem:
        raise StepFailed(str(problem)) from problem
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        said = run(
            *(sys.executable, "-m", "pytest", *AT_ONCE, "--create-db", f"--junitxml={report}"),
            **{browser.CHOSEN: str(program)},
        )
        # Our own report: no stranger's XML.
        suites = list(ElementTree.parse(report).getroot().iter("testsuite"))  # noqa: S314
    ran = sum(int(suite.get("tests", 0)) - int(suite.get("skipped", 0)) for suite in suites)
    if not ran:
        raise StepFailed(f"No test ran.\n{said}")


STEPS: dict[str, Callable[[], object]] = {
    "format": lambda: run(TOOLS / "ruff", "format", "--check", "."),
    "lint": lambda: run(TOOLS / "ruff", "check", "."),
    "types": lambda: run(sys.executable, "-m", "mypy", *APPS, "manage.py"),
    "templates": check_templates,
    "imports": lambda: run(TOOLS / "lint-imports"),
    "migrations": lambda: manage("makemigrations", "--check", "--dry-run"),
    "lock": check_lock,
    "catalogue": lambda: manage("catalogue", "--check"),
    "deploy": lambda: manage("check", "--deploy", "--fail-level", "WARNING", settings="production"),
    "tests": check_tests,
}


class Command(BaseCommand):
    help = "Run every check, or only those named: " + ", ".join(STEPS)
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("steps", nargs="*", metavar="step", choices=[*STEPS, []], help=", ".join(STEPS))

    def handle(self, *args: Any, **options: Any) -> None:
        begin = time.monotonic()
        for name in options["steps"] or STEPS:
            self.stdout.write(f"{name:<11}", ending="")
            self.stdout.flush()
            started = time.monotonic()
            try:
                STEPS[name]()
            except StepFailed as failure:
                self.stdout.write(f"{time.monotonic() - started:7.1f} s  failed\n\n{failure}\n")
                sys.exit(1)
            self.stdout.write(f"{time.monotonic() - started:7.1f} s")
            self.stdout.flush()
        self.stdout.write(f"{'all':<11}{time.monotonic() - begin:7.1f} s")
