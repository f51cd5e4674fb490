"""The classes and students that the rows of tests/permission_matrix.py are asked about."""

from __future__ import annotations

from typing import Any

import pytest

from profiles.models import Competency, Evidence, EvidenceFile, Mark, Task
from tests.cast import Cast

Arguments = dict[str, Any]


@pytest.fixture
def math_class(cast: Cast) -> Arguments:
    return {"section": cast.section("math").pk}


@pytest.fixture
def other_class(cast: Cast) -> Arguments:
    return {"section": cast.section("juniper").pk}


@pytest.fixture
def class_csv(math_class: Arguments) -> Arguments:
    return {**math_class, "form": "csv"}


@pytest.fixture
def other_class_csv(other_class: Arguments) -> Arguments:
    return {**other_class, "form": "csv"}


@pytest.fixture
def class_skill(cast: Cast, math_class: Arguments) -> Arguments:
    return {**math_class, "competency": cast.competency("RN.1").pk}


@pytest.fixture
def other_class_skill(cast: Cast, other_class: Arguments) -> Arguments:
    return {**other_class, "competency": cast.competency("RN.1").pk}


@pytest.fixture
def a_mark(cast: Cast) -> Arguments:
    return {"learner": cast.learner("student").pk, "competency": cast.competency("RN.1").pk, "level": 3}


def _task(cast: Cast, key: str, by: str) -> Arguments:
    section = cast.section(key)
    task = Task.give(section, "Mixing", [cast.competency("RN.1")], kind="task", on=section.school.today(), by=cast[by])
    return {"section": section.pk, "task": task.pk}


@pytest.fixture
def class_task(cast: Cast) -> Arguments:
    return _task(cast, "math", "math")


@pytest.fixture
def other_class_task(cast: Cast) -> Arguments:
    return _task(cast, "juniper", "other-teacher")


def _evidence(cast: Cast, key: str, slug: str, by: str) -> tuple[Evidence, Competency]:
    competency = cast.competency("RN.1")
    mark = Mark(cast.learner(slug).pk, competency.pk, 3)
    door = Evidence.record(cast.section(key), [mark], by=cast[by])
    return Evidence.objects.get(pk=door.result["evidence"][0]), competency


@pytest.fixture
def skill_of_student(cast: Cast) -> Arguments:
    return {"learner": cast.learner("student").pk, "competency": cast.competency("RN.1").pk}


@pytest.fixture
def other_skill_of_student(cast: Cast) -> Arguments:
    return {"learner": cast.learner("juniper-student").pk, "competency": cast.competency("RN.1").pk}


@pytest.fixture
def skill_evidence(cast: Cast, skill_of_student: Arguments) -> Arguments:
    return {**skill_of_student, "evidence": _evidence(cast, "math", "student", "math")[0].pk}


@pytest.fixture
def other_skill_evidence(cast: Cast, other_skill_of_student: Arguments) -> Arguments:
    return {**other_skill_of_student, "evidence": _evidence(cast, "juniper", "juniper-student", "other-teacher")[0].pk}


def _file(evidence: Evidence) -> EvidenceFile:
    return EvidenceFile.objects.create(
        evidence=evidence, name="a.pdf", media_type="application/octet-stream", size=2, data=b"hi"
    )


@pytest.fixture
def skill_file(cast: Cast) -> Arguments:
    evidence, _skill = _evidence(cast, "math", "student", "math")
    return {"learner": evidence.learner_id, "file": _file(evidence).pk}


@pytest.fixture
def other_skill_file(cast: Cast) -> Arguments:
    evidence, _skill = _evidence(cast, "juniper", "juniper-student", "other-teacher")
    return {"learner": evidence.learner_id, "file": _file(evidence).pk}


@pytest.fixture
def by_hand(cast: Cast) -> Arguments:
    return {"level": 3, "reason": "Shown at home", "until": "2099-01-01"}
