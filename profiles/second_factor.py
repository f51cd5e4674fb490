"""Whoever works where student records are kept confirms with more than a password: an authenticator app or a passkey.

allauth asks at sign-in whoever has one. Here is the rest: staff who have none yet are sent to set one up, and a session
that began before there was one confirms too. Students and families are never asked.
"""

import io
from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import quote

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.internal.flows import trust
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_used
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import permissions
from .models import Actor, Person

CONFIRMED = "second_factor"
"""In the session: who has confirmed in it. The person is named, for a session may pass to another at sign-in."""
PLACE = "accounts/second-factor/"
CONFIRMING = ("mfa_reauthenticate", "mfa_reauthenticate_webauthn")


def second_factor_needed(request: HttpRequest) -> bool:
    """Does this session still have to be confirmed? Costs nothing once it is."""
    person = request.user
    return (
        settings.SECOND_FACTOR
        and isinstance(person, Person)
        and request.session.get(CONFIRMED) != str(person.pk)
        and permissions.holds_records(person)
    )


class SecondFactorMiddleware:
    """Every page for people who are signed in waits for the second factor, but those of signing in and out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        if not getattr(view, "login_required", True) or match is None or not second_factor_needed(request):
            return None
        managing = match.route.startswith(PLACE) and match.url_name not in CONFIRMING
        if match.route.startswith("accounts/") and not managing:
            return None
        kinds = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
        if not kinds:
            return None if managing else _send(request, reverse("mfa_index"))
        if trust.is_trusted_browser(request, request.user):
            request.session[CONFIRMED] = str(request.user.pk)
            return None
        # Else whoever holds an older session, or the password alone, could put a factor of theirs in its place.
        confirm = CONFIRMING[0] if Authenticator.Type.TOTP in kinds else CONFIRMING[1]
        here = request.path if request.method == "GET" and not request.headers.get("HX-Request") else "/"
        return _send(request, f"{reverse(confirm)}?next={quote(here)}")


def has_factor(person: Person) -> bool:
    return Authenticator.objects.filter(user=person).exists()


def take_second_factor(person: Person, *, by: Person | Actor) -> None:
    """Phone and recovery codes are lost: the password alone is enough until there is a new one."""
    with person.staff_roles[0].org.change(by=by) as door:
        removed, _kinds = Authenticator.objects.filter(user=person).delete()
        if removed:
            door.record("second_factor_taken", target=person.pk, topics=["people"])


def _send(request: HttpRequest, where: str) -> HttpResponse:
    if request.headers.get("Accept", "").startswith("application/json"):
        sentence = _(
            "Not saved: sign-in needs a second step where you work. Open Trellis in a new tab for it; your words stay."
        )
        return JsonResponse({"sentence": sentence}, status=403)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=403, headers={"HX-Redirect": where})
    return redirect(where)


@receiver([authenticator_added, authenticator_used])
def keep_confirmed(request: HttpRequest, user: Person, **about: Any) -> None:
    request.session[CONFIRMED] = str(user.pk)


@receiver(authenticator_removed)
def forget_confirmed(request: HttpRequest, **about: Any) -> None:
    request.session.pop(CONFIRMED, None)


class FactorAdapter(DefaultMFAAdapter):
    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "That did not fit. A code holds for half a minute and works once: wait for the next one and type that."
        ),
    }

    def _get_site_name(self) -> str:
        """What the app or the passkey is kept under."""
        return "Trellis"

    def generate_authenticator_name(self, user: Person, type: str) -> str:  # noqa: A002 (allauth's name)
        return _("Passkey %(n)s") % {"n": Authenticator.objects.filter(user=user, type=type).count() + 1}

    def build_totp_svg(self, url: str) -> str:
        """Dark on white in every colour scheme, with the quiet zone that cameras need."""
        out = io.BytesIO()
        segno.make(url, error="m", micro=False).save(out, kind="svg", border=4, dark="#000", light="#fff", scale=4)
        return out.getvalue().decode()
