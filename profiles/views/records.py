"""Everything held on a student, for the one it belongs to: asked for, made by the worker, taken away."""

from __future__ import annotations

import uuid

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from .. import permissions
from ..models import Learner, RecordCopy
from ..record_copies import make_record
from ..requests import PersonRequest
from .learners import learner_of


def _whose(request: PersonRequest, learner: uuid.UUID) -> Learner:
    shown = learner_of(request, learner)
    if not permissions.can_ask_for_record(shown):
        raise PermissionDenied(_("The family asks for the whole record; the student does from 18 on."))
    return shown


@require_GET
def learner_record(request: PersonRequest, learner: uuid.UUID) -> HttpResponse:
    shown = _whose(request, learner)
    copy = RecordCopy.objects.asked_by(request.user).filter(learner=shown).defer("file").first()
    return render(request, "profiles/learner_record.html", {"learner": shown, "copy": copy})


@require_POST
def learner_record_ask(request: PersonRequest, learner: uuid.UUID) -> HttpResponse:
    shown = _whose(request, learner)
    copy = RecordCopy.ask(shown, by=request.user, language=get_language() or "en")
    make_record.enqueue(str(copy.pk))
    return redirect("profiles:learner_record", shown.pk)


@require_GET
def learner_record_file(request: PersonRequest, learner: uuid.UUID) -> HttpResponse:
    shown = _whose(request, learner)
    made = RecordCopy.objects.asked_by(request.user).filter(learner=shown, made_at__isnull=False)
    copy = get_object_or_404(made)
    name = f"{slugify(str(shown)) or 'record'}-{shown.home.today():%Y-%m-%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(bytes(copy.file or b""), content_type="application/zip", headers=headers)
