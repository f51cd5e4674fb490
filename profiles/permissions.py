"""Who may do what with people, roles, teams, invitations and a school's parts (trust 30). Pure functions."""

from .models import Invitation, Learner, Org, Person, RoleAssignment, Section, StaffTeam, Why


def leads(person: Person, org: Org) -> bool:
    """Leads this school, or the district it is in."""
    return org.org_kind == Org.Kind.SCHOOL and (person.leads_district or org.pk in person.led_school_ids)


def can_see_people(person: Person, org: Org) -> bool:
    """The list of a school's staff is for those who work there and for district leaders."""
    return org.org_kind == Org.Kind.SCHOOL and (person.leads_district or org.pk in person.staff_school_ids)


def can_invite(person: Person, org: Org) -> bool:
    return bool(org.roles_given_by(person))


def can_withdraw(person: Person, invitation: Invitation) -> bool:
    """Withdraw it, or make a new link for it: only for a role one may give."""
    return invitation.role in invitation.org.roles_given_by(person)


def can_accept(person: Person, invitation: Invitation) -> bool:
    """With an e-mail, only the person it names; nobody takes a role they handed out themselves."""
    if invitation.invited_by_id == person.pk:
        return False
    return not invitation.email or invitation.email == person.email


def can_end_role(person: Person, assignment: RoleAssignment) -> bool:
    """Never one's own; only below one's own level."""
    return assignment.person_id != person.pk and assignment.role in assignment.org.roles_given_by(person)


def can_shape_teams(person: Person, school: Org) -> bool:
    return leads(person, school)


def can_shape_team(person: Person, team: StaffTeam) -> bool:
    return can_shape_teams(person, team.school)


def can_begin_parts(person: Person, school: Org) -> bool:
    return leads(person, school)


def can_record(person: Person, section: Section) -> bool:
    """Rate the students of a class: those who teach it today."""
    return Section.objects.taught_by(person).filter(pk=section.pk).exists()


def can_rate(person: Person, learner: Learner) -> bool:
    """Rate one student, set a level by hand: their teachers and their advisor. `learner` fetched by `visible_to`."""
    return learner.why in (Why.SECTION, Why.ADVISORY)


def can_import_rosters(person: Person) -> bool:
    """Rosters and standards files of the district (trust 28, 29)."""
    return person.leads_district


def can_shape_frameworks(person: Person, org: Org) -> bool:
    """Competencies and rules of a school: its leaders; of the district: district leaders (profiles 4.10)."""
    return person.leads_district or org.pk in person.led_school_ids


def can_take_second_factor(person: Person, other: Person) -> bool:
    """For who lost it and cannot sign in: only of somebody whose every role is below one's own level."""
    roles = other.staff_roles
    return other != person and bool(roles) and all(role.role in role.org.roles_given_by(person) for role in roles)


def holds_records(person: Person) -> bool:
    """Works where student records are kept: at a school that has begun with students; for district leaders, any."""
    if person.leads_district:
        return Org.Part.LEARNERS in person.parts
    return any(Org.Part.LEARNERS in role.org.begun for role in person.staff_roles)


def can_speak_for_family(learner: Learner) -> bool:
    """Say something in the family's voice, acknowledge the plan."""
    return learner.why == Why.GUARDIAN


def can_see_looks(learner: Learner) -> bool:
    """Who looked at the record: the family, the student of age, leaders of the school (trust 32, 33)."""
    return learner.why in (Why.GUARDIAN, Why.ADMIN) or (learner.why == Why.SELF and learner.is_of_age)


def can_give_family_link(learner: Learner) -> bool:
    """Hand a family the way to its page: advisors, counselors and leaders (fetched by `visible_to`)."""
    return learner.why in (Why.ADVISORY, Why.CASELOAD, Why.ADMIN)


def can_ask_for_record(learner: Learner) -> bool:
    """Everything held, as one file: the family, and the student of age (trust 34)."""
    return learner.why == Why.GUARDIAN or (learner.why == Why.SELF and learner.is_of_age)


def can_share_growth(learner: Learner) -> bool:
    return learner.why == Why.SELF


def can_answer_growth(learner: Learner) -> bool:
    """Any adult who may open the record, family too."""
    return learner.why != Why.SELF


def can_see_totals(person: Person, school: Org) -> bool:
    return leads(person, school)
