"""Who may follow a table live: whoever may read it."""

from uuid import UUID

from config import live
from profiles.models import Person

from .models import StrategyTable


def access(pairs: set[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], int]:
    """The pairs (person, table) that may read on, each with the table's version."""
    allowed: dict[tuple[UUID, UUID], int] = {}
    people = {person.pk: person for person in Person.objects.filter(pk__in={pair[0] for pair in pairs}, is_active=True)}
    for person_id, person in people.items():
        tables = [pair[1] for pair in pairs if pair[0] == person_id]
        seen = StrategyTable.objects.visible_to(person).filter(pk__in=tables)
        allowed |= {(person_id, pk): version for pk, version in seen.values_list("pk", "version")}
    return allowed


live.register(StrategyTable.kind, access)
