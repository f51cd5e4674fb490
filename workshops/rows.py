"""The lines of a sheet as the facilitator sees them: made here, since a hundred of them are too slow in a template."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from .models import Entry
from .room import Room


def entry_rows(room: Room, entries: Iterable[Entry]) -> SafeString:
    """A box to mark the line, its words, its theme, and the button for “another said so”."""
    names = {theme.pk: escape(theme.label) for theme in room.themes}
    second = reverse("workshops:entry_plus_one", args=[room.workshop.pk, room.workshop.pk])
    before, after = second.split(str(room.workshop.pk) + "/second")[0], "/second/"
    more, late = escape(_("another said so")), escape(_("after time"))
    closed = "" if room.workshop.takes_content else " disabled"
    rows = []
    for entry in entries:
        theme = f'<small class="theme">{names[entry.theme_id]}</small>' if entry.theme_id in names else ""
        when = f'<small class="quiet">{late}</small>' if entry.late else ""
        rows.append(
            f'<li><label><input class="form-check-input" type="checkbox" name="entry" value="{entry.pk}">'
            f"<span>{escape(entry.text)}{theme}{when}</span></label>"
            f'<button class="btn btn-quiet btn-sm n" formaction="{before}{entry.pk}{after}" title="{more}"{closed}>'
            f'{entry.tally}<span aria-hidden="true">&#8202;+</span>'
            f'<span class="visually-hidden">: {more}</span></button></li>'
        )
    return mark_safe("".join(rows))  # noqa: S308 (escaped above)
