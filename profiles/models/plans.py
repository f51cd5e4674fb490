"""The plan a student owns, the steps offered next, changes that are only ever suggested, and credit (profiles 4.6)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .frameworks import Competency
from .goals import Goal
from .history import Actor, change_many, open_doors
from .learners import Learner, tell_path
from .orgs import Org
from .people import Person
from .sections import Course, Section
from .sessions import SchoolDays

REPLY_WITHIN = 10
"""School days in which a student's own unit gets an answer."""
SUGGESTED_FOR = 10
"""School days a suggested change stands open."""
SUGGEST_EVERY = 5
"""School days: at most one suggested change a week."""
STEPS = 3


class Modality(models.TextChoices):
    """Ways to learn (seed 004)."""

    TASK = "complex_task", _("Complex task")
    PROJECT = "project", _("Project")
    FIELDWORK = "fieldwork", _("Fieldwork")
    INTERNSHIP = "internship", _("Internship")
    SMALL_GROUP = "small_group", _("Small group")
    ONE_TO_ONE = "one_to_one", _("One to one")
    PEER = "peer", _("With a classmate")
    ONLINE = "online", _("Online")
    ALONE = "alone", _("On my own")


WITH_PEOPLE = (
    Modality.PROJECT,
    Modality.FIELDWORK,
    Modality.INTERNSHIP,
    Modality.SMALL_GROUP,
    Modality.ONE_TO_ONE,
    Modality.PEER,
)


SNAPSHOT = (
    *("aim", "competency_id", "goal_id", "experience_id", "text", "modality", "place", "with_whom", "block", "pace"),
    *("minutes", "screen_minutes", "evidence_expected", "state", "origin", "reason", "position"),
)
"""Columns of a plan's item beside its id and plan."""


