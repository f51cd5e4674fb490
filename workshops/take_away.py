"""What may leave a workshop, as what JSON can hold: the one place that decides it. Every file is made of this.

What a step has not shown to everyone is left out, and its number stands instead; hidden lines are left out. Two wider
readings exist for the archive alone: whoever may see answers gets those not shown, the lead gets what is hidden
(workshops.md 5). An answer that was taken back is in none. Names follow the workshop's choice.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from planning.cells import Area
from profiles.models import Person

from . import permissions
from .kit import say
from .models import Alignment, Element, Participant, Picture, Response, StepRun, Workshop
from .room import Line, Room

FORMAT = "trellis-workshop-1"
Content = dict[str, Any]


@dataclass(frozen=True)
class Reach:
    """How far a reading goes beyond what everyone was shown."""

    unrevealed: bool = False
    hidden: bool = False


EVERYONE = Reach()


def reach_of(person: Person, workshop: Workshop) -> Reach:
    """What this person's archive may hold."""
    return Reach(
        unrevealed=permissions.can_see_answers(person, workshop),
        hidden=permissions.role_in(person, workshop) == "lead",
    )


def content(workshop: Workshop, reach: Reach = EVERYONE) -> Content:
    """The whole workshop, in the reader's language where the guide has it."""
    return _Reading(Room(workshop), reach).whole()


