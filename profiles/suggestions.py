"""Suggested changes of plans as people read them: what comes, goes and moves, each with its reasons."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language

from . import reasons
from .models import Competency, PlanProposal, Why

SIGNS = {"add": "+", "remove": "−", "move": "↕"}


def audience(why: str) -> str:
    """In whose words competencies are told: the student's, the family's; adults at school read the statement."""
    return {Why.SELF: "student", Why.GUARDIAN: "family"}.get(Why(why), "")


def wordings(ids: Collection[str], why: str, known: Mapping[str, str] | None = None) -> dict[str, str]:
    """{competency: its words for a reader whose reason to read is `why`}. One query, or none where all are `known`."""
    language, whose, words = get_language() or "en", audience(why), dict(known or {})
    if missing := set(ids) - words.keys():
        found = Competency.objects.filter(pk__in=missing)
        for one in found.only("code", "short", "statement", "student_wording", "family_wording"):
            words[str(one.pk)] = worded(one, whose, language)
    return words


def worded(competency: Competency, whose: str, language: str) -> str:
    return competency.worded(whose, language)[0] if whose else competency.short or competency.statement


@dataclass(frozen=True)
class Part:
    """One line of a difference. `key` names it when the student takes it out."""

    key: str
    sign: str
    kind: str
    text: str
    why: list[str]


@dataclass(frozen=True)
class Suggestion:
    proposal: PlanProposal
    parts: list[Part]
    stale: bool
    acts: Mapping[str, bool] = field(default_factory=dict)
    """What the reader may do with it: agree, accept, decline, refresh, take back."""


def read(proposals: Sequence[PlanProposal], why: str, known: Mapping[str, str] | None = None) -> list[Suggestion]:
    """`proposals` with their plans and items prefetched. `known`, and queries, as of `wordings`."""
    words = wordings(_named(proposals), why, known)
    return [Suggestion(one, list(_parts(one, words)), one.base != one.plan.as_read()) for one in proposals]


def _named(proposals: Iterable[PlanProposal]) -> set[str]:
    found: set[str] = set()
    for one in proposals:
        for said in one.difference.get("add", []):
            found.add(said.get("competency_id") or "")
        for lines in one.difference.values():
            for said in lines:
                found |= reasons.named_by(said.get("why", []))
    return found - {""}


def _parts(proposal: PlanProposal, words: Mapping[str, str]) -> Iterable[Part]:
    items = {str(one.pk): one.text for one in proposal.plan.items.all()}
    before = {one["id"]: one["text"] for one in proposal.base}
    for kind, sign in SIGNS.items():
        for n, said in enumerate(proposal.difference.get(kind, [])):
            if kind == "add":
                text = words.get(said.get("competency_id") or "", said["text"])
            else:
                text = items.get(said["item"]) or before.get(said["item"], "")
            yield Part(f"{kind}-{n}", sign, kind, text, [reasons.sentence(why, words) for why in said.get("why", [])])


def keep(difference: Mapping[str, Sequence[Any]], keys: Collection[str]) -> dict[str, list[Any]]:
    """The difference with only the parts that `keys` name."""
    return {kind: [said for n, said in enumerate(difference.get(kind, [])) if f"{kind}-{n}" in keys] for kind in SIGNS}
