"""What a school leader sees of students: totals by grade, never a name, never fewer than ten (trust 17)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import CheckIn, Demonstration, Goal, Learner, LearningPlan, Level, Org, RoleAssignment, SchoolDays
from .models.goals import CHECK_IN_EVERY
from .models.portraits import CURRENT_FOR
from .suppression import hidden_rows

LATELY = dt.timedelta(days=30)

LABELS: dict[str, str | Promise] = {
    "students": _("Students"),
    "current": _("with a profile they confirmed in the last 60 school days"),
    "goal": _("with a goal"),
    "plan": _("with a plan under way"),
    "secure": _("who showed a new skill in the last 30 days"),
    "met": _("who met with an adult in the last 10 school days"),
}


@dataclass(frozen=True)
class Total:
    """One line: the total and each grade's share; None stands for “not shown”."""

    label: str | Promise
    total: int | None
    grades: list[int | None]


@dataclass(frozen=True)
class Totals:
    grades: list[str]
    lines: list[Total]

    @property
    def hides(self) -> bool:
        return any(value is None for line in self.lines for value in [line.total, *line.grades])


def totals_of(school: Org) -> Totals:
    """Four statements at most."""
    rows = list(_counted(school))
    grades = [row["grade"] for row in rows]
    lines = []
    for key, label in LABELS.items():
        # Those who have and those who have not: the one tells the other where the number of students is known.
        parts = {
            row["grade"]: (row["students"],) if key == "students" else (row[key], row["students"] - row[key])
            for row in rows
        }
        hidden = hidden_rows(parts)
        total = None if hidden is None else sum(one[0] for one in parts.values())
        shown = [None if hidden is None or grade in hidden else parts[grade][0] for grade in grades]
        lines.append(Total(label, total, shown))
    return Totals(grades, lines)


def _counted(school: Org) -> Any:
    today, days = school.today(), SchoolDays(school)
    here = RoleAssignment.objects.current().filter(org=school, role=RoleAssignment.Role.STUDENT)
    one = OuterRef("pk")
    goals = Goal.objects.standing().filter(learner=one)
    plans = LearningPlan.objects.filter(learner=one, state=LearningPlan.State.ACTIVE)
    secure = Demonstration.objects.filter(learner=one, revoked=False, level__gte=Level.SECURE, on__gt=today - LATELY)
    met = CheckIn.objects.filter(learner=one, held_on__gte=days.before(today, CHECK_IN_EVERY))
    return (
        Learner.objects.filter(home=school, person__in=here.values("person"), person__is_active=True)
        .values("grade")
        .annotate(
            students=Count("pk"),
            current=Count("pk", filter=Q(confirmed_on__gte=days.before(today, CURRENT_FOR))),
            goal=Count("pk", filter=Exists(goals)),
            plan=Count("pk", filter=Exists(plans)),
            secure=Count("pk", filter=Exists(secure)),
            met=Count("pk", filter=Exists(met)),
        )
        .order_by("grade")
    )
