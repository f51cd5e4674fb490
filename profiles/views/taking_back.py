"""What was shown and kept, and somebody asks to take back: a second person agrees or lets it stand."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from .. import permissions
from ..models import Revocation
from ..requests import PersonRequest
from .levels import org_of_staff


@require_GET
def taking_back_list(request: PersonRequest, org: uuid.UUID) -> HttpResponse:
    """What waits for a second person; for teachers, what they asked themselves."""
    shown = org_of_staff(request, org)
    waiting = _visible(request).filter(at=None).filter(demonstration__learner__home=shown).order_by("asked_at")
    asked = [
        (one, permissions.can_confirm_taking_back(request.user, one))
        for one in waiting
        if permissions.can_decline_taking_back(request.user, one)
    ]
    return render(request, "profiles/taking_back_list.html", {"org": shown, "asked": asked})


@require_POST
def taking_back_confirm(request: PersonRequest, revocation: int) -> HttpResponse:
    asked = get_object_or_404(_visible(request), pk=revocation)
    if not permissions.can_confirm_taking_back(request.user, asked):
        raise PermissionDenied(_("A leader or a counselor of the school agrees, and never the one who asked."))
    asked.confirm(by=request.user)
    messages.success(request, _("Taken back. The student's history says so, with the reason."))
    return redirect("profiles:taking_back_list", asked.demonstration.learner.home_id)


@require_POST
def taking_back_decline(request: PersonRequest, revocation: int) -> HttpResponse:
    asked = get_object_or_404(_visible(request).filter(at=None), pk=revocation)
    if not permissions.can_decline_taking_back(request.user, asked):
        raise PermissionDenied(_("A leader or a counselor of the school decides this."))
    home = asked.demonstration.learner.home_id
    asked.decline(by=request.user)
    messages.success(request, _("It stays shown and kept."))
    return redirect("profiles:taking_back_list", home)


def _visible(request: PersonRequest) -> QuerySet[Revocation]:
    return Revocation.objects.visible_to(request.user).select_related(
        "by", "demonstration__competency", "demonstration__learner__person", "demonstration__learner__home"
    )
