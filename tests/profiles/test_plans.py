"""A plan changes only as somebody agreed, and comes back byte for byte."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from profiles.mastery import State
from profiles.models import Change, Goal, LearningPlan, PlanItem, PlanProposal
from profiles.next_steps import Graph, Known, Step
from profiles.replanning import Item, difference
from tests.cast import Cast


@pytest.fixture
def plan(cast: Cast) -> LearningPlan:
    """Sofia's, with three things in it."""
    plan = LearningPlan.begin(cast.learner("student"), "Fall", by=cast["student"])
    for code in ("RN.2", "RN.1", "RN.4"):
        PlanItem.add(
            plan, by=cast["advisor"], aim="competency", competency=cast.competency(code), text=code, origin="advisor"
        )
    return plan


def offer(plan: LearningPlan, cast: Cast, trigger: str = "manual", **more) -> PlanProposal | None:
    items = {one.text: str(one.pk) for one in plan.items.all()}
    said = {
        "add": [
            {"aim": "competency", "competency_id": str(cast.competency("RN.3").pk), "text": "RN.3", "origin": "planner"}
        ],
        "remove": [{"item": items["RN.4"]}],
        "move": [{"item": items["RN.2"], "to": 1}],
    }
    return PlanProposal.offer(plan, trigger, said, by=cast["advisor"], **more)


def texts(plan: LearningPlan) -> list[str]:
    return list(plan.items.order_by("position").values_list("text", flat=True))


def test_nothing_changes_until_student_and_adult_said_yes(cast: Cast, plan: LearningPlan) -> None:
    before = plan.snapshot()
    proposal = offer(plan, cast)
    proposal.agree(by=cast["student"])
    assert plan.snapshot() == before
    proposal.apply(by=cast["advisor"])
    assert texts(plan) == ["RN.1", "RN.2", "RN.3"]
    proposal.take_back(by=cast["advisor"])
    assert plan.snapshot() == before


def test_an_adult_does_not_apply_what_the_student_has_not_seen(cast: Cast, plan: LearningPlan) -> None:
    with pytest.raises(ValidationError, match="answered already"):
        offer(plan, cast).apply(by=cast["advisor"])
    assert texts(plan) == ["RN.2", "RN.1", "RN.4"]


def test_a_plan_that_changed_since_makes_it_stale(cast: Cast, plan: LearningPlan) -> None:
    proposal = offer(plan, cast)
    proposal.agree(by=cast["student"])
    plan.items.first().move("doing", by=cast["student"])
    with pytest.raises(ValidationError, match="has changed since"):
        proposal.apply(by=cast["advisor"])


def test_a_small_one_applies_when_the_student_agrees_where_allowed(cast: Cast, plan: LearningPlan) -> None:
    plan.small_at_once = True
    plan.save()
    offer(plan, cast, small=True).agree(by=cast["student"])
    assert texts(plan) == ["RN.1", "RN.2", "RN.3"]


def test_one_open_at_a_time_and_one_a_week(cast: Cast, plan: LearningPlan) -> None:
    first = offer(plan, cast, "evidence")
    assert offer(plan, cast, "manual") is None
    first.decline(by=cast["student"], reason="Later")
    assert offer(plan, cast, "evidence") is None
    assert offer(plan, cast, "manual") is not None


def test_not_undone_once_the_plan_moved_on(cast: Cast, plan: LearningPlan) -> None:
    proposal = offer(plan, cast)
    proposal.agree(by=cast["student"])
    proposal.apply(by=cast["advisor"])
    plan.items.first().move("doing", by=cast["student"])
    with pytest.raises(ValidationError, match="moved on"):
        proposal.take_back(by=cast["advisor"])


def test_every_step_of_it_is_in_the_history(cast: Cast, plan: LearningPlan) -> None:
    proposal = offer(plan, cast)
    proposal.agree(by=cast["student"])
    proposal.apply(by=cast["advisor"])
    kept = Change.objects.filter(stream=plan.learner.stream, target=str(proposal.pk)).values_list("verb", flat=True)
    assert list(kept) == ["change_offered", "change_agreed", "change_applied"]


