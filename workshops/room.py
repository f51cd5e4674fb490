"""One reading of a workshop, shared by the facilitator page and the projector: each thing is fetched once, if asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .kit import say
from .models import (
    Adoption,
    Alignment,
    ContrastItem,
    DebriefNote,
    Element,
    Entry,
    GroupMember,
    GroupSet,
    LearningTeam,
    Observation,
    Participant,
    Response,
    StepRun,
    Theme,
    Workshop,
    WorkshopGroup,
    tell_apart,
)

CONTENT_OF = {
    "write": "sheets",
    "pair": "sheets",
    "record": "sheets",
    "contrast": "contrast",
    "align": "seen",
    "groups": "groups",
    "debrief": "debrief",
    "close": "debrief",
}
"""What is worked on in a step of each kind; a film belongs to the talk that follows it."""

ANOTHER_DAY = timedelta(hours=12)


@dataclass(frozen=True)
class Step:
    """A step of the agenda: how it goes, and what the guide says of it, in the reader's language."""

    run: StepRun
    content: Any

    @property
    def kind(self) -> str:
        return str(self.content["kind"])

    @property
    def title(self) -> str:
        return say(self.content["title"])

    @property
    def number(self) -> int:
        """The step of seed 001 that this part belongs to; 0 is arriving."""
        return int(self.content.get("step", 0))

    @property
    def people_text(self) -> str:
        return say(self.content.get("people"))

    @property
    def screen_text(self) -> str:
        return say(self.content.get("screen"))

    @property
    def notes(self) -> list[str]:
        return [say(note) for note in self.content.get("notes") or ()]

    @property
    def prompts(self) -> list[dict[str, str]]:
        return [{"key": one["key"], "text": say(one["text"])} for one in self.content.get("prompts") or ()]

    @property
    def media(self) -> dict[str, Any] | None:
        """The film to watch: title, speaker, place, one line on it, length, link or none."""
        media = self.content.get("media")
        if not media:
            return None
        return {
            **media,
            "slot": say(media.get("slot")),
            "title": say(media.get("title")),
            "about": say(media.get("about")),
            "length": minutes(media.get("duration_s") or 0),
        }

    @property
    def is_shown(self) -> bool:
        return self.run.reveal == StepRun.Reveal.ALL

    @property
    def is_counted(self) -> bool:
        return self.run.reveal == StepRun.Reveal.COUNTS

    @property
    def allotted(self) -> str:
        return minutes(self.run.allotted_s)

    @property
    def spent(self) -> str:
        return minutes(self.run.spent_s)


@dataclass(frozen=True)
class Sheet:
    """One of the three sheets of paper: the question it answers, and its lines."""

    key: str
    number: int
    title: str


class Line(NamedTuple):
    """A line on a sheet, as far as a room reads it: rows as light as can be, since there are more than a hundred."""

    pk: UUID
    sheet: str
    text: str
    tally: int
    theme_id: UUID | None
    hidden: bool
    late: bool


@dataclass(frozen=True)
class Clock:
    """What a page needs to go on counting by itself. `ends` is in milliseconds of the server's clock."""

    state: str
    left_s: int
    ends: int | None

    @property
    def is_over(self) -> bool:
        return self.left_s < 0

    @property
    def text(self) -> str:
        return minutes(abs(self.left_s), wide=True)


def minutes(seconds: int, *, wide: bool = False) -> str:
    """6:25; `wide` 06:25."""
    whole, rest = divmod(int(seconds), 60)
    return f"{whole:02d}:{rest:02d}" if wide else f"{whole}:{rest:02d}"


