"""A family's page: growth first, one next step, one question for home; how far it is stands one tap away."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, Sum
from django.utils.translation import gettext_lazy as _

from .models import (
    AccessEvent,
    Competency,
    Demonstration,
    Enrollment,
    Estimate,
    Expectation,
    Goal,
    Learner,
    LearningPlan,
    Level,
    NextStep,
    Person,
    ProfileEntry,
    Section,
    Why,
)
from .phrases import LANGUAGES, PHRASES, say

LATELY = dt.timedelta(days=30)
LOOKS_SHOWN = 30
QUESTIONS = ("ask_show", "ask_first", "ask_where")
"""One a week, in turn."""

READ_AS = {
    Why.GUARDIAN.value: _("family"),
    Why.ADVISORY.value: _("advisor"),
    Why.SECTION.value: _("teacher"),
    Why.TEAM.value: _("teacher of the team"),
    Why.CASELOAD.value: _("counselor"),
    Why.ADMIN.value: _("leader of the school"),
}


@dataclass(frozen=True)
class Sentence:
    """One reviewed sentence, and what it speaks of (a skill, a goal), each with the language it is in."""

    text: str
    language: str
    about: str = ""
    about_language: str = ""


@dataclass
class Facts:
    """What a student's sentences are made of."""

    shown: list[Demonstration] = field(default_factory=list)
    """The skills that became secure, each once, the newest first."""
    nearer: Estimate | None = None
    goal: Goal | None = None
    """One met lately, else one under way: this term's before this week's."""
    step: NextStep | None = None


def facts_of(learners: Collection[Learner]) -> dict[uuid.UUID, Facts]:
    """Four statements, however many students; each with their home."""
    facts = {one.pk: Facts() for one in learners}
    first: dict[tuple[uuid.UUID, uuid.UUID], Demonstration] = {}
    shown = Demonstration.objects.filter(learner__in=facts, revoked=False, level__gte=Level.SECURE)
    for one in shown.select_related("competency").order_by("on", "level", "pk"):
        first.setdefault((one.learner_id, one.competency_id), one)
    for one in sorted(first.values(), key=lambda one: one.on, reverse=True):
        facts[one.learner_id].shown.append(one)
    on_the_way = Estimate.objects.filter(learner__in=facts, state=Level.DEVELOPING, banked__lt=Level.SECURE)
    for estimate in on_the_way.select_related("competency").order_by("last_observed", "pk"):
        facts[estimate.learner_id].nearer = estimate
    today = {one.pk: one.home.today() for one in learners}
    goals = Goal.objects.filter(learner__in=facts, state__in=[Goal.State.ACTIVE, Goal.State.MET])
    for goal in sorted(
        goals.order_by("set_on", "pk"),
        key=lambda one: (one.state == Goal.State.MET, one.horizon == Goal.Horizon.TERM),
    ):
        if goal.state == Goal.State.ACTIVE or (goal.met_on and goal.met_on > today[goal.learner_id] - LATELY):
            facts[goal.learner_id].goal = goal
    for step in NextStep.objects.filter(learner__in=facts, position=0).select_related("competency"):
        facts[step.learner_id].step = step
    return facts


