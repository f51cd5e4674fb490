"""Who may do what in a workshop (workshops.md 5). Pure functions of a person and a workshop."""

from __future__ import annotations

from uuid import UUID

from planning.models import StrategyTable
from profiles.models import Org, Person

from .models import Helper, Kit, Participant, Workshop


def role_in(person: Person, workshop: Workshop) -> str:
    """lead, co, scribe, leader (of the host, not helping), or nothing."""
    if workshop.lead_id == person.pk:
        return "lead"
    for helper in workshop.helpers.all():
        if helper.person_id == person.pk:
            return helper.role
    if person.leads_district or workshop.host_id in person.led_school_ids:
        return "leader"
    return ""


def can_prepare(person: Person, host: Org) -> bool:
    """Begin a workshop at a school or the district: its leaders and its instructional coaches."""
    if person.leads_district:
        return True
    return any(role.org_id == host.pk and role.role in ("school_admin", "coach") for role in person.staff_roles)


def can_prepare_somewhere(person: Person) -> bool:
    return person.leads_district or any(role.role in ("school_admin", "coach") for role in person.staff_roles)


def can_write_kit(person: Person, kit: Kit) -> bool:
    """A guide of a school or the district is changed by whoever prepares workshops there; the built-in by nobody."""
    return not kit._state.adding and can_prepare(person, kit.org)


def can_schedule(person: Person, workshop: Workshop) -> bool:
    """Title, times, helpers, the guide's copy: the lead, co-facilitators, leaders of the host."""
    return role_in(person, workshop) in ("lead", Helper.Role.CO, "leader")


def can_steer(person: Person, workshop: Workshop) -> bool:
    """Advance, timer, reveal, times, groups."""
    return role_in(person, workshop) in ("lead", Helper.Role.CO)


def can_capture(person: Person, workshop: Workshop) -> bool:
    """Sheets, themes, with and without, alignment, and hiding a line."""
    return role_in(person, workshop) in ("lead", Helper.Role.CO, Helper.Role.SCRIBE)


def can_remove_people(person: Person, workshop: Workshop) -> bool:
    """Take a person out, close: the lead alone."""
    return role_in(person, workshop) == "lead"


def can_see_answers(person: Person, workshop: Workshop) -> bool:
    """Answers not shown to everyone yet: lead and co-facilitators; a note-taker sees how many."""
    return can_steer(person, workshop)


def can_take_away(person: Person, workshop: Workshop) -> bool:
    """Reports and files: whoever runs it, and the leaders of the host."""
    return role_in(person, workshop) != ""


def same_table(participant: Participant, group_id: UUID) -> bool:
    """A participant writes in their own group's picture only."""
    return participant.seats.filter(group=group_id, group__seating__current=True).exists()


def can_receive(person: Person, school: Org) -> bool:
    """Decide what a school takes up from a workshop: who writes in a table there, and who leads the school."""
    if can_accept_team(person, school):
        return True
    return StrategyTable.objects.visible_to(person).in_school(school).open().edited().exists()


def can_send_to_schools(person: Person, workshop: Workshop) -> bool:
    """Propose to a school what it will try, as its participants may: an editor there decides."""
    return can_steer(person, workshop)


def can_accept_team(person: Person, school: Org) -> bool:
    """Make a learning team a team of the school: its leaders."""
    return person.leads_district or school.pk in person.led_school_ids
