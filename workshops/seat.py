"""What one participant sees from their seat: the room (the same for all) and what is theirs.

The room's part is made once for each version of the workshop, step and language, and kept in the process: three hundred
phones that come for a new step cost one rendering.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Sum
from django.template.loader import render_to_string
from django.utils.translation import get_language

from profiles.models import Change

from .kit import is_foreign, say, step_of
from .models import (
    Adoption,
    ContrastItem,
    DebriefNote,
    Element,
    Entry,
    HandOver,
    LearningTeam,
    MeToo,
    Observation,
    Participant,
    Picture,
    Response,
    StepRun,
    Theme,
    Workshop,
    WorkshopGroup,
)

KEPT = 64
_rendered: OrderedDict[tuple[Any, ...], str] = OrderedDict()
_rendering = threading.Lock()


# The room: the same for all


def room_html(workshop: Workshop, step: StepRun | None) -> str:
    """The room's part of the page, as of `workshop.version` or later. Not for one person: no name, no token."""
    key = (workshop.pk, workshop.version, step and step.pk, get_language())
    with _rendering:
        if key in _rendered:
            _rendered.move_to_end(key)
            return _rendered[key]
        html = render_to_string("workshops/participant_room.html", room(workshop, step))
        _rendered[key] = html
        while len(_rendered) > KEPT:
            _rendered.popitem(last=False)
        return html


def kept_room(workshop_id: UUID, version: int, step_id: int | None) -> str:
    """The same, where it was made before; else "". Whoever comes while it is being made waits for it."""
    with _rendering:
        return _rendered.get((workshop_id, version, step_id, get_language()), "")


def room(workshop: Workshop, step: StepRun | None) -> dict[str, Any]:
    content = step_of(workshop.kit, step.key) if step else {}
    kind = content.get("kind", "welcome")
    shown = {"step": step, "kind": kind, "workshop": workshop, "clock": clock(step)}
    shown["people"] = workshop.participants.present().count()
    shown |= {
        "title": say(content.get("title")) or workshop.title,
        "text": say(content.get("people")),
        "foreign": is_foreign(content.get("people")),
        "media": _media(content.get("media")),
        "reveal": step.reveal if step else StepRun.Reveal.NOBODY,
    }
    if step and kind in ROOM_OF:
        shown |= ROOM_OF[kind](workshop, step)
    return shown


def clock(step: StepRun | None) -> dict[str, Any]:
    """What the page needs to go on counting by itself; `ends` is milliseconds of the server's clock."""
    if step is None:
        return {"state": StepRun.Timer.IDLE}
    ends = step.timer_ends_at
    return {
        "state": step.timer,
        "ends_at": ends,
        "ends": ends and round(ends.timestamp() * 1000),
        "left": step.timer_left_s,
    }


def _media(media: Any) -> dict[str, Any] | None:
    if not media:
        return None
    minutes, seconds = divmod(media.get("duration_s") or 0, 60)
    return {
        "title": say(media.get("title")),
        "about": say(media.get("about")),
        "speaker": media.get("speaker", ""),
        "length": f"{minutes}:{seconds:02d}",
    }


def sheets(workshop: Workshop) -> list[dict[str, str]]:
    """The sheets of the guide, one for each question, whichever step asks it."""
    found: dict[str, dict[str, str]] = {}
    for step in workshop.kit["steps"]:
        for prompt in step.get("prompts") or ():
            title = say(prompt.get("sheet")) or say(prompt["text"])
            found.setdefault(prompt["key"], {"key": prompt["key"], "text": say(prompt["text"]), "title": title})
    return list(found.values())


def _written(workshop: Workshop, step: StepRun) -> dict[str, Any]:
    given = Response.objects.filter(step=step, state=Response.State.GIVEN)
    if step.reveal == StepRun.Reveal.NOBODY:
        return {}
    if step.reveal == StepRun.Reveal.COUNTS:
        return {"counts": _counted(sheets(workshop), given.values_list("prompt", flat=True))}
    lines: dict[str, list[Response]] = {}
    for response in given:
        lines.setdefault(response.prompt, []).append(response)
    return {"answers": [{**one, "lines": lines[one["key"]]} for one in sheets(workshop) if one["key"] in lines]}


