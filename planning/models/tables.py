from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config import clock
from profiles.models import Actor, Org, Person, StaffTeam, Versioned
from profiles.models.orgs import MeetingKind

if TYPE_CHECKING:
    from .strategies import Strategy


@dataclass(frozen=True)
class Outcome:
    """What became of a save.

    `status`: saved; same (the cell already said so); merged (both edits stand); conflict (the cell is as it was, the
    sender's value waits as a proposal); moved (a choice between two texts came too late: one of them has changed).
    """

    status: str
    version: int
    proposal: str | None = None
    strategy: Strategy | None = field(default=None, compare=False, repr=False)
    """The row as it stands after the save; None where the answer is replayed from a receipt."""

    def kept(self) -> dict[str, Any]:
        """What a receipt holds of it."""
        return {"status": self.status, "version": self.version, "proposal": self.proposal}


class Standing(models.Func):
    """Of a table, a person and a day: the person's best role in the table on that day, by name or through a team.

    Every page and save of a table asks it, and the ORM takes 3 ms to write the same as nested querysets.
    """

    template = """(
        SELECT min(member.role) FROM (VALUES (%(expressions)s)) AS asked (id, person, today)
        JOIN planning_tablemember member ON member.table_id = asked.id
        LEFT JOIN profiles_teammembership place
          ON place.team_id = member.team_id AND place.person_id = asked.person
         AND place.begins <= asked.today AND (place.ends IS NULL OR place.ends > asked.today)
        WHERE member.person_id = asked.person OR place.person_id IS NOT NULL)"""
    output_field = models.PositiveSmallIntegerField()


class StrategyTableQuerySet(models.QuerySet["StrategyTable"]):
    def with_standing_of(self, person: Person) -> Self:
        """Adds `standing`: the person's best member role in each table today, by name or through a team, or None."""
        return self.annotate(standing=Standing(models.F("pk"), Value(person.pk), Value(clock.today())))

    def visible_to(self, person: Person) -> Self:
        """planning.md 6: members, adults of the school unless kept to members, leaders of the school or district."""
        tables = self.with_standing_of(person)
        if not person.is_staff_today:
            return tables.none()
        if person.leads_district:
            return tables
        works_at = person.staff_school_ids
        colleague_at = {role.org_id for role in person.staff_roles if role.role != "coach"}
        member = Q(standing__isnull=False) & (Q(school__in=works_at) | Q(school__parent__in=works_at))
        colleague = Q(school__in=colleague_at, members_only=False)
        return tables.filter(member | colleague | Q(school__in=person.led_school_ids))

    def in_school(self, school: Org) -> Self:
        return self.filter(school=school)

    def joined(self) -> Self:
        """Of `visible_to`: those the person is a member of, by name or through a team."""
        return self.filter(Q(standing__isnull=False))

    def edited(self) -> Self:
        """Of what `visible_to` gives: where the person owns or edits."""
        return self.filter(Q(standing__in=[TableMember.Role.OWNER, TableMember.Role.EDITOR]))

    def open(self) -> Self:
        return self.filter(archived_at=None)


