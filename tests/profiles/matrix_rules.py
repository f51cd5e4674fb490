"""What the permission sweep asks about rules, results and what was kept: at the first school and at the second."""

from __future__ import annotations

from typing import Any

import pytest

from profiles import levels, results
from profiles.forms_rules import RuleForm
from profiles.mastery import Policy
from profiles.models import Demonstration, Framework, MasteryPolicy, Revocation, RuleTrial
from tests.cast import Cast

Arguments = dict[str, Any]
LATEST = Policy("latest", {})


def _org(cast: Cast, key: str) -> Arguments:
    return {"org": cast.org(key).pk}


def _rule(cast: Cast, key: str, by: str) -> Arguments:
    return {**_org(cast, key), "policy": MasteryPolicy.choose(cast.org(key), LATEST, by=cast[by]).pk}


def _trial(cast: Cast, key: str) -> Arguments:
    trial = RuleTrial.objects.create(org=cast.org(key), rule=MasteryPolicy.said(LATEST))
    trial.result = levels.try_on_evidence(trial)
    trial.save()
    return {**_org(cast, key), "trial": trial.pk}


def _results(cast: Cast, key: str, by: str) -> Arguments:
    data = b"student_id,date,objective,raw,max\nnobody,2020-01-08,Ratios,1,2\n"
    return {**_org(cast, key), "result_import": results.receive(cast.org(key), data, "a.csv", by=cast[by]).pk}


def _asked(cast: Cast, slug: str, by: str) -> Arguments:
    learner = cast.learner(slug)
    kept = Demonstration.objects.create(
        learner=learner, competency=cast.competency("RN.1"), level=3, on=learner.home.today()
    )
    return {"revocation": Revocation.ask(kept, "Not their work.", by=cast[by]).pk}


def _skill(cast: Cast, key: str, by: str) -> Arguments:
    own = Framework.begin(cast.org(key), "Habits", by=cast[by])
    return {"competency": own.add("Comes back to a hard task.", by=cast[by]).pk}


@pytest.fixture
def rule_words() -> Arguments:
    return {**RuleForm.said_by(LATEST), "require_independent": ""}


@pytest.fixture
def cedar_org(cast: Cast) -> Arguments:
    return _org(cast, "cedar")


@pytest.fixture
def juniper_org(cast: Cast) -> Arguments:
    return _org(cast, "juniper")


@pytest.fixture
def cedar_rule(cast: Cast) -> Arguments:
    return _rule(cast, "cedar", "leader")


@pytest.fixture
def juniper_rule(cast: Cast) -> Arguments:
    return _rule(cast, "juniper", "other-leader")


@pytest.fixture
def cedar_trial(cast: Cast) -> Arguments:
    return _trial(cast, "cedar")


@pytest.fixture
def juniper_trial(cast: Cast) -> Arguments:
    return _trial(cast, "juniper")


@pytest.fixture
def cedar_results(cast: Cast) -> Arguments:
    return _results(cast, "cedar", "leader")


@pytest.fixture
def juniper_results(cast: Cast) -> Arguments:
    return _results(cast, "juniper", "other-leader")


@pytest.fixture
def cedar_asked(cast: Cast) -> Arguments:
    return _asked(cast, "student", "math")


@pytest.fixture
def juniper_asked(cast: Cast) -> Arguments:
    return _asked(cast, "juniper-student", "other-teacher")


@pytest.fixture
def cedar_own_skill(cast: Cast) -> Arguments:
    return _skill(cast, "cedar", "leader")


@pytest.fixture
def juniper_own_skill(cast: Cast) -> Arguments:
    return _skill(cast, "juniper", "other-leader")
