"""Who may do what with people, roles, teams, invitations and a school's parts (trust 30). Pure functions."""

from .models import Course, Invitation, Learner, Org, Person, Revocation, RoleAssignment, Section, StaffTeam, Why


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
    """Rate the students of a class: those who teach it today. `section` fetched by `visible_to`."""
    return section.why == Why.SECTION


def can_rate(person: Person, learner: Learner) -> bool:
    """Rate one student, set a level by hand: their teachers and their advisor. `learner` fetched by `visible_to`."""
    return learner.why in (Why.SECTION, Why.ADVISORY)


def can_see_shared(person: Person, team: StaffTeam) -> bool:
    """The page of a team's shared students: its members of today, and leaders of the school."""
    mine = team.memberships.current().filter(person=person)
    return team.school_id in person.led_school_ids or mine.exists()


def can_import_rosters(person: Person) -> bool:
    """Rosters and standards files of the district (trust 28, 29)."""
    return person.leads_district


def can_shape_frameworks(person: Person, org: Org) -> bool:
    """Competencies and rules of a school: its leaders; of the district: district leaders (profiles 4.10)."""
    return person.leads_district or org.pk in person.led_school_ids


def can_read_students(person: Person, school: Org) -> bool:
    """Lists of a school's students, each sees those they may; a district leader reads totals only (profiles 4.10)."""
    return school.pk in person.staff_school_ids


def can_read_families(person: Person, school: Org) -> bool:
    """Who is family to whom, with how to reach them: leaders and counselors of the school."""
    return any(role.org_id == school.pk and role.role in ("school_admin", "counselor") for role in person.roles)


def can_give_credits(person: Person, course: Course) -> bool:
    """What a course earns: leaders of the school that offers it, and of the district."""
    return person.leads_district or course.org_id in person.led_school_ids


def can_shape_units(person: Person, section: Section) -> bool:
    """What a class works towards: those who teach it, and leaders of its school. `section` fetched by `visible_to`."""
    return section.school_id in person.led_school_ids or can_record(person, section)


def can_import_results(person: Person, org: Org) -> bool:
    """Results by file: leaders of the school, or of the district."""
    return person.leads_district or org.pk in person.led_school_ids


def can_ask_taking_back(person: Person, learner: Learner) -> bool:
    """Say that something shown and kept should not be: staff who may open the record. `learner` by `visible_to`."""
    return learner.why not in (Why.SELF, Why.GUARDIAN)


def can_confirm_taking_back(person: Person, revocation: Revocation) -> bool:
    """A leader or a counselor of the school; never the one who asked (profiles 4.10)."""
    home = revocation.demonstration.learner.home_id
    confirming = (RoleAssignment.Role.SCHOOL_ADMIN, RoleAssignment.Role.COUNSELOR)
    return revocation.by_id != person.pk and any(
        role.org_id == home and role.role in confirming for role in person.roles
    )


def can_decline_taking_back(person: Person, revocation: Revocation) -> bool:
    """Who may confirm, and whoever asked and thought again."""
    return revocation.by_id == person.pk or can_confirm_taking_back(person, revocation)


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
