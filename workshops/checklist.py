"""What is ready before the day, and what is not. Ticks live in `Workshop.checks` by these keys; beside them `people`,
how many are expected."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import agenda
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
PEOPLE = "people"


def checks(workshop: Workshop) -> list[dict[str, Any]]:
    return [{"key": key, "label": label, "done": bool(workshop.checks.get(key))} for key, label in CHECKS.items()]


def expected(workshop: Workshop) -> int:
    """How many people are expected; 0 where nobody has said."""
    return int(workshop.checks.get(PEOPLE, 0))


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
    found += [str(one["label"]) for one in checks(workshop) if not one["done"]]
    return found
