"""Whom an adult has not talked with for long: one's own advisees by the rule, others a few, never as a ranking."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Max

from .models import CheckIn, Learner, Org, Person, SchoolDays, Why
from .models.goals import CHECK_IN_EVERY

AT_MOST = 5
"""People to talk with this week: more would be a list, not an invitation."""


@dataclass(frozen=True)
class Talk:
    """A student and the last day anybody at school sat down with them, if ever; `days` counts school days since."""

    learner: Learner
    last: dt.date | None
    days: int | None


@dataclass(frozen=True)
class Talks:
    """What an adult's list says: their own planned talks, advisees whose talk is overdue, and a few others."""

    planned: list[CheckIn]
    overdue: list[Talk]
    others: list[Talk]


def talks_of(person: Person, school: Org) -> Talks:
    """Constant statements, however many students."""
    planned = CheckIn.objects.filter(
        adult=person, state=CheckIn.State.PLANNED, learner__in=Learner.objects.visible_to(person).values("pk")
    ).select_related("learner__person")
    days, today = SchoolDays(school), school.today()
    known = (
        Learner.objects.visible_to(person)
        .because(Why.ADVISORY, Why.SECTION, Why.CASELOAD)
        .annotate(last=Max("check_ins__held_on"))
        .with_person()
        .by_name()
    )
    waiting: dict[bool, list[Talk]] = {True: [], False: []}
    for one in known:
        last: dt.date | None = one.last  # type: ignore[attr-defined]
        since = days.between(last, today) if last else None
        if since is None or since > CHECK_IN_EVERY:
            waiting[one.why == Why.ADVISORY].append(Talk(one, last, since))
    others = sorted(waiting[False], key=lambda talk: talk.last or dt.date.min)[:AT_MOST]
    others.sort(key=lambda talk: str(talk.learner))
    return Talks(list(planned.order_by("planned_on")), waiting[True], others)
