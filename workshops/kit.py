"""What a workshop guide holds, and reading it in the reader's language.

A guide is what JSON can hold:

    {"title": Text, "aim": Text, "outcomes": [Text, …], "people_min": 25, "people_max": 30,
     "links": [{"title": Text, "url": str}, …],
     "steps": [{"key": "1a", "step": 1, "kind": Kind, "title": Text, "planned_s": 300, "floor_s": 180, "weight": 1.0,
                "stretch_s": 300, "optional": False, "fixed": False, "choice_set": "", "notes": [Text, …],
                "people": Text, "screen": Text, "materials": [Text, …], "roles": Text,
                "prompts": [{"key": "why", "text": Text, "sheet": Text}, …],
                "media": {"slot": Text, "title": Text, "speaker": str, "place": str, "about": Text, "duration_s": 385,
                          "source": str, "contact": str, "url": str, "confirmed": False} or None}, …]}

Text is {"en": str, "es": str}: what is missing in the reader's language is read in the first language that has it, and
the page says so. Kind is one of `KINDS`; steps that share a `choice_set` may stand in for one another (001's footnote).
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

KINDS = ("welcome", "write", "pair", "record", "watch", "contrast", "align", "groups", "debrief", "close", "custom")

Text = dict[str, str]


def say(text: Text | None, language: str = "") -> str:
    """The text in the reader's language, else in the first that it has."""
    if not text:
        return ""
    language = (language or get_language() or "en")[:2]
    return text.get(language) or next((one for one in text.values() if one), "")


def is_foreign(text: Text | None) -> bool:
    """Whether the reader gets this text in another language than theirs, which the page says."""
    return text is not None and bool(say(text)) and not text.get((get_language() or "en")[:2])


def step_of(kit: Any, key: str) -> dict[str, Any]:
    """The step of this key. Raises `KeyError`."""
    for step in kit["steps"]:
        if step["key"] == key:
            found: dict[str, Any] = step
            return found
    raise KeyError(key)
