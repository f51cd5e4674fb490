"""A school: who works there, its teams, and the parts of Trellis it has begun."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from .. import permissions
from ..forms import InvitationForm, TeamForm
from ..models import Invitation, Org, Person, RoleAssignment, StaffTeam, TeamMembership
from ..requests import PersonRequest

LINK_TO_SHOW = "invitation_link"


@dataclass(frozen=True)
class Colleague:
    """One line of the staff list; each role with whether the reader may end it."""

    person: Person
    roles: list[tuple[RoleAssignment, bool]]
    teams: list[StaffTeam]


@dataclass(frozen=True)
class PartChoice:
    """One of the three parts as the page shows it."""

    key: str
    label: str | Promise
    about: str | Promise
    begun: bool


PARTS_IN_WORDS = {
    Org.Part.PLANS: gettext_lazy("Strategy tables that a team fills in together, reviews and carries out."),
    Org.Part.WORKSHOPS: gettext_lazy("Workshops run from one page, with phones joining by a code."),
    Org.Part.LEARNERS: gettext_lazy(
        "Classes, what each student knows, and where they go next. From then on staff sign in with a second step."
    ),
}


@require_GET
def school_list(request: PersonRequest) -> HttpResponse:
    schools = list(Org.objects.schools().worked_at_by(request.user))
    if len(schools) == 1:
        return redirect("profiles:school_people", schools[0].pk)
    if not schools:
        raise PermissionDenied(_("This page is for people who work at a school."))
    return render(request, "profiles/school_list.html", {"schools": schools})


@require_GET
def school_people(request: PersonRequest, school: uuid.UUID) -> HttpResponse:
    shown = school_of_staff(request, school)
    return school_page(request, shown, link=request.session.pop(LINK_TO_SHOW, None))


@require_POST
def role_end(request: PersonRequest, role: int) -> HttpResponse:
    assignment = get_object_or_404(
        RoleAssignment.objects.visible_to(request.user).select_related("org", "person"), pk=role
    )
    if not permissions.can_end_role(request.user, assignment):
        raise PermissionDenied(_("Only a leader above this role may end it, and nobody ends their own."))
    org, person = assignment.org, assignment.person
    org.end_role(assignment, by=request.user)
    messages.success(request, _("%(name)s no longer has this role from now on.") % {"name": person})
    return redirect("profiles:school_people", org.pk)


@require_GET
def part_choose(request: PersonRequest, school: uuid.UUID) -> HttpResponse:
    shown = get_object_or_404(Org.objects.schools().visible_to(request.user), pk=school)
    if not permissions.can_begin_parts(request.user, shown):
        raise PermissionDenied(_("Leaders of the school choose its parts."))
    parts = [PartChoice(part.value, part.label, PARTS_IN_WORDS[part], part.value in shown.begun) for part in Org.Part]
    return render(request, "profiles/part_choose.html", {"school": shown, "parts": parts})


@require_POST
def part_begin(request: PersonRequest, school: uuid.UUID, part: str) -> HttpResponse:
    shown = get_object_or_404(Org.objects.schools().visible_to(request.user), pk=school)
    if not permissions.can_begin_parts(request.user, shown):
        raise PermissionDenied(_("Leaders of the school choose its parts."))
    if part not in Org.Part.values:
        raise Http404
    shown.begin(part, by=request.user)
    messages.success(request, _("%(part)s: begun. It is in the menu now.") % {"part": Org.Part(part).label})
    return redirect("home")


def school_of_staff(request: PersonRequest, school: uuid.UUID) -> Org:
    """The school, for those who may see its staff. Raises 404 where it is not theirs, 403 where they do not work."""
    shown = get_object_or_404(Org.objects.schools().visible_to(request.user), pk=school)
    if not permissions.can_see_people(request.user, shown):
        raise PermissionDenied(_("This page is for people who work at the school."))
    return shown


def school_page(
    request: PersonRequest,
    school: Org,
    *,
    invite: InvitationForm | None = None,
    team: TeamForm | None = None,
    link: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a school's people; a form that was not valid comes back on it with what was typed."""
    may_invite = permissions.can_invite(request.user, school)
    may_shape_teams = permissions.can_shape_teams(request.user, school)
    invitations = []
    if may_invite:
        waiting = Invitation.objects.visible_to(request.user).unanswered().filter(org=school)
        invitations = list(waiting.select_related("team", "invited_by"))
    context = {
        "school": school,
        "colleagues": _colleagues(school, request.user),
        "teams": school.staff_teams.all(),
        "invitations": invitations,
        "invite": (invite or InvitationForm(school=school, by=request.user)) if may_invite else None,
        "team_form": (team or TeamForm(school=school)) if may_shape_teams else None,
        "may_begin_parts": permissions.can_begin_parts(request.user, school),
        "link": link,
        **places(request.user, school),
    }
    return render(request, "profiles/school_people.html", context, status=status)


def _colleagues(school: Org, reader: Person) -> list[Colleague]:
    people = {one.pk: Colleague(one, [], []) for one in Person.objects.staff_of([school.pk]).by_name()}
    for role in RoleAssignment.objects.current().staff().filter(org=school).order_by("role"):
        role.org = school
        if role.person_id in people:
            people[role.person_id].roles.append((role, permissions.can_end_role(reader, role)))
    memberships = TeamMembership.objects.current().filter(team__school=school).select_related("team")
    for membership in memberships.order_by("team__name"):
        if membership.person_id in people:
            people[membership.person_id].teams.append(membership.team)
    return list(people.values())


def places(reader: Person, school: Org) -> dict[str, bool]:
    """Which of a school's pages the reader is shown the way to."""
    return {
        "may_read_students": permissions.can_read_students(reader, school),
        "may_read_families": permissions.can_read_families(reader, school),
    }
