"""Printed slips: a student's sign-in name and a code that works once, to choose a password of their own with."""

from __future__ import annotations

import datetime as dt
import secrets
import unicodedata
import uuid
from collections.abc import Collection

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from .history import Actor
from .people import Person
from .sections import Section

WORKS_FOR = dt.timedelta(days=14)
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that is read as another."""
CODE_LENGTH = 8
MOST_FAILURES = 5


class SignInSlip(models.Model):
    """A way to sign in for the first time, or again after a password was forgotten. Works once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sign_in_slips")
    code_hash = models.CharField(max_length=64)
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(ended_at=None), name="one_standing_slip"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}, {self.expires_at:%Y-%m-%d}"

    @classmethod
    def hand_out(cls, section: Section, people: Collection[Person], *, by: Person | Actor) -> dict[uuid.UUID, str]:
        """{person: code}, in clear this once. An earlier slip ends; who has no sign-in name yet is given one."""
        codes = {one.pk: "".join(secrets.choice(LETTERS) for _letter in range(CODE_LENGTH)) for one in people}
        now = timezone.now()
        with section.change(by=by) as door:
            _name_those_without(people)
            cls.objects.filter(person__in=codes, ended_at=None).update(ended_at=now)
            made = [SignInSlip(person=one, expires_at=now + WORKS_FOR) for one in people]
            for slip in made:
                slip.code_hash = _keyed(slip.pk, codes[slip.person_id])
                slip.made_by = by if isinstance(by, Person) else None
            SignInSlip.objects.bulk_create(made)
            door.record("slips_handed_out", after={"people": sorted(map(str, codes))}, topics=["people"])
        return codes

    @classmethod
    def used(cls, sign_in_name: str, code: str, password: str) -> Person | None:
        """The person, with this password from now on; none where name and code do not go together.

        After five wrong codes a slip has ended: a teacher hands out another.
        """
        with transaction.atomic():
            standing = cls.objects.filter(ended_at=None, expires_at__gt=timezone.now(), person__is_active=True)
            slip = (
                standing.select_for_update(of=("self",))
                .select_related("person")
                .filter(person__sign_in_name=sign_in_name.strip().lower())
                .first()
            )
            if slip is None:
                return None
            typed = "".join(code.lower().replace("-", " ").split())
            fits = constant_time_compare(_keyed(slip.pk, typed), slip.code_hash)
            if not fits:
                slip.failures += 1
            if fits or slip.failures >= MOST_FAILURES:
                slip.ended_at = timezone.now()
            slip.save(update_fields=["failures", "ended_at"])
            if not fits:
                return None
            slip.person.set_password(password)
            slip.person.save(update_fields=["password"])
        return slip.person


def _keyed(pk: uuid.UUID, code: str) -> str:
    return salted_hmac("profiles.slip", f"{pk}:{code}", algorithm="sha256").hexdigest()


def _name_those_without(people: Collection[Person]) -> None:
    """given.family, with a number where somebody has that name already."""
    nameless = [one for one in people if not one.sign_in_name]
    for person in nameless:
        plain = unicodedata.normalize("NFKD", f"{person.given_name}.{person.family_name}".lower())
        stem = "".join(one for one in plain if one.isascii() and (one.isalnum() or one == "."))[:50].strip(".")
        stem = stem or "student"
        taken = set(Person.objects.filter(sign_in_name__startswith=stem).values_list("sign_in_name", flat=True))
        names = [stem, *(f"{stem}.{n}" for n in range(2, len(taken) + 3))]
        person.sign_in_name = next(name for name in names if name not in taken)
        person.save(update_fields=["sign_in_name"])
