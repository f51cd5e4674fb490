"""How a level is worked out from what a student has shown. Pure: no database, no clock.

Scores stand in the order of learning (observed, then recorded), old to new, as ranks of the scale, 1 the lowest.
Sources: Canvas LMS (mastery calculation methods `highest`, `latest`, `n_mastery`, `average`, `weighted`,
`standard_decaying`); R. Marzano, *Transforming Classroom Grading* (2000) for the power law and *Making Classroom
Assessments Reliable and Valid* (2018) for the best fit; A. Corbett and J. Anderson, *Knowledge tracing*, UMUAI 4 (1995)
253–278.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

Scores = Sequence[float]


class State(IntEnum):
    """What is known of a student's level. Not known is not low."""

    UNKNOWN = 0
    EMERGING = 1
    DEVELOPING = 2
    SECURE = 3
    EXTENDING = 4


def half_up(value: float, digits: int = 2) -> float:
    """Rounded as people round: 4.125 becomes 4.13."""
    shifted = value * 10**digits
    return math.floor(shifted + 0.5 + 1e-9) / 10**digits


# Methods: (scores, parameters, rank of secure) -> value on the scale, or None where the method says nothing yet


def latest(scores: Scores, _parameters: Mapping[str, Any], _secure: float) -> float | None:
    return scores[-1]


def highest(scores: Scores, _parameters: Mapping[str, Any], _secure: float) -> float | None:
    return max(scores)


def mean(scores: Scores, _parameters: Mapping[str, Any], _secure: float) -> float | None:
    return sum(scores) / len(scores)


def mode_last_k(scores: Scores, parameters: Mapping[str, Any], _secure: float) -> float | None:
    """The most frequent of the last k; among equally frequent ones the most recent."""
    last = list(scores[-int(parameters.get("k", 3)) :])
    counts = Counter(last)
    most = max(counts.values())
    return next(score for score in reversed(last) if counts[score] == most)


def n_mastery(scores: Scores, parameters: Mapping[str, Any], secure: float) -> float | None:
    """Mean of the scores at or above secure, if there are at least k of them (Canvas)."""
    enough = [score for score in scores if score >= secure]
    return sum(enough) / len(enough) if len(enough) >= int(parameters.get("k", 3)) else None


def weighted(scores: Scores, parameters: Mapping[str, Any], _secure: float) -> float | None:
    """w of the newest and 1 - w of the mean of all before (Canvas `weighted`, its former `decaying`)."""
    w = float(parameters.get("w", 0.65))
    if len(scores) == 1:
        return scores[0]
    before = scores[:-1]
    return w * scores[-1] + (1 - w) * sum(before) / len(before)


def decaying(scores: Scores, parameters: Mapping[str, Any], _secure: float) -> float | None:
    """Each new one counts w, all before together 1 - w, again and again (Canvas `standard_decaying`)."""
    w = float(parameters.get("w", 0.65))
    value = scores[0]
    for score in scores[1:]:
        value = w * score + (1 - w) * value
    return value


def power_law(scores: Scores, _parameters: Mapping[str, Any], _secure: float) -> float | None:
    """a·nᵇ by least squares of ln y on ln i (Marzano 2000). Needs three scores, all above 0."""
    n = len(scores)
    if n < 3 or min(scores) <= 0:
        return None
    a, b = _line([math.log(i) for i in range(1, n + 1)], [math.log(score) for score in scores])
    return math.exp(a) * n**b


def best_fit(scores: Scores, parameters: Mapping[str, Any], secure: float) -> float | None:
    """Line, power law or mean, whichever is nearest to what was seen (least Σ|fit - y|); ties go to the mean."""
    n = len(scores)
    level = sum(scores) / n
    fits: list[list[float]] = [[level] * n]
    if n >= 3:
        a, b = _line([float(i) for i in range(1, n + 1)], scores)
        fits.append([a + b * i for i in range(1, n + 1)])
        if min(scores) > 0:
            a, b = _line([math.log(i) for i in range(1, n + 1)], [math.log(score) for score in scores])
            fits.append([math.exp(a) * i**b for i in range(1, n + 1)])
    return min(fits, key=lambda fit: half_up(sum(abs(f - y) for f, y in zip(fit, scores, strict=True)), 9))[-1]


def _line(xs: Scores, ys: Scores) -> tuple[float, float]:
    """Intercept and slope by least squares."""
    n = len(xs)
    x, y = sum(xs) / n, sum(ys) / n
    slope = sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)
    return y - slope * x, slope


METHODS: dict[str, Callable[[Scores, Mapping[str, Any], float], float | None]] = {
    "latest": latest,
    "highest": highest,
    "mean": mean,
    "mode_last_k": mode_last_k,
    "n_mastery": n_mastery,
    "weighted": weighted,
    "decaying": decaying,
    "power_law": power_law,
    "best_fit": best_fit,
}
KNOWLEDGE_TRACING = "bkt"
"""The tenth: not of scores but of items, right or wrong."""

BKT = {"L0": 0.3, "T": 0.1, "S": 0.1, "G": 0.2}
BKT_SECURE, BKT_DEVELOPING = 0.95, 0.6
"""Known well enough at .95 (Corbett and Anderson; OATutor); under .6 the model thinks it hardly likelier than not."""


