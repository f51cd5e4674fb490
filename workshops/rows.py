"""What a page of the room has many of: lines of a sheet, people, steps. Made here, since templates are too slow.

On the facilitator's page each list stands in one form of its template; a row's buttons say where they send it.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from .models import Participant, StepRun
from .room import Line, Room


def entry_rows(room: Room, entries: Iterable[Line]) -> SafeString:
    """A box to mark the line, its words, its theme, and the button for “another said so”."""
    names = {theme.pk: escape(theme.label) for theme in room.themes}
    before, after = _around("entry_plus_one", room, room.workshop.pk)
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


def wall_lines(entries: Iterable[Line]) -> SafeString:
    """The lines of a sheet on the projector: its words, and how many said so where it was more than one."""
    rows = []
    for entry in entries:
        many = f'<b class="n">{entry.tally}</b>' if entry.tally > 1 else ""
        rows.append(f"<li><span>{escape(entry.text)}</span>{many}</li>")
    return mark_safe("".join(rows))  # noqa: S308 (escaped above)


def people_rows(room: Room, *, may_lead: bool) -> SafeString:
    """Who is there, from where, with what device; for the lead the button that takes somebody out."""
    before, after = _around("person_remove", room, room.workshop.pk)
    out = escape(_("Take out"))
    rows = []
    for one in room.people:
        name, school = escape(str(one)), escape(one.school_label)
        where = f' <small class="quiet">{school}</small>' if school else ""
        own = one.device == Participant.Device.OWN
        how = "" if own else f' <small class="quiet">{escape(one.get_device_display())}</small>'
        button = (
            f'<button class="btn btn-quiet btn-sm" formaction="{before}{one.pk}{after}">{out}'
            f'<span class="visually-hidden">: {name}</span></button>'
        )
        rows.append(f"<li><span>{name}{where}{how}</span>{button if may_lead else ''}</li>")
    return mark_safe("".join(rows))  # noqa: S308 (escaped above)


def step_rows(room: Room, *, may_steer: bool) -> SafeString:
    """The agenda: each step with its minutes; for who steers the buttons to go there, leave it out, bring it back."""
    acts = {
        "step_enter": (escape(_("Go here")), "btn-sm"),
        "step_skip": (escape(_("Leave out")), "btn-sm btn-quiet"),
        "step_restore": (escape(_("Bring back")), "btn-sm"),
    }
    ways = {act: _around(act, room, 0) for act in acts}
    left_out = escape(_("left out"))
    offered: dict[str, list[str]] = {
        StepRun.State.WAITING: ["step_enter", "step_skip"],
        StepRun.State.DONE: ["step_enter"],
        StepRun.State.SKIPPED: ["step_restore"],
    }
    rows = []
    for step in room.steps:
        run, title = step.run, escape(step.title)
        took = step.spent if run.state == StepRun.State.DONE else step.allotted
        if run.state == StepRun.State.SKIPPED:
            took = left_out
        why = f"<p>{escape(run.skip_reason)}</p>" if run.skip_reason else ""
        buttons = "".join(
            f'<button class="btn {acts[act][1]}" formaction="{ways[act][0]}{run.pk}{ways[act][1]}">{acts[act][0]}'
            f'<span class="visually-hidden"> {title}</span></button>'
            for act in (offered.get(run.state, []) if may_steer else [])
        )
        here = ' aria-current="step"' if run.state == StepRun.State.CURRENT else ""
        rows.append(
            f'<li class="{run.state}"{here}><details class="why" data-fold="step-{run.pk}"><summary>'
            f'<span>{title}</span><span class="num">{took}</span></summary>'
            f'<div class="row">{why}{buttons}</div></details></li>'
        )
    return mark_safe("".join(rows))  # noqa: S308 (escaped above)


def _around(act: str, room: Room, example: Any) -> tuple[str, str]:
    """An act's address before and after the id of what it is done to: found once, not for each row."""
    before, _id, after = reverse(f"workshops:{act}", args=[room.workshop.pk, example]).rpartition(f"/{example}/")
    return f"{before}/", f"/{after}"