class LearningPlan(models.Model):
    """What a student works on in a stretch of the year, agreed with the advisor. One active plan each."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        STUDENT_READY = "student_ready", _("ready, says the student")
        IN_REVIEW = "in_review", _("being read")
        ACTIVE = "active", _("under way")
        COMPLETE = "complete", _("complete")
        ARCHIVED = "archived", _("put away")

    OVER = (State.COMPLETE, State.ARCHIVED)
    MOVES: ClassVar[dict[str, tuple[str, ...]]] = {
        State.DRAFT: (State.STUDENT_READY, State.ARCHIVED),
        State.STUDENT_READY: (State.IN_REVIEW, State.DRAFT, State.ACTIVE),
        State.IN_REVIEW: (State.ACTIVE, State.DRAFT),
        State.ACTIVE: (State.COMPLETE, State.ARCHIVED),
        State.COMPLETE: (State.ARCHIVED,),
        State.ARCHIVED: (),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="plans")
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=13, choices=State, default=State.DRAFT)
    begun_on = models.DateField()
    review_on = models.DateField(null=True)
    reviewer = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    signed_on = models.DateField(null=True)
    """By the student."""
    acknowledged_on = models.DateField(null=True)
    """By the family."""
    small_at_once = models.BooleanField(default=False)
    """The advisor lets small suggested changes apply as soon as the student agrees."""
    levels = models.JSONField(null=True)
    """{competency: state} when it was completed."""

    class Meta:
        ordering = ["-begun_on"]
        constraints = [
            models.UniqueConstraint(fields=["learner"], condition=Q(state="active"), name="one_active_plan"),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def begin(cls, learner: Learner, title: str, *, by: Person | Actor) -> LearningPlan:
        with learner.change(by=by) as door:
            made = cls.objects.create(learner=learner, title=title, begun_on=learner.home.today())
            door.record("plan_begun", target=made.pk, after={"title": title}, topics=["plan"])
        return made

    def move(self, state: str, *, by: Person | Actor) -> None:
        """Raises `ValidationError` where the plan cannot go there from where it is."""
        from .evidence import Estimate

        with self.learner.change(by=by) as door:
            self.refresh_from_db(fields=["state"])
            if state not in self.MOVES[self.state]:
                raise ValidationError(
                    gettext("A plan that is “%(now)s” cannot become “%(then)s”.")
                    % {"now": self.get_state_display(), "then": self.State(state).label}
                )
            before, self.state = self.state, state
            today = self.learner.home.today()
            if state == self.State.STUDENT_READY:
                self.signed_on = today
            if state == self.State.ACTIVE:
                for other in self.learner.plans.filter(state=self.State.ACTIVE).exclude(pk=self.pk):
                    other.move(self.State.COMPLETE, by=by)
                self.reviewer = by if isinstance(by, Person) else None
            if state == self.State.COMPLETE:
                kept = Estimate.objects.filter(learner=self.learner).values_list("competency", "banked")
                self.levels = {str(competency): banked for competency, banked in kept}
            self.save()
            door.record("plan_moved", target=self.pk, before={"state": before}, after={"state": state}, topics=["plan"])

    def snapshot(self) -> list[dict[str, Any]]:
        """Its items as JSON has them, in order: what a suggested change is made against, and what undo restores."""
        rows = self.items.order_by("position", "pk").values("id", *SNAPSHOT)
        return [
            {name: str(value) if isinstance(value, uuid.UUID) else value for name, value in row.items()} for row in rows
        ]

    def as_read(self) -> list[dict[str, Any]]:
        """The same, of the items as they were read: for pages, without a query."""
        items = sorted(self.items.all(), key=lambda one: (one.position, one.pk))
        rows = [{name: getattr(one, name) for name in ("id", *SNAPSHOT)} for one in items]
        return [
            {name: str(value) if isinstance(value, uuid.UUID) else value for name, value in row.items()} for row in rows
        ]

    def take(self, difference: dict[str, Any]) -> None:
        """Called inside the learner's open door. New items come last, then what is moved moves; positions count on."""
        gone = {one["item"] for one in difference.get("remove", [])}
        self.items.filter(pk__in=gone).delete()
        items = list(self.items.order_by("position", "pk"))
        for said in difference.get("add", []):
            fields = {name: value for name, value in said.items() if name in SNAPSHOT and name != "position"}
            at = min(said.get("position", len(items)), len(items))
            items.insert(at, PlanItem(plan=self, **fields))
        for move in difference.get("move", []):
            moved = next((one for one in items if str(one.pk) == move["item"]), None)
            if moved is not None:
                items.remove(moved)
                items.insert(min(move["to"], len(items)), moved)
        for position, item in enumerate(items):
            item.position = position
        new = [one for one in items if one._state.adding]
        PlanItem.objects.bulk_create(new)
        PlanItem.objects.bulk_update([one for one in items if one not in new], ["position"])

    def restore(self, snapshot: list[dict[str, Any]]) -> None:
        """Called inside the learner's open door."""
        self.items.all().delete()
        PlanItem.objects.bulk_create(PlanItem(plan=self, **row) for row in snapshot)

    def warnings(self) -> list[str]:
        """What is missing so far, as sentences (profiles 4.6). Its items, read once."""
        items = [one for one in self.items.all() if one.state not in (PlanItem.State.EXEMPT, PlanItem.State.PARKED)]
        said = []
        if not any(one.origin == PlanItem.Origin.STUDENT for one in items):
            said.append(gettext("Nothing in this plan is the student’s own idea yet."))
        if not any(one.with_people for one in items):
            said.append(gettext("Nothing in this plan happens with other people yet."))
        if not any(one.away_from_screen for one in items):
            said.append(gettext("Nothing in this plan happens away from a screen yet."))
        return said

    def allow_small(self, allowed: bool, *, by: Person) -> None:
        """Whether small suggested changes apply as soon as the student agrees."""
        with self.learner.change(by=by) as door:
            if self.small_at_once != allowed:
                self.small_at_once = allowed
                self.save(update_fields=["small_at_once"])
                door.record("small_changes", target=self.pk, after={"at_once": allowed}, topics=["plan"])

    def acknowledge(self, *, by: Person) -> None:
        """The family has read it."""
        with self.learner.change(by=by) as door:
            self.acknowledged_on = self.learner.home.today()
            self.save(update_fields=["acknowledged_on"])
            door.record("plan_acknowledged", target=self.pk, topics=["plan"])


