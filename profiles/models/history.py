"""What changed, who changed it, and the one door through which anything may change (house: five mechanisms, 3)."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config import live

from .people import Person

DOOR_ORDER = ("org", "workshop", "table", "class", "learner")
"""Several aggregates are always locked in this order, then by id: two writers can never wait for each other."""


@dataclass(frozen=True)
class Actor:
    """Who acts when it is not a person with a sign-in: a workshop's participant, an import, the system."""

    kind: str
    ref: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.ref}"


class Change(models.Model):
    """One thing that changed: what it was before and is after, who did it and when."""

    class ActorKind(models.TextChoices):
        PERSON = "person", _("person")
        PARTICIPANT = "participant", _("participant")
        IMPORT = "import", _("import")
        SYSTEM = "system", _("system")

    pk = models.CompositePrimaryKey("stream", "version", "n")
    stream = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    n = models.PositiveSmallIntegerField()
    actor = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    actor_kind = models.CharField(max_length=12, choices=ActorKind)
    actor_ref = models.CharField(max_length=60, blank=True)
    school = models.ForeignKey("profiles.Org", null=True, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=40)
    target = models.CharField(max_length=80, blank=True)
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["stream", "target", "version"], name="change_of_target"),
            models.Index(fields=["actor", "-at"], name="change_by_actor"),
        ]

    def redact(self) -> None:
        """Blank words and actor when data ends; verb and version stay, so numbering has no hole."""
        self.before = self.after = self.actor = None
        self.actor_ref = ""
        self.save(update_fields=["before", "after", "actor", "actor_ref"])


class Receipt(models.Model):
    """The answer a sender was given, kept 30 days, so that sending again gets the same answer and changes nothing."""

    stream = models.CharField(max_length=60)
    actor = models.CharField(max_length=60)
    op_id = models.UUIDField()
    payload_hash = models.CharField(max_length=32)
    status = models.CharField(max_length=12)
    result = models.JSONField(encoder=DjangoJSONEncoder)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "actor", "op_id", "payload_hash"], name="receipt_once"),
        ]


def payload_hash(payload: Any) -> str:
    """128-bit hex digest of `payload` (anything JSON can hold), independent of key order."""
    canonical = json.dumps(payload, sort_keys=True, cls=DjangoJSONEncoder, ensure_ascii=False)
    return hashlib.blake2b(canonical.encode(), digest_size=16).hexdigest()


@dataclass
class Door:
    """An aggregate opened for change: locked until the block ends, then numbered, recorded and announced at once."""

    aggregate: Versioned
    by: Person | Actor
    receipt: Receipt | None = None
    status: str = "saved"
    result: dict[str, Any] = field(default_factory=dict)
    _changes: list[Change] = field(default_factory=list)
    _topics: list[str] = field(default_factory=list)
    _under: list[Change] = field(default_factory=list)
    """Numbered changes of the aggregates opened under this door (`change_many`), kept with its own."""

    @property
    def next_version(self) -> int:
        """The version this change gives the aggregate if anything is recorded."""
        return self.aggregate.version + 1

    @property
    def has_changes(self) -> bool:
        return bool(self._changes)

    @property
    def replayed(self) -> bool:
        return self.receipt is not None

    def record(
        self, verb: str, *, target: object = "", before: Any = None, after: Any = None, topics: Iterable[object] = ()
    ) -> None:
        """Keep one `Change`. `topics` are the fragments of the page to fetch again (by default the target)."""
        person = self.by if isinstance(self.by, Person) else None
        self._changes.append(
            Change(
                stream=self.aggregate.stream,
                n=len(self._changes),
                actor=person,
                actor_kind=Change.ActorKind.PERSON if isinstance(self.by, Person) else self.by.kind,
                actor_ref="" if isinstance(self.by, Person) else self.by.ref,
                school_id=self.aggregate.school_of_record(),
                verb=verb,
                target=str(target),
                before=before,
                after=after,
            )
        )
        self._topics.extend(str(topic) for topic in topics or ([target] if target else []))

    def _close(self) -> None:
        if not self._changes:
            Change.objects.bulk_create(self._under)
            return
        aggregate = self.aggregate
        aggregate.version = aggregate.raise_version()
        for change in self._changes:
            change.version = aggregate.version
        Change.objects.bulk_create([*self._changes, *self._under])
        live.announce(aggregate.stream, aggregate.version, self._topics)

    def keep_receipt(self, op_id: uuid.UUID, digest: str) -> None:
        Receipt.objects.create(
            stream=self.aggregate.stream,
            actor=_sender(self.by),
            op_id=op_id,
            payload_hash=digest,
            status=self.status,
            result=self.result,
        )


