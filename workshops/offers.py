"""Other times for the rest of the day: proposed when the room is late or early, never taken by itself."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import StepRun
from .room import Room, Step, minutes
from .timing import OFFER_FROM_S, Offer, Planned, retime


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
    """One way out where even the shortest steps do not fit: a sentence, and the steps it leaves out."""

    sentence: str
    skip: list[Step]


@dataclass(frozen=True)
class Proposal:
    times: list[NewTime]
    ways: list[Way]


def retimed(room: Room) -> Proposal | None:
    """New times for the steps to come, so that the day ends when it should; None where that needs nothing."""
    if abs(room.drift_s) < OFFER_FROM_S or not room.waiting:
        return None
    steps = {one.run.key: one for one in room.waiting}
    planned = [_planned(one) for one in room.waiting]
    found = retime(planned, max(room.budget_s, 0))
    times = [
        NewTime(steps[key], seconds)
        for key, seconds in found.allotted.items()
        if not steps[key].run.fixed and seconds != steps[key].run.allotted_s
    ]
    return Proposal(times, [_way(offer, steps) for offer in found.offers if offer.kind != "floors"])


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


def _way(offer: Offer, steps: dict[str, Step]) -> Way:
    if offer.kind == "skip":
        titles = ", ".join(f"“{steps[key].title}”" for key in offer.skip)
        return Way(_("Leave out %(titles)s.") % {"titles": titles}, [steps[key] for key in offer.skip])
    late = -(-offer.late_s // 60)
    return Way(ngettext("End %(n)s minute late.", "End %(n)s minutes late.", late) % {"n": late}, [])
