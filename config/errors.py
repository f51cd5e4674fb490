"""Pages for what went wrong, in words: what happened, what became of what was typed, what to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def _answer(request: HttpRequest, template: str, status: int) -> HttpResponse:
    return render(request, template, {"plain": True}, status=status)


def denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 with the sentence the predicate's caller gave, if any."""
    return render(request, "403.html", {"sentence": str(exception)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, "404.html", 404)


def failed(request: HttpRequest) -> HttpResponse:
    return _answer(request, "500.html", 500)


def page_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page's CSRF token is older than the session (another tab signed in or out)."""
    return _answer(request, "page_expired.html", 403)


def too_many(request: HttpRequest) -> HttpResponse:
    response = _answer(request, "429.html", 429)
    response.headers["Retry-After"] = "60"
    return response


def database_lost(request: HttpRequest) -> HttpResponse:
    response = _answer(request, "database_lost.html", 503)
    response.headers["Retry-After"] = "3"
    return response


def busy(request: HttpRequest) -> HttpResponse:
    response = _answer(request, "busy.html", 503)
    response.headers["Retry-After"] = "2"
    return response
