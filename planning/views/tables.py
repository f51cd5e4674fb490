"""The table as a whole: my tables, a new one, the grid, who shares it."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

from crispy_forms.utils import render_crispy_form
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config import live
from planning import cells, past, permissions
from planning.filters import SORTS, Filter
from planning.forms import (
    FORM_OF,
    CopyForm,
    DayForm,
    PresenceForm,
    ShareForm,
    TableDetailsForm,
    TableForm,
    VersionForm,
    staff_labels,
)
from planning.grid import Grid, names_in
from planning.models import CellPresence, LastOwnerError, StrategyTable, TableMember
from profiles.models import Change, Person
from profiles.models.orgs import MeetingKind
from profiles.requests import PersonRequest


def visible_table(request: PersonRequest, table_id: Any) -> StrategyTable:
    """The table, fetched through what this person may see; 404 where it is not theirs or is not there."""
    tables = StrategyTable.objects.visible_to(request.user).select_related("school", "team")
    return get_object_or_404(tables, pk=table_id)


def editable_table(request: PersonRequest, table_id: Any) -> StrategyTable:
    table = visible_table(request, table_id)
    if not permissions.can_edit(request.user, table):
        raise PermissionDenied(
            _("This table is archived. An owner can bring it back, then it can be changed.")
            if table.archived_at
            else _("You may read this table, not change it. Ask an owner of the table to make you an editor.")
        )
    return table


def managed_table(request: PersonRequest, table_id: Any) -> StrategyTable:
    table = visible_table(request, table_id)
    if not permissions.can_manage(request.user, table):
        raise PermissionDenied(_("Only an owner of the table can do this."))
    return table


def number(text: str, otherwise: int) -> int:
    """The number a URL carries; `otherwise` where it carries none, or one too long to be meant."""
    return int(text) if text.isdecimal() and len(text) < 10 else otherwise


@require_GET
def table_list(request: PersonRequest) -> HttpResponse:
    everything = StrategyTable.objects.visible_to(request.user).select_related("school", "team")
    facets = list(everything.order_by().values_list("school__name", "school_year", "archived_at"))
    schools = sorted({facet[0] for facet in facets})
    tables = everything.filter(archived_at__isnull="archived" not in request.GET)
    chosen = {name: request.GET.get(name, "") for name in ("school", "kind", "year")}
    if chosen["school"] in schools:
        tables = tables.filter(school__name=chosen["school"])
    if chosen["kind"] in MeetingKind.values:
        tables = tables.filter(meeting_kind=chosen["kind"])
    if chosen["year"].isdecimal():
        tables = tables.filter(school_year=chosen["year"][:4])
    # A query that counts leaves the model's own order aside.
    tables = tables.annotate(rows=Count("strategies", filter=Q(strategies__set_aside_at=None))).order_by("-changed_at")
    return render(
        request,
        "planning/table_list.html",
        {
            "tables": tables,
            "chosen": chosen,
            "archived": "archived" in request.GET,
            "some_archived": any(facet[2] for facet in facets),
            "schools": schools,
            "years": sorted({facet[1] for facet in facets}, reverse=True),
            "kinds": MeetingKind.choices,
            "may_begin": permissions.can_begin(request.user),
        },
    )


@require_http_methods(["GET", "POST"])
def table_create(request: PersonRequest) -> HttpResponse:
    if not permissions.can_begin(request.user):
        raise PermissionDenied(_("Strategy tables are begun by the adults of a school."))
    form = TableForm(request.POST or None, by=request.user)
    if form.is_valid():
        return redirect("planning:table_detail", form.save().pk)
    return render(request, "planning/table_create.html", {"form": form}, status=422 if form.is_bound else 200)


@require_GET
def table_detail(request: PersonRequest, table_id: Any) -> HttpResponse:
    table = visible_table(request, table_id)
    shown = Filter.asked(request.GET)
    context = grid_context(request, table, shown)
    return render(
        request,
        "planning/table_detail.html",
        {
            **context,
            "areas": [(area.label, cells.AREA_MEANINGS[area]) for area in cells.Area],
            "shown": shown,
            "query": request.GET.urlencode(),
            "choices": {"areas": cells.Area.choices, "cells": cells.HEADS.items(), "sorts": SORTS.items()},
            "may_manage": permissions.can_manage(request.user, table),
            "may_join": permissions.can_join(request.user, table),
            "may_begin": permissions.can_begin(request.user),
        },
    )


def grid_context(request: PersonRequest, table: StrategyTable, shown: Filter) -> dict[str, Any]:
    """What the grid and its scripts need, on the table's page and in the meeting view."""
    may_edit = permissions.can_edit(request.user, table)
    grid = Grid(table, may_edit=may_edit, shown=shown, request=request)
    rows = grid.rows()
    return {
        "table": table,
        "rows": [html for _id, html in rows],
        "people": grid.people_named,
        "set_aside": grid.set_aside if may_edit else [],
        "columns": columns(),
        "editors": editors(translation.get_language()) if may_edit else [],
        "present": presences(table, request.user),
        "may_edit": may_edit,
    }


