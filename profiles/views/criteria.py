"""What it takes to have a skill whose parts are shown."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from .. import permissions
from ..criteria_words import sentences
from ..forms_rules import CriteriaForm
from ..models import Competency
from ..requests import PersonRequest


@require_http_methods(["GET", "POST"])
def criteria_write(request: PersonRequest, competency: uuid.UUID) -> HttpResponse:
    visible = Competency.objects.visible_to(request.user).select_related("framework__org")
    shown = get_object_or_404(visible, pk=competency)
    if not permissions.can_shape_frameworks(request.user, shown.framework.org):
        raise PermissionDenied(_("Leaders of the school or of the district say what a skill takes."))
    form = CriteriaForm(request.POST or None, competency=shown, by=request.user)
    if form.is_valid() and form.save():
        messages.success(request, _("Kept. Whoever meets it from now on has the skill."))
        return redirect("profiles:criteria_write", shown.pk)
    context = {"competency": shown, "form": form, "sentences": sentences(shown)}
    return render(request, "profiles/criteria_write.html", context, status=422 if form.is_bound else 200)
