"""No total of fewer than ten is shown, nor can it be worked out from what is shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from profiles.suppression import hidden_rows

Rows = dict[int, tuple[int, int]]
tables = st.dictionaries(
    st.integers(0, 6), st.tuples(st.integers(0, 40), st.integers(0, 40)).filter(any), min_size=1, max_size=6
)


def test_a_small_row_takes_the_next_smallest_along() -> None:
    rows = {"09": (30, 40), "10": (25, 25), "11": (4, 60), "12": (31, 33)}
    assert hidden_rows(rows) == {"11", "10"}


def test_everything_large_enough_is_shown() -> None:
    assert hidden_rows({"09": (30, 40), "10": (10, 10)}) == set()


def test_a_total_of_few_hides_the_table() -> None:
    assert hidden_rows({"09": (3, 40), "10": (5, 50)}) is None
    assert hidden_rows({"09": (3, 40)}) is None
    assert hidden_rows({}) is None


@given(tables)
def test_nothing_under_ten_is_rendered(rows: Rows) -> None:
    hidden = hidden_rows(rows)
    shown = [] if hidden is None else [parts for key, parts in rows.items() if key not in hidden]
    totals = [] if hidden is None else [tuple(map(sum, zip(*rows.values(), strict=True)))]
    assert all(part >= 10 for parts in [*shown, *totals] for part in parts)


@given(tables)
def test_no_hidden_part_follows_from_what_is_shown(rows: Rows) -> None:
    """Whatever is hidden could be otherwise, with everything shown the same."""
    hidden = hidden_rows(rows)
    if not hidden:
        return
    # All that subtraction gives is what the hidden rows are together.
    assert len(hidden) >= 2
    for part in range(2):
        together = sum(rows[key][part] for key in hidden)
        assert together >= 10
        # Even with every row's size known, a hidden part can be told from nothing but a range of several values.
        for key in hidden:
            rest = sum(sum(rows[other]) for other in hidden if other != key)
            low, high = max(0, together - rest), min(sum(rows[key]), together)
            assert high > low
