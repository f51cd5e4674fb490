"""Other times for the rest of the day: proposed when the room is late or early, or knows more or less than the guide
assumes; never taken by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import StepRun, Workshop
from .room import Room, Step, minutes
from .timing import OFFER_FROM_S, ROUND_S, Offer, Planned, retime

TALKS_LONGER = (("contrast", 300), ("align", 180))
"""Seconds more than planned for a room that is new to the topic (workshops.md 6)."""


@dataclass(frozen=True)
class NewTime:
    step: Step
    seconds: int

    @property
    def before(self) -> str:
        return self.step.allotted

    @property
    def after(self) -> str:
        return minutes(self.seconds)


@dataclass(frozen=True)
class Way:
    """Other times to take as a whole: what its button says, the new times, the steps it leaves out, how much later it
    ends."""

    label: str
    times: list[NewTime]
    skip: list[Step] = field(default_factory=list)
    late_s: int = 0


@dataclass(frozen=True)
class Proposal:
    """New times for the steps to come, and where even the shortest do not fit the ways out."""

    times: Way | None
    ways: list[Way]


def retimed(room: Room) -> Proposal | None:
    """New times for the steps to come, so that the day ends when it should; None where that needs nothing."""
    if abs(room.drift_s) < OFFER_FROM_S or not room.waiting:
        return None
    steps = {one.run.key: one for one in room.waiting}
    planned = [_planned(one) for one in room.waiting]
    found = retime(planned, max(room.budget_s, 0))
    times = _new_times(found.allotted, steps)
    ways = [_way(offer, steps) for offer in found.offers if offer.kind != "floors"]
    return Proposal(Way(_("Take these times"), times) if times else None, ways)


def _new_times(allotted: Mapping[str, int], steps: Mapping[str, Step]) -> list[NewTime]:
    return [
        NewTime(steps[key], seconds)
        for key, seconds in allotted.items()
        if not steps[key].run.fixed and seconds != steps[key].run.allotted_s
    ]


def _planned(step: Step) -> Planned:
    run: StepRun = step.run
    return Planned(
        run.key,
        run.allotted_s if run.fixed else run.planned_s,
        run.floor_s,
        run.weight,
        run.stretch_s,
        run.fixed,
        run.optional,
        step.content.get("choice_set", ""),
    )


def _way(offer: Offer, steps: Mapping[str, Step]) -> Way:
    times = _new_times(offer.allotted, steps)
    if offer.kind == "skip":
        titles = ", ".join(f"“{steps[key].title}”" for key in offer.skip)
        return Way(_("Leave out %(titles)s") % {"titles": titles}, times, skip=[steps[key] for key in offer.skip])
    late = -(-offer.late_s // 60)
    label = ngettext("End %(n)s minute late", "End %(n)s minutes late", late) % {"n": late}
    return Way(label, times, late_s=offer.late_s)


# The dial: how much the room already knows


def dialed(room: Room) -> list[Way]:
    """What the dial offers besides itself (001's footnote): a room that is new to the topic talks longer about with and
    without and about what it saw, at the cost of the groups' time where the end is fixed; to a room that knows it one
    of the films that stand in for one another can be spared, and the groups and the last talk get its minutes.

    Only steps to come are touched, none under its floor; nothing is offered to a room that is late.
    """
    if room.is_late:
        return []
    if room.workshop.prior_knowledge == Workshop.Knowledge.NEW:
        return _talk_longer(room)
    if room.workshop.prior_knowledge == Workshop.Knowledge.KNOWLEDGEABLE:
        return _watch_less(room)
    return []


def _talk_longer(room: Room) -> list[Way]:
    wanted: dict[str, int] = {}
    for kind, more_s in TALKS_LONGER:
        if step := _waiting(room, kind):
            wanted[step.run.key] = max(step.run.planned_s + more_s - step.run.allotted_s, 0)
    steps = {one.run.key: one for one in room.waiting}
    times = {key: steps[key].run.allotted_s for key in wanted}
    groups = _waiting(room, "groups")
    if room.workshop.hard_end:
        left = max(groups.run.allotted_s - groups.run.floor_s, 0) if groups else 0
    else:
        left = sum(wanted.values())
    for key, seconds in wanted.items():
        given = min(seconds, left)
        times[key] += given
        left -= given
        if room.workshop.hard_end and groups:
            times[groups.run.key] = times.get(groups.run.key, groups.run.allotted_s) - given
    new = _new_times(times, steps)
    return [Way(_("Talk longer"), new)] if new else []


def _watch_less(room: Room) -> list[Way]:
    steps = {one.run.key: one for one in room.waiting}
    sets: dict[str, list[Step]] = defaultdict(list)
    for one in room.waiting:
        if one.content.get("choice_set"):
            sets[one.content["choice_set"]].append(one)
    talks = [step for step in (_waiting(room, kind) for kind in ("align", "groups")) if step]
    ways = []
    for film in (one for films in sets.values() if len(films) > 1 for one in films):
        rest = film.run.allotted_s
        times = {}
        for n, talk in enumerate(talks):
            share = rest if n == len(talks) - 1 else rest // 2 // ROUND_S * ROUND_S
            times[talk.run.key] = talk.run.allotted_s + share
            rest -= share
        label = _("Leave out “%(title)s” and talk longer") % {"title": film.title}
        ways.append(Way(label, _new_times(times, steps), skip=[film]))
    return ways


def _waiting(room: Room, kind: str) -> Step | None:
    """The first step of this kind that is still to come."""
    return next((one for one in room.waiting if one.kind == kind), None)
