"""What became secure, seen the same day: shared by the student, answered in one sentence; a class's week of growth."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from .. import permissions
from ..forms_family import READY, AnswerForm
from ..models import Cheer, Demonstration, Learner, Level, Person, Why
from ..requests import PersonRequest
from .family_links import class_to_read
from .learners import learner_of

LATELY, A_WEEK = dt.timedelta(days=30), dt.timedelta(days=7)
WORDED_FOR = {Why.SELF.value: "student", Why.GUARDIAN.value: "family"}


@dataclass(frozen=True)
class Grown:
    """One skill that became secure; `own_language` is false where its words fall back to English."""

    pk: uuid.UUID
    words: str
    own_language: bool
    on: dt.date
    cheer: Cheer | None


def _grown(one: Demonstration, why: str) -> Grown:
    competency = one.competency
    language = get_language() or "en"
    audience = WORDED_FOR.get(why)
    words, own = competency.worded(audience, language) if audience else (competency.short or competency.statement, True)
    return Grown(one.pk, words, own, one.on, getattr(one, "cheer", None))


def _secure_since(day: dt.date) -> Any:
    shown = Demonstration.objects.filter(revoked=False, level=Level.SECURE, on__gt=day)
    return shown.select_related("competency", "cheer__answered_by").order_by("-on", "pk")


def growth_for(learner: Learner, reader: Person) -> dict[str, Any]:
    """What `profiles/learner_growth.html` shows. One statement."""
    grown = _secure_since(learner.home.today() - LATELY).filter(learner=learner)
    return {
        "learner": learner,
        "grown": [_grown(one, learner.why) for one in grown],
        "may_share": permissions.can_share_growth(learner),
        "may_answer": permissions.can_answer_growth(learner),
        "ready": list(enumerate(READY)),
    }


@require_GET
def learner_growth(request: PersonRequest, learner: uuid.UUID) -> HttpResponse:
    shown = learner_of(request, learner)
    context = {"learner": shown, "growth": growth_for(shown, request.user)}
    return render(request, "profiles/learner_growth_page.html", context)


@require_POST
def growth_share(request: PersonRequest, learner: uuid.UUID, demonstration: uuid.UUID) -> HttpResponse:
    shown = learner_of(request, learner)
    if not permissions.can_share_growth(shown):
        raise PermissionDenied(_("Students share their own growth."))
    mine = Demonstration.objects.filter(learner=shown, revoked=False)
    Cheer.share(shown, get_object_or_404(mine, pk=demonstration), by=request.user)
    messages.success(request, _("Shared: the adults who know you see it, and can answer."))
    return redirect("profiles:learner_growth", shown.pk)


@require_POST
def growth_answer(request: PersonRequest, learner: uuid.UUID, demonstration: uuid.UUID) -> HttpResponse:
    shown = learner_of(request, learner)
    if not permissions.can_answer_growth(shown):
        raise PermissionDenied(_("Adults answer what a student shared."))
    shared = Cheer.objects.filter(learner=shown).select_related("learner__home")
    cheer = get_object_or_404(shared, demonstration=demonstration)
    form = AnswerForm(request.POST)
    if form.is_valid():
        cheer.reply(form.cleaned_data["answer"], by=request.user)
        messages.success(request, _("Said. The student reads it now."))
    else:
        messages.error(request, _("Choose a sentence or write one."))
    return redirect("profiles:learner_growth", shown.pk)


@dataclass
class Week:
    """A student's growth of the week."""

    learner: Learner
    grown: list[Grown] = field(default_factory=list)


@require_GET
def class_growth(request: PersonRequest, section: uuid.UUID) -> HttpResponse:
    """Who grew this week, by name, whatever the level was before; nobody is counted or ranked."""
    shown, learners = class_to_read(request, section)
    weeks = {one.pk: Week(one) for one in learners}
    for one in _secure_since(shown.school.today() - A_WEEK).filter(learner__in=learners):
        weeks[one.learner_id].grown.append(_grown(one, ""))
    grew = [week for week in weeks.values() if week.grown]
    return render(
        request, "profiles/class_growth.html", {"section": shown, "weeks": grew, "ready": list(enumerate(READY))}
    )
