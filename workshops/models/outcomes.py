from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from planning.models import Strategy, StrategyTable
from profiles.models import Actor, MeetingKind, Org, Person, StaffTeam, open_doors

from .groups import Adoption
from .hideable import Hideable
from .participants import Participant
from .workshops import Workshop


class DebriefNote(Hideable):
    """What the room learned about the characteristics, and what it will do."""

    noun, topic = "debrief", "debrief"

    class List(models.TextChoices):
        LEARNED = "learned", _("what we learned")
        WILL_DO = "will_do", _("what we will do")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="debrief_notes")
    list = models.CharField(max_length=8, choices=List)
    text = models.CharField(max_length=400)
    school_name = models.CharField(max_length=120, blank=True)
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["said_at", "pk"]

    def __str__(self) -> str:
        return self.text

    @classmethod
    def add(
        cls, workshop: Workshop, which: str, text: str, *, by: Person | Actor, op_id: uuid.UUID, school_name: str = ""
    ) -> bool:
        if not workshop.takes_content:
            return False
        with workshop.append(by=by, op_id=op_id, payload={"list": which, "text": text}) as door:
            if not door.replayed:
                cls.objects.get_or_create(
                    pk=op_id, defaults={"workshop": workshop, "list": which, "text": text, "school_name": school_name}
                )
                door.record("debrief_added", target=op_id, after={"text": text}, topics=["debrief"])
        return True


class LearningTeam(models.Model):
    """People who go on learning about the topic, with a first meeting and a leader to consult."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="learning_teams")
    school = models.ForeignKey(Org, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    school_name = models.CharField(max_length=120, blank=True)
    name = models.CharField(_("name"), max_length=120)
    topic = models.CharField(_("topic"), max_length=200)
    members = models.TextField(_("members"), max_length=1000, help_text=_("One name a line."))
    first_meeting = models.DateField(_("first meeting"), null=True, blank=True)
    consult = models.CharField(_("instructional leader to consult"), max_length=120, blank=True)
    team = models.ForeignKey(StaffTeam, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def found(
        cls,
        workshop: Workshop,
        *,
        by: Person | Actor,
        school: Org | None,
        school_name: str,
        name: str,
        topic: str,
        members: str,
        first_meeting: date | None,
        consult: str,
        op_id: uuid.UUID | None = None,
    ) -> LearningTeam:
        with workshop.change(by=by, op_id=op_id, payload={"team": name, "members": members}) as door:
            if door.replayed:
                return cls.objects.get(pk=door.result["team"])
            team = cls.objects.create(
                workshop=workshop,
                school=school,
                school_name=school_name,
                name=name,
                topic=topic,
                members=members,
                first_meeting=first_meeting,
                consult=consult,
            )
            door.record("learning_team_founded", target=team.pk, after={"name": name}, topics=["debrief"])
            door.result = {"team": str(team.pk)}
        return team

    def accept(self, *, by: Person) -> StaffTeam | None:
        """A leader of the school takes it up: a staff team of that name, with the members it has on its staff.

        None where the school is not in Trellis. Accepted again, it is the same team.
        """
        if self.school is None:
            return None
        with open_doors(self.school, self.workshop, by=by) as (_school_door, door):
            self.refresh_from_db(fields=["team"])
            if self.team is None:
                self.team = self.school.make_team(self.name, MeetingKind.OTHER, by=by)
                self.save(update_fields=["team"])
                names = {" ".join(line.split()).casefold() for line in self.members.splitlines()} - {""}
                for person in Person.objects.staff_of([self.school_id]):
                    if names & {str(person).casefold(), person.full_name.casefold()}:
                        self.team.add(person, by=by)
                door.record("learning_team_accepted", target=self.pk, topics=["debrief"])
        return self.team


class HandOver(models.Model):
    """An adopted idea on its way to the school's strategy table; the origin is frozen, so it outlives the workshop."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("waiting in the school's inbox")
        ACCEPTED = "accepted", _("in the table")
        DECLINED = "declined", _("not taken")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    adoption = models.OneToOneField(Adoption, null=True, on_delete=models.SET_NULL, related_name="hand_over")
    workshop = models.ForeignKey(Workshop, null=True, on_delete=models.SET_NULL, related_name="hand_overs")
    school = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="hand_overs")
    origin = models.JSONField()
    state = models.CharField(max_length=8, choices=State, default=State.PROPOSED)
    strategy = models.ForeignKey(Strategy, null=True, on_delete=models.SET_NULL, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["proposed_at"]

    def __str__(self) -> str:
        return str(self.origin.get("element", ""))

    @classmethod
    def propose(cls, adoption: Adoption, *, by: Person | Actor) -> HandOver | None:
        """Send an adopted element to its school, once; None where the school is not in Trellis."""
        if adoption.school is None:
            return None
        element = adoption.element
        workshop = element.group.seating.workshop
        with workshop.change(by=by) as door:
            found = cls.objects.filter(adoption=adoption).first()
            if found:
                return found
            origin = {
                "workshop": workshop.title,
                "held_on": str((workshop.starts_at or workshop.created_at).date()),
                "group": element.group.number,
                "people": element.group.members.exclude(participant__state=Participant.State.REMOVED).count(),
                "element": element.text,
                "areas": element.areas,
                "who": adoption.who,
                "first_step": adoption.first_step,
                "link": str(workshop.pk),
            }
            made = cls.objects.create(adoption=adoption, workshop=workshop, school=adoption.school, origin=origin)
            door.record(
                "element_handed_over", target=element.pk, after={"school": str(adoption.school)}, topics=["elements"]
            )
        return made

    def accept(self, table: StrategyTable, *, by: Person) -> Strategy | None:
        """Put the idea into a table of the school, with where it came from, once: accepted again, it is the same row.

        None where it was declined meanwhile.
        """
        doors = [table] if self.workshop is None else [self.workshop, table]
        with open_doors(*doors, by=by) as opened:
            self._lock()
            if self.state != self.State.PROPOSED:
                return self.strategy
            self.strategy = table.receive_idea(
                self.origin["element"],
                areas=self.origin["areas"],
                who=self.origin["who"],
                first_step=self.origin["first_step"],
                origin=self.origin,
                by=by,
            )
            self._decide(self.State.ACCEPTED, by)
            if self.workshop is not None:
                opened[0].record("idea_accepted", target=self.pk, after={"table": table.title}, topics=["elements"])
        return self.strategy

    def decline(self, *, by: Person) -> None:
        with self.school.change(by=by) as door:
            self._lock()
            if self.state == self.State.PROPOSED:
                self._decide(self.State.DECLINED, by)
                door.record("idea_declined", target=self.pk)

    def _lock(self) -> None:
        """Of two editors who decide together, with other tables in hand, the second sees what the first did."""
        HandOver.objects.select_for_update().get(pk=self.pk)
        self.refresh_from_db(fields=["state", "strategy"])

    def _decide(self, state: str, by: Person) -> None:
        self.state, self.decided_by, self.decided_at = state, by, timezone.now()
        self.save(update_fields=["state", "strategy", "decided_by", "decided_at"])
