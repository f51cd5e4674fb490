"""The district at a glance: how large its schools, their communities and their classes are (seed 002)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from .models import Learner, Org, RoleAssignment, RosterImport, Section
from .models.sections import CLASS_SIZE

SMALL_SCHOOL = (400, 600)
"""Students of a small school; a larger one keeps its communities under the second number."""


@dataclass(frozen=True)
class SchoolLine:
    """A school, or a community in it, with what to point out."""

    org: Org
    students: int
    notice: str
    classes: int = 0
    outside: int = 0
    communities: tuple[SchoolLine, ...] = ()


class Overview:
    """All schools of the district, in four statements."""

    def __init__(self, district: Org) -> None:
        self.district = district

    @cached_property
    def schools(self) -> list[SchoolLine]:
        students: dict[uuid.UUID, int] = dict(
            Learner.objects.filter(pk__in=_today()).values_list("home").annotate(Count("pk")).order_by()
        )
        communities = RoleAssignment.objects.current().filter(role="student", org__org_kind=Org.Kind.COMMUNITY)
        in_communities = dict(communities.values_list("org").annotate(Count("person", distinct=True)).order_by())
        sized = Section.objects.current().sized()
        least, most = CLASS_SIZE
        is_outside = Q(advisory=False, size__gt=0) & (Q(size__lt=least) | Q(size__gt=most))
        classes = {
            school: (n, outside)
            for school, n, outside in sized.values_list("school")
            .annotate(n=Count("pk"), outside=Count("pk", filter=is_outside))
            .order_by()
        }
        orgs = list(Org.objects.exclude(org_kind=Org.Kind.DISTRICT))
        parts: dict[object, list[SchoolLine]] = {}
        for org in orgs:
            if org.org_kind == Org.Kind.COMMUNITY:
                n = in_communities.get(org.pk, 0)
                parts.setdefault(org.parent_id, []).append(SchoolLine(org, n, _community_notice(n)))
        return [
            SchoolLine(
                org,
                students.get(org.pk, 0),
                _school_notice(students.get(org.pk, 0), has_communities=org.pk in parts),
                *classes.get(org.pk, (0, 0)),
                communities=tuple(parts.get(org.pk, ())),
            )
            for org in orgs
            if org.org_kind == Org.Kind.SCHOOL
        ]

    @cached_property
    def students(self) -> int:
        return sum(one.students for one in self.schools)

    @cached_property
    def last_import(self) -> RosterImport | None:
        standing = RosterImport.objects.standing().filter(org=self.district, what=RosterImport.What.ROSTER)
        return standing.defer("file", "before", "report").order_by("-applied_at").first()


def _today() -> QuerySet[Any]:
    return RoleAssignment.objects.current().filter(role=RoleAssignment.Role.STUDENT).values("person")


def _school_notice(n: int, *, has_communities: bool) -> str:
    least, most = SMALL_SCHOOL
    if n > most and not has_communities:
        return _("More than %(most)s students: small learning communities under %(most)s keep everyone known.") % {
            "most": most
        }
    if 0 < n < least:
        return _("Fewer than %(least)s students.") % {"least": least}
    return ""


def _community_notice(n: int) -> str:
    most = SMALL_SCHOOL[1]
    return _("Not under %(most)s students.") % {"most": most} if n >= most else ""
