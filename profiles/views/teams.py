"""Staff teams: made, renamed, joined and left."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from .. import permissions
from ..forms import TeamForm, TeamMemberForm, TeamNameForm
from ..models import Person, StaffTeam
from ..requests import PersonRequest
from .schools import school_of_staff, school_page


@require_GET
def team_detail(request: PersonRequest, team: uuid.UUID) -> HttpResponse:
    return _team_page(request, _team(request, team))


@require_POST
def team_create(request: PersonRequest, school: uuid.UUID) -> HttpResponse:
    shown = school_of_staff(request, school)
    if not permissions.can_shape_teams(request.user, shown):
        raise PermissionDenied(_("Leaders of the school make its teams."))
    form = TeamForm(request.POST, school=shown)
    if form.is_valid() and (team := form.save_by(request.user)):
        return redirect("profiles:team_detail", team.pk)
    return school_page(request, shown, team=form, status=422)


@require_POST
def team_rename(request: PersonRequest, team: uuid.UUID) -> HttpResponse:
    shown = _team_to_shape(request, team)
    form = TeamNameForm(request.POST, team=shown)
    if form.is_valid() and form.save(by=request.user):
        messages.success(request, _("The team is called %(name)s now.") % {"name": shown})
        return redirect("profiles:team_detail", shown.pk)
    return _team_page(request, shown, rename=form, status=422)


@require_POST
def team_add(request: PersonRequest, team: uuid.UUID) -> HttpResponse:
    shown = _team_to_shape(request, team)
    form = TeamMemberForm(request.POST, team=shown)
    if form.is_valid():
        form.save(by=request.user)
        return redirect("profiles:team_detail", shown.pk)
    return _team_page(request, shown, add=form, status=422)


@require_POST
def team_remove(request: PersonRequest, team: uuid.UUID, person: uuid.UUID) -> HttpResponse:
    shown = _team_to_shape(request, team)
    member = get_object_or_404(Person.objects.in_team(shown), pk=person)
    shown.remove(member, by=request.user)
    messages.success(request, _("%(name)s is no longer in the team.") % {"name": member})
    return redirect("profiles:team_detail", shown.pk)


def _team(request: PersonRequest, team: uuid.UUID) -> StaffTeam:
    return get_object_or_404(StaffTeam.objects.visible_to(request.user).select_related("school"), pk=team)


def _team_to_shape(request: PersonRequest, team: uuid.UUID) -> StaffTeam:
    shown = _team(request, team)
    if not permissions.can_shape_team(request.user, shown):
        raise PermissionDenied(_("Leaders of the school say who is in a team."))
    return shown


def _team_page(
    request: PersonRequest,
    team: StaffTeam,
    *,
    rename: TeamNameForm | None = None,
    add: TeamMemberForm | None = None,
    status: int = 200,
) -> HttpResponse:
    may_shape = permissions.can_shape_team(request.user, team)
    context = {
        "team": team,
        "members": Person.objects.in_team(team).by_name(),
        "may_shape": may_shape,
        "may_see_shared": permissions.can_see_shared(request.user, team),
        "rename": (rename or TeamNameForm(team=team)) if may_shape else None,
        "add": (add or TeamMemberForm(team=team)) if may_shape else None,
    }
    return render(request, "profiles/team_detail.html", context, status=status)
