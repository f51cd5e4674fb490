"""A row and its cells: add, write, move, set aside, settle between two texts. Each works with and without scripts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import models
from django.db.models import Q
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from planning import cells, past, permissions
from planning.forms import FORM_OF, CellForm, CommentForm, DecisionForm, MoveForm, TransferForm, VersionForm
from planning.grid import Grid
from planning.models import CellProposal, Comment, Mention, Outcome, Strategy, StrategyTable
from profiles.requests import PersonRequest

from .tables import columns, editable_table, staff_names, visible_table

SENTENCES = {
    "merged": gettext_lazy("Saved together with what a colleague wrote here meanwhile."),
    "conflict": gettext_lazy(
        "A colleague changed this cell meanwhile. Both texts are kept: choose theirs, yours, or combine them."
    ),
    "moved": gettext_lazy("This cell has changed again meanwhile. Look at both texts once more and choose."),
}

UNDO_REFUSED = gettext_lazy(
    "A colleague has changed this cell since, so your edit cannot be taken back here. "
    "Its history has every earlier text."
)


def wants_json(request: PersonRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def back_to_row(table: StrategyTable, strategy_id: Any) -> HttpResponse:
    return redirect(f"/planning/tables/{table.pk}/#s-{strategy_id}")


@require_POST
def strategy_add(request: PersonRequest, table_id: Any) -> HttpResponse:
    table = editable_table(request, table_id)
    op_id = request.POST.get("op_id", "")
    strategy = Strategy.add(table, by=request.user, op_id=_uuid(op_id))
    if wants_json(request):
        return JsonResponse({"row": str(strategy.pk)})
    return redirect("planning:strategy_detail", table.pk, strategy.pk)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@require_GET
def strategy_detail(request: PersonRequest, table_id: Any, strategy_id: Any) -> HttpResponse:
    """One row, large: every cell as a form, and what can be done with the row. In the grid, its “More”."""
    table = visible_table(request, table_id)
    strategy = get_object_or_404(table.strategies.with_people(), pk=strategy_id)
    may_edit = permissions.can_edit(request.user, table)
    return render(
        request,
        "planning/strategy_detail.html#actions" if request.htmx else "planning/strategy_detail.html",
        {
            "table": table,
            "strategy": strategy,
            "cells": cell_panels(request, strategy, may_edit=may_edit),
            "move_form": MoveForm(strategy=strategy) if may_edit else None,
            "transfer_form": TransferForm(strategy=strategy, by=request.user) if may_edit else None,
            "may_edit": may_edit,
            "missing": [(cell, cells.HEADS[cell]) for cell in strategy.missing],
            "supports": cells.Support.choices,
            "in_dialog": bool(request.htmx),
            "staff": [] if request.htmx or not may_edit else staff_names(table),
            **comment_context(request, strategy),
        },
    )


def comment_context(request: PersonRequest, strategy: Strategy) -> dict[str, Any]:
    """The row's comments, the unsettled first; whoever opens the row has seen where they were mentioned."""
    Mention.objects.filter(person=request.user, seen_at=None, comment__strategy=strategy).update(seen_at=timezone.now())
    answers = Comment.objects.select_related("author")
    comments = (
        strategy.comments.filter(parent=None)
        .select_related("author", "resolved_by")
        .prefetch_related(models.Prefetch("answers", answers))
        .order_by(models.F("resolved_at").desc(nulls_first=True), "said_at")
    )
    may_comment = permissions.can_comment(request.user, strategy.table)
    return {
        "comments": comments,
        "may_comment": may_comment,
        "comment_form": CommentForm(strategy=strategy) if may_comment else None,
    }


def cell_panels(
    request: PersonRequest, strategy: Strategy, *, may_edit: bool, bound: CellForm | None = None
) -> list[dict[str, Any]]:
    """Each cell of the row: its head, what it says, its form (`bound` stands in for the one that was refused)."""
    table = strategy.table
    grid = Grid(table, may_edit=may_edit, request=request)
    proposals = grid.proposals(Q(strategy=strategy)).get(strategy.pk, [])
    names = {str(one.person_id): str(one.person) for one in strategy.responsibilities.all() if one.person_id}
    panels = []
    for column in columns():
        cell = column["cell"]
        form: CellForm | None = None
        if may_edit:
            form = bound if bound and bound.cell == cell else blank_form(strategy, cell, names)
        here = [grid.proposal(strategy, one) for one in proposals if one.cell == cell]
        words = mark_safe(grid.words(cell, strategy))  # noqa: S308 - escaped there
        panels.append({**column, "form": form, "words": words, "proposals": here})
    return panels


