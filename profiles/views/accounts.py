"""Sign-in is allauth's; here is what this site adds to it."""

from allauth.account import views as allauth_views
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ..models import Person


@require_http_methods(["GET", "POST"])
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """A GET asks, a POST signs out. Over HTTPS (and on this machine) the browser then forgets pages and drafts."""
    response = allauth_views.logout(request)
    if request.method == "POST":
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_http_methods(["GET", "POST"])
def password_change(request: HttpRequest) -> HttpResponseBase:
    assert isinstance(request.user, Person)
    if not request.user.has_usable_password():
        raise PermissionDenied(_("You signed in without a password, so there is none to change."))
    return allauth_views.password_change(request)
