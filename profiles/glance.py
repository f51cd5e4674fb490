"""An adult's students at a glance, in words: who waits for an answer, what is unknown, who was not talked with."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils import formats
from django.utils.translation import ngettext

from .models import (
    CheckIn,
    Enrollment,
    Estimate,
    Expectation,
    Goal,
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
    advisories = [one for one in classes if one.advisory]
    advised = list(_students(advisories).values_list("person", flat=True)) if advisories else []
    return [*_waiting(person, advised), *_unknown(classes), *_not_talked_with(advisories, advised)]


def _students(classes: Any) -> Any:
    return Enrollment.objects.current().students().filter(section__in=classes, person__is_active=True)


def _waiting(person: Person, advised: list[uuid.UUID]) -> list[str]:
    """Suggested changes and goals of one's advisees, own units sent to oneself: one statement."""
    waiting = StudentProposal.objects.filter(adult=person, state=StudentProposal.State.SUBMITTED)
    found = waiting.order_by().values_list("learner")
    if advised:
        suggested = PlanProposal.objects.filter(learner__in=advised, state=PlanProposal.State.STUDENT_OK)
        proposed = Goal.objects.filter(learner__in=advised, state=Goal.State.PROPOSED)
        found = found.union(suggested.order_by().values_list("learner"), proposed.order_by().values_list("learner"))
    n = len(set(found))
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


def _not_talked_with(advisories: list[Section], advised: list[uuid.UUID]) -> list[str]:
    """Advisees whose last check-in is longer ago than the rule allows, by the month of it."""
    if not advised:
        return []
    school = advisories[0].school
    before = SchoolDays(school).before(school.today(), CHECK_IN_EVERY)
    held = CheckIn.objects.filter(learner__in=advised, state=CheckIn.State.HELD).order_by()
    last_of = dict(held.values_list("learner").annotate(last=Max("held_on")))
    rows = [last for one in advised if (last := last_of.get(one)) is None or last < before]
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
