"""The students' part of the story: a ninth grade of 28, three classes, and what was seen of them since August."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence
from itertools import pairwise

from django.db.models import F, OuterRef, Subquery

from . import demo, paths
from .models import (
    CheckIn,
    Competency,
    Demonstration,
    Enrollment,
    Estimate,
    Evidence,
    Framework,
    Goal,
    GuardianLink,
    Learner,
    LearningPlan,
    Mark,
    Org,
    Person,
    PlanItem,
    ProfileEntry,
    Reflection,
    Section,
)

# One line each: given name, family name, and how quickly things come to them in mathematics (0 to 1).
NINTH_GRADE = (
    ("Tunde", "Adeyemi", 0.5), ("Mateo", "Alvarado", 0.8), ("Signe", "Brandt", 0.6), ("Li", "Cheng", 0.9),
    ("Rosa", "Delgado", 0.4), ("Jonas", "Eriksen", 0.7), ("Nadifa", "Farah", 0.5), ("Pablo", "Gutiérrez", 0.8),
    ("Amina", "Hassani", 0.3), ("Kenji", "Ito", 0.7), ("Dante", "Jefferson", 0.6), ("Ewa", "Kowalczyk", 0.9),
    ("Valeria", "Lozano", 0.5), ("Tam", "Nguyen", 0.7), ("Chidi", "Obi", 0.6), ("Hana", "Park", 0.8),
    ("Luca", "Quintero", 0.2), ("Isabel", "Ramos", 0.6), ("Samir", "Saleh", 0.7), ("Freya", "Thomsen", 0.5),
    ("Óscar", "Ugarte", 0.4), ("Mina", "Vahidi", 0.9), ("Noah", "Walker", 0.3), ("Xochitl", "Yáñez", 0.7),
    ("Zofia", "Zielińska", 0.6), ("Eli", "Abrams", 0.5), ("Grace", "Boateng", 0.8),
)  # fmt: skip
SOFIA = 0.65

Pairs = Sequence[tuple[str, str]]

# By framework and unit: code, statement, what the student reads, the same in Spanish; in a unit each is needed for the
# next.
Units = dict[str, tuple[tuple[str, str, str, str], ...]]
MATHEMATICS: Units = {
    "Ratios and rates": (
        ("RR.1", "Compare ratios with tables, drawings and words.", "I can compare two ratios.",
         "Puedo comparar dos razones."),
        ("RR.2", "Find a unit rate and explain what it means.", "I can find a unit rate and say what it means.",
         "Puedo hallar una tasa unitaria y decir qué significa."),
        ("RR.3", "Solve percent problems as rates per hundred.", "I can use percent as “out of a hundred”.",
         "Puedo usar el porcentaje como «de cada cien»."),
        ("RR.4", "Decide whether two quantities are proportional.", "I can tell whether two things grow together.",
         "Puedo decir si dos cosas crecen juntas."),
        ("RR.5", "Use proportions to plan something real.", "I can plan something real with proportions.",
         "Puedo planear algo real con proporciones."),
    ),
    "Linear relations": (
        ("LR.1", "Read a rate of change from a graph.", "I can read how fast something changes from a graph.",
         "Puedo leer en una gráfica qué tan rápido cambia algo."),
        ("LR.2", "Write an equation for a line through two points.", "I can write the equation of a line.",
         "Puedo escribir la ecuación de una recta."),
        ("LR.3", "Explain slope and intercept in a situation.", "I can say what slope and start mean in real life.",
         "Puedo decir qué significan la pendiente y el inicio en la vida real."),
        ("LR.4", "Fit a line to data and judge it.", "I can fit a line to data and say how good it is.",
         "Puedo ajustar una recta a datos y decir qué tan buena es."),
    ),
    "Systems of equations": (
        ("SE.1", "Solve two equations by graphing.", "I can find where two lines meet.",
         "Puedo hallar dónde se cruzan dos rectas."),
        ("SE.2", "Solve two equations by substitution.", "I can solve two equations step by step.",
         "Puedo resolver dos ecuaciones paso a paso."),
        ("SE.3", "Model a choice with two equations.", "I can compare two offers with equations.",
         "Puedo comparar dos ofertas con ecuaciones."),
    ),
}  # fmt: skip
ENGLISH: Units = {
    "Reading closely": (
        ("RC.1", "Find what a text says and what it only hints at.", "I can tell what a text says from its hints.",
         "Puedo distinguir lo que un texto dice de lo que insinúa."),
        ("RC.2", "Follow how an idea grows through a text.", "I can follow an idea through a text.",
         "Puedo seguir una idea a lo largo de un texto."),
        ("RC.3", "Say how an author's choices work on readers.", "I can say why an author chose these words.",
         "Puedo decir por qué un autor eligió estas palabras."),
    ),
    "Writing to persuade": (
        ("WP.1", "Make a claim that can be argued.", "I can make a claim worth arguing about.",
         "Puedo hacer una afirmación que se pueda discutir."),
        ("WP.2", "Back a claim with evidence from several sources.", "I can back my claim with evidence.",
         "Puedo apoyar mi afirmación con pruebas."),
        ("WP.3", "Answer what the other side would say.", "I can answer the other side fairly.",
         "Puedo responder con justicia a la otra parte."),
        ("WP.4", "Revise after a reader's response.", "I can make my text better after somebody read it.",
         "Puedo mejorar mi texto después de que alguien lo lea."),
    ),
}  # fmt: skip
ACROSS = (("RR.4", "LR.1"), ("LR.2", "SE.1"))
HABITS = "How we work at Cedar Hollow"
HABITS_OF_WORK = (
    ("HW.1", "Asks for help before the third try.", "I ask for help before I am stuck.",
     "Pido ayuda antes de atascarme."),
    ("HW.2", "Plans a week of work and looks back.", "I plan my week and look back.", "Planeo mi semana y miro atrás."),
    ("HW.3", "Gives a classmate feedback they can use.", "I say things my classmates can use.",
     "Digo cosas que mis compañeros pueden usar."),
)  # fmt: skip


def tell(say: Callable[[str], object]) -> None:
    """Told inside `demo.tell`'s transaction; told before, nothing."""
    by, cedar = demo.STORYTELLER, demo.school("cedar")
    if Learner.objects.exists():
        return
    cedar.begin(Org.Part.LEARNERS, by=by)
    students = [demo.person("student"), *_ninth_graders()]
    for person in students:
        Learner.enroll(person, cedar, grade="09", by=by, begins=demo.first_day())
    sofia = Learner.objects.get(pk=students[0].pk)
    GuardianLink.objects.create(
        guardian=demo.person("guardian"), learner=sofia, rights=GuardianLink.Rights.DECIDE, begins=demo.first_day()
    )
    math = _section(cedar, "Integrated mathematics 1", "math", students, periods="2", location="214")
    english = _section(cedar, "English 9", "teacher", students, periods="4", location="118")
    _section(cedar, "Advisory", "advisor", students[:14], periods="1", location="120", advisory=True)
    numbers = _competencies(math, "Cedar Valley mathematics", MATHEMATICS, demo.person("math"), ACROSS)
    words = _competencies(english, "Cedar Valley English", ENGLISH, demo.person("teacher"))
    _habits(cedar)
    _seen(math, list(numbers.values())[:9], students, demo.person("math"), seed=9)
    _seen(english, list(words.values())[:6], students, demo.person("teacher"), seed=4)
    _dated()
    _sofia(sofia, math, numbers, words)
    say(f"{cedar}: {len(students)} ninth graders, three classes, {len(numbers) + len(words)} skills")


