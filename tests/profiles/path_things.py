"""What the rows of matrix_path.py are asked about, for Sofia and for her namesake at the other school."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from profiles.models import (
    Experience,
    Learner,
    LearningPlan,
    NextStep,
    Person,
    PlanItem,
    PlanProposal,
    StepAnswer,
    StudentProposal,
)
from tests.cast import Cast

Arguments = dict[str, Any]


def _who(cast: Cast, other: bool) -> tuple[Learner, Person]:
    """A student, and the adult they ask."""
    if other:
        return cast.learner("juniper-student"), cast["other-teacher"]
    return cast.learner("student"), cast["advisor"]


def _item(learner: Learner, by: Person) -> PlanItem:
    plan = LearningPlan.begin(learner, "Fall", by=by)
    return PlanItem.add(plan, by=by, aim="connection", text="Talk with the nurse", origin="advisor")


def _suggestion(learner: Learner, by: Person) -> Arguments:
    item = _item(learner, by)
    offered = PlanProposal.offer(item.plan, "manual", {"remove": [{"item": str(item.pk)}]}, by=by)
    return {"proposal": offered.pk if offered else None}


def _own_unit(learner: Learner, by: Person) -> Arguments:
    made = StudentProposal.write(learner, by=learner.person, question="How do rivers clean themselves?", adult=by)
    made.submit(by=learner.person)
    return {"unit": made.pk}


def _unit(learner: Learner) -> Experience:
    return Experience.offer(learner.home, by=learner.person, title="River study", modality="fieldwork")


def _expectation(cast: Cast, learner: Learner, by: Person) -> Arguments:
    section = cast.section("math" if learner == cast.learner("student") else "juniper")
    if not section.expectations.exists():
        section.expect(section.add_unit("Rivers", by=by), [cast.competency("RN.1")], by=by)
    return {"expectation": section.expectations.all()[0].pk}


def _step(cast: Cast, learner: Learner) -> Arguments:
    NextStep.objects.create(learner=learner, competency=cast.competency("RN.1"), position=0, score=1)
    return {"competency": cast.competency("RN.1").pk}


def _question(cast: Cast, learner: Learner, by: Person) -> Arguments:
    asked = StepAnswer.say(learner, cast.competency("RN.1"), "asked", by=learner.person, asked=by)
    return {"answer": asked.pk}


MADE: dict[str, Callable[[Cast, Learner, Person], Arguments]] = {
    "a_learner": lambda cast, learner, by: {},
    "a_plan": lambda cast, learner, by: {"plan": _item(learner, by).plan_id},
    "a_plan_item": lambda cast, learner, by: {"item": _item(learner, by).pk},
    "a_suggestion": lambda cast, learner, by: _suggestion(learner, by),
    "an_own_unit": lambda cast, learner, by: _own_unit(learner, by),
    "a_unit_for_learner": lambda cast, learner, by: {"experience": _unit(learner).pk},
    "an_expectation": _expectation,
    "a_step": lambda cast, learner, by: _step(cast, learner),
    "a_question": _question,
}


def _fixture(name: str, other: bool) -> Any:
    def made(cast: Cast) -> Arguments:
        learner, adult = _who(cast, other)
        return {"learner": learner.pk, **MADE[name](cast, learner, adult)}

    return pytest.fixture(made, name=f"other_{name}" if other else name)


for _name in MADE:
    for _other in (False, True):
        globals()[f"{'other_' if _other else ''}{_name}"] = _fixture(_name, _other)


@pytest.fixture
def a_unit(cast: Cast) -> Arguments:
    return {"school": cast.org("cedar").pk, "experience": _unit(cast.learner("student")).pk}


@pytest.fixture
def other_a_unit(cast: Cast) -> Arguments:
    return {"school": cast.org("juniper").pk, "experience": _unit(cast.learner("juniper-student")).pk}
