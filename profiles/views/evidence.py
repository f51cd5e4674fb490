"""One competency of one student: all evidence, what it says and why, and what can be done with it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from profiles import estimate_words, permissions
from profiles.class_grid import SHAPES
from profiles.forms_evidence import AttachForm, EvidenceForm, LevelForm
from profiles.models import (
    AcademicSession,
    AccessEvent,
    Competency,
    Enrollment,
    Estimate,
    Evidence,
    EvidenceFile,
    EvidenceRating,
    Learner,
    LevelOverride,
    Policies,
    Section,
    StaffTeam,
)
from profiles.requests import PersonRequest
from profiles.team_students import shared_students

TERM_LEFT = dt.timedelta(days=60)
"""A level set by hand holds until the term ends; where no term is known, so long."""


def visible_learner(request: PersonRequest, pk: UUID) -> Learner:
    return get_object_or_404(Learner.objects.visible_to(request.user).select_related("person", "home"), pk=pk)


def ratable_learner(request: PersonRequest, pk: UUID) -> Learner:
    learner = visible_learner(request, pk)
    if not permissions.can_rate(request.user, learner):
        raise PermissionDenied(_("The student's teachers and advisor do this. You can read what they record."))
    return learner


def competency_of(learner: Learner, pk: UUID) -> Competency:
    """The district's, or one of the student's own school."""
    return get_object_or_404(Competency, pk=pk, framework__org__in=[learner.home_id, learner.home.parent_id])


def section_of(request: PersonRequest, learner: Learner, competency: Competency) -> Section | None:
    """The class in which the viewer records of this student: one that works on it, else any they share."""
    learning = Enrollment.objects.current().students().filter(person=learner.pk)
    shared = Section.objects.taught_by(request.user).filter(pk__in=learning.values("section")).select_related("school")
    return shared.filter(expectations__competency=competency).first() or shared.first()


@require_http_methods(["GET", "POST"])
def learner_competency(request: PersonRequest, learner: UUID, competency: UUID) -> HttpResponse:
    """POST records one more piece of evidence."""
    found = ratable_learner(request, learner) if request.method == "POST" else visible_learner(request, learner)
    shown = competency_of(found, competency)
    section = section_of(request, found, shown) if permissions.can_rate(request.user, found) else None
    form = EvidenceForm(request.POST or None, section=section, learner=found, competency=shown) if section else None
    if form and form.is_valid():
        form.save_by(request.user)
        return redirect("profiles:learner_competency", found.pk, shown.pk)
    AccessEvent.note(request.user, "profiles:learner_competency", found.why, found.pk, [found.pk])
    status = 422 if form and form.is_bound else 200
    return render(request, "profiles/learner_competency.html", context(request, found, shown, form), status=status)


def context(
    request: PersonRequest,
    learner: Learner,
    competency: Competency,
    form: EvidenceForm | None,
    bound: AttachForm | LevelForm | None = None,
) -> dict[str, Any]:
    today = learner.home.today()
    ratings = list(
        EvidenceRating.objects.filter(learner=learner, competency=competency)
        .select_related("rater", "evidence__section", "evidence__task")
        .prefetch_related(Prefetch("evidence__files", EvidenceFile.objects.defer("data")))
        .order_by("-evidence__observed_on", "-evidence__recorded_at", "-pk")
    )
    estimate = Estimate.objects.select_related("policy").filter(learner=learner, competency=competency).first()
    estimate = estimate or Estimate(learner=learner, competency=competency)
    policy = Policies().nearest(learner.home_id, competency.pk)
    counting = [one for one in ratings if one.counts]
    may_rate = form is not None
    by_hand = LevelOverride.objects.filter(learner=learner, competency=competency, lifted_at=None, expires_on__gt=today)
    return {
        "learner": learner,
        "competency": competency,
        "estimate": estimate,
        "level": estimate_words.level(estimate, today),
        "shape": "b" if estimate.n and not estimate.shown(today) else SHAPES[estimate.shown(today)],
        "reasons": estimate_words.reasons(estimate, [one.level for one in reversed(counting)], policy, today),
        "settles": estimate_words.settles(estimate, policy),
        "override": by_hand.select_related("by").first(),
        "pieces": [_piece(request, one, bound) for one in ratings if _stands(one)],
        "withdrawn": [one for one in ratings if not _stands(one)],
        "form": form,
        "may_rate": may_rate,
        "level_form": _level_form(learner, competency, bound) if may_rate else None,
        "today": today,
    }


def _stands(rating: EvidenceRating) -> bool:
    return rating.superseded_by_id is None and rating.evidence.status != Evidence.Status.WITHDRAWN


def _piece(request: PersonRequest, rating: EvidenceRating, bound: Any) -> dict[str, Any]:
    evidence = rating.evidence
    own = evidence.recorder_id == request.user.pk
    attach: AttachForm | None = None
    if own:
        attach = AttachForm(evidence=evidence)
        if isinstance(bound, AttachForm) and bound.evidence.pk == evidence.pk:
            attach = bound
    return {"rating": rating, "evidence": evidence, "shape": SHAPES[min(rating.level, 4)], "own": own, "attach": attach}


def _level_form(learner: Learner, competency: Competency, bound: Any) -> LevelForm:
    if isinstance(bound, LevelForm):
        return bound
    terms = AcademicSession.objects.current().exclude(session_kind=AcademicSession.Kind.SCHOOL_YEAR)
    ends = terms.order_by("ends").values_list("ends", flat=True).first()
    return LevelForm(learner=learner, competency=competency, until=ends or learner.home.today() + TERM_LEFT)


@require_POST
def level_set(request: PersonRequest, learner: UUID, competency: UUID) -> HttpResponse:
    found = ratable_learner(request, learner)
    shown = competency_of(found, competency)
    form = LevelForm(request.POST, learner=found, competency=shown, until=found.home.today())
    if form.is_valid():
        form.save_by(request.user)
        return redirect("profiles:learner_competency", found.pk, shown.pk)
    return _refused(request, found, shown, form)


@require_POST
def level_lift(request: PersonRequest, learner: UUID, competency: UUID) -> HttpResponse:
    found = ratable_learner(request, learner)
    shown = competency_of(found, competency)
    LevelOverride.lift(found, shown, by=request.user)
    return redirect("profiles:learner_competency", found.pk, shown.pk)


def _own_evidence(request: PersonRequest, learner: Learner, pk: UUID) -> Evidence:
    evidence = get_object_or_404(learner.evidence.select_related("section__school", "learner__home"), pk=pk)
    if evidence.recorder_id != request.user.pk:
        raise PermissionDenied(_("Only who recorded this may change it."))
    return evidence


@require_POST
def evidence_take_back(request: PersonRequest, learner: UUID, competency: UUID, evidence: UUID) -> HttpResponse:
    found = ratable_learner(request, learner)
    shown = competency_of(found, competency)
    piece = _own_evidence(request, found, evidence)
    if piece.section:
        Evidence.take_back(piece.section, [piece.pk], by=request.user)
    return redirect("profiles:learner_competency", found.pk, shown.pk)


@require_POST
def evidence_attach(request: PersonRequest, learner: UUID, competency: UUID, evidence: UUID) -> HttpResponse:
    found = ratable_learner(request, learner)
    shown = competency_of(found, competency)
    form = AttachForm(request.POST, request.FILES, evidence=_own_evidence(request, found, evidence))
    if form.is_valid():
        form.save_by(request.user)
        return redirect("profiles:learner_competency", found.pk, shown.pk)
    return _refused(request, found, shown, form)


def _refused(
    request: PersonRequest, learner: Learner, competency: Competency, bound: AttachForm | LevelForm
) -> HttpResponse:
    section = section_of(request, learner, competency)
    form = EvidenceForm(section=section, learner=learner, competency=competency) if section else None
    page = context(request, learner, competency, form, bound)
    return render(request, "profiles/learner_competency.html", page, status=422)


@require_GET
def evidence_file(request: PersonRequest, learner: UUID, file: UUID) -> HttpResponse:
    """A photo is shown; every other file is only handed back, so that nothing in it runs here."""
    found = visible_learner(request, learner)
    kept = get_object_or_404(EvidenceFile, pk=file, evidence__learner=found)
    AccessEvent.note(request.user, "profiles:evidence_file", found.why, found.pk, [found.pk])
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Disposition": str(content_disposition_header(as_attachment=not kept.is_photo, filename=kept.name)),
    }
    return HttpResponse(bytes(kept.data), content_type=kept.media_type, headers=headers)


@require_GET
def team_students(request: PersonRequest, team: UUID) -> HttpResponse:
    """For planning time: the students whom at least two of the team teach."""
    found = get_object_or_404(StaffTeam.objects.visible_to(request.user).select_related("school"), pk=team)
    if not permissions.can_see_shared(request.user, found):
        raise PermissionDenied(_("The team's students are for its members and the school's leaders."))
    students = shared_students(found, request.user)
    for why in {one.why for one in students}:
        ids = [one.pk for one in students if one.why == why]
        AccessEvent.note(request.user, "profiles:team_students", why, found.pk, ids)
    return render(request, "profiles/team_students.html", {"team": found, "students": students})
