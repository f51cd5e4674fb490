"""The bench's lines of rosters: a school as large as the shared one comes in; others' pages meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config import bench, postgres
from config.bench import Figure, LineFailed, Run, Timing, at

from . import demo
from .models import Actor, Org, RosterImport
from .rosters import sample, work

SHARED = postgres.CHECKOUT.parent / "shared/data/rosters/maple_grove_v1p1.zip"
BENCH = Actor("system", "bench")
MAPLE = sample.School(
    key="bench", name="Bench School", students=601, teachers=34, sections=300, homerooms=20, courses=80, load=15,
    guardians=(2, 2, 1, 2, 1),
)  # fmt: skip
"""As large as the shared roster, which need not be here."""


@cache
def roster() -> bytes:
    return SHARED.read_bytes() if SHARED.exists() else sample.bundle(sample.files(MAPLE))


def district() -> Org:
    demo.tell(lambda words: None)
    return Org.objects.get(org_kind=Org.Kind.DISTRICT)


def _timed(times: int) -> Iterator[tuple[float, float, int]]:
    """Seconds of a look and of applying it, and statements of the second; undone each time."""
    for _n in range(times):
        record = work.receive(district(), "bench.zip", roster(), by=None)
        began = time.perf_counter()
        work.look(record)
        looked = time.perf_counter() - began
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as queries:
            work.apply(record, by=BENCH)
        applied = time.perf_counter() - began
        _gone(record)
        yield looked, applied, len(queries)


def _gone(record: RosterImport) -> None:
    work.undo(RosterImport.objects.get(pk=record.pk), by=BENCH)


@bench.line("rosters.apply")
def apply(run: Run) -> Iterator[Figure]:
    found = list(_timed(1 if run.quick else 3))
    looks, applies = [one[0] for one in found], [one[1] for one in found]
    size = f"{len(roster()) / 1e6:.1f} MB, {'shared' if SHARED.exists() else 'invented'}; median of {len(found)}"
    yield Figure("rosters.look", at(looks, 0.5), "s", 5, details=size)
    yield Figure("rosters.apply", at(applies, 0.5), "s", 10, details=size)
    yield Figure("rosters.apply.statements", max(one[2] for one in found), "statements", 60)


MEMORY = """
import resource, django; django.setup()
from profiles import bench_rosters as bench
from profiles.rosters import work
record = work.receive(bench.district(), "bench.zip", bench.roster(), by=None)
work.look(record); work.apply(record, by=bench.BENCH); bench._gone(record)
both = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print("peak", *both)
"""


def _own_process(words: str) -> subprocess.Popen[str]:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE}
    command = [sys.executable, "-c", f"import os; os.nice(10)\n{words}"]
    return subprocess.Popen(command, cwd=postgres.CHECKOUT, env=environment, stdout=subprocess.PIPE, text=True)


@bench.line("rosters.memory")
def memory(run: Run) -> Iterator[Figure]:
    """Peak of a process that looks, applies and undoes, and of the one that reads for it."""
    district()
    said, _none = _own_process(MEMORY).communicate()
    if not said.startswith("peak"):
        raise LineFailed("The importing process ended early.")
    own, reader = (int(one) * 1024 / 1e6 for one in said.split()[1:])
    yield Figure("rosters.memory", max(own, reader), "MB", 300, details=f"importing {own:.0f}, reading {reader:.0f} MB")


@bench.line("rosters.others")
def others(run: Run) -> Iterator[Figure]:
    """Somebody else's page, alone and while a roster is looked at, brought in and undone."""
    district()
    visitor = run.visitor(demo.person("teacher"))
    page = "/profiles/schools/"
    alone, meanwhile = Timing(), Timing()

    def ask(timing: Timing) -> None:
        began = run.site.cpu_ms()
        answer = visitor.ask("GET", page, None, expect=(200, 302))
        timing.add(answer, run.site.cpu_ms() - began)

    for _n in range(60):
        ask(alone)
    with _own_process(MEMORY) as process:
        while process.poll() is None:
            ask(meanwhile)
    for _n in range(60):
        ask(alone)
    ratio = at(meanwhile.ms, 0.5) / at(alone.ms, 0.5)
    details = (
        f"p50 {at(meanwhile.ms, 0.5):.1f} p95 {at(meanwhile.ms, 0.95):.1f} ms, alone p50 {at(alone.ms, 0.5):.1f} "
        f"p95 {at(alone.ms, 0.95):.1f} ms; {len(meanwhile.ms)} and {len(alone.ms)}"
    )
    yield Figure("rosters.others", ratio, "x alone", 2, details=details)
