"""A student's path: what is known, wished and expected, gathered; next steps and suggested changes worked out and kept.

Six statements for one student or for a class.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import snowballstemmer
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, transaction
from django.db.models import OuterRef

from config import clock

from .mastery import State
from .models import (
    Actor,
    Competency,
    CompetencyLink,
    Estimate,
    Learner,
    LearningPlan,
    NextStep,
    Person,
    PlanItem,
    PlanProposal,
)
from .next_steps import Graph, Known, RuledOut, Step, Wishes, next_steps
from .replanning import Item, difference

SHORTEST = 4
"""Letters of a word that may tell of an interest; shorter ones stand in every sentence."""
# By hand: nine queries in one take Django longer to put together than the database to answer.
SAID = """
WITH current_section AS (
    SELECT id, course_id, unit_id, ends FROM profiles_section
    WHERE (begins IS NULL OR begins <= %(today)s) AND (ends IS NULL OR ends > %(today)s) AND NOT closed
), said (learner, kind, competency, day, words) AS (
    SELECT learner_id, 'goal', competency_id, due, '' FROM profiles_goal
    WHERE learner_id = ANY(%(ids)s) AND competency_id IS NOT NULL
        AND state IN ('draft', 'proposed', 'agreed', 'active')
    -- The unit the class is in and those after it: who has shown all of one goes on to the next.
    UNION ALL
    SELECT e.person_id, 'expected', x.competency_id, s.ends, s.id || ' ' || lpad(u.position::text, 4, '0')
    FROM profiles_enrollment e
    JOIN current_section s ON s.id = e.section_id
    JOIN profiles_unit now ON now.id = s.unit_id
    JOIN profiles_expectation x ON x.section_id = s.id
    JOIN profiles_unit u ON u.id = x.unit_id AND u.position >= now.position
    WHERE e.person_id = ANY(%(ids)s) AND e.role = 'student'
        AND (e.begins IS NULL OR e.begins <= %(today)s) AND (e.ends IS NULL OR e.ends > %(today)s)
    -- A course is through: the next one opens where its classes are.
    UNION ALL
    SELECT k.learner_id, 'opened', x.competency_id, NULL, ''
    FROM profiles_credit k
    JOIN profiles_course c ON c.id = k.course_id
    JOIN current_section s ON s.course_id = c.next_course_id
    JOIN profiles_expectation x ON x.section_id = s.id AND x.unit_id = s.unit_id
    WHERE k.learner_id = ANY(%(ids)s)
    UNION ALL
    SELECT learner_id, 'parked', competency_id, NULL, '' FROM profiles_droppedexpectation
    WHERE learner_id = ANY(%(ids)s)
    UNION ALL
    SELECT p.learner_id, 'parked', i.competency_id, NULL, ''
    FROM profiles_planitem i JOIN profiles_learningplan p ON p.id = i.plan_id
    WHERE p.learner_id = ANY(%(ids)s) AND p.state = 'active' AND i.state IN ('exempt', 'parked')
        AND i.competency_id IS NOT NULL
    UNION ALL
    SELECT learner_id, CASE answer WHEN 'taken' THEN 'taken' ELSE 'until' END, competency_id,
        CASE answer WHEN 'not_now' THEN until ELSE "on" END, ''
    FROM profiles_stepanswer WHERE learner_id = ANY(%(ids)s) AND answer IN ('not_now', 'swapped', 'taken')
    UNION ALL
    SELECT learner_id, 'interest', NULL, NULL, text FROM profiles_profileentry
    WHERE learner_id = ANY(%(ids)s) AND section IN ('interest', 'aspiration') AND withdrawn_at IS NULL
        AND superseded_by_id IS NULL AND (expires_on IS NULL OR expires_on > %(today)s)
)
SELECT said.learner, said.kind, said.competency, c.framework_id, said.day, said.words
FROM said LEFT JOIN profiles_competency c ON c.id = said.competency
"""


@dataclass
class Field:
    """All competencies of some students' frameworks: what needs what, and their words. One query."""

    graph: Graph
    words: dict[uuid.UUID, str]

    @classmethod
    def of(cls, frameworks: Collection[uuid.UUID]) -> Field:
        first = CompetencyLink.objects.filter(
            destination=OuterRef("pk"),
            link_kind=CompetencyLink.Kind.PRECEDES,
            strength=CompetencyLink.Strength.REQUIRED,
            origin__withdrawn=False,
        )
        rows = (
            Competency.objects.standing()
            .filter(framework__in=frameworks)
            .values_list("pk", "dimension", "short", "statement", ArraySubquery(first.values("origin")))
        )
        needs: dict[uuid.UUID, list[uuid.UUID]] = {}
        dimension: dict[uuid.UUID, str] = {}
        words: dict[uuid.UUID, str] = {}
        for pk, kind, short, statement, needed in rows:
            dimension[pk], words[pk] = kind, short or statement
            if needed:
                needs[pk] = needed
        return cls(Graph(needs, dimension), words)

    def about(self, interests: Iterable[str]) -> set[uuid.UUID]:
        """Competencies whose words share a stem with what a student says they care about."""
        stemmer = snowballstemmer.stemmer("english")
        wanted = {stem for text in interests for stem in _stems(text, stemmer)}
        if not wanted:
            return set()
        return {pk for pk, text in self.words.items() if wanted & _stems(text, stemmer)}


