"""The bench's lines of strategy tables, and those of the site that need a page with something on it."""

from __future__ import annotations

import itertools
import random
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from config import bench, files, floors
from config.bench import Figure, Run, Timing, Visitor, at
from profiles import demo
from profiles.models import Person, RoleAssignment

from . import cells, exports
from .merge import merge_words
from .models import CellProposal, Strategy, StrategyTable

# The floors

floors.pages["tables.page"] = """
SELECT s.id, s.cell_versions, s.description, s.areas, s.why_led, s.student_effects, s.teacher_effects, s.assessment,
       (SELECT json_agg(json_build_array(r.person_id, r.role_label, r.lead, p.given_name, p.family_name) ORDER BY r.n)
        FROM planning_responsibility r LEFT JOIN profiles_person p ON p.id = r.person_id WHERE r.strategy_id = s.id)
FROM planning_strategy s WHERE s.table_id = %(table)s AND s.set_aside_at IS NULL ORDER BY s.rank
"""
floors.pages["tables.history_2000"] = """
SELECT p.given_name, p.family_name, c.verb, c.target, c.before, c.after, c.at
FROM profiles_change c LEFT JOIN profiles_person p ON p.id = c.actor_id
WHERE c.stream = 'table:' || %(table)s ORDER BY c.version DESC, c.n DESC LIMIT 50
"""
floors.saves["tables.save"] = floors.Save(
    lock="UPDATE planning_strategytable SET version = version + 1, changed_at = now() WHERE id = %(table)s "
    "RETURNING version",
    history="INSERT INTO profiles_change "
    "(stream, version, n, actor_id, actor_kind, actor_ref, verb, target, after, at) VALUES "
    "('table:' || %(table)s, %(version)s, 0, %(person)s, 'person', '', 'floor_saved', %(key)s, "
    "to_json(%(words)s::text), now())",
)

# The scene


@cache
def cast() -> dict[str, Person]:
    """The story's people by slug; tells it first."""
    demo.tell(lambda words: None)
    return {slug: demo.person(slug) for slug in demo.EVERYONE}


WORDS = """every student is known by name because an adult greets them at the door listens after lunch calls home
with good news asks who was missing plans advisory twice a week and looks again in March whether it helped"""


def words(n: int, seed: int) -> str:
    some, known = random.Random(seed), WORDS.split()  # noqa: S311
    return " ".join(some.choice(known) for _ in range(n))


def row_values(n: int, staff: list[Person]) -> dict[str, Any]:
    """Six full cells, as long as people write them."""
    lead, other = staff[n % len(staff)], staff[(n + 1) % len(staff)]
    return {
        "description": f"{n}. {words(14, n)}",
        "areas": cells.Area.values[n % 3 : n % 3 + 2],
        "responsible": {
            "people": [{"person": str(lead.pk), "lead": True}, {"person": str(other.pk)}, {"role": "advisory team"}],
            "why": words(9, n + 1),
        },
        "student_effects": [
            {"text": f"{words(6, n)} {one}", "support": kind} for one, kind in enumerate(("", "social"))
        ],
        "teacher_effects": [{"text": words(8, n + 3), "support": ""}],
        "assessment": words(16, n + 4),
    }


@cache
def table_of(rows: int, purpose: str = "") -> StrategyTable:
    """A table of the ninth-grade team with so many full rows, owned by the teacher. One for each purpose."""
    people = cast()
    owner = people["teacher"]
    staff = [one for slug, one in people.items() if demo.EVERYONE[slug].school == "cedar" and one.email]
    table = StrategyTable.begin(
        demo.school("cedar"), f"{rows} rows {purpose}", "grade_team", by=owner, team=demo.team("ninth")
    )
    with table.change(by=owner):
        for n in range(rows):
            Strategy.add(table, by=owner, values=row_values(n, staff))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return table


def url(table: StrategyTable, *parts: object) -> str:
    return "/".join(map(str, ["/planning/tables", table.pk, *parts])) + "/"


