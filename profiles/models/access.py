"""Who looked at whose record, when and why (trust 6)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models
from django.utils import timezone

from .people import Person

KEPT = dt.timedelta(days=731)
"""Two years (profiles 4.11)."""


class AccessEventQuerySet(models.QuerySet["AccessEvent"]):
    def of(self, learner_id: uuid.UUID) -> Self:
        return self.filter(learners__contains=[learner_id])


AccessEventManager = models.Manager.from_queryset(AccessEventQuerySet)


class AccessEvent(models.Model):
    """A page on which somebody read about these learners, folded within the hour."""

    viewer = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=60)
    """The URL's name."""
    reason = models.CharField(max_length=12)
    subject = models.UUIDField()
    """The class or the learner whose page it was."""
    learners = ArrayField(models.UUIDField())
    hour = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)

    objects: ClassVar[AccessEventManager[AccessEvent]] = AccessEventManager()

    class Meta:
        ordering = ["-hour"]
        constraints = [
            models.UniqueConstraint(fields=["viewer", "page", "subject", "reason", "hour"], name="access_folded"),
        ]
        indexes = [GinIndex(fields=["learners"], name="access_by_learner")]

    def __str__(self) -> str:
        return f"{self.viewer_id} {self.page} {self.hour:%Y-%m-%d %H}"

    @classmethod
    def note(cls, viewer: Person, page: str, reason: str, subject: uuid.UUID, learners: Iterable[uuid.UUID]) -> None:
        """One statement. Somebody's look at their own record is not written down."""
        ids = sorted({one for one in learners if one != viewer.pk})
        if not ids:
            return
        hour = timezone.now().replace(minute=0, second=0, microsecond=0)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO profiles_accessevent (viewer_id, page, reason, subject, learners, hour, times) "
                "VALUES (%s, %s, %s, %s, %s::uuid[], %s, 1) ON CONFLICT (viewer_id, page, subject, reason, hour) "
                "DO UPDATE SET times = profiles_accessevent.times + 1, learners = ("
                "SELECT array_agg(DISTINCT one) FROM unnest(profiles_accessevent.learners || excluded.learners) one)",
                [viewer.pk, page, reason, subject, ids, hour],
            )
