from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from config import clock

from .history import Versioned
from .people import Person


class MeetingKind(models.TextChoices):
    """The settings in which the planning tool says a table is filled in (seed 000)."""

    GRADE_TEAM = "grade_team", _("Grade-level team")
    CONTENT_TEAM = "content_team", _("Content area")
    LEADERSHIP = "leadership", _("Leadership team")
    STAFF = "staff", _("Staff meeting")
    OTHER = "other", _("Other")


class OrgQuerySet(models.QuerySet["Org"]):
    def schools(self) -> Self:
        return self.filter(kind=Org.Kind.SCHOOL)

    def visible_to(self, person: Person) -> Self:
        """The orgs a person has a role in today; a district leader's are all."""
        if person.leads_district:
            return self.all()
        return self.filter(pk__in={role.org_id for role in person.roles})


class Org(Versioned):
    """A district, a school, or a small learning community or department inside a school."""

    kind = "org"

    class Kind(models.TextChoices):
        DISTRICT = "district", _("District")
        SCHOOL = "school", _("School")
        COMMUNITY = "community", _("Small learning community")
        DEPARTMENT = "department", _("Department")

    class Part(models.TextChoices):
        PLANS = "plans", _("Plans")
        WORKSHOPS = "workshops", _("Workshops")
        LEARNERS = "learners", _("Students")

    org_kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts_of")
    time_zone = models.CharField(max_length=50, default="America/New_York")
    begun = ArrayField(models.CharField(max_length=12, choices=Part), default=list, blank=True)

    objects: ClassVar[models.Manager[Org]] = OrgQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(org_kind="district", parent=None) | (~Q(org_kind="district") & Q(parent__isnull=False)),
                name="org_below_a_district",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def school_of_record(self) -> uuid.UUID | None:
        return self.pk if self.org_kind == self.Kind.SCHOOL else self.parent_id

    def today(self) -> dt.date:
        return clock.today(self.time_zone)

    def begin(self, part: str, *, by: Person) -> None:
        """Take up a part of Trellis: from now on it stands in this school's menu."""
        with self.change(by=by) as door:
            if part not in self.begun:
                self.begun = [*self.begun, part]
                self.save(update_fields=["begun"])
                door.record("part_begun", target=part)


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    def current(self) -> Self:
        """Roles that hold today. A role's last day is the day before `ends`: what ended today is gone."""
        today = clock.today()
        return self.filter(Q(ends=None) | Q(ends__gt=today), begins__lte=today)

    def staff(self) -> Self:
        return self.filter(role__in=RoleAssignment.STAFF)


class RoleAssignment(models.Model):
    """What a person is at an org, from one day until another."""

    class Role(models.TextChoices):
        STUDENT = "student", _("Student")
        GUARDIAN = "guardian", _("Family")
        TEACHER = "teacher", _("Teacher")
        SPECIALIST = "specialist", _("Specialist")
        ADVISOR = "advisor", _("Advisor")
        MENTOR = "mentor_external", _("Outside mentor")
        COACH = "coach", _("Instructional coach")
        COUNSELOR = "counselor", _("Counselor")
        SCHOOL_ADMIN = "school_admin", _("School leader")
        DISTRICT_ADMIN = "district_admin", _("District leader")
        AUDITOR = "auditor", _("Auditor")

    STAFF = ("teacher", "specialist", "advisor", "coach", "counselor", "school_admin", "district_admin")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="role_assignments")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="role_assignments")
    role = models.CharField(max_length=16, choices=Role)
    begins = models.DateField()
    ends = models.DateField(null=True, blank=True)

    objects: ClassVar[RoleAssignmentQuerySet] = RoleAssignmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends=None) | Q(ends__gte=F("begins")), name="role_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["person", "org", "role"], condition=Q(ends=None), name="one_open_role_of_a_kind"
            ),
        ]
        indexes = [models.Index(fields=["org", "role"], name="roles_of_org")]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.org}"

    @property
    def is_staff(self) -> bool:
        return self.role in self.STAFF


class StaffTeam(models.Model):
    """Adults of a school who plan together: a grade-level team, a content area, the leadership team."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="staff_teams")
    name = models.CharField(pgettext_lazy("of a team", "name"), max_length=120)
    meeting_kind = models.CharField(max_length=16, choices=MeetingKind)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["school", "name"], name="team_name_once_a_school")]

    def __str__(self) -> str:
        return self.name


class TeamMembershipQuerySet(models.QuerySet["TeamMembership"]):
    def current(self) -> Self:
        today = clock.today()
        return self.filter(Q(ends=None) | Q(ends__gt=today), begins__lte=today)


class TeamMembership(models.Model):
    """A person's time in a staff team."""

    team = models.ForeignKey(StaffTeam, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="team_memberships")
    begins = models.DateField()
    ends = models.DateField(null=True, blank=True)

    objects: ClassVar[TeamMembershipQuerySet] = TeamMembershipQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "person"], condition=Q(ends=None), name="one_open_membership"),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.team}"
