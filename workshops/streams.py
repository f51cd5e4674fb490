"""Who may follow a workshop live with an account: whoever may see it. Screen and phones come with their own tokens."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from config import live
from profiles.models import Person

from .models import Participant, Workshop, token_hash
from .room_access import COOKIE


def access(pairs: set[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], int]:
    """The pairs (person, workshop) that may read on, each with the workshop's version."""
    allowed: dict[tuple[UUID, UUID], int] = {}
    for person in Person.objects.filter(pk__in={pair[0] for pair in pairs}, is_active=True):
        wanted = [workshop for one, workshop in pairs if one == person.pk]
        seen = Workshop.objects.visible_to(person).filter(pk__in=wanted)
        allowed |= {(person.pk, pk): version for pk, version in seen.values_list("pk", "version")}
    return allowed


def follow_as_participant(tokens: set[str]) -> Mapping[str, dict[str, int]]:
    """The one stream each cookie may follow: the workshop's, while it is not closed and nobody was taken out."""
    hashes = {token_hash(token): token for token in tokens}
    found: Any = (
        Participant.objects.filter(token_hash__in=hashes, workshop__in=Workshop.objects.open())
        .exclude(state=Participant.State.REMOVED)
        .values_list("token_hash", "workshop", "workshop__version")
    )
    return {hashes[one]: {f"{Workshop.kind}:{workshop}": version} for one, workshop, version in found}


def follow_as_screen(tokens: set[str]) -> Mapping[str, dict[str, int]]:
    """The one stream each projector's token gives."""
    found = Workshop.objects.filter(screen_token__in=tokens).values_list("screen_token", "pk", "version")
    return {token: {f"{Workshop.kind}:{pk}": version} for token, pk, version in found}


live.register(Workshop.kind, access)
live.register_guest("screen", follow_as_screen)
live.register_guest("participant", follow_as_participant, cookie=COOKIE)
