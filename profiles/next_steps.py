"""Which steps are offered next, and why (profiles 4.6). Pure: no database, no clock; the same inputs, the same steps.

A competency is a candidate when a goal or an expectation names it, when one of those needs it first, or when it is
worth a refresh; and when it is neither secure nor parked. It is ready when everything it needs is secure or banked.
"""

from __future__ import annotations

import datetime as dt
import math
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .mastery import State

Id = uuid.UUID

MOST = 3
SOON = 20
"""Days: what is due sooner is urgent, the nearer the more."""
REMEMBERED = 21
"""Days for which a “not now” that has run out, or a swap, still counts."""

WEIGHTS: dict[str, float] = {
    "goal": 3.0,
    "opens": 2.0,
    "near": 2.0,
    "interest": 1.0,
    "due": 1.0,
    "refresh": 1.0,
    "variety": 0.5,
    "not_wanted": -2.0,
}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a student in one competency."""

    state: int = State.UNKNOWN
    banked: int = State.UNKNOWN
    refresh: bool = False
    last_observed: dt.date | None = None

    @property
    def met(self) -> bool:
        return self.state >= State.SECURE or self.banked >= State.SECURE


NOTHING = Known()


@dataclass(frozen=True, slots=True)
class Graph:
    """What needs what first: {competency: what it needs}, and each one's dimension. One for all of a school."""

    needs: Mapping[Id, Collection[Id]]
    dimension: Mapping[Id, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a student is to reach and wants. `answers`: {competency: the day until which (or on which) it was turned
    down}; sliders run from 1 to 5, 3 changes nothing."""

    goals: Collection[Id] = ()
    expected: Collection[Id] = ()
    due: Mapping[Id, dt.date] = field(default_factory=dict)
    interesting: Collection[Id] = ()
    parked: Collection[Id] = ()
    answers: Mapping[Id, dt.date] = field(default_factory=dict)
    last_dimension: str = ""
    challenge: int = 3
    pace: int = 3
    repetition: int = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """`weight` is what it adds to the score; `facts` are what its sentence is made of."""

    code: str
    weight: float
    facts: Mapping[str, Any] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return {"code": self.code, "weight": self.weight, "facts": {k: _plain(v) for k, v in self.facts.items()}}


@dataclass(frozen=True, slots=True)
class Step:
    competency: Id
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class RuledOut:
    """A candidate that is not offered: `blocked` by what it needs first, or `not_now` until a day."""

    competency: Id
    code: str
    by: tuple[Id, ...] = ()
    until: dt.date | None = None


def next_steps(
    graph: Graph, known: Mapping[Id, Known], wishes: Wishes, today: dt.date, most: int = MOST
) -> tuple[list[Step], list[RuledOut]]:
    """At most `most` steps, the best first, and every candidate that was ruled out."""
    aims = {one for one in (*wishes.goals, *wishes.expected) if not known.get(one, NOTHING).met}
    opened = _opened(graph, known, aims)
    candidates = set(opened) | {one for one, now in known.items() if now.refresh}
    candidates -= set(wishes.parked)
    steps: list[Step] = []
    ruled_out: list[RuledOut] = []
    for one in candidates:
        now = known.get(one, NOTHING)
        missing = [need for need in graph.needs.get(one, ()) if not known.get(need, NOTHING).met]
        if missing:
            ruled_out.append(RuledOut(one, "blocked", tuple(sorted(missing))))
        elif (until := wishes.answers.get(one)) is not None and until > today:
            ruled_out.append(RuledOut(one, "not_now", until=until))
        else:
            reasons = tuple(_reasons(one, now, opened.get(one, ()), graph, wishes, today))
            steps.append(Step(one, round(sum(reason.weight for reason in reasons), 4), reasons))
    touched = dt.date.min

    def place(step: Step) -> tuple[float, dt.date, Id]:
        return (-step.score, known.get(step.competency, NOTHING).last_observed or touched, step.competency)

    return sorted(steps, key=place)[:most], sorted(ruled_out, key=lambda one: one.competency)


def _opened(graph: Graph, known: Mapping[Id, Known], aims: Iterable[Id]) -> dict[Id, set[Id]]:
    """{candidate: the aims that it is on the way to}: every aim and whatever unmet it needs, however far back."""
    opened: dict[Id, set[Id]] = {}
    for aim in aims:
        waiting = [aim]
        seen = {aim}
        while waiting:
            one = waiting.pop()
            opened.setdefault(one, set()).add(aim)
            for need in graph.needs.get(one, ()):
                if need not in seen and not known.get(need, NOTHING).met:
                    seen.add(need)
                    waiting.append(need)
    for aim, towards in opened.items():
        towards.discard(aim)
    return opened


def _reasons(
    one: Id, now: Known, opens: Collection[Id], graph: Graph, wishes: Wishes, today: dt.date
) -> Iterable[Reason]:
    """What speaks for it and against it, the heaviest first; at least one."""
    said: list[Reason] = []

    def say(code: str, amount: float, factor: float = 1.0, **facts: Any) -> None:
        if amount:
            said.append(Reason(code, round(WEIGHTS[code] * amount * factor, 4), facts))

    say("goal", one in wishes.goals)
    say("opens", math.log2(1 + len(opens)), _scaled(wishes.challenge), n=len(opens), towards=sorted(opens)[:3])
    if not now.met:
        say("near", now.state / State.SECURE, _scaled(6 - wishes.challenge), state=now.state)
    say("interest", one in wishes.interesting)
    if (due := wishes.due.get(one)) is not None:
        left = max(0, (due - today).days)
        say("due", max(0.0, 1 - left / SOON), _scaled(wishes.pace), due=due)
    say("refresh", now.refresh, _scaled(wishes.repetition), since=now.last_observed)
    dimension = graph.dimension.get(one, "")
    say("variety", bool(wishes.last_dimension) and dimension != wishes.last_dimension)
    turned_down = wishes.answers.get(one)
    say("not_wanted", turned_down is not None and 0 <= (today - turned_down).days <= REMEMBERED, on=turned_down)
    if not any(reason.weight > 0 for reason in said):
        said.append(Reason("expected", 0.0))
    return sorted(said, key=lambda reason: (-abs(reason.weight), reason.code))


def _plain(value: Any) -> Any:
    if isinstance(value, (uuid.UUID, dt.date)):
        return str(value)
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else value


def _scaled(slider: int) -> float:
    """1 to 5 becomes .5 to 1.5."""
    return 1 + (slider - 3) / 4
