"""A guide of one step of every kind, and workshops run by it: what the room's tests stand on."""

from __future__ import annotations

from typing import Any

from workshops.models import Helper, Workshop

QUESTIONS = (("why", "Why are you here?", "What brings us here"), ("wonder", "What do you wonder?", "What we wonder"))


def _step(key: str, kind: str, title: str, minutes: int, *, number: int, **more: Any) -> dict[str, Any]:
    return {
        "key": key,
        "step": number,
        "kind": kind,
        "title": {"en": title},
        "planned_s": minutes * 60,
        "floor_s": minutes * 30,
        "weight": 1.0,
        "stretch_s": 300,
        "notes": [{"en": f"Remember: {title}"}],
        "people": {"en": f"For everyone: {title}"},
        "screen": {"en": f"On the wall: {title}"},
        "materials": [],
        "roles": {},
        "prompts": [],
        "media": None,
        **more,
    }


FILM = {
    "slot": {"en": "The overview"},
    "title": {"en": "Known by name"},
    "speaker": "Dana Reyes",
    "place": "Elm Valley",
    "about": {"en": "Small units in a large school."},
    "duration_s": 385,
    "source": "",
    "contact": "",
    "url": "https://films.example.org/known/",
    "confirmed": False,
}


def small_kit() -> dict[str, Any]:
    prompts = [{"key": key, "text": {"en": text}, "sheet": {"en": sheet}} for key, text, sheet in QUESTIONS]
    return {
        "title": {"en": "Learning together"},
        "aim": {"en": "See what a personalized school is."},
        "outcomes": [],
        "people_min": 25,
        "people_max": 30,
        "links": [{"title": {"en": "More to read"}, "url": "https://read.example.org/"}],
        "steps": [
            _step("0", "welcome", "Arrive", 5, number=0),
            _step("1a", "write", "Quiet writing", 5, number=1, prompts=prompts),
            _step("1b", "pair", "With a neighbor", 5, number=1),
            _step("1c", "record", "Three sheets", 12, number=1),
            _step("2a", "watch", "Watch: the overview", 6, number=2, media=FILM, fixed=True, optional=True),
            _step("2c", "contrast", "With and without", 15, number=2),
            _step("3a", "watch", "Watch: a school", 6, number=3, media=FILM | {"url": ""}, fixed=True),
            _step("3b", "align", "Does it match?", 10, number=3),
            _step("4", "groups", "Picture the school", 25, number=4),
            _step("5", "debrief", "Bring together", 15, number=5),
            _step("6", "close", "Close", 5, number=6),
        ],
    }


def prepared(cast: Any, school: str = "cedar", lead: str = "coach", **fields: Any) -> Workshop:
    """A workshop of the coach's (with a co-facilitator and a note-taker at the first school)."""
    workshop = Workshop.prepare(cast.org(school), "Learning together", small_kit(), by=cast[lead], **fields)
    if school == "cedar":
        workshop.add_helper(cast["teacher"], Helper.Role.CO, by=cast[lead])
        workshop.add_helper(cast["advisor"], Helper.Role.SCRIBE, by=cast[lead])
    return workshop


def enter(workshop: Workshop, key: str, *, by: Any) -> None:
    """Go to the step of this key, whatever the control version."""
    workshop.refresh_from_db()
    workshop.go_to(workshop.steps.get(key=key), by=by, seen=workshop.control_version)
