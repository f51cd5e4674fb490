from __future__ import annotations

import uuid
from collections import defaultdict
from functools import cached_property
from typing import Any, ClassVar, NamedTuple, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from planning import cells, rank
from profiles.models import Actor, Change, Door, Person, open_doors
from profiles.models.people import name_shown

from .tables import Outcome, StrategyTable


class StrategyQuerySet(models.QuerySet["Strategy"]):
    def standing(self) -> Self:
        """Rows that stand in the table (not set aside), in their order."""
        return self.filter(set_aside_at=None).in_order()

    def in_order(self) -> Self:
        return self.order_by("rank", "pk")

    def with_open_comments(self) -> Self:
        """Adds `open_comments`: how many comments on the row are not settled."""
        unsettled = Q(comments__resolved_at=None, comments__parent=None, comments__isnull=False)
        return self.annotate(open_comments=models.Count("comments", filter=unsettled))

    def with_people(self) -> Self:
        return self.prefetch_related(
            models.Prefetch("responsibilities", Responsibility.objects.select_related("person").order_by("n"))
        )


class Named(NamedTuple):
    """Somebody who carries a strategy, as pages name them: a person (by id), or a role in words ("")."""

    name: str
    person: str
    lead: bool


class Strategy(models.Model):
    """A row of the table: one thing the school will do, in six cells."""

    class Origin(models.TextChoices):
        TYPED = "typed", _("typed here")
        IMPORT = "import", _("from a file")
        COPY = "copy", _("from another table")
        WORKSHOP = "workshop", _("from a workshop")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    table = models.ForeignKey(StrategyTable, on_delete=models.CASCADE, related_name="strategies")
    rank = models.CharField(max_length=200, db_collation="C")
    description = models.TextField(blank=True)
    areas = ArrayField(models.CharField(max_length=16, choices=cells.Area), default=list, blank=True)
    why_led = models.TextField(blank=True)
    student_effects = models.JSONField(default=list, blank=True)
    teacher_effects = models.JSONField(default=list, blank=True)
    assessment = models.TextField(blank=True)
    cell_versions = models.JSONField(default=dict)
    origin = models.CharField(max_length=12, choices=Origin, default=Origin.TYPED)
    origin_ref = models.JSONField(null=True, blank=True)
    set_aside_at = models.DateTimeField(null=True, blank=True)
    open_comments: int

    objects: ClassVar[StrategyQuerySet] = StrategyQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["table", "rank"], name="strategies_in_order")]
        constraints = [
            models.CheckConstraint(condition=Q(areas__contained_by=cells.Area.values), name="areas_are_the_four"),
        ]

    def __str__(self) -> str:
        return self.description.split("\n")[0][:80]

    # Reading cells

    def value(self, cell: str) -> Any:
        """The cell's value in its normal form (see `cells`)."""
        if cell == "responsible":
            people = sorted(self.responsibilities.all(), key=lambda one: one.n)
            return {"people": [one.as_item() for one in people], "why": self.why_led}
        return getattr(self, cell)

    @cached_property
    def people(self) -> list[Named]:
        return [Named(str(one), str(one.person_id or ""), one.lead) for one in self.responsibilities.all()]

    def values(self) -> dict[str, Any]:
        return {cell: self.value(cell) for cell in cells.CELLS}

    @property
    def missing(self) -> list[str]:
        """The cells still to be filled, in order; a responsible cell without its why counts as missing too."""
        return [
            cell
            for cell in cells.CELLS
            if (not (self.people and self.why_led) if cell == "responsible" else cells.is_empty(cell, self.value(cell)))
        ]

    def target(self, cell: str) -> str:
        """How history names a cell of this row."""
        return f"{self.pk}/{cell}"

    def value_at(self, cell: str, version: int) -> Any | None:
        """What the cell said when the table was at `version`; None where history no longer holds it."""
        change = (
            Change.objects.filter(stream=self.table.stream, version__lte=version)
            .filter(target__in=[str(self.pk), self.target(cell)], verb__in=["row_added", "cell_saved"])
            .order_by("-version", "-n")
            .first()
        )
        if change is None or change.after is None:
            return None
        return change.after["cells"][cell] if change.verb == "row_added" else change.after["value"]

    # Verbs

    @classmethod
    def add(
        cls,
        table: StrategyTable,
        *,
        by: Person | Actor,
        values: dict[str, Any] | None = None,
        after: Strategy | None = None,
        last: bool = True,
        op_id: uuid.UUID | None = None,
        origin: str = Origin.TYPED,
        origin_ref: Any = None,
    ) -> Strategy:
        """A new row at the end of the table, or behind the row `after`, or (last=False without `after`) first."""
        values = {**cells.EMPTY, **(values or {})}
        payload = {"add": values, "after": after and str(after.pk)}
        with table.change(by=by, op_id=op_id, payload=payload) as door:
            if door.replayed:
                return table.strategies.get(pk=door.result["strategy"])
            strategy = cls(table=table, rank=cls._rank(table, after, last), origin=origin, origin_ref=origin_ref)
            strategy.cell_versions = dict.fromkeys(cells.CELLS, door.next_version)
            for cell, value in values.items():
                strategy._put(cell, value)
            strategy.save(force_insert=True)
            if values["responsible"]["people"]:
                strategy._put_people(values["responsible"])
            door.record(
                "row_added",
                target=strategy.pk,
                after={"cells": values, "origin": origin},
                topics=[strategy.pk, "order"],
            )
            door.result = {"strategy": str(strategy.pk)}
        return strategy

    @staticmethod
    def _rank(table: StrategyTable, after: Strategy | None, last: bool) -> str:
        ranks = table.strategies.order_by("rank")
        if after is None and last:
            return rank.between(ranks.values_list("rank", flat=True).last() or "", "")
        before = after.rank if after else ""
        following = ranks.filter(rank__gt=before).values_list("rank", flat=True).first() or ""
        return rank.between(before, following)

    def take(self, door: Door, cell: str, value: Any, base_version: int, cause: str) -> Outcome:
        """What `StrategyTable.save_cell` does once the door is open and this row was read behind it."""
        current, version = self.value(cell), self.cell_versions[cell]
        if value == current:
            return Outcome("same", version)
        if not version <= base_version <= self.table.version:
            # A version the table never had is a page's from before a restore: what it started from is not known.
            base = self.value_at(cell, base_version) if base_version < version else None
            merged = None if base is None else cells.merge(cell, base, value, current)
            if merged is None:
                return Outcome("conflict", version, self._propose(door, cell, value, base_version))
            if merged == current:
                return Outcome("same", version)
            value, cause = merged, "merge"
        self._put(cell, value)
        self.cell_versions[cell] = door.next_version
        self.save(update_fields=["cell_versions", *self._columns(cell)])
        if cell == "responsible":
            self._put_people(value)
        door.record(
            "cell_saved",
            target=self.target(cell),
            before={"value": current},
            after={"value": value, "cause": cause},
            topics=[self.pk],
        )
        return Outcome("merged" if cause == "merge" else "saved", door.next_version)

    def _propose(self, door: Door, cell: str, value: Any, base_version: int) -> str:
        author = door.by if isinstance(door.by, Person) else None
        proposal = CellProposal.objects.create(
            strategy=self, cell=cell, value=value, base_version=base_version, author=author
        )
        door.record("cell_proposed", target=self.target(cell), after={"value": value}, topics=[self.pk])
        return str(proposal.pk)

    def copy_to(self, table: StrategyTable, working: set[uuid.UUID], *, by: Person) -> Strategy:
        """The same words as a new row of `table`; of the people, those in `working` by record, the rest by name."""
        values = self.values()
        people = [
            one.as_item() if one.person_id is None or one.person_id in working else {"role": str(one)}
            for one in self.responsibilities.all()
        ]
        values["responsible"] = {**values["responsible"], "people": people}
        reference = {"strategy": str(self.pk)}
        return Strategy.add(table, by=by, values=values, origin=self.Origin.COPY, origin_ref=reference)

    def undo(self, cell: str, version: int, *, by: Person) -> Outcome:
        """Take back one's own edit, the one that brought the cell to `version`, as a new edit.

        Answers moved, and changes nothing, where the cell has changed since or that edit was not theirs.
        """
        with self.table.change(by=by):
            self.refresh_from_db(fields=["cell_versions"])
            change = Change.objects.filter(
                stream=self.table.stream, version=version, target=self.target(cell), verb="cell_saved", actor=by
            ).first()
            if self.cell_versions[cell] != version or change is None or change.before is None:
                return Outcome("moved", self.cell_versions[cell], strategy=self)
            before = change.before["value"]
            return self.table.save_cell(self.pk, cell, before, base_version=version, by=by, cause="undo")

    def transfer(self, target: StrategyTable, *, by: Person) -> None:
        """Move the row, with its comments and waiting texts, to the end of another table of the same school."""
        source = self.table
        if target.pk == source.pk:
            return
        with open_doors(source, target, by=by) as (leaving, arriving):
            self.refresh_from_db()
            if self.table_id != source.pk:
                return
            values = self.values()
            gone = {"to": target.title, "row": str(self)}
            leaving.record("row_left", target=self.pk, after=gone, topics=[self.pk, "order"])
            self.table = target
            self.rank = self._rank(target, None, last=True)
            self.set_aside_at = None
            self.cell_versions = dict.fromkeys(cells.CELLS, arriving.next_version)
            self.save(update_fields=["table", "rank", "set_aside_at", "cell_versions"])
            self.proposals.filter(state=CellProposal.State.OPEN).update(base_version=arriving.next_version)
            after = {"cells": values, "origin": "table", "from": source.title}
            arriving.record("row_added", target=self.pk, after=after, topics=[self.pk, "order"])

    def move(self, *, after: Strategy | None, by: Person, op_id: uuid.UUID | None = None) -> None:
        """Put the row behind `after`, or first."""
        with self.table.change(by=by, op_id=op_id, payload={"move": self.pk, "after": after and after.pk}) as door:
            if door.replayed or (after and after.pk == self.pk):
                return
            others = self.table.strategies.exclude(pk=self.pk).order_by("rank")
            before = others.get(pk=after.pk).rank if after else ""
            following = others.filter(rank__gt=before).values_list("rank", flat=True).first() or ""
            self.refresh_from_db(fields=["rank"])
            if before < self.rank and (not following or self.rank < following):
                return
            self.rank = rank.between(before, following)
            self.save(update_fields=["rank"])
            door.record("row_moved", target=self.pk, after={"after": after and str(after)}, topics=["order"])

    def set_aside(self, *, by: Person) -> None:
        """Take the row out of the table; it stays in the list of rows set aside and can be restored."""
        self._set_aside(timezone.now(), "row_set_aside", by)

    def restore(self, *, by: Person) -> None:
        self._set_aside(None, "row_restored", by)

    def _set_aside(self, at: Any, verb: str, by: Person) -> None:
        with self.table.change(by=by) as door:
            self.refresh_from_db(fields=["set_aside_at"])
            if (self.set_aside_at is None) == (at is None):
                return
            self.set_aside_at = at
            self.save(update_fields=["set_aside_at"])
            door.record(verb, target=self.pk, topics=[self.pk, "order"])

    # Writing cells

    @staticmethod
    def _columns(cell: str) -> list[str]:
        return ["why_led"] if cell == "responsible" else [cell]

    def _put(self, cell: str, value: Any) -> None:
        setattr(self, self._columns(cell)[0], value["why"] if cell == "responsible" else value)

    def _put_people(self, value: dict[str, Any]) -> None:
        self.__dict__.pop("people", None)
        self.responsibilities.all().delete()
        Responsibility.objects.bulk_create(
            Responsibility(
                strategy=self,
                n=n,
                person_id=one.get("person"),
                role_label=one.get("role", ""),
                lead=one.get("lead", False),
            )
            for n, one in enumerate(value["people"])
        )