def test_one_plan_is_active(cast: Cast, plan: LearningPlan) -> None:
    for one in (plan, LearningPlan.begin(plan.learner, "Spring", by=cast["student"])):
        one.move("student_ready", by=cast["student"])
        one.move("active", by=cast["advisor"])
    plan.refresh_from_db()
    assert plan.state == "complete"


def test_not_needed_wants_a_reason(cast: Cast, plan: LearningPlan) -> None:
    with pytest.raises(ValidationError, match="why it is not needed"):
        plan.items.first().move("exempt", by=cast["advisor"])


def test_a_fourth_goal_of_the_week_waits(cast: Cast) -> None:
    learner, by = cast.learner("student"), cast["student"]
    for n in range(3):
        Goal.set(learner, by=by, horizon="week", dimension="habit", text=f"Goal {n}")
    with pytest.raises(ValidationError, match="3 goals for this week"):
        Goal.set(learner, by=by, horizon="week", dimension="habit", text="One more")


def test_a_goal_is_met_by_showing_or_looking_back(cast: Cast) -> None:
    goal = Goal.set(cast.learner("student"), by=cast["student"], horizon="term", dimension="habit", text="Ask early")
    goal.move("active", by=cast["student"])
    with pytest.raises(ValidationError, match="Say what you did"):
        goal.move("met", by=cast["student"])
    goal.move("met", by=cast["student"], reflection="I asked before the third try.")
    assert (goal.met_on, goal.reflections.get().text) == (cast.org("cedar").today(), "I asked before the third try.")


def test_setting_aside_wants_a_reason_and_states_do_not_jump(cast: Cast) -> None:
    goal = Goal.set(cast.learner("student"), by=cast["student"], horizon="term", dimension="habit", text="Ask early")
    with pytest.raises(ValidationError, match="cannot become"):
        goal.move("met", by=cast["student"])
    goal.move("active", by=cast["student"])
    with pytest.raises(ValidationError, match="Say in a few words why"):
        goal.move("parked", by=cast["student"])


A, B, C, D = (uuid.UUID(int=n) for n in range(1, 5))
WORDS = {one: f"Skill {n}" for n, one in enumerate((A, B, C, D))}


def test_what_was_shown_goes_and_the_next_step_comes() -> None:
    items = [Item("1", A, True), Item("2", B, False, begun=True), Item("3", None, False)]
    known = {A: Known(State.SECURE, State.SECURE), B: Known(State.SECURE, State.SECURE)}
    found = difference(items, [Step(C, 3.0, ()), Step(B, 2.0, ())], known, Graph({}), WORDS)
    assert [one["item"] for one in found["remove"]] == ["1"]
    assert [one["competency_id"] for one in found["add"]] == [str(C)]


def test_what_is_needed_first_comes_first() -> None:
    items = [Item("1", B, False), Item("2", D, False), Item("3", A, False)]
    found = difference(items, [], {}, Graph({B: {A}}), WORDS)
    assert [(one["item"], one["to"]) for one in found["move"]] == [("1", 2)]


@given(st.permutations([A, B, C, D]))
def test_moves_put_any_order_right(order: list[uuid.UUID]) -> None:
    graph = Graph({B: {A}, C: {B}, D: {A}})
    items = [Item(str(one), one, False) for one in order]
    moves = difference(items, [], {}, graph, WORDS)["move"]
    ids = [one.id for one in items]
    for move in moves:
        ids.remove(move["item"])
        ids.insert(move["to"], move["item"])
    for _again in range(3):
        items = [Item(one, uuid.UUID(one), False) for one in ids]
        for move in difference(items, [], {}, graph, WORDS)["move"]:
            ids.remove(move["item"])
            ids.insert(move["to"], move["item"])
    place = {uuid.UUID(one): n for n, one in enumerate(ids)}
    assert all(place[need] < place[one] for one, needs in graph.needs.items() for need in needs)
