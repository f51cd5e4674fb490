"""What it takes to have a competency whose parts are shown, or to earn a course: a tree of criteria (profiles 4.2)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Count, Max, Q
from django.utils.translation import gettext_lazy as _

from profiles import criteria

from .evidence import Demonstration, Estimate, EvidenceRating, Level, Task
from .frameworks import Competency
from .history import Actor
from .learners import Learner
from .people import Person
from .sections import Course, Expectation


class CriteriaGroup(models.Model):
    """Criteria joined by all, any or at least k. The top one belongs to a competency or a course."""

    class Op(models.TextChoices):
        AND = "AND", _("all of these")
        OR = "OR", _("any one of these")
        K_OF_N = "K_OF_N", _("at least so many of these")

    competency = models.ForeignKey(Competency, null=True, on_delete=models.CASCADE, related_name="criteria_groups")
    course = models.ForeignKey(Course, null=True, on_delete=models.CASCADE, related_name="criteria_groups")
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="groups")
    op = models.CharField(_("how many"), max_length=6, choices=Op, default=Op.AND)
    k = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(competency=None, course=None, parent__isnull=False)
                | Q(competency__isnull=False, course=None, parent=None)
                | Q(competency=None, course__isnull=False, parent=None),
                name="criteria_belong_somewhere",
            ),
            models.UniqueConstraint(fields=["competency"], condition=Q(parent=None), name="one_tree_a_competency"),
            models.UniqueConstraint(fields=["course"], condition=Q(parent=None), name="one_tree_a_course"),
            models.CheckConstraint(condition=Q(k__gte=1), name="criteria_need_one"),
        ]

    def __str__(self) -> str:
        return self.get_op_display()


class Criterion(models.Model):
    """One thing to show. There is no "not": more evidence never takes away."""

    class Kind(models.TextChoices):
        LEVEL = "level", _("a level, shown and kept")
        KINDS = "count_kinds", _("evidence of different kinds")
        TASK = "task", _("one piece of work at a level")

    group = models.ForeignKey(CriteriaGroup, on_delete=models.CASCADE, related_name="criteria")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.LEVEL)
    competency = models.ForeignKey(Competency, null=True, on_delete=models.CASCADE, related_name="criteria")
    task = models.ForeignKey(Task, null=True, on_delete=models.CASCADE, related_name="criteria")
    at_least = models.PositiveSmallIntegerField()
    """The level (1 to 4), or how many kinds (2 to 8)."""
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="level", competency__isnull=False, task=None, at_least__range=(1, 4))
                | Q(kind="count_kinds", competency__isnull=False, task=None, at_least__range=(2, 8))
                | Q(kind="task", competency=None, task__isnull=False, at_least__range=(1, 4)),
                name="criterion_says_what",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.competency or self.task}, {self.at_least}"

    @property
    def leaf(self) -> criteria.Level | criteria.Kinds | criteria.TaskLevel:
        if self.kind == self.Kind.TASK:
            assert self.task_id
            return criteria.TaskLevel(self.task_id, self.at_least)
        assert self.competency_id
        if self.kind == self.Kind.KINDS:
            return criteria.Kinds(self.competency_id, self.at_least)
        return criteria.Level(self.competency_id, self.at_least)


@dataclass(frozen=True)
class Leaf:
    """A criterion to write. `of` is a `Competency` or, for the kind `task`, a `Task`."""

    kind: str
    of: Competency | Task
    at_least: int


@dataclass(frozen=True)
class Branch:
    """A group to write: `needed` is 0 for all, else how many of the parts."""

    needed: int
    parts: Sequence[Branch | Leaf]


class CircularCriteria(ValueError):  # noqa: N818 (a question to the person, not a mistake in this code)
    """A tree that would ask, directly or by way of others, for what it is to give."""


def write_tree(competency: Competency, tree: Branch | None, *, by: Person | Actor) -> None:
    """The competency's whole tree, in the place of the one before; None takes it away.

    What is kept already stays. Raises `CircularCriteria`.
    """
    with competency.framework.org.change(by=by) as door:
        before = _as_json(competency)
        CriteriaGroup.objects.filter(competency=competency).delete()
        if tree:
            _write(tree, competency=competency)
            if competency.pk in _asked_for(competency):
                raise CircularCriteria
        after = _as_json(competency)
        if before != after:
            door.record("criteria_written", target=competency.pk, before=before, after=after, topics=["frameworks"])


def _write(branch: Branch, position: int = 0, **of: Any) -> None:
    op = CriteriaGroup.Op
    group = CriteriaGroup.objects.create(
        op=op.AND if not branch.needed else op.OR if branch.needed == 1 else op.K_OF_N,
        k=max(branch.needed, 1),
        position=position,
        **of,
    )
    for n, part in enumerate(branch.parts):
        if isinstance(part, Branch):
            _write(part, n, parent=group)
        else:
            what = {"task" if isinstance(part.of, Task) else "competency": part.of}
            group.criteria.create(kind=part.kind, at_least=part.at_least, position=n, **what)


def _as_json(competency: Competency) -> list[Any] | None:
    """[op, k, parts] with [kind, id, at least] for a criterion."""
    tree = Trees(Q(competency=competency))
    return tree.json(tree.roots[0]) if tree.roots else None


def _asked_for(competency: Competency) -> set[uuid.UUID]:
    """All competencies that this one's tree leads to, by way of other trees too."""
    found: set[uuid.UUID] = set()
    ask = {competency.pk}
    while ask:
        trees = Trees(Q(competency__in=ask))
        ask = {one.competency_id for one in trees.criteria if one.competency_id} - found
        found |= ask
    return found


