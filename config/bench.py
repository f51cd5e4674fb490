"""The bench: what each line measures, against which floor, and how.

An app's `bench.py` adds its lines:

    @bench.line("tables.page")
    def page(run: Run) -> Iterator[Figure]:
        ours, floor = run.compare(lambda: visitor.get(url), lambda: visitor.get(floor_url))
        yield ours.against(floor, "tables.page", target=3, aim=2)

What is compared runs in alternation, one request of each, against the same site process. A ratio is that of the
medians as the browser waits for them (wall clock); the ratio of the medians of the site's processor time is told
beside it, since on a busy machine that one is steadier.
"""

from __future__ import annotations

import gzip
import itertools
import json
import math
import os
import re
import secrets
import selectors
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from email.message import Message
from functools import cached_property
from http.client import HTTPConnection, HTTPException
from importlib import import_module
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode, urljoin

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction

from . import commands, floors, postgres

WARMING_S, WARMING_NUDGES, LEAST_PAIRS = 0.5, 5, 15
QUIET_S = 4.0
"""After so long without a request a connection is opened anew: the server closes them after five seconds."""
# What a page, a stylesheet and a module each load.
PAGE_LOADS = re.compile(r"""<link\b[^>]*?\bhref="([^"]+\.css)"|<script\b[^>]*?\bsrc="([^"]+\.js)\"""")
CSS_LOADS = re.compile(r"""@import\s+(?:url\()?["']?([^"')\s;]+)""")
JS_LOADS = re.compile(r"""\b(?:from|import)\s*\(?\s*["']([^"']+)["']""")


class LineFailed(Exception):  # noqa: N818 (the line has no figure; its text says why)
    """An answer was not what the line asks for."""


@dataclass(frozen=True)
class Figure:
    """One figure of a line. `value` is None where the line failed; it is met when not above `target`."""

    name: str
    value: float | None
    unit: str
    target: float | None
    aim: float | None = None
    details: str = ""

    @property
    def met(self) -> bool:
        return self.value is not None and self.target is not None and self.value <= self.target

    def as_json(self) -> dict[str, Any]:
        value = None if self.value is None else round(self.value, 3)
        return {"name": self.name, "value": value, "unit": self.unit, "target": self.target, "met": self.met}

    def __str__(self) -> str:
        value = "–" if self.value is None else f"{self.value:.2f}".rstrip("0").rstrip(".")
        bounds = f"≤ {self.target or 0:g}" + (f" (aim {self.aim:g})" if self.aim is not None else "")
        return (
            f"{self.name:<36}{value:>8} {self.unit:<11}{bounds:<18}{'met' if self.met else 'MISSED':<8}{self.details}"
        )


Measure = Callable[["Run"], Iterator[Figure]]
lines: dict[str, Measure] = {}


def line(name: str) -> Callable[[Measure], Measure]:
    def add(measure: Measure) -> Measure:
        lines[name] = measure
        return measure

    return add


# What is measured of requests


@dataclass(frozen=True)
class Answer:
    status: int
    ms: float
    headers: Message
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Timing:
    """Requests of one kind: wall and processor milliseconds of each, SQL statements of the last, its size."""

    ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    statements: int = 0
    gzip_bytes: int = 0

    def add(self, answer: Answer, cpu_ms: float) -> None:
        self.ms.append(answer.ms)
        self.cpu_ms.append(cpu_ms)
        self.statements = int(answer.headers.get(floors.STATEMENTS, 0))
        if not self.gzip_bytes:
            self.gzip_bytes = len(gzip.compress(answer.body))

    @property
    def cpu(self) -> float:
        return statistics.median(self.cpu_ms)

    def against(
        self, floor: Timing, name: str, *, target: float, aim: float | None = None, share: float = 0.5
    ) -> Figure:
        """The figure of `name`: the ratio of wall times to the floor's, at the median or another quantile."""
        details = (
            f"p50 {at(self.ms, 0.5):.1f} p95 {at(self.ms, 0.95):.1f} ms, cpu {self.cpu:.1f} ms, "
            f"{self.statements} statements, {self.gzip_bytes / 1000:.1f} kB; floor p50 {at(floor.ms, 0.5):.1f} "
            f"p95 {at(floor.ms, 0.95):.1f} ms, cpu {floor.cpu:.1f} ms, {floor.statements} statements; "
            f"cpu ratio {self.cpu / floor.cpu:.2f}; {len(self.ms)} of each"
        )
        return Figure(name, at(self.ms, share) / at(floor.ms, share), "x floor", target, aim, details)


