"""The school year: its sessions, the days without school, and how many school days lie between two dates."""

from __future__ import annotations

import datetime as dt
import uuid
from bisect import bisect_left, bisect_right
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config import clock

from .history import Actor
from .orgs import Org
from .people import Person


class AcademicSessionQuerySet(models.QuerySet["AcademicSession"]):
    def current(self) -> Self:
        today = clock.today()
        return self.filter(begins__lte=today, ends__gt=today, closed=False)


AcademicSessionManager = models.Manager.from_queryset(AcademicSessionQuerySet)


class AcademicSession(models.Model):
    """A school year, term or grading period (OneRoster academicSession). `ends` is the first day after it."""

    class Kind(models.TextChoices):
        SCHOOL_YEAR = "schoolYear", _("School year")
        SEMESTER = "semester", _("Semester")
        TERM = "term", _("Term")
        GRADING_PERIOD = "gradingPeriod", _("Grading period")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sourced_id = models.CharField(max_length=255, null=True, unique=True)
    title = models.CharField(max_length=255)
    session_kind = models.CharField(max_length=16, choices=Kind)
    begins = models.DateField()
    ends = models.DateField()
    parent = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="parts")
    school_year = models.PositiveSmallIntegerField(null=True)
    closed = models.BooleanField(default=False)

    objects: ClassVar[AcademicSessionManager[AcademicSession]] = AcademicSessionManager()

    class Meta:
        ordering = ["begins", "title"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("begins")), name="session_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return self.title


class Holiday(models.Model):
    """A weekday without school, for the whole district or for one school."""

    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="holidays")
    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["org", "day"], name="holiday_once")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def add(cls, org: Org, day: dt.date, name: str, *, by: Person | Actor) -> None:
        """No school on this day. The same day again is renamed."""
        with org.change(by=by) as door:
            _kept, _made = cls.objects.update_or_create(org=org, day=day, defaults={"name": name})
            door.record("holiday_added", target=day, after={"name": name}, topics=["holidays"])

    def remove(self, *, by: Person | Actor) -> None:
        with self.org.change(by=by) as door:
            self.delete()
            door.record("holiday_removed", target=self.day, before={"name": self.name}, topics=["holidays"])


class SchoolDays:
    """The school days of one school in order: weekdays within its terms, less holidays. Two queries to make.

    Where no session is known, every weekday counts: a school that typed its classes in wants its days too.
    """

    def __init__(self, school: Org) -> None:
        sessions = list(AcademicSession.objects.filter(closed=False).values_list("session_kind", "begins", "ends"))
        terms = [one for one in sessions if one[0] != AcademicSession.Kind.SCHOOL_YEAR]
        spans = [(begins, ends) for _kind, begins, ends in terms or sessions]
        off = set(Holiday.objects.filter(org__in=[school.pk, school.parent_id]).values_list("day", flat=True))
        if not spans:
            middle = clock.today(school.time_zone)
            spans = [(middle - dt.timedelta(days=731), middle + dt.timedelta(days=731))]
        self.days = sorted(_weekdays(spans) - off)

    def between(self, first: dt.date, last: dt.date) -> int:
        """School days after `first` up to and including `last`; 0 where `last` is not later."""
        return max(0, bisect_right(self.days, last) - bisect_right(self.days, first))

    def after(self, day: dt.date, n: int) -> dt.date:
        """The `n`th school day after `day`; beyond the known days, weekdays go on."""
        at = bisect_right(self.days, day) + n - 1
        if 0 <= at < len(self.days):
            return self.days[at]
        known = self.days[-1] if self.days and self.days[-1] > day else day
        left = at - len(self.days) + 1 if self.days and self.days[-1] > day else n
        while left > 0:
            known += dt.timedelta(days=1)
            left -= known.weekday() < 5
        return known

    def before(self, day: dt.date, n: int) -> dt.date:
        """The `n`th school day before `day`; before the known days, weekdays go back."""
        at = bisect_left(self.days, day) - n
        if at >= 0:
            return self.days[at]
        known = self.days[0] if self.days and self.days[0] < day else day
        left = -at if self.days and self.days[0] < day else n
        while left > 0:
            known -= dt.timedelta(days=1)
            left -= known.weekday() < 5
        return known

    def is_school_day(self, day: dt.date) -> bool:
        at = bisect_left(self.days, day)
        return at < len(self.days) and self.days[at] == day


def _weekdays(spans: list[tuple[dt.date, dt.date]]) -> set[dt.date]:
    return {
        day
        for begins, ends in spans
        for day in (begins + dt.timedelta(days=n) for n in range((ends - begins).days))
        if day.weekday() < 5
    }