class Experience(models.Model):
    """A unit to choose from: what it leads to, what it needs first, in which ways, with which mentor."""

    class Mentor(models.TextChoices):
        CLASS = "class", _("the class's teacher")
        SCHOOL = "school", _("an adult of the school")
        EXTERNAL = "external", _("somebody outside school")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="experiences")
    title = models.CharField(max_length=200)
    about = models.TextField(blank=True)
    outcomes = models.ManyToManyField(Competency, related_name="experiences")
    needs = models.ManyToManyField(Competency, related_name="+", blank=True)
    modality = models.CharField(max_length=12, choices=Modality)
    mentor = models.CharField(max_length=8, choices=Mentor, default=Mentor.CLASS)
    mentor_name = models.CharField(max_length=120, blank=True)
    place = models.CharField(max_length=120, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True)
    screen_minutes = models.PositiveSmallIntegerField(default=0)
    capacity = models.PositiveSmallIntegerField(null=True)
    proposed_by = models.ForeignKey(Learner, null=True, on_delete=models.SET_NULL, related_name="+")
    closed = models.BooleanField(default=False)

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def offer(
        cls,
        school: Org,
        *,
        by: Person | Actor,
        outcomes: Collection[Competency] = (),
        needs: Collection[Competency] = (),
        **said: Any,
    ) -> Experience:
        """A unit that students of the school may choose."""
        with school.change(by=by) as door:
            made = cls.objects.create(school=school, **said)
            made.outcomes.set(outcomes)
            made.needs.set(needs)
            door.record("unit_offered", target=made.pk, after={"title": made.title}, topics=["units"])
        return made

    def close(self, *, by: Person | Actor) -> None:
        """No longer to be chosen; who is in it goes on."""
        with self.school.change(by=by) as door:
            if not self.closed:
                self.closed = True
                self.save(update_fields=["closed"])
                door.record("unit_closed", target=self.pk, before={"title": self.title}, topics=["units"])

    def enrol(self, plan: LearningPlan, *, by: Person, mentor: str = "", origin: str = "student") -> PlanItem:
        """The student takes it into the plan. Raises `ValidationError` where it is closed or full, or taken already."""
        with open_doors(self.school, plan.learner, by=by):
            self.refresh_from_db(fields=["closed", "capacity"])
            taken = self.items.filter(state__in=PlanItem.OPEN).exclude(plan__state__in=LearningPlan.OVER)
            if taken.filter(plan=plan).exists():
                raise ValidationError(gettext("This unit is in the plan already."))
            if self.closed or (self.capacity is not None and taken.count() >= self.capacity):
                raise ValidationError(gettext("This unit has no place left. Ask when it opens again."))
            return PlanItem.add(
                plan,
                by=by,
                aim=PlanItem.Aim.EXPERIENCE,
                experience=self,
                text=self.title,
                modality=self.modality,
                place=self.place,
                with_whom=mentor or self.mentor_name or str(self.Mentor(self.mentor).label),
                minutes=self.minutes,
                screen_minutes=self.screen_minutes,
                origin=origin,
            )


