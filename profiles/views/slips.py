"""A class's way in: printed slips with a sign-in name and a code that works once; the first sign-in with one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ..forms_family import FirstSignInForm, SlipsForm
from ..models import Person, SignInSlip
from ..requests import PersonRequest
from .family_links import class_to_read


@dataclass(frozen=True)
class WayIn:
    """How far a student has come: has a password, has a slip that still works, or neither."""

    person: Person
    slip: SignInSlip | None

    @property
    def has_password(self) -> bool:
        return self.person.has_usable_password()


@require_GET
def class_slips(request: PersonRequest, section: uuid.UUID) -> HttpResponse:
    shown, learners = class_to_read(request, section)
    standing = SignInSlip.objects.filter(person__in=[one.pk for one in learners], ended_at=None)
    slips = {one.person_id: one for one in standing.filter(expires_at__gt=timezone.now())}
    ways = [WayIn(one.person, slips.get(one.pk)) for one in learners]
    context = {"section": shown, "ways": ways, "without": [one for one in ways if not one.has_password]}
    return render(request, "profiles/class_slips.html", context)


@require_POST
def class_slips_print(request: PersonRequest, section: uuid.UUID) -> HttpResponse:
    """Slips for those named; for nobody by name, for all without a password. The codes are shown this once."""
    shown, learners = class_to_read(request, section)
    form = SlipsForm(request.POST, people=[one.person for one in learners])
    if not form.is_valid():
        return redirect("profiles:class_slips", shown.pk)
    people = form.chosen()
    codes = SignInSlip.hand_out(shown, people, by=request.user)
    slips = [(one, f"{codes[one.pk][:4]} {codes[one.pk][4:]}") for one in people]
    address = request.build_absolute_uri(reverse("account_first"))
    return render(request, "profiles/class_slips_print.html", {"section": shown, "slips": slips, "address": address})


@sensitive_post_parameters("password", "code")
@login_not_required
@require_http_methods(["GET", "POST"])
def first_sign_in(request: HttpRequest) -> HttpResponse:
    """Name and code from the slip, and a password of one's own; then one is signed in."""
    form = FirstSignInForm(request.POST or None)
    if form.is_valid() and (person := form.save()):
        login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
        return redirect("home")
    return render(request, "account/first.html", {"form": form}, status=422 if form.is_bound else 200)
