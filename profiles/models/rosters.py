"""A roster file that was looked at, and what came of it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .orgs import Org
from .people import Person

UNDO_DAYS = 30


class RosterImportQuerySet(models.QuerySet["RosterImport"]):
    def visible_to(self, person: Person) -> Self:
        """Rosters are the district's."""
        return self.all() if person.leads_district else self.none()

    def standing(self) -> Self:
        """Applied, and not undone since."""
        return self.filter(state=RosterImport.State.APPLIED)


RosterImportManager = models.Manager.from_queryset(RosterImportQuerySet)


class RosterImport(models.Model):
    """One file of people or of days absent: its report, and what was there before, so it can be undone for 30 days."""

    class What(models.TextChoices):
        ROSTER = "roster", _("Roster")
        ABSENCES = "absences", _("Days absent")

    class State(models.TextChoices):
        LOOKING = "looking", _("being read")
        LOOKED = "looked", _("looked at")
        REFUSED = "refused", _("cannot be used")
        APPLYING = "applying", _("being brought in")
        APPLIED = "applied", _("brought in")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")
        FAILED = "failed", _("did not work")

    WORKING = (State.LOOKING, State.APPLYING, State.UNDOING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="roster_imports")
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    what = models.CharField(max_length=10, choices=What, default=What.ROSTER)
    state = models.CharField(max_length=10, choices=State, default=State.LOOKING)
    step = models.CharField(max_length=12, blank=True)
    """Where the work is: reading, comparing or writing."""
    schools = ArrayField(models.UUIDField(), default=list)
    """Those the file speaks of: a later one of the same stands on this one."""
    file_name = models.CharField(max_length=200)
    file_hash = models.CharField(max_length=64)
    file = models.BinaryField(null=True)
    """The bundle between looking and applying; gone afterwards."""
    report = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    looked_at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    objects: ClassVar[RosterImportManager[RosterImport]] = RosterImportManager()

    class Meta:
        ordering = ["-looked_at"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def topic(self) -> str:
        """What the district's stream whispers when this one is a step further."""
        return f"import/{self.pk}"

    @property
    def is_working(self) -> bool:
        return self.state in self.WORKING

    @property
    def may_be_undone(self) -> bool:
        """Applied within 30 days with some change. Whether a later one stands on it is for the verb to say."""
        standing = self.state in (self.State.APPLIED, self.State.UNDOING)
        if not standing or self.applied_at is None or not self.before:
            return False
        return timezone.now() - self.applied_at <= dt.timedelta(days=UNDO_DAYS)

    def later_on_it(self) -> RosterImport | None:
        """The first later import of one of the same schools that stands and changed something."""
        later = RosterImport.objects.standing().filter(applied_at__gt=self.applied_at, what=self.what)
        later = later.exclude(before={})
        return later.filter(schools__overlap=self.schools).order_by("applied_at").first()
