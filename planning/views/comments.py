"""What is said about a row: comments, answers, and settling them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from planning import permissions
from planning.forms import CommentForm
from planning.models import Comment, StrategyTable
from profiles.requests import PersonRequest

from .tables import visible_table


def commented_table(request: PersonRequest, table_id: Any) -> StrategyTable:
    table = visible_table(request, table_id)
    if not permissions.can_comment(request.user, table):
        raise PermissionDenied(_("Owners, editors and reviewers of the table comment on it."))
    return table


@require_POST
def comment_add(request: PersonRequest, table_id: Any, strategy_id: Any) -> HttpResponse:
    table = commented_table(request, table_id)
    strategy = get_object_or_404(table.strategies, pk=strategy_id)
    form = CommentForm(request.POST, strategy=strategy)
    if form.is_valid():
        form.save_by(request.user)
    else:
        messages.error(request, " ".join(str(one) for errors in form.errors.values() for one in errors))
    return redirect("planning:strategy_detail", table.pk, strategy.pk)


@require_POST
def comment_resolve(request: PersonRequest, table_id: Any, strategy_id: Any, comment_id: Any) -> HttpResponse:
    comment = _comment(request, table_id, strategy_id, comment_id)
    comment.resolve(by=request.user)
    return redirect("planning:strategy_detail", table_id, strategy_id)


@require_POST
def comment_reopen(request: PersonRequest, table_id: Any, strategy_id: Any, comment_id: Any) -> HttpResponse:
    comment = _comment(request, table_id, strategy_id, comment_id)
    comment.reopen(by=request.user)
    return redirect("planning:strategy_detail", table_id, strategy_id)


def _comment(request: PersonRequest, table_id: Any, strategy_id: Any, comment_id: Any) -> Comment:
    table = commented_table(request, table_id)
    strategy = get_object_or_404(table.strategies, pk=strategy_id)
    comment = get_object_or_404(Comment, pk=comment_id, strategy=strategy, parent=None)
    comment.strategy = strategy
    return comment
