"""What a queryset shows and what a predicate allows agree, for everyone in the cast and every object of the story."""

import pytest

from profiles import permissions
from profiles.models import Invitation, Org, Person, RoleAssignment, StaffTeam


@pytest.fixture
def invitations(cast) -> None:
    for key, leader in (("cedar", "leader"), ("juniper", "other-leader")):
        for role in ("teacher", "student"):
            Invitation.send(cast.org(key), role, by=cast[leader], name=role, email=f"{role}@example.org")
        Invitation.send(cast.org(key), "school_admin", by=cast["district"], name="Ann", email="ann@example.org")


def test_who_works_where_is_who_sees_its_people(cast):
    for person in cast.everyone().values():
        for school in Org.objects.schools():
            works = Org.objects.schools().worked_at_by(person).filter(pk=school.pk).exists()
            assert permissions.can_see_people(person, school) == works, (person, school)


def test_whom_one_sees_are_the_staff_of_schools_whose_people_one_may_see(cast):
    for person in cast.everyone().values():
        seen = set(Person.objects.visible_to(person))
        schools = [school for school in Org.objects.schools() if permissions.can_see_people(person, school)]
        staff = set(Person.objects.staff_of([school.pk for school in schools]))
        if person.leads_district:
            staff |= set(Person.objects.staff_of([cast.org("district").pk]))
        assert seen == staff | {person}, person


def test_only_what_one_sees_can_be_changed(cast, invitations):
    predicates = [
        (permissions.can_invite, Org),
        (permissions.can_begin_parts, Org),
        (permissions.can_shape_teams, Org),
        (permissions.can_see_people, Org),
        (permissions.can_shape_team, StaffTeam),
        (permissions.can_withdraw, Invitation),
    ]
    for person in cast.everyone().values():
        for may, model in predicates:
            visible = set(model.objects.visible_to(person))
            allowed = {one for one in model.objects.all() if may(person, one)}
            assert allowed <= visible, (person, may)


def test_staff_roles_that_one_may_end_are_visible(cast):
    for person in cast.everyone().values():
        visible = set(RoleAssignment.objects.visible_to(person))
        staff = RoleAssignment.objects.current().staff().select_related("org")
        assert {role for role in staff if permissions.can_end_role(person, role)} <= visible, person


def test_nobody_gives_or_ends_a_role_at_or_above_their_own(cast):
    level = {"school_admin": 1, "district_admin": 2}
    for person in cast.everyone().values():
        own = max((level.get(role.role, 0) for role in person.roles), default=-1)
        for org in Org.objects.all():
            given = [level.get(role, 0) for role in org.roles_given_by(person)]
            assert all(below < own for below in given), (person, org)


def test_leaders_are_those_who_invite_and_see_invitations(cast, invitations):
    for slug, person in cast.everyone().items():
        schools = {org.name for org in Org.objects.all() if permissions.can_invite(person, org)}
        seen = {invitation.org.name for invitation in Invitation.objects.visible_to(person).select_related("org")}
        assert schools == seen, slug
        expected = {
            "leader": {cast.org("cedar").name},
            "other-leader": {cast.org("juniper").name},
            "district": {cast.org("cedar").name, cast.org("juniper").name},
        }
        assert schools == expected.get(slug, set()), slug
