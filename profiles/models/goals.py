"""Goals, reflections, check-ins, commitments and conferences (profiles 4.5). The student owns the goals."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .evidence import Estimate, Evidence
from .frameworks import Competency
from .history import Actor
from .learners import Learner, tell_path
from .people import Person

WEEK_GOALS = 3
CHECK_IN_EVERY = 10
"""School days; then a check-in is overdue."""
REVIEW_GOALS_EVERY = 15
CONFERENCE_EVIDENCE = 3


class GoalQuerySet(models.QuerySet["Goal"]):
    def standing(self) -> Self:
        return self.filter(state__in=Goal.STANDING)


GoalManager = models.Manager.from_queryset(GoalQuerySet)


class Goal(models.Model):
    """Something a student wants to reach: in years, this term or this week."""

    class Horizon(models.TextChoices):
        LONG = "long", _("in the long run")
        TERM = "term", _("this term")
        WEEK = "week", _("this week")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PROPOSED = "proposed", _("waiting for an answer")
        AGREED = "agreed", _("agreed")
        ACTIVE = "active", _("under way")
        MET = "met", _("met")
        PARKED = "parked", _("set aside")
        DROPPED = "dropped", _("dropped")

    STANDING = (State.DRAFT, State.PROPOSED, State.AGREED, State.ACTIVE)
    MOVES: ClassVar[dict[str, tuple[str, ...]]] = {
        State.DRAFT: (State.PROPOSED, State.ACTIVE, State.DROPPED),
        State.PROPOSED: (State.AGREED, State.DRAFT, State.DROPPED),
        State.AGREED: (State.ACTIVE, State.DROPPED),
        State.ACTIVE: (State.MET, State.PARKED, State.DROPPED),
        State.PARKED: (State.ACTIVE, State.DROPPED),
        State.MET: (),
        State.DROPPED: (),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="goals")
    horizon = models.CharField(max_length=4, choices=Horizon)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="parts")
    dimension = models.CharField(max_length=10, choices=Competency.Dimension)
    competency = models.ForeignKey(Competency, null=True, blank=True, on_delete=models.PROTECT, related_name="goals")
    text = models.CharField(max_length=300)
    why = models.CharField(max_length=500, blank=True)
    baseline = models.JSONField(null=True)
    """What held when it was set, for good: {"state": 1, "on": "2026-09-07"} of a competency, else {"on": …}."""
    target = models.CharField(max_length=200, blank=True)
    due = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    set_on = models.DateField()
    met_on = models.DateField(null=True)
    reviewed_on = models.DateField(null=True)

    objects: ClassVar[GoalManager[Goal]] = GoalManager()

    class Meta:
        ordering = ["due", "set_on"]
        indexes = [models.Index(fields=["learner", "state"], name="goals_of_learner")]

    def __str__(self) -> str:
        return self.text

    @classmethod
    def set(cls, learner: Learner, *, by: Person | Actor, **said: Any) -> Goal:
        """A new goal, as a draft; its baseline is frozen now. Raises `ValidationError` at a fourth goal of the week."""
        with learner.change(by=by) as door:
            cls._room_for(learner, said["horizon"])
            today = learner.home.today()
            goal = cls(learner=learner, set_on=today, **said)
            if goal.competency_id:
                now = Estimate.objects.filter(learner=learner, competency=goal.competency_id).first()
                goal.baseline = {"state": now.state if now else 0, "on": today.isoformat()}
            elif goal.baseline is None:
                goal.baseline = {"on": today.isoformat()}
            goal.save()
            door.record(
                "goal_set", target=goal.pk, after={"text": goal.text, "horizon": goal.horizon}, topics=["goals"]
            )
        return goal

    @classmethod
    def _room_for(cls, learner: Learner, horizon: str) -> None:
        if horizon == cls.Horizon.WEEK and learner.goals.standing().filter(horizon=horizon).count() >= WEEK_GOALS:
            raise ValidationError(
                gettext("There are %(n)s goals for this week already. Finish or set one aside first.")
                % {"n": WEEK_GOALS}
            )

    def move(self, state: str, *, by: Person | Actor, reason: str = "", reflection: str = "") -> None:
        """On to another state. Raises `ValidationError` where the goal cannot go there, or where words are missing:
        setting aside and dropping need a reason; met needs evidence of its competency since it was set, or a
        reflection.
        """
        with self.learner.change(by=by) as door:
            self.refresh_from_db(fields=["state"])
            if state not in self.MOVES[self.state]:
                raise ValidationError(
                    gettext("A goal that is “%(now)s” cannot become “%(then)s”.")
                    % {"now": self.get_state_display(), "then": self.State(state).label}
                )
            if state in (self.State.PARKED, self.State.DROPPED) and not reason and self.state != self.State.DRAFT:
                raise ValidationError(gettext("Say in a few words why: it helps when you look back."))
            today = self.learner.home.today()
            if state == self.State.MET:
                if not reflection and not self._has_evidence():
                    raise ValidationError(gettext("Say what you did, or show something: that is how a goal is met."))
                self.met_on = today
                if reflection:
                    Reflection.objects.create(learner=self.learner, goal=self, text=reflection, on=today)
            before, self.state = self.state, state
            self.save(update_fields=["state", "met_on"])
            after = {"state": state} | ({"reason": reason} if reason else {})
            door.record("goal_moved", target=self.pk, before={"state": before}, after=after, topics=["goals"])
            tell_path([self.learner_id], "goal", self.text)

    def comment(self, text: str, *, by: Person) -> None:
        """A word on it, for everyone who may read it: it stands in the goal's story."""
        with self.learner.change(by=by) as door:
            door.record("goal_commented", target=self.pk, after={"text": text}, topics=["goals"])

    def _has_evidence(self) -> bool:
        shown = Evidence.objects.standing().filter(learner=self.learner, observed_on__gte=self.set_on)
        return self.competency_id is not None and shown.filter(ratings__competency=self.competency_id).exists()

    def adjust(self, *, by: Person | Actor, reason: str, seen: dict[str, Any] | None = None, **said: Any) -> None:
        """Change what is aimed at, by when; the baseline stays. `seen` is what the writer read before.

        Raises `ValidationError` without a reason, and `GoalChanged` where somebody else changed the same meanwhile.
        """
        if not reason:
            raise ValidationError(gettext("Say in a few words why: it helps when you look back."))
        with self.learner.change(by=by) as door:
            self.refresh_from_db()
            before = {name: getattr(self, name) for name in said}
            if seen and any(before[name] not in (seen[name], value) for name, value in said.items()):
                raise GoalChanged
            for name, value in said.items():
                setattr(self, name, value)
            self.reviewed_on = self.learner.home.today()
            self.save(update_fields=[*said, "reviewed_on"])
            door.record(
                "goal_adjusted", target=self.pk, before=before, after={**said, "reason": reason}, topics=["goals"]
            )
            tell_path([self.learner_id], "goal", self.text)