class PlanItem(models.Model):
    """One thing in a plan: towards what, in which way, where, with whom, when and how long."""

    class Aim(models.TextChoices):
        COMPETENCY = "competency", _("Skill")
        GOAL = "goal", _("Goal")
        CONNECTION = "connection", _("Connection")
        EXPERIENCE = "experience", _("Unit")

    class State(models.TextChoices):
        TODO = "todo", _("to do")
        DOING = "doing", _("doing")
        SUBMITTED = "submitted", _("handed in")
        RETURNED = "returned", _("handed back")
        DONE = "done", _("done")
        EXEMPT = "exempt", _("not needed")
        PARKED = "parked", _("set aside")

    class Origin(models.TextChoices):
        STUDENT = "student", _("the student's idea")
        ADVISOR = "advisor", _("an adult's idea")
        TEMPLATE = "template", _("from the course")
        PLANNER = "planner", _("a suggested step")
        FAMILY = "family", _("the family's idea")

    class Pace(models.TextChoices):
        LITTLE = "little", _("a little most days")
        STEADY = "steady", _("two or three times a week")
        SOON = "soon", _("as soon as I can")

    OPEN = (State.TODO, State.DOING, State.SUBMITTED, State.RETURNED)
    MOVES: ClassVar[dict[str, tuple[str, ...]]] = {
        State.TODO: (State.DOING, State.PARKED, State.EXEMPT),
        State.DOING: (State.SUBMITTED, State.DONE, State.PARKED, State.EXEMPT),
        State.SUBMITTED: (State.DONE, State.RETURNED),
        State.RETURNED: (State.DOING, State.PARKED, State.EXEMPT),
        State.DONE: (State.DOING,),
        State.EXEMPT: (State.TODO,),
        State.PARKED: (State.TODO,),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(LearningPlan, on_delete=models.CASCADE, related_name="items")
    aim = models.CharField(max_length=10, choices=Aim)
    competency = models.ForeignKey(Competency, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    goal = models.ForeignKey(Goal, null=True, blank=True, on_delete=models.SET_NULL, related_name="items")
    experience = models.ForeignKey(Experience, null=True, blank=True, on_delete=models.SET_NULL, related_name="items")
    text = models.CharField(max_length=300)
    modality = models.CharField(max_length=12, choices=Modality, default=Modality.ALONE)
    place = models.CharField(max_length=120, blank=True)
    with_whom = models.CharField(max_length=120, blank=True)
    block = models.CharField(max_length=60, blank=True)
    """When this week."""
    pace = models.CharField(max_length=6, choices=Pace, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    screen_minutes = models.PositiveSmallIntegerField(default=0)
    evidence_expected = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.TODO)
    origin = models.CharField(max_length=8, choices=Origin)
    reason = models.CharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text

    @property
    def with_people(self) -> bool:
        return self.modality in WITH_PEOPLE

    @property
    def away_from_screen(self) -> bool:
        """Some of its time is, or nothing says that it is not."""
        if self.modality == Modality.ONLINE:
            return False
        return not self.screen_minutes or (self.minutes or 0) > self.screen_minutes

    @classmethod
    def add(cls, plan: LearningPlan, *, by: Person | Actor, **said: Any) -> PlanItem:
        with plan.learner.change(by=by) as door:
            last = plan.items.order_by("position").last()
            made = cls.objects.create(plan=plan, position=last.position + 1 if last else 0, **said)
            door.record("item_added", target=made.pk, after={"text": made.text, "origin": made.origin}, topics=["plan"])
        return made

    def move(self, state: str, *, by: Person | Actor, reason: str = "") -> None:
        """Raises `ValidationError` where it cannot go there, and where “not needed” is said without a reason."""
        if state == self.State.EXEMPT and not reason:
            raise ValidationError(gettext("Say why it is not needed: it stays on record."))
        with self.plan.learner.change(by=by) as door:
            self.refresh_from_db(fields=["state"])
            if state not in self.MOVES[self.state]:
                raise ValidationError(
                    gettext("What is “%(now)s” cannot become “%(then)s”.")
                    % {"now": self.get_state_display(), "then": self.State(state).label}
                )
            before, self.state = self.state, state
            self.reason = reason or self.reason
            self.save(update_fields=["state", "reason"])
            after = {"state": state} | ({"reason": reason} if reason else {})
            door.record("item_moved", target=self.pk, before={"state": before}, after=after, topics=["plan"])

    def revise(self, *, by: Person | Actor, **said: Any) -> None:
        with self.plan.learner.change(by=by) as door:
            self.refresh_from_db()
            before = {name: getattr(self, name) for name in said}
            if before == said:
                return
            for name, value in said.items():
                setattr(self, name, value)
            self.save(update_fields=list(said))
            door.record("item_revised", target=self.pk, before=before, after=said, topics=["plan"])

    def remove(self, *, by: Person | Actor) -> None:
        with self.plan.learner.change(by=by) as door:
            before, pk = {"text": self.text, "position": self.position}, self.pk
            self.delete()
            door.record("item_removed", target=pk, before=before, topics=["plan"])


class DroppedExpectation(models.Model):
    """An expectation of a class that an adult dropped for one student, with the reason on record."""

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="dropped_expectations")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="+")
    competency = models.ForeignKey(Competency, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["learner", "section", "competency"], name="dropped_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="dropped_with_reason"),
        ]

    def __str__(self) -> str:
        return self.reason

    @classmethod
    def drop(
        cls, learner: Learner, section: Section, competency: Competency, *, by: Person, reason: str
    ) -> DroppedExpectation:
        """Not expected of this student. Raises `ValidationError` without a reason."""
        if not reason.strip():
            raise ValidationError(gettext("Say why it is not expected: it stays on record."))
        with learner.change(by=by) as door:
            made, new = cls.objects.get_or_create(
                learner=learner,
                section=section,
                competency=competency,
                defaults={"reason": reason.strip(), "by": by, "on": learner.home.today()},
            )
            if new:
                after = {"section": section.pk, "reason": made.reason}
                door.record("expectation_dropped", target=competency.pk, after=after, topics=["plan"])
                tell_path([learner.pk], "manual")
        return made

    def take_back(self, *, by: Person) -> None:
        """Expected again."""
        with self.learner.change(by=by) as door:
            before = {"section": self.section_id, "reason": self.reason}
            door.record("expectation_restored", target=self.competency_id, before=before, topics=["plan"])
            self.delete()
            tell_path([self.learner_id], "manual")