def knowledge_traced(items: Sequence[bool], parameters: Mapping[str, float]) -> list[float]:
    """The probability of knowing after each item, right or wrong (Corbett and Anderson 1995, equations 1 to 3).

    Raises `ValueError` where a slip or a guess is likelier than not: the model would then read answers upside down.
    """
    known = parameters.get("L0", BKT["L0"])
    learn = parameters.get("T", BKT["T"])
    slip, guess = parameters.get("S", BKT["S"]), parameters.get("G", BKT["G"])
    if not (0 < slip < 0.5 and 0 < guess < 0.5):
        raise ValueError("A slip and a guess must each be less likely than not.")
    traced = []
    for right in items:
        if right:
            seen = known * (1 - slip) / (known * (1 - slip) + (1 - known) * guess)
        else:
            seen = known * slip / (known * slip + (1 - known) * (1 - guess))
        known = seen + (1 - seen) * learn
        traced.append(known)
    return traced


# Each method's parameters: what is preset, and the least and most that makes sense
PARAMETERS: dict[str, dict[str, tuple[float, float, float]]] = {
    "mode_last_k": {"k": (3, 1, 20)},
    "n_mastery": {"k": (3, 1, 20)},
    "weighted": {"w": (0.65, 0.01, 0.99)},
    "decaying": {"w": (0.65, 0.01, 0.99)},
    KNOWLEDGE_TRACING: {
        "L0": (BKT["L0"], 0.01, 0.99),
        "T": (BKT["T"], 0, 0.99),
        "S": (BKT["S"], 0.01, 0.49),
        "G": (BKT["G"], 0.01, 0.49),
    },
}


def preset(method: str) -> dict[str, float]:
    """The method's parameters where nobody chose others."""
    return {name: value for name, (value, _least, _most) in PARAMETERS.get(method, {}).items()}


# From pieces of evidence to a level


@dataclass(frozen=True, slots=True)
class Piece:
    """One rating that counts. `items` are right or wrong, where the piece was a test of single items."""

    level: int
    kind: str
    independent: bool
    on: dt.date
    order: Any = None
    """What orders pieces of one day: when they were recorded, then their id."""
    items: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """How levels are worked out. `secure` is the rank of secure on a scale of `ranks` levels."""

    method: str = "mode_last_k"
    parameters: Mapping[str, Any] = field(default_factory=lambda: {"k": 3})
    min_evidence: int = 2
    min_kinds: int = 1
    require_independent: bool = False
    refresh_days: int = 120
    secure: int = 3
    ranks: int = 4


PRESET = Policy()


@dataclass(frozen=True, slots=True)
class Worked:
    """What the pieces say. `missing` names what would settle an unknown: evidence, kinds, independent, method."""

    state: State
    level: int | None
    value: float | None
    n: int
    kinds: int
    last_observed: dt.date | None
    missing: tuple[str, ...] = ()


NOTHING = Worked(State.UNKNOWN, None, None, 0, 0, None, ("evidence",))


def state_of(level: int, policy: Policy) -> State:
    """What a rank of the scale means: at the rank of secure, secure; one below, developing."""
    if level > policy.secure:
        return State.EXTENDING
    return {0: State.SECURE, 1: State.DEVELOPING}.get(policy.secure - level, State.EMERGING)


def work_out(pieces: Sequence[Piece], policy: Policy) -> Worked:
    """The level that `pieces` (in any order) show. Of no piece: not known, never the lowest level."""
    if not pieces:
        return NOTHING
    ordered = sorted(pieces, key=lambda piece: (piece.on, piece.order))
    n = sum(len(piece.items) or 1 for piece in ordered)
    kinds = len({piece.kind for piece in ordered})
    value, level = _valued(ordered, policy)
    missing = [
        name
        for name, lacks in (
            ("evidence", n < policy.min_evidence),
            ("kinds", kinds < policy.min_kinds),
            ("independent", policy.require_independent and not any(piece.independent for piece in ordered)),
            ("method", level is None),
        )
        if lacks
    ]
    state = State.UNKNOWN if missing or level is None else state_of(level, policy)
    return Worked(
        state,
        level if state else None,
        None if value is None else half_up(value, 4),
        n,
        kinds,
        ordered[-1].on,
        tuple(missing),
    )


def _valued(ordered: Sequence[Piece], policy: Policy) -> tuple[float | None, int | None]:
    """The method's value, and the nearest rank of the scale (2.5 is nearest to 3)."""
    if policy.method == KNOWLEDGE_TRACING:
        items = [bool(item) for piece in ordered for item in (piece.items or (piece.level >= policy.secure,))]
        known = knowledge_traced(items, policy.parameters)[-1]
        below = 0 if known >= BKT_SECURE else 1 if known >= BKT_DEVELOPING else 2
        return known, max(1, policy.secure - below)
    scores = [float(piece.level) for piece in ordered]
    value = METHODS[policy.method](scores, policy.parameters, float(policy.secure))
    if value is None:
        return None, None
    value = min(max(value, 1.0), float(policy.ranks))
    return value, int(half_up(value, 0))


def needs_refresh(
    banked: int, state: int, newer: int, last_observed: dt.date | None, today: dt.date, refresh_days: int
) -> bool:
    """Shown and kept once, but two newer pieces say otherwise, or nothing was seen of it for long."""
    if banked < State.SECURE:
        return False
    if State.UNKNOWN < state < State.SECURE and newer >= 2:
        return True
    return last_observed is None or (today - last_observed).days >= refresh_days


def growth(score: float, se: float, later: float, later_se: float) -> float | None:
    """The difference of two scale scores, or None within measurement error: |Δ| < 1.96·√(se₁² + se₂²)."""
    difference = later - score
    return difference if abs(difference) >= 1.96 * math.hypot(se, later_se) else None
