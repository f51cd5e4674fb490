"""Pages for what went wrong, in words: what happened, what became of what was typed, what to do.

They are made without the request, so without context processors: none of them may need a database or a user.
"""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def _answer(template: str, status: int, sentence: str = "") -> HttpResponse:
    return HttpResponse(render_to_string(template, {"sentence": sentence}), status=status)


def denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 with the sentence the predicate's caller gave, if any."""
    return _answer("403.html", 403, str(exception))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer("404.html", 404)


def failed(request: HttpRequest) -> HttpResponse:
    return _answer("500.html", 500)


def page_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page's CSRF token is older than the session (another tab signed in or out)."""
    response = _answer("page_expired.html", 403)
    response.headers["X-Trellis-Reason"] = "page-expired"
    return response


def too_many(request: HttpRequest) -> HttpResponse:
    response = _answer("429.html", 429)
    response.headers["Retry-After"] = "60"
    return response


def database_lost(request: HttpRequest) -> HttpResponse:
    response = _answer("database_lost.html", 503)
    response.headers["Retry-After"] = "3"
    return response


def busy(request: HttpRequest) -> HttpResponse:
    response = _answer("busy.html", 503)
    response.headers["Retry-After"] = "2"
    return response
