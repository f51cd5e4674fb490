"""Pages for what went wrong, in words: what happened, what became of what was typed, what to do.

They are made without the request, so without context processors: none of them may need a database or a user.
"""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation


def _answer(request: HttpRequest, template: str, status: int, sentence: str = "") -> HttpResponse:
    """In the language the page would have had; where not even the person is known, in the browser's."""
    language = getattr(request, "LANGUAGE_CODE", None) or translation.get_language_from_request(request)
    with translation.override(language):
        return HttpResponse(render_to_string(template, {"sentence": sentence}), status=status)


def denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 with the sentence the predicate's caller gave, if any."""
    return _answer(request, "403.html", 403, str(exception))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, "404.html", 404)


def failed(request: HttpRequest) -> HttpResponse:
    """Whatever was raised, in a view or in any middleware; Django asks for this page while it handles that."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return database_lost(request)
    return _answer(request, "500.html", 500)


def page_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page's CSRF token is older than the session (another tab signed in or out)."""
    response = _answer(request, "page_expired.html", 403)
    response.headers["X-Trellis-Reason"] = "page-expired"
    return response


def too_many(request: HttpRequest) -> HttpResponse:
    response = _answer(request, "429.html", 429)
    response.headers["Retry-After"] = "60"
    return response


def database_lost(request: HttpRequest) -> HttpResponse:
    """Postgres is restarting, or gone. The browser keeps what was typed and sends it again."""
    response = _answer(request, "database_lost.html", 503)
    response.headers["Retry-After"] = "3"
    return response


def busy(request: HttpRequest) -> HttpResponse:
    response = _answer(request, "busy.html", 503)
    response.headers["Retry-After"] = "2"
    return response