def _counted(shown: list[dict[str, str]], keys: Any) -> list[dict[str, Any]]:
    counts = Counter(keys)
    return [{**one, "number": counts[one["key"]]} for one in shown]


def _recorded(workshop: Workshop, step: StepRun) -> dict[str, Any]:
    standing = Entry.objects.filter(workshop=workshop, hidden=False)
    if step.reveal == StepRun.Reveal.NOBODY:
        return {}
    if step.reveal == StepRun.Reveal.COUNTS:
        return {"counts": _counted(sheets(workshop), standing.values_list("sheet", flat=True))}
    lines: dict[str, list[Entry]] = {}
    for entry in standing.select_related("theme"):
        lines.setdefault(entry.sheet, []).append(entry)
    return {"sheets": [{**one, "lines": lines.get(one["key"], [])} for one in sheets(workshop)]}


def _contrasted(workshop: Workshop, step: StepRun) -> dict[str, Any]:
    if step.reveal != StepRun.Reveal.ALL:
        return {}
    items = ContrastItem.objects.filter(workshop=workshop, hidden=False)
    sides = [
        {"label": label, "key": key, "lines": [item for item in items if item.side == key]}
        for key, label in ContrastItem.Side.choices
    ]
    return {"sides": sides}


def _aligned(workshop: Workshop, step: StepRun) -> dict[str, Any]:
    if step.reveal != StepRun.Reveal.ALL:
        return {}
    seen = Observation.objects.filter(workshop=workshop, hidden=False).prefetch_related("alignments__item")
    return _contrasted(workshop, step) | {"observations": seen}


def pictures(workshop: Workshop) -> list[Picture]:
    return list(
        Picture.objects.filter(group__seating__workshop=workshop, group__seating__current=True, hidden=False)
        .defer("photo")
        .select_related("group")
        .order_by("group__number")
    )


def elements(workshop: Workshop) -> list[Element]:
    """The ideas of all groups, those that most schools will try first."""
    standing = Element.objects.filter(group__seating__workshop=workshop, group__seating__current=True)
    counted = standing.select_related("group").annotate(schools=Count("adoptions"))
    return list(counted.order_by("-schools", "said_at", "pk"))


def _debriefed(workshop: Workshop, step: StepRun) -> dict[str, Any]:
    if step.reveal != StepRun.Reveal.ALL:
        return {}
    notes = DebriefNote.objects.filter(workshop=workshop, hidden=False)
    lists = [
        {"key": key, "label": label, "lines": [note for note in notes if note.list == key]}
        for key, label in DebriefNote.List.choices
    ]
    return {"pictures": pictures(workshop), "elements": elements(workshop), "lists": lists}


def _closed(workshop: Workshop, step: StepRun) -> dict[str, Any]:
    return {"numbers": numbers(workshop), "links": links(workshop), "teams": workshop.learning_teams.all()}


ROOM_OF = {
    "write": _written,
    "record": _recorded,
    "contrast": _contrasted,
    "align": _aligned,
    "debrief": _debriefed,
    "close": _closed,
}


def links(workshop: Workshop) -> list[dict[str, str]]:
    return [{"title": say(one["title"]), "url": one["url"]} for one in workshop.kit.get("links") or ()]


def numbers(workshop: Workshop) -> dict[str, int]:
    """The room in its own numbers, as the projector says them."""
    said = Entry.objects.filter(workshop=workshop, hidden=False).aggregate(said=Sum("tally"))["said"] or 0
    return {
        "people": workshop.participants.present().count(),
        "lines": said,
        "elements": Element.objects.filter(group__seating__workshop=workshop, group__seating__current=True).count(),
        "adopted": Adoption.objects.filter(element__group__seating__workshop=workshop).count(),
    }


