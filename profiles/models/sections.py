"""Courses and classes: who teaches and learns what, and which competencies a class works on, unit by unit."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, Count, F, Q, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from config import clock

from .history import Versioned
from .learners import Why
from .orgs import Org
from .people import Person
from .sessions import AcademicSession

if TYPE_CHECKING:
    from .frameworks import Competency

CLASS_SIZE = (18, 30)
"""Students in a class (seed 002): outside it a page points it out, nothing is refused."""
ADVISORY_SIZE = 15


class Course(models.Model):
    """What can be taken and earned, whoever teaches it (OneRoster course)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sourced_id = models.CharField(max_length=255, null=True, unique=True)
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="courses")
    title = models.CharField(_("title"), max_length=255)
    code = models.CharField(_("code"), max_length=64, blank=True)
    grades = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    subjects = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    credits = models.DecimalField(_("credits"), max_digits=5, decimal_places=2, null=True, blank=True)
    next_course = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["title", "code"]

    def __str__(self) -> str:
        return self.title


class SectionQuerySet(models.QuerySet["Section"]):
    def current(self) -> Self:
        today = clock.today()
        return self.filter(Q(begins=None) | Q(begins__lte=today), Q(ends=None) | Q(ends__gt=today), closed=False)

    def taught_by(self, person: Person) -> Self:
        """The classes the person teaches today, at schools where they work today."""
        teaching = Enrollment.objects.current().filter(person=person).exclude(role=Enrollment.Role.STUDENT)
        return self.current().filter(pk__in=teaching.values("section"), school__in=person.staff_school_ids)

    def visible_to(self, person: Person) -> Self:
        """One's own classes; leaders and counselors of a school, the school's. A district leader sees sizes only.

        Each with `why`: the first reason that holds.
        """
        if not person.is_staff_today:
            return self.none().annotate(why=Value("", models.CharField()))
        reasons = {Why.SECTION: Q(pk__in=self.model.objects.taught_by(person).values("pk"))}
        for role, why in (("counselor", Why.CASELOAD), ("school_admin", Why.ADMIN)):
            if schools := {one.org_id for one in person.roles if one.role == role}:
                reasons[why] = Q(school__in=schools)
        anyone = Q()
        for condition in reasons.values():
            anyone |= condition
        *cases, last = [When(condition, then=Value(why.value)) for why, condition in reasons.items()]
        nearest = Case(*cases, default=last.result, output_field=models.CharField()) if cases else last.result
        return self.filter(anyone).annotate(why=nearest)


SectionManager = models.Manager.from_queryset(SectionQuerySet)


class Section(Versioned):
    """A class: a course in some terms, with its teachers and students (OneRoster class). A homeroom is an advisory."""

    kind = "class"

    sourced_id = models.CharField(max_length=255, null=True, unique=True)
    school = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="sections")
    course = models.ForeignKey(Course, null=True, on_delete=models.PROTECT, related_name="sections")
    title = models.CharField(_("title"), max_length=255)
    code = models.CharField(_("code"), max_length=64, blank=True)
    periods = models.CharField(_("periods"), max_length=120, blank=True)
    location = models.CharField(_("room"), max_length=120, blank=True)
    advisory = models.BooleanField(_("advisory"), default=False)
    sessions = models.ManyToManyField(AcademicSession, related_name="sections", blank=True)
    # The sessions' first and last days, so that “today's classes” needs no join. `ends` is the first day after.
    begins = models.DateField(null=True)
    ends = models.DateField(null=True)
    closed = models.BooleanField(default=False)
    unit = models.ForeignKey("Unit", null=True, on_delete=models.SET_NULL, related_name="+")
    """The one the class is in: what the grid shows first."""

    why: str
    objects: ClassVar[SectionManager[Section]] = SectionManager()

    class Meta:
        ordering = ["title", "code"]
        indexes = [models.Index(fields=["school"], name="sections_of_school")]

    def __str__(self) -> str:
        return self.title

    def school_of_record(self) -> uuid.UUID | None:
        return self.school_id

    @property
    def why_shown(self) -> Any:
        return {
            Why.SECTION: _("You see this because you teach the class."),
            Why.CASELOAD: _("You see this as a counselor of the school."),
            Why.ADMIN: _("You see this as a leader of the school."),
        }[Why(self.why)]


class EnrollmentQuerySet(models.QuerySet["Enrollment"]):
    def current(self) -> Self:
        today = clock.today()
        return self.filter(Q(begins=None) | Q(begins__lte=today), Q(ends=None) | Q(ends__gt=today))

    def students(self) -> Self:
        return self.filter(role=Enrollment.Role.STUDENT)

    def shared_by(self, people: Any) -> Any:
        """Ids of the students whom at least two of `people` teach today."""
        teaching = (
            self.current()
            .filter(person__in=people, section__in=Section.objects.current())
            .exclude(role=Enrollment.Role.STUDENT)
        )
        learning = self.current().students().filter(section__enrollments__in=teaching)
        adults = Count("section__enrollments__person", distinct=True)
        return learning.values("person").annotate(adults=adults).filter(adults__gte=2).values("person")


EnrollmentManager = models.Manager.from_queryset(EnrollmentQuerySet)


class Enrollment(models.Model):
    """A person's place in a class, from one day until another."""

    class Role(models.TextChoices):
        STUDENT = "student", _("Student")
        TEACHER = "teacher", _("Teacher")
        AIDE = "aide", _("Aide")
        PROCTOR = "proctor", _("Proctor")
        ADMINISTRATOR = "administrator", _("Administrator")

    sourced_id = models.CharField(max_length=255, null=True, unique=True)
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="enrollments")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="enrollments")
    role = models.CharField(max_length=14, choices=Role)
    primary = models.BooleanField(default=False)
    begins = models.DateField(null=True)
    ends = models.DateField(null=True)

    objects: ClassVar[EnrollmentManager[Enrollment]] = EnrollmentManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends=None) | Q(begins=None) | Q(ends__gte=F("begins")), name="enrollment_in_order"
            ),
            models.UniqueConstraint(
                fields=["section", "person", "role"], condition=Q(ends=None), name="one_open_enrollment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.section}"


class Unit(models.Model):
    """A stretch of a class's year: a few competencies that are worked on together."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="units")
    title = models.CharField(pgettext_lazy("of a unit", "title"), max_length=120)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["section", "position"], name="unit_position_once", deferrable=models.Deferrable.DEFERRED
            )
        ]

    def __str__(self) -> str:
        return self.title


class Expectation(models.Model):
    """A competency that everyone in a class works towards, and in which unit."""

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="expectations")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="expectations")
    competency: models.ForeignKey[Competency] = models.ForeignKey(
        "profiles.Competency", on_delete=models.PROTECT, related_name="expectations"
    )
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["unit__position", "position"]
        constraints = [models.UniqueConstraint(fields=["section", "competency"], name="expected_once_a_class")]

    def __str__(self) -> str:
        return f"{self.section_id}: {self.competency_id}"