class Trees:
    """Whole trees of those top groups that `which` finds, in one query for each level of groups and one for leaves."""

    def __init__(self, which: Q) -> None:
        self.roots = list(CriteriaGroup.objects.filter(which, parent=None))
        self.below: dict[int, list[CriteriaGroup]] = defaultdict(list)
        level, every = self.roots, list(self.roots)
        while level:
            level = list(CriteriaGroup.objects.filter(parent__in=level))
            every.extend(level)
            for one in level:
                assert one.parent_id
                self.below[one.parent_id].append(one)
        self.criteria = list(Criterion.objects.filter(group__in=every).select_related("competency", "task"))
        self.leaves: dict[int, list[Criterion]] = defaultdict(list)
        for leaf in self.criteria:
            self.leaves[leaf.group_id].append(leaf)

    def group(self, root: CriteriaGroup) -> criteria.Group:
        parts = [*(self.group(one) for one in self.below[root.pk]), *(one.leaf for one in self.leaves[root.pk])]
        return criteria.Group(len(parts) if root.op == CriteriaGroup.Op.AND else root.k, parts)

    def json(self, root: CriteriaGroup) -> list[Any]:
        leaves = [[one.kind, str(one.competency_id or one.task_id), one.at_least] for one in self.leaves[root.pk]]
        return [root.op, root.k, [*(self.json(one) for one in self.below[root.pk]), *leaves]]


def course_criteria(course: Course) -> criteria.Group:
    """What earns the course: its own tree, else every expectation of its classes at secure."""
    trees = Trees(Q(course=course))
    if trees.roots:
        return trees.group(trees.roots[0])
    expected = Expectation.objects.filter(section__course=course).values_list("competency", flat=True).distinct()
    parts = [criteria.Level(one, Level.SECURE) for one in expected]
    return criteria.Group(len(parts), parts)


def shown_by(learners: Iterable[uuid.UUID], leaves: Iterable[Criterion]) -> dict[uuid.UUID, criteria.Shown]:
    """What these students have shown of what these criteria ask for. Three queries."""
    asked = list(leaves)
    of = {"learner__in": list(learners), "competency__in": {one.competency_id for one in asked if one.competency_id}}
    levels: dict[uuid.UUID, dict[uuid.UUID, int]] = defaultdict(dict)
    kinds: dict[uuid.UUID, dict[uuid.UUID, int]] = defaultdict(dict)
    tasks: dict[uuid.UUID, dict[uuid.UUID, int]] = defaultdict(dict)
    for learner, competency, banked in Estimate.objects.filter(**of).values_list("learner", "competency", "banked"):
        levels[learner][competency] = banked
    counting = EvidenceRating.objects.filter(counts=True)
    for learner, competency, n in (
        counting.filter(**of)
        .values_list("learner", "competency")
        .annotate(n=Count("evidence__evidence_kind", distinct=True))
    ):
        kinds[learner][competency] = n
    done = counting.filter(
        learner__in=of["learner__in"], evidence__task__in={one.task_id for one in asked if one.task_id}
    )
    for learner, task, level in done.values_list("learner", "evidence__task").annotate(level=Max("level")):
        tasks[learner][task] = level
    return {one: criteria.Shown(levels[one], kinds[one], tasks[one]) for one in of["learner__in"]}


