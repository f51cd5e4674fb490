"""What the rows of tests/profiles/matrix_family.py are asked about."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from profiles.models import Cheer, Demonstration, FamilyLink, GuardianLink, ProfileEntry, RecordCopy
from tests.cast import Cast

Arguments = dict[str, Any]


def _link(cast: Cast, slug: str) -> GuardianLink:
    """Elena's link to the student; she is made one where there is none."""
    learner = cast.learner(slug)
    begins = learner.home.today()
    found, _made = GuardianLink.objects.get_or_create(
        guardian=cast["guardian"], learner=learner, defaults={"begins": begins, "court_limit": "none of hers"}
    )
    return found


@pytest.fixture
def family_learner(cast: Cast) -> Arguments:
    return {"learner": cast.learner("student").pk}


@pytest.fixture
def other_family_learner(cast: Cast) -> Arguments:
    return {"learner": cast.learner("juniper-student").pk}


@pytest.fixture
def family_token(cast: Cast) -> Arguments:
    return {"token": FamilyLink.make(_link(cast, "student"), by=cast["advisor"])[0]}


def _entry(cast: Cast, slug: str) -> Arguments:
    learner = cast.learner(slug)
    made = ProfileEntry.write(learner, "home", "We speak Spanish.", voice="family", by=cast["guardian"])
    return {"learner": learner.pk, "entry": made.pk}


@pytest.fixture
def family_entry(cast: Cast) -> Arguments:
    return _entry(cast, "student")


@pytest.fixture
def other_family_entry(cast: Cast) -> Arguments:
    return _entry(cast, "juniper-student")


@pytest.fixture
def family_token_entry(family_token: Arguments, family_entry: Arguments) -> Arguments:
    return {**family_token, "entry": family_entry["entry"]}


@pytest.fixture
def family_guardian(cast: Cast) -> Arguments:
    return {"learner": cast.learner("student").pk, "guardian": _link(cast, "student").pk}


@pytest.fixture
def other_family_guardian(cast: Cast) -> Arguments:
    return {"learner": cast.learner("juniper-student").pk, "guardian": _link(cast, "juniper-student").pk}


@pytest.fixture
def family_class(cast: Cast) -> Arguments:
    return {"section": cast.section("advisory").pk}


@pytest.fixture
def other_family_class(cast: Cast) -> Arguments:
    return {"section": cast.section("juniper").pk}


def _growth(cast: Cast, slug: str) -> Arguments:
    learner = cast.learner(slug)
    shown = Demonstration.objects.create(
        learner=learner, competency=cast.competency("RN.1"), level=3, on=learner.home.today()
    )
    Cheer.objects.create(learner=learner, demonstration=shown, shared_on=shown.on)
    return {"learner": learner.pk, "demonstration": shown.pk}


@pytest.fixture
def family_growth(cast: Cast) -> Arguments:
    return _growth(cast, "student")


@pytest.fixture
def other_family_growth(cast: Cast) -> Arguments:
    return _growth(cast, "juniper-student")


def _record(cast: Cast, slug: str) -> Arguments:
    learner = cast.learner(slug)
    RecordCopy.objects.create(
        learner=learner,
        asked_by=cast["guardian"],
        language="es",
        file=b"zip",
        made_at=timezone.now(),
        expires_at=timezone.now() + dt.timedelta(days=1),
    )
    return {"learner": learner.pk}


@pytest.fixture
def family_record(cast: Cast) -> Arguments:
    return _record(cast, "student")


@pytest.fixture
def other_family_record(cast: Cast) -> Arguments:
    return _record(cast, "juniper-student")
