"""How far a student is in a course, and when they are through at this rate (profiles 4.6). Pure.

p is the share of what was still to show that is shown, e the share of the school days that have passed, both less the
days the student was away. Within the buffer of e it is on time. It is told as a date, never as a mark.
"""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass

BUFFER = 0.10


class Standing(enum.StrEnum):
    AHEAD = "ahead"
    ON_TIME = "on"
    NEEDS_TIME = "needs_time"


@dataclass(frozen=True, slots=True)
class Pace:
    """`days` are the school days still needed at this rate; None where nothing has been shown yet."""

    shown: float
    passed: float
    standing: Standing
    days: int | None


def pace(
    *, done: int, target: int, base: int = 0, passed: int, total: int, excused: int = 0, buffer: float = BUFFER
) -> Pace:
    """Of `target` competencies `done` are shown, `base` of them before the course began; `passed` of `total` school
    days are over, on `excused` of which the student was away.
    """
    to_show, days_here, days_in_all = target - base, max(0, passed - excused), max(1, total - excused)
    shown = 1.0 if to_show <= 0 else (done - base) / to_show
    elapsed = min(1.0, days_here / days_in_all)
    if done >= target:
        days: int | None = 0
    elif done > base and days_here:
        days = math.ceil((target - done) * days_here / (done - base))
    else:
        days = None
    # A tenth in binary is not a tenth: what is equal on paper counts as equal.
    ahead = round(shown - elapsed, 9)
    standing = Standing.ON_TIME
    if ahead > buffer:
        standing = Standing.AHEAD
    elif ahead < -buffer:
        standing = Standing.NEEDS_TIME
    return Pace(shown, elapsed, standing, days)
