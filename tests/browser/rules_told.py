"""Rules, results and something to take back, for the pages that show them."""

from __future__ import annotations

import datetime as dt

from profiles import levels, results
from profiles.demo import person, school
from profiles.mastery import Policy
from profiles.models import (
    Branch,
    Demonstration,
    Estimate,
    Evidence,
    EvidenceRating,
    Framework,
    Leaf,
    Learner,
    MasteryPolicy,
    Org,
    Person,
    Revocation,
    RuleTrial,
    write_tree,
)

RESULTS = b"student_id,date,item,learning_standards,result\n605,2020-01-08,Q1,CC.5.NF.1,Correct\n"


def rules_told(leader: Person, student: Person) -> dict[str, str]:
    """Addresses by name: {org}, {district}, {tried}, {tried_there}, {trying}, {results}, {skill}."""
    cedar, juniper = school("cedar"), school("juniper")
    MasteryPolicy.choose(cedar, Policy("decaying", {"w": 0.65}), by=leader)
    framework = Framework.begin(cedar, "Ratios", by=leader)
    part, whole = (
        framework.add(said, code=code, by=leader) for said, code in (("Compare.", "R.1"), ("Reason.", "R.2"))
    )
    write_tree(whole, Branch(1, [Branch(0, [Leaf("level", part, 3)])]), by=leader)
    learner = Learner.objects.get_or_create(pk=student.pk, defaults={"person": student, "home": cedar})[0]
    for day, level in ((3, 3), (2, 3), (1, 1)):
        on = cedar.today() - dt.timedelta(days=day)
        piece = Evidence.objects.create(learner=learner, evidence_kind="task", observed_on=on)
        EvidenceRating.objects.create(evidence=piece, learner=learner, competency=part, level=level)
    Estimate.objects.create(learner=learner, competency=part)
    kept = Demonstration.objects.create(learner=learner, competency=part, level=3, on=cedar.today())
    Revocation.ask(kept, "It was a classmate's work.", by=person("advisor"))
    return {
        "org": f"/profiles/orgs/{cedar.pk}/",
        "district": f"/profiles/orgs/{cedar.parent_id}/",
        "tried": _tried(cedar, "power_law"),
        "tried_there": _tried(juniper, "latest"),
        "trying": _tried(cedar, "mean", wait=True),
        "results": f"/profiles/orgs/{cedar.pk}/results/{results.receive(cedar, RESULTS, 'january.csv', by=leader).pk}/",
        "skill": f"/profiles/competencies/{whole.pk}/criteria/",
    }


def _tried(org: Org, method: str, *, wait: bool = False) -> str:
    trial = RuleTrial.objects.create(org=org, rule=MasteryPolicy.said(Policy(method, {})))
    if not wait:
        trial.result = levels.try_on_evidence(trial)
        trial.save()
    return f"/profiles/orgs/{org.pk}/levels/trials/{trial.pk}/"
