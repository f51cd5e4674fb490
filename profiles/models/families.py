"""Families: a way to read without an account, and growth that a student chose to share."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import uuid

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from .evidence import Demonstration
from .history import Actor
from .learners import GuardianLink, Learner
from .people import Person

LASTS = dt.timedelta(days=30)
CODE_DIGITS = 6
MOST_FAILURES = 5


class FamilyLink(models.Model):
    """A way for a family to open their page without an account: a link that ends, and a code said or printed apart."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    link = models.ForeignKey(GuardianLink, on_delete=models.CASCADE, related_name="family_links")
    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64)
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link"], condition=Q(ended_at=None), name="one_standing_family_link"),
        ]

    def __str__(self) -> str:
        return f"{self.link_id}, {self.expires_at:%Y-%m-%d}"

    @classmethod
    def make(cls, link: GuardianLink, *, by: Person | Actor) -> tuple[str, str]:
        """(token for the address, code to say apart); an earlier link of this guardian ends."""
        token = secrets.token_urlsafe(24)
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
        with link.learner.change(by=by) as door:
            link.family_links.filter(ended_at=None).update(ended_at=timezone.now())
            pk = uuid.uuid4()
            made = cls.objects.create(
                pk=pk,
                link=link,
                token_hash=_digest(token),
                code_hash=_keyed(pk, code),
                made_by=by if isinstance(by, Person) else None,
                expires_at=timezone.now() + LASTS,
            )
            door.record("family_link_made", target=made.pk, after={"guardian": link.guardian_id}, topics=["family"])
        return token, code

    @classmethod
    def named(cls, token: str) -> FamilyLink | None:
        """The link of this token while it stands, and while its guardian may read."""
        found = cls.objects.filter(token_hash=_digest(token), ended_at=None, expires_at__gt=timezone.now())
        return (
            found.filter(link__in=GuardianLink.objects.giving_sight(), link__learner__person__is_active=True)
            .select_related("link__learner__person", "link__learner__home", "link__guardian")
            .first()
        )

    def new_address(self) -> str:
        """Another token in place of the one before, for a letter: made where it is sent, so that no queue keeps it."""
        token = secrets.token_urlsafe(24)
        type(self).objects.filter(pk=self.pk).update(token_hash=_digest(token))
        return token

    def opened_with(self, code: str) -> bool:
        """Whether this is the code. After five wrong ones the link has ended: the school makes another."""
        with transaction.atomic():
            locked = type(self).objects.select_for_update().get(pk=self.pk)
            if locked.ended_at is not None:
                return False
            if constant_time_compare(_keyed(self.pk, "".join(code.split())), locked.code_hash):
                locked.failures = 0
            else:
                locked.failures += 1
                if locked.failures >= MOST_FAILURES:
                    locked.ended_at = timezone.now()
            locked.save(update_fields=["failures", "ended_at"])
            return locked.failures == 0

    def end(self, *, by: Person) -> None:
        with self.link.learner.change(by=by) as door:
            self.ended_at = timezone.now()
            self.save(update_fields=["ended_at"])
            door.record("family_link_ended", target=self.pk, topics=["family"])


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _keyed(pk: uuid.UUID, code: str) -> str:
    """Six digits are soon guessed by whoever reads the database: without the site's key they cannot."""
    return salted_hmac("profiles.family", f"{pk}:{code}", algorithm="sha256").hexdigest()


class Cheer(models.Model):
    """Growth that a student chose to share, and the one sentence an adult answered."""

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="cheers")
    demonstration = models.OneToOneField(Demonstration, on_delete=models.CASCADE, related_name="cheer")
    shared_on = models.DateField()
    answer = models.CharField(max_length=300, blank=True)
    answered_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_on = models.DateField(null=True)

    class Meta:
        ordering = ["-shared_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.learner_id}, {self.shared_on}"

    @classmethod
    def share(cls, learner: Learner, demonstration: Demonstration, *, by: Person) -> Cheer:
        """Shared twice is shared once. Raises `ValidationError` where it is somebody else's."""
        if demonstration.learner_id != learner.pk:
            raise ValidationError(_("This is somebody else's."))
        with learner.change(by=by) as door:
            cheer, made = cls.objects.get_or_create(
                demonstration=demonstration, defaults={"learner": learner, "shared_on": learner.home.today()}
            )
            if made:
                door.record("growth_shared", target=demonstration.pk, topics=["growth"])
        return cheer

    def reply(self, answer: str, *, by: Person) -> None:
        """One sentence, by the first adult who says it."""
        with self.learner.change(by=by) as door:
            told = (
                type(self)
                .objects.filter(pk=self.pk, answer="")
                .update(answer=answer, answered_by=by, answered_on=self.learner.home.today())
            )
            if told:
                door.record(
                    "growth_answered", target=self.demonstration_id, after={"answer": answer}, topics=["growth"]
                )
