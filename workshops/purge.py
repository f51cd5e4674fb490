"""The end of what a workshop knows about people: names, tokens, who wrote what. What the room said together stays.

Kept are the lines on the sheets, themes, pictures, ideas and what schools took up, the origins frozen in tables, and
the take-home pages, which hold no names and end after a school year. Deleted with their writers are answers that nobody
was ever shown.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from config import clock
from profiles.models import Actor, Change, Receipt

from .models import Adoption, Attempts, LearningTeam, MeToo, Participant, Response, StepRun, Workshop

PURGE = Actor("system", "purge_workshops")


def due() -> QuerySet[Workshop]:
    """Closed long enough ago; or never closed, and nobody was there for as long."""
    limit = timezone.now() - timedelta(days=settings.WORKSHOP_PEOPLE_KEPT_DAYS)
    people = Participant.objects.filter(workshop=OuterRef("pk"))
    deserted = Q(Exists(people), ~Exists(people.filter(seen_at__gte=limit)), closed_at=None)
    return Workshop.objects.filter(Q(closed_at__lt=limit) | deserted, purged_at=None)


def purge(workshop: Workshop) -> None:
    with workshop.change(by=PURGE) as door:
        workshop.refresh_from_db(fields=["purged_at"])
        if workshop.purged_at:
            return
        Participant.objects.filter(workshop=workshop).update(
            name="", school=None, school_name="", role="", person=None, token_hash=None
        )
        MeToo.objects.filter(entry__workshop=workshop).delete()
        workshop.entries.update(participant=None)
        answers = Response.objects.filter(workshop=workshop)
        answers.exclude(step__reveal=StepRun.Reveal.ALL, state=Response.State.GIVEN).delete()
        answers.update(participant=None)
        Adoption.objects.filter(element__group__seating__workshop=workshop).update(who="")
        LearningTeam.objects.filter(workshop=workshop).update(members="", consult="")
        Receipt.objects.filter(stream=workshop.stream, actor__startswith="participant:").delete()
        theirs = Q(actor_kind=Change.ActorKind.PARTICIPANT) | Q(verb="element_adopted")
        for change in Change.objects.filter(theirs, stream=workshop.stream):
            change.redact()
        workshop.purged_at = timezone.now()
        workshop.save(update_fields=["purged_at"])
        door.record("people_purged", topics=["people"])


def end_take_homes() -> int:
    """Links whose school year is over lead nowhere; answers how many ended."""
    over = Participant.objects.filter(take_home_until__lt=clock.today(), take_home_hash__isnull=False)
    return over.update(take_home_hash=None)


def purge_due() -> int:
    workshops = list(due())
    for workshop in workshops:
        purge(workshop)
    Attempts.forget()
    return len(workshops)
