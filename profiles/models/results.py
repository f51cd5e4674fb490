"""Results of tests that came by file, whom they belong to, and measures on a test's own scale."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from .history import Actor
from .learners import Learner
from .orgs import Org
from .people import Person


class ResultImportQuerySet(models.QuerySet["ResultImport"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(org__in=Org.objects.visible_to(person).values("pk"))


ResultImportManager = models.Manager.from_queryset(ResultImportQuerySet)


class ResultImport(models.Model):
    """A file of results that was looked at, and what came of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="result_imports")
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    file_name = models.CharField(max_length=200)
    file = models.BinaryField(null=True)
    """Between looking and applying; gone afterwards."""
    codes = models.JSONField(default=dict)
    """What was picked for codes that fit no competency: {code: competency's id, or "" to leave it out}."""
    report = models.JSONField(default=dict)
    """Counts of what was brought in."""
    before = models.JSONField(default=dict)
    """For the undo: {"evidence": [ids], "people": [ids of students it created]}."""
    looked_at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    objects: ClassVar[ResultImportManager[ResultImport]] = ResultImportManager()

    class Meta:
        ordering = ["-looked_at"]

    def __str__(self) -> str:
        return self.file_name


class ResultMapping(models.Model):
    """Who a test means by an id, told once and kept: a student, somebody to create, or nobody."""

    class Meant(models.TextChoices):
        PERSON = "person"
        CREATE = "create"
        SKIP = "skip"

    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="result_mappings")
    source_id = models.CharField(max_length=255)
    meant = models.CharField(max_length=6, choices=Meant)
    learner = models.ForeignKey(Learner, null=True, on_delete=models.CASCADE, related_name="+")
    school = models.ForeignKey(Org, null=True, on_delete=models.CASCADE, related_name="+")
    """Where to create a student."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "source_id"], name="result_id_means_one"),
            models.CheckConstraint(
                condition=Q(meant="person", learner__isnull=False)
                | Q(meant="create", school__isnull=False)
                | Q(meant="skip", learner=None, school=None),
                name="result_id_means_what",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}: {self.meant}"


class ScaleScore(models.Model):
    """A measure on a test's own scale, with its standard error in points of that scale."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="scale_scores")
    instrument = models.CharField(max_length=120)
    score = models.FloatField()
    se = models.FloatField()
    taken_on = models.DateField()
    norm_version = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["taken_on"]
        constraints = [
            models.UniqueConstraint(fields=["learner", "instrument", "taken_on"], name="one_scale_score_a_day"),
            models.CheckConstraint(condition=Q(se__gt=0), name="scale_score_has_an_error"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument}: {self.score} ± {self.se}"

    @classmethod
    def record(cls, learner: Learner, instrument: str, *, by: Person | Actor, **said: Any) -> ScaleScore:
        """`said`: score, se, taken_on, norm_version. Said again of one day, it takes the place of what was there."""
        with learner.change(by=by) as door:
            made, _new = cls.objects.update_or_create(
                learner=learner, instrument=instrument, taken_on=said.pop("taken_on"), defaults=said
            )
            after = {"instrument": instrument, "taken_on": made.taken_on, **said}
            door.record("scale_score_recorded", target=made.pk, after=after, topics=["evidence"])
        return made
