from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from planning import cells
from profiles.models import Person

from .strategies import Strategy

if TYPE_CHECKING:
    from .tables import StrategyTable


class CommentQuerySet(models.QuerySet["Comment"]):
    def open(self) -> Self:
        return self.filter(resolved_at=None, parent=None)


class Comment(models.Model):
    """Something said about a row or one of its cells; it may have to be answered, and can be settled."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="comments")
    cell = models.CharField(max_length=20, blank=True, choices=cells.HEADS.items())
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="answers")
    author = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    body = models.TextField(_("comment"), max_length=4000)
    must_answer = models.BooleanField(_("must be answered"), default=False)
    said_at = models.DateTimeField(default=timezone.now)
    resolved_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    resolved_at = models.DateTimeField(null=True)

    objects: ClassVar[CommentQuerySet] = CommentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["said_at", "pk"]
        indexes = [
            models.Index(fields=["strategy"], condition=Q(resolved_at=None, parent=None), name="open_comments"),
        ]

    def __str__(self) -> str:
        return self.body[:80]

    @classmethod
    def say(
        cls,
        strategy: Strategy,
        body: str,
        *,
        by: Person,
        mentioned: Iterable[Person] = (),
        cell: str = "",
        must_answer: bool = False,
        parent: Comment | None = None,
        op_id: uuid.UUID | None = None,
    ) -> Comment:
        """Say something about a row; whoever is mentioned finds it on their home until they have looked."""
        payload = {"say": body, "strategy": strategy.pk, "cell": cell, "parent": parent and parent.pk}
        with strategy.table.change(by=by, op_id=op_id, payload=payload) as door:
            if door.replayed:
                return cls.objects.get(pk=door.result["comment"])
            comment = cls.objects.create(
                strategy=strategy, cell=cell, parent=parent, author=by, body=body, must_answer=must_answer
            )
            Mention.objects.bulk_create(Mention(comment=comment, person=one) for one in mentioned if one != by)
            door.record("comment_said", target=strategy.target(cell) if cell else strategy.pk, after={"body": body})
            door.result = {"comment": str(comment.pk)}
        return comment

    def resolve(self, *, by: Person) -> None:
        """Settled: it leaves the open ones and stays readable."""
        self._resolve(timezone.now(), by, "comment_resolved")

    def reopen(self, *, by: Person) -> None:
        self._resolve(None, by, "comment_reopened")

    def _resolve(self, at: datetime | None, by: Person, verb: str) -> None:
        with self.strategy.table.change(by=by) as door:
            self.refresh_from_db(fields=["resolved_at"])
            if (self.resolved_at is None) == (at is None):
                return
            self.resolved_at, self.resolved_by = at, by if at else None
            self.save(update_fields=["resolved_at", "resolved_by"])
            door.record(verb, target=self.strategy_id, after={"body": self.body})


def mentioned_in(body: str, staff: dict[str, Person]) -> list[Person]:
    """Whom a text mentions as @name, longest names first. `staff` gives people by the name a list calls them."""
    found: list[Person] = []
    for name in sorted(staff, key=len, reverse=True):
        pattern = re.compile(rf"@{re.escape(name)}(?!\w)", re.IGNORECASE)
        if pattern.search(body):
            found.append(staff[name])
            body = pattern.sub("", body)
    return found


class MentionQuerySet(models.QuerySet["Mention"]):
    def waiting_for(self, person: Person, tables: models.QuerySet[StrategyTable]) -> Self:
        """Comments that mention a person and were not looked at yet, in tables they may still read."""
        return self.filter(person=person, seen_at=None, comment__strategy__table__in=tables.values("pk"))


class Mention(models.Model):
    """Somebody was named in a comment; it waits on their home until they have opened the row."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(null=True)

    objects: ClassVar[MentionQuerySet] = MentionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "person"], name="mentioned_once_a_comment")]
        indexes = [models.Index(fields=["person"], condition=Q(seen_at=None), name="mentions_waiting")]

    def __str__(self) -> str:
        return f"{self.person} in {self.comment}"
