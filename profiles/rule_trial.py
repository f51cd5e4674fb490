"""What another rule would make of the same evidence. Pure: no database, no clock.

A result is *open to one bad day* where its level changes if the lowest single piece were not there, or if one more low
piece came tomorrow; its *order counts* where the same pieces seen in the opposite order give another level. Levels not
known, before or after, are neither: too little evidence is not a bad day.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from .mastery import Piece, Policy, State, work_out

K = TypeVar("K")

SAMPLES: tuple[tuple[int, ...], ...] = (
    (1, 2, 3, 4),
    (1, 3, 2, 4),
    (2, 4, 1, 3),
    (4, 3, 2, 1),
    (3, 3, 1, 3),
    (3, 3, 1, 3, 4, 4),
    (4, 4, 1),
)
"""Ratings old to new, with published or computed values for most methods (test_mastery.py)."""


@dataclass
class Tried(Generic[K]):
    """What one rule makes of the evidence: who would move from which level to which, and how firmly levels stand."""

    moved: dict[K, tuple[State, State]] = field(default_factory=dict)
    bad_day: list[K] = field(default_factory=list)
    order: list[K] = field(default_factory=list)

    def counts(self) -> list[tuple[State, State, int]]:
        """(from, to, how many), the most frequent first."""
        most = sorted(Counter(self.moved.values()).items(), key=lambda one: (-one[1], one[0]))
        return [(before, after, n) for (before, after), n in most]

    @property
    def higher(self) -> int:
        return sum(State.UNKNOWN < before < after for before, after in self.moved.values())

    @property
    def lower(self) -> int:
        return sum(State.UNKNOWN < after < before for before, after in self.moved.values())

    @property
    def newly_known(self) -> int:
        return sum(before == State.UNKNOWN for before, _after in self.moved.values())

    @property
    def no_longer_known(self) -> int:
        return sum(after == State.UNKNOWN for _before, after in self.moved.values())


def try_rule(evidence: Mapping[K, Sequence[Piece]], now: Mapping[K, State], rule: Callable[[K], Policy]) -> Tried[K]:
    """`now`: the states that stand. `rule`: the one to try, by key (what stands may differ from one to the next)."""
    found: Tried[K] = Tried()
    for key, pieces in evidence.items():
        policy = rule(key)
        state = work_out(pieces, policy).state
        if state != now[key]:
            found.moved[key] = (now[key], state)
        if state:
            if open_to_one_bad_day(pieces, policy, state):
                found.bad_day.append(key)
            if order_counts(pieces, policy, state):
                found.order.append(key)
    return found


def open_to_one_bad_day(pieces: Sequence[Piece], policy: Policy, state: State) -> bool:
    lowest = min(range(len(pieces)), key=lambda n: pieces[n].level)
    without = [piece for n, piece in enumerate(pieces) if n != lowest]
    last = max(pieces, key=lambda piece: piece.on)
    low = replace(last, level=1, on=last.on + dt.timedelta(days=1), items=(0,) if last.items else ())
    return any(work_out(other, policy).state not in (state, State.UNKNOWN) for other in (without, [*pieces, low]))


def order_counts(pieces: Sequence[Piece], policy: Policy, state: State) -> bool:
    ordered = sorted(pieces, key=lambda piece: (piece.on, piece.order))
    turned = [
        replace(piece, on=place.on, order=place.order, items=piece.items[::-1])
        for piece, place in zip(ordered, reversed(ordered), strict=True)
    ]
    return work_out(turned, policy).state not in (state, State.UNKNOWN)


def samples() -> dict[int, list[Piece]]:
    """Made-up rows of ratings, a day apart, on the scale of four."""
    first = dt.date(2020, 9, 1)
    return {
        n: [Piece(level, "task", True, first + dt.timedelta(days=day), day) for day, level in enumerate(levels)]
        for n, levels in enumerate(SAMPLES)
    }
