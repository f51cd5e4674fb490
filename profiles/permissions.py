"""Who may do what with people, roles, teams, invitations and a school's parts (trust 30). Pure functions."""

from .models import (
    CheckIn,
    Course,
    Goal,
    Invitation,
    Learner,
    LearningPlan,
    Org,
    Person,
    PlanItem,
    ProfileEntry,
    Revocation,
    RoleAssignment,
    Section,
    StaffTeam,
    StudentProposal,
    Why,
)
from .models.portraits import WRITERS


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


# A student's record (profiles 4.10). `learner` is fetched by `visible_to`, so it says why the person may read it.

APPROVERS = (Why.ADVISORY, Why.CASELOAD)
TALKERS = (Why.SELF, Why.GUARDIAN, *APPROVERS)
"""Who reads what a check-in came to."""


def voice_of(learner: Learner) -> str:
    """In whose voice the person speaks in this record: the student's, the family's, an adult's; empty: in none."""
    if learner.why == Why.SELF:
        return ProfileEntry.Voice.STUDENT
    if learner.why == Why.GUARDIAN:
        return ProfileEntry.Voice.FAMILY
    return ProfileEntry.Voice.ADULT if learner.why in (*WRITERS, Why.ADMIN) else ""


def visibilities(learner: Learner) -> list[str]:
    """Whom the person may let read what they write here. A leader writes what only counselors and leaders read."""
    kind = ProfileEntry.Visibility
    if learner.why == Why.SELF:
        return [kind.ALL, kind.STAFF, kind.ADVISOR]
    if learner.why == Why.CASELOAD:
        return [kind.ALL, kind.STAFF, kind.RESTRICTED]
    if learner.why == Why.ADMIN:
        return [kind.RESTRICTED]
    return [kind.ALL, kind.STAFF]


def can_rewrite(person: Person, learner: Learner, entry: ProfileEntry) -> bool:
    """Say it anew, or take it back: who said it; what adults said, the advisor and the counselor too."""
    if entry.author_id == person.pk:
        return voice_of(learner) == entry.voice
    return entry.voice == ProfileEntry.Voice.ADULT and learner.why in APPROVERS


def can_answer(learner: Learner, entry: ProfileEntry) -> bool:
    """The student answers whatever others say."""
    return learner.why == Why.SELF and entry.voice != ProfileEntry.Voice.STUDENT


def can_confirm(learner: Learner) -> bool:
    return learner.why == Why.SELF


def can_see_looks(learner: Learner) -> bool:
    """Who looked: the family, the student of age, the school's leaders (trust 32, 33)."""
    return learner.why in (Why.GUARDIAN, Why.ADMIN) or (learner.why == Why.SELF and learner.is_of_age)


def can_set_goals(learner: Learner) -> bool:
    """The student sets goals; who teaches, advises or counsels proposes them."""
    return learner.why == Why.SELF or learner.why in WRITERS


def can_adjust_goals(learner: Learner) -> bool:
    return learner.why == Why.SELF or learner.why in APPROVERS


def can_comment(learner: Learner) -> bool:
    return learner.why == Why.GUARDIAN or can_set_goals(learner)


def goal_moves(learner: Learner, goal: Goal) -> list[str]:
    """Where the person may take the goal: the student everywhere, but agreeing is the advisor's and the counselor's."""
    moves = goal.MOVES[goal.state]
    if learner.why == Why.SELF:
        return [state for state in moves if state != Goal.State.AGREED]
    if learner.why in APPROVERS and goal.state == Goal.State.PROPOSED:
        return [Goal.State.AGREED, Goal.State.DRAFT]
    return []


def can_reflect(learner: Learner) -> bool:
    return learner.why == Why.SELF


def can_read_check_ins(learner: Learner) -> bool:
    return learner.why in TALKERS


def can_plan_check_ins(learner: Learner) -> bool:
    return learner.why in APPROVERS


def can_keep(person: Person, learner: Learner, check_in: CheckIn) -> bool:
    """Hold, move or miss it, and read one's own note: only the adult whose check-in it is."""
    return can_plan_check_ins(learner) and check_in.adult_id == person.pk


def can_settle(learner: Learner) -> bool:
    """Say that something promised was kept or let go: those it binds."""
    return learner.why in TALKERS


def can_lead_conference(learner: Learner) -> bool:
    """Choose what is shown, rehearse: the student."""
    return learner.why == Why.SELF


def can_run_conference(learner: Learner) -> bool:
    """Plan it, write along, hold it: the student, the advisor, the counselor."""
    return learner.why == Why.SELF or learner.why in APPROVERS


def can_bring_voice(person: Person, school: Org) -> bool:
    """Bring in what students answered on a form: leaders and counselors of the school."""
    givers = (RoleAssignment.Role.SCHOOL_ADMIN, RoleAssignment.Role.COUNSELOR)
    return any(role.org_id == school.pk and role.role in givers for role in person.roles)


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
    teaches = learner.why == Why.SECTION and Section.objects.taught_by(person).filter(pk=section.pk).exists()
    return teaches or can_approve(learner)


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


def can_speak_for_family(learner: Learner) -> bool:
    """Say something in the family's voice, acknowledge the plan."""
    return learner.why == Why.GUARDIAN


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
