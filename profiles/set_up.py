"""A real site's first day: one district, its first school, and a link for whoever leads both."""

from django.db import transaction

from . import second_factor
from .models import Actor, Invitation, Org, Person, RoleAssignment

MACHINE = Actor("system", "set_up")


def district() -> Org | None:
    """The district of this site, once it is set up."""
    return Org.objects.filter(org_kind=Org.Kind.DISTRICT).first()


@transaction.atomic
def first_day(*, district: str, school: str, time_zone: str, name: str, email: str) -> Invitation:
    """District and school, and an invitation to lead both; the school has begun no part yet."""
    founded = Org.found_district(district, time_zone=time_zone, by=MACHINE)
    opened = founded.open_school(school, by=MACHINE)
    return Invitation.send(
        founded, RoleAssignment.Role.DISTRICT_ADMIN, by=MACHINE, name=name, email=email, also_leads=opened
    )


@transaction.atomic
def invite_district_leader(*, name: str, email: str) -> Invitation:
    """Another district leader, or the first once more: then what that invitation gave besides is kept."""
    founded = Org.objects.get(org_kind=Org.Kind.DISTRICT)
    earlier = Invitation.objects.unanswered().filter(org=founded, email=email.lower()).first()
    also_leads = earlier.also_leads if earlier else None
    return Invitation.send(
        founded, RoleAssignment.Role.DISTRICT_ADMIN, by=MACHINE, name=name, email=email, also_leads=also_leads
    )


def take_second_factor(*, email: str) -> bool:
    """For a district leader who lost it: nobody else stands above them. False: nobody with a role has this e-mail."""
    person = Person.objects.filter(email=email.lower()).first()
    if person is None or not person.is_staff_today:
        return False
    second_factor.take_second_factor(person, by=MACHINE)
    return True
