"""The district: its schools and their sizes, rosters in and undone, the days without school."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .. import permissions, tasks
from ..districts import Overview
from ..forms import HolidayForm, RosterForm
from ..models import Holiday, Org, RosterImport
from ..requests import PersonRequest
from ..rosters import report, work

State = RosterImport.State


@require_GET
def district_detail(request: PersonRequest) -> HttpResponse:
    district = _district(request)
    return render(request, "profiles/district_detail.html", {"district": district, "overview": Overview(district)})


@require_GET
def roster_list(request: PersonRequest) -> HttpResponse:
    district = _district(request)
    records = RosterImport.objects.visible_to(request.user).filter(org=district).defer("file", "before")
    context = {"district": district, "records": records.select_related("by")[:100]}
    return render(request, "profiles/roster_list.html", context)


@require_http_methods(["GET", "POST"])
def roster_create(request: PersonRequest) -> HttpResponse:
    """A file is kept and looked at in the background; nothing of it is written yet."""
    district = _district(request)
    form = RosterForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        record = work.receive(district, upload.name, upload.read(), by=request.user)
        tasks.look_at_roster.enqueue(str(record.pk))
        return redirect("profiles:roster_detail", record.pk)
    context = {"district": district, "form": form}
    return render(request, "profiles/roster_create.html", context, status=422 if form.is_bound else 200)


@require_GET
def roster_detail(request: PersonRequest, roster: uuid.UUID) -> HttpResponse:
    record = _roster(request, roster)
    template = "profiles/roster_detail.html#roster" if request.htmx else "profiles/roster_detail.html"
    return render(request, template, _shown(record))


@require_POST
def roster_apply(request: PersonRequest, roster: uuid.UUID) -> HttpResponse:
    record = _roster(request, roster)
    if record.state != State.LOOKED or record.report.get("empty"):
        messages.error(request, report.refusal("applied"))
    elif record.report.get("mass") and "end_many" not in request.POST:
        messages.error(request, _("Tick that this much is meant to end, then bring it in."))
    elif _begin(record, State.LOOKED, State.APPLYING):
        tasks.apply_roster.enqueue(str(record.pk), str(request.user.pk), "end_many" in request.POST)
    return redirect("profiles:roster_detail", record.pk)


@require_POST
def roster_undo(request: PersonRequest, roster: uuid.UUID) -> HttpResponse:
    record = _roster(request, roster)
    if not record.may_be_undone:
        messages.error(request, report.refusal("too_late"))
    elif later := record.later_on_it():
        messages.error(request, report.refusal("later", later))
    elif _begin(record, State.APPLIED, State.UNDOING):
        tasks.undo_roster.enqueue(str(record.pk), str(request.user.pk))
    return redirect("profiles:roster_detail", record.pk)


@require_http_methods(["GET", "POST"])
def holiday_list(request: PersonRequest) -> HttpResponse:
    district = _district(request)
    form = HolidayForm(request.POST or None, district=district)
    if form.is_valid():
        form.save(by=request.user)
        return redirect("profiles:holiday_list")
    holidays = Holiday.objects.filter(org__in=form.orgs).select_related("org")
    context = {"district": district, "form": form, "holidays": holidays}
    return render(request, "profiles/holiday_list.html", context, status=422 if form.is_bound else 200)


@require_POST
def holiday_remove(request: PersonRequest, holiday: int) -> HttpResponse:
    _district(request)
    found = get_object_or_404(Holiday.objects.select_related("org"), pk=holiday)
    found.remove(by=request.user)
    messages.success(request, _("%(name)s is a school day again.") % {"name": found})
    return redirect("profiles:holiday_list")


def _district(request: PersonRequest) -> Org:
    """The one district. Raises 404 where it is not theirs, 403 where they do not lead it."""
    district = get_object_or_404(Org.objects.filter(org_kind=Org.Kind.DISTRICT))
    if not permissions.can_import_rosters(request.user):
        raise PermissionDenied(_("This page is for leaders of the district."))
    return district


def _roster(request: PersonRequest, roster: uuid.UUID) -> RosterImport:
    records = RosterImport.objects.visible_to(request.user).defer("file").select_related("org", "by")
    return get_object_or_404(records, pk=roster)


def _begin(record: RosterImport, before: str, after: str) -> bool:
    """Only one of two clicks begins the work."""
    return bool(RosterImport.objects.filter(pk=record.pk, state=before).update(state=after, step=""))


def _shown(record: RosterImport) -> dict[str, Any]:
    code, other = record.report.get("refused", ("", ""))
    standing = RosterImport.objects.defer("file", "before").filter(pk=other).first() if other else None
    return {
        "record": record,
        "district": record.org,
        "step": report.STEPS[record.step],
        "holds": report.holds(record),
        "lines": report.lines(record),
        "same": report.same_count(record),
        "mass": report.mass(record),
        "notices": report.notices(record),
        "problems": report.problems(record),
        "left_out": report.problems_left_out(record),
        "stayed": report.stayed(record),
        "refusal": report.refusal(code, standing) if code in report.REFUSALS else "",
        "may_apply": record.state == State.LOOKED and not record.report.get("empty"),
        "may_undo": record.may_be_undone and not record.is_working,
    }
