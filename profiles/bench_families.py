"""The bench's lines of an adult's home with 150 students, and of a whole record."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator

from config import bench, floors
from config.bench import Figure, Run

from . import demo, record
from .models import (
    CheckIn,
    Competency,
    Enrollment,
    Evidence,
    Framework,
    Learner,
    Mark,
    Org,
    Person,
    ProfileEntry,
    Reflection,
    RoleAssignment,
    Section,
    Why,
)

floors.pages["learners.home"] = """
SELECT s.title, p.given_name, p.family_name FROM profiles_section s
JOIN profiles_enrollment e ON e.section_id = s.id JOIN profiles_person p ON p.id = e.person_id
WHERE s.title LIKE 'Home %%' AND e.role = 'student' AND s.school_id = %(school)s ORDER BY s.title LIMIT 40
"""
YEARS, EVIDENCE_A_YEAR = 4, 300


def _school() -> Org:
    demo.tell(lambda words: None)
    school = demo.school("cedar")
    school.begin(Org.Part.LEARNERS, by=demo.STORYTELLER)
    return school


def _students(school: Org, n: int) -> list[Person]:
    people = [Person(given_name="Ada", family_name=f"Lopez {k}", password="!") for k in range(n)]  # noqa: S106
    Person.objects.bulk_create(people)
    begins = demo.first_day()
    RoleAssignment.objects.bulk_create(
        RoleAssignment(person=one, org=school, role=RoleAssignment.Role.STUDENT, begins=begins) for one in people
    )
    Learner.objects.bulk_create(Learner(pk=one.pk, person=one, home=school, grade="09") for one in people)
    return people


@bench.line("learners.home")
def home(run: Run) -> Iterator[Figure]:
    """Home of a teacher of 150 students in five classes and an advisory."""
    school = _school()
    person = Person.objects.create_user(given_name="Home", family_name="Teacher", email="home@bench.example")
    school.give_role(person, RoleAssignment.Role.TEACHER, by=demo.STORYTELLER, begins=demo.first_day())
    people = _students(school, 150)
    for n in range(6):
        section = Section.open(school, f"Home {n}", by=demo.STORYTELLER, advisory=n == 5)
        section.enroll([person], Enrollment.Role.TEACHER, by=demo.STORYTELLER, begins=demo.first_day())
        inside = people[:15] if n == 5 else people[n * 30 : n * 30 + 30]
        section.enroll(inside, Enrollment.Role.STUDENT, by=demo.STORYTELLER, begins=demo.first_day())
    visitor = run.visitor(person)
    ours, floor = run.compare(
        lambda: visitor.get("/"), lambda: visitor.get(f"/floor/page/learners.home/?school={school.pk}")
    )
    yield ours.against(floor, "learners.home", target=4)


@bench.line("learners.record")
def whole_record(run: Run) -> Iterator[Figure]:
    """Four years of one student, off the request."""
    school = _school()
    by = demo.person("math")
    [person] = _students(school, 1)
    learner = Learner.objects.select_related("person", "home").get(pk=person.pk)
    section = Section.open(school, "Four years", by=demo.STORYTELLER)
    section.enroll([by], Enrollment.Role.TEACHER, by=demo.STORYTELLER, begins=demo.first_day())
    section.enroll([person], Enrollment.Role.STUDENT, by=demo.STORYTELLER, begins=demo.first_day())
    framework = Framework.begin(school, "Four years", by=demo.STORYTELLER)
    found = [framework.add(f"Skill {n}.", code=f"Y.{n}", by=demo.STORYTELLER) for n in range(40)]
    _years(learner, section, found, by)
    learner.why = Why.GUARDIAN
    began = time.perf_counter()
    size = len(record.as_files(learner, demo.person("guardian"), "es"))
    took = time.perf_counter() - began
    details = f"{YEARS} years, {YEARS * EVIDENCE_A_YEAR} pieces of evidence, {size / 1000:.0f} kB zipped"
    yield Figure("learners.record", took, "s", 5, details=details)


def _years(learner: Learner, section: Section, found: list[Competency], by: Person) -> None:
    today = section.school.today()
    for n in range(YEARS * EVIDENCE_A_YEAR):
        on = today - dt.timedelta(days=n * 365 // EVIDENCE_A_YEAR)
        mark = Mark(learner.pk, found[n % len(found)].pk, 1 + n % 4, "Well explained.")
        Evidence.record(section, [mark], by=by, observed_on=on)
    for n in range(YEARS * 40):
        on = today - dt.timedelta(weeks=n)
        Reflection.objects.create(learner=learner, text=f"Week {n}: I tried the second way first.", on=on, effort=3)
        CheckIn.objects.create(learner=learner, adult=by, planned_on=on, held_on=on, state="held", shared_note="Maps.")
    for n in range(YEARS * 30):
        ProfileEntry.write(learner, "interest", f"Maps, part {n}", voice="student", by=learner.person)
