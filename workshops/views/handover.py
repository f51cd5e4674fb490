"""What a workshop sends to a school: ideas for its tables, and learning teams. Editors and leaders there decide."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from config.files import CONTENT_TYPES, Document, write
from planning.models import StrategyTable
from profiles.models import Org, Person
from profiles.requests import PersonRequest
from workshops import inbox as inbox_of
from workshops import permissions, room_access, seat
from workshops.adopted_table import adopted_table
from workshops.models import Adoption, HandOver, LearningTeam, Workshop
from workshops.phone_forms import AcceptForm

from .workshops import visible_workshop

# What leaves the workshop, for whoever runs it


def _adoptions(workshop: Workshop) -> list[Adoption]:
    """What schools will try, by school."""
    found = Adoption.objects.filter(element__group__seating__workshop=workshop)
    found = found.select_related("element__group__seating__workshop", "school", "hand_over__strategy__table")
    return sorted(found, key=lambda one: (_label(one).casefold(), one.made_at))


def _label(adoption: Adoption) -> str:
    return adoption.school.name if adoption.school else adoption.school_name


@require_GET
def workshop_hand_over(request: PersonRequest, workshop_id: UUID) -> HttpResponse:
    """By school, what it will try and what became of it."""
    workshop = visible_workshop(request, workshop_id)
    schools: dict[str, list[Adoption]] = {}
    for one in _adoptions(workshop):
        schools.setdefault(_label(one), []).append(one)
    context = {
        "workshop": workshop,
        "schools": [{"label": label, "adoptions": adoptions} for label, adoptions in schools.items()],
        "may_send": permissions.can_send_to_schools(request.user, workshop),
        "inboxes": inbox_of.waiting_for(request.user),
    }
    return render(request, "workshops/workshop_hand_over.html", context)


def _adoption(workshop: Workshop, adoption_id: int) -> Adoption:
    found = Adoption.objects.filter(element__group__seating__workshop=workshop)
    return get_object_or_404(found.select_related("element__group__seating__workshop", "school"), pk=adoption_id)


@require_POST
def hand_over_send(request: PersonRequest, workshop_id: UUID, adoption_id: int) -> HttpResponse:
    """To the school's inbox, once, while the workshop runs or afterwards."""
    workshop = visible_workshop(request, workshop_id)
    if not permissions.can_send_to_schools(request.user, workshop):
        raise PermissionDenied(_("Whoever leads the workshop and co-facilitators send ideas to schools."))
    sent = HandOver.propose(_adoption(workshop, adoption_id), by=request.user)
    if sent is None:
        raise Http404
    messages.success(request, _("“%(idea)s” waits in the inbox of %(school)s.") % {"idea": sent, "school": sent.school})
    return redirect("workshops:workshop_hand_over", workshop.pk)


@require_GET
def hand_over_table(request: PersonRequest, workshop_id: UUID, adoption_id: int) -> HttpResponse:
    """Everything the school of this adoption will try, as a Word table: for a school that is not in Trellis."""
    workshop = visible_workshop(request, workshop_id)
    school = _label(_adoption(workshop, adoption_id))
    return _word(adopted_table(workshop, school, [one for one in _adoptions(workshop) if _label(one) == school]))


def _word(document: Document) -> HttpResponse:
    headers = {"Content-Disposition": 'attachment; filename="ideas.docx"'}
    return HttpResponse(write(document, "docx"), content_type=CONTENT_TYPES["docx"], headers=headers)


# What a school decides


def _school(request: PersonRequest, school_id: UUID) -> Org:
    school = get_object_or_404(Org.objects.schools().worked_at_by(request.user), pk=school_id)
    if not permissions.can_receive(request.user, school):
        raise PermissionDenied(_("Who edits a strategy table of the school, or leads it, decides about this."))
    return school


@require_GET
def inbox(request: PersonRequest, school_id: UUID) -> HttpResponse:
    return _page(request, _school(request, school_id))


def _page(request: PersonRequest, school: Org, *, status: int = 200) -> HttpResponse:
    tables = inbox_of.tables_of(request.user, school)
    ideas = HandOver.objects.filter(school=school).select_related("strategy__table", "decided_by")
    teams = LearningTeam.objects.filter(school=school).select_related("workshop", "team")
    context = {
        "school": school,
        "waiting": [
            {"idea": idea, "form": AcceptForm(tables=tables, hand_over=idea)}
            for idea in ideas.filter(state=HandOver.State.PROPOSED)
        ],
        "decided": ideas.exclude(state=HandOver.State.PROPOSED).order_by("-decided_at")[:30],
        "teams": teams,
        "leads": permissions.can_accept_team(request.user, school),
    }
    return render(request, "workshops/inbox.html", context, status=status)


@require_POST
def idea_accept(request: PersonRequest, school_id: UUID, hand_over_id: UUID) -> HttpResponse:
    school = _school(request, school_id)
    idea = get_object_or_404(HandOver.objects.select_related("workshop", "school"), school=school, pk=hand_over_id)
    form = AcceptForm(request.POST, tables=inbox_of.tables_of(request.user, school), hand_over=idea)
    if not form.is_valid():
        messages.error(request, _("You cannot write in that table any more. Choose another."))
        return redirect("workshops:inbox", school.pk)
    row = _accept(idea, school, form.cleaned_data["table"], by=request.user)
    if row is None:
        messages.error(request, _("Somebody declined this idea meanwhile, so it was not put into a table."))
    else:
        said: dict[str, Any] = {"idea": idea, "table": row.table}
        messages.success(request, _("“%(idea)s” now stands in “%(table)s”, with where it came from.") % said)
    return redirect("workshops:inbox", school.pk)


def _accept(idea: HandOver, school: Org, table: StrategyTable | None, *, by: Person) -> Any:
    """Into `table`; who writes in none gets the school's table for ideas, which is made once."""
    with school.change(by=by):
        if table is None and HandOver.objects.filter(pk=idea.pk, state=HandOver.State.PROPOSED).exists():
            table = inbox_of.table_for_ideas(school, by=by)
        return idea.accept(table, by=by) if table else HandOver.objects.get(pk=idea.pk).strategy


@require_POST
def idea_decline(request: PersonRequest, school_id: UUID, hand_over_id: UUID) -> HttpResponse:
    school = _school(request, school_id)
    idea = get_object_or_404(HandOver.objects.select_related("school"), school=school, pk=hand_over_id)
    idea.decline(by=request.user)
    messages.info(request, _("“%(idea)s” is not taken. It stays listed here.") % {"idea": idea})
    return redirect("workshops:inbox", school.pk)


@require_POST
def learning_team_accept(request: PersonRequest, school_id: UUID, team_id: UUID) -> HttpResponse:
    school = _school(request, school_id)
    if not permissions.can_accept_team(request.user, school):
        raise PermissionDenied(_("Leaders of the school take up its teams."))
    team = get_object_or_404(LearningTeam.objects.select_related("workshop", "school"), school=school, pk=team_id)
    accepted = team.accept(by=request.user)
    if accepted is None:
        raise Http404
    messages.success(request, _("“%(team)s” is a team of the school now. Add who is still missing.") % {"team": team})
    return redirect("profiles:team_detail", accepted.pk)


@login_not_required
@require_GET
def adoption_table(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """What the participant's school will try, as a Word table: the way home for a school that is not in Trellis."""
    participant = room_access.present(request, workshop_id)
    return _word(adopted_table(participant.workshop, participant.school_label, seat.adoptions(participant)))
