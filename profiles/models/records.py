"""Copies of a whole record: asked for, made by the worker, taken away, gone."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar, Self

from django.db import models
from django.utils import timezone

from .learners import Learner
from .people import Person

KEPT = dt.timedelta(days=7)


class RecordCopyQuerySet(models.QuerySet["RecordCopy"]):
    def asked_by(self, person: Person) -> Self:
        """Only who asked takes it away; for everybody else it is not there."""
        return self.filter(asked_by=person, expires_at__gt=timezone.now())


RecordCopyManager = models.Manager.from_queryset(RecordCopyQuerySet)


class RecordCopy(models.Model):
    """Everything held on a student as one file, for the person who asked; kept a week."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="copies")
    asked_by = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    language = models.CharField(max_length=8)
    file = models.BinaryField(null=True)
    """A zip; empty until the worker has made it."""
    made_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    objects: ClassVar[RecordCopyManager[RecordCopy]] = RecordCopyManager()

    class Meta:
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"{self.learner_id}, {self.asked_at:%Y-%m-%d}"

    @classmethod
    def ask(cls, learner: Learner, *, by: Person, language: str) -> RecordCopy:
        """The copy asked for before makes room."""
        with learner.change(by=by) as door:
            cls.objects.filter(learner=learner, asked_by=by).delete()
            made = cls.objects.create(learner=learner, asked_by=by, language=language, expires_at=timezone.now() + KEPT)
            door.record("record_asked_for", target=made.pk, topics=["record"])
        return made

    def hold(self, file: bytes) -> None:
        """The worker has made it."""
        self.file, self.made_at = file, timezone.now()
        self.save(update_fields=["file", "made_at"])

    @classmethod
    def forget(cls) -> None:
        """Copies nobody may take any more."""
        cls.objects.filter(expires_at__lte=timezone.now()).delete()
