from __future__ import annotations

import uuid

from django.db import models

from profiles.models import Person

from .tables import StrategyTable


class TableImport(models.Model):
    """A file that was looked at for a table, with what was read from it; applied or not."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    table = models.ForeignKey(StrategyTable, on_delete=models.CASCADE, related_name="imports")
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    file_name = models.CharField(max_length=200)
    found = models.JSONField()
    looked_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-looked_at"]

    def __str__(self) -> str:
        return self.file_name
