"""A guide as people read it: the steps, each with its parts, times and what is watched."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .kit import Text, is_foreign, say

KIND_LABELS = {
    "welcome": gettext_lazy("Arriving"),
    "write": gettext_lazy("Writing alone"),
    "pair": gettext_lazy("Talking with a neighbor"),
    "record": gettext_lazy("Collecting on sheets"),
    "watch": gettext_lazy("Watching"),
    "contrast": gettext_lazy("With and without"),
    "align": gettext_lazy("Does it match?"),
    "groups": gettext_lazy("Small groups"),
    "debrief": gettext_lazy("Looking back together"),
    "close": gettext_lazy("Closing"),
    "custom": gettext_lazy("Something of your own"),
}


def clock(seconds: int) -> str:
    """6:25, as on a clock."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def minutes(seconds: int) -> int:
    return seconds // 60


def planned_s(kit: Any) -> int:
    return sum(step["planned_s"] for step in kit["steps"])


def floor_s(kit: Any) -> int:
    return sum(step["floor_s"] for step in kit["steps"])


def steps(kit: Any) -> list[dict[str, Any]]:
    """The steps in order: number, title, minutes, and their parts."""
    listed = []
    for number, grouped in groupby(kit["steps"], key=lambda one: one["step"]):
        parts = [part(one) for one in grouped]
        title: Text | None = kit.get("step_titles", {}).get(str(number))
        listed.append(
            {
                "number": number,
                "title": say(title) or parts[0]["title"],
                "time": clock(sum(one["planned_s"] for one in parts)),
                "parts": parts,
            }
        )
    return listed


def run_sheet(kit: Any, starts_at: dt.datetime | None) -> list[dict[str, Any]]:
    """The parts in order, each with the time of day at which it begins (None where no day is set)."""
    listed, gone_s = [], 0
    for step in kit["steps"]:
        at = starts_at + dt.timedelta(seconds=gone_s) if starts_at else None
        listed.append({**part(step), "at": at, "after": clock(gone_s)})
        gone_s += step["planned_s"]
    return listed


def part(step: Any) -> dict[str, Any]:
    """One part with every Text in the reader's language."""
    return {
        **step,
        "title": say(step["title"]),
        "kind_label": KIND_LABELS[step["kind"]],
        "time": clock(step["planned_s"]),
        "floor": clock(step["floor_s"]),
        "notes": [say(one) for one in step["notes"]],
        "people": say(step["people"]),
        "screen": say(step["screen"]),
        "roles": say(step["roles"]),
        "materials": [say(one) for one in step["materials"]],
        "prompts": [{**one, "text": say(one["text"]), "sheet": say(one["sheet"])} for one in step["prompts"]],
        "media": media(step) if step["media"] else None,
        "foreign": is_foreign(step["title"]),
    }


def media(step: Any) -> dict[str, Any]:
    """What is watched in a part, with the sentence that says what is still open about it."""
    item = step["media"]
    about = [item["speaker"], item["place"]]
    return {
        **item,
        "key": step["key"],
        "slot": say(item["slot"]),
        "title": say(item["title"]),
        "about": say(item["about"]),
        "who": ", ".join(one for one in about if one),
        "time": clock(item["duration_s"]),
        "trouble": media_trouble(item),
    }


def media_trouble(item: Any) -> str:
    """Why this item cannot be shown yet without a second look; empty where it can."""
    if not say(item["title"]):
        return _("Nothing is chosen for this place yet.")
    if not item["confirmed"]:
        return _("The step calls it “%(slot)s”: look at it, and confirm that this is the one.") % {
            "slot": say(item["slot"])
        }
    if not item["url"]:
        return _("There is no link: the projector will say “watch here”, so have your own copy ready.")
    return ""


def media_point(step: Any) -> str:
    """The same in a few words, for a list of what is not ready."""
    item = step["media"]
    title = say(item["title"])
    if not title:
        return _("To choose: what is watched in “%(step)s”") % {"step": say(step["title"])}
    if not item["confirmed"]:
        return _("To confirm: “%(title)s”") % {"title": title}
    if not item["url"]:
        return _("Without a link: “%(title)s”") % {"title": title}
    return ""


def watched(kit: Any) -> list[dict[str, Any]]:
    return [media(step) for step in kit["steps"] if step["media"]]
