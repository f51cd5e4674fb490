from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from profiles.models import Org, Person


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
