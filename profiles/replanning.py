"""What a plan should become: worked out from what was shown, offered as a difference, never done by itself."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .mastery import State
from .next_steps import Graph, Known, Step

NOTHING = Known()
PLANNED = 3
"""Suggested steps that stand in a plan at once."""


@dataclass(frozen=True, slots=True)
class Item:
    """A plan's item as far as replanning looks at it. `open`: not done, exempt or parked; `begun`: doing it."""

    id: str
    competency: uuid.UUID | None
    suggested: bool
    open: bool = True
    begun: bool = False


def difference(
    items: Sequence[Item],
    steps: Sequence[Step],
    known: Mapping[uuid.UUID, Known],
    graph: Graph,
    wording: Mapping[uuid.UUID, str],
) -> dict[str, list[dict[str, Any]]]:
    """{"add", "remove", "move"} with the reason of each as a code and its facts.

    Goes: what is not begun and already shown. Comes: next steps not yet in the plan, while fewer than `PLANNED`
    suggested ones stand open. Moves: what another open item needs first comes before it.
    """
    gone = [
        one
        for one in items
        if one.open and not one.begun and one.competency is not None and _shown(known.get(one.competency, NOTHING))
    ]
    staying = [one for one in items if one not in gone]
    there = {one.competency for one in staying}
    room = PLANNED - sum(one.open and one.suggested for one in staying)
    coming = [step for step in steps if step.competency not in there][: max(0, room)]
    add = [
        {
            "aim": "competency",
            "competency_id": str(step.competency),
            "text": wording[step.competency][:300],
            "origin": "planner",
            "why": [one.plain() for one in step.reasons],
        }
        for step in coming
    ]
    remove = [{"item": one.id, "why": [{"code": "shown"}]} for one in gone]
    return {"add": add, "remove": remove, "move": _moves(staying, graph)}


def _shown(known: Known) -> bool:
    return known.met and not known.refresh and max(known.state, known.banked) >= State.SECURE


def _moves(items: Sequence[Item], graph: Graph) -> list[dict[str, Any]]:
    """Each open item that a later open one is needed for goes behind it; the fewest moves, in order."""
    moves: list[dict[str, Any]] = []
    order = list(items)
    for item in list(order):
        if not item.open or item.competency is None:
            continue
        needs: Collection[uuid.UUID] = graph.needs.get(item.competency, ())
        at = order.index(item)
        behind = [n for n, other in enumerate(order) if other.open and other.competency in needs and n > at]
        if behind:
            to = max(behind)
            order.remove(item)
            order.insert(to, item)
            first = order[to - 1].competency
            moves.append({"item": item.id, "to": to, "why": [{"code": "needs_first", "facts": {"first": str(first)}}]})
    return moves
