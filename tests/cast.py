"""The people of the story (profiles/demo.py), built quickly for tests: `cast["teacher"]`, `cast.team("ninth")`.

Beyond the story there are `next-door`, who teaches at the first school in no team, and `ended-today`, whose role at the
first school ended this morning. `sign_in("teacher")` answers a client.

`cast.section("math")` brings the classes of `SECTIONS` to the story, with their students (`cast.learner("student")`)
and the competencies of `COMPETENCIES` (`cast.competency("RN.1")`).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import factory
import pytest
from django.conf import settings
from django.test import Client

from config import clock
from profiles import demo
from profiles.models import (
    Competency,
    CompetencyLink,
    Enrollment,
    Expectation,
    Framework,
    GuardianLink,
    Learner,
    Org,
    Person,
    RoleAssignment,
    Section,
    StaffTeam,
    TeamMembership,
    Unit,
)
from tests.site_process import session_of

NEXT_DOOR = demo.Character("next-door", "Iris", "Feldman", demo.Role.TEACHER, "cedar")
ENDED_TODAY = demo.Character("ended-today", "Leo", "Marsh", demo.Role.TEACHER, "cedar")
CHARACTERS = demo.EVERYONE | {"next-door": NEXT_DOOR, "ended-today": ENDED_TODAY}
GUESTS = ("anonymous", "participant")
"""Without an account: with nothing, and with a place in a room (the fixture `phone`)."""
PERSONAS = (*GUESTS, *demo.PEOPLE, "next-door", "ended-today")


CLASSMATES = {
    "amir": ("Amir", "Haddadi", "cedar"),
    "bea": ("Bea", "Castellano", "cedar"),
    "chen": ("Chen", "Liu", "cedar"),
    "dario": ("Dario", "Marsh", "cedar"),
    "juniper-student": ("Sofia", "Reyes", "juniper"),
}
"""Students beside the story's own; one at the second school has the same name as the story's."""
SECTIONS = {
    "math": ("Integrated mathematics 1", "cedar", "math", ("student", "amir", "bea", "chen"), False),
    "english": ("English 9", "cedar", "teacher", ("student", "amir"), False),
    "advisory": ("Advisory", "cedar", "advisor", ("student", "bea"), True),
    "next-door": ("Integrated mathematics 2", "cedar", "next-door", ("dario",), False),
    "juniper": ("Biology", "juniper", "other-teacher", ("juniper-student",), False),
}
COMPETENCIES = {
    "RN.1": "Compare two ratios with a table or a drawing.",
    "RN.2": "Find a unit rate and say what it means.",
    "RN.3": "Use percent as a rate per hundred.",
    "RN.4": "Place any fraction on a number line.",
}
"""The first three, each needed for the next, are the math class's first unit; the fourth is its second."""


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
        self._sections: dict[str, uuid.UUID] = {}
        self._competencies: dict[str, uuid.UUID] = {}

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

    def section(self, key: str) -> Section:
        """A class of `SECTIONS`."""
        self._begin_classes()
        return Section.objects.select_related("school").get(pk=self._sections[key])

    def learner(self, slug: str) -> Learner:
        """`student`, or one of `CLASSMATES`."""
        self._begin_classes()
        return Learner.objects.select_related("person", "home").get(pk=self._people[slug])

    def competency(self, code: str) -> Competency:
        self._begin_classes()
        return Competency.objects.get(pk=self._competencies[code])

    def _begin_classes(self) -> None:
        if self._sections:
            return
        people = {
            slug: PersonFactory.build(given_name=given, family_name=family, email=None, sign_in_name=f"{slug}.30")
            for slug, (given, family, _school) in CLASSMATES.items()
        }
        Person.objects.bulk_create(people.values())
        self._people |= {slug: person.pk for slug, person in people.items()}
        homes = {slug: school for slug, (_given, _family, school) in CLASSMATES.items()} | {"student": "cedar"}
        RoleAssignment.objects.bulk_create(
            RoleFactory.build(person=people[slug], org_id=self._schools[homes[slug]], role="student") for slug in people
        )
        Learner.objects.bulk_create(
            Learner(pk=self._people[slug], person_id=self._people[slug], home_id=self._schools[home], grade="09")
            for slug, home in homes.items()
        )
        begun = clock.today() - dt.timedelta(days=demo.BEGUN_DAYS_AGO)
        GuardianLink.objects.create(
            guardian_id=self._people["guardian"], learner_id=self._people["student"], rights="decide", begins=begun
        )
        Org.objects.filter(pk__in=self._schools.values()).update(begun=["plans", "learners"])
        sections = {
            key: Section(title=title, school_id=self._schools[school], advisory=advisory)
            for key, (title, school, _teacher, _students, advisory) in SECTIONS.items()
        }
        Section.objects.bulk_create(sections.values())
        self._sections = {key: section.pk for key, section in sections.items()}
        Enrollment.objects.bulk_create(
            Enrollment(section=sections[key], person_id=self._people[slug], role=role, begins=begun)
            for key, (_title, _school, teacher, students, _advisory) in SECTIONS.items()
            for slug, role in [(teacher, "teacher"), *((one, "student") for one in students)]
        )
        self._begin_competencies(sections["math"])

    def _begin_competencies(self, math: Section) -> None:
        framework = Framework.objects.create(
            org_id=self._schools["district"], identifier="rn", title="Ratios and numbers", own=True, language="en"
        )
        found = {
            code: Competency(framework=framework, identifier=code, code=code, statement=said, position=n)
            for n, (code, said) in enumerate(COMPETENCIES.items())
        }
        Competency.objects.bulk_create(found.values())
        CompetencyLink.objects.bulk_create(
            CompetencyLink(
                framework=framework,
                identifier=f"{first}-{then}",
                link_kind="precedes",
                origin=found[first],
                destination=found[then],
            )
            for first, then in (("RN.1", "RN.2"), ("RN.2", "RN.3"))
        )
        units = Unit.objects.bulk_create(
            [Unit(section=math, title="Ratios", position=0), Unit(section=math, title="Numbers", position=1)]
        )
        Expectation.objects.bulk_create(
            Expectation(section=math, unit=units[n > 2], competency=one, position=n)
            for n, one in enumerate(found.values())
        )
        Section.objects.filter(pk=math.pk).update(unit=units[0])
        self._competencies = {code: one.pk for code, one in found.items()}

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
