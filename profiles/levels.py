"""Levels before a rule is chosen and after: trying it on the evidence there is, and working out anew what stands."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from . import mastery
from .mastery import Piece, Policy, State
from .models import (
    Change,
    Competency,
    Estimate,
    Evidence,
    EvidenceRating,
    Learner,
    MasteryPolicy,
    Org,
    Person,
    Policies,
    RatingBook,
    RuleTrial,
    change_many,
    learners_of,
)
from .models.evidence import Pair
from .rule_trial import Tried, samples, try_rule

LEARNERS_AT_ONCE = 50
"""In one transaction: ratings of these students wait meanwhile."""
MOST_TRIED = 20_000
"""Estimates a rule is tried on; of more, some students stand for all (their ids are random)."""
MOST_EXAMPLES = 2_000


def concerned(org: Org, competency: Competency | None) -> QuerySet[Estimate]:
    """The estimates a rule of this org (for this competency) can change."""
    found = Estimate.objects.all()
    if org.org_kind != Org.Kind.DISTRICT:
        found = found.filter(learner__home=org)
    return found.filter(competency=competency) if competency else found


def work_out_again(org: Org, competency: Competency | None, *, by: Person) -> int:
    """Work out anew what a changed rule concerns, some students at a time; answers how many levels moved.

    Each moved level is in its student's history. Nothing new is kept for good by it.
    """
    estimates = concerned(org, competency)
    waiting = list(estimates.order_by("learner").values_list("learner", flat=True).distinct())
    moved = 0
    for start in range(0, len(waiting), LEARNERS_AT_ONCE):
        learners = Learner.objects.filter(pk__in=waiting[start : start + LEARNERS_AT_ONCE]).select_related("home")
        with org.change(by=by) as door, change_many(learners, under=door) as doors:
            book = RatingBook(set(estimates.filter(learner__in=doors).values_list("learner", "competency")))
            book.renew(learners_of(doors), by=None, bank=False)
            book.tell(doors, "level_worked_out_anew")
        moved += len(book.moved)
    with org.change(by=by) as door:
        target = competency.pk if competency else ""
        door.record("levels_worked_out", target=target, after={"moved": moved}, topics=["levels"])
    return moved


def being_worked_out(org: Org) -> bool:
    """Whether a rule was chosen since levels were last worked out anew."""
    verbs = ("rule_chosen", "rule_ended", "levels_worked_out")
    last = Change.objects.filter(stream=org.stream, verb__in=verbs).order_by("version", "n").last()
    return last is not None and last.verb != "levels_worked_out"


# Trying


def try_on_evidence(trial: RuleTrial) -> dict[str, Any]:
    """What the rule of `trial`, and every other in its preset form, would make of the evidence: ids and counts."""
    policies = Policies()
    chosen = MasteryPolicy(org=trial.org, competency=trial.competency, **trial.rule)
    hoped = Policies()
    hoped.put(chosen)
    pairs, homes, of = _pairs(trial, hoped, chosen)
    evidence = pieces_of(pairs)
    sample = not evidence
    if sample:
        return {"sample": _on_samples(trial.tried), "rules": [], "looked_at": 0, "of": 0}

    def standing(pair: Pair) -> Policy:
        policy = policies.nearest(homes[pair[0]], pair[1])
        return policy.rule if policy else mastery.PRESET

    now = {pair: mastery.work_out(pieces, standing(pair)).state for pair, pieces in evidence.items()}
    tried = try_rule(evidence, now, lambda _pair: trial.tried)
    rules = [_row("now", None, try_rule(evidence, now, standing)), _row("tried", trial.tried, tried)]
    for other in others(trial.tried):
        rules.append(_row("other", other, try_rule(evidence, now, lambda _pair, rule=other: rule)))  # type: ignore[misc]
    return {
        "looked_at": len(evidence),
        "of": of,
        "rules": rules,
        "moves": [[int(before), int(after), n] for before, after, n in tried.counts()],
        "moved": [_example(pair, *states) for pair, states in list(tried.moved.items())[:MOST_EXAMPLES]],
        "bad_day": [_example(pair) for pair in tried.bad_day[:MOST_EXAMPLES]],
    }


def others(rule: Policy) -> list[Policy]:
    """The other methods, each as it is preset, asking for as much evidence as `rule`."""
    asked = {name: getattr(rule, name) for name in ("min_evidence", "min_kinds", "require_independent")}
    return [
        Policy(method, mastery.preset(method), **asked)
        for method in MasteryPolicy.Method.values
        if method != rule.method
    ]


def _pairs(
    trial: RuleTrial, hoped: Policies, chosen: MasteryPolicy
) -> tuple[set[Pair], dict[uuid.UUID, uuid.UUID], int]:
    """The pairs whose level the rule would decide, their students' schools, and how many there are in all."""
    found = concerned(trial.org, trial.competency).order_by("learner", "competency")
    of = found.count()
    homes: dict[uuid.UUID, uuid.UUID] = {}
    pairs: set[Pair] = set()
    for learner, competency, home in found.values_list("learner", "competency", "learner__home")[:MOST_TRIED]:
        if hoped.nearest(home, competency) is chosen:
            pairs.add((learner, competency))
            homes[learner] = home
    return pairs, homes, of


def pieces_of(pairs: set[Pair]) -> dict[Pair, list[Piece]]:
    """What counts for each of these pairs. One query."""
    found: dict[Pair, list[Piece]] = defaultdict(list)
    counting = EvidenceRating.objects.filter(
        counts=True, learner__in={one for one, _ in pairs}, competency__in={one for _, one in pairs}
    )
    for learner, competency, level, items, pk, kind, assistance, on, at in counting.values_list(
        *("learner_id", "competency_id", "level", "items", "pk", "evidence__evidence_kind"),
        *("evidence__assistance", "evidence__observed_on", "evidence__recorded_at"),
    ):
        if (learner, competency) in pairs:
            independent = assistance == Evidence.Assistance.INDEPENDENT
            found[learner, competency].append(Piece(level, kind, independent, on, (at, pk), tuple(items)))
    return dict(found)


def _row(role: str, rule: Policy | None, tried: Tried[Pair]) -> dict[str, Any]:
    return {
        "role": role,
        "rule": MasteryPolicy.said(rule) if rule else None,
        "moved": len(tried.moved),
        "higher": tried.higher,
        "lower": tried.lower,
        "newly_known": tried.newly_known,
        "no_longer_known": tried.no_longer_known,
        "bad_day": len(tried.bad_day),
        "order": len(tried.order),
    }


def _example(pair: Pair, *states: State) -> list[Any]:
    return [str(pair[0]), str(pair[1]), *map(int, states)]


def _on_samples(rule: Policy) -> list[dict[str, Any]]:
    """What each rule makes of made-up ratings, where there is no evidence yet: [{rule, states by row}]."""
    evidence = samples()
    return [
        {
            "rule": MasteryPolicy.said(one),
            "states": [int(mastery.work_out(pieces, one).state) for pieces in evidence.values()],
        }
        for one in (rule, *others(rule))
    ]


def in_force(org: Org) -> tuple[MasteryPolicy | None, Sequence[MasteryPolicy]]:
    """The rule that holds here in general (one's own, else the district's, else none), and those for one competency."""
    above = [org.pk] if org.parent_id is None else [org.pk, org.parent_id]
    standing = list(MasteryPolicy.objects.filter(current=True, org__in=above).select_related("org", "competency"))
    general = {one.org_id: one for one in standing if one.competency_id is None}
    single = [one for one in standing if one.competency_id is not None]
    return general.get(org.pk) or general.get(org.parent_id), single  # type: ignore[arg-type]
