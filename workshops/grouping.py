"""Who sits with whom: groups of three to five, four best, mixed or of one school.

Sizes are an even split (proven equal to trying every division for 3 to 199 people). Seats are found by local search
from several random starts (multi-start steepest descent; Aarts & Lenstra, "Local Search in Combinatorial
Optimization", 1997) over the cost of each pair that sits together, as Huebscher ("Assigning students to groups using
general and context-specific criteria", 2010) does with the teacher's preferences. The seed is kept with the groups, so
that the same people and wishes give the same seats again.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

SMALLEST, BEST, LARGEST = 3, 4, 5
STARTS = 24

# Costs of a pair in one group, in halves: whole numbers tie exactly and the same everywhere.
SCHOOL, ROLE, NEIGHBORS, APART, TOGETHER = 6, 4, 1, 2000, -200

Mode = Literal["mix", "home"]
Person = TypeVar("Person", bound=Hashable)
Pairs = Iterable[tuple[Hashable, Hashable]]


@dataclass(frozen=True)
class Seat:
    """A person to be seated; a school or role that is not known is neither the same nor different."""

    id: Hashable
    school: str | None = None
    role: str | None = None


def _unordered(pairs: Pairs) -> frozenset[frozenset[Hashable]]:
    return frozenset(frozenset(pair) for pair in pairs)


@dataclass(frozen=True)
class _Wishes:
    mode: Mode = "mix"
    neighbors: frozenset[frozenset[Hashable]] = frozenset()
    apart: frozenset[frozenset[Hashable]] = frozenset()
    together: frozenset[frozenset[Hashable]] = frozenset()
    known: dict[Hashable, Seat] = field(default_factory=dict)

    @classmethod
    def of(
        cls, people: Iterable[Seat], mode: Mode, neighbors: Pairs = (), apart: Pairs = (), together: Pairs = ()
    ) -> _Wishes:
        known = {seat.id: seat for seat in people}
        return cls(mode, _unordered(neighbors), _unordered(apart), _unordered(together), known)

    def pair(self, one: Hashable, other: Hashable) -> int:
        """Mixing: +3 the same school, +2 the same role. Home: +3 another school, +2 the same role. Both: +0.5 were
        neighbours already, +1000 to be kept apart, -100 to be kept together. In halves."""
        cost = 0
        a, b = self.known.get(one), self.known.get(other)
        if a and b:
            if a.school and b.school and (a.school == b.school) == (self.mode == "mix"):
                cost += SCHOOL
            if a.role and a.role == b.role:
                cost += ROLE
        both = frozenset((one, other))
        cost += NEIGHBORS * (both in self.neighbors) + TOGETHER * (both in self.together)
        return cost + self.forbidden(one, other)

    def forbidden(self, one: Hashable, other: Hashable) -> int:
        return APART * (frozenset((one, other)) in self.apart)

    def group(self, members: Iterable[Hashable]) -> int:
        return sum(self.pair(one, other) for one, other in itertools.combinations(members, 2))


def sizes(n: int) -> list[int]:
    """How many sit in each group, the largest first.

    Of all numbers of groups whose even split is 3 to 5 each: the least sum of (size - 4) squared, then most fours,
    then more groups. Fewer than three people are one group.
    """
    if n < SMALLEST:
        return [n] if n > 0 else []
    splits = []
    for groups in range(-(-n // LARGEST), n // SMALLEST + 1):
        each, more = divmod(n, groups)
        splits.append([each + 1] * more + [each] * (groups - more))
    return min(splits, key=lambda s: (sum((size - BEST) ** 2 for size in s), -s.count(BEST), -len(s)))


def cost(
    groups: Iterable[Iterable[Hashable]],
    people: Iterable[Seat],
    *,
    mode: Mode,
    neighbors: Pairs = (),
    apart: Pairs = (),
    together: Pairs = (),
) -> float:
    """What these seats cost: the sum over all pairs who share a group."""
    wishes = _Wishes.of(people, mode, neighbors, apart, together)
    return sum(wishes.group(list(group)) for group in groups) / 2


def seat(
    people: Sequence[Seat],
    *,
    mode: Mode,
    seed: int,
    neighbors: Pairs = (),
    apart: Pairs = (),
    together: Pairs = (),
) -> list[list[Hashable]]:
    """The cheapest seats found from 24 random starts, as ids; the same for a seed in whatever order people come."""
    if not people:
        return []
    import numpy as np  # Loading it takes a while: only a process that seats people pays.

    order = sorted({person.id: person for person in people}.values(), key=lambda person: str(person.id))
    ids = [person.id for person in order]
    n = len(ids)
    wishes = _Wishes.of(order, mode, neighbors, apart, together)
    costs = np.zeros((n, n), dtype=np.int64)
    for one, other in itertools.combinations(range(n), 2):
        costs[one, other] = costs[other, one] = wishes.pair(ids[one], ids[other])
    places = [group for group, size in enumerate(sizes(n)) for _ in range(size)]
    chance = random.Random(seed)  # noqa: S311 (seats, not secrets; the seed is kept so that they can be found again)
    best: tuple[int, list[int]] | None = None
    for _ in range(STARTS):
        chance.shuffle(places)
        found = _descend(costs, np.array(places))
        if best is None or found[0] < best[0]:
            best = found
    assert best is not None
    seated: list[list[Hashable]] = [[] for _ in range(max(places) + 1)]
    for person, group in enumerate(best[1]):
        seated[group].append(ids[person])
    return seated


def _descend(costs: Any, group_of: Any) -> tuple[int, list[int]]:
    """Swap pairs, those that save most first, until no swap saves anything. In one round all swaps that touch no
    group twice are made: none changes what another saves."""
    import numpy as np

    n, everyone = len(group_of), np.arange(len(group_of))
    while True:
        sits = np.zeros((n, group_of.max() + 1), dtype=np.int64)
        sits[everyone, group_of] = 1
        with_group = costs @ sits  # what each person costs in each group
        here = with_group[everyone, group_of]
        there = with_group[:, group_of]  # [i, j]: i in the group of j, before j leaves it
        change = there + there.T - here[:, None] - here[None, :] - 2 * costs
        change[group_of[:, None] <= group_of[None, :]] = 0
        saving = np.flatnonzero(change < 0)
        if not len(saving):
            return int(here.sum()) // 2, [int(group) for group in group_of]
        moved: set[int] = set()
        for at in saving[np.argsort(change.ravel()[saving], kind="stable")]:
            one, other = divmod(int(at), n)
            touched = {int(group_of[one]), int(group_of[other])}
            if not touched & moved:
                moved |= touched
                group_of[[one, other]] = group_of[[other, one]]


def add(
    groups: Sequence[Sequence[Person]],
    person: Person,
    *,
    people: Iterable[Seat] = (),
    mode: Mode = "mix",
    neighbors: Pairs = (),
    apart: Pairs = (),
    together: Pairs = (),
) -> list[list[Person]]:
    """The groups with a latecomer: in the smallest group under five, where that is none one five becomes two threes.

    Among equals the cheapest for all in it; a group with somebody to be kept apart from comes last. The other groups
    keep their places; a new one stands at the end.
    """
    wishes = _Wishes.of(people, mode, neighbors, apart, together)
    after = [list(group) for group in groups]
    open_groups = [number for number, group in enumerate(after) if len(group) < LARGEST]
    if open_groups:

        def rank(number: int) -> tuple[int, int, int, int]:
            group = after[number]
            forbidden = sum(wishes.forbidden(person, other) for other in group)
            return forbidden, len(group), sum(wishes.pair(person, other) for other in group), number

        after[min(open_groups, key=rank)].append(person)
    elif after:
        splits = []
        for number, group in enumerate(after):
            for two in itertools.combinations(group, SMALLEST - 1):
                stay = [other for other in group if other not in two]
                rise = wishes.group(stay) + wishes.group([*two, person]) - wishes.group(group)
                splits.append((rise, number, stay, [*two, person]))
        _, number, stay, leave = min(splits, key=lambda split: (len(split[2]), *split[:2]))
        after[number] = stay
        after.append(leave)
    else:
        after.append([person])
    return after


def remove(
    groups: Sequence[Sequence[Person]],
    person: Person,
    *,
    people: Iterable[Seat] = (),
    mode: Mode = "mix",
    neighbors: Pairs = (),
    apart: Pairs = (),
    together: Pairs = (),
) -> list[list[Person]]:
    """The groups without somebody who left: a group that falls to two joins a three, where there is none it takes one
    person from a five, else from a four. Among equals the cheapest. Nobody else moves.

    Raises ValueError where nobody of that id sits.
    """
    wishes = _Wishes.of(people, mode, neighbors, apart, together)
    after = [list(group) for group in groups]
    number = next((at for at, group in enumerate(after) if person in group), None)
    if number is None:
        raise ValueError("Nobody of that id is in a group.")
    left = after[number]
    left.remove(person)
    if not left:
        del after[number]
    elif len(left) < SMALLEST and len(after) > 1:
        _mend(after, left, wishes.group)
    return after


def _mend(after: list[list[Person]], left: list[Person], price: Callable[[Iterable[Person]], int]) -> None:
    others = [group for group in after if group is not left]
    roomy = [group for group in others if len(group) + len(left) <= LARGEST]
    if roomy:
        joined = min(roomy, key=lambda group: (len(group), price(group + left) - price(group)))
        joined += left
        after[:] = [group for group in after if group is not left]
        return
    while len(left) < SMALLEST:
        most = max(len(group) for group in others)
        givers = ((group, one) for group in others if len(group) == most for one in group)
        giver, one = min(
            givers,
            key=lambda move: (
                price([*left, move[1]]) + price([other for other in move[0] if other != move[1]]) - price(move[0])
            ),
        )
        giver.remove(one)
        left.append(one)
