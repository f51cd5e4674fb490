"""The frameworks and classes that rows of tests/permission_matrix.py are asked about."""

from __future__ import annotations

from typing import Any

import pytest

from profiles.models import Competency, CompetencyLink, Framework, FrameworkImport, Section
from tests.cast import Cast

Arguments = dict[str, Any]
FILE = b'{"CFDocument": {"identifier": "d-1", "uri": "urn:d-1", "creator": "Us", "title": "Reading"}, "CFItems": []}'


def _file(cast: Cast, school: str, by: str) -> Arguments:
    record = FrameworkImport.objects.create(org=cast.org(school), by=cast[by], file_name="reading.json", file=FILE)
    return {"record": record.pk}


@pytest.fixture
def standards_file(cast: Cast) -> Arguments:
    return _file(cast, "cedar", "leader")


@pytest.fixture
def other_standards_file(cast: Cast) -> Arguments:
    return _file(cast, "juniper", "other-leader")


def _skill(cast: Cast, school: str, by: str) -> Competency:
    own = Framework.own_of(cast.org(school), "Our own skills", by=cast[by])
    return own.add("Asks for help in time.", code="H.1", by=cast[by])


def _link(skill: Competency, by: Any) -> Arguments:
    then = skill.framework.add("Helps others ask.", code="H.2", by=by)
    link = CompetencyLink.objects.create(
        framework=skill.framework, identifier=f"l-{skill.pk}", link_kind="precedes", origin=skill, destination=then
    )
    return {"competency": skill.pk, "link": link.pk}


@pytest.fixture
def framework(cast: Cast) -> Arguments:
    return {"framework": _skill(cast, "cedar", "leader").framework_id}


@pytest.fixture
def other_framework(cast: Cast) -> Arguments:
    return {"framework": _skill(cast, "juniper", "other-leader").framework_id}


@pytest.fixture
def own_skill(cast: Cast) -> Arguments:
    return {"competency": _skill(cast, "cedar", "leader").pk}


@pytest.fixture
def other_own_skill(cast: Cast) -> Arguments:
    return {"competency": _skill(cast, "juniper", "other-leader").pk}


@pytest.fixture
def own_skill_link(cast: Cast) -> Arguments:
    return _link(_skill(cast, "cedar", "leader"), cast["leader"])


@pytest.fixture
def other_own_skill_link(cast: Cast) -> Arguments:
    return _link(_skill(cast, "juniper", "other-leader"), cast["other-leader"])


def _begun(cast: Cast, key: str, by: str) -> Section:
    """A class with one unit and one competency in it."""
    section = cast.section(key)
    section.expect(section.add_unit("Numbers", by=cast[by]), [cast.competency("RN.4")], by=cast[by])
    return section


@pytest.fixture
def taught_class(cast: Cast) -> Arguments:
    return {"section": _begun(cast, "english", "teacher").pk}


@pytest.fixture
def other_taught_class(cast: Cast) -> Arguments:
    return {"section": _begun(cast, "juniper", "other-teacher").pk}


@pytest.fixture
def class_to_copy(cast: Cast) -> Arguments:
    return {"other": cast.section("math").pk}


@pytest.fixture
def class_unit(cast: Cast) -> Arguments:
    section = _begun(cast, "english", "teacher")
    return {"section": section.pk, "unit": section.unit_id}


@pytest.fixture
def other_class_unit(cast: Cast) -> Arguments:
    section = _begun(cast, "juniper", "other-teacher")
    return {"section": section.pk, "unit": section.unit_id}


@pytest.fixture
def class_expectation(cast: Cast, taught_class: Arguments) -> Arguments:
    return {**taught_class, "competency": cast.competency("RN.4").pk}


@pytest.fixture
def other_class_expectation(cast: Cast, other_taught_class: Arguments) -> Arguments:
    return {**other_taught_class, "competency": cast.competency("RN.4").pk}
