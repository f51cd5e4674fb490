from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from profiles.models import Actor, Person

from .hideable import Hideable
from .participants import Participant
from .workshops import StepRun, Workshop


class Response(models.Model):
    """What one person wrote in a step; theirs alone until it is shown. The device makes its id before it sends."""

    class State(models.TextChoices):
        GIVEN = "given", _("given")
        WITHDRAWN = "withdrawn", _("withdrawn")
        HIDDEN = "hidden", _("hidden")

    id = models.UUIDField(primary_key=True)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="responses")
    step = models.ForeignKey(StepRun, on_delete=models.CASCADE, related_name="responses")
    prompt = models.CharField(max_length=20)
    participant = models.ForeignKey(Participant, null=True, on_delete=models.SET_NULL, related_name="responses")
    text = models.CharField(max_length=500)
    state = models.CharField(max_length=9, choices=State, default=State.GIVEN)
    late = models.BooleanField(default=False)
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["given_at", "pk"]
        indexes = [models.Index(fields=["step", "prompt"], name="responses_of_a_step")]

    def __str__(self) -> str:
        return self.text

    @classmethod
    def give(
        cls, workshop: Workshop, step: StepRun, prompt: str, text: str, participant: Participant, *, op_id: uuid.UUID
    ) -> bool:
        """Store an answer, or new words for the one this device already gave under `op_id`'s prompt entry.

        The row's id is `op_id`, so sending again changes nothing. Answers whether it is stored (False: the workshop is
        closed). Late is what comes after its step was left; it counts all the same.
        """
        if not workshop.takes_content:
            return False
        actor = Actor("participant", str(participant.pk))
        with workshop.append(by=actor, op_id=op_id, payload={"text": text, "prompt": prompt}) as door:
            if door.replayed:
                return True
            late = step.state in (StepRun.State.DONE, StepRun.State.SKIPPED)
            given = Response(
                pk=op_id, workshop=workshop, step=step, prompt=prompt, participant=participant, text=text, late=late
            )
            # One statement: get_or_create takes four, and thirty phones send at once.
            Response.objects.bulk_create([given], ignore_conflicts=True)
            door.record("answer_given", target=op_id, topics=["counts"])
        return True

    def revise(self, text: str, *, op_id: uuid.UUID) -> None:
        with self.workshop.append(by=self._writer(), op_id=op_id, payload={"text": text, "of": self.pk}) as door:
            if not door.replayed and self.text != text:
                self.text = text
                self.save(update_fields=["text"])
                door.record("answer_revised", target=self.pk, topics=["counts"])

    def withdraw(self, *, op_id: uuid.UUID) -> None:
        with self.workshop.append(by=self._writer(), op_id=op_id, payload={"withdraw": self.pk}) as door:
            if not door.replayed and self.state == self.State.GIVEN:
                self.state = self.State.WITHDRAWN
                self.save(update_fields=["state"])
                door.record("answer_withdrawn", target=self.pk, topics=["counts"])

    def _writer(self) -> Actor:
        return Actor("participant", str(self.participant_id))


