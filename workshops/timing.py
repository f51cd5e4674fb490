"""Minutes for the rest of a workshop whose end is fixed.

Cuts and gifts are shared out by water-filling (as power is over channels; Cover & Thomas, "Elements of Information
Theory", 1991, 10.4): each step gives in proportion to its weight and its room until it stands at its floor, and what
is then still missing is shared among the others. Times are whole seconds; sums are exact.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Literal

ROUND_S = 15
OFFER_FROM_S = 60
"""A drift smaller than this is not worth a question."""
LOWEST_FLOOR_S = 60
"""No step is proposed shorter, even where floors are lowered."""


@dataclass(frozen=True)
class Planned:
    """A step that is still to come, or what is left of the present one.

    `weight` says how readily it gives and takes time (0: only when no other can), `stretch_s` how much more than
    planned it may get; `fixed` is for media, which last as long as they last. An `optional` step may be skipped, but
    never all of one `choice_set`.
    """

    key: str
    planned_s: int
    floor_s: int = 0
    weight: float = 1
    stretch_s: int = 0
    fixed: bool = False
    optional: bool = False
    choice_set: str = ""

    @property
    def least_s(self) -> int:
        return self.planned_s if self.fixed else min(self.floor_s, self.planned_s)

    @property
    def most_s(self) -> int:
        return self.planned_s if self.fixed else self.planned_s + max(0, self.stretch_s)


@dataclass(frozen=True)
class Offer:
    """One way out when the floors do not fit: `skip` these steps, end `late` by so much, or lower the `floors`."""

    kind: Literal["skip", "late", "floors"]
    allotted: Mapping[str, int]
    skip: tuple[str, ...] = ()
    late_s: int = 0


@dataclass(frozen=True)
class Retiming:
    """Seconds for each step; sum(allotted) + early_s - short_s is the budget."""

    allotted: Mapping[str, int]
    early_s: int = 0
    short_s: int = 0
    offers: tuple[Offer, ...] = ()


def budget(now: datetime, hard_end: datetime, buffer_s: int = 0) -> int:
    """Whole seconds that the remaining steps may last."""
    return int((hard_end - now).total_seconds() // 1) - buffer_s


def drift(steps: Sequence[Planned], budget_s: int) -> int:
    """How many seconds late the workshop would end if every step took what is planned; negative: early."""
    return sum(step.planned_s for step in steps) - budget_s


def worth_offering(drift_s: int) -> bool:
    return abs(drift_s) >= OFFER_FROM_S


def retime(steps: Sequence[Planned], budget_s: int) -> Retiming:
    """Every step at its planned time, shorter down to its floor, or longer up to its stretch, so that all fit."""
    late = drift(steps, budget_s)
    bounds = {step.key: (step.least_s if late > 0 else step.most_s) for step in steps}
    shares = _filled(steps, bounds, abs(late))
    allotted = _rounded(steps, bounds, shares, late)
    left = budget_s - sum(allotted.values())
    if left >= 0:
        return Retiming(allotted, early_s=left)
    return Retiming(allotted, short_s=-left, offers=_offers(steps, budget_s, allotted, -left))


def _filled(steps: Sequence[Planned], bounds: Mapping[str, int], amount: int) -> dict[str, Fraction]:
    """How far each step moves from its plan towards its bound, until the amount is shared out or no room is left."""
    moved = {step.key: Fraction(0) for step in steps}
    left = Fraction(amount)
    for willing in (True, False):
        weights = {s.key: Fraction(s.weight) if willing else Fraction(1) for s in steps if (s.weight > 0) is willing}
        rooms = {s.key: abs(s.planned_s - bounds[s.key]) for s in steps if s.key in weights}
        open_keys = [key for key, room in rooms.items() if room]
        while left and open_keys:
            level = left / sum(weights[key] * rooms[key] for key in open_keys)
            full = [key for key in open_keys if level * weights[key] >= 1]
            for key in full or open_keys:
                moved[key] = rooms[key] * min(Fraction(1), level * weights[key])
                left -= moved[key]
            open_keys = [key for key in open_keys if key not in full] if full else []
    return moved


def _rounded(
    steps: Sequence[Planned], bounds: Mapping[str, int], moved: Mapping[str, Fraction], late: int
) -> dict[str, int]:
    """Down to a quarter of a minute, never past the floor or the plan; what this frees goes to the most rounded."""
    away = -1 if late > 0 else 1
    exact = {s.key: s.planned_s + away * moved[s.key] for s in steps}
    lowest = {s.key: min(s.planned_s, bounds[s.key]) if moved[s.key] else s.planned_s for s in steps}
    highest = {s.key: max(s.planned_s, bounds[s.key]) if moved[s.key] else s.planned_s for s in steps}
    seconds = {key: max(lowest[key], int(value // ROUND_S) * ROUND_S) for key, value in exact.items()}
    freed = int(sum(exact.values())) - sum(seconds.values())
    for key in sorted(exact, key=lambda key: seconds[key] - exact[key]):
        given = min(ROUND_S, highest[key] - seconds[key], freed)
        seconds[key] += given
        freed -= given
    return seconds


def _offers(steps: Sequence[Planned], budget_s: int, at_floors: Mapping[str, int], short_s: int) -> tuple[Offer, ...]:
    offers = []
    skip = _least_loss(steps, short_s)
    if skip:
        rest = retime([step for step in steps if step.key not in skip], budget_s)
        offers.append(Offer("skip", rest.allotted, skip=skip))
    offers.append(Offer("late", at_floors, late_s=short_s))
    lower = [Planned(step.key, step.least_s, min(LOWEST_FLOOR_S, step.least_s), fixed=step.fixed) for step in steps]
    if sum(step.least_s for step in lower) <= budget_s:
        offers.append(Offer("floors", retime(lower, budget_s).allotted))
    return tuple(offers)


def _least_loss(steps: Sequence[Planned], short_s: int) -> tuple[str, ...]:
    """The optional steps whose skipping frees enough at the least loss: planned seconds people miss, then how many
    steps. Of a choice set with nothing else in it at least one stays. Empty where no set is enough."""
    sets: dict[str, list[Planned]] = defaultdict(list)
    for step in steps:
        sets[f"set:{step.choice_set}" if step.choice_set else f"step:{step.key}"].append(step)
    best: dict[int, tuple[int, int, tuple[str, ...]]] = {0: (0, 0, ())}
    for name, members in sets.items():
        optional = [step for step in members if step.optional]
        most = len(members) - 1 if name.startswith("set:") else len(members)
        better = dict(best)
        for many in range(1, min(most, len(optional)) + 1):
            for chosen in itertools.combinations(optional, many):
                for freed, (loss, count, keys) in best.items():
                    total = min(short_s, freed + sum(step.least_s for step in chosen))
                    whole = (
                        loss + sum(step.planned_s for step in chosen),
                        count + many,
                        (*keys, *(step.key for step in chosen)),
                    )
                    if total not in better or whole < better[total]:
                        better[total] = whole
        best = better
    chosen_keys = set(best.get(short_s, (0, 0, ()))[2])
    return tuple(step.key for step in steps if step.key in chosen_keys)