class NextStep(models.Model):
    """One of at most three steps offered next, with its reasons and numbers, kept as worked out by the worker."""

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="next_steps")
    competency = models.ForeignKey(Competency, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    score = models.FloatField()
    reasons = models.JSONField(default=list)
    """[{"code": "goal", "weight": 3.0, "words": {…}}, …], the heaviest first."""
    ruled_out = models.JSONField(default=list)
    """On the first: [{"competency": id, "code": "blocked", "by": [id, …]}, …]."""
    computed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["learner", "position"], name="steps_in_order")]

    def __str__(self) -> str:
        return f"{self.learner_id}: {self.competency_id}"


class StepAnswer(models.Model):
    """What a student said to a step: taken, not now until a day, swapped, help asked. Data, not disobedience."""

    class Answer(models.TextChoices):
        TAKEN = "taken", _("taken")
        NOT_NOW = "not_now", _("not now")
        SWAPPED = "swapped", _("swapped")
        ASKED = "asked", _("asked somebody")

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="step_answers")
    competency = models.ForeignKey(Competency, on_delete=models.CASCADE, related_name="+")
    answer = models.CharField(max_length=8, choices=Answer)
    until = models.DateField(null=True)
    words = models.CharField(max_length=300, blank=True)
    asked = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="asked_for_help")
    heard_on = models.DateField(null=True)
    """When the adult who was asked said that they had talked."""
    on = models.DateField()

    class Meta:
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["learner", "-on"], name="step_answers_of_learner")]

    def __str__(self) -> str:
        return f"{self.get_answer_display()}: {self.competency_id}"

    @classmethod
    def say(
        cls,
        learner: Learner,
        competency: Competency,
        answer: str,
        *,
        by: Person,
        until: dt.date | None = None,
        words: str = "",
        asked: Person | None = None,
    ) -> StepAnswer:
        with learner.change(by=by) as door:
            made = cls.objects.create(
                learner=learner,
                competency=competency,
                answer=answer,
                until=until,
                words=words,
                asked=asked,
                on=learner.home.today(),
            )
            after = {"answer": answer} | ({"until": until} if until else {})
            door.record("step_answered", target=competency.pk, after=after, topics=["path"])
        return made

    def hear(self, *, by: Person) -> None:
        """The adult who was asked has talked with the student."""
        with self.learner.change(by=by) as door:
            if self.heard_on is None:
                self.heard_on = self.learner.home.today()
                self.save(update_fields=["heard_on"])
                door.record("question_heard", target=self.competency_id, topics=["path"])


class PlanProposalQuerySet(models.QuerySet["PlanProposal"]):
    def open(self) -> Self:
        return self.filter(state__in=PlanProposal.OPEN)


PlanProposalManager = models.Manager.from_queryset(PlanProposalQuerySet)