class Responsibility(models.Model):
    """Who carries a strategy: someone on the staff, or a role in words; at most one of them leads."""

    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="responsibilities")
    n = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="responsibilities")
    role_label = models.CharField(max_length=200, blank=True)
    lead = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "responsibilities"
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, role_label="") | (Q(person=None) & ~Q(role_label="")),
                name="responsible_is_a_person_or_a_role",
            ),
            models.UniqueConstraint(fields=["strategy"], condition=Q(lead=True), name="one_lead_a_strategy"),
            models.UniqueConstraint(fields=["strategy", "person"], name="person_once_a_strategy"),
        ]

    def __str__(self) -> str:
        return self.role_label or str(self.person)

    @classmethod
    def named_in(cls, table: StrategyTable) -> dict[uuid.UUID, list[Named]]:
        """Each row's people in order, by the row's id: what a grid shows, without two objects for each of them."""
        found = defaultdict(list)
        names = ("person__preferred_name", "person__given_name", "person__family_name")
        places = cls.objects.filter(strategy__table=table).order_by("strategy", "n")
        for row, person, role, lead, *name in places.values_list("strategy", "person", "role_label", "lead", *names):
            found[row].append(Named(name_shown(*name), str(person), lead) if person else Named(role, "", lead))
        return found

    def as_item(self) -> dict[str, Any]:
        item: dict[str, Any] = {"person": str(self.person_id)} if self.person_id else {"role": self.role_label}
        return {**item, "lead": True} if self.lead else item


