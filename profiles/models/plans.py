"""The plan a student owns, the steps offered next, changes that are only ever suggested, and credit (profiles 4.6)."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from .frameworks import Competency
from .goals import Goal
from .history import Actor
from .learners import Learner
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
    *("aim", "competency_id", "goal_id", "experience_id", "text", "modality", "place", "with_whom", "block"),
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
                    _now("A plan that is “%(now)s” cannot become “%(then)s”.")
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

    OPEN = (State.TODO, State.DOING, State.SUBMITTED, State.RETURNED)

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

    @classmethod
    def add(cls, plan: LearningPlan, *, by: Person | Actor, **said: Any) -> PlanItem:
        with plan.learner.change(by=by) as door:
            last = plan.items.order_by("position").last()
            made = cls.objects.create(plan=plan, position=last.position + 1 if last else 0, **said)
            door.record("item_added", target=made.pk, after={"text": made.text, "origin": made.origin}, topics=["plan"])
        return made

    def move(self, state: str, *, by: Person | Actor, reason: str = "") -> None:
        """Raises `ValidationError` where “not needed” is said without a reason."""
        if state == self.State.EXEMPT and not reason:
            raise ValidationError(_now("Say why it is not needed: it stays on record."))
        with self.plan.learner.change(by=by) as door:
            self.refresh_from_db(fields=["state"])
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
    on = models.DateField()

    class Meta:
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["learner", "-on"], name="step_answers_of_learner")]

    def __str__(self) -> str:
        return f"{self.get_answer_display()}: {self.competency_id}"


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
                raise ValidationError(_now("The plan has changed since this was suggested. Ask for a new suggestion."))
            self.plan.take(self.difference)
            self.undo = {"before": self.base, "after": self.plan.snapshot()}
            self.state, self.answered_by, self.answered_at = self.State.APPLIED, by, timezone.now()
            self.save(update_fields=["undo", "state", "answered_by", "answered_at"])
            door.record("change_applied", target=self.pk, before=self.base, after=self.undo["after"], topics=["plan"])

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
                raise ValidationError(_now("The plan has moved on since. Change what you want to change by hand."))
            self.plan.restore(self.undo["before"])
            self.state = self.State.UNDONE
            self.save(update_fields=["state"])
            before, after = self.undo["after"], self.undo["before"]
            door.record("change_taken_back", target=self.pk, before=before, after=after, topics=["plan"])

    def _must_be(self, *states: str) -> None:
        self.refresh_from_db(fields=["state", "difference", "edited"])
        if self.state not in states:
            raise ValidationError(
                _now("This suggestion is answered already: it is “%(state)s”.") % {"state": self.get_state_display()}
            )


def expire_proposals(school: Org) -> int:
    """Suggestions that stood open for 10 school days have run out. Answers how many."""
    before = SchoolDays(school).before(school.today(), SUGGESTED_FOR)
    overdue = PlanProposal.objects.open().filter(learner__home=school, offered_on__lt=before)
    return overdue.update(state=PlanProposal.State.EXPIRED)


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
