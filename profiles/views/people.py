"""A colleague, and one's own settings."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .. import permissions
from ..forms import SettingsForm
from ..models import Person, RoleAssignment, StaffTeam
from ..requests import PersonRequest
from ..second_factor import has_factor, take_second_factor


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
        "may_take_factor": permissions.can_take_second_factor(request.user, shown) and has_factor(shown),
    }
    return render(request, "profiles/person_detail.html", context)


@require_POST
def second_factor_take(request: PersonRequest, person: str) -> HttpResponse:
    shown = get_object_or_404(Person.objects.visible_to(request.user), pk=person)
    if not permissions.can_take_second_factor(request.user, shown):
        raise PermissionDenied(_("Only a leader above this person's roles may take away their second step."))
    take_second_factor(shown, by=request.user)
    said = _("%(name)s signs in with the password alone now, and is asked to set up a new second step.")
    messages.success(request, said % {"name": shown})
    return redirect("profiles:person_detail", shown.pk)


@require_http_methods(["GET", "POST"])
def settings_write(request: PersonRequest) -> HttpResponse:
    form = SettingsForm(request.POST or None, instance=request.user)
    if form.is_valid():
        form.keep()
        with translation.override(request.user.language or get_language()):
            messages.success(request, _("Your settings are saved."))
        return redirect("profiles:settings_write")
    return render(request, "profiles/settings_write.html", {"form": form}, status=422 if form.is_bound else 200)