def _lines(strategy: Strategy, cell: str) -> dict[str, Any]:
    """Of a cell of effects: its lines, and whether any of them says which kind of encouragement it gives."""
    if cell not in cells.LINE_CELLS:
        return {}
    lines = strategy.value(cell)
    return {"lines": lines, "tagged": any(line["support"] for line in lines)}


def blank_form(strategy: Strategy, cell: str, names: dict[str, str]) -> CellForm:
    value = strategy.value(cell)
    if cell == "responsible":
        named = [{**one, "name": names.get(one.get("person", ""), one.get("role"))} for one in value["people"]]
        value = {**value, "people": named}
    kind = FORM_OF[cell]
    initial = {**kind.fields_of(value), "base_version": strategy.cell_versions[cell]}
    return kind(cell=cell, table=strategy.table, initial=initial, prefix=None, auto_id=f"id_{cell}_%s")


@require_POST
def cell_save(request: PersonRequest, table_id: Any, strategy_id: Any, cell: str) -> HttpResponse:
    if cell not in cells.CELLS:
        raise Http404
    table = editable_table(request, table_id)
    form = FORM_OF[cell](request.POST, cell=cell, table=table, auto_id=f"id_{cell}_%s")
    if not form.is_valid():
        return refused(request, table, strategy_id, form)
    try:
        outcome = table.save_cell(
            strategy_id,
            cell,
            form.value(),
            base_version=form.cleaned_data["base_version"],
            by=request.user,
            op_id=form.cleaned_data["op_id"],
        )
    except Strategy.DoesNotExist:
        raise Http404 from None
    return answer(request, table, strategy_id, cell, outcome)


def refused(request: PersonRequest, table: StrategyTable, strategy_id: Any, form: CellForm) -> HttpResponse:
    """422: what was typed stays on the page, with one sentence a field."""
    sentences = [str(sentence) for errors in form.errors.values() for sentence in errors]
    if wants_json(request):
        return JsonResponse({"status": "refused", "sentence": " ".join(sentences)}, status=422)
    strategy = get_object_or_404(table.strategies.with_people(), pk=strategy_id)
    context = {
        "table": table,
        "strategy": strategy,
        "cells": cell_panels(request, strategy, may_edit=True, bound=form),
        "may_edit": True,
        "move_form": MoveForm(strategy=strategy),
        "transfer_form": TransferForm(strategy=strategy, by=request.user),
        "supports": cells.Support.choices,
        "staff": staff_names(table),
        **comment_context(request, strategy),
    }
    return render(request, "planning/strategy_detail.html", context, status=422)


def answer(
    request: PersonRequest,
    table: StrategyTable,
    strategy_id: Any,
    cell: str,
    outcome: Outcome,
    moved: Any = "",
) -> HttpResponse:
    """The cell as it now stands; 409 where two texts wait for a choice, or (saying `moved`) it came too late."""
    both_kept = outcome.status in ("conflict", "moved")
    sentence = str((outcome.status == "moved" and moved) or SENTENCES.get(outcome.status, ""))
    if not wants_json(request):
        if sentence:
            messages.info(request, sentence)
        if both_kept:
            return redirect("planning:strategy_detail", table.pk, strategy_id)
        return back_to_row(table, strategy_id)
    strategy = outcome.strategy or table.strategies.get(pk=strategy_id)
    grid = Grid(table, may_edit=True, request=request)
    proposals = grid.proposals(Q(strategy=strategy, cell=cell)) if both_kept or outcome.status == "same" else {}
    html = grid.cell(strategy, cell, strategy.cell_versions[cell], proposals.get(strategy.pk, []))
    body = {
        "status": outcome.status,
        "version": table.version,
        "cell_version": strategy.cell_versions[cell],
        "html": html,
        "sentence": sentence,
    }
    return JsonResponse(body, status=409 if both_kept else 200)


@require_POST
def cell_undo(request: PersonRequest, table_id: Any, strategy_id: Any, cell: str) -> HttpResponse:
    """Take back my own last edit of this cell, made at `version`; refused if the cell has moved on."""
    table, strategy, version = _earlier(request, table_id, strategy_id, cell)
    outcome = strategy.undo(cell, version, by=request.user)
    return answer(request, table, strategy_id, cell, outcome, moved=UNDO_REFUSED)


