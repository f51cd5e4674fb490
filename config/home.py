"""Home, the menu and search: each app's `home.py` says what it adds; the site only gathers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.views.decorators.http import require_GET


@dataclass(frozen=True)
class Part:
    """A part of Trellis a school may take up: its place in the menu, what waits there, what can be found there.

    `cards(person)` answers template contexts {template: …, …}; one with `now` goes before all others.
    `hits(person, words)` answers `Hit`s the person may see; `opens(person)` the page their home is, for whom it is one.
    """

    key: str
    label: str | Promise
    url_name: str
    order: int
    shown_to: Callable[[Any], bool]
    cards: Callable[[Any], list[dict[str, Any]]]
    hits: Callable[[Any, str], Iterable[Hit]]
    opens: Callable[[Any], str | None] = lambda person: None


@dataclass(frozen=True)
class Hit:
    """One name found by search, with where it leads."""

    name: str
    kind: str | Promise
    url: str


_parts: dict[str, Part] = {}


def add(part: Part) -> None:
    _parts[part.key] = part


def parts() -> list[Part]:
    return sorted(_parts.values(), key=lambda part: part.order)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The menu: what the person's schools have begun, and nothing else."""
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return {"navigation": []}
    return {"navigation": [part for part in parts() if part.url_name and part.shown_to(person)]}


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    if opened := next((url for part in parts() if (url := part.opens(request.user))), None):
        return redirect(opened)
    cards = [card for part in parts() for card in part.cards(request.user)]
    cards.sort(key=lambda card: not card.get("now"))
    return render(request, "config/home.html", {"cards": cards})


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    words = " ".join(request.GET.get("q", "").replace("\0", "").split())[:100]
    hits = [hit for part in parts() for hit in part.hits(request.user, words)][:30] if len(words) >= 2 else []
    template = "config/search.html#hits" if request.headers.get("HX-Request") else "config/search.html"
    return render(request, template, {"words": words, "hits": hits})