class FamilyPage:
    """`learner` with person, home and `why`; `language` is the reader's. As many statements for much as for little."""

    def __init__(self, learner: Learner, language: str, *, reader: Person, facts: Facts | None = None) -> None:
        self.facts = facts or facts_of([learner])[learner.pk]
        self.learner, self.language, self.reader = learner, language, reader
        self.today = learner.home.today()
        self.name = learner.person.preferred_name or learner.person.given_name

    @property
    def is_in_own_language(self) -> bool:
        """Whether the library speaks the reader's language; else the page says that it does not."""
        return not self.language or self.language.split("-")[0] in LANGUAGES

    def _say(self, key: str, about: str = "", about_language: str = "", **slots: object) -> Sentence:
        text, language = say(key, self.language, name=self.name, **slots)
        return Sentence(text, language, about, about_language)

    def _about(self, key: str, competency: Competency, **slots: object) -> Sentence:
        words, own = competency.worded("family", self.language)
        return self._say(key, words, self.language if own else "en", **slots)

    @property
    def growth(self) -> list[Sentence]:
        """Three sentences."""
        return [self._newest(), self._kept(), self._aim()]

    def _newest(self) -> Sentence:
        new = [one for one in self.facts.shown if one.on > self.today - LATELY]
        if len(new) == 1:
            return self._about("new_one", new[0].competency)
        if new:
            return self._about("new_some", new[0].competency, n=len(new))
        if self.facts.nearer:
            return self._about("nearer", self.facts.nearer.competency)
        return self._say("too_early")

    def _kept(self) -> Sentence:
        n = len(self.facts.shown)
        return self._say("kept_some", n=n) if n > 1 else self._say("kept_one" if n else "kept_none")

    def _aim(self) -> Sentence:
        if self.facts.goal is None:
            return self._say("goal_none")
        key = "goal_met" if self.facts.goal.state == Goal.State.MET else "goal_now"
        return self._say(key, self.facts.goal.text)

    @property
    def step(self) -> list[Sentence]:
        """What comes next and the weightiest reason for it."""
        if self.facts.step is None:
            return [self._say("step_none")]
        reasons = [f"why_{one['code']}" for one in self.facts.step.reasons]
        said = [key for key in reasons if key in PHRASES]
        return [self._about("step", self.facts.step.competency), *(self._say(key) for key in said[:1])]

    @property
    def question(self) -> Sentence:
        """About the newest skill, else the one on the way; another each week."""
        shown = self.facts.shown[0].competency if self.facts.shown else None
        competency = shown or (self.facts.nearer.competency if self.facts.nearer else None)
        if competency is None:
            return self._say("ask_week")
        return self._about(QUESTIONS[self.today.isocalendar().week % len(QUESTIONS)], competency)

    @cached_property
    def far(self) -> list[Sentence]:
        """For each class, how much is shown of how much, and how much nobody knows yet."""
        attended = Enrollment.objects.current().students().filter(person=self.learner.pk)
        mine = Estimate.objects.filter(learner=self.learner, competency=OuterRef("competency"))
        secure = mine.filter(Q(state__gte=Level.SECURE) | Q(banked__gte=Level.SECURE))
        known = mine.filter(Q(state__gt=Level.UNKNOWN) | Q(banked__gt=Level.UNKNOWN))
        rows = (
            Expectation.objects.filter(section__in=attended.values("section"))
            .filter(section__in=Section.objects.current())
            .values(title=F("section__title"))
            .annotate(
                total=Count("pk"), shown=Count("pk", filter=Exists(secure)), known=Count("pk", filter=Exists(known))
            )
            .order_by("title")
        )
        said: list[Sentence] = []
        for row in rows:
            said.append(self._say("far", course=row["title"], n=row["shown"], total=row["total"]))
            if row["known"] < row["total"]:
                said.append(self._say("far_unknown", n=row["total"] - row["known"]))
        return said or [self._say("far_none")]

    @cached_property
    def entries(self) -> list[ProfileEntry]:
        """What this reader may read of the profile: the student's words, the family's, the school's."""
        standing = ProfileEntry.objects.filter(learner=self.learner).standing()
        return list(standing.readable_by(self.learner.why, self.reader).in_order().select_related("author"))

    @property
    def by_voice(self) -> list[tuple[str, list[ProfileEntry]]]:
        return [
            (voice, found)
            for voice in ProfileEntry.Voice.values
            if (found := [one for one in self.entries if one.voice == voice])
        ]

    @cached_property
    def plan(self) -> LearningPlan | None:
        active = self.learner.plans.filter(state=LearningPlan.State.ACTIVE)
        return active.prefetch_related("items").first()

    @cached_property
    def looks(self) -> list[dict[str, Any]]:
        """Who else read the record, as what, when last, the latest first."""
        rows = (
            AccessEvent.objects.of(self.learner.pk)
            .exclude(viewer=self.reader)
            .values("viewer", "reason")
            .annotate(last=Max("hour"), times=Sum("times"))
            .order_by("-last")[:LOOKS_SHOWN]
        )
        people = Person.objects.in_bulk([row["viewer"] for row in rows])
        return [row | {"who": people[row["viewer"]], "read_as": READ_AS.get(row["reason"], "")} for row in rows]
