"""An adult's students at a glance, in words: who waits for an answer, what is unknown, who was not talked with."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q
from django.utils import formats
from django.utils.translation import ngettext

from .models import (
    CheckIn,
    Enrollment,
    Estimate,
    Expectation,
    Goal,
    Learner,
    Level,
    Person,
    PlanProposal,
    SchoolDays,
    Section,
    StudentProposal,
)
from .models.goals import CHECK_IN_EVERY


def glance_of(person: Person) -> list[str] | None:
    """A sentence each: a number and what it is of. None for whom no class is taught today.

    As many statements for 1 student as for 150.
    """
    classes = list(Section.objects.taught_by(person).select_related("unit", "school").order_by("title", "pk"))
    if not classes:
        return None
    return [*_waiting(person), *_unknown(classes), *_not_talked_with([one for one in classes if one.advisory])]


def _students(classes: Any) -> Any:
    return Enrollment.objects.current().students().filter(section__in=classes)


def _waiting(person: Person) -> list[str]:
    """Suggested changes and goals of one's advisees, own units sent to oneself: one statement."""
    advised = _students(Section.objects.taught_by(person).filter(advisory=True)).values("person")
    mine = Q(learner__in=advised)
    waiting = (
        PlanProposal.objects.filter(mine, state=PlanProposal.State.STUDENT_OK)
        .values("learner")
        .union(
            Goal.objects.filter(mine, state=Goal.State.PROPOSED).order_by().values("learner"),
            StudentProposal.objects.filter(adult=person, state=StudentProposal.State.SUBMITTED)
            .order_by()
            .values("learner"),
        )
    )
    n = len(waiting)
    said = ngettext("%(n)s student waits for your answer", "%(n)s students wait for your answer", n)
    return [said % {"n": n}] if n else []


def _unknown(classes: list[Section]) -> list[str]:
    """Of whom nothing is known in the unit a class is in: one statement for all classes."""
    known = Estimate.objects.filter(
        Q(state__gt=Level.UNKNOWN) | Q(banked__gt=Level.UNKNOWN),
        learner=OuterRef("person"),
        competency__in=Expectation.objects.filter(unit=OuterRef(OuterRef("section__unit"))).values("competency"),
    )
    in_units = [one for one in classes if one.unit_id]
    expecting = Exists(Expectation.objects.filter(unit=OuterRef("section__unit")))
    rows = _students(in_units).filter(expecting, ~Exists(known)).values("section").annotate(n=Count("pk"))
    unit_of = {one.pk: one.unit for one in in_units}
    said = []
    for row in rows.order_by("section__title", "section"):
        words = ngettext("%(n)s unknown in %(unit)s", "%(n)s unknown in %(unit)s", row["n"])
        said.append(words % {"n": row["n"], "unit": unit_of[row["section"]]})
    return said


def _not_talked_with(advisories: list[Section]) -> list[str]:
    """Advisees whose last check-in is longer ago than the rule allows, by the month of it."""
    if not advisories:
        return []
    school = advisories[0].school
    before = SchoolDays(school).before(school.today(), CHECK_IN_EVERY)
    held = Max("check_ins__held_on", filter=Q(check_ins__state=CheckIn.State.HELD))
    rows = (
        Learner.objects.filter(pk__in=_students(advisories).values("person"), person__is_active=True)
        .annotate(last=held)
        .filter(Q(last=None) | Q(last__lt=before))
        .values_list(F("last"), flat=True)
    )
    months: dict[dt.date | None, int] = {}
    for last in rows:
        month = last.replace(day=1) if last else None
        months[month] = months.get(month, 0) + 1
    said = []
    for month in sorted(months, key=lambda one: one or dt.date.min):
        n = months[month]
        if month is None:
            words = ngettext("%(n)s advisee not talked with yet", "%(n)s advisees not talked with yet", n)
            said.append(words % {"n": n})
        else:
            words = ngettext(
                "%(n)s advisee not talked with since %(month)s", "%(n)s advisees not talked with since %(month)s", n
            )
            said.append(words % {"n": n, "month": formats.date_format(month, "F")})
    return said
