"""Seats for who comes late, and for who is left with too few when somebody leaves: offered with the reason, never taken
by itself. Who sits where is `grouping`'s to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import grouping
from .models import GroupSet, Participant
from .room import Room

LISTED = 5
"""So many latecomers at once; where more have no seat it is quicker to form the groups again."""

Groups = dict[int, list[UUID]]
"""Who sits at each table, by its number."""


@dataclass(frozen=True)
class SeatOffer:
    """Why, what its button says, and who then sits where: pairs of a participant and a group's number."""

    sentence: str
    label: str
    moves: list[tuple[UUID, int]]


def neighbors(people: Iterable[Participant]) -> list[tuple[UUID, UUID]]:
    """Pairs that the phones proposed for talking; groups bring others together where they can."""
    by_number = {one.number: one.pk for one in people}
    return [(pk, by_number[n + 1]) for n, pk in by_number.items() if n % 2 and n + 1 in by_number]


def seat_offers(room: Room) -> list[SeatOffer]:
    """One for each person in the room without a seat, one for each group that somebody left with fewer than three."""
    if room.seating is None:
        return []
    here = {one.pk: one for one in room.people}
    groups: Groups = {}
    left: dict[int, Participant] = {}
    for group in room.groups:
        members = [seat.participant for seat in group.members.all()]
        groups[group.number] = [one.pk for one in members if one.pk in here]
        for one in members:
            if one.pk not in here:
                left[group.number] = one
    seated = {pk for members in groups.values() for pk in members}
    wishes = {
        "people": [grouping.Seat(one.pk, one.school_key or None, one.role or None) for one in room.people],
        "mode": room.seating.mode,
        "neighbors": neighbors(room.people),
    }
    unseated = [one for pk, one in here.items() if pk not in seated]
    late = [_late(room.seating, groups, one, wishes) for one in unseated[:LISTED]]
    fewer = [_fewer(groups, number, one, here, wishes) for number, one in left.items()]
    return [*late, *(offer for offer in fewer if offer)]


def _late(seating: GroupSet, groups: Groups, person: Participant, wishes: Any) -> SeatOffer:
    """A latecomer, by `grouping.add`."""
    tables = {number: members for number, members in groups.items() if members} or groups
    moves = _moves(tables, grouping.add(list(tables.values()), person.pk, **wishes), new=max(groups, default=0) + 1)
    number = dict(moves)[person.pk]
    names = {"name": person, "group": _group(number)}
    if len(moves) > 1:
        other = next(one for one, members in groups.items() if any(pk in members for pk, _number in moves))
        because = _("%(name)s came after the groups were made. Every group is full: %(group)s becomes two of three.")
        return SeatOffer(
            because % {"name": person, "group": _group(other)},
            _("Make %(group)s, with %(name)s in it") % names,
            moves,
        )
    n = len(groups.get(number, []))
    smallest = [members for members in tables.values() if len(members) == n]
    if len(smallest) < 2:
        because = ngettext(
            "%(name)s came after the groups were made. %(group)s is the smallest, with %(n)s person.",
            "%(name)s came after the groups were made. %(group)s is the smallest, with %(n)s people.",
            n,
        )
    elif seating.mode == GroupSet.Mode.HOME:
        because = _("%(name)s came after the groups were made. Of the smallest %(group)s keeps schools together best.")
    else:
        because = _("%(name)s came after the groups were made. Of the smallest %(group)s mixes schools and roles best.")
    return SeatOffer(because % {**names, "n": n}, _("Seat %(name)s in %(group)s") % names, moves)


def _fewer(groups: Groups, number: int, person: Participant, here: Any, wishes: Any) -> SeatOffer | None:
    """What somebody who left leaves behind, by `grouping.remove`; None where nobody needs to move."""
    with_them = {one: members for one, members in groups.items() if members}
    if number not in with_them:
        return None
    with_them[number] = [*with_them[number], person.pk]
    moves = _moves(groups, grouping.remove(list(with_them.values()), person.pk, **wishes))
    if not moves:
        return None
    moved, to = moves[0]
    n = len(groups[number])
    gone = ngettext(
        "%(name)s left, so %(group)s has only %(n)s person.", "%(name)s left, so %(group)s has only %(n)s people.", n
    ) % {"name": person, "group": _group(number), "n": n}
    if to == number:
        return SeatOffer(gone, _("%(name)s joins %(group)s") % {"name": here[moved], "group": _group(number)}, moves)
    return SeatOffer(gone, _("%(group)s joins %(other)s") % {"group": _group(number), "other": _group(to)}, moves)


def _moves(before: Groups, after: list[list[UUID]], *, new: int = 0) -> list[tuple[UUID, int]]:
    """Who sits at another table than before. A table keeps its number where most of its people stay; what is split off
    gets the number `new`."""
    number_of = {pk: number for number, members in before.items() for pk in members}
    free = set(before)
    moves = []
    ranked = []
    for members in after:
        counts = Counter(number_of[pk] for pk in members if pk in number_of)
        stay, number = max(((n, number) for number, n in counts.items()), default=(0, new))
        ranked.append((stay, number, members))
    for _n, number, members in sorted(ranked, key=lambda one: -one[0]):
        place = number if number in free else new
        free.discard(place)
        moves += [(pk, place) for pk in members if number_of.get(pk) != place]
    return moves


def _group(number: int) -> str:
    return _("Group %(number)s") % {"number": number}