class GoalChanged(ValidationError):  # noqa: N818 (what happened, no mistake in this code)
    """Two people changed the same of a goal at once."""

    def __init__(self) -> None:
        super().__init__(gettext("Somebody changed the same while you were writing. Both texts are below; save again."))


class Reflection(models.Model):
    """A student looks back: what they did, how hard they tried, what helped."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="reflections")
    goal = models.ForeignKey(Goal, null=True, blank=True, on_delete=models.SET_NULL, related_name="reflections")
    prompt = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    effort = models.PositiveSmallIntegerField(null=True)
    strategy_used = models.CharField(max_length=200, blank=True)
    help_from = models.CharField(max_length=200, blank=True)
    on = models.DateField()

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(effort=None) | Q(effort__range=(1, 4)), name="effort_1_to_4")]

    def __str__(self) -> str:
        return self.text[:80]

    @classmethod
    def write(cls, learner: Learner, *, by: Person | Actor, op_id: uuid.UUID | None = None, **said: Any) -> None:
        with learner.change(by=by, op_id=op_id, payload={name: str(value) for name, value in said.items()}) as door:
            if not door.replayed:
                made = cls.objects.create(learner=learner, on=learner.home.today(), **said)
                door.record("reflected", target=made.pk, after={"effort": made.effort}, topics=["goals"])


class Conference(models.Model):
    """A conference the student leads: what they chose to show, whether they rehearsed, what came of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="conferences")
    planned_on = models.DateField()
    evidence = models.ManyToManyField(Evidence, related_name="+", blank=True)
    rehearsed_on = models.DateField(null=True)
    attendees = models.CharField(max_length=300, blank=True)
    interpreter = models.CharField(max_length=80, blank=True)
    notes = models.TextField(blank=True)
    held_on = models.DateField(null=True)

    class Meta:
        ordering = ["-planned_on"]

    def __str__(self) -> str:
        return f"{self.learner_id}, {self.planned_on}"

    @classmethod
    def plan(
        cls, learner: Learner, on: dt.date, *, by: Person, attendees: str = "", interpreter: str = ""
    ) -> Conference:
        with learner.change(by=by) as door:
            made = cls.objects.create(learner=learner, planned_on=on, attendees=attendees, interpreter=interpreter)
            door.record("conference_planned", target=made.pk, after={"on": on}, topics=["conferences"])
        return made

    def choose(self, evidence: list[Evidence], *, by: Person) -> None:
        """What the student shows. Raises `ValidationError` at a fourth piece."""
        if len(evidence) > CONFERENCE_EVIDENCE:
            raise ValidationError(gettext("Choose three at most: few things, looked at well."))
        with self.learner.change(by=by) as door:
            self.evidence.set(evidence)
            after = {"evidence": [one.pk for one in evidence]}
            door.record("conference_prepared", target=self.pk, after=after, topics=["conferences"])

    def rehearse(self, *, by: Person) -> None:
        with self.learner.change(by=by) as door:
            self.rehearsed_on = self.learner.home.today()
            self.save(update_fields=["rehearsed_on"])
            door.record("conference_rehearsed", target=self.pk, topics=["conferences"])

    def note(self, text: str, *, by: Person) -> None:
        """One more line: whoever writes at the same time writes another."""
        with self.learner.change(by=by) as door:
            self.refresh_from_db(fields=["notes"])
            line = f"{by}: {' '.join(text.split())}"
            self.notes = f"{self.notes}\n{line}" if self.notes else line
            self.save(update_fields=["notes"])
            door.record("conference_noted", target=self.pk, after={"text": text}, topics=["conferences"])

    def promise(self, who: str, what: str, due: dt.date | None, *, by: Person) -> Commitment:
        with self.learner.change(by=by) as door:
            today = self.learner.home.today()
            made = self.commitments.create(learner=self.learner, who=who, what=what, due=due, made_on=today)
            door.record("promised", target=made.pk, after={"who": who, "what": what}, topics=["conferences"])
        return made

    def hold(self, *, by: Person) -> None:
        """It took place today."""
        with self.learner.change(by=by) as door:
            self.held_on = self.learner.home.today()
            self.save(update_fields=["held_on"])
            door.record("conference_held", target=self.pk, after={"on": self.held_on}, topics=["conferences"])


