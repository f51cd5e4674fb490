"""A roster file that was looked at, and what came of it."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import models
from django.utils import timezone

from .orgs import Org
from .people import Person

UNDO_DAYS = 30


class RosterImport(models.Model):
    """One OneRoster bundle: its report, and what was there before, so that it can be undone for 30 days."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="roster_imports")
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    file_name = models.CharField(max_length=200)
    file_hash = models.CharField(max_length=64)
    file = models.BinaryField(null=True)
    """The bundle between looking and applying; gone afterwards."""
    report = models.JSONField(default=dict)
    before = models.JSONField(null=True)
    looked_at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-looked_at"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def may_be_undone(self) -> bool:
        """Applied within 30 days, and not yet undone. Whether a later one stands on it is for the verb to say."""
        if self.applied_at is None or self.undone_at is not None or self.before is None:
            return False
        return timezone.now() - self.applied_at <= dt.timedelta(days=UNDO_DAYS)
