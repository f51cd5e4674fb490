"""Who may do what with people, roles, teams, invitations and a school's parts (trust 30). Pure functions."""

from .models import (
    Invitation,
    Learner,
    LearningPlan,
    Org,
    Person,
    PlanItem,
    RoleAssignment,
    Section,
    StaffTeam,
    StudentProposal,
    Why,
)


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


# A student's plan and path (profiles 4.10). `learner` is fetched by `visible_to`: it says why the person may read it.


def can_plan(learner: Learner) -> bool:
    """Begin a plan, put something in it, say how it goes: the student, their teachers and their advisor."""
    return learner.why in (Why.SELF, Why.SECTION, Why.ADVISORY)


def can_approve(learner: Learner) -> bool:
    """Say yes to a plan, a change of it, a unit: the advisor, without one a teacher of the student, or a leader.

    As `Learner.objects.approved_by`.
    """
    return learner.why in (Why.ADVISORY, Why.ADMIN) or (learner.why == Why.SECTION and not learner.has_advisor)


def can_choose(learner: Learner) -> bool:
    """Answer next steps and suggested changes, set the sliders, propose an own unit: the student."""
    return learner.why == Why.SELF


def can_acknowledge(learner: Learner) -> bool:
    return learner.why == Why.GUARDIAN


def can_remove(learner: Learner, item: PlanItem) -> bool:
    """The student takes out what was their own idea; who says yes to the plan, anything."""
    own = learner.why == Why.SELF and item.origin == PlanItem.Origin.STUDENT
    return own or can_approve(learner)


def item_moves(learner: Learner, item: PlanItem) -> list[str]:
    """Where the person may take something in the plan: that it is not needed, and what is handed in, adults say."""
    moves = item.MOVES[item.state]
    if learner.why == Why.SELF:
        adults = (PlanItem.State.EXEMPT, PlanItem.State.RETURNED)
        handed_in = item.state == PlanItem.State.SUBMITTED
        return [] if handed_in else [state for state in moves if state not in adults]
    if can_plan(learner):
        return list(moves)
    return []


def plan_moves(learner: Learner, plan: LearningPlan) -> list[str]:
    """Where the person may take the plan: ready says the student; under way and complete, who says yes to it."""
    state = LearningPlan.State
    students: dict[str, list[str]] = {state.DRAFT: [state.STUDENT_READY], state.STUDENT_READY: [state.DRAFT]}
    if learner.why == Why.SELF:
        return students.get(plan.state, [])
    if can_approve(learner):
        return [one for one in plan.MOVES[plan.state] if one != state.STUDENT_READY]
    return []


def can_drop_expectation(person: Person, learner: Learner, section: Section) -> bool:
    """Who teaches that class, or says yes to the plan."""
    return can_approve(learner) or (learner.why == Why.SECTION and can_record(person, section))


def can_reply(person: Person, learner: Learner, unit: StudentProposal) -> bool:
    """The adult who was asked, or who says yes to the plan."""
    return learner.why in (Why.SECTION, Why.ADVISORY, Why.ADMIN) and (
        unit.adult_id == person.pk or can_approve(learner)
    )


def can_offer_units(person: Person, school: Org) -> bool:
    """Who teaches, advises or leads there today."""
    givers = (
        *(RoleAssignment.Role.TEACHER, RoleAssignment.Role.SPECIALIST, RoleAssignment.Role.ADVISOR),
        *(RoleAssignment.Role.COUNSELOR, RoleAssignment.Role.SCHOOL_ADMIN),
    )
    return any(role.org_id == school.pk and role.role in givers for role in person.roles)
