"""A conference that the student leads: what they show, what they say, and what everyone promises."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from .. import permissions
from ..forms_learners import ChoiceForm, ConferenceForm, NoteForm, PromiseForm
from ..learner_page import audience_of, shown_since, tree
from ..models import Conference, Evidence, Learner, Why
from ..requests import PersonRequest
from .learners import learner_of

EVIDENCE_OFFERED = 20
GROWTH_DAYS = 120
"""Growth since the last conference; before the first one, of so many days."""

REHEARSAL = [
    gettext_lazy("Welcome everyone and say who is here."),
    gettext_lazy("Show your first piece: what was hard, and what did you do then?"),
    gettext_lazy("Show how you have grown: what can you do now that you could not?"),
    gettext_lazy("Say one thing that is not working yet, and what you have tried."),
    gettext_lazy("Say what you want next, and what you need from each person."),
    gettext_lazy("Ask everyone what they will do, and write it down together."),
]


def conference_of(request: PersonRequest, learner: uuid.UUID, pk: uuid.UUID) -> Conference:
    shown = learner_of(request, learner)
    found = get_object_or_404(shown.conferences.all(), pk=pk)
    found.learner = shown
    return found


def _to_run(request: PersonRequest, learner: uuid.UUID, pk: uuid.UUID) -> Conference:
    found = conference_of(request, learner, pk)
    if not permissions.can_run_conference(found.learner):
        raise PermissionDenied(_("The student, the advisor and the counselor write along."))
    return found


def _to_lead(request: PersonRequest, learner: uuid.UUID, pk: uuid.UUID) -> Conference:
    found = conference_of(request, learner, pk)
    if not permissions.can_lead_conference(found.learner):
        raise PermissionDenied(_("The student leads: what is shown is theirs to choose."))
    return found


@require_GET
def learner_conference_list(request: PersonRequest, learner: uuid.UUID) -> HttpResponse:
    return _list_page(request, learner_of(request, learner))


def _list_page(
    request: PersonRequest, learner: Learner, *, form: ConferenceForm | None = None, status: int = 200
) -> HttpResponse:
    may_plan = permissions.can_run_conference(learner)
    form = (form or ConferenceForm(learner=learner)) if may_plan else None
    if form:
        form.helper.form_action = reverse("profiles:learner_conference_plan", args=[learner.pk])
    context = {
        "learner": learner,
        "own": learner.why == Why.SELF,
        "conferences": list(learner.conferences.all()),
        "form": form,
    }
    return render(request, "profiles/learner_conference_list.html", context, status=status)


@require_POST
def learner_conference_plan(request: PersonRequest, learner: uuid.UUID) -> HttpResponse:
    shown = learner_of(request, learner)
    if not permissions.can_run_conference(shown):
        raise PermissionDenied(_("The student, the advisor or the counselor plans it."))
    form = ConferenceForm(request.POST, learner=shown)
    if form.is_valid():
        made = form.save(by=request.user)
        return redirect("profiles:learner_conference_detail", shown.pk, made.pk)
    return _list_page(request, shown, form=form, status=422)


@require_GET
def learner_conference_detail(request: PersonRequest, learner: uuid.UUID, conference: uuid.UUID) -> HttpResponse:
    return _detail_page(request, conference_of(request, learner, conference))


@require_GET
def learner_conference_print(request: PersonRequest, learner: uuid.UUID, conference: uuid.UUID) -> HttpResponse:
    found = conference_of(request, learner, conference)
    return render(request, "profiles/learner_conference_print.html", _shown(found))


def _shown(conference: Conference) -> dict[str, Any]:
    learner = conference.learner
    before = learner.conferences.filter(held_on__lt=conference.planned_on).order_by("-held_on").first()
    since = before.held_on if before else conference.planned_on - dt.timedelta(days=GROWTH_DAYS)
    return {
        "learner": learner,
        "own": learner.why == Why.SELF,
        "conference": conference,
        "chosen": list(conference.evidence.select_related("task").prefetch_related("ratings__competency")),
        "growth": shown_since(learner, audience_of(learner), since),
        "lines": tree(learner.goals.standing()),
        "rehearsal": REHEARSAL,
        "notes": conference.notes.splitlines(),
        "promises": list(conference.commitments.all()),
    }


def _detail_page(
    request: PersonRequest,
    conference: Conference,
    *,
    choice: ChoiceForm | None = None,
    note: NoteForm | None = None,
    promise: PromiseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    learner = conference.learner
    context = _shown(conference)
    may_lead, may_run = permissions.can_lead_conference(learner), permissions.can_run_conference(learner)
    if may_lead and conference.held_on is None:
        evidence = Evidence.objects.standing().filter(learner=learner).select_related("task")
        evidence = evidence.prefetch_related("ratings__competency")
        chosen = {one.pk for one in context["chosen"]}
        context["offered"] = [(one, one.pk in chosen) for one in evidence[:EVIDENCE_OFFERED]]
        context["choice"] = choice or ChoiceForm(conference=conference)
    context |= {
        "may_lead": may_lead,
        "may_run": may_run,
        "note": (note or NoteForm()) if may_run else None,
        "promise": (promise or PromiseForm()) if may_run else None,
    }
    return render(request, "profiles/learner_conference_detail.html", context, status=status)


@require_POST
def learner_conference_choose(request: PersonRequest, learner: uuid.UUID, conference: uuid.UUID) -> HttpResponse:
    found = _to_lead(request, learner, conference)
    form = ChoiceForm(request.POST, conference=found)
    if form.is_valid():
        found.choose(form.cleaned_data["evidence"], by=request.user)
        return redirect("profiles:learner_conference_detail", found.learner_id, found.pk)
    return _detail_page(request, found, choice=form, status=422)


@require_POST
def learner_conference_rehearse(request: PersonRequest, learner: uuid.UUID, conference: uuid.UUID) -> HttpResponse:
    found = _to_lead(request, learner, conference)
    found.rehearse(by=request.user)
    messages.success(request, _("You have been through it once. The second time is easier."))
    return redirect("profiles:learner_conference_detail", found.learner_id, found.pk)


@require_POST
def learner_conference_note(request: PersonRequest, learner: uuid.UUID, conference: uuid.UUID) -> HttpResponse:
    found = _to_run(request, learner, conference)
    form = NoteForm(request.POST)
    if form.is_valid():
        found.note(form.cleaned_data["note"], by=request.user)
        return redirect("profiles:learner_conference_detail", found.learner_id, found.pk)
    return _detail_page(request, found, note=form, status=422)


@require_POST
def learner_conference_promise(request: PersonRequest, learner: uuid.UUID, conference: uuid.UUID) -> HttpResponse:
    found = _to_run(request, learner, conference)
    form = PromiseForm(request.POST)
    if form.is_valid():
        found.promise(by=request.user, **form.cleaned_data)
        return redirect("profiles:learner_conference_detail", found.learner_id, found.pk)
    return _detail_page(request, found, promise=form, status=422)


@require_POST
def learner_conference_hold(request: PersonRequest, learner: uuid.UUID, conference: uuid.UUID) -> HttpResponse:
    found = _to_run(request, learner, conference)
    found.hold(by=request.user)
    return redirect("profiles:learner_conference_detail", found.learner_id, found.pk)
