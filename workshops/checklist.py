"""What is ready before the day, and what is not. Ticks live in `Workshop.checks` by these keys; beside them `people`,
how many are expected, and `links`, what became of opening each."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import agenda
from .kit import say
from .models import Workshop

CHECKS: dict[str, str | Promise] = {
    "computer": gettext_lazy("Computer with internet"),
    "projector": gettext_lazy("Projector and sound"),
    "sheets": gettext_lazy("Three chart sheets and markers"),
    "tables": gettext_lazy("Tables for four"),
    "paper": gettext_lazy("Paper and colors for the pictures"),
    "media": gettext_lazy("Videos and links opened on the computer of the day"),
    "prints": gettext_lazy("Prints made: join slips, handouts, sheets"),
}
PEOPLE, LINKS = "people", "links"


def checks(workshop: Workshop) -> list[dict[str, Any]]:
    return [{"key": key, "label": label, "done": bool(workshop.checks.get(key))} for key, label in CHECKS.items()]


def expected(workshop: Workshop) -> int:
    """How many people are expected; 0 where nobody has said."""
    return int(workshop.checks.get(PEOPLE, 0))


def addresses(workshop: Workshop) -> list[dict[str, str]]:
    """What is opened in the workshop or taken home from it, by its link: videos first, each address once."""
    kit = workshop.kit
    titles: dict[str, list[str]] = {}
    for one in [*(step["media"] for step in kit["steps"] if step["media"]), *(kit.get("links") or ())]:
        if one["url"]:
            titles.setdefault(one["url"], []).append(say(one["title"]))
    return [{"title": " · ".join(dict.fromkeys(filter(None, said))), "url": url} for url, said in titles.items()]


def links(workshop: Workshop) -> list[dict[str, Any]]:
    """The same with the state in which each was found ("" where nobody looked yet), and when."""
    seen = workshop.checks.get(LINKS, {})
    listed = []
    for one in addresses(workshop):
        found = seen.get(one["url"])
        at = dt.datetime.fromisoformat(found["at"]) if found else None
        listed.append({**one, "state": found["state"] if found else "", "at": at})
    return listed


def people_sentence(kit: Any, people: int) -> str:
    """What is said where more or fewer come than the guide was made for; nothing is refused."""
    least, most = kit["people_min"], kit["people_max"]
    if not people or least <= people <= most:
        return ""
    if people < least:
        return _("This guide was made for %(least)s to %(most)s people. With %(people)s, steps may go faster.") % {
            "least": least,
            "most": most,
            "people": people,
        }
    return _(
        "This guide was made for %(least)s to %(most)s people. With %(people)s, plan more minutes for the sheets and "
        "for bringing the pictures together."
    ) % {"least": least, "most": most, "people": people}


def not_ready(workshop: Workshop) -> list[str]:
    """Everything that is still open before the day, as sentences or names."""
    found = []
    if not workshop.starts_at:
        found.append(_("No date is set."))
    points = (agenda.media_point(step) for step in workshop.kit["steps"] if step["media"])
    found += [point for point in points if point]
    failing = [one for one in links(workshop) if one["state"] == "fails"]
    found += [_("Does not open: “%(title)s”") % {"title": one["title"] or one["url"]} for one in failing]
    found += [str(one["label"]) for one in checks(workshop) if not one["done"]]
    return found
