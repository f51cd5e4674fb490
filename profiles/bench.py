"""The bench's lines of classes: the grid, one more cell, recording, working levels out anew."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import statistics
import time
import uuid
from collections.abc import Iterator, Sequence
from functools import cache

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from config import bench, floors
from config.bench import Figure, Run, Timing

from . import bench_families as bench_families
from . import bench_paths as bench_paths
from . import bench_rosters as bench_rosters
from . import demo
from .models import (
    Competency,
    CompetencyLink,
    Enrollment,
    Evidence,
    Expectation,
    Framework,
    Learner,
    Mark,
    Org,
    Person,
    RatingBook,
    RoleAssignment,
    Section,
    Unit,
    change_many,
)

floors.pages["mastery.grid"] = """
SELECT p.given_name, p.family_name, c.code, s.state, s.banked
FROM profiles_enrollment e
JOIN profiles_person p ON p.id = e.person_id
JOIN profiles_expectation x ON x.section_id = e.section_id
JOIN profiles_competency c ON c.id = x.competency_id
LEFT JOIN profiles_estimate s ON s.learner_id = e.person_id AND s.competency_id = c.id
WHERE e.section_id = %(section)s AND e.role = 'student'
ORDER BY p.family_name, p.given_name, x.position
"""
floors.saves["mastery.rate"] = floors.Save(
    lock="UPDATE profiles_section SET version = version + 1 WHERE id = %(section)s RETURNING version",
    history="INSERT INTO profiles_change "
    "(stream, version, n, actor_id, actor_kind, actor_ref, verb, target, after, at) VALUES "
    "('class:' || %(section)s, %(version)s, 0, %(person)s, 'person', '', 'floor_saved', %(key)s, "
    "to_json(%(words)s::text), now())",
)

GIVEN = "Ada Ben Chloe Dev Eli Fay Gus Hana Ivan June Kofi Lena Milo Nora Omar Pia Quinn Rosa Sam Tia"
FAMILY = "Abara Brandt Chen Diaz Eriksen Farah Gomez Hassan Ito Jackson Kowalski Lopez Nguyen Okoye Patel"
SAID = "compare two quantities as a ratio and say what one of them is for each unit of the other"


@cache
def teacher() -> Person:
    demo.tell(lambda words: None)
    school = demo.school("cedar")
    school.begin(Org.Part.LEARNERS, by=demo.STORYTELLER)
    return demo.person("math")


def class_of(students: int, competencies: int, *, title: str = "", seed: int = 1) -> Section:
    """A class of the math teacher's in the middle of its year: everybody rated two to five times in most of it."""
    by, school = teacher(), demo.school("cedar")
    some = random.Random(seed)  # noqa: S311
    title = title or f"Class of {students} with {competencies} skills"
    with school.change(by=demo.STORYTELLER) as door:
        people = [
            Person(given_name=some.choice(GIVEN.split()), family_name=some.choice(FAMILY.split()), password="!")  # noqa: S106
            for _n in range(students)
        ]
        Person.objects.bulk_create(people)
        begins = demo.first_day()
        RoleAssignment.objects.bulk_create(
            RoleAssignment(person=one, org=school, role=RoleAssignment.Role.STUDENT, begins=begins) for one in people
        )
        Learner.objects.bulk_create(Learner(pk=one.pk, person=one, home=school, grade="06") for one in people)
        section = Section.objects.create(title=title, school=school)
        Enrollment.objects.bulk_create(
            Enrollment(section=section, person=one, role=role, begins=begins)
            for one, role in [(by, "teacher"), *((one, "student") for one in people)]
        )
        framework = Framework.objects.create(org=school, identifier=str(uuid.uuid4()), title=title, own=True)
        made = [
            Competency(
                framework=framework,
                identifier=str(uuid.uuid4()),
                code=f"6.RP.{n + 1}",
                statement=" ".join(some.sample(SAID.split(), 12)).capitalize() + ".",
                position=n,
            )
            for n in range(competencies)
        ]
        Competency.objects.bulk_create(made)
        CompetencyLink.objects.bulk_create(
            CompetencyLink(
                framework=framework,
                identifier=str(uuid.uuid4()),
                link_kind=CompetencyLink.Kind.PRECEDES,
                origin=first,
                destination=then,
            )
            for first, then in itertools.pairwise(made)
            if some.random() < 0.5
        )
        unit = Unit.objects.create(section=section, title="Ratios and the number system", position=0)
        Expectation.objects.bulk_create(
            Expectation(section=section, unit=unit, competency=one, position=n) for n, one in enumerate(made)
        )
        section.unit = unit
        section.save(update_fields=["unit"])
        door.record("class_made", target=section.pk)
    record_a_while(section, people, made, some, by)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return section


def record_a_while(
    section: Section, people: Sequence[Person], made: Sequence[Competency], some: random.Random, by: Person
) -> None:
    """Five days of marks, through the verb. The further into the unit, the less was seen."""
    today = section.school.today()
    able = {one.pk: some.gauss(0, 0.6) for one in people}
    for turn in range(5):
        marks = [
            Mark(
                person.pk,
                one.pk,
                max(1, min(4, round(1.9 + 0.35 * turn + able[person.pk] + some.gauss(0, 0.55)))),
                "Say how you found it." if some.random() < 0.05 else "",
            )
            for person in people
            for n, one in enumerate(made)
            if some.random() < 0.85 - 0.7 * n / len(made)
        ]
        Evidence.record(section, marks, by=by, observed_on=today - dt.timedelta(days=75 - 17 * turn))


