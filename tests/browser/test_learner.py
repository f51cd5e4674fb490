"""A student's page on a phone, for each who reads it: nothing axe objects to, nothing to scroll sideways."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from profiles.models import CheckIn, Evidence, Goal, Mark, ProfileEntry, Support
from tests.cast import Cast

from .conftest import Open, check_accessible

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page_of_sofia(transactional_db: None, cast: Cast) -> str:
    """Her record after a few weeks, and its address."""
    learner, today = cast.learner("student"), cast.org("cedar").today()
    words = [
        ("strength", "I taught my cousin to read the bus map of the whole city.", "proud"),
        ("interest", "Drawing maps, soccer maybe", "free_time"),
        ("learns_best", "I can try it first and ask afterwards.", "learn_best"),
        ("stress", "Two tests fall on one day and nobody says which chapters count.", "hard"),
    ]
    for section, text, prompt in words:
        ProfileEntry.write(learner, section, text, voice="student", by=cast["student"], prompt=prompt)
    ProfileEntry.write(learner, "home", "Ayuda a su tía en la tienda los sábados.", voice="family", by=cast["guardian"])
    ProfileEntry.write(
        learner, "strength", "Explains her drawings so that others see it too.", voice="adult", by=cast["math"]
    )
    until = today + dt.timedelta(days=60)
    need = ProfileEntry.write(
        learner,
        "need",
        "Long tasks without a first step stay on the desk.",
        voice="adult",
        by=cast["advisor"],
        strategy="We write the first line together; then she goes on alone.",
        expires_on=until,
    )
    need.answer("Yes, and a quiet corner helps.", by=cast["student"])
    ProfileEntry.write(learner, "home", "Restricted", voice="adult", by=cast["counselor"], visibility="restricted")
    for code in ("RN.1", "RN.2"):
        for days in (4, 3):
            mark = Mark(learner.pk, cast.competency(code).pk, 3)
            on = today - dt.timedelta(days=days)
            Evidence.record(cast.section("math"), [mark], by=cast["math"], observed_on=on)
    by = cast["student"]
    long = Goal.set(learner, by=by, horizon="long", dimension="skill", text="Draw maps that people use")
    term = Goal.set(learner, by=by, horizon="term", dimension="skill", text="A bus map for our school", parent=long)
    week = Goal.set(learner, by=by, horizon="week", dimension="habit", text="Ask before the third try", parent=term)
    week.move("active", by=by)
    CheckIn.plan(learner, cast["advisor"], today + dt.timedelta(days=2), by=cast["advisor"])
    Support.give(learner, by=cast["advisor"], support_kind="strategy", text="A quiet corner for tests", begins=today)
    return reverse("profiles:learner_detail", args=[learner.pk])


@pytest.mark.parametrize("slug", ["student", "teacher", "guardian"])
def test_the_page_reads_well_on_a_phone(window: Open, page_of_sofia: str, slug: str) -> None:
    page = window(slug, page_of_sofia, width=320, height=640)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sofia Reyes")
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
    check_accessible(page)


def test_an_answer_is_kept_without_leaving_the_questions(window: Open, page_of_sofia: str) -> None:
    page = window("student", f"{page_of_sofia}voice/", width=320, height=640)
    check_accessible(page)
    form = page.locator("#one_day")
    form.get_by_role("textbox").fill("Plan a bus line")
    form.get_by_role("button").click()
    expect(page.locator("#one_day [role=status]")).to_have_text("Kept.")
    expect(page.locator("#one_day textarea")).to_have_value("Plan a bus line")
    assert ProfileEntry.objects.get(prompt="one_day").text == "Plan a bus line"


def test_a_teacher_adds_a_line_without_leaving_the_class_list(window: Open, page_of_sofia: str, cast: Cast) -> None:
    page = window("teacher", reverse("profiles:class_learners", args=[cast.section("english").pk]), width=320)
    line = page.get_by_role("listitem").filter(has_text="Sofia Reyes")
    line.get_by_role("link", name="Add").click()
    line.get_by_label("In your words").fill("Led the group today")
    check_accessible(page)
    line.get_by_role("button", name="Save").click()
    expect(line.get_by_role("status")).to_contain_text("Led the group today")
