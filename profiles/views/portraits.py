"""A student's page, one for every reader."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from .. import permissions
from ..learner_page import LearnerPage
from ..models import ProfileEntry, Why
from ..requests import PersonRequest
from .growth import growth_for
from .learner_path import path_for
from .learners import learner_of
from .people_of_learner import people_for


def _restricted() -> Any:
    """How many entries only counselors and leaders read: their number is told, never their words."""
    kept = ProfileEntry.objects.standing().filter(learner=OuterRef("pk"), visibility="restricted").order_by()
    return Coalesce(Subquery(kept.values("learner").annotate(n=Count("pk")).values("n")), 0)


@require_GET
def learner_detail(request: PersonRequest, learner: uuid.UUID) -> HttpResponse:
    shown = learner_of(request, learner, restricted=_restricted())
    page = LearnerPage(shown, request.user)
    context = {
        "learner": shown,
        "page": page,
        "growth": growth_for(shown, request.user),
        "path": path_for(shown, request.user),
        "people": people_for(shown, request.user) if page.own else None,
        "may_speak": bool(permissions.voice_of(shown)),
        "may_confirm": permissions.can_confirm(shown),
        "may_set_goals": permissions.can_set_goals(shown),
        "may_read_check_ins": permissions.can_read_check_ins(shown),
        "may_plan_check_ins": permissions.can_plan_check_ins(shown),
        "restricted_hidden": shown.why not in (Why.CASELOAD, Why.ADMIN) and shown.restricted,  # type: ignore[attr-defined]
    }
    return render(request, "profiles/learner_detail.html", context)


@require_POST
def learner_confirm(request: PersonRequest, learner: uuid.UUID) -> HttpResponse:
    shown = learner_of(request, learner)
    if not permissions.can_confirm(shown):
        raise PermissionDenied(_("Only the student says that the profile still holds."))
    shown.confirm(by=request.user)
    messages.success(request, _("Thank you. Everyone who reads this knows it is up to date."))
    return redirect("profiles:learner_detail", shown.pk)
