"""Results and days absent by CSV, as tests and student information systems export them; old standards codes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from typing import Generic, TypeVar

from config import clock

from .problem import Problem, Problems
from .table import Record, Table

R = TypeVar("R")

MAX_BYTES = 30_000_000
MAX_ROWS = 200_000
MAX_ID_CHARS = 255
MAX_POINTS = 1_000_000
MAX_DAYS = 366

ITEM_COLUMNS = ("student_id", "date", "item", "learning_standards", "result", "raw")
OBJECTIVE_COLUMNS = ("student_id", "date", "objective", "raw", "max")
ABSENCE_COLUMNS = ("student_id", "date", "from", "to", "days")

# Lines alike in all of these are one line, exported twice.
SAME_ITEM = attrgetter("student_id", "date", "item", "standards", "correct", "raw")
SAME_OBJECTIVE = attrgetter("student_id", "date", "objective", "raw", "max")
SAME_ABSENCE = attrgetter("student_id", "first", "last", "days")

RIGHT, WRONG = "Correct", "Incorrect"
RIGHT_OR_WRONG = {
    **dict.fromkeys(("correct", "right", "true", "yes", "1"), RIGHT),
    **dict.fromkeys(("incorrect", "wrong", "false", "no", "0"), WRONG),
}

# Common Core's names for itself: CC., CCSS.Math.Content., CCSS.ELA-Literacy.; within a code CC is a domain: CC.K.CC.4.
_PREFIX = re.compile(r"^cc(?:ss)?\.(?:math\.)?(?:content\.|practice\.)?(?:ela-literacy\.)?")
_CLUSTER = re.compile(r"(?<=\.)([a-z])\.(?=[0-9])")


@dataclass(slots=True)
class ItemResult:
    """One item of a test, right or wrong. ``standards``: the codes it is about, as the test writes them."""

    line: int
    student_id: str
    date: dt.date
    item: str
    standards: tuple[str, ...]
    correct: bool
    raw: Decimal | None


@dataclass(slots=True)
class ObjectiveScore:
    """``raw`` of ``max`` points on an objective named by the test's own label; 0 ≤ raw ≤ max, max > 0."""

    line: int
    student_id: str
    date: dt.date
    objective: str
    raw: Decimal
    max: Decimal


@dataclass(slots=True)
class Absence:
    """Days absent: from ``first`` to ``last`` (both included), or only how many (``days``) without dates.

    Where there are dates, ``days`` is what the file says of them (half days), or None.
    """

    line: int
    student_id: str
    first: dt.date | None
    last: dt.date | None
    days: Decimal | None


@dataclass(slots=True)
class Results(Generic[R]):
    rows: list[R] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    blocking_count: int = 0
    note_count: int = 0

    @property
    def blocked(self) -> bool:
        return self.blocking_count > 0


def read_results(data: bytes | Path, filename: str = "") -> Results[ItemResult] | Results[ObjectiveScore]:
    """Item results or objective scores, told apart by the heading. Raises nothing; see ``problems``."""
    problems = Problems()
    known = dict.fromkeys((*ITEM_COLUMNS, *OBJECTIVE_COLUMNS))
    content = _bytes(data, filename, problems)
    table = content and Table.begin(filename, content, problems, known)
    if not table:
        return _results(list[ItemResult](), problems)
    if set(OBJECTIVE_COLUMNS) <= set(table.at):
        return read_objectives(content, filename)
    if set(ITEM_COLUMNS[:-1]) <= set(table.at):
        return read_items(content, filename)
    unfit = Problems()
    values: dict[str, str | int] = {"items": ", ".join(ITEM_COLUMNS[:-1]), "objectives": ", ".join(OBJECTIVE_COLUMNS)}
    unfit.add(Problem("not_results", filename, 1, values=values))
    return _results(list[ItemResult](), unfit)


def read_items(data: bytes | Path, filename: str = "") -> Results[ItemResult]:
    """student_id, date, item, learning_standards (several parted by comma, ; or |), result, raw (may be absent)."""
    today = clock.today()

    def row(record: Record) -> ItemResult | None:
        day = _day(record, today)
        correct = record.one_of("result", RIGHT_OR_WRONG)
        made = ItemResult(
            line=record.line,
            student_id=record.needed("student_id", MAX_ID_CHARS),
            date=day or dt.date.min,
            item=record.needed("item"),
            standards=record.listed("learning_standards", ",;|"),
            correct=correct == RIGHT,
            raw=record.number("raw"),
        )
        return made if record.usable else None

    return _read(data, filename, ITEM_COLUMNS, ITEM_COLUMNS[:-1], row, SAME_ITEM)


