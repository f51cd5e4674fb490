"""The bench's lines of workshops: thirty phones at once, a full wall, what several said, who sits with whom."""

from __future__ import annotations

import itertools
import random
import secrets
import selectors
import socket
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.db import connection, transaction
from django.utils import timezone

from config import bench, floors
from config.bench import Answer, Figure, Run, Timing, at
from planning import commonality
from planning.bench import cast, same_statements, words
from planning.commonality_score import answers_at_hand, entries, left_out, mean, plain, quality
from profiles import demo
from profiles.models import Actor

from .grouping import Seat, seat
from .guide import BUILT_IN
from .models import Entry, Participant, Response, Workshop, token_hash
from .rehearsal import Phone, Record
from .room_access import COOKIE
from .seat import sheets

PHONES = 30

floors.pages["workshops.entries"] = """
SELECT e.id, e.sheet, e.text, e.tally, e.theme_id, p.name, p.role FROM workshops_entry e
LEFT JOIN workshops_participant p ON p.id = e.participant_id
WHERE e.workshop_id = %(workshop)s AND NOT e.hidden ORDER BY e.said_at, e.id
"""
floors.saves["workshops.answer"] = floors.Save(
    lock="UPDATE workshops_workshop SET version = version + 1 WHERE id = %(workshop)s RETURNING version",
    history="INSERT INTO profiles_change "
    "(stream, version, n, actor_id, actor_kind, actor_ref, verb, target, after, at) VALUES "
    "('workshop:' || %(workshop)s, %(version)s, 0, %(person)s, 'person', '', 'floor_saved', %(key)s, "
    "to_json(%(words)s::text), now())",
)


def workshop_at(key: str) -> Workshop:
    """A workshop of the coach's, in the step of this key."""
    coach = cast()["coach"]
    workshop = Workshop.prepare(demo.school("cedar"), "Learning together", deepcopy(BUILT_IN), by=coach)
    workshop.open_lobby(by=coach, seen=0)
    workshop.go_to(workshop.steps.get(key=key), by=coach, seen=1)
    return Workshop.objects.get(pk=workshop.pk)


