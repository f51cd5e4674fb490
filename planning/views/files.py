"""Taking a table away, and bringing a file in: looked at first, then applied."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config import files
from planning import cells, exports, imports
from planning.grid import Grid, names_in
from planning.models import TableImport
from profiles.requests import PersonRequest

from .tables import columns, editable_table, number, visible_table


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Word, Excel or CSV file"),
        widget=forms.ClearableFileInput(attrs={"accept": ".docx,.xlsx,.csv,.tsv,.txt"}),
    )


class PasteForm(forms.Form):
    """The clipboard as HTML (tables, lists) or plain text, and the cell it was pasted at, if any."""

    html = forms.CharField(required=False, strip=False, max_length=2_000_000)
    text = forms.CharField(required=False, strip=False, max_length=500_000)
    row = forms.UUIDField(required=False)
    cell = forms.ChoiceField(required=False, choices=[("", ""), *cells.HEADS.items()])

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not said.get("html", "").strip() and not said.get("text", "").strip():
            raise forms.ValidationError(gettext_lazy("Nothing was pasted."))
        return said


@require_GET
def table_print(request: PersonRequest, table_id: Any) -> HttpResponse:
    table = visible_table(request, table_id)
    grid = Grid(table, may_edit=False)
    context = {"table": table, "rows": [html for _id, html in grid.rows()], "columns": columns()}
    return render(request, "planning/table_print.html", context)


@require_GET
def table_export(request: PersonRequest, table_id: Any, form: str) -> HttpResponse:
    """The six columns as csv, xlsx, docx or pdf; `?what=` asks for the summary, the history or a blank form."""
    what = request.GET.get("what", "table")
    if form not in files.CONTENT_TYPES or what not in exports.DOCUMENTS:
        raise Http404
    table = visible_table(request, table_id)
    document = exports.DOCUMENTS[what](table)
    try:
        body = files.write(document, form)
    except files.UnwritableDocument as problems:
        messages.error(request, str(problems))
        return redirect("planning:table_detail", table.pk)
    name = slugify(table.title if what == "table" else f"{table.title} {what}", allow_unicode=True) or "table"
    response = HttpResponse(body, content_type=files.CONTENT_TYPES[form])
    response.headers["Content-Disposition"] = _attachment(f"{name}.{form}")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _attachment(name: str) -> str:
    return str(content_disposition_header(as_attachment=True, filename=name))


@require_http_methods(["GET", "POST"])
def table_import(request: PersonRequest, table_id: Any) -> HttpResponse:
    """Choose a file; it is looked at, and nothing is written to the table yet."""
    table = editable_table(request, table_id)
    form = UploadForm(request.POST or None, request.FILES or None)
    problems: list[str] = []
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            record = imports.look(table, files.read(upload.read(), upload.name), upload.name, by=request.user)
        except files.UnreadableFile as unreadable:
            problems = [str(problem) for problem in unreadable.problems]
        else:
            if record:
                return redirect("planning:import_detail", table.pk, record.pk)
            problems = [
                _(
                    "%(file)s: no table with the columns of a strategy table was found. Its heads must name at least "
                    "the strategy and two more columns, such as who is responsible and how it will be assessed."
                )
                % {"file": upload.name}
            ]
    status = 422 if form.is_bound else 200
    return render(
        request, "planning/table_import.html", {"table": table, "form": form, "problems": problems}, status=status
    )


@require_POST
def table_paste(request: PersonRequest, table_id: Any) -> HttpResponse:
    """What was pasted from Word, Excel or Google Docs, at a cell or into the form: looked at like a file."""
    table = editable_table(request, table_id)
    form = PasteForm(request.POST)
    problems: list[str] = []
    if form.is_valid():
        said = form.cleaned_data
        try:
            tables = files.read_html(said["html"]) if said["html"] else files.read_text(said["text"])
            record = imports.look_at_pasted(table, tables, said["row"], said["cell"], by=request.user)
        except files.UnreadableFile as unreadable:
            problems = [str(problem) for problem in unreadable.problems]
        else:
            return redirect("planning:import_detail", table.pk, record.pk)
    problems = problems or [_("Nothing was pasted: copy the rows once more, then paste them here.")]
    context = {"table": table, "form": UploadForm(), "problems": problems}
    return render(request, "planning/table_import.html", context, status=422)


@require_GET
def import_detail(request: PersonRequest, table_id: Any, import_id: Any) -> HttpResponse:
    """What applying the file would add and change, row by row, against the table as it stands now."""
    table = editable_table(request, table_id)
    record = get_object_or_404(TableImport, pk=import_id, table=table)
    found = imports.found_in(record)
    number = _number(request.GET.get("table", "0"), len(found))
    planned = imports.plan(table, found[number].rows)
    grid = Grid(table, may_edit=False)
    names = names_in(
        value
        for one in planned
        for value in [
            one.row.values.get("responsible"),
            *(side for change in one.changes for side in change[1:] if change[0] == "responsible"),
        ]
    )
    return render(
        request,
        "planning/import_detail.html",
        {
            "table": table,
            "record": record,
            "found": found,
            "number": number,
            "chosen": found[number],
            "columns": [(cells.HEADS[cell], head) for cell, head in found[number].columns.items()],
            "rows": [_shown(one, grid, names) for one in planned],
            "counts": {
                state: sum(one.state == state for one in planned) for state in ("new", "changed", "same", "set_aside")
            },
        },
    )


def _shown(planned: imports.Planned, grid: Grid, names: dict[str, str]) -> dict[str, Any]:
    def words(cell: str, value: Any) -> str:
        return mark_safe(grid.value_words(cell, value, names))  # noqa: S308 - escaped there

    return {
        "place": planned.row.place,
        "state": planned.state,
        "strategy": planned.strategy,
        "cells": [(cells.HEADS[cell], words(cell, value)) for cell, value in planned.row.values.items()],
        "changes": [(cells.HEADS[cell], words(cell, now), words(cell, then)) for cell, now, then in planned.changes],
    }


def _number(text: str, count: int) -> int:
    chosen = number(text, count)
    if chosen >= count:
        raise Http404
    return chosen


@require_POST
def import_apply(request: PersonRequest, table_id: Any, import_id: Any) -> HttpResponse:
    table = editable_table(request, table_id)
    record = get_object_or_404(TableImport, pk=import_id, table=table)
    record.table = table
    number = _number(request.POST.get("table", "0"), len(record.found))
    counts = imports.apply(record, number, by=request.user)
    messages.success(
        request,
        _("Brought in from %(file)s: %(added)s rows added, %(changed)s changed.")
        % {"file": record.file_name, **counts},
    )
    if counts["kept_both"]:
        messages.warning(
            request,
            _("In %(kept_both)s cells the file and the table had both changed: both texts are kept, choose there.")
            % counts,
        )
    return redirect("planning:table_detail", table.pk)
