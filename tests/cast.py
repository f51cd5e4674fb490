"""The people of the story (profiles/demo.py), built quickly for tests: `cast["teacher"]`, `cast.team("ninth")`.

Beyond the story there are `next-door`, who teaches at the first school in no team, and `ended-today`, whose role at the
first school ended this morning. `sign_in("teacher")` answers a client.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import factory
import pytest
from django.conf import settings
from django.test import Client

from config import clock
from profiles import demo
from profiles.models import Org, Person, RoleAssignment, StaffTeam, TeamMembership
from tests.site_process import session_of

NEXT_DOOR = demo.Character("next-door", "Iris", "Feldman", demo.Role.TEACHER, "cedar")
ENDED_TODAY = demo.Character("ended-today", "Leo", "Marsh", demo.Role.TEACHER, "cedar")
CHARACTERS = demo.EVERYONE | {"next-door": NEXT_DOOR, "ended-today": ENDED_TODAY}
GUESTS = ("anonymous", "participant")
"""Without an account: with nothing, and with a place in a room (the fixture `phone`)."""
PERSONAS = (*GUESTS, *demo.PEOPLE, "next-door", "ended-today")


class OrgFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Org

    org_kind = Org.Kind.SCHOOL
    name = factory.Sequence("School {}".format)


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person

    given_name = "Ada"
    family_name = factory.Sequence("Example{}".format)
    email = factory.Sequence("person{}@example.org".format)
    password = "!"


class RoleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RoleAssignment

    begins = factory.LazyFunction(lambda: clock.today() - dt.timedelta(days=demo.BEGUN_DAYS_AGO))


class TeamFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StaffTeam

    meeting_kind = "other"


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TeamMembership

    begins = factory.LazyFunction(lambda: clock.today() - dt.timedelta(days=demo.BEGUN_DAYS_AGO))


class Cast:
    """Everybody, by slug. A person is fetched anew each time: nobody's roles of an earlier click are kept."""

    def __init__(self) -> None:
        district = OrgFactory.build(org_kind=Org.Kind.DISTRICT, name=demo.DISTRICT)
        schools = {
            key: OrgFactory.build(name=name, parent=district, begun=["plans"]) for key, name in demo.SCHOOLS.items()
        }
        people = {slug: self._person(one) for slug, one in CHARACTERS.items()}
        teams = {
            key: TeamFactory.build(school=schools[team.school], name=team.name, meeting_kind=team.meeting_kind)
            for key, team in demo.TEAMS.items()
        }
        Org.objects.bulk_create([district, *schools.values()])
        Person.objects.bulk_create(people.values())
        StaffTeam.objects.bulk_create(teams.values())
        RoleAssignment.objects.bulk_create(
            RoleFactory.build(
                person=people[slug],
                org=schools[one.school] if one.school else district,
                role=one.role,
                ends=clock.today() if slug == "ended-today" else None,
            )
            for slug, one in CHARACTERS.items()
        )
        TeamMembership.objects.bulk_create(
            MembershipFactory.build(team=teams[key], person=people[slug])
            for key, team in demo.TEAMS.items()
            for slug in team.members
        )
        self._people = {slug: person.pk for slug, person in people.items()}
        self._schools = {key: school.pk for key, school in schools.items()} | {"district": district.pk}
        self._teams = {key: team.pk for key, team in teams.items()}

    def __getitem__(self, slug: str) -> Person:
        return Person.objects.get(pk=self._people[slug])

    def everyone(self) -> dict[str, Person]:
        return {slug: self[slug] for slug in CHARACTERS}

    def org(self, key: str) -> Org:
        """`cedar`, `juniper` or `district`."""
        return Org.objects.get(pk=self._schools[key])

    def team(self, key: str) -> StaffTeam:
        return StaffTeam.objects.select_related("school").get(pk=self._teams[key])

    def role(self, slug: str) -> RoleAssignment:
        return RoleAssignment.objects.select_related("org", "person").get(person=self._people[slug])

    @staticmethod
    def _person(one: demo.Character) -> Person:
        return PersonFactory.build(
            given_name=one.given_name,
            family_name=one.family_name,
            email=one.email,
            sign_in_name=one.sign_in_name,
            language=one.language,
        )


def client_of(person: Person, **options: bool) -> Client:
    client = Client(**options)
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(person)
    return client


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


@pytest.fixture
def sign_in(cast: Cast) -> Callable[[str], Client]:
    return lambda slug: client_of(cast[slug])
