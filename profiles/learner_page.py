"""A student's page as one reader may read it: in whose words, strengths before needs, growth before distance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import get_language

from . import permissions, voice
from .models import (
    CheckIn,
    Commitment,
    Competency,
    Demonstration,
    Goal,
    Learner,
    Level,
    Person,
    ProfileEntry,
    SchoolDays,
    Support,
    Why,
)
from .models.portraits import CURRENT_FOR

SECTION_ORDER = {section: n for n, section in enumerate(ProfileEntry.Section)}


@dataclass(frozen=True)
class Said:
    """One entry as the page shows it, with what this reader may do."""

    entry: ProfileEntry
    question: str | Promise
    may_rewrite: bool
    may_answer: bool


@dataclass
class Group:
    """What is said under one heading."""

    label: str | Promise
    said: list[Said] = field(default_factory=list)


@dataclass(frozen=True)
class Now:
    """What the student can do now: `own_language` is false where the sentence falls back to English."""

    words: str
    own_language: bool
    on: dt.date


@dataclass
class GoalLine:
    """A goal and, under it, the steps towards it."""

    goal: Goal
    parts: list[GoalLine] = field(default_factory=list)


class LearnerPage:
    """`learner` comes from `visible_to`. The same number of statements whatever there is to show."""

    def __init__(self, learner: Learner, reader: Person) -> None:
        self.learner, self.reader = learner, reader
        self.today = learner.home.today()
        self.own = learner.why == Why.SELF
        self.family = learner.why == Why.GUARDIAN

    @property
    def first_name(self) -> str:
        return self.learner.person.preferred_name or self.learner.person.given_name

    @property
    def grade(self) -> str:
        return self.learner.grade.lstrip("0")

    @cached_property
    def _entries(self) -> list[ProfileEntry]:
        standing = ProfileEntry.objects.filter(learner=self.learner).standing()
        return list(standing.readable_by(self.learner.why, self.reader).in_order().select_related("author"))

    def _groups(self, voice_: str, *, needs: bool | None = None) -> list[Group]:
        """By section, strengths first and needs last; within a section the newest first."""
        groups: dict[str, Group] = {}
        for entry in sorted(self._entries, key=lambda one: SECTION_ORDER[ProfileEntry.Section(one.section)]):
            if entry.voice != voice_ or (needs is not None and (entry.section == "need") != needs):
                continue
            group = groups.setdefault(entry.section, Group(entry.get_section_display()))
            group.said.append(self.said(entry))
        return list(groups.values())

    def said(self, entry: ProfileEntry) -> Said:
        return Said(
            entry,
            voice.question(entry.prompt),
            permissions.can_rewrite(self.reader, self.learner, entry),
            permissions.can_answer(self.learner, entry),
        )

    @property
    def student_words(self) -> list[Group]:
        return self._groups(ProfileEntry.Voice.STUDENT)

    @property
    def family_words(self) -> list[Group]:
        return self._groups(ProfileEntry.Voice.FAMILY)

    @property
    def adult_strengths(self) -> list[Group]:
        return self._groups(ProfileEntry.Voice.ADULT, needs=False)

    @property
    def adult_needs(self) -> list[Group]:
        return self._groups(ProfileEntry.Voice.ADULT, needs=True)

    @cached_property
    def confirmed_days(self) -> int | None:
        """School days since the student confirmed the profile; None before the first time."""
        confirmed = self.learner.confirmed_on
        return SchoolDays(self.learner.home).between(confirmed, self.today) if confirmed else None

    @property
    def is_current(self) -> bool:
        return self.confirmed_days is not None and self.confirmed_days <= CURRENT_FOR

    @cached_property
    def _goals(self) -> list[Goal]:
        recently = self.today - dt.timedelta(days=60)
        met = Q(state=Goal.State.MET, met_on__gte=recently)
        return list(self.learner.goals.filter(Q(state__in=Goal.STANDING) | met))

    @property
    def standing_goals(self) -> list[Goal]:
        return [one for one in self._goals if one.state != Goal.State.MET]

    @property
    def met_goals(self) -> list[Goal]:
        return [one for one in self._goals if one.state == Goal.State.MET]

    @property
    def week_goals(self) -> list[Goal]:
        return [one for one in self.standing_goals if one.horizon == Goal.Horizon.WEEK]

    @property
    def dimensions(self) -> list[tuple[str | Promise, list[Goal]]]:
        """The goals of each dimension that has any, long before term before week."""
        return [(label, goals) for label, goals in by_dimension(self.standing_goals) if goals]

    @property
    def without_goal(self) -> list[str]:
        return [str(label) for label, goals in by_dimension(self.standing_goals) if not goals]

    @cached_property
    def next_check_in(self) -> CheckIn | None:
        if not permissions.can_read_check_ins(self.learner):
            return None
        planned = CheckIn.objects.filter(learner=self.learner, state=CheckIn.State.PLANNED, planned_on__gte=self.today)
        return planned.select_related("adult").order_by("planned_on").first()

    @cached_property
    def promises(self) -> list[Commitment]:
        if not permissions.can_read_check_ins(self.learner):
            return []
        return list(self.learner.commitments.filter(state=Commitment.State.OPEN))

    @cached_property
    def supports(self) -> list[Support]:
        return list(self.learner.supports.filter(Q(ends=None) | Q(ends__gt=self.today)))


def audience_of(learner: Learner) -> str:
    """Whose wording of a skill the reader gets: "student", "family", or "" for adults at school."""
    return {Why.SELF.value: "student", Why.GUARDIAN.value: "family"}.get(learner.why, "")


def shown_since(learner: Learner, audience: str, since: dt.date | None = None) -> list[Now]:
    """What became secure, the newest first."""
    shown = Demonstration.objects.filter(learner=learner, revoked=False, level=Level.SECURE)
    if since:
        shown = shown.filter(on__gte=since)
    language = get_language() or "en"
    found = []
    for one in shown.select_related("competency").order_by("-on", "pk")[:50]:
        words, own = one.competency.worded(audience, language) if audience else (_statement(one.competency), True)
        found.append(Now(words, own, one.on))
    return found


def _statement(competency: Competency) -> str:
    return competency.short or competency.statement


def by_dimension(goals: Iterable[Goal]) -> list[tuple[str | Promise, list[Goal]]]:
    order = {horizon.value: n for n, horizon in enumerate(Goal.Horizon)}
    ordered = sorted(goals, key=lambda one: order[one.horizon])
    return [
        (dimension.label, [one for one in ordered if one.dimension == dimension]) for dimension in Competency.Dimension
    ]


def tree(goals: Iterable[Goal]) -> list[GoalLine]:
    """Long over term over week; a step whose larger goal is not shown stands by itself."""
    lines = {one.pk: GoalLine(one) for one in goals}
    top: list[GoalLine] = []
    for line in lines.values():
        above = lines.get(line.goal.parent_id) if line.goal.parent_id else None
        (above.parts if above else top).append(line)
    order = {horizon.value: n for n, horizon in enumerate(Goal.Horizon)}
    return sorted(top, key=lambda line: order[line.goal.horizon])
