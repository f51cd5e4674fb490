"""The history of a table, a row or a cell."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from planning import cells, permissions
from planning.forms import is_uuid
from planning.history import changes_of, entries
from profiles.requests import PersonRequest

from .tables import visible_table

PAGE = 50


@require_GET
def table_history(request: PersonRequest, table_id: Any) -> HttpResponse:
    table = visible_table(request, table_id)
    row, cell = request.GET.get("row", ""), request.GET.get("cell", "")
    row = row if is_uuid(row) else ""
    cell = cell if cell in cells.CELLS else ""
    page = Paginator(changes_of(table, row=row, cell=cell), PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "planning/table_history.html",
        {
            "table": table,
            "page": page,
            "entries": entries(table, page.object_list),
            "row": row,
            "cell": cell,
            "may_edit": permissions.can_edit(request.user, table),
        },
    )
