"""Why a step is offered, why one is not, why a plan should change: codes and their facts as sentences for anybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import Level

Reason = Mapping[str, Any]
"""{"code": …, "weight": …, "facts": {…}} as it is kept."""


def _day(text: str | None) -> str:
    return formats.date_format(dt.date.fromisoformat(text), "MONTH_DAY_FORMAT") if text else ""


def _listed(ids: Iterable[str], words: Mapping[str, str]) -> str:
    return "; ".join(words[one].removesuffix(".") for one in ids if one in words)


def sentence(reason: Reason, words: Mapping[str, str]) -> str:
    """`words`: {competency: its wording for the reader}."""
    facts = reason.get("facts", {})
    code = reason["code"]
    if code == "opens":
        n = facts.get("n", 0)
        towards = _listed(facts.get("towards", []), words)
        said = ngettext("It opens %(n)s more: %(towards)s", "It opens %(n)s more, such as: %(towards)s", n)
        return said % {"n": n, "towards": towards}
    if code == "near":
        state = Level(facts["state"]).label if "state" in facts else ""
        return _("Part of the way is done: it is %(state)s now.") % {"state": state}
    if code == "due":
        return _("It is due on %(day)s.") % {"day": _day(facts.get("due"))}
    if code == "refresh":
        since = _day(facts.get("since"))
        return (
            _("It was shown before, last on %(day)s: worth a refresh.") % {"day": since}
            if since
            else _("Worth a refresh.")
        )
    if code == "not_wanted":
        return _("It was put off before, until %(day)s: that counts against it.") % {"day": _day(facts.get("on"))}
    if code == "needs_first":
        return _("What it needs comes first: %(first)s") % {"first": words.get(facts.get("first", ""), "")}
    return {
        "goal": _("A goal names it."),
        "interest": _("It is close to what the profile says is interesting."),
        "variety": _("It is something other than the step before."),
        "expected": _("The class works towards it."),
        "shown": _("It is shown and kept already."),
    }[code]


def number(reason: Reason) -> str:
    """What it adds to the score, in words."""
    name = {
        "goal": _("goal"),
        "opens": _("opens others"),
        "near": _("part of the way"),
        "interest": _("interest"),
        "due": _("due"),
        "refresh": _("refresh"),
        "variety": _("variety"),
        "not_wanted": _("put off"),
        "expected": _("expected"),
    }[reason["code"]]
    return f"{name} {formats.number_format(round(reason['weight'], 2), 2)}"


def ruled_out(one: Mapping[str, Any], words: Mapping[str, str]) -> str:
    """Why a candidate is not offered."""
    if one["code"] == "blocked":
        return _("First comes: %(first)s") % {"first": _listed(one["by"], words)}
    return _("Put off until %(day)s.") % {"day": _day(one["until"])}


def named_by(reasons: Iterable[Reason]) -> set[str]:
    """The competencies whose wordings the sentences of these reasons need."""
    found: set[str] = set()
    for reason in reasons:
        facts = reason.get("facts", {})
        found |= set(facts.get("towards", []))
        if facts.get("first"):
            found.add(facts["first"])
    return found