def _stems(text: str, stemmer: Any) -> set[str]:
    words = ["".join(letter for letter in word if letter.isalpha()) for word in text.lower().split()]
    return set(stemmer.stemWords([word for word in words if len(word) >= SHORTEST]))


@dataclass
class Path:
    """What is offered to one student, and what it was worked out from."""

    learner: Learner
    known: dict[uuid.UUID, Known] = field(default_factory=dict)
    wishes: Wishes = field(default_factory=Wishes)
    steps: list[Step] = field(default_factory=list)
    ruled_out: list[RuledOut] = field(default_factory=list)


def gather(learners: Collection[Learner]) -> tuple[dict[uuid.UUID, Path], Field]:
    """The paths of these students, `learners` with their homes. Four statements."""
    ids = [one.pk for one in learners]
    paths = {one.pk: Path(one) for one in learners}
    frameworks: set[uuid.UUID] = set()
    estimates = Estimate.objects.filter(learner__in=ids).select_related("policy", "competency")
    for estimate in estimates:
        today = paths[estimate.learner_id].learner.home.today()
        frameworks.add(estimate.competency.framework_id)
        paths[estimate.learner_id].known[estimate.competency_id] = Known(
            estimate.shown(today), estimate.banked, estimate.refresh_suggested(today), estimate.last_observed
        )
    said = _said(ids)
    frameworks |= {
        framework for rows in said.values() for _kind, _competency, framework, _on, _text in rows if framework
    }
    field_ = Field.of(frameworks)
    for pk, path in paths.items():
        path.wishes = _wishes(path.learner, said[pk], path.known, field_)
    return paths, field_


Row = tuple[str, uuid.UUID | None, uuid.UUID | None, dt.date | None, str]
"""(kind, competency, its framework, a day, words)"""