@require_POST
def cell_bring_back(request: PersonRequest, table_id: Any, strategy_id: Any, cell: str) -> HttpResponse:
    """Put back what the cell said at `version`, as a new edit."""
    table, strategy, version = _earlier(request, table_id, strategy_id, cell)
    if not past.bring_back_cell(table, strategy, cell, version, by=request.user):
        messages.error(request, _("What this cell said then is no longer on record."))
    return back_to_row(table, strategy_id)


@require_POST
def strategy_bring_back(request: PersonRequest, table_id: Any, strategy_id: Any) -> HttpResponse:
    """Put the whole row back as it was at `version`, as new edits."""
    table, strategy, version = _earlier(request, table_id, strategy_id)
    if not past.bring_back_row(table, strategy, version, by=request.user):
        messages.error(request, _("This row was not in the table then."))
    return back_to_row(table, strategy_id)


def _earlier(
    request: PersonRequest, table_id: Any, strategy_id: Any, cell: str = "description"
) -> tuple[StrategyTable, Strategy, int]:
    table = editable_table(request, table_id)
    strategy = get_object_or_404(table.strategies, pk=strategy_id)
    form = VersionForm(request.POST)
    if cell not in cells.CELLS or not form.is_valid():
        raise Http404
    return table, strategy, form.cleaned_data["version"]


@require_POST
def strategy_transfer(request: PersonRequest, table_id: Any, strategy_id: Any) -> HttpResponse:
    """Move the row to another table of the school: this person edits both."""
    table = editable_table(request, table_id)
    strategy = get_object_or_404(table.strategies, pk=strategy_id)
    form = TransferForm(request.POST, strategy=strategy, by=request.user)
    if not form.is_valid():
        raise Http404
    target = form.save()
    messages.success(request, _("“%(row)s” now stands in “%(table)s”.") % {"row": strategy, "table": target})
    return redirect("planning:table_detail", target.pk)


@require_POST
def proposal_decide(request: PersonRequest, table_id: Any, strategy_id: Any, proposal_id: Any) -> HttpResponse:
    table = editable_table(request, table_id)
    strategy = get_object_or_404(table.strategies, pk=strategy_id)
    proposal = get_object_or_404(CellProposal, pk=proposal_id, strategy=strategy)
    proposal.strategy = strategy
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise Http404
    value = None
    if form.cleaned_data["choice"] == "combine":
        data = request.POST.copy()
        data["base_version"] = request.POST["seen_version"]
        combined = FORM_OF[proposal.cell](data, cell=proposal.cell, table=table)
        if not combined.is_valid():
            return refused(request, table, strategy_id, combined)
        value = combined.value()
    outcome = proposal.decide(
        form.cleaned_data["choice"], seen_version=form.cleaned_data["seen_version"], by=request.user, value=value
    )
    return answer(request, table, strategy_id, proposal.cell, outcome)


@require_POST
def strategy_move(request: PersonRequest, table_id: Any, strategy_id: Any) -> HttpResponse:
    table = editable_table(request, table_id)
    strategy = get_object_or_404(table.strategies, pk=strategy_id)
    form = MoveForm(request.POST, strategy=strategy)
    if form.is_valid():
        form.save_by(request.user)
    else:
        messages.error(request, _("The row to put it behind is no longer in the table: choose another place."))
    if wants_json(request):
        return JsonResponse({"version": table.version})
    return back_to_row(table, strategy_id)


@require_POST
def strategy_set_aside(request: PersonRequest, table_id: Any, strategy_id: Any) -> HttpResponse:
    table = editable_table(request, table_id)
    strategy = get_object_or_404(table.strategies, pk=strategy_id)
    strategy.set_aside(by=request.user)
    messages.info(
        request, _("“%(row)s” is set aside. It waits below the table and can be restored.") % {"row": strategy}
    )
    return redirect("planning:table_detail", table.pk)


@require_POST
def strategy_restore(request: PersonRequest, table_id: Any, strategy_id: Any) -> HttpResponse:
    table = editable_table(request, table_id)
    strategy = get_object_or_404(table.strategies, pk=strategy_id)
    strategy.restore(by=request.user)
    return back_to_row(table, strategy_id)