class CellProposal(models.Model):
    """A value somebody wrote for a cell that does not stand in it (yet): nobody's words are lost."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ADOPTED = "adopted", _("taken")
        COMBINED = "combined", _("combined")
        DECLINED = "declined", _("not taken")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="proposals")
    cell = models.CharField(max_length=20)
    value = models.JSONField()
    base_version = models.PositiveIntegerField()
    author = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["made_at"]
        indexes = [
            models.Index(fields=["strategy"], condition=Q(state="open"), name="open_proposals"),
        ]

    def __str__(self) -> str:
        return f"{self.cell} of {self.strategy}"

    def decide(self, choice: str, *, seen_version: int, by: Person, value: Any = None) -> Outcome:
        """Settle between the cell's value ("theirs"), this one ("mine") and `value` ("combine").

        Answers moved, and settles nothing, where the cell is no longer at `seen_version` or somebody settled first.
        """
        strategy = self.strategy
        with strategy.table.change(by=by) as door:
            self.refresh_from_db(fields=["state"])
            strategy.refresh_from_db(fields=["cell_versions"])
            version = strategy.cell_versions[self.cell]
            if self.state != self.State.OPEN or version != seen_version:
                return Outcome("moved", version)
            states = {"theirs": self.State.DECLINED, "mine": self.State.ADOPTED, "combine": self.State.COMBINED}
            self.state = states[choice]
            self.save(update_fields=["state"])
            outcome = Outcome("same", version)
            if choice != "theirs":
                chosen = self.value if choice == "mine" else value
                outcome = strategy.table.save_cell(
                    strategy.pk,
                    self.cell,
                    chosen,
                    base_version=version,
                    by=by,
                    cause="adopt" if choice == "mine" else "combine",
                )
            door.record(
                "proposal_decided",
                target=strategy.target(self.cell),
                before={"value": self.value},
                after={"state": self.state},
                topics=[strategy.pk],
            )
        return outcome


class CellPresence(models.Model):
    """Who is in which cell right now: a heartbeat, shown as initials, never a lock."""

    EXPIRES = 40
    """Seconds after which a silent tab is gone; pages beat every 15."""

    table = models.ForeignKey(StrategyTable, on_delete=models.CASCADE, related_name="presences")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    tab = models.UUIDField()
    place = models.CharField(max_length=60, blank=True)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "person", "tab"], name="one_place_a_tab")]

    def __str__(self) -> str:
        return f"{self.person} at {self.place}"
