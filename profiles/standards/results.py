"""Results and days absent by CSV, as tests and student information systems export them; old standards codes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Generic, TypeVar

from .problem import Problem

R = TypeVar("R")


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
    """Item results or objective scores, told apart by the header. Raises nothing; see ``problems``."""
    raise NotImplementedError


def read_items(data: bytes | Path, filename: str = "") -> Results[ItemResult]:
    """student_id, date, item, learning_standards (several parted by ; or |), result, raw (may be absent)."""
    raise NotImplementedError


def read_objectives(data: bytes | Path, filename: str = "") -> Results[ObjectiveScore]:
    """student_id, date, objective, raw, max."""
    raise NotImplementedError


def read_absences(data: bytes | Path, filename: str = "") -> Results[Absence]:
    """student_id with date, or with from and to, or with days only."""
    raise NotImplementedError


def match_codes(old: Iterable[str], codes: Iterable[str]) -> dict[str, str]:
    """Old codes → the framework's own: ``CC.5.NBT.3`` → ``5.NBT.A.3``; what matches none or several is left out."""
    raise NotImplementedError
