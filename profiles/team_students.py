"""The students a team shares, each with where they are in words: one page for planning time."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from .class_page import GROWTH_DAYS, STUCK_PIECES
from .models import Demonstration, Enrollment, Estimate, Expectation, Learner, Level, Person, StaffTeam


def _count(query: QuerySet[Any], what: str) -> Coalesce:
    counted = query.order_by().values("learner").annotate(n=Count(what, distinct=True)).values("n")
    return Coalesce(Subquery(counted), 0)


def shared_students(team: StaffTeam, viewer: Person) -> list[Learner]:
    """Each with `secure`, `on_the_way`, `stuck`, `expected` and `grown` (in the last 90 days), counted. One query."""
    members = team.memberships.current().values("person")
    mine = Estimate.objects.filter(learner=OuterRef("pk"))
    known = Q(state__gte=Level.SECURE) | Q(banked__gte=Level.SECURE)
    below = Q(state__in=[Level.EMERGING, Level.DEVELOPING]) & Q(banked__lt=Level.SECURE)
    since = team.school.today() - dt.timedelta(days=GROWTH_DAYS)
    grown = Demonstration.objects.filter(learner=OuterRef("pk"), revoked=False, level__gte=Level.SECURE, on__gte=since)
    learning = Enrollment.objects.current().students().filter(person=OuterRef(OuterRef("pk")))
    expected = (
        Expectation.objects.filter(section__in=learning.values("section"))
        .order_by()
        .annotate(one=F("section__school__org_kind"))
        .values("one")
        .annotate(n=Count("competency", distinct=True))
        .values("n")
    )
    return list(
        Learner.objects.visible_to(viewer)
        .filter(pk__in=Enrollment.objects.shared_by(members))
        .with_person()
        .annotate(
            secure=_count(mine.filter(known), "competency"),
            on_the_way=_count(mine.filter(below), "competency"),
            stuck=_count(mine.filter(below, n__gte=STUCK_PIECES), "competency"),
            grown=_count(grown, "competency"),
            expected=Coalesce(Subquery(expected), 0),
        )
        .by_name()
    )
