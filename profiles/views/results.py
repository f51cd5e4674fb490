"""Results of tests by file: looked at, matched, brought in, undone."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .. import permissions, results
from ..forms_rules import ResultFileForm, ResultMatchForm
from ..models import Org, ResultImport
from ..requests import PersonRequest
from .levels import org_of_staff


@require_http_methods(["GET", "POST"])
def result_list(request: PersonRequest, org: uuid.UUID) -> HttpResponse:
    """Files that came, and a new one, which is only looked at yet."""
    shown = _org(request, org)
    form = ResultFileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        record = results.receive(shown, upload.read(), upload.name, by=request.user)
        return redirect("profiles:result_detail", shown.pk, record.pk)
    imports = shown.result_imports.defer("file").select_related("by")[:50]
    context = {"org": shown, "form": form, "imports": imports}
    return render(request, "profiles/result_list.html", context, status=422 if form.is_bound else 200)


@require_GET
def result_detail(request: PersonRequest, org: uuid.UUID, result_import: uuid.UUID) -> HttpResponse:
    return _page(request, _record(request, org, result_import))


@require_POST
def result_match(request: PersonRequest, org: uuid.UUID, result_import: uuid.UUID) -> HttpResponse:
    record = _record(request, org, result_import)
    form = ResultMatchForm(request.POST, looked=results.look(record), by=request.user)
    if not form.is_valid():
        return _page(request, record, form=form, status=422)
    form.save()
    return redirect("profiles:result_detail", record.org_id, record.pk)


@require_POST
def result_apply(request: PersonRequest, org: uuid.UUID, result_import: uuid.UUID) -> HttpResponse:
    record = _record(request, org, result_import)
    try:
        counts = results.apply(record, by=request.user)
    except results.NotReady:
        messages.error(request, _("Some of it is not matched yet, so nothing was brought in."))
    else:
        said = _(
            "Brought in: %(new)s results new, %(corrected)s corrected, %(same)s here already; %(people)s students made."
        )
        messages.success(request, said % counts)
    return redirect("profiles:result_detail", record.org_id, record.pk)


@require_POST
def result_undo(request: PersonRequest, org: uuid.UUID, result_import: uuid.UUID) -> HttpResponse:
    record = _record(request, org, result_import)
    results.undo(record, by=request.user)
    messages.success(request, _("The results of %(file)s are taken back.") % {"file": record.file_name})
    return redirect("profiles:result_detail", record.org_id, record.pk)


def _org(request: PersonRequest, org: uuid.UUID) -> Org:
    shown = org_of_staff(request, org)
    if not permissions.can_import_results(request.user, shown):
        raise PermissionDenied(_("Leaders of the school or of the district bring in results."))
    return shown


def _record(request: PersonRequest, org: uuid.UUID, result_import: uuid.UUID) -> ResultImport:
    shown = _org(request, org)
    record = get_object_or_404(ResultImport, pk=result_import, org=shown)
    record.org = shown
    return record


def _page(
    request: PersonRequest, record: ResultImport, *, form: ResultMatchForm | None = None, status: int = 200
) -> HttpResponse:
    looked = form.looked if form else results.look(record)
    asks = looked.unknown or looked.unmatched
    context = {
        "org": record.org,
        "record": record,
        "looked": looked,
        "students": len(looked.people) + len(looked.to_create),
        "form": (form or ResultMatchForm(looked=looked, by=request.user)) if asks else None,
    }
    return render(request, "profiles/result_detail.html", context, status=status)