def floor_of(name: str, table: StrategyTable) -> str:
    return f"/floor/page/{name}/?table={table.pk}"


def same_statements(name: str, visitor: Visitor, paths: list[str]) -> Figure:
    """How far apart the numbers of SQL statements of these pages are."""
    counts = [int(visitor.get(path).headers[floors.STATEMENTS]) for path in paths]
    return Figure(name, max(counts) - min(counts), "statements", 0, details=f"{', '.join(map(str, counts))}")


# Pages


@bench.line("tables.page")
def page(run: Run) -> Iterator[Figure]:
    visitor, table = run.visitor(cast()["teacher"]), table_of(60)
    ours, floor = run.compare(lambda: visitor.get(url(table)), lambda: visitor.get(floor_of("tables.page", table)))
    yield ours.against(floor, "tables.page", target=3, aim=2)
    yield Figure("tables.page.statements", ours.statements, "statements", 10)
    sizes = [url(table_of(rows)) for rows in (6, 60, 600)]
    yield same_statements("tables.page.statements_6_60_600", visitor, sizes)


@bench.line("tables.history_2000")
def history(run: Run) -> Iterator[Figure]:
    visitor, table, short = run.visitor(cast()["teacher"]), table_of(6, "with a past"), table_of(6)
    row, now = table.strategies.standing()[0], ""
    with table.change(by=cast()["teacher"]) as door:
        for n in range(2000):
            before, now = now, words(16, n)
            after = {"value": now, "cause": "edit"}
            door.record("cell_saved", target=row.target("assessment"), before={"value": before}, after=after)
    ours, floor = run.compare(
        lambda: visitor.get(url(table, "history")), lambda: visitor.get(floor_of("tables.history_2000", table))
    )
    yield ours.against(floor, "tables.history_2000", target=4)
    pages = [url(short, "history"), url(table, "history"), f"{url(table, 'history')}?page=20"]
    yield same_statements("tables.history_2000.statements_spread", visitor, pages)


# Saves


class Writer:
    """A person saving into one row by the page's own request, and the floor's save beside it."""

    def __init__(self, visitor: Visitor, table: StrategyTable, row: Strategy) -> None:
        self.visitor, self.table, self.row = visitor, table, row

    def save(self, cell: str, text: str, base: int, expect: tuple[int, ...] = (200,)) -> bench.Answer:
        data = {"op_id": uuid.uuid4(), "base_version": base, "text": text}
        return self.visitor.post(url(self.table, "strategies", self.row.pk, "cells", cell), data, expect=expect)

    def floor(self, text: str) -> bench.Answer:
        data = {"key": f"{self.row.pk}/assessment", "words": text, "table": self.table.pk}
        return self.visitor.post("/floor/save/tables.save/", data)


@bench.line("tables.save")
def save(run: Run) -> Iterator[Figure]:
    table = table_of(60, "to write in")
    writer = Writer(run.visitor(cast()["teacher"]), table, table.strategies.standing()[30])
    base, n = writer.row.cell_versions["assessment"], itertools.count()

    def ours() -> bench.Answer:
        nonlocal base
        answer = writer.save("assessment", words(16, next(n)), base)
        base = answer.json["cell_version"]
        return answer

    timing, floor = run.compare(ours, lambda: writer.floor(words(16, next(n))))
    yield timing.against(floor, "tables.save", target=2, aim=1.4)
    yield Figure("tables.save.statements", timing.statements, "statements", 12)


