"""Inviting somebody, and accepting an invitation."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from .. import permissions
from ..forms import InvitationForm, JoinForm
from ..models import Invitation, InvitationClosed, Person
from ..requests import PersonRequest
from ..tasks import mail_invitation
from .schools import LINK_TO_SHOW, school_of_staff, school_page


@require_POST
def invitation_create(request: PersonRequest, school: uuid.UUID) -> HttpResponse:
    shown = school_of_staff(request, school)
    if not permissions.can_invite(request.user, shown):
        raise PermissionDenied(_("Leaders of the school invite its people."))
    form = InvitationForm(request.POST, school=shown, by=request.user)
    if not form.is_valid():
        return school_page(request, shown, invite=form, status=422)
    invitation = form.send()
    if invitation.email:
        mail_invitation.enqueue(str(invitation.pk), request.build_absolute_uri("/"), get_language() or "en")
    _show_link_once(request, invitation)
    return redirect("profiles:school_people", shown.pk)


@require_POST
def invitation_link(request: PersonRequest, invitation: uuid.UUID) -> HttpResponse:
    """Another link for an invitation that waits: the first was lost, or the mail did not arrive."""
    shown = _invitation_to_change(request, invitation)
    if not shown.is_open:
        messages.error(request, _("This invitation is too old. Invite again."))
    else:
        _show_link_once(request, shown)
    return redirect("profiles:school_people", shown.org_id)


@require_POST
def invitation_withdraw(request: PersonRequest, invitation: uuid.UUID) -> HttpResponse:
    shown = _invitation_to_change(request, invitation)
    shown.withdraw(by=request.user)
    messages.success(request, _("The invitation is withdrawn; its link opens nothing."))
    return redirect("profiles:school_people", shown.org_id)


@login_not_required
@require_http_methods(["GET", "POST"])
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing (mail filters open links); only the form or button takes the role."""
    shown = Invitation.objects.open().of_link(token).select_related("org", "team", "also_leads", "invited_by").first()
    if shown is None or not shown.still_given:
        return render(request, "profiles/invitation_closed.html", status=404)
    if isinstance(request.user, Person):
        return _accept_as(request, request.user, shown)
    if shown.email and Person.objects.filter(email=shown.email).exists():
        context = {"invitation": shown, "sign_in": f"{reverse('account_login')}?next={request.path}"}
        return render(request, "profiles/invitation_accept.html", context)
    return _accept_as_new(request, shown)


@require_POST
def invitation_join(request: PersonRequest, invitation: uuid.UUID) -> HttpResponse:
    """From home: somebody who signs in with the invited e-mail needs no link."""
    waiting = Invitation.objects.waiting_for(request.user).select_related("org", "team", "also_leads", "invited_by")
    return _accept_as(request, request.user, get_object_or_404(waiting, pk=invitation))


def _accept_as(request: HttpRequest, person: Person, invitation: Invitation) -> HttpResponse:
    may_accept = permissions.can_accept(person, invitation)
    if request.method == "GET":
        context = {"invitation": invitation, "may_accept": may_accept, "person": person}
        return render(request, "profiles/invitation_accept.html", context)
    if not may_accept:
        raise PermissionDenied(_("This invitation is for somebody else. Sign out first, then open the link again."))
    try:
        invitation.accept(by=person)
    except InvitationClosed:
        return render(request, "profiles/invitation_closed.html", status=404)
    return _welcome(request, invitation)


def _accept_as_new(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = JoinForm(request.POST or None, invitation=invitation)
    if form.is_valid():
        try:
            person = form.save(language=get_language() or "")
        except InvitationClosed:
            return render(request, "profiles/invitation_closed.html", status=404)
        if person:
            login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
            return _welcome(request, invitation)
    context = {"invitation": invitation, "form": form}
    return render(request, "profiles/invitation_accept.html", context, status=422 if form.is_bound else 200)


def _welcome(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    messages.success(request, _("Welcome to %(school)s.") % {"school": invitation.org})
    return redirect("home")


def _invitation_to_change(request: PersonRequest, invitation: uuid.UUID) -> Invitation:
    seen = Invitation.objects.visible_to(request.user).unanswered().select_related("org")
    shown = get_object_or_404(seen, pk=invitation)
    if not permissions.can_withdraw(request.user, shown):
        raise PermissionDenied(_("Only a leader above this role may change the invitation."))
    return shown


def _show_link_once(request: PersonRequest, invitation: Invitation) -> None:
    url = request.build_absolute_uri(reverse("profiles:invitation_accept", args=[invitation.make_link()]))
    request.session[LINK_TO_SHOW] = {"url": url, "name": invitation.name, "email": invitation.email}
