"""The six cells of a strategy: their names, the shape of their values, how two values become one.

A cell's value is what JSON can hold, in one normal form, so that equal cells compare equal:

    description, assessment          str
    areas                            list of area keys, in the order of `AREAS`
    responsible                      {"people": [{"person": id} or {"role": words}, …], "why": str};
                                     at most one of the people has "lead": true
    student_effects, teacher_effects list of {"text": str, "support": str}, one a line
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from .merge import merge_items, merge_words

TEXT_CELLS = ("description", "assessment")
LINE_CELLS = ("student_effects", "teacher_effects")
CELLS = ("description", "areas", "responsible", "student_effects", "teacher_effects", "assessment")

LONGEST_TEXT = 10_000
"""Characters in one cell: about four pages; more is a document, not a cell."""
MOST_LINES = 60


class Area(models.TextChoices):
    """What a strategy may touch (seed 000)."""

    ORGANIZATION = "organization", _("Organization")
    CLIMATE = "climate", _("Climate")
    COMMUNICATION = "communication", _("Communication")
    CURRICULUM = "curriculum", _("Curriculum")


class Support(models.TextChoices):
    """The kind of encouragement an effect gives (seed 000, its purpose)."""

    ACADEMIC = "academic", _("in learning")
    SOCIAL = "social", _("in company")
    BEHAVIORAL = "behavioral", _("in conduct")


HEADS = {
    "description": _("Strategy"),
    "areas": _("Touches"),
    "responsible": _("Who leads, and why"),
    "student_effects": _("For students"),
    "teacher_effects": _("For teachers"),
    "assessment": _("How we will know"),
}

QUESTIONS = {
    "description": _("What will we do?"),
    "areas": _(
        "Is it meant to change how school is organized, how it feels, how we talk with each other, or what is taught?"
    ),
    "responsible": _("Which adults carry this, who leads, and why them?"),
    "student_effects": _("What gets better for students because of it?"),
    "teacher_effects": _("What gets better for teachers because of it?"),
    "assessment": _("What will we look at, and when, to see whether it helped?"),
}

AREA_MEANINGS = {
    Area.ORGANIZATION: _("Who is with whom, where and when. Example: one wing and one team for ninth grade."),
    Area.CLIMATE: _("How it feels to be here. Example: every student is greeted by name each morning."),
    Area.COMMUNICATION: _(
        "How word travels between school, students and families. Example: a call home with good news."
    ),
    Area.CURRICULUM: _("What is learned and how. Example: a project with a local business each term."),
}

EMPTY: dict[str, Any] = {
    "description": "",
    "areas": [],
    "responsible": {"people": [], "why": ""},
    "student_effects": [],
    "teacher_effects": [],
    "assessment": "",
}


def normal_text(text: str) -> str:
    """Line ends as \\n, no trailing blanks, nothing that no document can hold (NUL and other control characters)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(sign for sign in text if sign >= " " or sign in "\n\t")
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def is_empty(cell: str, value: Any) -> bool:
    if cell == "responsible":
        return not value["people"]
    return not value


def merge(cell: str, base: Any, mine: Any, theirs: Any) -> Any | None:
    """One value holding both sides' edits of `base`, or None where they clash. Symmetric in `mine` and `theirs`."""
    if cell in TEXT_CELLS:
        return merge_words(base, mine, theirs)
    if cell == "areas":
        areas = merge_items(base, mine, theirs)
        return None if areas is None else [area for area in Area.values if area in areas]
    if cell in LINE_CELLS:
        return _merge_lines(base, mine, theirs)
    return _merge_responsible(base, mine, theirs)


def _merge_keyed(base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any] | None:
    """Merge mappings whose keys are the items and whose values are what is said of each."""
    keys = merge_items(list(base), list(mine), list(theirs))
    if keys is None:
        return None
    merged: dict[str, Any] = {}
    for key in map(str, keys):
        said = {side[key] for side in (mine, theirs) if key in side}
        changed = said - {base.get(key)}
        if len(changed) > 1:
            return None
        merged[key] = (changed or said).pop()
    return merged


def _merge_lines(base: Any, mine: Any, theirs: Any) -> Any | None:
    merged = _merge_keyed(*({line["text"]: line["support"] for line in side} for side in (base, mine, theirs)))
    return None if merged is None else [{"text": text, "support": support} for text, support in merged.items()]


def _merge_responsible(base: Any, mine: Any, theirs: Any) -> Any | None:
    def keyed(side: Any) -> dict[str, bool]:
        return {person_key(one): one.get("lead", False) for one in side["people"]}

    why = merge_words(base["why"], mine["why"], theirs["why"])
    merged = _merge_keyed(keyed(base), keyed(mine), keyed(theirs))
    if why is None or merged is None or sum(merged.values()) > 1:
        return None
    return {"people": [person_item(key, lead) for key, lead in merged.items()], "why": why}


def person_key(one: dict[str, Any]) -> str:
    return f"person:{one['person']}" if "person" in one else f"role:{one['role']}"


def person_item(key: str, lead: bool) -> dict[str, Any]:
    kind, _colon, value = key.partition(":")
    return {kind: value, "lead": True} if lead else {kind: value}
