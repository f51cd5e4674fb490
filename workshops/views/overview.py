"""Trellis's own overview: cards to project one at a time, and the same facts on a sheet of paper. Open to everyone:
the computer at the podium is signed in to nothing."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from config import files
from config.files import Block, Column, Document, Grid, Line, Row
from workshops import overview
from workshops.kit import say

LANGUAGES = {"en": "English", "es": "Español"}


def asked_language(request: HttpRequest) -> str:
    """`?in=es` reads the overview in Spanish whatever the reader's own language, for a room that does."""
    asked = request.GET.get("in", "")
    return asked if asked in LANGUAGES else (translation.get_language() or "en")[:2]


def cards(language: str) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "figure": one["figure"],
            "title": say(one["title"], language),
            "say": say(one["say"], language),
            "lines": [say(line, language) for line in one["lines"]],
        }
        for number, one in enumerate(overview.CARDS, 1)
    ]


@login_not_required
@require_GET
def overview_show(request: HttpRequest) -> HttpResponse:
    """One card, large; `?card=` says which, and the arrow keys turn over."""
    language = asked_language(request)
    with translation.override(language):
        listed = cards(language)
        asked = request.GET.get("card", "1")
        number = int(asked) if asked.isdecimal() and len(asked) < 3 else 0
        if not 1 <= number <= len(listed):
            raise Http404
        context = {
            "card": listed[number - 1],
            "count": len(listed),
            "before": number - 1,
            "after": number + 1 if number < len(listed) else 0,
            "language": language,
            "languages": LANGUAGES.items(),
            "with_words": "words" in request.GET,
            "title": say(overview.TITLE, language),
            "minutes": round(overview.seconds(language) / 60),
        }
        return render(request, "workshops/overview_show.html", context)


@login_not_required
@require_GET
def overview_handout(request: HttpRequest) -> HttpResponse:
    language = asked_language(request)
    with translation.override(language):
        context = {
            "title": say(overview.TITLE, language),
            "cards": cards(language),
            "links": [{**one, "title": say(one["title"], language)} for one in overview.HANDOUT_LINKS],
            "language": language,
            "languages": LANGUAGES.items(),
        }
        return render(request, "workshops/overview_handout.html", context)


@login_not_required
@require_GET
def overview_file(request: HttpRequest, form: str) -> HttpResponse:
    """The handout as pdf or docx."""
    if form not in ("pdf", "docx"):
        raise Http404
    language = asked_language(request)
    with translation.override(language):
        body = files.write(handout(language), form)  # type: ignore[arg-type]
    response = HttpResponse(body, content_type=files.CONTENT_TYPES[form])  # type: ignore[index]
    response.headers["Content-Disposition"] = f'attachment; filename="overview-{language}.{form}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def handout(language: str) -> Document:
    """One page: what is said to each card, beside its title and figure."""
    columns = (Column(_("Card"), width=0.4), Column(_("What it says"), width=1.6))
    rows = tuple(
        Row((tuple(Line(text, "strong") for text in (one["title"], one["figure"]) if text), (Line(one["say"]),)))
        for one in cards(language)
    )
    links = tuple(
        Line(f"{say(one['title'], language)}: {one['url']} ({one['contact']})") for one in overview.HANDOUT_LINKS
    )
    blocks: tuple[Block, ...] = (Grid(columns, rows), *links)
    return Document(title=say(overview.TITLE, language), blocks=blocks, language=language)