@cache
def grid_class(students: int) -> Section:
    return class_of(students, 40)


def url(section: Section, *parts: object) -> str:
    return "/".join(map(str, ["/profiles/classes", section.pk, *parts])) + "/"


@bench.line("mastery.grid")
def grid(run: Run) -> Iterator[Figure]:
    visitor, section, large = run.visitor(teacher()), grid_class(30), grid_class(300)
    floor_url = f"/floor/page/mastery.grid/?section={section.pk}"
    ours, floor = run.compare(lambda: visitor.get(url(section)), lambda: visitor.get(floor_url))
    yield ours.against(floor, "mastery.grid", target=3, aim=2)
    yield Figure("mastery.grid.gzip", ours.gzip_bytes / 1000, "kB", 10)
    many, few = run.compare(lambda: visitor.get(url(large)), lambda: visitor.get(url(section)))
    cell = (many.cpu - few.cpu) * 1000 / (270 * 40)
    details = f"cpu {many.cpu:.1f} ms at 300 x 40, {few.cpu:.1f} ms at 30 x 40; {many.gzip_bytes / 1000:.0f} kB"
    yield Figure("mastery.grid.cell", cell, "us cpu", 5, 2, details)
    yield Figure("mastery.grid.statements", ours.statements, "statements", 10)
    yield Figure("mastery.grid.statements_30_300", abs(many.statements - few.statements), "statements", 0)


class Recorder:
    """A teacher rating by the page's own requests, and the floor's save beside it."""

    def __init__(self, run: Run) -> None:
        self.visitor, self.section = run.visitor(teacher()), class_of(30, 40, title="A class to rate", seed=2)
        enrolled = self.section.enrollments.filter(role="student")
        self.learners = list(enrolled.values_list("person", flat=True))
        self.competencies = list(self.section.expectations.values_list("competency", flat=True))
        self.n = itertools.count()

    def rate(self) -> bench.Answer:
        n = next(self.n)
        data = {
            "learner": self.learners[n % 30],
            "competency": self.competencies[n // 30 % 40],
            "level": 1 + n % 4,
            "op_id": uuid.uuid4(),
        }
        return self.visitor.post(url(self.section, "rate"), data)

    def rate_all(self) -> bench.Answer:
        """Everybody in one competency, of a task of its own, so that nobody was rated before."""
        n = next(self.n)
        task = self.section.tasks.create(title=f"Task {n}", observed_on=self.section.school.today())
        data = {"competency": self.competencies[n % 40], "level": 1 + n % 4, "op_id": uuid.uuid4(), "task": task.pk}
        return self.visitor.post(url(self.section, "rate", "rest"), data)

    def floor(self) -> bench.Answer:
        data = {"key": f"{self.learners[0]}", "words": str(next(self.n)), "section": self.section.pk}
        return self.visitor.post("/floor/save/mastery.rate/", data)


@bench.line("mastery.rate")
def rate(run: Run) -> Iterator[Figure]:
    recorder = Recorder(run)
    one, floor = run.compare(recorder.rate, recorder.floor)
    yield one.against(floor, "mastery.rate", target=3)
    yield Figure("mastery.rate.statements", one.statements, "statements", 18)
    whole, single = run.compare(recorder.rate_all, recorder.rate)
    yield _times("mastery.rate_class", whole, single)


def _times(name: str, ours: Timing, other: Timing) -> Figure:
    ratio = statistics.median(ours.ms) / statistics.median(other.ms)
    details = (
        f"{statistics.median(ours.ms):.1f} ms, {ours.statements} statements, against "
        f"{statistics.median(other.ms):.1f} ms, {other.statements} statements"
    )
    return Figure(name, ratio, "x rating one", 3, details=details)


@bench.line("mastery.recompute_1200")
def recompute(run: Run) -> Iterator[Figure]:
    """As a change of the rule does: every level of a class worked out anew, nothing new kept for good."""
    section, by = grid_class(30), teacher()
    pairs = {
        (learner, competency)
        for learner in section.enrollments.filter(role="student").values_list("person", flat=True)
        for competency in section.expectations.values_list("competency", flat=True)
    }
    taken, statements = [], 0
    for _n in range(2 if run.quick else 7):
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as asked, transaction.atomic(), section.change(by=by) as door:
            learners = Learner.objects.filter(pk__in={learner for learner, _ in pairs}).select_related("home")
            with change_many(learners, under=door) as doors:
                book = RatingBook(pairs)
                book.renew({pk: one.aggregate for pk, one in doors.items()}, by=by, bank=False)  # type: ignore[misc]
                book.tell(doors, "levels_worked_out")
        taken.append(time.perf_counter() - began)
        statements = sum(not one["sql"].startswith(floors.UNCOUNTED) for one in asked.captured_queries)
    details = f"worst {max(taken):.2f} s; {len(pairs)} levels"
    yield Figure("mastery.recompute_1200", statistics.median(taken), "s", 2, details=details)
    yield Figure("mastery.recompute_1200.statements", statements, "statements", 20)
