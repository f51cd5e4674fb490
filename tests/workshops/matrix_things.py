"""What the workshops' rows of tests/permission_matrix.py are asked about: the coach's workshop at the first school with
the counselor as co-facilitator, one of the second school's leader, and a guide of each school."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from tests.cast import Cast
from workshops.guide import BUILT_IN
from workshops.models import Helper, Kit, Workshop

Arguments = dict[str, Any]


def _workshop(cast: Cast, school: str, by: str, helper: str) -> Workshop:
    workshop = Workshop.prepare(cast.org(school), "Learning together", deepcopy(BUILT_IN), by=cast[by])
    workshop.add_helper(cast[helper], Helper.Role.CO, by=cast[by])
    return workshop


@pytest.fixture
def coach_workshop(cast: Cast) -> Workshop:
    return _workshop(cast, "cedar", "coach", "counselor")


@pytest.fixture
def juniper_workshop(cast: Cast) -> Workshop:
    return _workshop(cast, "juniper", "other-leader", "other-teacher")


@pytest.fixture
def workshop(coach_workshop: Workshop) -> Arguments:
    return {"workshop_id": coach_workshop.pk}


@pytest.fixture
def other_workshop(juniper_workshop: Workshop) -> Arguments:
    return {"workshop_id": juniper_workshop.pk}


@pytest.fixture
def workshop_file(workshop: Arguments) -> Arguments:
    return {**workshop, "what": "sheets", "form": "csv"}


@pytest.fixture
def other_workshop_file(other_workshop: Arguments) -> Arguments:
    return {**other_workshop, "what": "sheets", "form": "csv"}


@pytest.fixture
def workshop_media(workshop: Arguments) -> Arguments:
    return {**workshop, "key": "2a"}


@pytest.fixture
def other_workshop_media(other_workshop: Arguments) -> Arguments:
    return {**other_workshop, "key": "2a"}


@pytest.fixture
def workshop_helper(coach_workshop: Workshop) -> Arguments:
    return {"workshop_id": coach_workshop.pk, "helper_id": coach_workshop.helpers.get().pk}


@pytest.fixture
def other_workshop_helper(juniper_workshop: Workshop) -> Arguments:
    return {"workshop_id": juniper_workshop.pk, "helper_id": juniper_workshop.helpers.get().pk}


@pytest.fixture
def new_helper(cast: Cast) -> Arguments:
    return {"person": cast["advisor"].pk, "role": "scribe"}


@pytest.fixture
def cedar_kit(cast: Cast) -> Kit:
    return Kit.copy(cast.org("cedar"), "Our guide", deepcopy(BUILT_IN), by=cast["coach"])


@pytest.fixture
def juniper_kit(cast: Cast) -> Kit:
    return Kit.copy(cast.org("juniper"), "Our guide", deepcopy(BUILT_IN), by=cast["other-leader"])


@pytest.fixture
def kit(cedar_kit: Kit) -> Arguments:
    return {"kit_id": cedar_kit.pk}


@pytest.fixture
def other_kit(juniper_kit: Kit) -> Arguments:
    return {"kit_id": juniper_kit.pk}


@pytest.fixture
def kit_step(kit: Arguments) -> Arguments:
    return {**kit, "key": "2a"}


@pytest.fixture
def other_kit_step(other_kit: Arguments) -> Arguments:
    return {**other_kit, "key": "2a"}


@pytest.fixture
def copy_for_cedar(cast: Cast) -> Arguments:
    return {"title": "Ours", "org": cast.org("cedar").pk}


@pytest.fixture
def pdf() -> Arguments:
    return {"form": "pdf"}