class PlanProposal(models.Model):
    """A suggested change of a plan: what would come, go and move, and why. Nothing changes until it is accepted."""

    class Trigger(models.TextChoices):
        EVIDENCE = "evidence", _("something new was shown")
        GOAL = "goal", _("a goal was met or changed")
        ABSENCE = "absence", _("days were missed")
        MANUAL = "manual", _("somebody asked")

    class State(models.TextChoices):
        OFFERED = "offered", _("the student reads it")
        STUDENT_OK = "student_ok", _("waits for the adult")
        APPLIED = "applied", _("accepted")
        DECLINED = "declined", _("declined")
        EXPIRED = "expired", _("run out")
        UNDONE = "undone", _("taken back")

    OPEN = (State.OFFERED, State.STUDENT_OK)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="proposals")
    plan = models.ForeignKey(LearningPlan, on_delete=models.CASCADE, related_name="proposals")
    trigger = models.CharField(max_length=8, choices=Trigger)
    cause = models.CharField(max_length=300, blank=True)
    """The trigger in words' inputs: a competency, a goal, how many days."""
    difference = models.JSONField(default=dict)
    """{"add": [fields and "reason"], "remove": [{"item", "reason"}], "move": [{"item", "to", "reason"}]}."""
    base = models.JSONField(default=list)
    """The plan's items when it was made: a plan changed since makes it stale."""
    undo = models.JSONField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.OFFERED)
    small = models.BooleanField(default=False)
    """Only order or a ready next step: may apply as soon as the student accepts, where the advisor allows it."""
    edited = models.BooleanField(default=False)
    offered_on = models.DateField()
    answered_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    objects: ClassVar[PlanProposalManager[PlanProposal]] = PlanProposalManager()

    class Meta:
        ordering = ["-offered_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner"], condition=Q(state__in=["offered", "student_ok"]), name="one_open_proposal"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner_id}, {self.offered_on}"

    @classmethod
    def offer(
        cls,
        plan: LearningPlan,
        trigger: str,
        difference: dict[str, Any],
        *,
        by: Person | Actor,
        cause: str = "",
        small: bool = False,
    ) -> PlanProposal | None:
        """Suggest a change. None where one is open already, where there was one this week (unless somebody asked), or
        where nothing would change.
        """
        learner = plan.learner
        if not any(difference.get(name) for name in ("add", "remove", "move")):
            return None
        with learner.change(by=by) as door:
            today = learner.home.today()
            if learner.proposals.open().exists():
                return None
            week = SchoolDays(learner.home).before(today, SUGGEST_EVERY)
            recent = learner.proposals.filter(offered_on__gt=week).exclude(trigger=cls.Trigger.MANUAL)
            if trigger != cls.Trigger.MANUAL and recent.exists():
                return None
            made = cls.objects.create(
                learner=learner,
                plan=plan,
                trigger=trigger,
                cause=cause,
                difference=difference,
                base=plan.snapshot(),
                small=small,
                offered_on=today,
            )
            door.record("change_offered", target=made.pk, after={"trigger": trigger}, topics=["plan"])
        return made

    @property
    def is_stale(self) -> bool:
        """The plan has changed since this was worked out."""
        return self.base != self.plan.snapshot()

    def edit(self, difference: dict[str, Any], *, by: Person) -> None:
        """The student takes something out of it, or says it otherwise. Raises `ValidationError` once it is answered."""
        with self.learner.change(by=by) as door:
            self._must_be(self.State.OFFERED)
            before, self.difference, self.edited = self.difference, difference, True
            self.save(update_fields=["difference", "edited"])
            door.record("change_edited", target=self.pk, before=before, after=difference, topics=["plan"])

    def agree(self, *, by: Person) -> None:
        """The student says yes. A small one applies at once where the plan allows it; others wait for the adult."""
        with self.learner.change(by=by) as door:
            self._must_be(self.State.OFFERED)
            self.state = self.State.STUDENT_OK
            self.save(update_fields=["state"])
            door.record("change_agreed", target=self.pk, topics=["plan"])
            if self.small and not self.edited and self.plan.small_at_once:
                self.apply(by=by)

    def apply(self, *, by: Person) -> None:
        """Change the plan as suggested. Raises `ValidationError` before the student agreed, or where it is stale."""
        with self.learner.change(by=by) as door:
            self._must_be(self.State.STUDENT_OK)
            if self.is_stale:
                raise ValidationError(
                    gettext("The plan has changed since this was suggested. Ask for a new suggestion.")
                )
            self.plan.take(self.difference)
            self.undo = {"before": self.base, "after": self.plan.snapshot()}
            self.state, self.answered_by, self.answered_at = self.State.APPLIED, by, timezone.now()
            self.save(update_fields=["undo", "state", "answered_by", "answered_at"])
            door.record("change_applied", target=self.pk, before=self.base, after=self.undo["after"], topics=["plan"])

    def put_away(self, *, by: Person) -> None:
        """The plan has moved on since: a fresh one may be worked out. Raises `ValidationError` once it is answered."""
        with self.learner.change(by=by) as door:
            self._must_be(*self.OPEN)
            self.state = self.State.EXPIRED
            self.save(update_fields=["state"])
            door.record("change_expired", target=self.pk, topics=["plan"])
            tell_path([self.learner_id], self.Trigger.MANUAL)

    def decline(self, *, by: Person, reason: str = "") -> None:
        with self.learner.change(by=by) as door:
            self._must_be(*self.OPEN)
            self.state, self.reason = self.State.DECLINED, reason
            self.answered_by, self.answered_at = by, timezone.now()
            self.save(update_fields=["state", "reason", "answered_by", "answered_at"])
            door.record("change_declined", target=self.pk, after={"reason": reason}, topics=["plan"])

    def take_back(self, *, by: Person) -> None:
        """The plan as it was before. Raises `ValidationError` where a later one was applied or the plan moved on."""
        with self.learner.change(by=by) as door:
            self._must_be(self.State.APPLIED)
            later = self.plan.proposals.filter(state=self.State.APPLIED, answered_at__gt=self.answered_at)
            if self.undo is None or later.exists() or self.plan.snapshot() != self.undo["after"]:
                raise ValidationError(gettext("The plan has moved on since. Change what you want to change by hand."))
            self.plan.restore(self.undo["before"])
            self.state = self.State.UNDONE
            self.save(update_fields=["state"])
            before, after = self.undo["after"], self.undo["before"]
            door.record("change_taken_back", target=self.pk, before=before, after=after, topics=["plan"])

    def _must_be(self, *states: str) -> None:
        self.refresh_from_db(fields=["state", "difference", "edited"])
        if self.state not in states:
            raise ValidationError(
                gettext("This suggestion is answered already: it is “%(state)s”.") % {"state": self.get_state_display()}
            )


