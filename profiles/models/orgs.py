from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from config import clock

from .history import Actor, Door, Versioned, open_doors
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
        return self.filter(org_kind=Org.Kind.SCHOOL)

    def visible_to(self, person: Person) -> Self:
        """The orgs a person has a role in today; a district leader's are all."""
        if person.leads_district:
            return self.all()
        return self.filter(pk__in={role.org_id for role in person.roles})

    def worked_at_by(self, person: Person) -> Self:
        """The orgs a person works at today; a district leader's are all."""
        if person.leads_district:
            return self.all()
        return self.filter(pk__in=person.staff_school_ids)


OrgManager = models.Manager.from_queryset(OrgQuerySet)


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

    sourced_id = models.CharField(max_length=255, null=True, blank=True, unique=True)
    org_kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts_of")
    time_zone = models.CharField(max_length=50, default="America/New_York")
    begun = ArrayField(models.CharField(max_length=12, choices=Part), default=list, blank=True)
    graduation_credits = models.DecimalField(_("credits to graduate"), max_digits=5, decimal_places=2, null=True)

    objects: ClassVar[OrgManager[Org]] = OrgManager()

    class Meta:
        ordering = ["name"]
        constraints = [
            # One district is one database.
            models.UniqueConstraint(fields=["org_kind"], condition=Q(org_kind="district"), name="one_district"),
            models.CheckConstraint(
                condition=Q(org_kind="district", parent=None) | (~Q(org_kind="district") & Q(parent__isnull=False)),
                name="org_below_a_district",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def school_of_record(self) -> uuid.UUID | None:
        return self.pk if self.org_kind == self.Kind.SCHOOL else self.parent_id

    def today(self) -> dt.date:
        return clock.today(self.time_zone)

    @classmethod
    def found_district(cls, name: str, *, time_zone: str = "America/New_York", by: Actor) -> Org:
        """The one district of this database. Raises `IntegrityError` where there is one already."""
        with transaction.atomic():
            district = cls.objects.create(org_kind=cls.Kind.DISTRICT, name=name, time_zone=time_zone)
            with district.change(by=by) as door:
                door.record("founded", after={"name": name})
        return district

    def open_school(self, name: str, *, by: Person | Actor) -> Org:
        """A school of this district, in the district's time zone, with no part begun."""
        with transaction.atomic():
            school = Org.objects.create(org_kind=self.Kind.SCHOOL, name=name, parent=self, time_zone=self.time_zone)
            with open_doors(self, school, by=by) as (district_door, school_door):
                district_door.record("school_opened", target=school.pk, after={"name": name})
                school_door.record("founded", after={"name": name})
        return school

    def roles_given_by(self, person: Person) -> tuple[str, ...]:
        """Which roles here are below the person's own level today, theirs to give and to end (trust 30)."""
        if self.org_kind == self.Kind.DISTRICT:
            return ()
        if person.leads_district:
            return (RoleAssignment.Role.SCHOOL_ADMIN, *RoleAssignment.BELOW_LEADERS)
        if self.pk in person.led_school_ids:
            return RoleAssignment.BELOW_LEADERS
        return ()

    def give_role(
        self, person: Person, role: str, *, by: Person | Actor, begins: dt.date | None = None
    ) -> RoleAssignment:
        """From `begins` (today) on, the person is this here. Who is it already stays so, without a second record."""
        with self.change(by=by) as door:
            kept = self.role_assignments.current().filter(person=person, role=role, ends=None).first()
            if kept:
                return kept
            given = self.role_assignments.create(person=person, role=role, begins=begins or self.today())
            after = {"person": person.pk, "role": role, "begins": given.begins}
            door.record("role_given", target=given.pk, after=after, topics=["people"])
        return given

    def end_role(self, assignment: RoleAssignment, *, by: Person | Actor) -> None:
        """The role is gone from this click on; with the last staff role here go the person's places in teams."""
        today = self.today()
        with self.change(by=by) as door:
            assignment.refresh_from_db()
            if assignment.ends and assignment.ends <= today:
                return
            before = {"person": assignment.person_id, "role": assignment.role, "ends": assignment.ends}
            assignment.ends = max(today, assignment.begins)
            assignment.save(update_fields=["ends"])
            door.record(
                "role_ended", target=assignment.pk, before=before, after={"ends": assignment.ends}, topics=["people"]
            )
            if not self.role_assignments.current().staff().filter(person=assignment.person_id).exists():
                left = TeamMembership.objects.current().filter(team__school=self, person=assignment.person_id)
                for membership in left.select_related("team__school"):
                    membership.end(door)

    def make_team(self, name: str, meeting_kind: str, *, by: Person | Actor) -> StaffTeam:
        with self.change(by=by) as door:
            team = self.staff_teams.create(name=name, meeting_kind=meeting_kind)
            after = {"name": name, "meeting_kind": meeting_kind}
            door.record("team_made", target=team.pk, after=after, topics=["teams"])
        return team

    def require_credits(self, number: Decimal | None, *, by: Person | Actor) -> None:
        """How many credits a student of this school needs to graduate; None where it does not say."""
        with self.change(by=by) as door:
            before, self.graduation_credits = self.graduation_credits, number
            if before != number:
                self.save(update_fields=["graduation_credits"])
                after = {"credits": number}
                door.record("credits_required", before={"credits": before}, after=after, topics=["credits"])

    def begin(self, part: str, *, by: Person | Actor) -> None:
        """Take up a part of Trellis: from now on it stands in this school's menu."""
        with self.change(by=by) as door:
            self.refresh_from_db(fields=["begun"])
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

    def visible_to(self, person: Person) -> Self:
        """One's own roles, and the staff's where one works; a district leader's are all staff roles."""
        working = Q(role__in=RoleAssignment.STAFF)
        if not person.leads_district:
            working &= Q(org__in=person.staff_school_ids)
        return self.current().filter(Q(person=person) | working)


RoleAssignmentManager = models.Manager.from_queryset(RoleAssignmentQuerySet)


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
    # Outside mentors and auditors come with the issues that say what they may see.
    BELOW_LEADERS = ("teacher", "specialist", "advisor", "coach", "counselor", "student", "guardian")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="role_assignments")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="role_assignments")
    role = models.CharField(max_length=16, choices=Role)
    begins = models.DateField()
    ends = models.DateField(null=True, blank=True)
    rostered = models.BooleanField(default=False, db_default=False)
    """Brought by a roster, which may end it again; what people gave by hand it leaves alone."""

    objects: ClassVar[RoleAssignmentManager[RoleAssignment]] = RoleAssignmentManager()

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