@bench.line("tables.merge_500_words")
def merge_500_words(run: Run) -> Iterator[Figure]:
    table = table_of(60, "to merge in")
    writer = Writer(run.visitor(cast()["teacher"]), table, table.strategies.standing()[30])
    n, base, text = itertools.count(), 0, ""

    def colleague_changes_the_start() -> None:
        nonlocal base, text
        text = words(500, next(n))
        stands = Strategy.objects.get(pk=writer.row.pk).cell_versions["assessment"]
        colleague = cast()["advisor"]
        base = table.save_cell(writer.row.pk, "assessment", text, base_version=stands, by=colleague).version
        table.save_cell(writer.row.pk, "assessment", f"Certainly {text}", base_version=base, by=colleague)

    def ours() -> bench.Answer:
        answer = writer.save("assessment", f"{text} indeed", base)
        if answer.json["status"] != "merged":
            raise bench.LineFailed(f"A merge of 500 words answered {answer.json['status']}")
        return answer

    timing, floor = run.compare(ours, lambda: writer.floor(words(500, next(n))), before=colleague_changes_the_start)
    yield timing.against(floor, "tables.merge_500_words", target=2.5)


@bench.line("tables.merge_pairs")
def merge_pairs(run: Run) -> Iterator[Figure]:
    """Random pairs of edits of random texts."""
    pairs, some, wrong, joined = 1000 if run.quick else 20_000, random.Random(8), 0, 0  # noqa: S311
    for _pair in range(pairs):
        base = [some.choice("abcdefg") for _ in range(some.randrange(12))]
        sides, new = [], []
        for side in "xy":
            text = list(base)
            for edit in range(some.randrange(1, 4)):
                start = some.randrange(len(text) + 1)
                text[start : start + some.choice((0, 0, 1, 2))] = [f"{side}{edit}"] * some.choice((0, 1, 1))
            new += [word for word in text if word[0] == side]
            sides.append(" ".join(text))
        merged = merge_words(" ".join(base), sides[0], sides[1])
        joined += merged is not None
        lost = merged is not None and sorted(word for word in merged.split() if word[0] in "xy") != sorted(new)
        wrong += lost or merged != merge_words(" ".join(base), sides[1], sides[0])
    shortened = ", shortened" if run.quick else ""
    yield Figure("tables.merge_pairs", wrong, "wrong", 0, details=f"{pairs:,} pairs{shortened}, {joined:,} joined")


class Editors:
    """Twenty people in six rows, five saves a second in all: each reads a cell, types a while, saves a word more."""

    COUNT, RATE = 20, 5

    def __init__(self, run: Run) -> None:
        people = [one for slug, one in cast().items() if slug in demo.TEAMS["ninth"].members]
        self.table = table_of(6, "for twenty")
        self.rows = list(self.table.strategies.standing())
        self.visitors = [run.visitor(people[n % len(people)]) for n in range(self.COUNT)]
        self.ours, self.floor = Timing(), Timing()
        self.kept: dict[str, tuple[Strategy, str, str]] = {}
        """By the word somebody put in: where, and what the site answered."""
        self.numbers, self.seeds = itertools.count(), itertools.count()

    def write(self, visitor: Visitor, some: random.Random, wait: float) -> None:
        row, cell = some.choice(self.rows), some.choice(cells.TEXT_CELLS)
        reads_after = some.uniform(0, wait)
        time.sleep(reads_after)
        seen = Strategy.objects.get(pk=row.pk)
        time.sleep(wait - reads_after)
        token = f"word{next(self.numbers)}"
        said = seen.value(cell).split(" ")
        said.insert(some.randrange(len(said) + 1), token)
        answer = Writer(visitor, self.table, row).save(cell, " ".join(said), seen.cell_versions[cell], (200, 409))
        self.ours.add(answer, 0)
        self.kept[token] = row, cell, answer.json["status"]

    def write_floor(self, visitor: Visitor, some: random.Random, wait: float) -> None:
        time.sleep(wait)
        self.floor.add(Writer(visitor, self.table, some.choice(self.rows)).floor(words(16, 1)), 0)

    def together(self, work: Callable[[Visitor, random.Random, float], None]) -> None:
        """Everybody once, each when they please within the seconds that the rate gives."""

        def once(visitor: Visitor, seed: int) -> None:
            some = random.Random(seed)  # noqa: S311
            try:
                work(visitor, some, some.uniform(0, self.COUNT / self.RATE))
            finally:
                connection.close()

        with ThreadPoolExecutor(self.COUNT) as threads:
            list(threads.map(once, self.visitors, self.seeds))

    def overwritten_and_lost(self) -> tuple[int, int]:
        """Saves answered as standing that do not stand once in their cell, and saves kept beside it that are gone."""
        overwritten = lost = 0
        rows = {row.pk: row for row in self.table.strategies.all()}
        proposed = " ".join(str(one.value) for one in CellProposal.objects.filter(strategy__table=self.table)).split()
        for token, (row, cell, status) in self.kept.items():
            stands = rows[row.pk].value(cell).split().count(token)
            if status in ("saved", "merged"):
                overwritten += stands != 1
            else:
                lost += token not in proposed
        return overwritten, lost


