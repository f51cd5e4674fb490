"""At this rate: a date, with a tenth of room on both sides, and days away taken out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profiles.pace import Standing, pace


@pytest.mark.parametrize(
    ("done", "passed", "standing"),
    [
        (3, 50, "needs_time"),
        (4, 50, "on"),
        (5, 50, "on"),
        (6, 50, "on"),
        (7, 50, "ahead"),
        (0, 10, "on"),
        (0, 11, "needs_time"),
    ],
)
def test_within_a_tenth_is_on_time(done: int, passed: int, standing: str) -> None:
    assert pace(done=done, target=10, passed=passed, total=100).standing == standing


def test_it_tells_how_many_school_days_are_left_at_this_rate() -> None:
    assert pace(done=4, target=10, passed=40, total=90).days == 60
    assert pace(done=0, target=10, passed=40, total=90).days is None
    assert pace(done=10, target=10, passed=40, total=90).days == 0


def test_days_away_are_excused() -> None:
    assert pace(done=3, target=10, passed=50, total=100).standing == Standing.NEEDS_TIME
    away = pace(done=3, target=10, passed=50, total=100, excused=20)
    assert (away.standing, away.days) == (Standing.ON_TIME, 70)


def test_what_was_shown_before_the_course_is_no_progress_in_it() -> None:
    assert pace(done=6, target=10, base=5, passed=10, total=100).shown == 0.2


@given(st.integers(1, 60), st.integers(0, 60), st.integers(0, 200), st.integers(1, 200), st.integers(0, 60))
def test_more_shown_is_never_a_later_date(target: int, done: int, passed: int, total: int, excused: int) -> None:
    done = min(done, target - 1)
    now = pace(done=done, target=target, passed=passed, total=total, excused=excused)
    more = pace(done=done + 1, target=target, passed=passed, total=total, excused=excused)
    assert now.days is None or (more.days is not None and more.days <= now.days)
    assert [Standing.NEEDS_TIME, Standing.ON_TIME, Standing.AHEAD].index(now.standing) <= [
        Standing.NEEDS_TIME, Standing.ON_TIME, Standing.AHEAD,
    ].index(more.standing)  # fmt: skip
