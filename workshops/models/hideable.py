from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models

from profiles.models import Actor, Person

if TYPE_CHECKING:
    from .workshops import Workshop


class Hideable(models.Model):
    """Something said or drawn that can be taken from everyone's sight and put back; hidden, it stays on record."""

    workshop: Workshop
    noun: ClassVar[str]
    """As history names it: `entry_hidden`, `entry_shown`."""
    topic: ClassVar[str]
    """What pages fetch again."""

    hidden = models.BooleanField(default=False)

    class Meta:
        abstract = True

    def hide(self, hidden: bool, *, by: Person | Actor) -> None:
        """Take it from sight, or put it back. Who said it may take back their own."""
        with self.workshop.change(by=by) as door:
            if self.hidden != hidden:
                self.hidden = hidden
                self.save(update_fields=["hidden"])
                door.record(f"{self.noun}_{'hidden' if hidden else 'shown'}", target=self.pk, topics=[self.topic])