def key_ideas(workshop: Workshop) -> list[dict[str, Any]]:
    """What several said: the themes of lines that everyone was shown, with how many people."""
    found: dict[Any, dict[str, Any]] = {}
    for theme in Theme.objects.filter(workshop=workshop).prefetch_related("entries"):
        standing = [entry for entry in theme.entries.all() if not entry.hidden]
        if standing:
            found[theme.pk] = {
                "label": theme.label,
                "people": sum(entry.tally for entry in standing),
                "lines": standing,
            }
    return sorted(found.values(), key=lambda one: -one["people"])


def sheets_shown(participant: Participant) -> bool:
    """Whether everyone reads the sheets now."""
    return "record" in _kinds_shown(participant.workshop.steps.all(), participant.workshop)


def pictures_shown(workshop: Workshop) -> bool:
    """Whether everyone sees every group's picture and ideas: from the debrief on."""
    begun = workshop.steps.exclude(state=StepRun.State.WAITING)
    return "debrief" in _kinds_shown(begun, workshop)


def _kinds_shown(steps: Any, workshop: Workshop) -> set[str]:
    kinds = {step["key"]: step["kind"] for step in workshop.kit["steps"]}
    return {kinds[key] for key in steps.filter(reveal=StepRun.Reveal.ALL).values_list("key", flat=True)}


def ideas_for(participant: Participant) -> QuerySet[Element]:
    """What their school may take up: the ideas of their own group, and of all once they are shown."""
    standing = Element.objects.filter(group__seating__workshop=participant.workshop_id, group__seating__current=True)
    if not pictures_shown(participant.workshop):
        standing = standing.filter(group__members__participant=participant)
    return standing.select_related("group__seating__workshop")


# What is theirs


def seat_of(participant: Participant) -> WorkshopGroup | None:
    return (
        WorkshopGroup.objects.filter(members__participant=participant, seating__current=True)
        .select_related("seating__workshop")
        .first()
    )


def own_answers(participant: Participant) -> list[Response]:
    return list(participant.responses.filter(state=Response.State.GIVEN).select_related("step"))


def own_lines(participant: Participant) -> list[Entry]:
    return list(Entry.objects.filter(participant=participant, hidden=False))


def seconded(participant: Participant) -> list[str]:
    return [str(pk) for pk in MeToo.objects.filter(participant=participant).values_list("entry", flat=True)]


def own_targets(participant: Participant, verb: str) -> list[str]:
    """What this participant added to the room's lists, which carry no author themselves."""
    changes = Change.objects.filter(
        stream=participant.workshop.stream, actor_kind="participant", actor_ref=str(participant.pk), verb=verb
    )
    return list(changes.values_list("target", flat=True))


def adoptions(participant: Participant) -> list[Adoption]:
    """What the participant's own school will try, and whether it is on its way there."""
    mine = Adoption.objects.filter(element__group__seating__workshop=participant.workshop_id)
    if participant.school_id:
        mine = mine.filter(school=participant.school_id)
    elif participant.school_name:
        mine = mine.filter(school=None, school_name=participant.school_name)
    else:
        return []
    return list(mine.select_related("element", "hand_over", "school").order_by("made_at"))


def what_became(workshop: Workshop) -> list[dict[str, Any]]:
    """By school, without names of people: what it took up, and what became of that since."""
    by_school: dict[str, list[dict[str, Any]]] = {}
    taken = Adoption.objects.filter(element__group__seating__workshop=workshop).order_by("made_at")
    for adoption in taken.select_related("element", "hand_over", "school"):
        hand_over: HandOver | None = getattr(adoption, "hand_over", None)
        school = adoption.school.name if adoption.school else adoption.school_name
        by_school.setdefault(school, []).append({"text": adoption.element.text, "hand_over": hand_over})
    return [{"school": school, "ideas": ideas} for school, ideas in sorted(by_school.items())]


def learning_teams(participant: Participant) -> list[LearningTeam]:
    return list(LearningTeam.objects.filter(workshop=participant.workshop_id, school=participant.school_id))
