"""What a student has shown, what it says about where they are now, and what is kept for good (profiles 4.3)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, NamedTuple, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from profiles import mastery
from profiles.mastery import Piece, Policy

from .frameworks import Competency
from .history import Actor, Door, change_many
from .learners import Learner, tell_path
from .orgs import Org
from .people import Person
from .sections import Section

Pair = tuple[uuid.UUID, uuid.UUID]
"""(learner, competency)"""


class Level(models.IntegerChoices):
    """The states of `mastery.State` as people read them."""

    UNKNOWN = 0, _("not known yet")
    EMERGING = 1, _("emerging")
    DEVELOPING = 2, _("developing")
    SECURE = 3, _("secure")
    EXTENDING = 4, _("extending")


class MasteryPolicy(models.Model):
    """How levels are worked out in a district, a school, or for one competency there; the nearest counts.

    A change makes a new version; estimates say which one made them. Where there is none, `mastery.PRESET` holds.
    """

    class Method(models.TextChoices):
        MODE = "mode_last_k", _("the most frequent of the last three")
        DECAYING = "decaying", _("each new one counts most, earlier ones less and less")
        WEIGHTED = "weighted", _("the newest one counts most, all before together the rest")
        LATEST = "latest", _("the newest one")
        HIGHEST = "highest", _("the best one")
        MEAN = "mean", pgettext_lazy("rule for levels", "the mean of all")
        N_MASTERY = "n_mastery", _("the mean of those at secure or above, when there are enough")
        POWER = "power_law", _("a curve of growth through all (one slip weighs for long)")
        BEST_FIT = "best_fit", _("the line, curve or mean nearest to what was seen")
        BKT = "bkt", _("how likely it is known, from single right and wrong answers")

    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="mastery_policies")
    competency = models.ForeignKey(Competency, null=True, on_delete=models.CASCADE, related_name="mastery_policies")
    number = models.PositiveIntegerField(default=1)
    current = models.BooleanField(default=True)
    method = models.CharField(max_length=12, choices=Method, default=Method.MODE)
    parameters = models.JSONField(default=dict)
    min_evidence = models.PositiveSmallIntegerField(default=2)
    min_kinds = models.PositiveSmallIntegerField(default=1)
    require_independent = models.BooleanField(default=False)
    refresh_days = models.PositiveSmallIntegerField(default=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "competency"], condition=Q(current=True), nulls_distinct=False, name="one_current_policy"
            ),
            models.CheckConstraint(condition=Q(min_evidence__gte=1, min_kinds__gte=1), name="policy_asks_for_evidence"),
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()} ({self.number})"

    @property
    def rule(self) -> Policy:
        return Policy(**{name: getattr(self, name) for name in self.RULE})

    RULE: ClassVar = ("method", "parameters", "min_evidence", "min_kinds", "require_independent", "refresh_days")

    @classmethod
    def said(cls, rule: Policy) -> dict[str, Any]:
        """The rule as it is kept, here and in history."""
        return {name: getattr(rule, name) for name in cls.RULE}

    @classmethod
    def choose(cls, org: Org, rule: Policy, *, by: Person, competency: Competency | None = None) -> MasteryPolicy:
        """From now on levels are worked out so here, or for this competency here: a new version, the old one ends.

        What stands is worked out anew afterwards (`levels.work_out_again`).
        """
        with org.change(by=by) as door:
            of_this = cls.objects.filter(org=org, competency=competency).order_by("-number")
            before = of_this.first()
            if before and before.current and before.rule == rule:
                return before
            of_this.filter(current=True).update(current=False)
            number = before.number + 1 if before else 1
            made = cls.objects.create(org=org, competency=competency, number=number, **cls.said(rule))
            door.record(
                "rule_chosen",
                target=competency.pk if competency else "",
                before=cls.said(before.rule) if before and before.current else None,
                after={"number": number, **cls.said(rule)},
                topics=["levels"],
            )
        return made

    def end(self, *, by: Person) -> None:
        """This rule of one's own no longer holds: the next nearest one counts."""
        with self.org.change(by=by) as door:
            self.refresh_from_db(fields=["current"])
            if not self.current:
                return
            self.current = False
            self.save(update_fields=["current"])
            door.record("rule_ended", target=self.competency_id or "", before=self.said(self.rule), topics=["levels"])