class StaffTeamQuerySet(models.QuerySet["StaffTeam"]):
    def visible_to(self, person: Person) -> Self:
        """The teams of the schools where one works; for district leaders, all."""
        if person.leads_district:
            return self.all()
        return self.filter(school__in=person.staff_school_ids)

    def joined_by(self, person: Person) -> Self:
        return self.filter(pk__in=TeamMembership.objects.current().filter(person=person).values("team"))


StaffTeamManager = models.Manager.from_queryset(StaffTeamQuerySet)


class StaffTeam(models.Model):
    """Adults of a school who plan together: a grade-level team, a content area, the leadership team."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="staff_teams")
    name = models.CharField(pgettext_lazy("of a team", "name"), max_length=120)
    meeting_kind = models.CharField(_("kind of meeting"), max_length=16, choices=MeetingKind)

    objects: ClassVar[StaffTeamManager[StaffTeam]] = StaffTeamManager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["school", "name"], name="team_name_once_a_school")]

    def __str__(self) -> str:
        return self.name

    def rename(self, name: str, *, by: Person | Actor) -> None:
        with self.school.change(by=by) as door:
            self.refresh_from_db(fields=["name"])
            if self.name == name:
                return
            before, self.name = self.name, name
            self.save(update_fields=["name"])
            door.record("team_renamed", target=self.pk, before={"name": before}, after={"name": name}, topics=["teams"])

    def add(self, person: Person, *, by: Person | Actor, begins: dt.date | None = None) -> None:
        """The person is in the team from `begins` (today) on; who is in it already stays."""
        with self.school.change(by=by) as door:
            if not self.memberships.current().filter(person=person).exists():
                joined = self.memberships.create(person=person, begins=begins or self.school.today())
                after = {"person": person.pk, "begins": joined.begins}
                door.record("team_joined", target=self.pk, after=after, topics=["teams"])

    def remove(self, person: Person, *, by: Person | Actor) -> None:
        with self.school.change(by=by) as door:
            for membership in self.memberships.current().filter(person=person).select_related("team__school"):
                membership.end(door)


class TeamMembershipQuerySet(models.QuerySet["TeamMembership"]):
    def current(self) -> Self:
        today = clock.today()
        return self.filter(Q(ends=None) | Q(ends__gt=today), begins__lte=today)


TeamMembershipManager = models.Manager.from_queryset(TeamMembershipQuerySet)


class TeamMembership(models.Model):
    """A person's time in a staff team."""

    team = models.ForeignKey(StaffTeam, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="team_memberships")
    begins = models.DateField()
    ends = models.DateField(null=True, blank=True)

    objects: ClassVar[TeamMembershipManager[TeamMembership]] = TeamMembershipManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "person"], condition=Q(ends=None), name="one_open_membership"),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.team}"

    def end(self, door: Door) -> None:
        """Called inside the school's open door."""
        self.ends = max(self.team.school.today(), self.begins)
        self.save(update_fields=["ends"])
        door.record("team_left", target=self.team_id, before={"person": self.person_id}, topics=["teams"])