def _ninth_graders() -> list[Person]:
    people = [
        Person(given_name=given, family_name=family, sign_in_name=f"{given}.{family}.30".lower(), password="!")  # noqa: S106
        for given, family, _quick in NINTH_GRADE
    ]
    return Person.objects.bulk_create(people)


def _section(school: Org, title: str, teacher: str, students: list[Person], **said: object) -> Section:
    by, begins = demo.STORYTELLER, demo.first_day()
    made = Section.open(school, title, by=by, **said)
    made.enroll([demo.person(teacher)], Enrollment.Role.TEACHER, by=by, begins=begins)
    made.enroll(students, Enrollment.Role.STUDENT, by=by, begins=begins)
    return made


def _competencies(
    section: Section, title: str, units: Units, teacher: Person, across: Pairs = ()
) -> dict[str, Competency]:
    by, district = demo.STORYTELLER, section.school.parent
    assert district is not None
    framework = Framework.begin(district, title, by=by)
    found: dict[str, Competency] = {}
    for name, skills in units.items():
        unit = section.add_unit(name, by=teacher)
        for code, statement, student, spanish in skills:
            wording = {"en": student, "es": spanish}
            found[code] = framework.add(
                statement, code=code, grades=["09"], student_wording=wording, family_wording=wording, by=by
            )
        section.expect(unit, [found[code] for code, *_said in skills], by=teacher)
        _link(framework, found, [(first[0], then[0]) for first, then in pairwise(skills)])
    _link(framework, found, across)
    section.be_in(section.units.all()[1], by=teacher)
    return found


def _habits(school: Org) -> None:
    habits = Framework.begin(school, HABITS, by=demo.STORYTELLER)
    for code, statement, student, spanish in HABITS_OF_WORK:
        wording = {"en": student, "es": spanish}
        said = {"code": code, "dimension": "habit", "student_wording": wording, "family_wording": wording}
        habits.add(statement, by=demo.STORYTELLER, **said)


def _link(framework: Framework, found: dict[str, Competency], pairs: Pairs) -> None:
    for first, then in pairs:
        framework.link(found[first], found[then], by=demo.STORYTELLER)


