"""The bench's lines of learners: next steps as the worker works them out, and a long plan's page."""

from __future__ import annotations

import statistics
import time
import uuid
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from config import bench, clock, floors
from config.bench import Figure, Run

from . import demo, paths
from .models import (
    Competency,
    CompetencyLink,
    Enrollment,
    Expectation,
    Framework,
    Learner,
    LearningPlan,
    Person,
    PlanItem,
    RoleAssignment,
    Section,
    Unit,
)

COMPETENCIES, LINKS, EXPECTED, CLASS = 770, 487, 40, 30
ROUNDS, QUICK_ROUNDS = 40, 10

floors.pages["learners.plan"] = """
SELECT id, aim, text, modality, place, with_whom, block, minutes, screen_minutes, state, origin, reason
FROM profiles_planitem WHERE plan_id = %(plan)s ORDER BY position
"""


@cache
def field() -> list[Competency]:
    """A framework of our own making, as large as a state's: competencies and what each needs first."""
    demo.tell(lambda words: None)
    school = demo.school("cedar")
    framework = Framework.objects.create(org=school, identifier=str(uuid.uuid4()), title="Bench", own=True)
    made = Competency.objects.bulk_create(
        Competency(
            framework=framework,
            identifier=str(uuid.uuid4()),
            code=f"B.{n}",
            statement=f"Explain part {n} of {('a number', 'a river', 'a poem')[n % 3]} to somebody else.",
            position=n,
        )
        for n in range(COMPETENCIES)
    )
    CompetencyLink.objects.bulk_create(
        CompetencyLink(
            framework=framework,
            identifier=str(uuid.uuid4()),
            link_kind=CompetencyLink.Kind.PRECEDES,
            origin=made[n],
            destination=made[n + 1 + n % 3],
        )
        # Progressions of about a dozen, as standards have them from grade to grade.
        for n in [n for n in range(COMPETENCIES - 3) if n % 19 < 12][:LINKS]
    )
    return made


@cache
def class_of_thirty() -> list[Learner]:
    """Students of one class that works towards forty competencies, without an advisor."""
    competencies = field()
    school, today = demo.school("cedar"), clock.today()
    people = Person.objects.bulk_create(
        Person(given_name="Bench", family_name=f"Student {n}", sign_in_name=f"bench.{uuid.uuid4().hex[:12]}")
        for n in range(CLASS)
    )
    RoleAssignment.objects.bulk_create(
        RoleAssignment(person=one, org=school, role="student", begins=today) for one in people
    )
    Learner.objects.bulk_create(Learner(pk=one.pk, person=one, home=school) for one in people)
    section = Section.objects.create(school=school, title="Bench")
    Enrollment.objects.bulk_create(
        Enrollment(section=section, person=one, role="student", begins=today) for one in people
    )
    unit = Unit.objects.create(section=section, title="Bench", position=0)
    Expectation.objects.bulk_create(
        Expectation(section=section, unit=unit, competency=one, position=n)
        for n, one in enumerate(competencies[100 : 100 + EXPECTED])
    )
    section.unit = unit
    section.save(update_fields=["unit"])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return list(Learner.objects.filter(pk__in=[one.pk for one in people]).select_related("home", "person"))


def _cpu_ms(ids: list[uuid.UUID], rounds: int) -> float:
    """The median of our processor time."""
    spent = []
    for _again in range(rounds + 2):
        began = time.process_time()
        paths.renew_steps(ids)
        spent.append((time.process_time() - began) * 1000)
    return statistics.median(spent[2:])


@bench.line("learners.next_steps")
def next_steps(run: Run) -> Iterator[Figure]:
    ids = [one.pk for one in class_of_thirty()]
    rounds = QUICK_ROUNDS if run.quick else ROUNDS
    one, all_of_them = _cpu_ms(ids[:1], rounds), _cpu_ms(ids, rounds)
    with CaptureQueriesContext(connection) as asked:
        paths.renew_steps(ids)
    statements = [
        query["sql"]
        for query in asked.captured_queries
        if query["sql"].split()[0] in ("SELECT", "(SELECT", "INSERT", "DELETE")
    ]
    of = f"{COMPETENCIES} competencies, {LINKS} links, {rounds} rounds"
    yield Figure("learners.next_steps", one, "ms cpu", 15, details=f"one student; {of}")
    yield Figure("learners.next_steps.class", all_of_them / one, "x one", 8, details=f"{CLASS}: {all_of_them:.1f} ms")
    yield Figure("learners.next_steps.statements", len(statements), "statements", 6)


@cache
def plan_of(items: int) -> LearningPlan:
    learner = class_of_thirty()[0 if items > 4 else 1]
    plan = LearningPlan.begin(learner, "Bench", by=learner.person)
    ways = ("alone", "peer", "project", "online")
    PlanItem.objects.bulk_create(
        PlanItem(
            plan=plan, aim="connection", text=f"{n}. Show it to somebody", modality=ways[n % 4], minutes=30,
            origin="student", position=n,
        )
        for n in range(items)
    )  # fmt: skip
    paths.renew_steps([learner.pk])
    return plan


def _url(plan: LearningPlan) -> str:
    return f"/profiles/learners/{plan.learner_id}/plan/"


@bench.line("learners.plan")
def plan_page(run: Run) -> Iterator[Figure]:
    plan, short = plan_of(40), plan_of(4)
    visitor, other = run.visitor(plan.learner.person), run.visitor(short.learner.person)
    ours, floor = run.compare(
        lambda: visitor.get(_url(plan)), lambda: visitor.get(f"/floor/page/learners.plan/?plan={plan.pk}")
    )
    yield ours.against(floor, "learners.plan", target=4)
    counts: list[Any] = [
        int(one.get(path).headers[floors.STATEMENTS]) for one, path in ((visitor, _url(plan)), (other, _url(short)))
    ]
    yield Figure("learners.plan.statements", counts[0], "statements", 18, details=f"40 and 4 items: {counts}")
    yield Figure("learners.plan.growth", abs(counts[0] - counts[1]), "statements", 0)
