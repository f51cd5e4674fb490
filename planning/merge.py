"""Three-way merges for a cell of a strategy table: words of a text, items of a list.

Both are symmetric (it does not matter who saved first) and keep every word and item that either side put in; where
they cannot, they answer None and the caller keeps both values. After diff3 (Khanna, Kunal & Pierce, "A formal
investigation of diff3", 2007), with words for lines and one unchanged word required between two edits.
"""

import re
from collections.abc import Hashable, Sequence
from difflib import SequenceMatcher

TOKEN = re.compile(r"\s+|\S+")

Hunk = tuple[int, int, tuple[str, ...]]
"""Base tokens from start up to end are replaced by these."""


def _hunks(base: list[str], other: list[str]) -> list[Hunk]:
    """What `other` makes of `base`. Where both begin and end alike nothing is held against each other: most edits
    touch one place of a long text."""
    begin = _alike(base, other)
    end = _alike(base[begin:][::-1], other[begin:][::-1])
    inner = _inner_hunks(base[begin : len(base) - end], other[begin : len(other) - end])
    return [(begin + start, begin + stop, replacement) for start, stop, replacement in inner]


def _inner_hunks(base: list[str], other: list[str]) -> list[Hunk]:
    """Only words are held against each other: blanks are all alike, and each against each takes a second in a full
    cell."""
    words = [[n for n, token in enumerate(side) if not token.isspace()] for side in (base, other)]
    matcher = SequenceMatcher(None, [base[n] for n in words[0]], [other[n] for n in words[1]], autojunk=False)
    kept = [(words[0][i + n], words[1][j + n]) for i, j, size in matcher.get_matching_blocks() for n in range(size)]
    hunks, i, j = [], 0, 0
    for base_at, other_at in [*kept, (len(base), len(other))]:
        gone, come = base[i:base_at], other[j:other_at]
        if gone != come:
            start = _alike(gone, come)
            end = _alike(gone[start:][::-1], come[start:][::-1])
            hunks.append((i + start, base_at - end, tuple(come[start : len(come) - end])))
        i, j = base_at + 1, other_at + 1
    return hunks


def _alike(one: list[str], another: list[str]) -> int:
    """With how many equal tokens both begin."""
    return next((n for n, (a, b) in enumerate(zip(one, another, strict=False)) if a != b), min(len(one), len(another)))


def merge_words(base: str, mine: str, theirs: str) -> str | None:
    """One text with both sides' edits, or None where two different edits touch."""
    if mine == theirs or theirs == base:
        return mine
    if mine == base:
        return theirs
    tokens = TOKEN.findall(base)
    sides: dict[Hunk, set[str]] = {}
    for side, text in (("mine", mine), ("theirs", theirs)):
        for hunk in _hunks(tokens, TOKEN.findall(text)):
            sides.setdefault(hunk, set()).add(side)
    merged: list[str] = []
    at, last = 0, {"mine", "theirs"}
    for hunk in sorted(sides):
        start, end, replacement = hunk
        if not last & sides[hunk] and not any(token.strip() for token in tokens[at:start]):
            return None
        merged += tokens[at:start]
        merged += replacement
        at, last = end, sides[hunk]
    return "".join(merged + tokens[at:])


def merge_items(
    base: Sequence[Hashable], mine: Sequence[Hashable], theirs: Sequence[Hashable]
) -> list[Hashable] | None:
    """Base items neither side took out, in base order, then what either side added; None where the same item was
    replaced by both sides with something different."""
    if mine == theirs or theirs == base:
        return list(mine)
    if mine == base:
        return list(theirs)
    added_mine = [item for item in mine if item not in base]
    added_theirs = [item for item in theirs if item not in base]
    gone_mine, gone_theirs = set(base) - set(mine), set(base) - set(theirs)
    if gone_mine & gone_theirs and added_mine and added_theirs and set(added_mine) != set(added_theirs):
        return None
    kept = [item for item in base if item not in gone_mine | gone_theirs]
    return kept + sorted(set(added_mine) | set(added_theirs), key=str)