def expire_proposals(school: Org, *, by: Actor) -> int:
    """Suggestions that stood open for 10 school days have run out. Answers how many."""
    before = SchoolDays(school).before(school.today(), SUGGESTED_FOR)
    overdue = PlanProposal.objects.open().filter(learner__home=school, offered_on__lt=before)
    if not overdue.exists():
        return 0
    with school.change(by=by) as door:
        with change_many(Learner.objects.filter(pk__in=overdue.values("learner")), under=door) as doors:
            gone = list(overdue)
            for one in gone:
                doors[one.learner_id].record("change_expired", target=one.pk, topics=["plan"])
            PlanProposal.objects.filter(pk__in=[one.pk for one in gone]).update(state=PlanProposal.State.EXPIRED)
        door.record("changes_expired", after={"n": len(gone)})
    return len(gone)


class StudentProposal(models.Model):
    """A unit of a student's own making: the question, what it would show, how, and the adult who is asked."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("waiting for an answer")
        REVISE = "revise", _("once more, please")
        APPROVED = "approved", _("yes")
        DECLINED = "declined", _("no")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="student_proposals")
    question = models.CharField(max_length=300)
    outcomes = models.ManyToManyField(Competency, related_name="+", blank=True)
    evidence = models.CharField(max_length=300, blank=True)
    adult = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    submitted_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    answer = models.CharField(max_length=500, blank=True)
    answered_on = models.DateField(null=True)
    answered_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-submitted_on", "pk"]

    def __str__(self) -> str:
        return self.question

    WRITTEN = (State.DRAFT, State.REVISE)

    @classmethod
    def write(
        cls,
        learner: Learner,
        *,
        by: Person,
        unit: StudentProposal | None = None,
        outcomes: Collection[Competency] = (),
        **said: Any,
    ) -> StudentProposal:
        """A new draft, or other words for one. Raises `ValidationError` while it waits and once it is answered."""
        with learner.change(by=by) as door:
            made = unit or cls(learner=learner)
            if unit is not None:
                unit._must_be(*cls.WRITTEN)
            for name, value in said.items():
                setattr(made, name, value)
            made.save()
            made.outcomes.set(outcomes)
            door.record("own_unit_written", target=made.pk, after={"question": made.question}, topics=["plan"])
        return made

    def submit(self, *, by: Person) -> None:
        """It goes to the adult who is asked, who answers within ten school days."""
        with self.learner.change(by=by) as door:
            self._must_be(*self.WRITTEN)
            if self.adult_id is None:
                raise ValidationError(gettext("Say which adult you ask."))
            today = self.learner.home.today()
            self.state, self.submitted_on = self.State.SUBMITTED, today
            self.due_on = SchoolDays(self.learner.home).after(today, REPLY_WITHIN)
            self.save(update_fields=["state", "submitted_on", "due_on"])
            door.record("own_unit_submitted", target=self.pk, after={"due": self.due_on}, topics=["plan"])

    def reply(self, state: str, words: str, *, by: Person) -> None:
        """Yes, once more, or no. A yes makes it a unit of the school and an item of the plan under way, if any.

        Raises `ValidationError` where it does not wait for an answer, and without words unless it is a yes.
        """
        if state != self.State.APPROVED and not words.strip():
            raise ValidationError(gettext("Say why in a sentence: the student reads it."))
        with open_doors(self.learner.home, self.learner, by=by) as (_school, door):
            self._must_be(self.State.SUBMITTED)
            self.state, self.answer = state, words.strip()
            self.answered_on, self.answered_by = self.learner.home.today(), by
            self.save(update_fields=["state", "answer", "answered_on", "answered_by"])
            door.record("own_unit_answered", target=self.pk, after={"state": state}, topics=["plan"])
            if state == self.State.APPROVED:
                unit = Experience.offer(
                    self.learner.home,
                    by=by,
                    title=self.question[:200],
                    about=self.evidence,
                    outcomes=list(self.outcomes.all()),
                    modality=Modality.PROJECT,
                    mentor=Experience.Mentor.SCHOOL,
                    mentor_name=str(by),
                    proposed_by=self.learner,
                )
                plans = self.learner.plans.exclude(state__in=LearningPlan.OVER).order_by("-begun_on")
                plan = plans.filter(state=LearningPlan.State.ACTIVE).first() or plans.first()
                if plan is not None:
                    plan.learner = self.learner
                    unit.enrol(plan, by=by)

    def _must_be(self, *states: str) -> None:
        if not self._state.adding:
            self.state = type(self).objects.values_list("state", flat=True).get(pk=self.pk)
        if self.state not in states:
            raise ValidationError(
                gettext("This unit cannot be changed now: it is “%(state)s”.") % {"state": self.get_state_display()}
            )


class Credit(models.Model):
    """Credit a student has earned: posted the day the course's criteria are met, not at its end."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="credits")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    section = models.ForeignKey(Section, null=True, on_delete=models.SET_NULL, related_name="+")
    credits = models.DecimalField(max_digits=5, decimal_places=2)
    met_on = models.DateField()
    attested_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-met_on"]
        constraints = [models.UniqueConstraint(fields=["learner", "course"], name="credit_once")]

    def __str__(self) -> str:
        return f"{self.course}: {self.credits}"

    @classmethod
    def post(cls, learner: Learner, section: Section, *, by: Person | Actor) -> Credit | None:
        """Everything the class expects of the student is shown and kept: the credit is theirs today. None if it was."""
        course = section.course
        if course is None:
            return None
        with learner.change(by=by) as door:
            made, new = cls.objects.get_or_create(
                learner=learner,
                course=course,
                defaults={
                    "section": section,
                    "credits": course.credits or Decimal(0),
                    "met_on": learner.home.today(),
                    "attested_by": by if isinstance(by, Person) else None,
                },
            )
            if not new:
                return None
            after = {"course": course.title, "credits": made.credits}
            door.record("credit_posted", target=course.pk, after=after, topics=["path"])
        return made

    def take_back(self, *, by: Person | Actor) -> None:
        """On the day itself: what it stood on was taken back by who recorded it."""
        with self.learner.change(by=by) as door:
            before = {"course": self.course.title, "credits": self.credits}
            door.record("credit_taken_back", target=self.course_id, before=before, topics=["path"])
            self.delete()
