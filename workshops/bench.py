"""The bench's lines of workshops: thirty phones at once, a full wall, what several said, who sits with whom."""

from __future__ import annotations

import itertools
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from functools import cache
from typing import Any

from django.db import connection

from config import bench, floors
from config.bench import Answer, Figure, Run, Timing, at
from planning import commonality
from planning.bench import cast, same_statements, words
from planning.commonality_score import answers_at_hand, entries, left_out, mean, plain, quality
from profiles import demo
from profiles.models import Actor

from .grouping import Seat, seat
from .guide import BUILT_IN
from .models import Entry, Participant, Response, Workshop
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