class CheckIn(models.Model):
    """A short talk between a student and an adult: planned, held, missed or moved."""

    class Kind(models.TextChoices):
        ADVISORY = "advisory", _("Advisory")
        COACHING = "coaching", _("Coaching")
        QUICK = "quick", _("A quick word")
        FAMILY = "family", _("With family")

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        HELD = "held", _("held")
        MISSED = "missed", _("missed")
        MOVED = "moved", _("moved")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="check_ins")
    adult = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="check_ins")
    check_in_kind = models.CharField(max_length=8, choices=Kind, default=Kind.ADVISORY)
    planned_on = models.DateField()
    held_on = models.DateField(null=True)
    minutes = models.PositiveSmallIntegerField(null=True)
    agenda = ArrayField(models.CharField(max_length=300), default=list)
    shared_note = models.TextField(blank=True)
    """What student and family read too."""
    own_note = models.TextField(blank=True)
    """For the adult who keeps it; an education record all the same."""
    state = models.CharField(max_length=7, choices=State, default=State.PLANNED)

    class Meta:
        ordering = ["-planned_on"]
        indexes = [models.Index(fields=["learner", "-held_on"], name="check_ins_of_learner")]

    def __str__(self) -> str:
        return f"{self.learner_id}, {self.planned_on}"

    @classmethod
    def plan(cls, learner: Learner, adult: Person, on: dt.date, *, by: Person, kind: str = Kind.ADVISORY) -> CheckIn:
        """What was promised last time and is still open stands on its agenda."""
        with learner.change(by=by) as door:
            open_ones = learner.commitments.filter(state=Commitment.State.OPEN)
            agenda = [one.what for one in open_ones.order_by("due")]
            made = cls.objects.create(learner=learner, adult=adult, planned_on=on, check_in_kind=kind, agenda=agenda)
            door.record("check_in_planned", target=made.pk, after={"on": on}, topics=["check_ins"])
        return made

    def hold(
        self,
        *,
        by: Person,
        shared_note: str = "",
        own_note: str = "",
        minutes: int | None = None,
        promises: list[tuple[str, str, dt.date | None]] | None = None,
    ) -> None:
        """It took place today. `promises`: (who: student, adult or family; what; by when).

        Raises `ValidationError` where it is no longer planned (a second tap, another tab).
        """
        with self.learner.change(by=by) as door:
            self._check_planned()
            self.state, self.held_on = self.State.HELD, self.learner.home.today()
            self.shared_note, self.own_note, self.minutes = shared_note, own_note, minutes
            self.save()
            Commitment.objects.bulk_create(
                Commitment(learner=self.learner, check_in=self, who=who, what=what, due=due, made_on=self.held_on)
                for who, what, due in promises or []
            )
            door.record("check_in_held", target=self.pk, after={"on": self.held_on}, topics=["check_ins"])

    def miss(self, *, by: Person, moved_to: dt.date | None = None) -> None:
        """It did not take place; with `moved_to`, another day is set for it. Raises `ValidationError` as `hold`."""
        with self.learner.change(by=by) as door:
            self._check_planned()
            self.state = self.State.MOVED if moved_to else self.State.MISSED
            self.save(update_fields=["state"])
            if moved_to:
                type(self).objects.create(
                    learner=self.learner,
                    adult=self.adult,
                    planned_on=moved_to,
                    check_in_kind=self.check_in_kind,
                    agenda=self.agenda,
                )
            door.record("check_in_missed", target=self.pk, after={"moved_to": moved_to}, topics=["check_ins"])

    def _check_planned(self) -> None:
        self.refresh_from_db(fields=["state"])
        if self.state != self.State.PLANNED:
            raise ValidationError(
                gettext("This check-in is not planned any more: %(state)s.") % {"state": self.get_state_display()}
            )


class Commitment(models.Model):
    """What a student, an adult or the family promised; open ones begin the next talk."""

    class Who(models.TextChoices):
        STUDENT = "student", _("the student")
        ADULT = "adult", _("the adult")
        FAMILY = "family", _("the family")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        KEPT = "kept", _("kept")
        LET_GO = "let_go", _("let go")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="commitments")
    check_in = models.ForeignKey(CheckIn, null=True, on_delete=models.SET_NULL, related_name="commitments")
    conference = models.ForeignKey(Conference, null=True, on_delete=models.SET_NULL, related_name="commitments")
    who = models.CharField(max_length=7, choices=Who)
    what = models.CharField(max_length=300)
    due = models.DateField(null=True)
    made_on = models.DateField()
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due", "made_on"]
        indexes = [models.Index(fields=["learner", "state"], name="commitments_of_learner")]

    def __str__(self) -> str:
        return self.what

    def settle(self, state: str, *, by: Person) -> None:
        with self.learner.change(by=by) as door:
            self.state, self.settled_at = state, timezone.now()
            self.save(update_fields=["state", "settled_at"])
            door.record("commitment_settled", target=self.pk, after={"state": state}, topics=["check_ins"])
