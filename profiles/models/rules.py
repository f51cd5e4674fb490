"""A rule for levels that was tried before anybody chose it."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models

from profiles.mastery import Policy

from .frameworks import Competency
from .orgs import Org
from .people import Person


class RuleTrialQuerySet(models.QuerySet["RuleTrial"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(org__in=Org.objects.visible_to(person).values("pk"))


RuleTrialManager = models.Manager.from_queryset(RuleTrialQuerySet)


class RuleTrial(models.Model):
    """A rule tried on a school's or the district's own evidence: what would move, before anything does."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="rule_trials")
    competency = models.ForeignKey(Competency, null=True, on_delete=models.CASCADE, related_name="+")
    rule = models.JSONField()
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    result = models.JSONField(null=True)
    """What the worker found (`levels.try_rule`); ids and counts only: names are looked up for whoever reads."""

    objects: ClassVar[RuleTrialManager[RuleTrial]] = RuleTrialManager()

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.org_id}: {self.rule['method']}"

    @property
    def tried(self) -> Policy:
        return Policy(**self.rule)
