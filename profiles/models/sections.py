"""Courses and classes: who teaches and learns what, and which competencies a class works on, unit by unit."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from config import clock

from .history import Actor, Versioned
from .learners import Why
from .orgs import Org, RoleAssignment
from .people import Person
from .sessions import AcademicSession

if TYPE_CHECKING:
    from .frameworks import Competency

CLASS_SIZE = (18, 30)
"""Students in a class (seed 002): outside it a page points it out, nothing is refused."""
ADVISORY_SIZE = 15


class CourseQuerySet(models.QuerySet["Course"]):
    def visible_to(self, person: Person) -> Self:
        """What one's schools and their district offer."""
        if not person.is_staff_today:
            return self.none()
        return self.filter(Q(org__in=Org.objects.worked_at_by(person)) | Q(org__org_kind=Org.Kind.DISTRICT))


CourseManager = models.Manager.from_queryset(CourseQuerySet)


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
    closed = models.BooleanField(default=False)

    objects: ClassVar[CourseManager[Course]] = CourseManager()

    class Meta:
        ordering = ["title", "code"]

    def __str__(self) -> str:
        return self.title

    def give_credits(self, worth: Decimal | None, *, by: Person) -> None:
        """What the course earns; None: nothing is said of it."""
        with self.org.change(by=by) as door:
            self.refresh_from_db(fields=["credits"])
            if self.credits == worth:
                return
            before, self.credits = {"credits": self.credits}, worth
            self.save(update_fields=["credits"])
            door.record("course_credits", target=self.pk, before=before, after={"credits": worth}, topics=["courses"])


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
        whole = {
            why: Q(school__in=schools)
            for role, why in (("counselor", Why.CASELOAD), ("school_admin", Why.ADMIN))
            if (schools := {one.org_id for one in person.roles if one.role == role})
        }
        if not whole:
            return self.taught_by(person).annotate(why=Value(Why.SECTION.value, models.CharField()))
        reasons = {Why.SECTION: Q(pk__in=self.model.objects.taught_by(person).values("pk")), **whole}
        anyone = Q()
        for condition in reasons.values():
            anyone |= condition
        cases = [When(condition, then=Value(why.value)) for why, condition in reasons.items()]
        return self.filter(anyone).annotate(why=Case(*cases, output_field=models.CharField()))

    def sized(self) -> Self:
        """Each with `size`, how many students are in it today."""
        learning = Enrollment.objects.current().students().filter(section=OuterRef("pk"))
        counted = learning.order_by().values("section").annotate(n=Count("person", distinct=True)).values("n")
        return self.annotate(size=Coalesce(Subquery(counted), 0))

    def outside_size(self) -> Self:
        """Of sized classes, those smaller or larger than advised; an empty one is no class yet."""
        least, most = CLASS_SIZE
        outside = Q(advisory=False, size__gt=0) & (Q(size__lt=least) | Q(size__gt=most))
        return self.filter(outside | Q(advisory=True, size__gt=ADVISORY_SIZE))


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

    size: int
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
    def size_notice(self) -> str:
        """What to say of the size of a sized class; nothing is refused."""
        least, most = CLASS_SIZE
        if self.advisory:
            return _("more than %(most)s in an advisory") % {"most": ADVISORY_SIZE} if self.size > ADVISORY_SIZE else ""
        if 0 < self.size < least:
            return _("fewer than %(least)s") % {"least": least}
        return _("more than %(most)s") % {"most": most} if self.size > most else ""

    @classmethod
    def open(cls, school: Org, title: str, *, by: Person | Actor, **said: Any) -> Section:
        """A class made by hand, where no roster brings it."""
        with transaction.atomic():
            made = cls.objects.create(school=school, title=title, **said)
            with made.change(by=by) as door:
                door.record("class_opened", after={"title": title}, topics=["class"])
        return made

    def enroll(self, people: Sequence[Person], role: str, *, by: Person | Actor, begins: dt.date | None = None) -> None:
        """From `begins` (today) on they are in the class; who is in it already stays."""
        with self.change(by=by) as door:
            here = set(self.enrollments.current().filter(role=role).values_list("person", flat=True))
            new = [one for one in people if one.pk not in here]
            first = begins or self.school.today()
            Enrollment.objects.bulk_create(Enrollment(section=self, person=one, role=role, begins=first) for one in new)
            if new:
                after = {"people": [one.pk for one in new], "role": role, "begins": first}
                door.record("class_joined", after=after, topics=["class"])

    def add_unit(self, title: str, *, by: Person | Actor) -> Unit:
        """A unit at the end; the first one is where the class is."""
        with self.change(by=by) as door:
            last = self.units.order_by("position").last()
            unit = self.units.create(title=title, position=last.position + 1 if last else 0)
            if self.unit_id is None:
                self._be_in(unit)
            door.record("unit_added", target=unit.pk, after={"title": title}, topics=["units"])
        return unit

    def be_in(self, unit: Unit, *, by: Person | Actor) -> None:
        """The class works on this unit now: the page opens with it."""
        with self.change(by=by) as door:
            if self.unit_id != unit.pk:
                before = self.unit_id
                self._be_in(unit)
                door.record("unit_begun", target=unit.pk, before={"unit": before}, topics=["units"])

    def _be_in(self, unit: Unit | None) -> None:
        self.unit = unit
        self.save(update_fields=["unit"])

    def expect(self, unit: Unit, competencies: Sequence[Competency], *, by: Person | Actor) -> int:
        """The class works towards these in `unit`. Those it has already move there. Answers how many are new."""
        with self.change(by=by) as door:
            had = {one.competency_id: one for one in self.expectations.all()}
            position = max((one.position for one in had.values() if one.unit_id == unit.pk), default=-1) + 1
            new, moved = [], []
            for n, competency in enumerate(dict.fromkeys(competencies), position):
                kept = had.get(competency.pk)
                if kept is None:
                    new.append(Expectation(section=self, unit=unit, competency=competency, position=n))
                elif kept.unit_id != unit.pk:
                    kept.unit, kept.position = unit, n
                    moved.append(kept)
            Expectation.objects.bulk_create(new)
            Expectation.objects.bulk_update(moved, ["unit", "position"])
            if new or moved:
                after = {"new": [one.competency_id for one in new], "moved": [one.competency_id for one in moved]}
                door.record("expected", target=unit.pk, after=after, topics=["units"])
        return len(new)

    def drop(self, expectations: Sequence[Expectation], *, by: Person | Actor) -> None:
        """The class no longer works towards these; what students have shown of them stays theirs."""
        with self.change(by=by) as door:
            gone = [one.competency_id for one in expectations]
            if gone:
                self.expectations.filter(competency__in=gone).delete()
                door.record("expectations_dropped", before={"competencies": gone}, topics=["units"])

    def copy_units(self, other: Section, *, by: Person | Actor) -> int:
        """The other class's units and competencies, after one's own. Answers how many competencies are new here."""
        with self.change(by=by):
            new = 0
            for unit in other.units.prefetch_related("expectations__competency"):
                competencies = [one.competency for one in unit.expectations.all()]
                new += self.expect(self.add_unit(unit.title, by=by), competencies, by=by)
        return new

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

    def teaching(self) -> Self:
        """Places of adults who work somewhere today."""
        working = RoleAssignment.objects.current().staff()
        return self.exclude(role=Enrollment.Role.STUDENT).filter(person__in=working.values("person"))

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

    def rename(self, title: str, *, by: Person | Actor) -> None:
        with self.section.change(by=by) as door:
            self.refresh_from_db(fields=["title"])
            if self.title != title:
                before, self.title = self.title, title
                self.save(update_fields=["title"])
                door.record(
                    "unit_renamed", target=self.pk, before={"title": before}, after={"title": title}, topics=["units"]
                )

    def move(self, places: int, *, by: Person | Actor) -> None:
        """So many places later in the year (earlier, where negative)."""
        with self.section.change(by=by) as door:
            units = list(self.section.units.all())
            at = units.index(self)
            units.insert(max(0, min(len(units) - 1, at + places)), units.pop(at))
            for position, unit in enumerate(units):
                unit.position = position
            Unit.objects.bulk_update(units, ["position"])
            if units.index(self) != at:
                door.record(
                    "unit_moved", target=self.pk, before={"at": at}, after={"at": units.index(self)}, topics=["units"]
                )

    def remove(self, *, by: Person | Actor) -> None:
        """The unit goes, with what the class expected in it; what students have shown stays theirs."""
        with self.section.change(by=by) as door:
            gone = list(self.expectations.values_list("competency", flat=True))
            before = {"title": self.title, "position": self.position, "competencies": gone}
            pk = self.pk
            self.delete()
            if self.section.unit_id == pk:
                self.section._be_in(self.section.units.first())
            door.record("unit_removed", target=pk, before=before, topics=["units"])


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
