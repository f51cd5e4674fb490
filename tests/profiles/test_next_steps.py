"""At most three steps, always the same ones for the same student, each with its reasons."""

from __future__ import annotations

import datetime as dt
import random
import uuid

from hypothesis import given
from hypothesis import strategies as st

from profiles.mastery import State
from profiles.next_steps import Graph, Known, Wishes, next_steps

TODAY = dt.date(2026, 11, 20)
A, B, C, D, E = (uuid.UUID(int=n) for n in range(1, 6))
CHAIN = Graph({B: {A}, C: {B}, D: {C}})
SECURE, EMERGING = Known(State.SECURE, State.SECURE), Known(State.EMERGING)


def codes(step) -> list[str]:
    return [reason.code for reason in step.reasons]


def test_what_a_goal_needs_first_comes_first_and_says_what_it_opens() -> None:
    steps, ruled_out = next_steps(CHAIN, {A: SECURE}, Wishes(goals=[D]), TODAY)
    assert [(step.competency, codes(step)) for step in steps] == [(B, ["opens"])]
    assert [(one.competency, one.code, one.by) for one in ruled_out] == [(C, "blocked", (B,)), (D, "blocked", (C,))]


def test_a_banked_need_counts_even_where_it_has_faded() -> None:
    faded = Known(State.EMERGING, State.SECURE, refresh=True)
    steps, _ruled_out = next_steps(CHAIN, {A: faded}, Wishes(goals=[B]), TODAY)
    assert [step.competency for step in steps] == [B, A]
    assert codes(steps[1]) == ["refresh"]


def test_not_now_is_heard_until_its_day_and_remembered_after() -> None:
    later = TODAY + dt.timedelta(days=7)
    steps, ruled_out = next_steps(Graph({}), {}, Wishes(goals=[A, B], answers={A: later}), TODAY)
    assert [step.competency for step in steps] == [B]
    assert [(one.competency, one.code, one.until) for one in ruled_out] == [(A, "not_now", later)]
    steps, _ruled_out = next_steps(Graph({}), {}, Wishes(goals=[A, B], answers={A: TODAY}), TODAY)
    assert [(step.competency, step.score) for step in steps] == [(B, 3.0), (A, 1.0)]


def test_sliders_change_what_comes_first() -> None:
    graph = Graph({C: {B}, D: {B}})
    known = {A: Known(State.DEVELOPING)}
    easy, _none = next_steps(graph, known, Wishes(expected=[A, C, D], challenge=1), TODAY)
    hard, _none = next_steps(graph, known, Wishes(expected=[A, C, D], challenge=5), TODAY)
    assert (easy[0].competency, hard[0].competency) == (A, B)


def test_what_is_due_soon_what_interests_and_what_is_other_count() -> None:
    wishes = Wishes(
        expected=[A, B, C], due={A: TODAY + dt.timedelta(days=5)}, interesting=[B], last_dimension="academic"
    )
    graph = Graph({}, {A: "academic", B: "academic", C: "habit"})
    steps, _none = next_steps(graph, {}, wishes, TODAY)
    assert [(step.competency, step.score, codes(step)) for step in steps] == [
        (B, 1.0, ["interest"]),
        (A, 0.75, ["due"]),
        (C, 0.5, ["variety"]),
    ]


def test_an_expectation_with_nothing_else_to_say_still_has_a_reason() -> None:
    steps, _none = next_steps(Graph({}), {}, Wishes(expected=[A]), TODAY)
    assert codes(steps[0]) == ["expected"]


def test_of_equals_the_longest_untouched_comes_first() -> None:
    known = {
        A: Known(State.EMERGING, last_observed=TODAY),
        B: Known(State.EMERGING, last_observed=TODAY - dt.timedelta(days=30)),
    }
    steps, _none = next_steps(Graph({}), known, Wishes(goals=[A, B]), TODAY)
    assert [step.competency for step in steps] == [B, A]


IDS = [uuid.UUID(int=n) for n in range(1, 13)]


@given(st.randoms(use_true_random=False))
def test_steps_are_the_same_however_the_inputs_are_ordered(some: random.Random) -> None:
    needs = {one: {need for need in IDS[:n] if some.random() < 0.2} for n, one in enumerate(IDS)}
    known = {
        one: Known(some.randint(0, 4), some.randint(0, 4), some.random() < 0.2) for one in IDS if some.random() < 0.6
    }
    goals = [one for one in IDS if some.random() < 0.3]
    expected = [one for one in IDS if some.random() < 0.5]
    first = next_steps(Graph(needs), known, Wishes(goals=goals, expected=expected), TODAY)
    shuffled = list(known.items())
    some.shuffle(shuffled)
    again = next_steps(
        Graph(dict(reversed(needs.items()))), dict(shuffled), Wishes(goals=goals[::-1], expected=expected[::-1]), TODAY
    )
    assert first == again
    steps, ruled_out = first
    assert len(steps) <= 3
    for step in steps:
        assert step.reasons
        assert all(known.get(need, Known()).met for need in needs[step.competency])
        now = known.get(step.competency, Known())
        assert now.refresh or not now.met
    for one in ruled_out:
        assert one.code != "blocked" or one.by