def roll_up(
    learners: dict[uuid.UUID, Learner], competencies: set[uuid.UUID], *, by: Person | None, undone: bool = False
) -> None:
    """Keep for good what these competencies' trees now give. `undone`: what the same person's rating made them give
    today goes where they no longer do.

    Called within the open doors of the learners: their locked rows are what Open edX's ADR 0004 asks for, so two
    ratings cannot each miss the other's part. One query where nothing depends on `competencies` or on a task.
    """
    changed = competencies
    while changed:
        touched = CriteriaGroup.objects.filter(
            Q(criteria__competency__in=changed) | Q(criteria__task__competencies__in=changed)
        )
        groups = set(touched.values_list("pk", flat=True))
        if not groups:
            return
        trees = Trees(Q(pk__in=_tops(groups), competency__isnull=False))
        changed = _take_back(trees, learners, by) if undone else _keep(trees, learners, by)


def _tops(groups: set[int]) -> set[int]:
    """The top groups over `groups`."""
    tops: set[int] = set()
    while groups:
        above = dict(CriteriaGroup.objects.filter(pk__in=groups).values_list("pk", "parent"))
        tops |= {pk for pk, parent in above.items() if parent is None}
        groups = {parent for parent in above.values() if parent is not None}
    return tops


def _keep(trees: Trees, learners: dict[uuid.UUID, Learner], by: Person | None) -> set[uuid.UUID]:
    """Answers the competencies in which something is kept now that was not."""
    shown = shown_by(learners, trees.criteria)
    parents = [root.competency_id for root in trees.roots]
    had = {
        (one.learner_id, one.competency_id): one
        for one in Estimate.objects.filter(learner__in=learners, competency__in=parents)
    }
    kept: list[Demonstration] = []
    estimates: list[Estimate] = []
    for root in trees.roots:
        assert root.competency_id
        tree = trees.group(root)
        for pk, learner in learners.items():
            estimate = had.get((pk, root.competency_id)) or Estimate(learner_id=pk, competency_id=root.competency_id)
            if estimate.banked >= Level.SECURE or not tree.met(shown[pk]):
                continue
            today = learner.home.today()
            kept.append(_demonstrated(estimate, today, by))
            estimate.banked, estimate.banked_on = Level.SECURE, today
            estimates.append(estimate)
            with learner.change(by=by or Actor("system")) as door:
                door.record(
                    "criteria_met", target=root.competency_id, after={"banked": Level.SECURE}, topics=["evidence"]
                )
    Demonstration.objects.bulk_create(kept)
    Estimate.objects.bulk_create(
        estimates,
        update_conflicts=True,
        unique_fields=["learner", "competency"],
        update_fields=["banked", "banked_on"],
    )
    return {one.competency_id for one in kept}


def _take_back(trees: Trees, learners: dict[uuid.UUID, Learner], by: Person | None) -> set[uuid.UUID]:
    """Answers the competencies in which something kept today is gone."""
    shown = shown_by(learners, trees.criteria)
    groups = {root.competency_id: trees.group(root) for root in trees.roots}
    kept = Demonstration.objects.filter(
        learner__in=learners, competency__in=groups, by_criteria=True, revoked=False, attested_by=by
    )
    gone = [
        one
        for one in kept
        if one.is_provisional(learners[one.learner_id].home.today())
        and not groups[one.competency_id].met(shown[one.learner_id])
    ]
    for one in gone:
        left = Demonstration.objects.filter(learner=one.learner_id, competency=one.competency_id, revoked=False)
        highest = left.exclude(pk=one.pk).order_by("level").last()
        banked, on = (highest.level, highest.on) if highest else (Level.UNKNOWN, None)
        one.delete()
        Estimate.objects.filter(learner=one.learner_id, competency=one.competency_id).update(
            banked=banked, banked_on=on
        )
        with learners[one.learner_id].change(by=by or Actor("system")) as door:
            door.record("criteria_no_longer_met", target=one.competency_id, after={"banked": banked})
    return {one.competency_id for one in gone}


def _demonstrated(estimate: Estimate, on: dt.date, by: Person | None) -> Demonstration:
    return Demonstration(
        learner_id=estimate.learner_id,
        competency_id=estimate.competency_id,
        level=Level.SECURE,
        on=on,
        attested_by=by,
        by_criteria=True,
    )