@bench.line("tables.editors")
def editors(run: Run) -> Iterator[Figure]:
    scene = Editors(run)
    rounds = 2 if run.quick else 15
    for _round in range(rounds):
        scene.together(scene.write_floor)
        scene.together(scene.write)
    overwritten, lost = scene.overwritten_and_lost()
    statuses = [status for _row, _cell, status in scene.kept.values()]
    counted = ", ".join(f"{statuses.count(one)} {one}" for one in sorted(set(statuses)))
    shortened = ", shortened" if run.quick else ""
    details = (
        f"p95 {at(scene.ours.ms, 0.95):.1f} ms; floor p95 {at(scene.floor.ms, 0.95):.1f} ms; "
        f"{rounds * scene.COUNT / scene.RATE:.0f} s{shortened}: {counted}"
    )
    ratio = at(scene.ours.ms, 0.95) / at(scene.floor.ms, 0.95)
    yield Figure("tables.editors", ratio, "x floor p95", 4, details=details)
    yield Figure("tables.editors.overwritten", overwritten, "saves", 0)
    yield Figure("tables.editors.lost", lost, "saves", 0)


# Files


@bench.line("tables.export_60")
def export(run: Run) -> Iterator[Figure]:
    visitor, table = run.visitor(cast()["teacher"]), table_of(60)
    for form, seconds in (("csv", 0.2), ("xlsx", 0.5), ("docx", 1), ("pdf", 1)):
        taken = [visitor.get(url(table, "export", form)).ms / 1000 for _n in range(1 if run.quick else 9)]
        yield Figure(f"tables.export_60_{form}", at(taken, 0.5), "s", seconds, details=f"worst {max(taken):.2f} s")


@bench.line("tables.look_500_rows")
def look(run: Run) -> Iterator[Figure]:
    visitor, other = run.visitor(cast()["teacher"]), run.visitor(cast()["advisor"])
    table, page = table_of(6, "to bring a file into"), url(table_of(60))
    rest = [other.get(page).ms for _n in range(40)]
    for form in ("xlsx", "docx"):
        file = files.write(exports.six_columns(table_of(500)), form)
        taken, busy, peaks = [], [], []
        for _n in range(1 if run.quick else 6):
            with ThreadPoolExecutor(1) as reading, _watching(run.site) as peak:
                looking = reading.submit(visitor.send_file, url(table, "import"), f"table.{form}", file)
                while not looking.done():
                    busy.append(other.get(page).ms)
            taken.append(looking.result().ms / 1000)
            peaks.append(peak.megabytes)
            rest += [other.get(page).ms for _n in range(10)]
        name = f"tables.look_500_rows_{form}"
        yield Figure(name, max(taken), "s", 5, details=f"worst of {len(taken)}; file of {len(file) / 1000:.0f} kB")
        yield Figure(f"{name}.peak", max(peaks), "MB", 300)
        details = f"another's page p95 {at(busy, 0.95):.1f} ms meanwhile, {at(rest, 0.95):.1f} ms at rest"
        yield Figure(f"{name}.others", at(busy, 0.95) / at(rest, 0.95), "x at rest", 2, details=details)


