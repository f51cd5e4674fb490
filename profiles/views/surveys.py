"""A survey file with students' own words: looked at first, then brought in."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from config import files

from .. import permissions, surveys, voice
from ..forms_learners import SurveyForm
from ..models import Org
from ..requests import PersonRequest


@require_http_methods(["GET", "POST"])
def voice_import(request: PersonRequest, school: uuid.UUID) -> HttpResponse:
    """Choose a file; it is looked at, and nothing is written yet."""
    shown = _school(request, school)
    form = SurveyForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"school": shown, "form": form}
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            survey = voice.read(files.read(upload.read(), upload.name)[0])
        except (files.UnreadableFile, voice.UnreadableSurvey) as problem:
            form.add_error("file", str(problem))
        else:
            lines = surveys.look(survey, shown, request.user)
            context |= {
                "survey": survey,
                "columns": [(head, voice.question(prompt)) for head, prompt in survey.columns],
                "lines": [
                    (line, [(voice.question(key), text) for key, text in line.row.answers.items()]) for line in lines
                ],
                "new": sum(line.learner is None or bool(line.new) for line in lines),
                "sealed": surveys.seal(survey, shown, request.user),
            }
    return render(request, "profiles/voice_import.html", context, status=422 if form.errors else 200)


@require_POST
def voice_apply(request: PersonRequest, school: uuid.UUID) -> HttpResponse:
    shown = _school(request, school)
    try:
        rows = surveys.unseal(request.POST.get("rows", ""), shown, request.user)
    except signing.BadSignature:
        messages.error(request, _("It is too long ago that the file was looked at. Choose it again."))
        return redirect("profiles:voice_import", shown.pk)
    chosen = []
    for row in rows:
        try:
            chosen.append((row, uuid.UUID(request.POST.get(f"student-{row.number}", ""))))
        except ValueError:
            continue
    made = surveys.bring_in(chosen, shown, by=request.user)
    if made:
        said = ngettext("%(n)s answer was brought in.", "%(n)s answers were brought in.", made) % {"n": made}
        messages.success(request, said)
    else:
        messages.info(request, _("Nothing changed: every answer is there already, or no student was chosen."))
    return redirect("profiles:voice_import", shown.pk)


def _school(request: PersonRequest, pk: uuid.UUID) -> Org:
    school = get_object_or_404(Org.objects.schools().visible_to(request.user), pk=pk)
    if not permissions.can_bring_voice(request.user, school):
        raise PermissionDenied(_("Leaders and counselors of the school bring in what students answered."))
    return school