class Policies:
    """Every current policy, and which of them counts for a competency at a school. One query."""

    def __init__(self) -> None:
        self._standing: dict[tuple[uuid.UUID, uuid.UUID | None], MasteryPolicy] = {}
        self._district: uuid.UUID | None = None
        for policy in MasteryPolicy.objects.filter(current=True).select_related("org"):
            self.put(policy)

    def put(self, policy: MasteryPolicy) -> None:
        """Let this one count where it is nearest, kept or only tried."""
        self._standing[policy.org_id, policy.competency_id] = policy
        if policy.org.org_kind == Org.Kind.DISTRICT:
            self._district = policy.org_id

    def nearest(self, school: uuid.UUID, competency: uuid.UUID) -> MasteryPolicy | None:
        """The school's for the competency, else the district's for it, else the school's, else the district's."""
        for key in (
            (school, competency),
            (self._district, competency),
            (school, None),
            (self._district, None),
        ):
            if found := self._standing.get(key):  # type: ignore[arg-type]
                return found
        return None


class Task(models.Model):
    """One piece of work given to a class, against one or several competencies."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="tasks")
    title = models.CharField(_("title"), max_length=200)
    task_kind = models.CharField(_("kind"), max_length=14, default="task")
    observed_on = models.DateField(_("day"))
    competencies = models.ManyToManyField(Competency, related_name="+")

    class Meta:
        ordering = ["-observed_on", "title"]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def give(
        cls, section: Section, title: str, competencies: Collection[Competency], *, kind: str, on: dt.date, by: Person
    ) -> Task:
        with section.change(by=by) as door:
            task = cls.objects.create(section=section, title=title, task_kind=kind, observed_on=on)
            task.competencies.set(competencies)
            after = {"title": title, "competencies": sorted(str(one.pk) for one in competencies)}
            door.record("task_given", target=task.pk, after=after, topics=["tasks"])
        return task


@dataclass(frozen=True)
class Mark:
    """One rating to record: `level` is a rank of the scale, 1 to 4; `items` are right (1) or wrong (0), if any."""

    learner_id: uuid.UUID
    competency_id: uuid.UUID
    level: int
    said: str = ""
    next_thing: str = ""
    items: tuple[int, ...] = ()


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(learner__in=Learner.objects.visible_to(person).values("pk"))

    def standing(self) -> Self:
        return self.filter(status=Evidence.Status.ACCEPTED)


EvidenceManager = models.Manager.from_queryset(EvidenceQuerySet)


class Evidence(models.Model):
    """Something a student did or said that shows what they can do: a task, a talk, what somebody saw."""

    class Kind(models.TextChoices):
        ASSESSMENT = "assessment", _("Assessment")
        TASK = "task", _("Task")
        PROJECT = "project", _("Project")
        OBSERVATION = "observation", _("Seen in class")
        CONVERSATION = "conversation", _("Conversation")
        EXTERNAL = "external", _("Outside school")
        PRIOR_LEARNING = "prior_learning", _("Learned before")
        IMPORT = "import", _("Imported result")

    class Assistance(models.TextChoices):
        INDEPENDENT = "independent", _("on their own")
        PROMPTED = "prompted", _("with a prompt")
        SUPPORTED = "supported", _("with support")
        GROUP = "group", _("in a group")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("handed in")
        RETURNED = "returned", _("handed back")
        ACCEPTED = "accepted", _("accepted")
        WITHDRAWN = "withdrawn", _("taken back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="evidence")
    section = models.ForeignKey(Section, null=True, on_delete=models.SET_NULL, related_name="evidence")
    task = models.ForeignKey(Task, null=True, on_delete=models.SET_NULL, related_name="evidence")
    evidence_kind = models.CharField(max_length=14, choices=Kind)
    observed_on = models.DateField()
    recorded_at = models.DateTimeField(default=timezone.now)
    recorder = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    assistance = models.CharField(max_length=12, choices=Assistance, default=Assistance.INDEPENDENT)
    status = models.CharField(max_length=10, choices=Status, default=Status.ACCEPTED)
    title = models.CharField(max_length=200, blank=True)
    context = models.TextField(blank=True)
    link = models.URLField(max_length=500, blank=True)

    objects: ClassVar[EvidenceManager[Evidence]] = EvidenceManager()

    class Meta:
        ordering = ["-observed_on", "-recorded_at"]
        indexes = [
            models.Index(fields=["learner", "-observed_on"], name="evidence_of_learner"),
            models.Index(fields=["section", "-recorded_at"], name="evidence_of_class"),
        ]

    def __str__(self) -> str:
        return self.title or self.get_evidence_kind_display()

    @classmethod
    def record(
        cls,
        section: Section,
        marks: Sequence[Mark],
        *,
        by: Person | Actor,
        op_id: uuid.UUID | None = None,
        task: Task | None = None,
        kind: str = Kind.OBSERVATION,
        assistance: str = Assistance.INDEPENDENT,
        observed_on: dt.date | None = None,
    ) -> Door:
        """Rate students of a class; their levels, what is kept for good and history follow in the same transaction.

        The class's door, with the answer kept for `op_id`: its result is {"rated": [[learner, competency], …],
        "evidence": [id, …], "shown": [[learner, competency, *CellState], …]}. Marks for anybody who is not in the class
        today are left out. A second mark by the same person for the same student, competency, day and task corrects
        the first.
        """
        on = observed_on or section.school.today()
        person = by if isinstance(by, Person) else None
        payload = [[str(one.learner_id), str(one.competency_id), one.level, one.said, one.next_thing] for one in marks]
        learners = Learner.objects.filter(
            pk__in=section.enrollments.current()
            .students()
            .filter(person__in={one.learner_id for one in marks})
            .values("person")
        ).select_related("home")
        with section.change(by=by, op_id=op_id, payload=[payload, str(on)]) as door:
            if door.replayed:
                return door
            with change_many(learners, under=door) as doors:
                rated = [one for one in marks if one.learner_id in doors]
                book = RatingBook({(one.learner_id, one.competency_id) for one in rated})
                made = book.add(rated, by=person, section=section, task=task, kind=kind, assistance=assistance, on=on)
                book.renew(learners_of(doors), by=person)
                book.tell(doors, "rated")
                shown = book.shown(section)
            if rated:
                topics = sorted({str(one.learner_id) for one in rated})
                door.record("rated", target=task.pk if task else "", after={"marks": len(rated)}, topics=topics)
            door.result = {
                "rated": [[str(one.learner_id), str(one.competency_id)] for one in rated],
                "evidence": [str(one.pk) for one in made],
                "shown": shown,
            }
        return door

    @classmethod
    def record_rest(
        cls,
        section: Section,
        competency: uuid.UUID,
        level: int,
        *,
        by: Person,
        op_id: uuid.UUID | None = None,
        task: Task | None = None,
        observed_on: dt.date | None = None,
    ) -> Door:
        """The same level for everybody of the class who was not rated in this yet that day (or for this task)."""
        on = observed_on or section.school.today()
        task_id = str(task.pk) if task else ""
        with section.change(by=by, op_id=op_id, payload=[str(competency), level, str(on), task_id]) as door:
            if door.replayed:
                return door
            rated = EvidenceRating.objects.standing().filter(
                competency=competency, evidence__section=section, evidence__observed_on=on, evidence__task=task
            )
            rest = section.enrollments.current().students().exclude(person__in=rated.values("learner"))
            marks = [Mark(one, competency, level) for one in rest.values_list("person", flat=True)]
            kind = task.task_kind if task else cls.Kind.OBSERVATION
            cls.record(section, marks, by=by, task=task, kind=kind, observed_on=on)
        return door

    @classmethod
    def rate_beside(
        cls, learner: Learner, competency: Competency, level: int, *, by: Person, said: str = ""
    ) -> Evidence:
        """What a student says of their own work, or a classmate of it: it stands beside and never counts.

        Said again the same day, it takes the place of what was said before.
        """
        role = EvidenceRating.RaterRole.SELF if by.pk == learner.pk else EvidenceRating.RaterRole.PEER
        on = learner.home.today()
        with learner.change(by=by) as door:
            earlier = EvidenceRating.objects.filter(
                learner=learner,
                competency=competency,
                rater=by,
                rater_role=role,
                superseded_by=None,
                evidence__observed_on=on,
            )
            before = list(earlier)
            book = RatingBook({(learner.pk, competency.pk)})
            mark = Mark(learner.pk, competency.pk, level, said=said)
            [made] = book.add([mark], by=by, section=None, kind=cls.Kind.CONVERSATION, on=on, rater_role=role)
            EvidenceRating.objects.filter(pk__in=[one.pk for one in before]).update(superseded_by=made.ratings.get())
            after = {"level": level, "said": said}
            door.record(f"rated_by_{role}", target=competency.pk, after=after, topics=["evidence"])
        return made

    @classmethod
    def take_back(
        cls, section: Section, evidence: Collection[uuid.UUID], *, by: Person, op_id: uuid.UUID | None = None
    ) -> Door:
        """Undo what the same person recorded in this class. What it made be kept today goes with it; nothing older."""
        with section.change(by=by, op_id=op_id, payload=sorted(map(str, evidence))) as door:
            if door.replayed:
                return door
            mine = list(cls.objects.filter(pk__in=evidence, section=section, recorder=by).standing())
            pairs = set(EvidenceRating.objects.filter(evidence__in=mine).values_list("learner", "competency"))
            learners = Learner.objects.filter(pk__in={one.learner_id for one in mine}).select_related("home")
            with change_many(learners, under=door) as doors:
                cls.objects.filter(pk__in=[one.pk for one in mine]).update(status=cls.Status.WITHDRAWN)
                EvidenceRating.objects.filter(superseded_by__evidence__in=mine).update(superseded_by=None, counts=True)
                EvidenceRating.objects.filter(evidence__in=mine).update(counts=False)
                book = RatingBook(pairs)
                book.renew(learners_of(doors), by=by, undone=True)
                book.tell(doors, "rating_taken_back")
                shown = book.shown(section)
            if mine:
                topics = sorted({str(learner) for learner, _competency in pairs})
                door.record("rating_taken_back", after={"marks": len(pairs)}, topics=topics)
            door.result = {
                "rated": [[str(learner), str(competency)] for learner, competency in sorted(pairs)],
                "shown": shown,
            }
        return door

    def attach(
        self, *, by: Person, files: Sequence[tuple[str, str, bytes]] = (), link: str = "", note: str = ""
    ) -> None:
        """Files as (name, media type, bytes), an address, words. What was there stays; a link is replaced."""
        with self.learner.change(by=by) as door:
            EvidenceFile.objects.bulk_create(
                EvidenceFile(evidence=self, name=name, media_type=kind, size=len(data), data=data, added_by=by)
                for name, kind, data in files
            )
            self.refresh_from_db(fields=["link", "context"])
            self.link = link or self.link
            self.context = "\n".join(filter(None, [self.context, note]))
            self.save(update_fields=["link", "context"])
            after = {"files": [name for name, _kind, _data in files], "link": link, "note": note}
            door.record("evidence_attached", target=self.pk, after=after, topics=["evidence"])


class EvidenceFile(models.Model):
    """A photo or another file that belongs to a piece of evidence. Photos are cleaned on the way in."""

    MOST_BYTES = 5 * 1024 * 1024
    MOST_FILES = 6

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    """An image's; of every other file `application/octet-stream`: it is handed back and never shown."""
    size = models.PositiveIntegerField()
    data = models.BinaryField()
    added_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["added_at", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_photo(self) -> bool:
        return self.media_type.startswith("image/")


class EvidenceRatingQuerySet(models.QuerySet["EvidenceRating"]):
    def standing(self) -> Self:
        """What teachers said, neither corrected nor taken back."""
        return self.filter(
            rater_role=EvidenceRating.RaterRole.TEACHER,
            superseded_by=None,
            evidence__status=Evidence.Status.ACCEPTED,
        )


EvidenceRatingManager = models.Manager.from_queryset(EvidenceRatingQuerySet)


class EvidenceRating(models.Model):
    """What one rater said one piece of evidence shows of one competency. Corrections stand beside what they correct."""

    class RaterRole(models.TextChoices):
        TEACHER = "teacher", _("teacher")
        SELF = "self", _("the student")
        PEER = "peer", _("a classmate")
        EXTERNAL = "external", _("somebody outside school")
        MACHINE = "machine", _("a test")

    FEEDING = (RaterRole.TEACHER, RaterRole.EXTERNAL, RaterRole.MACHINE)
    """Whose ratings a level is worked out from. What students say of themselves and each other stands beside it."""

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="ratings")
    # As on the evidence: what a level is worked out from is one range of one index.
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="ratings")
    competency = models.ForeignKey(Competency, on_delete=models.PROTECT, related_name="ratings")
    rated_as = models.ForeignKey(Competency, null=True, on_delete=models.PROTECT, related_name="+")
    """What it was rated as, where a newer version of the framework has put another in its place."""
    level = models.PositiveSmallIntegerField()
    items = ArrayField(models.SmallIntegerField(), default=list)
    rater = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    rater_role = models.CharField(max_length=8, choices=RaterRole, default=RaterRole.TEACHER)
    said = models.CharField(max_length=500, blank=True)
    next_thing = models.CharField(max_length=300, blank=True)
    superseded_by = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="corrects")
    counts = models.BooleanField(default=True)
    """Accepted, not corrected, and by somebody whose ratings feed the level."""

    objects: ClassVar[EvidenceRatingManager[EvidenceRating]] = EvidenceRatingManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["evidence", "competency", "rater_role"],
                condition=Q(superseded_by=None),
                name="one_rating_of_a_kind",
                deferrable=None,
            ),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=6), name="rating_on_a_scale"),
            models.CheckConstraint(
                condition=Q(counts=False) | ~Q(rater_role__in=["self", "peer"]), name="self_and_peer_never_count"
            ),
        ]
        indexes = [
            models.Index(fields=["learner", "competency"], condition=Q(counts=True), name="ratings_that_count"),
            models.Index(fields=["competency"], name="ratings_of_competency"),
            models.Index(fields=["evidence"], condition=~Q(said="") | ~Q(next_thing=""), name="ratings_with_words"),
        ]

    def __str__(self) -> str:
        return f"{self.learner_id} {self.competency_id}: {self.level}"