@dataclass
class _Reading:
    room: Room
    reach: Reach

    @property
    def workshop(self) -> Workshop:
        return self.room.workshop

    def whole(self) -> Content:
        workshop, kit = self.workshop, self.workshop.kit
        return {
            "format": FORMAT,
            "language": (get_language() or "en")[:2],
            "made_at": _time(timezone.now()),
            "holds": {"not_shown_to_everyone": self.reach.unrevealed, "hidden": self.reach.hidden},
            "title": workshop.title,
            "host": str(workshop.host),
            "led_by": str(workshop.lead),
            "state": workshop.state,
            "starts_at": _time(workshop.starts_at),
            "must_end_by": _time(workshop.hard_end),
            "closed_at": _time(workshop.closed_at),
            "names": workshop.names,
            "prior_knowledge": workshop.prior_knowledge,
            "aim": say(kit.get("aim")),
            "outcomes": [say(one) for one in kit.get("outcomes") or ()],
            "people": self.people(),
            "agenda": [self.step(one) for one in self.room.steps],
            "questions": self.questions(),
            "sheets": self.sheets(),
            "themes": self.themes(),
            "table": self.table(),
            "seen": self.seen(),
            "groups": self.groups(),
            "debrief": self.debrief(),
            "learning_teams": self.learning_teams(),
            "links": self.room.links,
            "thanks": self.room.thanks,
        }

    # What may be said

    def is_shown(self, *kinds: str) -> bool:
        """Whether every step of these kinds is shown to everyone."""
        return all(step.is_shown for step in self.room.steps if step.kind in kinds)

    def is_open(self, *kinds: str) -> bool:
        return self.reach.unrevealed or self.is_shown(*kinds)

    def stands(self, one: Any) -> bool:
        return self.reach.hidden or not one.hidden

    def name(self, person: Participant) -> str:
        """As the workshop shows names; with their number where it shows another person by the same."""
        said = _shown(person, self.workshop.names)
        if not said:
            return str(Participant(number=person.number))
        return f"{said} ({person.number})" if self.carriers[said.casefold()] > 1 else said

    @cached_property
    def carriers(self) -> Counter[str]:
        """How many people the workshop shows by each name."""
        return Counter(_shown(one, self.workshop.names).casefold() for one in self.workshop.participants.all())

    def named(self, text: str) -> str:
        """A name that somebody wrote into a line of its own."""
        return "" if self.workshop.names == Workshop.Names.NONE else text

    # Its parts

    def people(self) -> Content:
        people = self.room.people
        return {
            "count": len(people),
            "with_a_phone": self.room.devices,
            "schools": dict(Counter(one.school_label for one in people if one.school_label)),
            "roles": dict(Counter(str(one.get_role_display()) for one in people if one.role)),
            "list": [
                {
                    "number": one.number,
                    "name": self.name(one),
                    "school": one.school_label,
                    "role": str(one.get_role_display()),
                }
                for one in people
            ],
        }

    def step(self, step: Any) -> Content:
        run: StepRun = step.run
        return {
            "key": run.key,
            "title": step.title,
            "kind": step.kind,
            "state": run.state,
            "left_out_because": run.skip_reason,
            "planned_s": run.planned_s,
            "allotted_s": run.allotted_s,
            "spent_s": run.spent_s,
            "shown": run.reveal,
            "watched": step.media["title"] if step.media else "",
        }

    def questions(self) -> list[Content]:
        """What was written alone: how many, and the words once everyone is shown them."""
        answers = self.workshop.responses.exclude(state=Response.State.WITHDRAWN).select_related("participant")
        standing = [one for one in answers if self.reach.hidden or one.state == Response.State.GIVEN]
        listed = []
        for step in self.room.steps:
            for prompt in step.prompts:
                given = [one for one in standing if one.step_id == step.run.pk and one.prompt == prompt["key"]]
                if not given and step.kind != "write":
                    continue
                shown = step.is_shown
                listed.append(
                    {
                        "step": step.title,
                        "question": prompt["text"],
                        "shown": shown,
                        "count": sum(one.state == Response.State.GIVEN for one in given),
                        "answers": [self.answer(one) for one in given] if shown or self.reach.unrevealed else [],
                    }
                )
        return listed

    def answer(self, one: Response) -> Content:
        said: Content = {"text": one.text, "after_time": one.late}
        if self.reach.unrevealed and one.participant:
            said["by"] = self.name(one.participant)
        if one.state == Response.State.HIDDEN:
            said["hidden"] = True
        return said

    def sheets(self) -> list[Content]:
        labels = {theme.pk: theme.label for theme in self.room.themes}
        listed = []
        for sheet in self.room.sheets:
            entries = [one for one in self.room.entries if one.sheet == sheet.key]
            shown = [one for one in entries if self.stands(one)] if self.is_open("record") else []
            listed.append(
                {
                    "title": sheet.title,
                    "shown": self.is_shown("record"),
                    "count": sum(not one.hidden for one in entries),
                    "lines": [self.line(one, labels) for one in shown],
                }
            )
        return listed

    def line(self, entry: Line, labels: dict[Any, str]) -> Content:
        said = {"text": entry.text, "people": entry.tally, "theme": labels.get(entry.theme_id, "")}
        return {**said, "hidden": True} if entry.hidden else said

    def themes(self) -> list[Content]:
        if not self.is_open("record"):
            return []
        titles = {sheet.key: sheet.title for sheet in self.room.sheets}
        return [
            {
                "name": theme.label,
                "people": people,
                "lines": [one.text for one in entries],
                "sheets": sorted({titles.get(one.sheet, one.sheet) for one in entries}),
            }
            for theme, entries, people in self.room.by_theme
            if entries
        ]

    def table(self) -> Content:
        items = self.room.contrast_items
        is_open = self.is_open("contrast")
        found: Content = {
            "shown": self.is_shown("contrast"),
            "count": sum(not one.hidden for one in items),
            "rows": [
                {
                    "with": left.text if left else "",
                    "without": right.text if right else "",
                    "opposites": bool(left and right and left.opposite_id == right.pk),
                }
                for left, right in (self.room.contrast_rows if is_open else ())
            ],
        }
        if self.reach.hidden:
            found["hidden"] = [{"side": one.side, "text": one.text} for one in items if one.hidden]
        return found

    def seen(self) -> Content:
        observations = self.room.all_observations
        return {
            "shown": self.is_shown("align"),
            "count": sum(not one.hidden for one in observations),
            "lines": [self.observation(one) for one in observations if self.stands(one)]
            if self.is_open("align")
            else [],
        }

    def observation(self, one: Any) -> Content:
        beside: list[Alignment] = [each for each in one.alignments.all() if self.stands(each.item)]
        words = self.is_open("contrast")
        said = {
            "text": one.text,
            "beside": [
                {
                    "how": each.kind,
                    "label": str(each.get_kind_display()),
                    "side": each.item.side,
                    "line": each.item.text if words else "",
                }
                for each in beside
            ],
        }
        return {**said, "hidden": True} if one.hidden else said

    def groups(self) -> list[Content]:
        is_open = self.is_open("groups")
        listed = []
        for group in self.room.groups:
            picture: Picture | None = getattr(group, "picture", None)
            elements: list[Element] = list(group.elements.all())
            listed.append(
                {
                    "number": group.number,
                    "members": [self.name(one.participant) for one in group.members.all()],
                    "shown": self.is_shown("groups"),
                    "picture": {
                        "title": picture.title,
                        "words": picture.words,
                        "photo": f"group-{group.number}.{photo_ending(picture)}" if picture.photo_type else "",
                    }
                    if picture and is_open and self.stands(picture)
                    else None,
                    "ideas_count": len(elements),
                    "ideas": [self.idea(one) for one in elements] if is_open else [],
                }
            )
        return listed

    def idea(self, element: Element) -> Content:
        return {
            "text": element.text,
            "areas": [str(Area(area).label) for area in element.areas],
            "when": str(element.get_horizon_display()),
            "adopted_by": [
                {
                    "school": str(one.school or one.school_name),
                    "who": self.named(one.who),
                    "first_step": one.first_step,
                }
                for one in element.adoptions.all()
            ],
        }

    def debrief(self) -> Content:
        is_open = self.is_open("debrief")
        notes = [one for one in self.room.notes if self.stands(one)] if is_open else []
        return {
            "shown": self.is_shown("debrief"),
            "count": sum(not one.hidden for one in self.room.notes),
            **{
                which: [
                    {"text": one.text, "school": one.school_name, **({"hidden": True} if one.hidden else {})}
                    for one in notes
                    if one.list == which
                ]
                for which in ("learned", "will_do")
            },
        }

    def learning_teams(self) -> list[Content]:
        return [
            {
                "name": one.name,
                "topic": one.topic,
                "school": str(one.school or one.school_name),
                "members": self.members(one.members),
                "first_meeting": str(one.first_meeting or ""),
                "consult": self.named(one.consult),
            }
            for one in self.room.learning_teams
        ]

    def members(self, lines: str) -> list[str]:
        names = [line for line in lines.splitlines() if line.strip()]
        if self.workshop.names == Workshop.Names.FIRST:
            return [line.split()[0] for line in names]
        return names if self.workshop.names == Workshop.Names.FULL else []


def people_with_pages(workshop: Workshop) -> list[tuple[str, Participant]]:
    """Everyone who came and whose page to take home still stands, with the name that may be printed."""
    reading = _Reading(Room(workshop), EVERYONE)
    came = workshop.participants.exclude(state=Participant.State.REMOVED).filter(take_home_hash__isnull=False)
    return [(reading.name(one), one) for one in came]


def photos(workshop: Workshop, reach: Reach) -> dict[str, bytes]:
    """The photos of the groups' pictures by their file names, where `content` names them."""
    reading = _Reading(Room(workshop), reach)
    if not reading.is_open("groups"):
        return {}
    found = Picture.objects.filter(group__seating__workshop=workshop, group__seating__current=True, photo__isnull=False)
    return {
        f"group-{one.group.number}.{photo_ending(one)}": bytes(one.photo or b"")
        for one in found.select_related("group")
        if reading.stands(one)
    }


def photo_ending(picture: Picture) -> str:
    return {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}.get(picture.photo_type, "bin")


def _shown(person: Participant, names: str) -> str:
    if names == Workshop.Names.FULL:
        return person.name
    return next(iter(person.name.split()), "") if names == Workshop.Names.FIRST else ""


def _time(at: datetime | None) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds") if at else ""