def _seen(section: Section, skills: list[Competency], students: list[Person], teacher: Person, *, seed: int) -> None:
    """One or two skills a week; quick ones show them sooner, and nobody was there every time."""
    some = random.Random(seed)  # noqa: S311 (the same story every time)
    quick = dict(zip((one.pk for one in students), (SOFIA, *(each[2] for each in NINTH_GRADE)), strict=True))
    today = section.school.today()
    for n, skill in enumerate(skills):
        for look in range(4):
            on = today - dt.timedelta(days=84 - 8 * n - 5 * look)
            there = [one for one in students if some.random() < 0.8 - 0.05 * n]
            marks = [Mark(one.pk, skill.pk, _level(quick[one.pk], look, some), *_words(look, some)) for one in there]
            if on < today:
                kind = "task" if look == 2 else "observation"
                Evidence.record(section, marks, by=teacher, kind=kind, observed_on=_weekday(on))


def _level(quick: float, look: int, some: random.Random) -> int:
    return max(1, min(4, round(0.6 + 2.1 * quick + 0.4 * look + some.uniform(-0.9, 0.9))))


def _words(look: int, some: random.Random) -> tuple[str, str]:
    if look != 2 or some.random() > 0.4:
        return "", ""
    return "Your table made it plain.", "Say in one sentence why it is so."


def _weekday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=max(0, day.weekday() - 4))


def _dated() -> None:
    """What was kept for good was kept on the day it was last seen: a story has days, not seconds."""
    seen = Estimate.objects.filter(learner=OuterRef("learner"), competency=OuterRef("competency"))
    Demonstration.objects.update(on=Subquery(seen.values("last_observed")))
    Estimate.objects.exclude(banked_on=None).update(banked_on=F("last_observed"), newer=0)


def _sofia(sofia: Learner, math: Section, numbers: dict[str, Competency], words: dict[str, Competency]) -> None:
    """In her words and her mother's, with goals, a plan and talks: what her page is there for."""
    person, mother, advisor = demo.person("student"), demo.person("guardian"), demo.person("advisor")
    for section, text, visibility in (
        ("strength", "I drew the bus map my aunt’s shop gives to customers.", "all"),
        ("interest", "Maps, comics, and how shops decide what things cost.", "all"),
        ("aspiration", "I want to design things people use to find their way.", "all"),
        ("learns_best", "When I can try it first and ask after.", "all"),
        ("stress", "Talking in front of everyone before I am ready.", "advisor"),
    ):
        ProfileEntry.write(sofia, section, text, voice="student", by=person, visibility=visibility)
    ProfileEntry.write(sofia, "home", "En casa ayuda a su tía con las cuentas de la tienda.", voice="family", by=mother)
    ProfileEntry.write(
        sofia, "strength", "Explains a drawing so that others can use it.", voice="adult", by=demo.person("teacher")
    )
    ProfileEntry.write(
        sofia,
        "need",
        "Time before she speaks to the whole class.",
        voice="adult",
        by=advisor,
        strategy="She tells a partner first, then the class.",
        expires_on=sofia.home.today() + dt.timedelta(days=60),
    )
    long = Goal.set(sofia, by=person, horizon="long", dimension="academic", text="Make maps people really use")
    term = Goal.set(
        sofia,
        by=person,
        horizon="term",
        dimension="academic",
        parent=long,
        competency=numbers["RR.5"],
        text="Plan a bus map to scale",
        due=sofia.home.today() + dt.timedelta(days=40),
    )
    week = Goal.set(sofia, by=person, horizon="week", dimension="habit", parent=term, text="Ask before the third try")
    for goal in (long, term, week):
        goal.move(Goal.State.ACTIVE, by=person)
    plan = LearningPlan.begin(sofia, "Fall", by=person)
    PlanItem.add(
        plan, by=person, aim="goal", goal=term, text="Draw the bus map to scale", modality="project",
        with_whom="Ms. Nair", block="Advisory, Thursday", minutes=90, origin="student",
    )  # fmt: skip
    PlanItem.add(
        plan, by=advisor, aim="competency", competency=words["WP.2"], text="Two sources for the letter to the city",
        modality="peer", block="English, Friday", minutes=40, screen_minutes=20, origin="advisor",
    )  # fmt: skip
    plan.move(LearningPlan.State.STUDENT_READY, by=person)
    plan.move(LearningPlan.State.ACTIVE, by=advisor)
    talk = CheckIn.plan(sofia, advisor, sofia.home.today() - dt.timedelta(days=6), by=advisor)
    talk.hold(
        by=advisor,
        shared_note="Sofia wants the map to be her project and knows whom to ask.",
        minutes=12,
        promises=[("student", "Bring a first sketch", None), ("adult", "Ask Ms. Nair about Thursday", None)],
    )
    CheckIn.plan(sofia, advisor, sofia.home.today() + dt.timedelta(days=3), by=advisor)
    Reflection.write(sofia, by=person, text="I asked on the second try.", effort=3, strategy_used="a sketch", goal=week)
    paths.renew_steps([one.pk for one in Learner.objects.filter(home=sofia.home)])
