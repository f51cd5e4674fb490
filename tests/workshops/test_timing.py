"""What is left of a workshop fits its fixed end to the second, and no step is cut below its floor."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshops.timing import Offer, Planned, budget, drift, retime, worth_offering

MANY = settings(max_examples=150, deadline=None)


@st.composite
def agendas(draw: st.DrawFn) -> list[Planned]:
    steps = []
    for n in range(draw(st.integers(1, 12))):
        planned = draw(st.integers(0, 1800))
        fixed = draw(st.integers(0, 3)) == 0
        steps.append(
            Planned(
                f"s{n}",
                planned,
                draw(st.integers(0, planned)),
                draw(st.sampled_from([0, 0.5, 1, 1, 2, 3])),
                draw(st.sampled_from([0, 0, 60, 300])),
                fixed,
                draw(st.booleans()),
                draw(st.sampled_from(["", "", "", "a", "b"])),
            )
        )
    return steps


BUDGETS = st.integers(-600, 20_000)


@MANY
@given(agendas(), BUDGETS)
def test_sums_are_exact_and_no_step_leaves_its_bounds(steps: list[Planned], budget_s: int) -> None:
    done = retime(steps, budget_s)
    assert sum(done.allotted.values()) + done.early_s - done.short_s == budget_s
    assert list(done.allotted) == [step.key for step in steps]
    late = drift(steps, budget_s)
    for step in steps:
        low, high = (step.least_s, step.planned_s) if late > 0 else (step.planned_s, step.most_s)
        assert low <= done.allotted[step.key] <= high
        assert not step.fixed or done.allotted[step.key] == step.planned_s


@MANY
@given(agendas(), BUDGETS)
def test_short_only_at_the_floors_and_early_only_when_stretched(steps: list[Planned], budget_s: int) -> None:
    done = retime(steps, budget_s)
    assert done.short_s == max(0, sum(step.least_s for step in steps) - budget_s)
    assert done.early_s == max(0, budget_s - sum(step.most_s for step in steps))
    assert bool(done.offers) == bool(done.short_s)


@MANY
@given(agendas(), BUDGETS)
def test_at_most_one_moved_step_ends_between_quarter_minutes_without_a_bound(
    steps: list[Planned], budget_s: int
) -> None:
    done = retime(steps, budget_s)
    odd = [
        step.key
        for step in steps
        if (given_s := done.allotted[step.key]) % 15
        and given_s not in (step.least_s, step.planned_s, step.most_s)
        # A quarter more than a bound that is no quarter itself.
        and (given_s - step.least_s) % 15
        and (given_s - step.planned_s) % 15
    ]
    assert len(odd) <= 1


def least_loss(steps: list[Planned], short_s: int) -> int | None:
    losses = []
    for many in range(1, len(steps) + 1):
        for chosen in itertools.combinations([step for step in steps if step.optional], many):
            kept = [step for step in steps if step not in chosen]
            emptied = {s.choice_set for s in chosen if s.choice_set} - {s.choice_set for s in kept}
            if not emptied and sum(step.least_s for step in chosen) >= short_s:
                losses.append(sum(step.planned_s for step in chosen))
    return min(losses, default=None)


@MANY
@given(agendas(), st.integers(-600, 4000))
def test_offers_fit_and_skip_as_little_as_can_be(steps: list[Planned], budget_s: int) -> None:
    done = retime(steps, budget_s)
    offers = {offer.kind: offer for offer in done.offers}
    assert len(offers) == len(done.offers) <= 3
    if not done.short_s:
        return
    by_key = {step.key: step for step in steps}
    assert offers["late"] == Offer("late", done.allotted, late_s=done.short_s)
    loss = least_loss(steps, done.short_s)
    assert ("skip" in offers) == (loss is not None)
    if skip := offers.get("skip"):
        assert sum(by_key[key].planned_s for key in skip.skip) == loss
        assert all(by_key[key].optional for key in skip.skip)
        assert sorted([*skip.skip, *skip.allotted]) == sorted(by_key)
        assert sum(skip.allotted.values()) <= budget_s
        assert all(seconds >= by_key[key].least_s for key, seconds in skip.allotted.items())
    if lower := offers.get("floors"):
        assert sum(lower.allotted.values()) == budget_s
        assert all(
            seconds >= (by_key[key].planned_s if by_key[key].fixed else min(60, by_key[key].least_s))
            for key, seconds in lower.allotted.items()
        )


def test_cuts_go_by_weight_and_room() -> None:
    steps = [Planned("a", 600, 300), Planned("b", 600, 300, weight=2), Planned("film", 385, fixed=True)]
    assert retime(steps, 1585 - 90).allotted == {"a": 570, "b": 540, "film": 385}
    assert retime(steps, 1585 - 450).allotted == {"a": 450, "b": 300, "film": 385}


def test_step_without_weight_gives_last() -> None:
    steps = [Planned("a", 600, 300, weight=0), Planned("b", 600, 300)]
    assert retime(steps, 900).allotted == {"a": 600, "b": 300}
    assert retime(steps, 700).allotted == {"a": 400, "b": 300}


def test_gained_minutes_go_to_discussion_and_the_rest_ends_early() -> None:
    steps = [Planned("talk", 600, stretch_s=300), Planned("write", 300)]
    assert retime(steps, 1000).allotted == {"talk": 700, "write": 300}
    done = retime(steps, 1300)
    assert (done.allotted, done.early_s) == ({"talk": 900, "write": 300}, 100)


def test_offers_skip_the_shorter_film_of_a_choice_and_never_both() -> None:
    films = [
        Planned("2a", 385, fixed=True, optional=True, choice_set="overview"),
        Planned("2b", 286, fixed=True, optional=True, choice_set="overview"),
    ]
    steps = [*films, Planned("groups", 1500, 1200)]
    assert [(offer.kind, offer.skip, offer.late_s) for offer in retime(steps, 1700).offers] == [
        ("skip", ("2b",), 0),
        ("late", (), 171),
        ("floors", (), 0),
    ]
    assert retime(steps, 1550).offers[0].skip == ("2a",)
    assert [offer.kind for offer in retime(steps, 1400).offers] == ["late", "floors"]
    assert [offer.kind for offer in retime(steps, 100).offers] == ["late"]


def test_nothing_moves_when_nothing_has_drifted() -> None:
    steps = [Planned("a", 307, 100, stretch_s=60), Planned("b", 293, 100)]
    assert retime(steps, 600).allotted == {"a": 307, "b": 293}
    assert retime([], 40).early_s == 40


@pytest.mark.parametrize(("late", "expected"), [(59, False), (60, True), (-59, False), (-60, True)])
def test_a_minute_of_drift_is_worth_an_offer(late: int, expected: bool) -> None:
    steps = [Planned("a", 600)]
    assert drift(steps, 600 - late) == late
    assert worth_offering(late) is expected


def test_budget_is_what_lies_before_the_end_and_its_buffer() -> None:
    now = datetime(2025, 9, 1, 9, 0, tzinfo=UTC)
    assert budget(now, now + timedelta(minutes=30, milliseconds=700), buffer_s=120) == 1680
    assert budget(now, now - timedelta(minutes=1)) == -60