class CellState(NamedTuple):
    """What a class's page says of one student in one competency. `mark`: the newest rating of today, 1 to 4, or 0."""

    level: int
    by_hand: bool
    refresh: bool
    pieces: int
    mark: int


class Estimate(models.Model):
    """Where a student is now in one competency, worked out from everything that counts; and what is kept for good."""

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="estimates")
    competency = models.ForeignKey(Competency, on_delete=models.PROTECT, related_name="estimates")
    state = models.PositiveSmallIntegerField(choices=Level, default=Level.UNKNOWN)
    level = models.PositiveSmallIntegerField(null=True)
    value = models.FloatField(null=True)
    n = models.PositiveSmallIntegerField(default=0)
    kinds = models.PositiveSmallIntegerField(default=0)
    last_observed = models.DateField(null=True)
    missing = ArrayField(models.CharField(max_length=12), default=list)
    policy = models.ForeignKey(MasteryPolicy, null=True, on_delete=models.SET_NULL, related_name="+")
    banked = models.PositiveSmallIntegerField(choices=Level, default=Level.UNKNOWN)
    """The highest standing `Demonstration`."""
    banked_on = models.DateField(null=True)
    newer = models.PositiveSmallIntegerField(default=0)
    """Pieces observed since the day it was banked."""
    override = models.PositiveSmallIntegerField(choices=Level, null=True)
    override_until = models.DateField(null=True)
    computed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "competency"], name="one_estimate")]

    def __str__(self) -> str:
        return f"{self.learner_id} {self.competency_id}: {self.get_state_display()}"

    def shown(self, today: dt.date) -> int:
        """The level people see: the one set by hand while it holds, else the computed one."""
        return self.override if self.is_overridden(today) and self.override is not None else self.state

    def is_overridden(self, today: dt.date) -> bool:
        return self.override is not None and (self.override_until is None or self.override_until > today)

    def refresh_suggested(self, today: dt.date) -> bool:
        days = self.policy.refresh_days if self.policy else mastery.PRESET.refresh_days
        return mastery.needs_refresh(self.banked, self.state, self.newer, self.last_observed, today, days)


