"""A student's plan in the browser's terms: the student writes and signs, an adult says yes, the family reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from profiles import paths
from profiles.models import (
    AcademicSession,
    AccessEvent,
    Change,
    Course,
    Credit,
    DroppedExpectation,
    Enrollment,
    Evidence,
    Experience,
    LearningPlan,
    Mark,
    NextStep,
    PlanItem,
    PlanProposal,
    Section,
    StepAnswer,
    StudentProposal,
)
from tests.cast import Cast

SignIn = Callable[[str], Client]


def url(cast: Cast, name: str, slug: str = "student", **more: object) -> str:
    return reverse(f"profiles:{name}", kwargs={"learner": cast.learner(slug).pk, **more})


def page(cast: Cast, client: Client, slug: str = "student") -> str:
    return client.get(url(cast, "learner_plan", slug)).text


def secure(cast: Cast, code: str, slug: str = "student") -> None:
    for days in (2, 1):
        on = cast.org("cedar").today() - dt.timedelta(days=days)
        mark = Mark(cast.learner(slug).pk, cast.competency(code).pk, 3)
        Evidence.record(cast.section("math"), [mark], by=cast["math"], observed_on=on)


def begun(cast: Cast, slug: str = "student", *codes: str) -> LearningPlan:
    """A plan under way with these competencies in it."""
    learner = cast.learner(slug)
    plan = LearningPlan.begin(learner, "Fall", by=learner.person)
    for code in codes:
        competency = cast.competency(code)
        PlanItem.add(
            plan, by=cast["math"], aim="competency", competency=competency, text=competency.statement, origin="advisor"
        )
    plan.move("student_ready", by=learner.person)
    plan.move("active", by=cast["math"])
    return plan


def test_a_plan_is_written_signed_approved_and_read(cast: Cast, sign_in: SignIn) -> None:
    student, advisor, family = sign_in("student"), sign_in("advisor"), sign_in("guardian")
    student.post(url(cast, "learner_plan_begin"), {"title": "My fall"})
    plan = cast.learner("student").plans.get()
    said = {
        "text": "Map the creek behind school",
        "towards": f"competency {cast.competency('RN.1').pk}",
        "modality": "project",
        "minutes": 90,
        "screen_minutes": 20,
    }
    student.post(url(cast, "learner_item_add", plan=plan.pk), said)
    text = page(cast, student)
    assert "Map the creek behind school" in text
    assert "20 minutes a week at a screen of 90 planned" in text
    assert "Nothing in this plan" not in text
    move = url(cast, "learner_plan_move", plan=plan.pk)
    student.post(move, {"state": "student_ready"})
    advisor.post(move, {"state": "active"})
    family.post(url(cast, "learner_plan_acknowledge", plan=plan.pk))
    plan.refresh_from_db()
    today = cast.org("cedar").today()
    assert (plan.state, plan.signed_on, plan.acknowledged_on, plan.reviewer) == (
        "active",
        today,
        today,
        cast["advisor"],
    )
    assert plan.items.get().origin == "student"


def test_what_is_missing_is_said_in_words(cast: Cast, sign_in: SignIn) -> None:
    plan = LearningPlan.begin(cast.learner("student"), "Fall", by=cast["student"])
    PlanItem.add(plan, by=cast["advisor"], aim="connection", text="Videos", modality="online", origin="advisor")
    text = page(cast, sign_in("student"))
    for words in ("is the student’s own idea yet", "happens with other people yet", "happens away from a screen yet"):
        assert words in text


def test_the_student_signs_and_does_not_approve(cast: Cast, sign_in: SignIn) -> None:
    plan = LearningPlan.begin(cast.learner("student"), "Fall", by=cast["student"])
    plan.move("student_ready", by=cast["student"])
    move = url(cast, "learner_plan_move", plan=plan.pk)
    assert sign_in("student").post(move, {"state": "active"}).status_code == 403
    assert sign_in("teacher").post(move, {"state": "active"}).status_code == 403


def test_without_an_advisor_a_teacher_of_the_student_says_yes(cast: Cast, sign_in: SignIn) -> None:
    plan = LearningPlan.begin(cast.learner("amir"), "Fall", by=cast["math"])
    plan.move("student_ready", by=cast["math"])
    assert sign_in("math").post(url(cast, "learner_plan_move", "amir", plan=plan.pk), {"state": "active"}).url == url(
        cast, "learner_plan", "amir"
    )
    plan.refresh_from_db()
    assert plan.state == "active"


def test_not_needed_is_said_by_an_adult_with_a_reason(cast: Cast, sign_in: SignIn) -> None:
    item = begun(cast, "student", "RN.1").items.get()
    move = url(cast, "learner_item_move", item=item.pk)
    assert sign_in("student").post(move, {"state": "exempt", "reason": "Boring"}).status_code == 403
    sign_in("advisor").post(move, {"state": "exempt"})
    item.refresh_from_db()
    assert item.state == "todo"
    sign_in("advisor").post(move, {"state": "exempt", "reason": "Shown at the old school"})
    item.refresh_from_db()
    assert (item.state, item.reason) == ("exempt", "Shown at the old school")


def test_students_take_out_their_own_ideas_only(cast: Cast, sign_in: SignIn) -> None:
    plan, student = begun(cast, "student", "RN.1"), sign_in("student")
    own = PlanItem.add(plan, by=cast["student"], aim="connection", text="Chess club", origin="student")
    theirs = plan.items.get(origin="advisor")
    assert student.post(url(cast, "learner_item_remove", item=theirs.pk)).status_code == 403
    assert student.post(url(cast, "learner_item_remove", item=own.pk)).status_code == 302
    assert list(plan.items.all()) == [theirs]


def test_an_item_is_changed_on_its_page(cast: Cast, sign_in: SignIn) -> None:
    item = begun(cast, "student", "RN.1").items.get()
    said = {"text": "Ratios with paint", "towards": f"competency {cast.competency('RN.1').pk}", "modality": "peer"}
    write = url(cast, "learner_item_write", item=item.pk)
    assert sign_in("student").post(write, said | {"minutes": 10, "screen_minutes": 20}).status_code == 422
    assert sign_in("student").post(write, said | {"minutes": 20, "pace": "little"}).status_code == 302
    item.refresh_from_db()
    assert (item.text, item.modality, item.minutes, item.get_pace_display()) == (
        "Ratios with paint", "peer", 20, "a little most days",
    )  # fmt: skip


def test_an_expectation_is_dropped_by_an_adult_with_a_reason_on_record(cast: Cast, sign_in: SignIn) -> None:
    expectation = cast.section("math").expectations.get(competency=cast.competency("RN.4"))
    drop = url(cast, "learner_expectation_drop", expectation=expectation.pk)
    assert sign_in("teacher").post(drop, {"reason": "Later"}).status_code == 403
    sign_in("math").post(drop, {"reason": ""})
    assert not DroppedExpectation.objects.exists()
    sign_in("math").post(drop, {"reason": "Shown at the old school"})
    assert "Not expected: Shown at the old school" in page(cast, sign_in("student"))
    sign_in("advisor").post(url(cast, "learner_expectation_restore", expectation=expectation.pk))
    assert not DroppedExpectation.objects.exists()
    kept = Change.objects.filter(stream=cast.learner("student").stream).order_by("version")
    assert [one.verb for one in kept] == ["expectation_dropped", "expectation_restored"]


def test_steps_come_with_sentences_and_numbers(cast: Cast, sign_in: SignIn) -> None:
    secure(cast, "RN.1")
    paths.renew_steps([cast.learner("student").pk])
    text = page(cast, sign_in("student"))
    assert "Find a unit rate and say what it means." in text
    assert "It opens 1 more: Use percent as a rate per hundred<" in text
    assert "opens others 2.00 = 2" in text
    assert "First comes: Find a unit rate and say what it means<" in text


def test_a_step_is_taken_in_a_way_at_a_time_at_a_pace(cast: Cast, sign_in: SignIn) -> None:
    paths.renew_steps([cast.learner("student").pk])
    student = sign_in("student")
    take = url(cast, "learner_step_take", competency=cast.competency("RN.1").pk)
    way = {"modality": "peer", "block": "Advisory", "pace": "little"}
    assert student.post(take, way | {"modality": "internship"}).status_code == 422
    assert student.post(take, way).status_code == 302
    item = cast.learner("student").plans.get().items.get()
    assert (item.origin, item.modality, item.block, item.pace) == ("planner", "peer", "Advisory", "little")
    Experience.offer(
        cast.org("cedar"), by=cast["math"], title="Bakery", modality="internship", outcomes=[cast.competency("RN.1")]
    )
    assert student.post(take, way | {"modality": "internship"}).status_code == 302


def test_not_now_swap_and_ask_are_heard(cast: Cast, sign_in: SignIn) -> None:
    cast.section("math").be_in(cast.section("math").units.get(position=1), by=cast["math"])
    for code in ("RN.1", "RN.4"):
        cast.learner("student").goals.create(
            horizon="term", dimension="academic", competency=cast.competency(code), text=code,
            set_on=cast.org("cedar").today(), state="active",
        )  # fmt: skip
    paths.renew_steps([cast.learner("student").pk])
    student, today = sign_in("student"), cast.org("cedar").today()
    put_off = url(cast, "learner_step_put_off", competency=cast.competency("RN.1").pk)
    assert student.post(put_off, {"wait": "day", "day": today.isoformat()}).status_code == 422
    student.post(put_off, {"wait": "14"})
    assert [one.competency.code for one in NextStep.objects.all()] == ["RN.4"]
    ask = url(cast, "learner_step_ask", competency=cast.competency("RN.4").pk)
    assert student.post(ask, {"adult": cast["next-door"].pk}).status_code == 422
    student.post(ask, {"adult": cast["advisor"].pk, "words": "Where is one third?"})
    student.post(url(cast, "learner_step_swap", competency=cast.competency("RN.4").pk))
    assert list(StepAnswer.objects.order_by("pk").values_list("answer", "until")) == [
        ("not_now", today + dt.timedelta(days=14)), ("asked", None), ("swapped", None),
    ]  # fmt: skip
    advisor = sign_in("advisor")
    assert "“Where is one third?”" in advisor.get(reverse("profiles:proposal_list")).text
    advisor.post(url(cast, "learner_question_hear", answer=StepAnswer.objects.get(answer="asked").pk))
    assert "Nothing waits for you." in advisor.get(reverse("profiles:proposal_list")).text


def test_sliders_are_kept(cast: Cast, sign_in: SignIn) -> None:
    sign_in("student").post(url(cast, "learner_path_steer"), {"challenge": 5, "pace": 2, "repetition": 3})
    learner = cast.learner("student")
    assert (learner.challenge, learner.pace, learner.repetition) == (5, 2, 3)


def suggested(cast: Cast, slug: str = "student") -> PlanProposal:
    """RN.1 is shown since: it goes, and RN.2 comes."""
    begun(cast, slug, "RN.1")
    secure(cast, "RN.1", slug)
    made = paths.suggest(cast.learner(slug), "evidence", by=cast["math"])
    assert made is not None
    return PlanProposal.objects.get(pk=made.pk)


def test_the_student_answers_first_then_the_advisor_and_undo_is_byte_equal(cast: Cast, sign_in: SignIn) -> None:
    proposal = suggested(cast)
    before = proposal.plan.snapshot()
    student, advisor = sign_in("student"), sign_in("advisor")
    accept = url(cast, "learner_proposal_accept", proposal=proposal.pk)
    advisor.post(accept)
    assert proposal.plan.snapshot() == before
    text = page(cast, student)
    assert "Because something new was shown" in text
    assert "It is shown and kept already." in text
    student.post(url(cast, "learner_proposal_agree", proposal=proposal.pk), {"chosen": ["add-0", "remove-0"]})
    assert proposal.plan.snapshot() == before
    advisor.post(accept)
    assert [one.competency.code for one in proposal.plan.items.all()] == ["RN.2"]
    advisor.post(url(cast, "learner_proposal_take_back", proposal=proposal.pk))
    assert proposal.plan.snapshot() == before


def test_what_the_student_unticks_goes_from_the_suggestion(cast: Cast, sign_in: SignIn) -> None:
    proposal = suggested(cast)
    agree = url(cast, "learner_proposal_agree", proposal=proposal.pk)
    sign_in("student").post(agree, {"chosen": []})
    proposal.refresh_from_db()
    assert proposal.state == "offered"
    sign_in("student").post(agree, {"chosen": ["add-0"]})
    sign_in("advisor").post(url(cast, "learner_proposal_accept", proposal=proposal.pk))
    assert [one.competency.code for one in proposal.plan.items.all()] == ["RN.1", "RN.2"]
    assert "The student took something out of it." in page(cast, sign_in("advisor"))


def test_declined_stays_as_it_is(cast: Cast, sign_in: SignIn) -> None:
    proposal = suggested(cast)
    before = proposal.plan.snapshot()
    sign_in("student").post(url(cast, "learner_proposal_decline", proposal=proposal.pk), {"reason": "I like it"})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.reason, proposal.plan.snapshot()) == ("declined", "I like it", before)


def test_a_stale_one_says_so_and_a_fresh_one_comes(
    cast: Cast, sign_in: SignIn, django_capture_on_commit_callbacks
) -> None:
    proposal = suggested(cast)
    PlanItem.add(proposal.plan, by=cast["student"], aim="connection", text="Chess club", origin="student")
    student = sign_in("student")
    assert "The plan has changed since this was worked out." in page(cast, student)
    with django_capture_on_commit_callbacks(execute=True):
        student.post(url(cast, "learner_proposal_refresh", proposal=proposal.pk))
    fresh = PlanProposal.objects.open().get()
    assert fresh != proposal
    assert len(fresh.base) == 2


def agreed(cast: Cast, *slugs: str) -> list[PlanProposal]:
    made = [suggested(cast, slug) for slug in slugs]
    for one in made:
        one.agree(by=one.learner.person)
    return made


def test_all_that_waits_is_accepted_in_one_go(cast: Cast, sign_in: SignIn) -> None:
    made = agreed(cast, "student", "bea")
    advisor = sign_in("advisor")
    advisor.post(reverse("profiles:proposal_accept_many"), {"chosen": [one.pk for one in made]})
    assert list(PlanProposal.objects.values_list("state", flat=True)) == ["applied", "applied"]


def test_where_one_is_stale_or_not_theirs_none_is_accepted(cast: Cast, sign_in: SignIn) -> None:
    sofia, bea = agreed(cast, "student", "bea")
    (amir,) = agreed(cast, "amir")
    advisor, accept = sign_in("advisor"), reverse("profiles:proposal_accept_many")
    advisor.post(accept, {"chosen": [sofia.pk, amir.pk]})
    bea.plan.items.get().move("doing", by=cast["math"])
    said = advisor.post(accept, {"chosen": [sofia.pk, bea.pk]}, follow=True)
    assert "Nothing was accepted, because of Bea Castellano" in said.text
    assert set(PlanProposal.objects.values_list("state", flat=True)) == {"student_ok"}


@pytest.mark.parametrize("slugs", [["student"], ["student", "bea"]])
def test_what_waits_costs_the_same_however_much(
    cast: Cast, sign_in: SignIn, slugs: list[str], django_assert_num_queries
) -> None:
    agreed(cast, *slugs)
    advisor = sign_in("advisor")
    with django_assert_num_queries(15):
        advisor.get(reverse("profiles:proposal_list"))


@pytest.mark.parametrize("n", [4, 40])
@pytest.mark.parametrize(("slug", "statements"), [("student", 16), ("advisor", 18), ("guardian", 17)])
def test_a_plan_costs_the_same_however_long(
    cast: Cast, sign_in: SignIn, n: int, slug: str, statements: int, django_assert_num_queries
) -> None:
    in_term(cast)
    plan = suggested(cast).plan
    PlanItem.objects.bulk_create(
        PlanItem(plan=plan, aim="connection", text=f"Item {one}", origin="student", position=one) for one in range(n)
    )
    client = sign_in(slug)
    with django_assert_num_queries(statements):
        text = page(cast, client)
    assert text.count("Item ") >= n


def test_every_look_at_anothers_plan_is_written_down(cast: Cast, sign_in: SignIn) -> None:
    for slug in ("student", "advisor", "guardian"):
        page(cast, sign_in(slug))
    looks = AccessEvent.objects.of(cast.learner("student").pk).values_list("viewer__given_name", "page", "reason")
    assert set(looks) == {
        (cast["advisor"].given_name, "profiles:learner_plan", "advisory"),
        (cast["guardian"].given_name, "profiles:learner_plan", "guardian"),
    }


def in_term(cast: Cast) -> None:
    """The mathematics class runs for 100 days around today."""
    today = cast.org("cedar").today()
    begins, ends = today - dt.timedelta(days=50), today + dt.timedelta(days=50)
    AcademicSession.objects.create(title="Fall", session_kind="term", begins=begins, ends=ends)
    course = Course.objects.create(org=cast.org("cedar"), title="Mathematics 1", credits="1.0")
    Section.objects.filter(pk=cast.section("math").pk).update(begins=begins, ends=ends, course=course)


def test_pace_is_a_date_with_what_can_help(cast: Cast, sign_in: SignIn) -> None:
    in_term(cast)
    secure(cast, "RN.1")
    text = page(cast, sign_in("student"))
    assert "1 of 4 shown and kept." in text
    assert "At this rate: " in text
    assert "Three things can help: more time" in text


def test_credits_earned_and_left_are_for_student_family_and_counselor(cast: Cast, sign_in: SignIn) -> None:
    in_term(cast)
    Credit.post(cast.learner("student"), Section.objects.get(pk=cast.section("math").pk), by=cast["math"])
    require = reverse("profiles:credits_require", args=[cast.org("cedar").pk])
    sign_in("leader").post(require, {"credits": "22"})
    for slug in ("student", "counselor"):
        assert "1.00 earned. 21.00 of 22.00 left to graduate." in page(cast, sign_in(slug))
    family = sign_in("guardian").get(url(cast, "learner_plan"))
    assert (family.context["credits"]["earned"], family.context["credits"]["left"]) == (1, 21)


def enrol(cast: Cast, client: Client, unit: Experience, slug: str = "student", **said: str) -> str:
    return client.post(url(cast, "learner_experience_enrol", slug, experience=unit.pk), said, follow=True).text


def test_a_unit_opens_with_what_it_needs_and_closes_when_full(cast: Cast, sign_in: SignIn) -> None:
    unit = Experience.offer(
        cast.org("cedar"), by=cast["math"], title="Bakery", modality="internship", mentor="external",
        mentor_name="Rosa Lin", capacity=1, needs=[cast.competency("RN.1")],
    )  # fmt: skip
    plan = begun(cast)
    student = sign_in("student")
    assert "Something is needed first." in enrol(cast, student, unit)
    secure(cast, "RN.1")
    assert "It is in the plan." in enrol(cast, student, unit)
    item = plan.items.get()
    assert (item.experience, item.modality, item.with_whom, item.origin) == (unit, "internship", "Rosa Lin", "student")
    assert "in the plan already" in enrol(cast, student, unit)
    begun(cast, "bea")
    secure(cast, "RN.1", "bea")
    assert "no place left" in enrol(cast, sign_in("advisor"), unit, "bea")


def test_a_unit_of_ones_own_is_answered_within_ten_school_days(cast: Cast, sign_in: SignIn) -> None:
    student, advisor = sign_in("student"), sign_in("advisor")
    plan = begun(cast)
    said = {
        "question": "How do rivers clean themselves?",
        "evidence": "A model with three filters",
        "outcomes": [cast.competency("RN.1").pk],
        "adult": cast["advisor"].pk,
    }
    student.post(url(cast, "learner_unit_begin"), said)
    unit = StudentProposal.objects.get()
    student.post(url(cast, "learner_unit_submit", unit=unit.pk))
    unit.refresh_from_db()
    today = cast.org("cedar").today()
    weekdays = [day for n in range(1, 15) if (day := today + dt.timedelta(days=n)).weekday() < 5]
    assert unit.due_on == weekdays[9]
    assert "How do rivers clean themselves?" in advisor.get(reverse("profiles:proposal_list")).text
    reply = url(cast, "learner_unit_reply", unit=unit.pk)
    advisor.post(reply, {"state": "revise", "words": ""})
    unit.refresh_from_db()
    assert unit.state == "submitted"
    advisor.post(reply, {"state": "revise", "words": "Which river?"})
    student.post(
        url(cast, "learner_unit_write", unit=unit.pk), said | {"question": "How does Cedar Creek clean itself?"}
    )
    student.post(url(cast, "learner_unit_submit", unit=unit.pk))
    advisor.post(reply, {"state": "approved", "words": "Go!"})
    made = Experience.objects.get()
    assert (made.title, made.proposed_by, [one.code for one in made.outcomes.all()]) == (
        "How does Cedar Creek clean itself?", cast.learner("student"), ["RN.1"],
    )  # fmt: skip
    assert plan.items.get().experience == made


def test_a_role_that_ended_today_opens_no_plan(cast: Cast, sign_in: SignIn) -> None:
    Enrollment.objects.create(section=cast.section("math"), person=cast["ended-today"], role="teacher")
    assert sign_in("ended-today").get(url(cast, "learner_plan")).status_code == 404


def test_student_and_advisor_at_once_lose_nothing(cast: Cast) -> None:
    plan = begun(cast, "student", "RN.1")
    first, second = plan.items.get(), plan.items.get()
    first.revise(by=cast["student"], place="Library")
    second.plan.learner = cast.learner("student")
    second.revise(by=cast["advisor"], with_whom="Amir")
    item = plan.items.get()
    assert (item.place, item.with_whom) == ("Library", "Amir")
