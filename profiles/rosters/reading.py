"""A OneRoster zip is read by a process of its own, with limits of its own; its rows come back as lines of JSON."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json
import logging
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from config import clock
from profiles.standards import oneroster
from profiles.standards.oneroster import Bundle, KindFile, Reference
from profiles.standards.problem import Problem

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]
# The readers are translatable, so Django wants settings before they are imported.
COMMAND = """
import sys; sys.path.insert(0, sys.argv[1])
from django.conf import settings; settings.configure(USE_TZ=True, TIME_ZONE=sys.argv[2])
from profiles.rosters.reading import main; main()
"""
MAX_SECONDS = 300  # of processor time: a district of 36,000 learners takes some ten
MAX_BYTES = 2_000_000_000  # of address space
NICENESS = 10  # pages of other people come first

ROWS: dict[str, type[Any]] = {
    "orgs": oneroster.Org,
    "academicSessions": oneroster.AcademicSession,
    "courses": oneroster.Course,
    "classes": oneroster.Class,
    "users": oneroster.User,
    "roles": oneroster.Role,
    "agents": oneroster.Agent,
    "demographics": oneroster.Demographics,
    "enrollments": oneroster.Enrollment,
}
"""What is made use of; profiles of users in other systems are not."""
DAYS = ("start_date", "end_date", "begin_date", "birth_date")


def read(data: bytes, filename: str) -> Bundle:
    """The bundle in a zip; where the process came to its limits, a bundle with the one problem that says so."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-I",
            "-W",
            "ignore",
            "-c",
            COMMAND,
            str(ROOT),
            settings.TIME_ZONE,
            clock.today().isoformat(),
            filename,
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={"LC_ALL": "C.UTF-8"},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(data)
            process.stdin.close()
        bundle = _bundle(process.stdout)
    finally:
        process.stdout.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(1)
        process.kill()
        process.wait()
    if bundle is None or process.returncode:
        logger.warning("Reading %s ended with %s", filename, process.returncode)
        return Bundle(
            filename,
            kinds={kind: KindFile() for kind in oneroster.KINDS},
            problems=[Problem("roster_limits", filename)],
            blocking_count=1,
        )
    return bundle


def _bundle(lines: Any) -> Bundle | None:
    """A first line says what the bundle is; each further one is a row: its kind, then its fields."""
    first = lines.readline()
    if not first:
        return None
    said = json.loads(first)
    bundle = Bundle(
        said["file"],
        said["version"],
        said["source_system"],
        kinds={kind: KindFile(said["modes"].get(kind, "absent")) for kind in oneroster.KINDS},
        references=[Reference(*one) for one in said["references"]],
        problems=[Problem.from_json(one) for one in said["problems"]],
        blocking_count=said["blocking_count"],
        note_count=said["note_count"],
    )
    names = {kind: [field.name for field in dataclasses.fields(row)] for kind, row in ROWS.items()}
    days = {kind: [at for at, name in enumerate(names[kind]) if name in DAYS] for kind in ROWS}
    same: dict[str, str] = {}
    for line in lines:
        kind, *values = json.loads(line)
        for at in days[kind]:
            if values[at]:
                values[at] = dt.date.fromisoformat(values[at])
        for at, value in enumerate(values):
            if type(value) is str:
                values[at] = same.setdefault(value, value)
            elif type(value) is list:
                values[at] = tuple(value)
        bundle.kinds[kind].rows.append(ROWS[kind](*values))
    return bundle


# From here on, the process that reads


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MAX_BYTES, MAX_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    os.nice(NICENESS)
    _root, _zone, os.environ["TRELLIS_TODAY"], filename = sys.argv[1:]
    for line in _lines(oneroster.read(sys.stdin.buffer.read(), filename)):
        sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()
    os._exit(0)


def _lines(bundle: Bundle) -> Iterator[bytes]:
    yield _line(
        {
            "file": bundle.file,
            "version": bundle.version,
            "source_system": bundle.source_system,
            "modes": {kind: one.mode for kind, one in bundle.kinds.items()},
            "references": [dataclasses.astuple(one) for one in bundle.references],
            "problems": [one.as_json() for one in bundle.problems],
            "blocking_count": bundle.blocking_count,
            "note_count": bundle.note_count,
        }
    )
    if bundle.blocked:
        return
    for kind, row in ROWS.items():
        names = [field.name for field in dataclasses.fields(row)]
        for one in bundle.kinds[kind].rows:  # type: ignore[index]  # the keys of ROWS are kinds
            yield _line([kind, *(getattr(one, name) for name in names)])


def _line(said: Any) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), default=_plain).encode() + b"\n"


def _plain(value: dt.date | dt.datetime) -> str:
    return value.isoformat()
