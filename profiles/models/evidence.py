"""What a student has shown, what it says about where they are now, and what is kept for good (profiles 4.3)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

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
        return Policy(
            self.method,
            self.parameters,
            self.min_evidence,
            self.min_kinds,
            self.require_independent,
            self.refresh_days,
        )


class Policies:
    """Every current policy, and which of them counts for a competency at a school. One query."""

    def __init__(self) -> None:
        self._standing: dict[tuple[uuid.UUID, uuid.UUID | None], MasteryPolicy] = {}
        self._district: uuid.UUID | None = None
        for policy in MasteryPolicy.objects.filter(current=True).select_related("org"):
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
        "evidence": [id, …]}. Marks for anybody who is not in the class today are left out. A second mark by the same
        person for the same student, competency, day and task corrects the first.
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
            if rated:
                topics = sorted({str(one.learner_id) for one in rated})
                door.record("rated", target=task.pk if task else "", after={"marks": len(rated)}, topics=topics)
            door.result = {
                "rated": [[str(one.learner_id), str(one.competency_id)] for one in rated],
                "evidence": [str(one.pk) for one in made],
            }
        return door

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
            if mine:
                topics = sorted({str(learner) for learner, _competency in pairs})
                door.record("rating_taken_back", after={"marks": len(pairs)}, topics=topics)
            door.result = {"rated": [[str(learner), str(competency)] for learner, competency in sorted(pairs)]}
        return door


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
        ]

    def __str__(self) -> str:
        return f"{self.learner_id} {self.competency_id}: {self.level}"


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


class Revocation(models.Model):
    """Why something banked was taken back, and the two people who did so."""

    demonstration = models.OneToOneField(Demonstration, on_delete=models.CASCADE, related_name="revocation")
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    confirmed_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("by")), name="revoked_by_two"),
        ]

    def __str__(self) -> str:
        return self.reason


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


def learners_of(doors: dict[uuid.UUID, Door]) -> dict[uuid.UUID, Learner]:
    """Those whose doors `change_many` opened."""
    return {pk: door.aggregate for pk, door in doors.items() if isinstance(door.aggregate, Learner)}


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
        self._carried: dict[Pair, tuple[int, dt.date | None]] = {}

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
        Evidence.objects.bulk_create(evidence.values())
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
                counts=rater_role in EvidenceRating.FEEDING,
            )
            for one in marks
        }
        EvidenceRating.objects.bulk_create(ratings.values())
        self.levels = {pair: rating.level for pair, rating in ratings.items()}
        if by is not None and section is not None:
            self._supersede(ratings, by, section, task, on, rater_role)
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
        earlier = self._of_pairs(EvidenceRating.objects).filter(
            rater=by,
            rater_role=rater_role,
            superseded_by=None,
            evidence__section=section,
            evidence__task=task,
            evidence__observed_on=on,
            evidence__status=Evidence.Status.ACCEPTED,
        )
        corrected = []
        for old in earlier.exclude(pk__in=[one.pk for one in ratings.values()]):
            if new := ratings.get((old.learner_id, old.competency_id)):
                old.superseded_by, old.counts = new, False
                corrected.append(old)
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
        pieces, evidence = self._pieces()
        policies = Policies()
        standing = {(one.learner_id, one.competency_id): one for one in self._of_pairs(Estimate.objects)}
        now = timezone.now()
        new_banked: list[Demonstration] = []
        worked_out: list[Estimate] = []
        fallen: list[Pair] = []
        for pair in sorted(self.pairs):
            learner = learners[pair[0]]
            policy = policies.nearest(learner.home_id, pair[1])
            rule = policy.rule if policy else mastery.PRESET
            worked = mastery.work_out(pieces[pair], rule)
            estimate = standing.get(pair) or Estimate(learner_id=pair[0], competency_id=pair[1])
            before = estimate.state
            banked, banked_on = self._carried.get(pair, (0, None))
            if banked > estimate.banked:
                estimate.banked, estimate.banked_on = banked, banked_on
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
                        evidence=evidence[pair],
                        policy=policy,
                    )
                )
                estimate.banked, estimate.banked_on = worked.state, learner.home.today()
            estimate.newer = sum(estimate.banked_on is not None and one.on > estimate.banked_on for one in pieces[pair])
            if before != estimate.state or pair in self.levels or undone:
                self.moved[pair] = (before, estimate.state)
            worked_out.append(estimate)
        if fallen:
            self._fall(fallen, {(one.learner_id, one.competency_id): one for one in worked_out}, by, learners)
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

    def _pieces(self) -> tuple[dict[Pair, list[Piece]], dict[Pair, list[uuid.UUID]]]:
        pieces: dict[Pair, list[Piece]] = defaultdict(list)
        evidence: dict[Pair, list[uuid.UUID]] = defaultdict(list)
        counting = self._of_pairs(EvidenceRating.objects).filter(counts=True)
        for learner, competency, level, items, pk, source, kind, assistance, on, at in counting.values_list(
            "learner_id",
            "competency_id",
            "level",
            "items",
            "pk",
            "evidence_id",
            "evidence__evidence_kind",
            "evidence__assistance",
            "evidence__observed_on",
            "evidence__recorded_at",
        ):
            independent = assistance == Evidence.Assistance.INDEPENDENT
            pieces[learner, competency].append(Piece(level, kind, independent, on, (at, pk), tuple(items)))
            evidence[learner, competency].append(source)
        return pieces, evidence

    def tell(self, doors: dict[uuid.UUID, Door], verb: str) -> None:
        """One `Change` for each pair, in the learner's own history; who moved has their path worked out anew, once."""
        for (learner, competency), (before, after) in self.moved.items():
            said = {"state": after, "level": self.levels[learner, competency]} if self.levels else {"state": after}
            doors[learner].record(verb, target=competency, before={"state": before}, after=said, topics=["evidence"])
        tell_path((pair[0] for pair, (before, after) in self.moved.items() if before != after), "evidence")
