"""A student's plan on a phone: a step is taken, a change is answered, an adult accepts; axe on every page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from profiles import paths
from profiles.models import Experience, LearningPlan, PlanItem, PlanProposal
from tests.cast import Cast

from .conftest import check_accessible

Open = Callable[..., Page]


@pytest.fixture
def plan(cast: Cast) -> LearningPlan:
    """Sofia's, under way, with a change suggested."""
    learner = cast.learner("student")
    plan = LearningPlan.begin(learner, "My fall", by=cast["student"])
    for code, way in (("RN.4", "peer"), ("RN.2", "online")):
        competency = cast.competency(code)
        PlanItem.add(
            plan, by=cast["advisor"], aim="competency", competency=competency, text=competency.statement,
            modality=way, origin="advisor", minutes=40, screen_minutes=20 if way == "online" else 0,
        )  # fmt: skip
    plan.move("student_ready", by=cast["student"])
    plan.move("active", by=cast["advisor"])
    Experience.offer(
        cast.org("cedar"), by=cast["math"], title="Baking by the numbers", modality="internship", capacity=2
    )
    paths.suggest(learner, "manual", by=cast["advisor"])
    return plan


def test_a_student_answers_and_takes_a_step_and_the_advisor_accepts(
    cast: Cast, window: Open, plan: LearningPlan
) -> None:
    path = f"/profiles/learners/{cast.learner('student').pk}/plan/"
    phone = window("student", path, width=320)
    check_accessible(phone)
    phone.get_by_role("button", name="Yes to what is ticked").click()
    expect(phone.get_by_text("Agreed. It waits for the adult")).to_be_visible()
    phone.get_by_role("link", name="Not now").first.click()
    check_accessible(phone)
    phone.go_back()
    phone.get_by_role("link", name="Ask someone").first.click()
    check_accessible(phone)
    phone.go_back()

    desk = window("advisor", "/profiles/proposals/")
    check_accessible(desk)
    desk.get_by_label("Sofia Reyes").check()
    desk.get_by_role("button", name="Accept what is ticked").click()
    expect(desk.get_by_text("Accepted.")).to_be_visible()
    assert PlanProposal.objects.get().state == "applied"

    phone.goto(path)
    phone.get_by_role("link", name="Take it").first.click()
    check_accessible(phone)
    phone.get_by_label("When this week").select_option("Advisory")
    phone.get_by_role("button", name="Put it into my plan").click()
    expect(phone.get_by_text("It is in your plan.")).to_be_visible()
    expect(phone.get_by_text("a suggested step · Advisory")).to_be_visible()

    for page in (f"{path.removesuffix('plan/')}units/", f"{path.removesuffix('plan/')}units/own/"):
        phone.goto(page)
        check_accessible(phone)
