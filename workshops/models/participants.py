from __future__ import annotations

import hashlib
import secrets
import uuid
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import ClassVar, Self

from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from config import clock
from profiles.models import Actor, Org, Person
from workshops import phrase

from .workshops import Workshop

AWAY_AFTER = timedelta(seconds=90)
TAKE_HOME_LIVES = timedelta(days=365)
"""A school year, counted from the day one came."""


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def take_home_token(participant: uuid.UUID) -> str:
    """The secret of their take-home link: another than the cookie's, and made again whenever it is to be printed."""
    return salted_hmac("workshops.take_home", str(participant), algorithm="sha256").hexdigest()[:40]


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def present(self) -> Self:
        """Everyone who came and has not left or been removed; with or without a device."""
        return self.exclude(state__in=[Participant.State.LEFT, Participant.State.REMOVED])

    def of_token(self, token: str) -> Self:
        """Whose browser carries this cookie; nobody once removed."""
        return self.filter(token_hash=token_hash(token)).exclude(state=Participant.State.REMOVED)

    def of_take_home(self, token: str) -> Self:
        """Whose take-home link this is; it outlives the cookie and the purge, and ends with `take_home_until`."""
        return self.filter(take_home_hash=token_hash(token), take_home_until__gte=clock.today())


class Participant(models.Model):
    """Somebody in the room. No account, and no personal data unless they choose to give it."""

    class Role(models.TextChoices):
        TEACHER_LEADER = "teacher_leader", _("teacher leader")
        ADMINISTRATOR = "administrator", _("administrator")
        LEADERSHIP = "leadership", _("member of a leadership team")
        OTHER = "other", _("other")

    class Device(models.TextChoices):
        OWN = "own", _("own device")
        SHARED = "shared", _("shared device")
        NONE = "none", _("no device")

    class State(models.TextChoices):
        HERE = "here", _("here")
        LEFT = "left", _("left")
        REMOVED = "removed", _("removed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="participants")
    name = models.CharField(_("name"), max_length=80, blank=True)
    school = models.ForeignKey(Org, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    school_name = models.CharField(_("school"), max_length=120, blank=True)
    role = models.CharField(_("role"), max_length=16, choices=Role, blank=True)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True, null=True)
    take_home_hash = models.CharField(max_length=64, unique=True, null=True)
    take_home_until = models.DateField(null=True)
    device = models.CharField(max_length=6, choices=Device, default=Device.OWN)
    state = models.CharField(max_length=8, choices=State, default=State.HERE)
    number = models.PositiveSmallIntegerField()
    has_namesake = False  # set by `tell_apart`
    seen_at = models.DateTimeField(default=timezone.now)
    joined_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[ParticipantQuerySet] = ParticipantQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["workshop", "number"], name="numbered_in_a_workshop")]

    def __str__(self) -> str:
        if self.has_namesake:
            return f"{self.name} ({self.number})"
        return self.name or str(_("Person %(number)s") % {"number": self.number})

    @property
    def school_label(self) -> str:
        return self.school.name if self.school else self.school_name

    @property
    def school_key(self) -> str:
        """What tells schools apart for seating and counting, whether or not they are in Trellis."""
        return str(self.school_id) if self.school_id else " ".join(self.school_name.casefold().split())

    @property
    def phrase(self) -> str:
        """The four words by which they go on at another device."""
        return phrase.phrase(self.pk)

    @property
    def neighbor_number(self) -> int:
        """Who could talk with them where nobody sits beside: whoever came in just before or after."""
        return self.number + 1 if self.number % 2 else self.number - 1

    @property
    def is_present(self) -> bool:
        return self.state == self.State.HERE

    @property
    def take_home_path(self) -> str:
        """Their own link, for a code to print or a button on the page."""
        return f"/t/{take_home_token(self.pk)}/"

    @classmethod
    def join(
        cls,
        workshop: Workshop,
        *,
        by: Person | Actor,
        name: str = "",
        school: Org | None = None,
        school_name: str = "",
        role: str = "",
        device: str = Device.OWN,
    ) -> tuple[Participant, str]:
        """Somebody came in; answers them and the token that their browser carries from now on (kept only as a hash)."""
        token = secrets.token_urlsafe(32) if device == cls.Device.OWN else ""
        with workshop.change(by=by) as door:
            number = (workshop.participants.aggregate(last=models.Max("number"))["last"] or 0) + 1
            key = uuid.uuid4()
            participant = cls.objects.create(
                pk=key,
                workshop=workshop,
                take_home_hash=token_hash(take_home_token(key)),
                take_home_until=clock.today() + TAKE_HOME_LIVES,
                name=name,
                school=school,
                school_name="" if school else school_name,
                role=role,
                device=device,
                number=number,
                token_hash=token_hash(token) if token else None,
            )
            door.record("person_joined", target=participant.pk, topics=_topics(workshop))
        return participant, token

    def resume(self, *, by: Person | Actor) -> str:
        """They go on at another device; answers the token its browser carries. The one before is a stranger's now."""
        token = secrets.token_urlsafe(32)
        with self.workshop.change(by=by) as door:
            self.token_hash, self.state, self.device = token_hash(token), self.State.HERE, self.Device.OWN
            self.save(update_fields=["token_hash", "state", "device"])
            door.record("person_resumed", target=self.pk, topics=_topics(self.workshop))
        return token

    def leave(self, *, by: Person | Actor, removed: bool = False) -> None:
        """They left, or the lead took them out: their words stay, their browser is a stranger's."""
        with self.workshop.change(by=by) as door:
            self.state = self.State.REMOVED if removed else self.State.LEFT
            self.save(update_fields=["state"])
            verb = "person_removed" if removed else "person_left"
            door.record(verb, target=self.pk, topics=_topics(self.workshop))


def tell_apart(listed: Iterable[Participant], *, among: Iterable[Participant] = ()) -> None:
    """Whose name somebody else in the list, or in the room, carries too is shown with their number."""
    people = list(listed)
    names = Counter(one.name.casefold() for one in {one.pk: one for one in (*among, *people)}.values() if one.name)
    for one in people:
        one.has_namesake = names[one.name.casefold()] > 1


def _topics(workshop: Workshop) -> list[str]:
    """Who comes or goes once people are seated changes the groups too."""
    return ["people", "groups"] if workshop.group_sets.filter(current=True).exists() else ["people"]
