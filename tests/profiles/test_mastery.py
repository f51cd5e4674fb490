"""Every method against its published or computed figures; what must hold of any evidence."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profiles import mastery
from profiles.mastery import METHODS, Piece, Policy, State, half_up, knowledge_traced, work_out

VECTORS = [
    ("weighted", {"w": 0.65}, [1, 2, 3, 4, 5], 4.13),
    ("decaying", {"w": 0.65}, [1, 2, 3, 4, 5], 4.47),
    ("n_mastery", {"k": 3}, [1, 2, 3, 4, 5], 4.0),
    ("n_mastery", {"k": 4}, [1, 2, 3, 4, 5], None),
    ("power_law", {}, [1, 2, 3, 4], 4.00),
    ("power_law", {}, [1, 3, 2, 4], 3.66),
    ("power_law", {}, [2, 4, 1, 3], 2.16),
    ("power_law", {}, [4, 3, 2, 1], 1.28),
    ("power_law", {}, [3, 3, 1, 3], 1.90),
    ("power_law", {}, [3, 3, 1, 3, 4, 4], 3.07),
    ("power_law", {}, [3, 3], None),
    ("decaying", {"w": 0.65}, [3, 3, 1, 3], 2.55),
    ("decaying", {"w": 0.75}, [3, 3, 1, 3], 2.63),
    ("weighted", {"w": 0.65}, [3, 3, 1, 3], 2.77),
    ("decaying", {"w": 0.65}, [4, 4, 1], 2.05),
    ("decaying", {"w": 0.75}, [4, 4, 1], 1.75),
    ("latest", {}, [4, 4, 1], 1),
    ("highest", {}, [4, 4, 1], 4),
    ("mean", {}, [4, 4, 1], 3),
    ("mode_last_k", {"k": 3}, [1, 1, 1, 3, 2, 3], 3),
    ("mode_last_k", {"k": 3}, [1, 2, 3], 3),
    ("mode_last_k", {"k": 5}, [3, 3, 2, 2, 1], 2),
    ("best_fit", {}, [3, 3, 3, 3], 3),
    ("best_fit", {}, [1, 2, 3, 4], 4),
    ("best_fit", {}, [4, 2], 3),
]


@pytest.mark.parametrize(("method", "parameters", "scores", "expected"), VECTORS)
def test_method_gives_the_published_value(method: str, parameters: dict, scores: list, expected: float | None) -> None:
    value = METHODS[method](scores, parameters, 3)
    assert (None if value is None else half_up(value)) == expected


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ("1111", [0.6927, 0.9192, 0.9828, 0.9965]),
        ("0110111", [0.1458, 0.4909, 0.8314, 0.4433, 0.8036, 0.9536, 0.9904]),
    ],
)
def test_knowledge_traced_gives_the_computed_values(answers: str, expected: list[float]) -> None:
    traced = knowledge_traced([one == "1" for one in answers], {"L0": 0.3, "T": 0.1, "S": 0.1, "G": 0.2})
    assert [half_up(value, 4) for value in traced] == expected


def test_knowledge_traced_refuses_a_guess_likelier_than_not() -> None:
    with pytest.raises(ValueError, match="less likely"):
        knowledge_traced([True], {"L0": 0.3, "T": 0.1, "S": 0.1, "G": 0.6})


MONDAY = dt.date(2026, 9, 7)
PIECES = st.lists(
    st.builds(
        Piece,
        level=st.integers(1, 4),
        kind=st.sampled_from(["task", "observation", "assessment"]),
        independent=st.booleans(),
        on=st.dates(MONDAY, MONDAY + dt.timedelta(days=60)),
        items=st.lists(st.integers(0, 1), max_size=3).map(tuple),
    ),
    max_size=8,
).map(
    lambda pieces: [
        Piece(one.level, one.kind, one.independent, one.on, order, one.items) for order, one in enumerate(pieces)
    ]
)
POLICIES = st.builds(
    Policy,
    method=st.sampled_from([*METHODS, mastery.KNOWLEDGE_TRACING]),
    parameters=st.just({}),
    min_evidence=st.integers(1, 3),
    min_kinds=st.integers(1, 2),
    require_independent=st.booleans(),
)


@given(PIECES, POLICIES, st.randoms())
def test_same_evidence_in_any_order_gives_the_same_level(pieces: list[Piece], policy: Policy, some) -> None:
    shuffled = list(pieces)
    some.shuffle(shuffled)
    assert work_out(shuffled, policy) == work_out(pieces, policy)


@given(POLICIES)
def test_no_evidence_is_not_known(policy: Policy) -> None:
    worked = work_out([], policy)
    assert (worked.state, worked.level, worked.value) == (State.UNKNOWN, None, None)


@given(PIECES.filter(bool), POLICIES)
def test_a_value_stays_on_the_scale_and_says_what_is_missing(pieces: list[Piece], policy: Policy) -> None:
    worked = work_out(pieces, policy)
    assert (worked.state == State.UNKNOWN) == bool(worked.missing)
    assert worked.level is None or 1 <= worked.level <= 4
    assert worked.last_observed == max(piece.on for piece in pieces)


def test_one_piece_is_not_enough_by_the_preset() -> None:
    one = Piece(3, "observation", True, MONDAY, 1)
    two = Piece(3, "observation", True, MONDAY, 2)
    assert work_out([one], mastery.PRESET).missing == ("evidence",)
    assert work_out([one, two], mastery.PRESET).state == State.SECURE


def test_a_test_of_three_items_is_three_pieces() -> None:
    test = Piece(3, "import", True, MONDAY, 1, (1, 1, 0))
    assert work_out([test], mastery.PRESET).n == 3


def test_what_was_learned_last_counts_last_whenever_it_was_graded() -> None:
    late_work = Piece(1, "task", True, MONDAY, 9)
    retake = Piece(4, "task", True, MONDAY + dt.timedelta(days=1), 1)
    assert work_out([late_work, retake], Policy("latest", {})).state == State.EXTENDING


@pytest.mark.parametrize(
    ("banked", "state", "newer", "days", "expected"),
    [
        (3, 2, 2, 10, True),
        (3, 2, 1, 10, False),
        (3, 3, 5, 119, False),
        (3, 3, 0, 120, True),
        (2, 1, 5, 300, False),
    ],
)
def test_refresh_is_suggested(banked: int, state: int, newer: int, days: int, expected: bool) -> None:
    seen = MONDAY - dt.timedelta(days=days)
    assert mastery.needs_refresh(banked, state, newer, seen, MONDAY, 120) is expected


def test_any_scale_has_its_states() -> None:
    six = Policy(secure=4, ranks=6)
    assert [mastery.state_of(level, six) for level in range(1, 7)] == [
        State.EMERGING, State.EMERGING, State.DEVELOPING, State.SECURE, State.EXTENDING, State.EXTENDING,
    ]  # fmt: skip


def test_mode_agrees_with_counting_by_hand() -> None:
    for scores in itertools.product((1, 2, 3), repeat=3):
        found = METHODS["mode_last_k"](scores, {"k": 3}, 3)
        best = max(scores.count(score) for score in scores)
        assert scores.count(found) == best
        assert all(scores.count(later) < best for later in scores[len(scores) - scores[::-1].index(found) :])
