"""Totals that tell nothing about few: which rows of a table stay hidden (trust 17). Pure.

A row's parts add up to the row (those who have, those who have not), and the rows to the total. A part of fewer than
`LEAST` people hides its row. Since total less shown rows is what is hidden, hidden rows must be two at least and their
parts together reach `LEAST`; else the smallest shown rows are hidden with them.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

LEAST = 10

Key = TypeVar("Key", bound=Hashable)


def hidden_rows(rows: Mapping[Key, tuple[int, ...]], least: int = LEAST) -> set[Key] | None:
    """The rows to hide; None where the total is to be hidden too. Rows without anybody are left out beforehand."""
    hidden = {key for key, parts in rows.items() if min(parts) < least}
    if not rows or min(_sums(rows, set(rows))) < least or (hidden and len(rows) == 1):
        return None
    by_size = sorted((key for key in rows if key not in hidden), key=lambda key: (sum(rows[key]), str(key)))
    while hidden and (len(hidden) < 2 or min(_sums(rows, hidden)) < least):
        hidden.add(by_size.pop(0))
    return hidden


def _sums(rows: Mapping[Key, tuple[int, ...]], keys: set[Key]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*(rows[key] for key in keys), strict=True)))
