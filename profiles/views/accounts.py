"""Sign-in is allauth's; here is what this site adds to it."""

from allauth.account import views as allauth_views
from allauth.mfa.base import views as factor_views
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from ..models import Person
from ..second_factor import second_factor_needed


@login_not_required
@require_http_methods(["GET", "POST"])
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """A GET asks, a POST signs out. Over HTTPS (and on this machine) the browser then forgets pages and drafts.

    Who has not confirmed with the second factor yet only turns back: words of whoever wrote here before stay.
    """
    signed_in = request.user.is_authenticated
    response = allauth_views.logout(request)
    if request.method == "POST" and signed_in:
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_http_methods(["GET", "POST"])
def password_change(request: HttpRequest) -> HttpResponseBase:
    assert isinstance(request.user, Person)
    if not request.user.has_usable_password():
        raise PermissionDenied(_("You signed in without a password, so there is none to change."))
    return allauth_views.password_change(request)


@require_GET
def second_factor(request: HttpRequest) -> HttpResponseBase:
    """What one has as a second factor; for whoever has none and needs one, why."""
    response = factor_views.index(request)
    response.context_data["needed"] = second_factor_needed(request)
    return response
