"""Who may follow what of people and schools, live."""

from __future__ import annotations

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q

from config import live

from .models import Org, RoleAssignment


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
