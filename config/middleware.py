"""What every request passes: nobody's page is kept by a shared browser, people read their own language, and a verb that
met another writer is tried once more."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control, patch_vary_headers

from . import errors

GetResponse = Callable[[HttpRequest], HttpResponseBase]

DEADLOCK, LOCK_TIMEOUT = "40P01", "55P03"


class NoStoreMiddleware:
    """On a shared device the Back button must not bring back the last person's page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, no_store=True, private=True)
        patch_vary_headers(response, ["HX-Request"])
        return response


class PersonMiddleware:
    """The page speaks the person's language and keeps their time; before sign-in, the browser's language."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        person = request.user
        language = getattr(person, "language", "") or translation.get_language_from_request(request)
        zone = getattr(person, "zone", "")
        with translation.override(language):
            request.LANGUAGE_CODE = translation.get_language()
            if zone:
                with timezone.override(ZoneInfo(zone)):
                    response = self.get_response(request)
            else:
                response = self.get_response(request)
            if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
                response = response.render()
        response.headers.setdefault("Content-Language", language)
        return response


class SignInMiddleware(LoginRequiredMiddleware):
    """Deny by default. A fragment asked for after the session ended sends the whole page to sign-in.

    What a page sends names the person who wrote it; where somebody else has signed in on the device since, it is
    refused like a session that ended, and never stored under the other name.
    """

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        writer = request.headers.get("X-Trellis-Person")
        if writer and request.user.is_authenticated and writer != str(request.user.pk):
            return HttpResponse(status=401)
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(  # type: ignore[override]  # a fragment is answered without a redirect
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        response = super().handle_no_permission(request, view_func)
        if request.headers.get("HX-Request"):
            here = request.headers.get("HX-Current-URL", "/")
            redirect = self.get_login_url(view_func)
            return HttpResponse(status=401, headers={"HX-Redirect": f"{redirect}?next={quote(urlsplit(here).path)}"})
        return response


class DoorMiddleware:
    """Doors lock in one order, so a deadlock is rare: it is tried once more, safe by op_id. A long wait is said."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """Not around the view: what other middleware answers when a view raises (allauth's does) must reach it."""
        match, waited = request.resolver_match, (DEADLOCK, LOCK_TIMEOUT)
        if request.method != "POST" or match is None or _code(error) not in waited:
            return None
        if _code(error) == LOCK_TIMEOUT:
            return errors.busy(request)
        try:
            return match.func(request, *match.args, **match.kwargs)
        except OperationalError as again:
            if _code(again) not in waited:
                raise
            return errors.busy(request)


def _code(error: Exception) -> str | None:
    return getattr(error.__cause__, "pgcode", None)
