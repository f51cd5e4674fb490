from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from profiles.models import Change, Org, Person


class KitQuerySet(models.QuerySet["Kit"]):
    def visible_to(self, person: Person) -> Self:
        """The schools' own guides where one works, and the district's for everyone on its staff."""
        if not person.is_staff_today:
            return self.none()
        if person.leads_district:
            return self.all()
        return self.filter(Q(org__in=person.staff_school_ids) | Q(org__org_kind=Org.Kind.DISTRICT))


class Kit(models.Model):
    """A workshop guide that a school or district made from another: what a workshop is run by.

    `content` has the shape that workshops/kit.py describes. A workshop keeps a copy of its own, so a guide may go on
    changing without moving anything under a room of people.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="kits")
    title = models.CharField(_("title"), max_length=160)
    content = models.JSONField()
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[KitQuerySet] = KitQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def copy(cls, org: Org, title: str, content: Any, *, by: Person) -> Kit:
        with org.change(by=by) as door:
            kit = cls.objects.create(org=org, title=title, content=content, made_by=by)
            door.record("kit_copied", target=kit.pk, after={"title": title})
        return kit

    def write(self, title: str, content: Any, *, by: Person) -> None:
        with self.org.change(by=by) as door:
            before = {"title": self.title, "content": self.content}
            self.title, self.content = title, content
            self.save()
            door.record("kit_written", target=self.pk, before=before, after={"title": title, "content": content})

    def write_step(self, key: str, step: Any, *, by: Person) -> None:
        """Put a part in the place of the one with this key; its prompts keep their keys."""
        self._rewrite(lambda steps: [step if one["key"] == key else one for one in steps], by=by)

    def add_step(self, after: str, step: Any, *, by: Person) -> None:
        """A part of one's own after the one with this key, under the same step; `step["key"]` must be new."""

        def added(steps: list[Any]) -> list[Any]:
            place = next((n for n, one in enumerate(steps) if one["key"] == after), len(steps) - 1)
            number = steps[place]["step"] if steps else 1
            return [*steps[: place + 1], {**step, "step": number}, *steps[place + 1 :]]

        self._rewrite(added, by=by)

    def move_step(self, key: str, *, up: bool, by: Person) -> None:
        """One place up or down; what passes into another step belongs to it from then on."""

        def moved(steps: list[Any]) -> list[Any]:
            place = next((n for n, one in enumerate(steps) if one["key"] == key), -1)
            other = place - 1 if up else place + 1
            if place < 0 or not 0 <= other < len(steps):
                return steps
            steps = list(steps)
            if steps[place]["step"] != steps[other]["step"]:
                steps[place] = {**steps[place], "step": steps[other]["step"]}
            else:
                steps[place], steps[other] = steps[other], steps[place]
            return steps

        self._rewrite(moved, by=by)

    def remove_step(self, key: str, *, by: Person) -> None:
        """Take a part out. The last one stays: a guide without parts guides nobody."""
        self._rewrite(lambda steps: [one for one in steps if one["key"] != key] or steps, by=by)

    @property
    def last_edit(self) -> Change | None:
        """What was changed last, while the guide still stands as that left it."""
        edits = Change.objects.filter(stream=self.org.stream, target=str(self.pk), verb="kit_written")
        last = edits.order_by("-version", "-n").first()
        return last if last and last.after == {"title": self.title, "content": self.content} else None

    def undo(self, *, by: Person) -> bool:
        """As it was before the last edit; undone again, as it was after. False where nothing was edited."""
        with self.org.change(by=by):
            self.refresh_from_db(fields=["title", "content"])
            edit = self.last_edit
            if edit is None:
                return False
            before: Any = edit.before
            self.write(before["title"], before["content"], by=by)
        return True

    def _rewrite(self, change: Callable[[list[Any]], list[Any]], *, by: Person) -> None:
        """Other steps, worked out from what the guide says now, so that two people editing lose nothing."""
        with self.org.change(by=by):
            self.refresh_from_db(fields=["title", "content"])
            steps = change(self.content["steps"])
            if steps != self.content["steps"]:
                self.write(self.title, {**self.content, "steps": steps}, by=by)
