"""The six cells of a strategy: their names, the shape of their values, how two values become one.

A cell's value is what JSON can hold, in one normal form, so that equal cells compare equal:

    description, assessment          str
    areas                            list of area keys, in the order of `AREAS`
    responsible                      {"people": [{"person": id} or {"role": words}, …], "why": str};
                                     at most one of the people has "lead": true
    student_effects, teacher_effects list of {"text": str, "support": str}, one a line
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from config.files import clean

from .merge import merge_items, merge_words

TEXT_CELLS = ("description", "assessment")
LINE_CELLS = ("student_effects", "teacher_effects")
CELLS = ("description", "areas", "responsible", "student_effects", "teacher_effects", "assessment")

LONGEST_TEXT = 10_000
"""Characters in one cell: about four pages; more is a document, not a cell."""
MOST_LINES = 60
LONGEST_ROLE = 200
BULLETS = "•·–*-"


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
    "areas": _("What about school does it change? One or more."),
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

AREA_WORDS = {
    Area.ORGANIZATION: "Organization",
    Area.CLIMATE: "Climate",
    Area.COMMUNICATION: "Communication",
    Area.CURRICULUM: "Curriculum",
}
SUPPORT_WORDS = {Support.ACADEMIC: "in learning", Support.SOCIAL: "in company", Support.BEHAVIORAL: "in conduct"}
"""The English messages of the labels above: what `marks` looks up in every language."""

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
    return "\n".join(line.rstrip() for line in clean(text).split("\n")).strip()


@cache
def marks(text: str) -> frozenset[str]:
    """What `text` (an English message) is called in any language of the site, in lower case: files know no locale."""
    called = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            called.add(translation.gettext(text).casefold())
    return frozenset(called)


def in_words(cell: str, value: Any, names: dict[str, str]) -> list[str]:
    """The value as lines of plain text, as files carry it; `from_words` reads them back. `names`: people's, by id."""
    if cell in TEXT_CELLS:
        return value.split("\n") if value else []
    if cell == "areas":
        return [str(Area(area).label) for area in value]
    if cell in LINE_CELLS:
        return _as_list([_marked_line(line) for line in value])
    people = [names.get(one.get("person", ""), one.get("role", "")) for one in value["people"]]
    said = [_marked_name(name, bool(one.get("lead"))) for name, one in zip(people, value["people"], strict=True)]
    return _as_list(said) + ([f"{_('Why')}: {value['why']}"] if value["why"] else [])


def _marked_line(line: dict[str, str]) -> str:
    """A line with its support in brackets; empty brackets where its own words would be read as one."""
    if line["support"]:
        return f"{line['text']} [{Support(line['support']).label}]"
    return f"{line['text']} []" if _support_in(line["text"]) else line["text"]


def _marked_name(name: str, leads: bool) -> str:
    if leads:
        return f"{name} ({_('leads')})"
    return f"{name} ()" if name.casefold().endswith((*_lead_marks(), "()")) else name


def _as_list(said: list[str]) -> list[str]:
    """With a bullet before what would not be read back as one whole line otherwise."""
    why_marks = tuple(f"{mark}:" for mark in marks("Why"))
    alone = len(said) == 1
    return [
        f"• {one}"
        if one.startswith(tuple(BULLETS)) or one.casefold().startswith(why_marks) or (alone and ";" in one)
        else one
        for one in said
    ]


def _lead_marks() -> tuple[str, ...]:
    """As Trellis writes it in any language, and as people do."""
    return tuple(f"({mark})" for mark in (*marks("leads"), "lead", "líder"))


def _support_in(line: str) -> tuple[str, str] | None:
    """(what the line says, its support) where it ends with a support in brackets, or with empty ones."""
    said, bracket, mark = line.removesuffix("]").rpartition(" [") if line.endswith("]") else (line, "", "")
    supports = {mark: support.value for support in Support for mark in marks(SUPPORT_WORDS[support])} | {"": ""}
    support = supports.get(mark.casefold()) if bracket else None
    return None if support is None or not said.strip() else (said.strip(), support)


def areas_from_words(text: str) -> list[str]:
    """The areas a text names, in any language of the site."""
    folded = text.casefold()
    return [area.value for area in Area if any(mark in folded for mark in marks(AREA_WORDS[area]))]


def lines_from_words(text: str) -> list[dict[str, str]]:
    """A line each (or, in one line, parted by semicolons), bullets taken off, a support in brackets read."""
    found: dict[str, str] = {}
    for line in _parted(normal_text(text)):
        said, support = _support_in(line) or (line, "")
        found.setdefault(said, support)
    return [{"text": text, "support": support} for text, support in found.items()]


def people_from_words(text: str) -> tuple[list[tuple[str, bool]], str]:
    """(name or role, whether it leads) and the why that a text gives."""
    why_marks = tuple(f"{mark}:" for mark in marks("Why"))
    lead_marks = _lead_marks()
    lines = normal_text(text).split("\n")
    start = next((n for n, line in enumerate(lines) if line.casefold().startswith(why_marks)), len(lines))
    why = "\n".join(lines[start:])
    for mark in why_marks:
        if why.casefold().startswith(mark):
            why = why[len(mark) :].strip()
    people: dict[str, bool] = {}
    for name in _parted("\n".join(lines[:start])):
        leads = name.casefold().endswith(lead_marks)
        bare = name[: name.rindex("(")].strip() if leads else name.removesuffix(" ()")
        if len(bare) > LONGEST_ROLE or len(people) == MOST_LINES:
            why = "\n".join(filter(None, [bare, why]))
        elif bare:
            people.setdefault(bare, leads and not any(people.values()))
    return list(people.items()), why


def _parted(text: str) -> list[str]:
    parts = text.split("\n") if "\n" in text or text.startswith("• ") else text.split(";")
    return [part for part in (part.strip().lstrip(BULLETS).strip() for part in parts) if part]


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
