"""A colleague, and one's own settings."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from ..forms import SettingsForm
from ..models import Person, RoleAssignment, StaffTeam
from ..requests import PersonRequest


@require_GET
def person_detail(request: PersonRequest, person: str) -> HttpResponse:
    shown = get_object_or_404(Person.objects.visible_to(request.user), pk=person)
    roles = RoleAssignment.objects.visible_to(request.user).filter(person=shown).select_related("org")
    teams = StaffTeam.objects.visible_to(request.user).joined_by(shown).select_related("school")
    context = {
        "shown": shown,
        "roles": roles.order_by("org__name", "role"),
        "teams": teams,
        "own": shown == request.user,
    }
    return render(request, "profiles/person_detail.html", context)


@require_http_methods(["GET", "POST"])
def settings_write(request: PersonRequest) -> HttpResponse:
    form = SettingsForm(request.POST or None, instance=request.user)
    if form.is_valid():
        form.keep()
        with translation.override(request.user.language or get_language()):
            messages.success(request, _("Your settings are saved."))
        return redirect("profiles:settings_write")
    return render(request, "profiles/settings_write.html", {"form": form}, status=422 if form.is_bound else 200)