@cache
def sheets_with(lines: int) -> Workshop:
    """A workshop with so many lines on its three sheets, recorded by the lead."""
    workshop = workshop_at("1c")
    keys = [sheet["key"] for sheet in sheets(workshop)]
    Entry.objects.bulk_create(
        Entry(workshop=workshop, sheet=keys[n % len(keys)], text=words(9, n)) for n in range(lines)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return workshop


def facilitator_page(workshop: Workshop) -> str:
    return f"/workshops/{workshop.pk}/facilitate/"


def screen_page(workshop: Workshop) -> str:
    return f"/workshops/{workshop.pk}/screen/{workshop.screen_token}/"


@bench.line("workshops.answer")
def answer(run: Run) -> Iterator[Figure]:
    """Everybody in the room sends at the same moment."""
    workshop, record = workshop_at("1a"), Record()
    school, lead = demo.school("cedar"), cast()["coach"]
    phones = [Phone(run.site, n, school, "other", record) for n in range(PHONES)]
    for phone in phones:
        _one, phone.cookies[COOKIE] = Participant.join(workshop, by=Actor("participant"), name=phone.name)
    laptops = [run.visitor(lead) for _phone in phones]
    key, n = sheets(workshop)[0]["key"], itertools.count()
    ours, floor, sent = Timing(), Timing(), set()

    def give(phone: Phone) -> Answer:
        op_id = uuid.uuid4()
        sent.add(op_id)
        told = {"op_id": op_id, "prompt": key, "text": phone.line()}
        return phone.post(f"/w/{workshop.pk}/steps/1a/answers/", told)

    def save(laptop: bench.Visitor) -> Answer:
        told = {"workshop": workshop.pk, "key": f"answer{next(n)}", "words": words(9, 1)}
        return laptop.post("/floor/save/workshops.answer/", told)

    def at_once(work: Callable[[Any], Answer], those: list[Any], timing: Timing) -> None:
        for one in threads.map(work, those):
            timing.add(one, 0)

    with ThreadPoolExecutor(PHONES) as threads:
        at_once(save, laptops, Timing())
        at_once(give, phones, Timing())
        for _round in range(3 if run.quick else 20):
            at_once(save, laptops, floor)
            at_once(give, phones, ours)
    stored = set(Response.objects.filter(workshop=workshop).values_list("pk", flat=True))
    details = (
        f"p50 {at(ours.ms, 0.5):.1f} p95 {at(ours.ms, 0.95):.1f} ms, {ours.statements} statements; floor p50 "
        f"{at(floor.ms, 0.5):.1f} p95 {at(floor.ms, 0.95):.1f} ms; {PHONES} at once, {len(ours.ms)} of each"
    )
    yield Figure("workshops.answer", at(ours.ms, 0.95) / at(floor.ms, 0.95), "x floor p95", 2, details=details)
    yield Figure("workshops.answer.wrong_rows", len(stored ^ sent), "rows", 0, details=f"{len(sent)} answers sent")


# "Next"


def room_of(count: int) -> tuple[Workshop, list[str]]:
    """A workshop in its first writing, and the cookies of so many phones in it."""
    workshop = workshop_at("1a")
    tokens = [secrets.token_urlsafe(32) for _one in range(count)]
    # Coming in is not what is measured: all are there at once.
    Participant.objects.bulk_create(
        Participant(workshop=workshop, number=number, token_hash=token_hash(token))
        for number, token in enumerate(tokens, 1)
    )
    return workshop, [f"{COOKIE}={token}" for token in tokens]


def streams_of(workshop: Workshop, cookies: list[str]) -> list[tuple[str, str]]:
    return [(f"/live/?s={workshop.stream}&g=participant", cookie) for cookie in cookies]


@dataclass
class Fetch:
    """A fragment on its way to a phone: the room's, or after it, at its moment, what is their own."""

    phone: int
    own_at: float = 0
    body: bytes = b""


class Screens(bench.Ears):
    """Phones as their script keeps them: told of another step, each fetches the room, then what is its own.

    Half of them read Spanish. A fragment has a connection of its own, since between two steps a phone's is closed.
    """

    PATIENCE_S = 60.0
    APART_S = 0.015

    def __init__(self, site: bench.Site, workshop: Workshop, cookies: list[str]) -> None:
        self.site, self.workshop, self.cookies = site, workshop, cookies
        super().__init__(site, streams_of(workshop, cookies))
        self.phones = {one: n for n, one in enumerate(self.sockets)}
        self.chance = random.Random(1)  # noqa: S311

    def show(self, step: str, press: Callable[[], object]) -> list[float]:
        """Seconds from pressing until each phone holds the step; answers when everybody has their own as well."""
        mark, shown, complete = f'data-step="{step}"'.encode(), [], 0
        later: list[Fetch] = []
        with ThreadPoolExecutor(1) as finger:
            began = time.perf_counter()
            pressed = finger.submit(press)
            while complete < len(self.sockets) and time.perf_counter() - began < self.PATIENCE_S:
                while later and later[-1].own_at < time.perf_counter():
                    self.ask(later.pop())
                for ready, _events in self.selector.select(0.01):
                    one: Any = ready.fileobj
                    said, fetch = one.recv(65536), ready.data
                    if fetch is None:
                        if b'"step"' in said:
                            self.ask(Fetch(self.phones[one]))
                        continue
                    fetch.body += said
                    if said:
                        continue
                    self.selector.unregister(one)
                    one.close()
                    if fetch.own_at:
                        complete += 1
                    elif mark in fetch.body:
                        now = time.perf_counter()
                        shown.append(now - began)
                        apart = self.chance.random() * self.APART_S * len(self.sockets)
                        later.append(Fetch(fetch.phone, own_at=now + apart))
                        later.sort(key=lambda one: -one.own_at)
            pressed.result()
        if complete < len(self.sockets):
            raise bench.LineFailed(f"{len(shown)} of {len(self.sockets)} phones showed the step {step}")
        return shown

    def ask(self, fetch: Fetch) -> None:
        path = f"/w/{self.workshop.pk}/" + ("" if fetch.own_at else "room/")
        one = socket.create_connection(("127.0.0.1", self.site.port), timeout=20)
        headers = {
            "Host": "127.0.0.1",
            "Connection": "close",
            "Cookie": self.cookies[fetch.phone],
            "Accept-Language": "es" if fetch.phone % 2 else "en",
            **({"HX-Request": "true"} if fetch.own_at else {}),
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        one.sendall(f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode())
        one.setblocking(False)
        self.selector.register(one, selectors.EVENT_READ, fetch)


def _next_nudge(run: Run, workshop: Workshop, cookies: list[str]) -> Iterator[Figure]:
    """What `step_next` announces, heard by phones at their streams; in the end the room is where it began."""
    coach = cast()["coach"]
    steps = {key: workshop.steps.get(key=key) for key in ("1a", "1b")}

    def go() -> None:
        now = Workshop.objects.select_related("current").get(pk=workshop.pk)
        other = steps["1b" if now.current_id == steps["1a"].pk else "1a"]
        now.go_to(other, by=coach, seen=now.control_version)

    def change() -> float:
        with transaction.atomic():
            go()
            return time.perf_counter()

    name = f"workshops.next_{len(cookies)}"
    yield from bench.nudges(run, name, streams_of(workshop, cookies), workshop.version, change)
    workshop.refresh_from_db()
    if workshop.current_id != steps["1a"].pk:
        go()


def _next_screens(run: Run, site: bench.Site, workshop: Workshop, screens: Screens, *, most: float) -> Iterator[Figure]:
    """The lead presses Next; when the last phone holds the new step."""
    lead, keys = bench.Visitor(site, cast()["coach"]), [step["key"] for step in workshop.kit["steps"]]
    last, count = [], len(screens.cookies)
    # Pages were open before: templates are read once a process.
    lead.get(facilitator_page(workshop))
    phone = bench.Visitor(site, cast()["coach"])
    phone.cookie = screens.cookies[0]
    phone.get(f"/w/{workshop.pk}/")

    def press() -> None:
        seen = Workshop.objects.values_list("control_version", flat=True).get(pk=workshop.pk)
        connection.close()
        told = urlencode({"op_id": uuid.uuid4(), "control_version": seen}).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"}
        lead.ask("POST", f"/workshops/{workshop.pk}/next/", told, expect=(200,), **kind)

    for key in keys[keys.index("1b") :][: 1 if run.quick else 8]:
        # A step lasts longer than what is written down of who was there: everybody's is written again.
        workshop.participants.update(seen_at=timezone.now() - timedelta(hours=1))
        last.append(max(screens.show(key, press)))
    details = f"the last of {count} phones, median of {len(last)} steps; worst {max(last):.2f} s"
    yield Figure(f"workshops.next_{count}.screens", at(last, 0.5), "s", most, details=details)


@bench.line("workshops.next_30")
def next_30(run: Run) -> Iterator[Figure]:
    workshop, cookies = room_of(30)
    yield from _next_nudge(run, workshop, cookies)
    with Screens(run.site, workshop, cookies) as screens:
        yield from _next_screens(run, run.site, workshop, screens, most=1)


@bench.line("workshops.next_300")
def next_300(run: Run) -> Iterator[Figure]:
    """The nudge, then a process of its own: what 300 phones that follow and fetch leave in it."""
    workshop, cookies = room_of(300)
    yield from _next_nudge(run, workshop, cookies)
    with run.own_site() as site:

        def look(cookie: str) -> None:
            visitor = bench.Visitor(site, cast()["coach"])
            visitor.cookie = cookie
            visitor.get(f"/w/{workshop.pk}/room/")

        with ThreadPoolExecutor(PHONES) as threads:
            # Every thread that makes pages has its connection by then.
            list(threads.map(look, cookies[: 2 * PHONES]))
        before = connections_of_the_database()
        with Screens(site, workshop, cookies) as screens:
            yield from _next_screens(run, site, workshop, screens, most=3)
            more = connections_of_the_database() - before
            yield Figure("workshops.connected_300", site.memory_mb(), "MB", 300, details="PSS, 300 phones follow")
            details = "one listens, two look again who may follow"
            yield Figure("workshops.connected_300.connections", more, "connections", 3, details=details)


def connections_of_the_database() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


# Pages


def _wall(run: Run, name: str, page: Callable[[Workshop], str]) -> Iterator[Figure]:
    visitor, full = run.visitor(cast()["coach"]), sheets_with(120)
    bare = f"/floor/page/workshops.entries/?workshop={full.pk}"
    ours, floor = run.compare(lambda: visitor.get(page(full)), lambda: visitor.get(bare))
    yield ours.against(floor, name, target=4)
    paths = [page(sheets_with(lines)) for lines in (12, 120)]
    for path in paths:
        # That the lead is here is written down by the first look only.
        visitor.get(path)
    yield same_statements(f"{name}.statements_12_120", visitor, paths)


@bench.line("workshops.facilitator_120")
def facilitator(run: Run) -> Iterator[Figure]:
    yield from _wall(run, "workshops.facilitator_120", facilitator_page)


@bench.line("workshops.screen_120")
def screen(run: Run) -> Iterator[Figure]:
    yield from _wall(run, "workshops.screen_120", screen_page)


@bench.line("workshops.commonalities_120")
def commonalities(run: Run) -> Iterator[Figure]:
    """In the worker, off the request path; scipy is loaded once a worker and not counted."""
    lines = entries([words(9, n) for n in range(120)])
    commonality.suggest(lines)
    began = time.perf_counter()
    found = commonality.suggest(lines)
    details = f"{len(found)} themes suggested"
    yield Figure("workshops.commonalities_120", time.perf_counter() - began, "s", 1, details=details)


@bench.line("workshops.pair_f1")
def pair_f1(run: Run) -> Iterator[Figure]:
    """How far the plain baseline stays behind, as its share of ours: at most 1. Each question was left out in turn."""
    rows = answers_at_hand()
    if not rows:
        return
    ours, baseline = left_out(rows), quality(rows, plain)
    against = ", ".join(
        f"{name} {mean(ours, what):.2f} (plain TF-IDF {mean(baseline, what):.2f})"
        for what, name in (("f1", "F1"), ("precision", "precision"), ("recall", "recall"), ("beyond_chance", "ARI"))
    )
    each = "; ".join(
        f"{question} ({side}) {one.f1:.2f} {one.precision:.2f} {one.recall:.2f}"
        for (question, side), one in sorted(ours.items())
    )
    share = mean(baseline, "f1") / mean(ours, "f1")
    details = f"{against}; F1, precision, recall of each: {each}"
    yield Figure("workshops.pair_f1", share, "plain/ours", 1, details=details)


@bench.line("workshops.seats")
def seats(run: Run) -> Iterator[Figure]:
    for people, most in ((30, 0.5), (300, 5)):
        room = [Seat(n, f"school {n % 5}", f"role {n % 4}") for n in range(people)]
        began = time.perf_counter()
        groups = seat(room, mode="mix", seed=1)
        took = time.perf_counter() - began
        yield Figure(f"workshops.seats_{people}", took, "s", most, details=f"{len(groups)} groups")
