"""What the rows of tests/permission_matrix.py are asked about: each fixture answers a URL's arguments."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from profiles.models import Course, Holiday, Invitation, Person, RosterImport

from .cast import Cast

Arguments = dict[str, Any]


@pytest.fixture
def used_reset_link() -> Arguments:
    return {"uidb36": "0", "key": "used"}


def _passkey(person: Person) -> Arguments:
    data = {"name": "my phone", "credential": {}}
    return {"pk": Authenticator.objects.create(user=person, type="webauthn", data=data).pk}


@pytest.fixture
def passkey(cast: Cast) -> Arguments:
    return _passkey(cast["teacher"])


@pytest.fixture
def other_passkey(cast: Cast) -> Arguments:
    return _passkey(cast["other-teacher"])


@pytest.fixture
def demo_slug(cast: Cast) -> Arguments:
    return {"slug": "teacher"}


@pytest.fixture
def cedar(cast: Cast) -> Arguments:
    return {"school": cast.org("cedar").pk}


@pytest.fixture
def juniper(cast: Cast) -> Arguments:
    return {"school": cast.org("juniper").pk}


@pytest.fixture
def cedar_workshops(cedar: Arguments) -> Arguments:
    return {**cedar, "part": "workshops"}


@pytest.fixture
def juniper_workshops(juniper: Arguments) -> Arguments:
    return {**juniper, "part": "workshops"}


@pytest.fixture
def colleague(cast: Cast) -> Arguments:
    return {"person": cast["math"].pk}


@pytest.fixture
def other_colleague(cast: Cast) -> Arguments:
    return {"person": cast["juniper-math"].pk}


@pytest.fixture
def colleague_role(cast: Cast) -> Arguments:
    return {"role": cast.role("math").pk}


@pytest.fixture
def other_colleague_role(cast: Cast) -> Arguments:
    return {"role": cast.role("juniper-math").pk}


def _invitation(cast: Cast, school: str, by: str, email: str | None) -> Invitation:
    return Invitation.send(cast.org(school), "coach", by=cast[by], name="Maya", email=email or "")


@pytest.fixture
def invitation(cast: Cast) -> Arguments:
    return {"invitation": _invitation(cast, "cedar", "leader", cast["teacher"].email).pk}


@pytest.fixture
def other_invitation(cast: Cast) -> Arguments:
    return {"invitation": _invitation(cast, "juniper", "other-leader", cast["other-teacher"].email).pk}


@pytest.fixture
def invitation_token(cast: Cast) -> Arguments:
    return {"token": _invitation(cast, "cedar", "leader", None).make_link()}


@pytest.fixture
def team(cast: Cast) -> Arguments:
    return {"team": cast.team("ninth").pk}


@pytest.fixture
def other_team(cast: Cast) -> Arguments:
    return {"team": cast.team("juniper-leadership").pk}


@pytest.fixture
def new_member(cast: Cast) -> Arguments:
    return {"person": cast["special-education"].pk}


@pytest.fixture
def team_member(cast: Cast, team: Arguments) -> Arguments:
    return {**team, "person": cast["math"].pk}


@pytest.fixture
def other_team_member(cast: Cast, other_team: Arguments) -> Arguments:
    return {**other_team, "person": cast["juniper-math"].pk}


@pytest.fixture
def cedar_course(cast: Cast) -> Arguments:
    return {"course": Course.objects.create(org=cast.org("cedar"), title="Algebra").pk}


@pytest.fixture
def juniper_course(cast: Cast) -> Arguments:
    return {"course": Course.objects.create(org=cast.org("juniper"), title="Algebra").pk}


@pytest.fixture
def english_class(cast: Cast) -> Arguments:
    return {"section": cast.section("english").pk}


@pytest.fixture
def juniper_class(cast: Cast) -> Arguments:
    return {"section": cast.section("juniper").pk}


@pytest.fixture
def applied_roster(cast: Cast) -> Arguments:
    """With nothing left to do: its pages answer, and the worker is not asked."""
    return {"roster": RosterImport.objects.create(org=cast.org("district"), file_name="a.zip", state="applied").pk}


@pytest.fixture
def holiday(cast: Cast) -> Arguments:
    return {"holiday": Holiday.objects.create(org=cast.org("district"), day=dt.date(2026, 12, 24), name="Break").pk}
