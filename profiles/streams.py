"""Who may follow what of people and schools, live."""

from __future__ import annotations

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q

from config import live

from .models import Enrollment, Org, RoleAssignment, Section


def org_access(pairs: set[live.Pair]) -> dict[live.Pair, int]:
    """As `Org.objects.visible_to`, for many people at once: those with a role there today, and district leaders."""
    roles = RoleAssignment.objects.current().filter(person__in={person for person, _ in pairs})
    seen_by = roles.filter(Q(org=OuterRef("pk")) | Q(role=RoleAssignment.Role.DISTRICT_ADMIN)).values("person")
    orgs = Org.objects.filter(pk__in={org for _, org in pairs}).annotate(seen_by=ArraySubquery(seen_by))
    found = {
        (person, org): version
        for org, version, people in orgs.values_list("pk", "version", "seen_by")
        for person in people
    }
    return {pair: version for pair, version in found.items() if pair in pairs}


live.register(Org.kind, org_access)


def class_access(pairs: set[live.Pair]) -> dict[live.Pair, int]:
    """As `Section.objects.visible_to`, for many people at once; a test holds the two against each other."""
    roles = RoleAssignment.objects.current().filter(person__in={person for person, _ in pairs}, person__is_active=True)
    here = roles.filter(org=OuterRef("school"))
    whole = here.filter(role__in=["school_admin", "counselor"])
    working = roles.staff().filter(org=OuterRef("section__school"), person=OuterRef("person"))
    teaching = (
        Enrollment.objects.current()
        .filter(Exists(working), section=OuterRef("pk"), section__in=Section.objects.current())
        .exclude(role=Enrollment.Role.STUDENT)
    )
    sections = Section.objects.filter(pk__in={section for _, section in pairs})
    found: dict[live.Pair, int] = {}
    for section, version, leading, taught in sections.annotate(
        leading=ArraySubquery(whole.values("person")), taught=ArraySubquery(teaching.values("person"))
    ).values_list("pk", "version", "leading", "taught"):
        found |= {(person, section): version for person in (*leading, *taught)}
    return {pair: version for pair, version in found.items() if pair in pairs}


live.register(Section.kind, class_access)