class Versioned(models.Model):
    """An aggregate: the thing that is locked, numbered and announced as one."""

    kind: ClassVar[str]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    _door: Door | None = None

    class Meta:
        abstract = True

    @property
    def stream(self) -> str:
        return f"{self.kind}:{self.pk}"

    def school_of_record(self) -> uuid.UUID | None:
        """The school whose leaders may read this aggregate's history."""
        raise NotImplementedError

    def also_on_change(self) -> dict[str, Any]:
        """Columns of the aggregate's own row that every change writes along with the version."""
        return {}

    @contextmanager
    def change(self, *, by: Person | Actor, op_id: uuid.UUID | None = None, payload: Any = None) -> Iterator[Door]:
        """Open the door of this aggregate; inside an open door of the same object, join it.

        With `op_id`, the outcome is kept as a `Receipt`; where the same `op_id` came before with the same `payload`,
        `door.replayed` is true and `door.result` holds the answer already given: change nothing then.
        Raises `Model.DoesNotExist` where the aggregate is gone, `OperationalError` after 3 s behind another writer.
        """
        if self._door is not None:
            yield self._door
            return
        with transaction.atomic():
            self._lock()
            door = Door(self, by)
            digest = ""
            if op_id is not None:
                digest = payload_hash(payload)
                door.receipt = Receipt.objects.filter(
                    stream=self.stream, actor=_sender(by), op_id=op_id, payload_hash=digest
                ).first()
                if door.receipt:
                    door.status, door.result = door.receipt.status, door.receipt.result
            self._door = door
            try:
                yield door
            finally:
                self._door = None
            door._close()
            if op_id is not None and not door.replayed:
                door.keep_receipt(op_id, digest)

    @contextmanager
    def append(self, *, by: Person | Actor, op_id: uuid.UUID, payload: Any = None) -> Iterator[Door]:
        """The door for content that only adds (thirty phones at once): the aggregate is locked last, not first.

        What is recorded inside gets the version that the row has when its turn comes. `door.next_version` means nothing
        here. Two sends of one `op_id` wait for each other; the second finds `door.replayed`.
        """
        with transaction.atomic():
            digest = payload_hash(payload)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [op_id.int % 2**63])
            door = Door(self, by)
            door.receipt = Receipt.objects.filter(
                stream=self.stream, actor=_sender(by), op_id=op_id, payload_hash=digest
            ).first()
            if door.receipt:
                door.status, door.result = door.receipt.status, door.receipt.result
            yield door
            if not door.replayed:
                door.keep_receipt(op_id, digest)
                door._close()

    def raise_version(self) -> int:
        """One more than the row has; whoever else would change it waits until this transaction ends."""
        table = connection.ops.quote_name(self._meta.db_table)
        extra = self.also_on_change()
        sets = "".join(f", {connection.ops.quote_name(name)} = %s" for name in extra)
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET version = version + 1{sets} WHERE id = %s RETURNING version",  # noqa: S608
                [*extra.values(), self.pk],
            )
            row = cursor.fetchone()
        if row is None:
            raise type(self).DoesNotExist
        return int(row[0])

    def _lock(self) -> None:
        manager = type(self)._base_manager
        self.version = manager.select_for_update().values_list("version", flat=True).get(pk=self.pk)


@contextmanager
def change_many(aggregates: models.QuerySet[Any], *, under: Door) -> Iterator[dict[uuid.UUID, Door]]:
    """Open the doors of many aggregates of one kind under an open door: {id: its door}.

    However many they are: one lock, in the order of their ids, one UPDATE of the versions of those that changed, one
    NOTIFY; their `Change` rows are written along with those of the door they stand under.
    """
    locked = list(aggregates.select_for_update(of=("self",)).order_by("pk"))
    doors = {one.pk: Door(one, under.by) for one in locked}
    for one in locked:
        one._door = doors[one.pk]
    try:
        yield doors
    finally:
        for one in locked:
            one._door = None
    changed = {pk: door for pk, door in doors.items() if door._changes}
    if not changed:
        return
    table = connection.ops.quote_name(aggregates.model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET version = version + 1 WHERE id = ANY(%s) RETURNING id, version",  # noqa: S608
            [list(changed)],
        )
        versions = dict(cursor.fetchall())
    for pk, door in changed.items():
        door.aggregate.version = versions[pk]
        for change in door._changes:
            change.version = versions[pk]
        under._under.extend(door._changes)
    live.announce_many((one.aggregate.stream, one.aggregate.version, one._topics) for one in changed.values())


def _sender(by: Person | Actor) -> str:
    return f"person:{by.pk}" if isinstance(by, Person) else str(by)


@contextmanager
def open_doors(*aggregates: Versioned, by: Person | Actor) -> Iterator[list[Door]]:
    """Open several doors in the one order that cannot deadlock; answers them in the order asked for."""
    ordered = sorted(set(aggregates), key=lambda one: (DOOR_ORDER.index(one.kind), str(one.pk)))
    with transaction.atomic(), ExitStack() as stack:
        doors = {one.pk: stack.enter_context(one.change(by=by)) for one in ordered}
        yield [doors[one.pk] for one in aggregates]