class Room:
    """A workshop as it stands at `now`."""

    def __init__(self, workshop: Workshop, now: datetime | None = None) -> None:
        self.workshop = workshop
        self.now = now or timezone.now()

    # The agenda and its times

    @cached_property
    def steps(self) -> list[Step]:
        contents = {content["key"]: content for content in self.workshop.kit["steps"]}
        return [Step(run, contents[run.key]) for run in self.workshop.steps.all() if run.key in contents]

    @cached_property
    def current(self) -> Step | None:
        return next((step for step in self.steps if step.run.pk == self.workshop.current_id), None)

    @cached_property
    def following(self) -> Step | None:
        at = self.current.run.order if self.current else -1
        return next(
            (one for one in self.steps if one.run.order > at and one.run.state != StepRun.State.SKIPPED),
            None,
        )

    @property
    def last_number(self) -> int:
        return max((step.number for step in self.steps), default=0)

    @property
    def clock(self) -> Clock:
        run = self.current.run if self.current else None
        if run is None or run.timer == StepRun.Timer.IDLE:
            left = run.allotted_s - run.spent_s if run else 0
            return Clock("idle", max(left, 0), None)
        if run.timer == StepRun.Timer.PAUSED or run.timer_ends_at is None:
            return Clock("paused", run.timer_left_s or 0, None)
        left = round((run.timer_ends_at - self.now).total_seconds())
        return Clock("running", left, int(run.timer_ends_at.timestamp() * 1000))

    @property
    def elapsed_s(self) -> int:
        """Seconds spent in the current step, of all its visits."""
        if self.current is None:
            return 0
        run = self.current.run
        since = (self.now - run.started_at).total_seconds() if run.started_at else 0
        return run.spent_s + int(since)

    @property
    def current_left_s(self) -> int:
        """Seconds the current step still has; none below zero."""
        if self.current is None:
            return 0
        if self.current.run.timer == StepRun.Timer.IDLE:
            return max(self.current.run.allotted_s - self.elapsed_s, 0)
        return max(self.clock.left_s, 0)

    @property
    def waiting(self) -> list[Step]:
        """Steps still to come, in order."""
        at = self.current.run.order if self.current else -1
        return [one for one in self.steps if one.run.order > at and one.run.state == StepRun.State.WAITING]

    @property
    def ends_at(self) -> datetime:
        """When it will be over if every remaining step takes what it has."""
        return self.now + timedelta(seconds=self.current_left_s + sum(one.run.allotted_s for one in self.waiting))

    @property
    def drift_s(self) -> int:
        """Seconds behind: against the hard end where there is one, else against the minutes that were planned.

        A room opened on another day (to try it out) has no end to be late for. What the room agreed to end later is no
        delay.
        """
        if not self.workshop.is_live or self.current is None:
            return 0
        hard_end = self.workshop.hard_end
        if hard_end and abs(self.ends_at - hard_end) < ANOTHER_DAY:
            return int((self.ends_at - hard_end).total_seconds()) - self.workshop.late_s
        done = [one.run for one in self.steps if one.run.state == StepRun.State.DONE]
        behind = sum(run.spent_s - run.planned_s for run in done)
        here = self.elapsed_s + self.current_left_s - self.current.run.planned_s
        return behind + here + self._given_s - self.workshop.late_s

    @property
    def _given_s(self) -> int:
        return sum(one.run.allotted_s - one.run.planned_s for one in self.waiting)

    @property
    def budget_s(self) -> int:
        """Seconds that the remaining steps may take together."""
        return sum(one.run.allotted_s for one in self.waiting) - self.drift_s

    @property
    def drift(self) -> str:
        """8 min behind; in words, empty within a minute."""
        behind = self.drift_s
        if abs(behind) < 60:
            return ""
        n = abs(behind) // 60
        if behind > 0:
            return ngettext("%(n)s min behind", "%(n)s min behind", n) % {"n": n}
        return ngettext("%(n)s min in hand", "%(n)s min in hand", n) % {"n": n}

    @property
    def is_late(self) -> bool:
        return self.drift_s >= 60

    # What is worked on

    @property
    def working_on(self) -> str:
        """sheets, contrast, seen, groups or debrief: by the current step; a film leads to what follows it."""
        if self.current is None:
            return "debrief" if not self.workshop.takes_content else "sheets"
        if self.current.kind == "watch":
            after = [one.kind for one in self.steps if one.run.order > self.current.run.order]
            return next((CONTENT_OF[kind] for kind in after if kind in ("contrast", "align")), "seen")
        return CONTENT_OF.get(self.current.kind, "sheets")

    def step_of(self, kind: str) -> Step | None:
        """The first step of this kind."""
        return next((step for step in self.steps if step.kind == kind), None)

    # Sheets

    @cached_property
    def sheets(self) -> list[Sheet]:
        found: dict[str, str] = {}
        for content in self.workshop.kit["steps"]:
            for prompt in content.get("prompts") or ():
                if prompt.get("sheet"):
                    found.setdefault(prompt["key"], say(prompt["sheet"]))
        return [Sheet(key, number, title) for number, (key, title) in enumerate(found.items(), 1)]

    @cached_property
    def entries(self) -> list[Line]:
        rows = Entry.objects.filter(workshop=self.workshop).order_by("said_at", "pk")
        return [Line(*row) for row in rows.values_list(*Line._fields)]

    def on(self, sheet: Sheet) -> list[Line]:
        return [entry for entry in self.entries if entry.sheet == sheet.key and not entry.hidden]

    @cached_property
    def themes(self) -> list[Theme]:
        return list(self.workshop.themes.all())

    @cached_property
    def by_theme(self) -> list[tuple[Theme, list[Line], int]]:
        """Each theme, its lines that are not hidden, and how many people said them; the most said first."""
        lines: dict[Any, list[Line]] = defaultdict(list)
        for entry in self.entries:
            if entry.theme_id and not entry.hidden:
                lines[entry.theme_id].append(entry)
        found = [(one, lines[one.pk], sum(entry.tally for entry in lines[one.pk])) for one in self.themes]
        return sorted(found, key=lambda one: -one[2])

    # Answers that people wrote

    @cached_property
    def answers(self) -> list[Response]:
        """What was written in the current step and not taken back."""
        if self.current is None:
            return []
        given = self.workshop.responses.filter(step=self.current.run, state=Response.State.GIVEN)
        return list(given.select_related("participant").annotate(shown=Count("entries")))

    @property
    def answer_counts(self) -> list[dict[str, Any]]:
        """The current step's questions, each with how many answers it has and which."""
        if self.current is None:
            return []
        return [
            {**prompt, "answers": [one for one in self.answers if one.prompt == prompt["key"]]}
            for prompt in self.current.prompts
        ]

    # With and without; what was seen

    @cached_property
    def contrast_items(self) -> list[ContrastItem]:
        return list(self.workshop.contrast_items.all())

    @property
    def contrast_rows(self) -> list[tuple[ContrastItem | None, ContrastItem | None]]:
        """The table: opposites side by side first, then what stands alone."""
        items = {item.pk: item for item in self.contrast_items if not item.hidden}
        pairs: list[tuple[ContrastItem | None, ContrastItem | None]] = []
        alone: dict[str, list[ContrastItem]] = {"with": [], "without": []}
        for item in items.values():
            other = items.get(item.opposite_id) if item.opposite_id else None
            if other is None:
                alone[item.side].append(item)
            elif item.side == ContrastItem.Side.WITH:
                pairs.append((item, other))
        left, right = alone["with"], alone["without"]
        length = max(len(left), len(right))
        padded = [list(side) + [None] * (length - len(side)) for side in (left, right)]
        return pairs + list(zip(padded[0], padded[1], strict=True))

    @cached_property
    def all_observations(self) -> list[Observation]:
        return list(self.workshop.observations.prefetch_related("alignments__item"))

    @property
    def observations(self) -> list[Observation]:
        return [one for one in self.all_observations if not one.hidden]

    @property
    def alignment_kinds(self) -> list[tuple[str, Any]]:
        return Alignment.Kind.choices

    # Groups, pictures, ideas

    @cached_property
    def seating(self) -> GroupSet | None:
        return self.workshop.group_sets.filter(current=True).first()

    @cached_property
    def groups(self) -> list[WorkshopGroup]:
        if self.seating is None:
            return []
        members = GroupMember.objects.select_related("participant__school").order_by("participant__number")
        ideas = Element.objects.prefetch_related(Prefetch("adoptions", Adoption.objects.select_related("school")))
        groups = self.seating.groups.select_related("picture").defer("picture__photo")
        found = list(groups.prefetch_related(Prefetch("members", members), Prefetch("elements", ideas)))
        tell_apart((seat.participant for group in found for seat in group.members.all()), among=self.people)
        return found

    @property
    def drawn(self) -> list[WorkshopGroup]:
        """Groups with something for everyone to see."""
        return [group for group in self.groups if group.shown_picture or group.elements.all()]

    @property
    def ideas(self) -> list[Element]:
        """Every idea of every group, those that most schools try first."""
        found = []
        for group in self.groups:
            for element in group.elements.all():
                element.group = group
                found.append(element)
        return sorted(found, key=lambda one: -len(one.adoptions.all()))

    # People

    @cached_property
    def people(self) -> list[Participant]:
        found = list(self.workshop.participants.present().select_related("school"))
        tell_apart(found)
        return found

    @property
    def devices(self) -> int:
        return sum(one.device == Participant.Device.OWN for one in self.people)

    @property
    def schools(self) -> int:
        return len({one.school_key for one in self.people} - {""})

    @property
    def people_sentence(self) -> str:
        parts = [ngettext("%(n)s person", "%(n)s people", len(self.people)) % {"n": len(self.people)}]
        if self.devices:
            parts.append(ngettext("%(n)s with a phone", "%(n)s with phones", self.devices) % {"n": self.devices})
        if self.schools:
            parts.append(ngettext("%(n)s school", "%(n)s schools", self.schools) % {"n": self.schools})
        return " · ".join(parts)

    # The end

    @cached_property
    def notes(self) -> list[DebriefNote]:
        return list(self.workshop.debrief_notes.all())

    def notes_of(self, which: str) -> list[DebriefNote]:
        return [note for note in self.notes if note.list == which and not note.hidden]

    @cached_property
    def learning_teams(self) -> list[LearningTeam]:
        return list(self.workshop.learning_teams.select_related("school"))

    @property
    def links(self) -> list[dict[str, str]]:
        return [{"title": say(one["title"]), "url": one["url"]} for one in self.workshop.kit.get("links") or ()]

    @property
    def aim(self) -> str:
        return say(self.workshop.kit.get("aim"))

    @property
    def outcomes(self) -> list[str]:
        return [say(one) for one in self.workshop.kit.get("outcomes") or ()]

    @property
    def thanks(self) -> list[str]:
        """The room's own numbers, each a phrase; what there is none of is not said."""
        said = sum(entry.tally for entry in self.entries if not entry.hidden)
        adopted = sum(len(element.adoptions.all()) for element in self.ideas)
        drawn = sum(hasattr(group, "picture") for group in self.groups)
        counts: Sequence[tuple[int, str]] = (
            (len(self.people), ngettext("%(n)s person came", "%(n)s people came", len(self.people))),
            (said, ngettext("%(n)s thing was said", "%(n)s things were said", said)),
            (len(self.themes), ngettext("%(n)s was said by several", "%(n)s were said by several", len(self.themes))),
            (
                drawn,
                ngettext("%(n)s ideal school was drawn", "%(n)s ideal schools were drawn", drawn),
            ),
            (len(self.ideas), ngettext("%(n)s idea could start", "%(n)s ideas could start", len(self.ideas))),
            (adopted, ngettext("%(n)s will be tried", "%(n)s will be tried", adopted)),
        )
        return [text % {"n": n} for n, text in counts if n]

    @property
    def position(self) -> str:
        """step 2 of 6"""
        if self.current is None:
            return ""
        if not self.current.number:
            return _("arriving")
        return _("step %(n)s of %(all)s") % {"n": self.current.number, "all": self.last_number}