def _said(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Row]]:
    """Goals, expectations, what was dropped or parked, answers to steps and interests: one query."""
    said: dict[uuid.UUID, list[Row]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(SAID, {"ids": list(ids), "today": clock.today()})
        for learner, *row in cursor.fetchall():
            said[learner].append(tuple(row))
    return said


def _expected(rows: list[Row], known: dict[uuid.UUID, Known], parked: Collection[uuid.UUID]) -> list[uuid.UUID]:
    """Of each class the competencies of the first unit, from where it is, that the student has not shown whole."""
    units: dict[str, list[uuid.UUID]] = defaultdict(list)
    for _kind, competency, _framework, _on, unit in rows:
        if competency and competency not in parked:
            units[unit].append(competency)
    found: dict[str, list[uuid.UUID]] = {}
    for unit in sorted(units):
        section = unit.split()[0]
        if section not in found and not all(known.get(one, Known()).met for one in units[unit]):
            found[section] = units[unit]
    return [one for ids in found.values() for one in ids]


def _wishes(learner: Learner, rows: list[Row], known: dict[uuid.UUID, Known], field_: Field) -> Wishes:
    by_kind: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_kind[row[0]].append(row)

    def competencies(kind: str) -> list[uuid.UUID]:
        return [competency for _kind, competency, _framework, _on, _text in by_kind[kind] if competency]

    answers: dict[uuid.UUID, dt.date] = {}
    for _kind, competency, _framework, day, _text in by_kind["until"]:
        if competency and day:
            answers[competency] = max(day, answers.get(competency, day))
    due = {
        competency: day
        for kind in ("expected", "goal")
        for _kind, competency, _framework, day, _text in by_kind[kind]
        if competency and day
    }
    taken = sorted(by_kind["taken"], key=lambda row: (row[3] or dt.date.min, str(row[1])))
    parked = competencies("parked")
    return Wishes(
        goals=competencies("goal"),
        expected=[*_expected(by_kind["expected"], known, parked), *competencies("opened")],
        due=due,
        interesting=field_.about(text for _kind, _one, _framework, _on, text in by_kind["interest"]),
        parked=parked,
        answers=answers,
        last_dimension=field_.graph.dimension.get(taken[-1][1], "") if taken and taken[-1][1] else "",
        challenge=learner.challenge,
        pace=learner.pace,
        repetition=learner.repetition,
    )


def renew_steps(ids: Collection[uuid.UUID]) -> tuple[dict[uuid.UUID, Path], Field]:
    """Work the next steps of these students out and keep them. Six statements, however many."""
    with transaction.atomic():
        learners = list(Learner.objects.filter(pk__in=ids).select_related("home"))
        paths, field_ = gather(learners)
        kept: list[NextStep] = []
        for path in paths.values():
            path.steps, path.ruled_out = next_steps(field_.graph, path.known, path.wishes, path.learner.home.today())
            kept.extend(
                NextStep(
                    learner=path.learner,
                    competency_id=step.competency,
                    position=position,
                    score=step.score,
                    reasons=[one.plain() for one in step.reasons],
                    ruled_out=[_plain_ruled_out(one) for one in path.ruled_out] if position == 0 else [],
                )
                for position, step in enumerate(path.steps)
            )
        NextStep.objects.filter(learner__in=paths).delete()
        NextStep.objects.bulk_create(kept)
    return paths, field_


def _plain_ruled_out(one: RuledOut) -> dict[str, Any]:
    return {
        "competency": str(one.competency),
        "code": one.code,
        "by": list(map(str, one.by)),
        "until": one.until and str(one.until),
    }


def renew(
    ids: Collection[uuid.UUID], trigger: str, *, by: Person | Actor, cause: str = ""
) -> dict[uuid.UUID, PlanProposal]:
    """Renew the steps of these students; where an active plan should change for it, suggest so: {student: what}."""
    paths, field_ = renew_steps(ids)
    made: dict[uuid.UUID, PlanProposal] = {}
    plans = LearningPlan.objects.filter(learner__in=ids, state=LearningPlan.State.ACTIVE).prefetch_related("items")
    for plan in plans:
        path = paths[plan.learner_id]
        plan.learner = path.learner
        found, small = _difference(plan, path, field_)
        if proposal := PlanProposal.offer(plan, trigger, found, by=by, cause=cause, small=small):
            made[plan.learner_id] = proposal
    return made


def _difference(plan: LearningPlan, path: Path, field_: Field) -> tuple[dict[str, Any], bool]:
    """What should change, and whether it is small: nothing goes that is not secure today."""
    items = [
        Item(
            str(one.pk),
            one.competency_id,
            one.origin == PlanItem.Origin.PLANNER,
            one.state in PlanItem.OPEN,
            one.state in (PlanItem.State.DOING, PlanItem.State.SUBMITTED, PlanItem.State.RETURNED),
        )
        for one in plan.items.all()
    ]
    found = difference(items, path.steps, path.known, field_.graph, field_.words)
    gone = {one["item"] for one in found["remove"]}
    leaving = [one.competency for one in items if one.id in gone and one.competency]
    return found, all(path.known.get(one, Known()).state >= State.SECURE for one in leaving)


def suggest(learner: Learner, trigger: str, *, by: Person | Actor, cause: str = "") -> PlanProposal | None:
    """As `renew`, for one student. None where nothing should change."""
    return renew([learner.pk], trigger, by=by, cause=cause).get(learner.pk)