class Demonstration(models.Model):
    """A level once shown and kept: it never falls but by a `Revocation`. Provisional until its school day has ended."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="demonstrations")
    competency = models.ForeignKey(Competency, on_delete=models.PROTECT, related_name="demonstrations")
    level = models.PositiveSmallIntegerField(choices=Level)
    on = models.DateField()
    attested_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    evidence = ArrayField(models.UUIDField(), default=list)
    policy = models.ForeignKey(MasteryPolicy, null=True, on_delete=models.SET_NULL, related_name="+")
    by_criteria = models.BooleanField(default=False)
    """Kept because the tree of criteria was met, not by ratings of its own."""
    revoked = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "competency", "level"], condition=Q(revoked=False), name="level_banked_once"
            ),
        ]
        indexes = [models.Index(fields=["learner", "on"], name="banked_of_learner")]

    def __str__(self) -> str:
        return f"{self.learner_id} {self.competency_id}: {self.get_level_display()}"

    def is_provisional(self, today: dt.date) -> bool:
        return self.on >= today


class RevocationQuerySet(models.QuerySet["Revocation"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(demonstration__learner__in=Learner.objects.visible_to(person).values("pk"))

    def open(self) -> Self:
        return self.filter(at=None)


RevocationManager = models.Manager.from_queryset(RevocationQuerySet)


class Revocation(models.Model):
    """Why something banked was taken back, and the two people who did so. Asked for only, while `at` is empty."""

    demonstration = models.OneToOneField(Demonstration, on_delete=models.CASCADE, related_name="revocation")
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    confirmed_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    at = models.DateTimeField(null=True)

    objects: ClassVar[RevocationManager[Revocation]] = RevocationManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("by")), name="revoked_by_two"),
        ]

    def __str__(self) -> str:
        return self.reason

    @classmethod
    def ask(cls, demonstration: Demonstration, reason: str, *, by: Person) -> Revocation:
        """One person says why what was kept should not be; nothing falls until a second one agrees."""
        with demonstration.learner.change(by=by) as door:
            asked, made = cls.objects.get_or_create(demonstration=demonstration, defaults={"reason": reason, "by": by})
            if made:
                after = {"level": demonstration.level, "reason": reason}
                door.record("taking_back_asked", target=demonstration.competency_id, after=after, topics=["evidence"])
        return asked

    def confirm(self, *, by: Person) -> None:
        """A second person agrees: what is kept falls to the highest that still stands. Raises `ValueError` for the
        person who asked.
        """
        if by.pk == self.by_id:
            raise ValueError("Whoever asked does not confirm.")
        one = self.demonstration
        with one.learner.change(by=by) as door:
            self.refresh_from_db(fields=["at"])
            if self.at:
                return
            self.confirmed_by, self.at = by, timezone.now()
            self.save(update_fields=["confirmed_by", "at"])
            one.revoked = True
            one.save(update_fields=["revoked"])
            kept = Demonstration.objects.filter(learner=one.learner_id, competency=one.competency_id, revoked=False)
            highest = kept.order_by("level").last()
            banked, on = (highest.level, highest.on) if highest else (Level.UNKNOWN, None)
            Estimate.objects.filter(learner=one.learner_id, competency=one.competency_id).update(
                banked=banked, banked_on=on
            )
            said = {"level": one.level, "reason": self.reason, "asked_by": self.by_id}
            door.record(
                "taken_back", target=one.competency_id, before=said, after={"banked": banked}, topics=["evidence"]
            )

    def decline(self, *, by: Person) -> None:
        """What was kept stays kept; whoever asked may also let it be."""
        with self.demonstration.learner.change(by=by) as door:
            target, before = self.demonstration.competency_id, {"reason": self.reason, "asked_by": self.by_id}
            if Revocation.objects.open().filter(pk=self.pk).delete()[0]:
                door.record("taking_back_declined", target=target, before=before, topics=["evidence"])


class LevelOverride(models.Model):
    """A level set by hand, with a reason, until a day: it wins over the computed one and is shown as set by hand."""

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="overrides")
    competency = models.ForeignKey(Competency, on_delete=models.PROTECT, related_name="overrides")
    level = models.PositiveSmallIntegerField(choices=Level)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    on = models.DateField()
    expires_on = models.DateField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "competency"], condition=Q(lifted_at=None), name="one_open_override"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()}: {self.reason}"

    @classmethod
    def set_by_hand(
        cls, learner: Learner, competency: Competency, level: int, *, reason: str, until: dt.date, by: Person
    ) -> None:
        """From now on, until that day, this level is shown; one set before makes room."""
        with learner.change(by=by) as door:
            before = cls._lift(learner, competency)
            cls.objects.create(
                learner=learner,
                competency=competency,
                level=level,
                reason=reason,
                by=by,
                on=learner.home.today(),
                expires_on=until,
            )
            Estimate.objects.update_or_create(
                learner=learner, competency=competency, defaults={"override": level, "override_until": until}
            )
            after = {"level": level, "reason": reason, "until": until}
            door.record("level_set_by_hand", target=competency.pk, before=before, after=after, topics=["evidence"])

    @classmethod
    def lift(cls, learner: Learner, competency: Competency, *, by: Person) -> None:
        """What is worked out counts again."""
        with learner.change(by=by) as door:
            before = cls._lift(learner, competency)
            if before is None:
                return
            Estimate.objects.filter(learner=learner, competency=competency).update(override=None, override_until=None)
            door.record("level_lifted", target=competency.pk, before=before, topics=["evidence"])

    @classmethod
    def _lift(cls, learner: Learner, competency: Competency) -> dict[str, Any] | None:
        standing = cls.objects.filter(learner=learner, competency=competency, lifted_at=None).first()
        if standing is None:
            return None
        standing.lifted_at = timezone.now()
        standing.save(update_fields=["lifted_at"])
        return {"level": standing.level, "reason": standing.reason}


def learners_of(doors: dict[uuid.UUID, Door]) -> dict[uuid.UUID, Learner]:
    """Those whose doors `change_many` opened."""
    return {pk: door.aggregate for pk, door in doors.items() if isinstance(door.aggregate, Learner)}


@dataclass(frozen=True, slots=True)
class _Rated:
    """A rating that counts, with what its evidence says of it."""

    pk: int
    learner_id: uuid.UUID
    competency_id: uuid.UUID
    level: int
    items: Sequence[int]
    rater_id: uuid.UUID | None
    rater_role: str
    evidence_id: uuid.UUID
    kind: str
    assistance: str
    on: dt.date
    at: dt.datetime
    section_id: uuid.UUID | None
    task_id: uuid.UUID | None

    FIELDS = (
        *("pk", "learner_id", "competency_id", "level", "items", "rater_id", "rater_role", "evidence_id"),
        *("evidence__evidence_kind", "evidence__assistance", "evidence__observed_on", "evidence__recorded_at"),
        *("evidence__section_id", "evidence__task_id"),
    )

    @classmethod
    def of(cls, rating: EvidenceRating, evidence: Evidence) -> _Rated:
        return cls(
            *(rating.pk, rating.learner_id, rating.competency_id, rating.level, rating.items),
            *(rating.rater_id, rating.rater_role, evidence.pk, evidence.evidence_kind, evidence.assistance),
            *(evidence.observed_on, evidence.recorded_at, evidence.section_id, evidence.task_id),
        )

    @property
    def piece(self) -> Piece:
        independent = self.assistance == Evidence.Assistance.INDEPENDENT
        return Piece(self.level, self.kind, independent, self.on, (self.at, self.pk), tuple(self.items))


class RatingBook:
    """Ratings and estimates of some (learner, competency) pairs, read once, changed, worked out anew, written once.

    Used inside open doors of the learners. However many pairs: the same number of statements.
    """

    def __init__(self, pairs: Collection[Pair]) -> None:
        self.pairs = set(pairs)
        self.moved: dict[Pair, tuple[int, int]] = {}
        """Pairs whose state changed: (before, after)."""
        self.levels: dict[Pair, int] = {}
        """What was rated now."""
        self.for_task = False
        self._carried: dict[Pair, tuple[int, dt.date | None]] = {}
        self.estimates: dict[Pair, Estimate] = {}
        """As worked out by `renew`."""
        self._learners: dict[uuid.UUID, Learner] = {}

    def carry(self, moved: dict[uuid.UUID, uuid.UUID]) -> None:
        """What is kept for good in a competency is so in the one that took its place: `moved` is {old: new}."""
        for old in Estimate.objects.filter(competency__in=moved, learner__in={one[0] for one in self.pairs}):
            pair = (old.learner_id, moved[old.competency_id])
            self._carried[pair] = max(
                self._carried.get(pair, (0, None)), (old.banked, old.banked_on), key=lambda one: one[0]
            )

    def _of_pairs(self, query: models.Manager[Any]) -> models.QuerySet[Any]:
        return query.filter(
            learner__in={learner for learner, _ in self.pairs}, competency__in={one for _, one in self.pairs}
        )

    @cached_property
    def _counting(self) -> dict[Pair, list[_Rated]]:
        found: dict[Pair, list[_Rated]] = defaultdict(list)
        for values in self._of_pairs(EvidenceRating.objects).filter(counts=True).values_list(*_Rated.FIELDS):
            one = _Rated(*values)
            found[one.learner_id, one.competency_id].append(one)
        return found

    def add(
        self,
        marks: Sequence[Mark],
        *,
        by: Person | None,
        section: Section | None,
        kind: str,
        on: dt.date,
        task: Task | None = None,
        assistance: str = Evidence.Assistance.INDEPENDENT,
        rater_role: str = EvidenceRating.RaterRole.TEACHER,
        title: str = "",
    ) -> list[Evidence]:
        """Evidence of one day, one for each learner, with its ratings."""
        evidence = {
            learner: Evidence(
                learner_id=learner,
                section=section,
                task=task,
                evidence_kind=kind,
                observed_on=on,
                recorder=by,
                assistance=assistance,
                title=title,
            )
            for learner in dict.fromkeys(one.learner_id for one in marks)
        }
        counts = rater_role in EvidenceRating.FEEDING
        ratings = {
            (one.learner_id, one.competency_id): EvidenceRating(
                evidence=evidence[one.learner_id],
                learner_id=one.learner_id,
                competency_id=one.competency_id,
                level=one.level,
                items=list(one.items),
                rater=by,
                rater_role=rater_role,
                said=one.said,
                next_thing=one.next_thing,
                counts=counts,
            )
            for one in marks
        }
        known = self._counting
        Evidence.objects.bulk_create(evidence.values())
        EvidenceRating.objects.bulk_create(ratings.values())
        self.levels = {pair: rating.level for pair, rating in ratings.items()}
        self.for_task = task is not None
        if counts:
            if by is not None and section is not None:
                self._supersede(ratings, by, section, task, on, rater_role)
            for pair, rating in ratings.items():
                known[pair].append(_Rated.of(rating, evidence[rating.learner_id]))
        return list(evidence.values())

    def _supersede(
        self,
        ratings: dict[Pair, EvidenceRating],
        by: Person,
        section: Section,
        task: Task | None,
        on: dt.date,
        rater_role: str,
    ) -> None:
        """What the same person said of the same student, competency, day and task before is corrected by this."""
        said = (by.pk, rater_role, section.pk, task.pk if task else None, on)
        corrected = []
        for pair, new in ratings.items():
            for old in list(self._counting[pair]):
                if (old.rater_id, old.rater_role, old.section_id, old.task_id, old.on) == said:
                    corrected.append(EvidenceRating(pk=old.pk, superseded_by=new, counts=False))
                    self._counting[pair].remove(old)
        if corrected:
            EvidenceRating.objects.bulk_update(corrected, ["superseded_by", "counts"])

    def renew(
        self,
        learners: dict[uuid.UUID, Learner],
        *,
        by: Person | None,
        undone: bool = False,
        bank: bool = True,
    ) -> None:
        """Work the levels out and keep them. `undone`: what was banked today goes where it no longer holds.

        Without `bank` (a policy change) nothing new is kept for good.
        """
        self._learners = learners
        policies = Policies()
        standing = {(one.learner_id, one.competency_id): one for one in self._of_pairs(Estimate.objects)}
        now = timezone.now()
        new_banked: list[Demonstration] = []
        worked_out: list[Estimate] = []
        fallen: list[Pair] = []
        several_kinds = False
        for pair in sorted(self.pairs):
            learner = learners[pair[0]]
            policy = policies.nearest(learner.home_id, pair[1])
            rule = policy.rule if policy else mastery.PRESET
            counting = self._counting[pair]
            worked = mastery.work_out([one.piece for one in counting], rule)
            estimate = standing.get(pair) or Estimate(learner_id=pair[0], competency_id=pair[1])
            before = estimate.state
            banked, banked_on = self._carried.get(pair, (0, None))
            if banked > estimate.banked:
                estimate.banked, estimate.banked_on = banked, banked_on
            several_kinds |= worked.kinds > max(estimate.kinds, 1)
            estimate.state, estimate.level, estimate.value = int(worked.state), worked.level, worked.value
            estimate.n, estimate.kinds, estimate.last_observed = worked.n, worked.kinds, worked.last_observed
            estimate.missing, estimate.policy, estimate.computed_at = list(worked.missing), policy, now
            if undone and estimate.banked > worked.state:
                fallen.append(pair)
            if bank and worked.state > estimate.banked:
                new_banked.append(
                    Demonstration(
                        learner_id=pair[0],
                        competency_id=pair[1],
                        level=worked.state,
                        on=learner.home.today(),
                        attested_by=by,
                        evidence=[one.evidence_id for one in counting],
                        policy=policy,
                    )
                )
                estimate.banked, estimate.banked_on = worked.state, learner.home.today()
            estimate.newer = sum(estimate.banked_on is not None and one.on > estimate.banked_on for one in counting)
            if before != estimate.state or pair in self.levels or undone:
                self.moved[pair] = (before, estimate.state)
            worked_out.append(estimate)
            self.estimates[pair] = estimate
        if fallen:
            self._fall(fallen, self.estimates, by, learners)
        Estimate.objects.bulk_create(
            worked_out,
            update_conflicts=True,
            unique_fields=["learner", "competency"],
            update_fields=[
                *("state", "level", "value", "n", "kinds", "last_observed"),
                *("missing", "policy", "banked", "banked_on", "newer", "computed_at"),
            ],
        )
        if new_banked:
            Demonstration.objects.bulk_create(new_banked)
        if bank and (new_banked or fallen or several_kinds or self.for_task):
            from .criteria import roll_up

            roll_up(learners, {one for _learner, one in self.pairs}, by=by, undone=undone)

    def _fall(
        self,
        pairs: Iterable[Pair],
        estimates: dict[Pair, Estimate],
        by: Person | None,
        learners: dict[uuid.UUID, Learner],
    ) -> None:
        """What the same person's rating banked today, and no longer holds, is taken away again."""
        kept: dict[Pair, list[Demonstration]] = defaultdict(list)
        for one in self._of_pairs(Demonstration.objects).filter(revoked=False).order_by("level"):
            kept[one.learner_id, one.competency_id].append(one)
        gone: list[uuid.UUID] = []
        for pair in pairs:
            estimate, day = estimates[pair], learners[pair[0]].home.today()
            loose = [
                one
                for one in kept[pair]
                if one.level > estimate.state and one.attested_by_id == (by.pk if by else None) and one.on >= day
            ]
            gone.extend(one.pk for one in loose)
            left = [one for one in kept[pair] if one not in loose]
            estimate.banked, estimate.banked_on = (left[-1].level, left[-1].on) if left else (0, None)
        Demonstration.objects.filter(pk__in=gone).delete()

    def shown(self, section: Section) -> list[list[Any]]:
        """Each cell as the class's page shows it: learner, competency, and the fields of `CellState`."""
        return [[str(pair[0]), str(pair[1]), *self._cell(pair, section)] for pair in sorted(self.estimates)]

    def _cell(self, pair: Pair, section: Section) -> CellState:
        estimate, today = self.estimates[pair], self._learners[pair[0]].home.today()
        level = estimate.shown(today)
        marks = [
            one
            for one in self._counting[pair]
            if one.on == today and one.section_id == section.pk and one.rater_role == EvidenceRating.RaterRole.TEACHER
        ]
        return CellState(
            level,
            estimate.is_overridden(today),
            estimate.refresh_suggested(today),
            estimate.n,
            max(marks, key=lambda one: (one.at, one.pk)).level if marks else 0,
        )

    def tell(self, doors: dict[uuid.UUID, Door], verb: str) -> None:
        """One `Change` for each pair, in the learner's own history; who moved has their path worked out anew, once."""
        for (learner, competency), (before, after) in self.moved.items():
            said = {"state": after, "level": self.levels[learner, competency]} if self.levels else {"state": after}
            doors[learner].record(verb, target=competency, before={"state": before}, after=said, topics=["evidence"])
        tell_path((pair[0] for pair, (before, after) in self.moved.items() if before != after), "evidence")