def at(values: Sequence[float], share: float) -> float:
    """The quantile: the smallest value that at least this share of them does not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


class Site:
    """The site with its floors, a process of its own on a free port. Keep it in a `with`."""

    def __init__(self, settings_module: str = "config.settings.bench") -> None:
        with socket.create_server(("127.0.0.1", 0), backlog=2048) as listening:
            self.port = listening.getsockname()[1]
            os.set_inheritable(listening.fileno(), True)
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.floors", str(listening.fileno())],
                cwd=postgres.CHECKOUT,
                env=os.environ | {"DJANGO_SETTINGS_MODULE": settings_module, commands.ENDS_WITH: str(os.getpid())},
                stdin=subprocess.DEVNULL,
                stdout=sys.stderr,
                pass_fds=[listening.fileno()],
            )

    def __enter__(self) -> Site:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def cpu_ms(self) -> float:
        """Processor time of all its threads: to the nanosecond where the kernel tells, else to the clock tick."""
        folder = Path(f"/proc/{self.process.pid}")
        try:
            return sum(int((task / "schedstat").read_text().split()[0]) for task in (folder / "task").iterdir()) / 1e6
        except (FileNotFoundError, IndexError):
            after_name = (folder / "stat").read_text().rpartition(")")[2].split()
            return (int(after_name[11]) + int(after_name[12])) * 1000 / os.sysconf("SC_CLK_TCK")

    def memory_mb(self) -> float:
        """Proportional set size."""
        rollup = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        return int(re.findall(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)[0]) * 1024 / 1e6


class Visitor:
    """A signed-in person's browser, without the browser: one connection, kept open."""

    def __init__(self, site: Site, person: Any) -> None:
        self.http = HTTPConnection("127.0.0.1", site.port, timeout=60)
        self.person = person
        self.token = secrets.token_hex(16)
        self.session = session_of(person)
        self.cookie = f"sessionid={self.session}; csrftoken={self.token}"
        self.last = 0.0

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, None, expect=(200,), **headers)

    def post(self, path: str, data: Mapping[str, object], *, expect: Sequence[int] = (200,)) -> Answer:
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        return self.ask("POST", path, urlencode(data).encode(), expect=expect, **kind)

    def send_file(self, path: str, name: str, data: bytes) -> Answer:
        edge = secrets.token_hex(16)
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + data + f"\r\n--{edge}--\r\n".encode()
        return self.ask("POST", path, body, expect=(302,), **{"Content-Type": f"multipart/form-data; boundary={edge}"})

    def ask(self, method: str, path: str, body: bytes | None, *, expect: Sequence[int], **headers: str) -> Answer:
        """Raises LineFailed where the status is none of `expect`."""
        if time.monotonic() - self.last > QUIET_S:
            self.http.close()
            self.http.connect()
        if method == "POST":
            headers["X-CSRFToken"] = self.token
        began = time.perf_counter()
        try:
            self.http.request(method, path, body, {"Cookie": self.cookie, **headers})
            response = self.http.getresponse()
            content = response.read()
        except (OSError, HTTPException) as problem:
            raise LineFailed(f"{method} {path}: {problem!r}") from problem
        answer = Answer(response.status, (time.perf_counter() - began) * 1000, response.headers, content)
        self.last = time.monotonic()
        if answer.status not in expect:
            raise LineFailed(f"{method} {path} answered {answer.status} instead of {expect}")
        return answer