@require_GET
def table_staff(request: PersonRequest, table_id: Any) -> HttpResponse:
    """The names a cell of responsible people suggests: asked for when the first such cell is opened."""
    table = visible_table(request, table_id)
    return JsonResponse({"names": staff_names(table)})


def staff_names(table: StrategyTable) -> list[str]:
    return list(staff_labels(Person.objects.staff_of([table.school_id]).by_name()).values())


@require_GET
def table_meeting(request: PersonRequest, table_id: Any) -> HttpResponse:
    """One row at a time, large, for the projector while the team talks; `?row=` counts from 1."""
    table = visible_table(request, table_id)
    ids = [str(pk) for pk in table.strategies.standing().values_list("pk", flat=True)]
    asked = request.GET.get("row", "1")
    row = min(max(number(asked, 1), 1), max(len(ids), 1))
    here = ids[row - 1] if ids else ""
    context = grid_context(request, table, Filter(row=here))
    context |= {"row": row, "count": len(ids), "before": row - 1, "after": row + 1 if row < len(ids) else 0}
    context["query"] = f"row={here}"
    return render(request, "planning/table_meeting.html", context)


@require_http_methods(["GET", "POST"])
def table_copy(request: PersonRequest, table_id: Any) -> HttpResponse:
    """Begin a table for another year with this one's rows."""
    table = visible_table(request, table_id)
    if not permissions.can_copy(request.user, table):
        raise PermissionDenied(_("A table is copied by the adults of its school."))
    form = CopyForm(request.POST or None, table=table)
    if form.is_valid():
        return redirect("planning:table_detail", form.save_by(request.user).pk)
    return render(
        request, "planning/table_copy.html", {"table": table, "form": form}, status=422 if form.is_bound else 200
    )


@require_GET
def table_past(request: PersonRequest, table_id: Any) -> HttpResponse:
    """The table as it was at the end of a day, and bringing it back."""
    table = visible_table(request, table_id)
    form = DayForm(request.GET or None)
    version, rows = 0, []
    if form.is_valid():
        version = past.version_at_end_of(table, form.cleaned_data["day"])
        standing = [one for one in past.rows_at(table, version).values() if one.stood]
        grid = Grid(table, may_edit=False)
        names = names_in(one.values["responsible"] for one in standing)
        rows = [
            [(cells.HEADS[cell], mark_safe(grid.value_words(cell, one.values[cell], names))) for cell in cells.CELLS]  # noqa: S308
            for one in standing
        ]
    context = {
        "table": table,
        "form": form,
        "version": version,
        "rows": rows,
        "columns": columns(),
        "may_edit": permissions.can_edit(request.user, table),
    }
    return render(request, "planning/table_past.html", context, status=422 if form.is_bound and form.errors else 200)


@require_POST
def past_bring_back(request: PersonRequest, table_id: Any) -> HttpResponse:
    """The whole table as it was at `version`, as new edits."""
    table = editable_table(request, table_id)
    form = VersionForm(request.POST)
    if not form.is_valid() or not 0 < form.cleaned_data["version"] <= table.version:
        raise Http404
    past.bring_back_table(table, form.cleaned_data["version"], by=request.user)
    messages.success(request, _("The table is as it was then. What it said until now is in its history."))
    return redirect("planning:table_detail", table.pk)


def columns() -> list[dict[str, Any]]:
    return [{"cell": cell, "head": cells.HEADS[cell], "question": cells.QUESTIONS[cell]} for cell in cells.CELLS]


@cache
def editors(language: str) -> list[dict[str, str]]:
    """One blank form for each kind of cell: the page clones them, so a cell opens at once and without the network.

    They are the same on every page of a language, and made once.
    """
    with translation.override(language):
        forms = {
            cell: FORM_OF[cell](cell=cell, table=StrategyTable(), auto_id=f"editor_{cell}_%s") for cell in cells.CELLS
        }
        return [{"cell": cell, "form": render_crispy_form(form)} for cell, form in forms.items()]