def read_objectives(data: bytes | Path, filename: str = "") -> Results[ObjectiveScore]:
    """student_id, date, objective, raw, max."""
    today = clock.today()

    def row(record: Record) -> ObjectiveScore | None:
        day = _day(record, today)
        record.needed("raw")
        record.needed("max")
        raw, most = record.number("raw"), record.number("max")
        if most == 0:
            record.say("number_range", "max", found="0", least=1, most=MAX_POINTS)
        elif raw is not None and most is not None and raw > most:
            record.say("number_range", "raw", found=str(raw), least=0, most=str(most))
        made = ObjectiveScore(
            line=record.line,
            student_id=record.needed("student_id", MAX_ID_CHARS),
            date=day or dt.date.min,
            objective=record.needed("objective"),
            raw=raw or Decimal(0),
            max=most or Decimal(0),
        )
        return made if record.usable else None

    columns = OBJECTIVE_COLUMNS
    return _read(data, filename, columns, columns, row, SAME_OBJECTIVE)


def read_absences(data: bytes | Path, filename: str = "") -> Results[Absence]:
    """student_id with date, or with from and to, or with days only."""
    today = clock.today()

    def row(record: Record) -> Absence | None:
        day = record.date("date", today, with_time=True)
        first, last = record.date("from", today, with_time=True), record.date("to", today, with_time=True)
        days = record.number("days", most=MAX_DAYS)
        first, last = first or day or last, last or first or day
        if first and last and last < first:
            record.say("dates_turned", "to", first=first.isoformat(), last=last.isoformat())
        if record.usable and first is None and days is None:
            record.say("absence_when")
        made = Absence(record.line, record.needed("student_id", MAX_ID_CHARS), first, last, days)
        return made if record.usable else None

    return _read(
        data,
        filename,
        ABSENCE_COLUMNS,
        ABSENCE_COLUMNS[:1],
        row,
        SAME_ABSENCE,
    )


def match_codes(old: Iterable[str], codes: Iterable[str]) -> dict[str, str]:
    """Old codes → the framework's own: ``CC.5.NBT.3`` → ``5.NBT.A.3``; what matches none or several is left out.

    The cluster's letter may be absent on either side; where both have one, it must be the same.
    """
    by_key: dict[str, list[tuple[str, str]]] = {}
    for code in dict.fromkeys(codes):
        key, cluster = _key(code)
        by_key.setdefault(key, []).append((cluster, code))
    matched: dict[str, str] = {}
    for code in old:
        key, cluster = _key(code)
        fitting = [theirs for letter, theirs in by_key.get(key, []) if not letter or not cluster or letter == cluster]
        if len(fitting) == 1:
            matched[code] = fitting[0]
    return matched


def _key(code: str) -> tuple[str, str]:
    """The code without its prefix, capitals and cluster letter; and that letter."""
    plain = _PREFIX.sub("", code.strip().casefold())
    cluster = _CLUSTER.search(plain)
    return (plain, "") if cluster is None else (plain[: cluster.start()] + plain[cluster.end() :], cluster[1])


def _day(record: Record, today: dt.date) -> dt.date | None:
    record.needed("date")
    return record.date("date", today, with_time=True)


def _bytes(data: bytes | Path, filename: str, problems: Problems) -> bytes:
    """What the file holds; nothing, and a problem, where it is too much."""
    if isinstance(data, Path):
        with data.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        problems.add(Problem("too_big", filename, values={"megabytes": MAX_BYTES // 1_000_000}))
        return b""
    if not data:
        problems.add(Problem("empty", filename))
    return data


def _read(
    data: bytes | Path,
    filename: str,
    known: tuple[str, ...],
    needed: tuple[str, ...],
    read_row: Callable[[Record], R | None],
    same: Callable[[R], Hashable],
) -> Results[R]:
    """The rows of one file; of lines that are the ``same`` the first counts."""
    problems = Problems()
    rows: list[R] = []
    content = _bytes(data, filename, problems)
    table = content and Table.begin(filename, content, problems, known, needed)
    first: dict[Hashable, int] = {}
    for record in table.records(MAX_ROWS) if table else ():
        if (row := read_row(record)) is None:
            continue
        key = same(row)
        if key in first:
            record.say("twice", first=first[key], blocking=False)
        else:
            first[key] = record.line
            rows.append(row)
    return _results(rows, problems)


def _results(rows: list[R], problems: Problems) -> Results[R]:
    return Results(rows, problems.listed, problems.blocking_count, problems.note_count)
