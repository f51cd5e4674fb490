from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from profiles.models import Actor, Person

from .hideable import Hideable
from .workshops import StepRun, Workshop


class ContrastItem(Hideable):
    """One line of the table: a characteristic of schools with, or without, a personalized learning environment."""

    noun, topic = "contrast", "contrast"

    class Side(models.TextChoices):
        WITH = "with", _("with")
        WITHOUT = "without", _("without")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="contrast_items")
    side = models.CharField(max_length=7, choices=Side)
    text = models.CharField(max_length=300)
    opposite = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="opposite_of"
    )
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["said_at", "pk"]

    def __str__(self) -> str:
        return self.text

    @classmethod
    def add(cls, workshop: Workshop, side: str, text: str, *, by: Person | Actor, op_id: uuid.UUID) -> bool:
        if not workshop.takes_content:
            return False
        with workshop.append(by=by, op_id=op_id, payload={"side": side, "text": text}) as door:
            if not door.replayed:
                cls.objects.get_or_create(pk=op_id, defaults={"workshop": workshop, "side": side, "text": text})
                door.record("contrast_added", target=op_id, after={"side": side, "text": text}, topics=["contrast"])
        return True

    def pair(self, other: ContrastItem | None, *, by: Person) -> None:
        """Name the opposite on the other side, or none. An opposite belongs to one line only."""
        with self.workshop.change(by=by) as door:
            for one in filter(None, (self, other)):
                type(self).objects.filter(models.Q(pk=one.pk) | models.Q(opposite=one)).update(opposite=None)
            if other is not None and other.side != self.side:
                type(self).objects.filter(pk=self.pk).update(opposite=other)
                type(self).objects.filter(pk=other.pk).update(opposite=self)
            door.record("contrast_paired", target=self.pk, after=other and str(other.pk), topics=["contrast"])


class Observation(Hideable):
    """Something seen in the film, held against the table: matches, extends, differs; with nothing beside it, new."""

    noun, topic = "observation", "alignment"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="observations")
    step = models.ForeignKey(StepRun, on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=300)
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["said_at", "pk"]

    def __str__(self) -> str:
        return self.text

    @classmethod
    def note(cls, workshop: Workshop, step: StepRun, text: str, *, by: Person | Actor, op_id: uuid.UUID) -> bool:
        if not workshop.takes_content:
            return False
        with workshop.append(by=by, op_id=op_id, payload={"observe": text}) as door:
            if not door.replayed:
                cls.objects.get_or_create(pk=op_id, defaults={"workshop": workshop, "step": step, "text": text})
                door.record("observation_noted", target=op_id, after={"text": text}, topics=["alignment"])
        return True

    def align(self, item: ContrastItem, kind: str, *, by: Person) -> None:
        with self.workshop.change(by=by) as door:
            Alignment.objects.update_or_create(observation=self, item=item, defaults={"kind": kind})
            door.record(
                "observation_aligned", target=self.pk, after={"item": str(item.pk), "kind": kind}, topics=["alignment"]
            )

    def unalign(self, item: ContrastItem, *, by: Person) -> None:
        with self.workshop.change(by=by) as door:
            if self.alignments.filter(item=item).delete()[0]:
                door.record(
                    "observation_unaligned", target=self.pk, before={"item": str(item.pk)}, topics=["alignment"]
                )


class Alignment(models.Model):
    """How something seen stands to a line of the table."""

    class Kind(models.TextChoices):
        MATCHES = "matches", _("matches")
        EXTENDS = "extends", _("goes further")
        DIFFERS = "differs", _("differs")

    observation = models.ForeignKey(Observation, on_delete=models.CASCADE, related_name="alignments")
    item = models.ForeignKey(ContrastItem, on_delete=models.CASCADE, related_name="alignments")
    kind = models.CharField(max_length=7, choices=Kind)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["observation", "item"], name="aligned_once")]

    def __str__(self) -> str:
        return f"{self.observation} {self.kind} {self.item}"