class _watching:  # noqa: N801 (used as a function is)
    """Meanwhile, the most memory that a child of the site held resident."""

    def __init__(self, site: bench.Site) -> None:
        self.process = Path(f"/proc/{site.process.pid}")
        self.megabytes = 0.0
        self.over = threading.Event()
        self.watcher = threading.Thread(target=self._watch)

    def __enter__(self) -> _watching:
        self.watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.watcher.join()

    def _watch(self) -> None:
        while not self.over.wait(0.01):
            for task in (self.process / "task").iterdir():
                with suppress(OSError):
                    for child in (task / "children").read_text().split():
                        self._look_at(Path(f"/proc/{child}"))

    def _look_at(self, child: Path) -> None:
        status = (child / "status").read_text()
        # Until it runs a program of its own, a child has its parent's memory.
        if (child / "cmdline").read_bytes() != (self.process / "cmdline").read_bytes():
            found = re.findall(r"VmHWM:\s+(\d+) kB", status)
            self.megabytes = max([self.megabytes, *(int(one) * 1024 / 1e6 for one in found)])


# The site


@cache
def listening(count: int) -> list[Person]:
    """Leaders of the district, who may follow every table."""
    district, today = demo.school("cedar").parent, demo.first_day()
    assert district
    with district.change(by=demo.STORYTELLER) as door:
        made = [Person(given_name="Ear", family_name=str(n)) for n in range(count)]
        for one in made:
            one.set_unusable_password()
        Person.objects.bulk_create(made)
        RoleAssignment.objects.bulk_create(
            RoleAssignment(person=one, org=district, role=RoleAssignment.Role.DISTRICT_ADMIN, begins=today)
            for one in made
        )
        door.record("role_given", topics=["people"])
    return made


def _nudges(run: Run, count: int) -> Iterator[Figure]:
    table = table_of(6, f"followed by {count}")
    writer, row = cast()["teacher"], table.strategies.standing()[0]
    n = itertools.count()
    with transaction.atomic():
        streams = [(f"/live/?s={table.stream}", f"sessionid={bench.session_of(one)}") for one in listening(count)]

    def change() -> float:
        with transaction.atomic():
            stands = Strategy.objects.get(pk=row.pk).cell_versions["assessment"]
            table.save_cell(row.pk, "assessment", words(16, next(n)), base_version=stands, by=writer)
            return time.perf_counter()

    yield from bench.nudges(run, f"site.nudge_{count}", streams, table.version, change)


@bench.line("site.nudge_30")
def nudge_30(run: Run) -> Iterator[Figure]:
    yield from _nudges(run, 30)


@bench.line("site.nudge_300")
def nudge_300(run: Run) -> Iterator[Figure]:
    yield from _nudges(run, 300)


@bench.line("site.first_load")
def first_load(run: Run) -> Iterator[Figure]:
    size, names = bench.first_load(run.visitor(cast()["teacher"]), url(table_of(6)))
    details = f"{len(names)} files: " + ", ".join(re.sub(r"\.[0-9a-f]{12}\.", ".", Path(name).name) for name in names)
    yield Figure("site.first_load", size / 1000, "kB", 100, 60, details)


@bench.line("site.memory")
def memory(run: Run) -> Iterator[Figure]:
    table, people = table_of(60), [cast()[slug] for slug in demo.TEAMS["ninth"].members]
    rows, seed = list(table_of(6, "to remember").strategies.standing()), itertools.count()
    versions = {row.pk: row.cell_versions["assessment"] for row in rows}
    pages = ["/", "/planning/", url(table), url(table, "history"), f"{url(table, 'rows')}?since=0", "/search/?q=na"]

    def work(visitor: Visitor, n: int) -> None:
        if n % 10 < len(pages):
            visitor.get(pages[n % 10])
            return
        # Each visitor writes in a row of its own.
        row = rows[people.index(visitor.person)]
        answer = Writer(visitor, row.table, row).save("assessment", words(16, next(seed)), versions[row.pk])
        versions[row.pk] = answer.json["cell_version"]

    yield from bench.memory(run, "site.memory", work, people)
