"""Who may follow a workshop live with an account: whoever may see it. Screen and phones come with their own tokens."""

from uuid import UUID

from config import live
from profiles.models import Person

from .models import Workshop


def access(pairs: set[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], int]:
    """The pairs (person, workshop) that may read on, each with the workshop's version."""
    allowed: dict[tuple[UUID, UUID], int] = {}
    for person in Person.objects.filter(pk__in={pair[0] for pair in pairs}, is_active=True):
        wanted = [workshop for one, workshop in pairs if one == person.pk]
        seen = Workshop.objects.visible_to(person).filter(pk__in=wanted)
        allowed |= {(person.pk, pk): version for pk, version in seen.values_list("pk", "version")}
    return allowed


live.register(Workshop.kind, access)
