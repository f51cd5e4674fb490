"""Where a student is now, in sentences: the level, why it is that, and what would settle what is not known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .mastery import PRESET
from .models import Estimate, Level, MasteryPolicy

NUMBERS_SHOWN = 12


def level(estimate: Estimate, today: dt.date) -> str:
    return str(Level(estimate.shown(today)).label)


def reasons(estimate: Estimate, levels: Sequence[int], policy: MasteryPolicy | None, today: dt.date) -> list[str]:
    """Why the level is what it is, with its numbers. `levels`: what counts, old to new."""
    said = []
    if estimate.n and estimate.last_observed:
        pieces = ngettext("%(n)s piece of evidence", "%(n)s pieces of evidence", estimate.n) % {"n": estimate.n}
        kinds = ngettext("of %(n)s kind", "of %(n)s kinds", estimate.kinds) % {"n": estimate.kinds}
        day = date_format(estimate.last_observed)
        said.append(_("%(pieces)s %(kinds)s, the newest of %(day)s.") % {"pieces": pieces, "kinds": kinds, "day": day})
        method = policy.get_method_display() if policy else MasteryPolicy.Method(PRESET.method).label
        said.append(_("What counts is %(rule)s.") % {"rule": method})
    if levels:
        shown = ", ".join(map(str, levels[-NUMBERS_SHOWN:]))
        said.append(_("From oldest to newest: %(levels)s (1 emerging to 4 extending).") % {"levels": shown})
    if estimate.value is not None:
        value = number_format(f"{estimate.value:.2f}".rstrip("0").rstrip("."), use_l10n=True)
        said.append(_("That comes to %(value)s.") % {"value": value})
    if estimate.banked and estimate.banked_on:
        kept = {"level": Level(estimate.banked).label, "day": date_format(estimate.banked_on)}
        said.append(_("Shown and kept: %(level)s, on %(day)s.") % kept)
        if estimate.banked_on >= today:
            said.append(_("It is kept for good when this school day ends."))
    if estimate.refresh_suggested(today):
        said.append(_("Worth a refresh: newer evidence says less, or it is long ago."))
    return said


def settles(estimate: Estimate, policy: MasteryPolicy | None) -> list[str]:
    """What would make an unknown known."""
    if estimate.state:
        return []
    rule = policy.rule if policy else PRESET
    missing = estimate.missing or ["evidence"]
    said = []
    if "evidence" in missing:
        n = max(1, rule.min_evidence - estimate.n)
        said.append(ngettext("%(n)s more piece of evidence.", "%(n)s more pieces of evidence.", n) % {"n": n})
    if "kinds" in missing:
        n = max(1, rule.min_kinds - estimate.kinds)
        said.append(
            ngettext("Evidence of %(n)s other kind, such as a talk or a task.", "Evidence of %(n)s other kinds.", n)
            % {"n": n}
        )
    if "independent" in missing:
        said.append(_("A piece done on their own."))
    if "method" in missing and "evidence" not in missing:
        said.append(_("More evidence: the school's rule says nothing of so little."))
    return said