class StrategyTable(Versioned):
    """A team's table of strategies: what we will do, who leads and why, what it does, how we will know."""

    kind = "table"

    school = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="strategy_tables")
    team = models.ForeignKey(
        StaffTeam, null=True, blank=True, on_delete=models.SET_NULL, related_name="strategy_tables"
    )
    title = models.CharField(_("title"), max_length=160)
    meeting_kind = models.CharField(_("kind of meeting"), max_length=16, choices=MeetingKind)
    school_year = models.PositiveSmallIntegerField(_("school year"))
    members_only = models.BooleanField(_("only members may read it"), default=False)
    show_example = models.BooleanField(_("show the example row"), default=True)
    archived_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[StrategyTableQuerySet] = StrategyTableQuerySet.as_manager()  # type: ignore[assignment]
    standing: int | None

    class Meta:
        ordering = ["-changed_at"]
        indexes = [models.Index(fields=["school", "-changed_at"], name="tables_of_school")]

    def __str__(self) -> str:
        return self.title

    @property
    def years(self) -> str:
        """The school year as people write it: 2026–27."""
        return f"{self.school_year}–{(self.school_year + 1) % 100:02d}"

    def school_of_record(self) -> uuid.UUID | None:
        return self.school_id

    def also_on_change(self) -> dict[str, Any]:
        return {"changed_at": timezone.now()}

    @classmethod
    def begin(cls, school: Org, title: str, meeting_kind: str, *, by: Person, team: StaffTeam | None = None) -> Self:
        """A new table; whoever begins it owns it, and everyone in the team may edit."""
        table = cls(
            school=school,
            team=team,
            title=title,
            meeting_kind=meeting_kind,
            school_year=clock.school_year(school.today()),
        )
        table.save(force_insert=True)
        with table.change(by=by) as door:
            TableMember.objects.create(table=table, person=by, role=TableMember.Role.OWNER)
            if team:
                TableMember.objects.create(table=table, team=team, role=TableMember.Role.EDITOR)
            door.record("table_begun", after={"title": title})
        return table

    def copy(self, title: str, school_year: int, *, with_unfinished: bool, by: Person) -> StrategyTable:
        """A new table with these rows, for another year; rows that still lack something come along only if asked.

        Whoever no longer works at the school is kept by name, in words.
        """
        working = set(Person.objects.staff_of([self.school_id]).values_list("pk", flat=True))
        with transaction.atomic():
            copied = StrategyTable.begin(self.school, title, self.meeting_kind, by=by, team=self.team)
            with copied.change(by=by):
                copied.describe(by=by, school_year=school_year, members_only=self.members_only)
                for row in self.strategies.standing().with_people():
                    if with_unfinished or not row.missing:
                        row.copy_to(copied, working, by=by)
        return copied

    def describe(self, *, by: Person, **fields: Any) -> None:
        """Rename, or change kind of meeting, year, who may read, whether the example shows."""
        with self.change(by=by) as door:
            before = {name: getattr(self, name) for name in fields}
            changed = {name: value for name, value in fields.items() if before[name] != value}
            if not changed:
                return
            for name, value in changed.items():
                setattr(self, name, value)
            self.save(update_fields=list(changed))
            door.record(
                "table_described", before={name: before[name] for name in changed}, after=changed, topics=["head"]
            )

    def archive(self, *, by: Person) -> None:
        self._archive(timezone.now(), "table_archived", by)

    def bring_back(self, *, by: Person) -> None:
        self._archive(None, "table_brought_back", by)

    def _archive(self, at: Any, verb: str, by: Person) -> None:
        with self.change(by=by) as door:
            if (self.archived_at is None) == (at is None):
                return
            self.archived_at = at
            self.save(update_fields=["archived_at"])
            door.record(verb, topics=["head"])

    def share(self, who: Person | StaffTeam, role: int, *, by: Person | Actor) -> None:
        """Make a person or a team a member, or give them another role."""
        with self.change(by=by) as door:
            key: dict[str, Any] = {"person": who} if isinstance(who, Person) else {"team": who}
            member = TableMember.objects.filter(table=self, **key).first()
            before = member.role if member else None
            if before == role:
                return
            if before == TableMember.Role.OWNER:
                self._keep_an_owner(member)
            TableMember.objects.update_or_create(table=self, **key, defaults={"role": role})
            door.record(
                "member_shared",
                target=who.pk,
                before=before and {"role": before},
                after={"name": str(who), "role": role},
                topics=["head"],
            )

    def unshare(self, member: TableMember, *, by: Person) -> None:
        with self.change(by=by) as door:
            self._keep_an_owner(member)
            name, who = str(member.person or member.team), member.person_id or member.team_id
            member.delete()
            door.record("member_unshared", target=who, before={"name": name, "role": member.role}, topics=["head"])

    def _keep_an_owner(self, leaving: TableMember | None) -> None:
        """Raises `LastOwnerError` if nobody would own the table without `leaving`."""
        owners = self.members.filter(role=TableMember.Role.OWNER)
        if leaving and leaving.role == TableMember.Role.OWNER and not owners.exclude(pk=leaving.pk).exists():
            raise LastOwnerError(_("A table needs an owner: make somebody else an owner first."))

    def receive_idea(
        self, text: str, *, areas: list[str], who: str, first_step: str, origin: dict[str, Any], by: Person | Actor
    ) -> Strategy:
        """An idea from a workshop as a new row; `origin` (workshop, group, how many people) is kept as it was then."""
        from .strategies import Strategy

        people = [{"role": who}] if who else []
        values = {
            "description": text,
            "areas": areas,
            "responsible": {"people": people, "why": ""},
            "assessment": "",
        }
        if first_step:
            values["description"] = f"{text}\n{_('First step')}: {first_step}"
        return Strategy.add(self, by=by, values=values, origin=Strategy.Origin.WORKSHOP, origin_ref=origin)

    def save_cell(
        self,
        strategy_id: uuid.UUID,
        cell: str,
        value: Any,
        *,
        base_version: int,
        by: Person | Actor,
        op_id: uuid.UUID | None = None,
        cause: str = "edit",
    ) -> Outcome:
        """The one concurrency rule (planning.md 3): write, merge, or keep both.

        `base_version` is the cell's version that the sender's value started from; `value` is in its normal form.
        Raises `Strategy.DoesNotExist` where the row is not in this table.
        """
        payload = {"strategy": strategy_id, "cell": cell, "value": value, "base": base_version}
        with self.change(by=by, op_id=op_id, payload=payload) as door:
            if door.replayed:
                return Outcome(**door.result)
            strategy = self.strategies.get(pk=strategy_id)
            outcome: Outcome = strategy.take(door, cell, value, base_version, cause)
            door.status, door.result = outcome.status, outcome.kept()
        return replace(outcome, strategy=strategy)


class LastOwnerError(Exception):
    """Nobody would own the table any more."""


class TableMember(models.Model):
    """A person or a team that shares a table, and as what."""

    class Role(models.IntegerChoices):
        """In order: where someone is a member twice (by name and by team), the first of these counts."""

        OWNER = 1, _("Owner")
        EDITOR = 2, _("Editor")
        REVIEWER = 3, _("Reviewer")
        VIEWER = 4, _("Viewer")

    table = models.ForeignKey(StrategyTable, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(StaffTeam, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    role = models.PositiveSmallIntegerField(choices=Role)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True, team__isnull=False) | Q(person__isnull=False, team__isnull=True),
                name="member_is_a_person_or_a_team",
            ),
            models.UniqueConstraint(fields=["table", "person"], name="person_once_a_table"),
            models.UniqueConstraint(fields=["table", "team"], name="team_once_a_table"),
        ]

    def __str__(self) -> str:
        return f"{self.person or self.team}: {self.get_role_display()}"
