"""The story, once: a district, two high schools and the people every demo and every test is told with.

`tell` tells it through the verbs people use; `tests/cast.py` builds the same people quickly; planning and workshops
add their part with `person`, `school` and `team`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config import clock

from .models import Actor, MeetingKind, Org, Person, RoleAssignment, StaffTeam

Role = RoleAssignment.Role

STORYTELLER = Actor("system", "demo")
DISTRICT = "Cedar Valley School District"
SCHOOLS = {"cedar": "Cedar Hollow High School", "juniper": "Juniper Ridge High School"}
MAIL = "cedarvalley.example"


@dataclass(frozen=True)
class Character:
    """Somebody in the story. `school` is a key of `SCHOOLS`, or empty for the district's own people."""

    slug: str
    given_name: str
    family_name: str
    role: str
    school: str
    about: str | Promise = ""
    language: str = ""

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def email(self) -> str | None:
        """Students have none: they sign in with a name the school issued."""
        if self.role == Role.STUDENT:
            return None
        return f"{self._mail_name}@{self.school}.{MAIL}" if self.school else f"{self._mail_name}@{MAIL}"

    @property
    def sign_in_name(self) -> str | None:
        return f"{self._mail_name}.30" if self.role == Role.STUDENT else None

    @property
    def _mail_name(self) -> str:
        return f"{self.given_name}.{self.family_name}".lower()


@dataclass(frozen=True)
class Team:
    """A staff team of the story; `members` are slugs."""

    key: str
    name: str
    school: str
    meeting_kind: str
    members: tuple[str, ...]


def _by_slug(*characters: Character) -> dict[str, Character]:
    return {one.slug: one for one in characters}


PEOPLE = _by_slug(
    Character(
        "leader", "Ruth", "Alvarez", Role.SCHOOL_ADMIN, "cedar",
        _("Principal, with twenty minutes between two meetings to see where the plan stands."),
    ),
    Character(
        "teacher", "Maya", "Torres", Role.TEACHER, "cedar",
        _("Teaches ninth-grade English and wants her team's ideas to survive the meeting."),
    ),
    Character(
        "advisor", "Henry", "Osei", Role.ADVISOR, "cedar",
        _("Advisor to sixteen ninth graders; meets each of them every week."),
    ),
    Character(
        "counselor", "Nadia", "Haddad", Role.COUNSELOR, "cedar",
        _("Counselor, looking out for the student whom no adult has named yet."),
    ),
    Character(
        "student", "Sofia", "Reyes", Role.STUDENT, "cedar",
        _("Ninth grader who draws, helps in her aunt's shop, and wants to know what comes next."),
    ),
    Character(
        "guardian", "Elena", "Reyes", Role.GUARDIAN, "cedar",
        _("Sofia's mother. Works evenings, reads Spanish, asks what she can do at home."), "es",
    ),
    Character(
        "coach", "Walter", "Lindqvist", Role.COACH, "cedar",
        _("Instructional coach who runs Thursday's workshop from one page."),
    ),
    Character(
        "district", "Angela", "Whitcomb", Role.DISTRICT_ADMIN, "",
        _("Leads the district and reads every school's plan before she visits."),
    ),
    Character(
        "other-leader", "Paul", "Nakamura", Role.SCHOOL_ADMIN, "juniper",
        _("Principal of the second school, a year behind the first."),
    ),
    Character(
        "other-teacher", "Maya", "Torres", Role.TEACHER, "juniper",
        _("Teaches biology at the second school. Same name as her colleague, another person."),
    ),
)  # fmt: skip

COLLEAGUES = _by_slug(
    Character("math", "Samuel", "Brooks", Role.TEACHER, "cedar"),
    Character("science", "Priya", "Nair", Role.TEACHER, "cedar"),
    Character("history", "Tom", "Becker", Role.TEACHER, "cedar"),
    Character("special-education", "Grace", "Okafor", Role.SPECIALIST, "cedar"),
    Character("juniper-math", "Lucia", "Ferrante", Role.TEACHER, "juniper"),
    Character("juniper-counselor", "Owen", "Clarke", Role.COUNSELOR, "juniper"),
)

EVERYONE = PEOPLE | COLLEAGUES

TEAMS = {
    one.key: one
    for one in (
        Team(
            "leadership", "Leadership team", "cedar", MeetingKind.LEADERSHIP,
            ("leader", "counselor", "coach", "special-education", "math"),
        ),
        Team(
            "ninth", "Ninth-grade team", "cedar", MeetingKind.GRADE_TEAM,
            ("teacher", "advisor", "counselor", "math", "science", "history"),
        ),
        Team(
            "juniper-leadership", "Leadership team", "juniper", MeetingKind.LEADERSHIP,
            ("other-leader", "other-teacher", "juniper-math", "juniper-counselor"),
        ),
    )
}  # fmt: skip

BEGUN_DAYS_AGO = 90
"""The story's people have been there since then, so that the tables' history fits in."""


def first_day() -> dt.date:
    return clock.today() - dt.timedelta(days=BEGUN_DAYS_AGO)


def person(slug: str) -> Person:
    """Whom `tell` made for this slug. Raises `Person.DoesNotExist` before the story was told."""
    one = EVERYONE[slug]
    if one.email:
        return Person.objects.get(email=one.email)
    return Person.objects.get(sign_in_name=one.sign_in_name)


def school(key: str) -> Org:
    """The school of this key of `SCHOOLS`."""
    return Org.objects.schools().get(name=SCHOOLS[key])


def team(key: str) -> StaffTeam:
    """The team of this key of `TEAMS`."""
    return StaffTeam.objects.select_related("school").get(school__name=SCHOOLS[TEAMS[key].school], name=TEAMS[key].name)


@transaction.atomic
def tell(say: Callable[[str], object]) -> None:
    """District, schools, people and teams, all or nothing; told before, nothing. `say` is given one line a step."""
    from . import demo_learners

    if not Org.objects.filter(org_kind=Org.Kind.DISTRICT).exists():
        _tell_of_people(say)
    demo_learners.tell(say)


def _tell_of_people(say: Callable[[str], object]) -> None:
    begins = first_day()
    district = Org.found_district(DISTRICT, by=STORYTELLER)
    schools = {key: district.open_school(name, by=STORYTELLER) for key, name in SCHOOLS.items()}
    for school in schools.values():
        school.begin(Org.Part.PLANS, by=STORYTELLER)
    say(f"{district}: {', '.join(SCHOOLS.values())}")
    people = {}
    for slug, one in EVERYONE.items():
        people[slug] = Person.objects.create_user(
            given_name=one.given_name,
            family_name=one.family_name,
            email=one.email,
            sign_in_name=one.sign_in_name,
            language=one.language,
        )
        org = schools[one.school] if one.school else district
        org.give_role(people[slug], one.role, by=STORYTELLER, begins=begins)
    say(f"{len(people)} people, two of them called {PEOPLE['teacher'].name}")
    for team in TEAMS.values():
        made = schools[team.school].make_team(team.name, team.meeting_kind, by=STORYTELLER)
        for slug in team.members:
            made.add(people[slug], by=STORYTELLER, begins=begins)
        say(f"{SCHOOLS[team.school]}: {team.name}, {len(team.members)} people")
