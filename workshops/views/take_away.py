"""What leaves a workshop as files, at any moment: for whoever runs it and the leaders of the host."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from config import files
from config.qr import qr
from profiles.requests import PersonRequest
from workshops import permissions, take_away, take_away_files
from workshops.models import Workshop
from workshops.qr import join_address

from .workshops import visible_workshop

TITLES: dict[str, str | Promise] = {
    "report": gettext_lazy("Report"),
    "sheets": gettext_lazy("The sheets"),
    "table": gettext_lazy("With and without"),
    "run-sheet": gettext_lazy("Run sheet"),
    "group-cards": gettext_lazy("Group cards"),
    "paper-pack": gettext_lazy("Paper pack: way in, sign-in, blank sheets, empty table, handout"),
    "take-home-cards": gettext_lazy("Take-home cards: a code for each person's own page"),
}
FORMS: dict[str, str | Promise] = {
    "docx": gettext_lazy("Word"),
    "xlsx": gettext_lazy("Excel"),
    "csv": gettext_lazy("CSV"),
    "pdf": gettext_lazy("PDF"),
}


def _workshop(request: PersonRequest, workshop_id: Any) -> Workshop:
    workshop = visible_workshop(request, workshop_id)
    if not permissions.can_take_away(request.user, workshop):
        raise PermissionDenied(_("Files are for whoever runs the workshop, and for the leaders of its host."))
    return workshop


@require_GET
def workshop_take_away(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    workshop = _workshop(request, workshop_id)
    join = join_address(workshop, request.build_absolute_uri) if workshop.join_code else ""
    return render(
        request,
        "workshops/workshop_take_away.html",
        {
            "workshop": workshop,
            "listed": [
                {"what": what, "title": TITLES[what], "forms": [{"form": form, "label": FORMS[form]} for form in forms]}
                for what, forms in take_away_files.DOCUMENTS.items()
            ],
            "reach": take_away.reach_of(request.user, workshop),
            "join": join,
            "qr": qr(join) if join else "",
        },
    )


@require_GET
def take_away_file(request: PersonRequest, workshop_id: Any, what: str, form: str) -> HttpResponse:
    """One file as it stands now; `workshop.zip` is all of them."""
    workshop = _workshop(request, workshop_id)
    address = request.build_absolute_uri
    if (what, form) == take_away_files.ARCHIVE:
        reach = take_away.reach_of(request.user, workshop)
        return _answer(take_away_files.archive(workshop, reach, address), "workshop.zip", "application/zip")
    try:
        document = take_away_files.document(workshop, what, form, address)
    except KeyError:
        raise Http404 from None
    try:
        body = files.write(document, form)  # type: ignore[arg-type]
    except files.UnwritableDocument as problems:
        messages.error(request, str(problems))
        return redirect("workshops:workshop_take_away", workshop.pk)
    name = slugify(f"{workshop.title} {what}", allow_unicode=True) or what
    return _answer(body, f"{name}.{form}", files.CONTENT_TYPES[form])  # type: ignore[index]


def _answer(body: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(body, content_type=content_type)
    response.headers["Content-Disposition"] = str(content_disposition_header(as_attachment=True, filename=name))
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