@require_GET
def table_rows(request: PersonRequest, table_id: Any) -> HttpResponse:
    """What changed since the version the page shows: the order, the changed rows' HTML, who is where."""
    table = visible_table(request, table_id)
    since = request.GET.get("since", "0")
    changes = Change.objects.filter(stream=table.stream, version__gt=number(since, 0))
    targets = {target.split("/")[0] for target in changes.values_list("target", flat=True)}
    shown = Filter.asked(request.GET)
    grid = Grid(table, may_edit=permissions.can_edit(request.user, table), shown=shown, request=request)
    rows = grid.rows(only={target for target in targets if len(target) == 36})
    return JsonResponse(
        {
            "version": table.version,
            "title": table.title,
            "order": [row_id for row_id, _html in rows],
            "rows": {row_id: html for row_id, html in rows if html},
            "present": presences(table, request.user),
        }
    )


def presences(table: StrategyTable, reader: Person) -> list[dict[str, str]]:
    """The others who have this table open, newest first, with the cell they are in."""
    alive = timezone.now() - timedelta(seconds=CellPresence.EXPIRES)
    here = table.presences.filter(seen_at__gt=alive).exclude(person=reader).prefetch_related("person")
    return [
        {"person": str(one.person_id), "name": str(one.person), "initials": one.person.initials, "place": one.place}
        for one in here.order_by("-seen_at")
    ]


@require_POST
def table_presence(request: PersonRequest, table_id: Any) -> HttpResponse:
    """A tab says where it is, every 15 seconds and whenever that changes; the others are told."""
    table = visible_table(request, table_id)
    form = PresenceForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    said = form.cleaned_data
    key = {"table": table, "person": request.user, "tab": said["tab"]}
    before = CellPresence.objects.filter(**key).values_list("place", flat=True).first()
    if said["gone"]:
        CellPresence.objects.filter(**key).delete()
    else:
        CellPresence.objects.update_or_create(**key, defaults={"place": said["place"], "seen_at": timezone.now()})
    if said["gone"] or before != said["place"]:
        live.whisper(table.stream, "presence")
    return HttpResponse(status=204)


@require_http_methods(["GET", "POST"])
def table_write(request: PersonRequest, table_id: Any) -> HttpResponse:
    table = managed_table(request, table_id)
    form = TableDetailsForm(request.POST or None, instance=table)
    if form.is_valid():
        form.save_by(request.user)
        return redirect("planning:table_detail", table.pk)
    return render(
        request, "planning/table_write.html", {"form": form, "table": table}, status=422 if form.is_bound else 200
    )


@require_POST
def table_archive(request: PersonRequest, table_id: Any) -> HttpResponse:
    table = managed_table(request, table_id)
    table.archive(by=request.user)
    messages.success(request, _("“%(title)s” is archived. It can be brought back at any time.") % {"title": table})
    return redirect("planning:table_detail", table.pk)


@require_POST
def table_bring_back(request: PersonRequest, table_id: Any) -> HttpResponse:
    table = managed_table(request, table_id)
    table.bring_back(by=request.user)
    return redirect("planning:table_detail", table.pk)


@require_http_methods(["GET", "POST"])
def table_sharing(request: PersonRequest, table_id: Any) -> HttpResponse:
    table = visible_table(request, table_id)
    may_manage = permissions.can_manage(request.user, table)
    if request.method == "POST" and not may_manage:
        raise PermissionDenied(_("Only an owner of the table can do this."))
    form = ShareForm(request.POST or None, table=table) if may_manage else None
    if form and form.is_valid():
        try:
            form.save_by(request.user, table)
        except LastOwnerError as problem:
            form.add_error("role", str(problem))
        else:
            return redirect("planning:table_sharing", table.pk)
    members = table.members.select_related("person", "team").order_by("role", "team__name", "person__family_name")
    return render(
        request,
        "planning/table_sharing.html",
        {
            "table": table,
            "form": form,
            "members": members,
            "may_manage": may_manage,
            "may_join": permissions.can_join(request.user, table),
        },
        status=422 if form and form.is_bound else 200,
    )


@require_POST
def table_join(request: PersonRequest, table_id: Any) -> HttpResponse:
    """A leader of the school adds themselves as an editor: everybody can see that in the history."""
    table = visible_table(request, table_id)
    if not permissions.can_join(request.user, table):
        raise PermissionDenied(_("A leader of the school can add themselves; everyone else is added by an owner."))
    table.share(request.user, TableMember.Role.EDITOR, by=request.user)
    return redirect("planning:table_detail", table.pk)


@require_POST
def member_remove(request: PersonRequest, table_id: Any, member_id: int) -> HttpResponse:
    table = managed_table(request, table_id)
    member = get_object_or_404(table.members.select_related("person", "team"), pk=member_id)
    try:
        table.unshare(member, by=request.user)
    except LastOwnerError as problem:
        messages.error(request, str(problem))
    return redirect("planning:table_sharing", table.pk)