def session_of(person: Any) -> str:
    """The key of a new session in which the person is signed in."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return str(session.session_key)


class Ears:
    """Many open streams, and when each hears of a version. Keep it in a `with`."""

    PATIENCE_S = 3.0

    def __init__(self, site: Site, streams: Sequence[tuple[str, str]]) -> None:
        """`streams`: path and cookie of each."""
        self.selector = selectors.DefaultSelector()
        self.sockets = []
        for path, cookie in streams:
            one = socket.create_connection(("127.0.0.1", site.port), timeout=20)
            one.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode())
            self.sockets.append(one)
        for one in self.sockets:
            said = b""
            while b"event: versions" not in said:
                said += one.recv(4096) or _refused(said)
            one.setblocking(False)
            self.selector.register(one, selectors.EVENT_READ)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.selector.close()
        for one in self.sockets:
            one.close()

    def hear(self, version: int, say: Callable[[], float]) -> list[float]:
        """Milliseconds from what `say` answers (the moment before its commit) until each stream said `version`."""
        heard: list[float] = []
        marks = (b'"version":%d}' % version, b'"version":%d,' % version)

        def listen() -> None:
            until = time.perf_counter() + self.PATIENCE_S
            while len(heard) < len(self.sockets) and time.perf_counter() < until:
                for key, _ in self.selector.select(0.1):
                    said = key.fileobj.recv(65536)  # type: ignore[union-attr]
                    heard.extend([time.perf_counter()] * any(mark in said for mark in marks))
                    if not said:
                        self.selector.unregister(key.fileobj)

        listening = threading.Thread(target=listen)
        listening.start()
        began = say()
        listening.join()
        return [(moment - began) * 1000 for moment in heard]


def _refused(said: bytes) -> bytes:
    raise LineFailed(f"A stream was refused: {said[:200]!r}")


# A run


@dataclass
class Run:
    """One call of the bench. `quick`: long lines run shortened."""

    quick: bool
    _stack: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @cached_property
    def site(self) -> Site:
        return self._stack.enter_context(self.own_site())

    @contextmanager
    def own_site(self) -> Iterator[Site]:
        """A site nobody has asked anything yet."""
        with Site() as site:
            http = HTTPConnection("127.0.0.1", site.port, timeout=60)
            http.request("GET", "/health/live")
            http.getresponse().read()
            http.close()
            yield site

    def visitor(self, person: Any) -> Visitor:
        return Visitor(self.site, person)

    def compare(
        self, ours: Callable[[], Answer], floor: Callable[[], Answer], *, before: Callable[[], object] | None = None
    ) -> tuple[Timing, Timing]:
        """Both in alternation for a while. `before` makes ready for each of ours, and is not measured."""
        pairs = (Timing(), Timing())
        warm = time.monotonic() + WARMING_S
        until = warm + (1.5 if self.quick else 15)
        while (now := time.monotonic()) < until or len(pairs[0].ms) < LEAST_PAIRS:
            for timing, ask in zip(pairs, (ours, floor), strict=True):
                if before and ask is ours:
                    before()
                spent = self.site.cpu_ms()
                answer = ask()
                if now >= warm:
                    timing.add(answer, self.site.cpu_ms() - spent)
        return pairs


def nudges(
    run: Run, name: str, streams: Sequence[tuple[str, str]], version: int, change: Callable[[], float]
) -> Iterator[Figure]:
    """What all `streams` (path, cookie) hear, against a bare fan-out to as many.

    `change` raises the aggregate from `version` by one and answers the moment before it commits.
    """
    heard, bare, missed = [], [], 0
    with Ears(run.site, streams) as ears, Ears(run.site, [(floors.PATH, "")] * len(streams)) as floor_ears:
        until = time.monotonic() + (3 if run.quick else 25)
        for n in itertools.count(1):
            ours = ears.hear(version + n, change)
            floor = floor_ears.hear(n, lambda n=n: _floor_nudge(n))  # type: ignore[misc]
            missed += len(streams) - len(ours)
            if n > WARMING_NUDGES:
                heard += ours
                bare += floor
            if time.monotonic() > until:
                break
            time.sleep(0.02)
    details = (
        f"p50 {at(heard, 0.5):.1f} p95 {at(heard, 0.95):.1f} ms; floor p50 {at(bare, 0.5):.1f} "
        f"p95 {at(bare, 0.95):.1f} ms; {n} nudges to {len(streams)} each"
    )
    yield Figure(name, at(heard, 0.95) / at(bare, 0.95), "x floor p95", 3, 1.5, details)
    yield Figure(f"{name}.missed", missed, "frames", 0)


def _floor_nudge(version: int) -> float:
    with transaction.atomic():
        floors.notify(version)
        return time.perf_counter()


def first_load(visitor: Visitor, path: str) -> tuple[int, list[str]]:
    """Bytes, as they travel, of all CSS and JS that a browser with an empty cache loads for a page, and their names."""
    waiting, seen, size = [(path, PAGE_LOADS)], set(), 0
    while waiting:
        address, loads = waiting.pop()
        answer = visitor.get(address, **{"Accept-Encoding": "gzip"})
        squeezed = answer.headers.get("Content-Encoding") == "gzip"
        if address != path:
            size += len(answer.body)
        text = (gzip.decompress(answer.body) if squeezed else answer.body).decode()
        for found in loads.findall(text):
            asset = urljoin(address, next(filter(None, found)) if isinstance(found, tuple) else found)
            kind = CSS_LOADS if asset.endswith(".css") else JS_LOADS
            if asset.endswith((".css", ".js")) and asset not in seen:
                seen.add(asset)
                waiting.append((asset, kind))
    return size, sorted(seen)


def memory(run: Run, name: str, work: Callable[[Visitor, int], object], people: Sequence[Any]) -> Iterator[Figure]:
    """A fresh web process before and after the second half of many requests; `work(visitor, n)` makes the nth."""
    half = 500 if run.quick else 5000
    with run.own_site() as site:
        visitors = [Visitor(site, person) for person in people]

        def ask(visitor: Visitor, first: int) -> None:
            for n in range(first, first + half // len(visitors)):
                work(visitor, n)

        taken = []
        for _half in range(2):
            with ThreadPoolExecutor(len(visitors)) as threads:
                list(threads.map(ask, visitors, itertools.count(0, half)))
            taken.append(site.memory_mb())
    shortened = f"; shortened to {2 * half:,} requests" if run.quick else f"; {2 * half:,} requests"
    yield Figure(name, taken[1], "MB", 250, details=f"PSS{shortened}, {len(visitors)} at once")
    details = f"{taken[0]:.1f} MB at {half:,}, {taken[1]:.1f} MB at {2 * half:,}"
    yield Figure(f"{name}.growth", max(0, (taken[1] / taken[0] - 1) * 100), "%", 2, details=details)


def run_lines(names: Sequence[str], run: Run) -> Iterator[Figure]:
    """The figures of the lines of these names or areas, as they come; of all where none is named."""
    wanted = [one for one in lines if not names or any(one == name or one.startswith(f"{name}.") for name in names)]
    for name in wanted:
        try:
            yield from lines[name](run)
        except LineFailed as failure:
            yield Figure(name, None, "", None, details=str(failure))
