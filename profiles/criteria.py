"""When a tree of criteria is met. Pure. Without NOT: whoever shows more never meets less.

Shape after Open edX's competency criteria (ADR 0002): groups joined by AND, OR or "k of n", criteria as leaves.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Shown:
    """What one student has shown: the highest kept level by competency, the number of different kinds of evidence by
    competency, the highest rating by task. None of it falls by showing more.
    """

    levels: Mapping[uuid.UUID, int] = field(default_factory=dict)
    kinds: Mapping[uuid.UUID, int] = field(default_factory=dict)
    tasks: Mapping[uuid.UUID, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Level:
    """A level kept for good, at least."""

    competency: uuid.UUID
    level: int

    def met(self, shown: Shown) -> bool:
        return shown.levels.get(self.competency, 0) >= self.level


@dataclass(frozen=True)
class Kinds:
    """Evidence of so many different kinds."""

    competency: uuid.UUID
    kinds: int

    def met(self, shown: Shown) -> bool:
        return shown.kinds.get(self.competency, 0) >= self.kinds


@dataclass(frozen=True)
class TaskLevel:
    """One piece of work rated at a level, at least."""

    task: uuid.UUID
    level: int

    def met(self, shown: Shown) -> bool:
        return shown.tasks.get(self.task, 0) >= self.level


@dataclass(frozen=True)
class Group:
    """`needed` of its parts; a group without parts is never met."""

    needed: int
    parts: Sequence[Group | Level | Kinds | TaskLevel]

    def met(self, shown: Shown) -> bool:
        return bool(self.parts) and sum(part.met(shown) for part in self.parts) >= self.needed

    def leaves(self) -> list[Level | Kinds | TaskLevel]:
        return [leaf for part in self.parts for leaf in (part.leaves() if isinstance(part, Group) else [part])]
