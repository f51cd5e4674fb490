"""What students are asked about themselves, and how the columns of a survey the school has made are read."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.files import Table

from .models.portraits import ProfileEntry

Section = ProfileEntry.Section

PROMPTS: dict[str, tuple[Section, str | Promise]] = {
    "proud": (Section.STRENGTH, _("Something I did that I am proud of")),
    "counted_on": (Section.STRENGTH, _("What people can count on me for")),
    "free_time": (Section.INTEREST, _("What I like to do when I may choose")),
    "one_day": (Section.ASPIRATION, _("What I want to be able to do one day")),
    "learn_best": (Section.LEARNS_BEST, _("I understand things best when a teacher …")),
    "work": (Section.WORKING_STYLE, _("How I like to work: alone, with somebody, in a group, moving, in quiet")),
    "feel": (Section.FEELING, _("How learning and school feel to me at the moment")),
    "hard": (Section.STRESS, _("School gets hard for me when …")),
    "known": (Section.CONNECTING, _("Something few adults here know about me")),
}
"""{key: (section, question)}, in the order they are asked. An entry keeps the key, so it reads in any language."""

FAMILY_PROMPTS: dict[str, tuple[Section, str | Promise]] = {
    "home_strength": (Section.STRENGTH, _("What our child does well at home")),
    "home_language": (Section.HOME, _("The languages we speak, and the one we like to read")),
    "home_life": (Section.HOME, _("What it helps you to know about our days")),
}

_STEMS = {
    "proud": r"\bproud\b",
    "counted_on": r"\b(best|good|strong)\b.*\b(qualit|strength|at\b)",
    "learn_best": r"\blearn\b.*\bbest\b|\bbest\b.*\blearn\b",
    "hard": r"\b(nervous|stress|worr|hard)",
    "free_time": r"\b(interest|hobb|activit|free time)",
    "one_day": r"\b(dream|hope|goal|future|want to be)",
    "work": r"\bwork\b.*\b(alone|group|best|with)",
    "feel": r"\bfeel",
    "known": r"\bknow\b.*\babout me\b|\babout me\b",
}
"""The first whose stem stands in a column's head names what the column answers."""

_DAYS = ("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d")
ROWS_AT_MOST = 2000
TEXT_AT_MOST = 2000


class UnreadableSurvey(Exception):  # noqa: N818 (it says what the file lacks)
    """One sentence: what is missing in the file, and what to do."""


@dataclass(frozen=True)
class SurveyRow:
    """What one student answered: {prompt: text}; `number` is the row of the file."""

    number: int
    local_id: str
    name: str
    on: dt.date | None
    answers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Survey:
    """A file as it was read: which column answers which prompt, which ones were not read, and its rows."""

    columns: list[tuple[str, str]]
    unread: list[str]
    rows: list[SurveyRow]


def prompt_of(head: str) -> str | None:
    return next((key for key, stem in _STEMS.items() if re.search(stem, head, re.IGNORECASE)), None)


def question(prompt: str) -> str | Promise:
    """The question of a prompt; what somebody typed as a question stays as it is."""
    known = PROMPTS.get(prompt) or FAMILY_PROMPTS.get(prompt)
    return known[1] if known else prompt


def read(table: Table) -> Survey:
    """The answers in a table whose first row are the heads. Raises `UnreadableSurvey`."""
    heads, *rows = table.texts() or [[]]
    local_id = _column(heads, r"\b(id|number)\b")
    name = _column(heads, r"\bname\b")
    on = _column(heads, r"\b(time ?stamp|date|day)\b")
    taken = {local_id, name, on}
    asked = {n: key for n, head in enumerate(heads) if n not in taken and (key := prompt_of(head))}
    if not asked:
        raise UnreadableSurvey(_("No column holds answers. The first row must hold the questions, one a column."))
    if local_id is None and name is None:
        raise UnreadableSurvey(_("No column says who answered. Add one with the student's number or name."))
    if len(rows) > ROWS_AT_MOST:
        raise UnreadableSurvey(_("The file has more than 2,000 rows. Split it and bring the parts in one by one."))
    found = []
    for number, row in enumerate(rows, 2):
        answers: dict[str, str] = {}
        for n, key in asked.items():
            if text := row[n].strip()[:TEXT_AT_MOST]:
                answers[key] = f"{answers[key]}\n{text}" if key in answers else text
        if answers:
            found.append(SurveyRow(number, _at(row, local_id), _at(row, name), _day(_at(row, on)), answers))
    unread = [head for n, head in enumerate(heads) if n not in taken and n not in asked and head.strip()]
    return Survey([(heads[n], key) for n, key in asked.items()], unread, found)


def _column(heads: list[str], stem: str) -> int | None:
    return next((n for n, head in enumerate(heads) if re.search(stem, head, re.IGNORECASE)), None)


def _at(row: list[str], column: int | None) -> str:
    return "" if column is None else row[column].strip()[:120]


def _day(text: str) -> dt.date | None:
    for pattern in _DAYS:
        try:
            return dt.datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    return None
