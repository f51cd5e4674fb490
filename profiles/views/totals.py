"""A school's totals, for its leaders."""

from __future__ import annotations

import uuid

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from .. import permissions
from ..models import Org
from ..requests import PersonRequest
from ..totals import totals_of


@require_GET
def school_totals(request: PersonRequest, school: uuid.UUID) -> HttpResponse:
    shown = get_object_or_404(Org.objects.schools().visible_to(request.user), pk=school)
    if not permissions.can_see_totals(request.user, shown):
        raise PermissionDenied(_("Totals are for leaders of the school."))
    return render(request, "profiles/school_totals.html", {"school": shown, "totals": totals_of(shown)})