class Theme(models.Model):
    """What several said, under one name; it may span the sheets."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="themes")
    label = models.CharField(_("name"), max_length=120)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return self.label

    @classmethod
    def make(
        cls, workshop: Workshop, label: str, entries: list[Any], *, by: Person, op_id: uuid.UUID | None = None
    ) -> Theme:
        """Gather entries under a name."""
        ids = [str(entry.pk) for entry in entries]
        with workshop.change(by=by, op_id=op_id, payload={"theme": label, "entries": ids}) as door:
            if door.replayed:
                return cls.objects.get(pk=door.result["theme"])
            theme = cls.objects.create(workshop=workshop, label=label)
            Entry.objects.filter(workshop=workshop, pk__in=ids).update(theme=theme)
            door.record(
                "theme_made", target=theme.pk, after={"label": label, "entries": ids}, topics=["themes", "entries"]
            )
            door.result = {"theme": str(theme.pk)}
        return theme

    def rename(self, label: str, *, by: Person) -> None:
        with self.workshop.change(by=by) as door:
            before, self.label = self.label, label
            self.save(update_fields=["label"])
            door.record("theme_renamed", target=self.pk, before=before, after=label, topics=["themes"])

    def undo(self, *, by: Person) -> None:
        """Take the theme apart; its entries stay on their sheets."""
        with self.workshop.change(by=by) as door:
            entries = [str(pk) for pk in self.entries.values_list("pk", flat=True)]
            door.record(
                "theme_undone",
                target=self.pk,
                before={"label": self.label, "entries": entries},
                topics=["themes", "entries"],
            )
            self.delete()


class Entry(Hideable):
    """A line on one of the three sheets: what somebody said, and how many said so."""

    noun, topic = "entry", "entries"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="entries")
    sheet = models.CharField(max_length=20)
    text = models.CharField(max_length=500)
    tally = models.PositiveSmallIntegerField(default=1)
    theme = models.ForeignKey(Theme, null=True, blank=True, on_delete=models.SET_NULL, related_name="entries")
    response = models.ForeignKey(Response, null=True, blank=True, on_delete=models.SET_NULL, related_name="entries")
    participant = models.ForeignKey(
        Participant, null=True, blank=True, on_delete=models.SET_NULL, related_name="entries"
    )
    late = models.BooleanField(default=False)
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["said_at", "pk"]
        indexes = [models.Index(fields=["workshop", "sheet"], name="entries_of_a_sheet")]

    def __str__(self) -> str:
        return self.text

    @classmethod
    def capture(
        cls,
        workshop: Workshop,
        sheet: str,
        text: str,
        *,
        by: Person | Actor,
        op_id: uuid.UUID,
        participant: Participant | None = None,
        response: Response | None = None,
    ) -> Entry | None:
        """Put what was said on a sheet; None once the workshop is closed. Sent again, it is the same line.

        Late is what comes after the sheets were left; it counts all the same.
        """
        if not workshop.takes_content:
            return None
        with workshop.append(by=by, op_id=op_id, payload={"sheet": sheet, "text": text}) as door:
            if not door.replayed:
                late = workshop.is_past(workshop.steps_of_sheet(sheet))
                entry = Entry(
                    pk=op_id,
                    workshop=workshop,
                    sheet=sheet,
                    text=text,
                    participant=participant,
                    response=response,
                    late=late,
                )
                Entry.objects.bulk_create([entry], ignore_conflicts=True)
                door.record("entry_captured", target=op_id, after={"sheet": sheet, "text": text}, topics=["entries"])
        return cls.objects.filter(pk=op_id).first()

    def plus_one(self, *, by: Person | Actor, op_id: uuid.UUID, participant: Participant | None = None) -> None:
        """Another said so. A participant says so once, and not of their own line."""
        with self.workshop.append(by=by, op_id=op_id, payload={"plus_one": self.pk}) as door:
            if door.replayed:
                return
            if participant is not None:
                made = participant.pk != self.participant_id
                if made:
                    _me_too, made = MeToo.objects.get_or_create(entry=self, participant=participant)
                if not made:
                    return
            Entry.objects.filter(pk=self.pk).update(tally=F("tally") + 1)
            door.record("entry_seconded", target=self.pk, topics=["entries"])

    def move_to(self, theme: Theme | None, *, by: Person) -> None:
        with self.workshop.change(by=by) as door:
            if self.theme_id != (theme and theme.pk):
                before, self.theme = self.theme_id, theme
                self.save(update_fields=["theme"])
                after = theme and str(theme.pk)
                door.record(
                    "entry_moved",
                    target=self.pk,
                    before=before and str(before),
                    after=after,
                    topics=["themes", "entries"],
                )


class MeToo(models.Model):
    """A participant who said: I said so too."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="me_toos")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "participant"], name="me_too_once")]

    def __str__(self) -> str:
        return f"{self.participant}: {self.entry}"


class ThemeSuggestion(models.Model):
    """What the machine thinks several said; never applied by itself."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="suggestions")
    input_hash = models.CharField(max_length=64)
    algorithm = models.CharField(max_length=40)
    found = models.JSONField()
    declined = models.JSONField(default=list)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workshop", "input_hash", "algorithm"], name="suggested_once")]

    def __str__(self) -> str:
        return self.input_hash

    def decline(self, entries: list[str], *, by: Person) -> None:
        """These lines do not say the same: they are not suggested together again."""
        with self.workshop.change(by=by) as door:
            if entries not in self.declined:
                self.declined.append(entries)
                self.save(update_fields=["declined"])
                door.record("suggestion_declined", after={"entries": entries}, topics=["themes"])
