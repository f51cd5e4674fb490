"""A survey that students answered elsewhere: whose row is whose, and the answers brought into their profiles."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.core import signing

from .models import Change, Learner, Org, Person, ProfileEntry, change_many
from .voice import PROMPTS, Survey, SurveyRow

BROUGHT_IN = "voice_brought_in"
LOOKED_AT_FOR_S = 4 * 3600
"""A file looked at longer ago is chosen again."""


@dataclass
class Line:
    """A row of the file: whose it is, as far as that is known, and who else it may be."""

    row: SurveyRow
    learner: Learner | None = None
    candidates: list[Learner] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    """The prompts whose answers are not there yet (of a known student)."""


def look(survey: Survey, school: Org, reader: Person) -> list[Line]:
    """Whose row is whose: as in an earlier file, by the roster's number, else by a first name only one student has."""
    learners = list(Learner.objects.visible_to(reader).filter(home=school).with_person().by_name())
    by_pk = {str(one.pk): one for one in learners}
    by_number = {number: one for one in learners for number in (one.person.sourced_id, one.person.sign_in_name)}
    by_name: dict[str, list[Learner]] = defaultdict(list)
    for one in learners:
        for name in {one.person.given_name.casefold(), str(one).casefold(), one.person.full_name.casefold()}:
            by_name[name].append(one)
    earlier = earlier_students(school)
    lines = []
    for row in survey.rows:
        known = by_pk.get(earlier.get(row.local_id, "")) or (by_number.get(row.local_id) if row.local_id else None)
        named = by_name.get(row.name.casefold(), [])
        lines.append(Line(row, known, [] if known else named or learners))
    said = _said([line.learner.pk for line in lines if line.learner])
    for line in lines:
        if line.learner:
            there = said[line.learner.pk]
            line.new = [prompt for prompt, text in line.row.answers.items() if (prompt, text) not in there]
    return lines


def earlier_students(school: Org) -> dict[str, str]:
    """{number in earlier files: the student's id}, as somebody chose then."""
    found: dict[str, str] = {}
    kept = Change.objects.filter(stream=school.stream, verb=BROUGHT_IN).order_by("version", "n")
    for after in kept.values_list("after", flat=True):
        found |= (after or {}).get("students", {})
    return found


def _said(learners: list[uuid.UUID]) -> dict[uuid.UUID, set[tuple[str, str]]]:
    said: dict[uuid.UUID, set[tuple[str, str]]] = defaultdict(set)
    for learner, prompt, text in ProfileEntry.objects.filter(learner__in=learners).values_list(
        "learner", "prompt", "text"
    ):
        said[learner].add((prompt, text))
    return said


def seal(survey: Survey, school: Org, reader: Person) -> str:
    """The rows as the page carries them from looking to applying: signed, for this person and school."""
    rows = [
        [row.number, row.local_id, row.name, row.on.isoformat() if row.on else "", row.answers] for row in survey.rows
    ]
    return signing.dumps(rows, salt=_salt(school, reader), compress=True)


def unseal(sealed: str, school: Org, reader: Person) -> list[SurveyRow]:
    """Raises `signing.BadSignature` for anything else than `seal` made within the last hours."""
    rows: list[list[Any]] = signing.loads(sealed, salt=_salt(school, reader), max_age=LOOKED_AT_FOR_S)
    return [
        SurveyRow(number, local_id, name, dt.date.fromisoformat(on) if on else None, answers)
        for number, local_id, name, on, answers in rows
    ]


def _salt(school: Org, reader: Person) -> str:
    return f"survey:{school.pk}:{reader.pk}"


def bring_in(rows: list[tuple[SurveyRow, uuid.UUID]], school: Org, *, by: Person) -> int:
    """Each row's answers into the profile of the student chosen for it; all or nothing. Answers how many are new.

    One lock for all of them; what is there already stays, so that the same file again changes nothing.
    """
    asked = {pk for _row, pk in rows}
    learners = Learner.objects.visible_to(by).filter(pk__in=asked, home=school).select_related("home")
    made, students = 0, {}
    with school.change(by=by) as door, change_many(learners, under=door) as doors:
        for row, pk in rows:
            if pk not in doors:
                continue
            learner = doors[pk].aggregate
            assert isinstance(learner, Learner)
            answers = {prompt: (PROMPTS[prompt][0].value, text) for prompt, text in row.answers.items()}
            entries = ProfileEntry.bring_in(learner, answers, as_of=row.on or school.today(), door=doors[pk])
            made += len(entries)
            if entries and row.local_id:
                students[row.local_id] = str(pk)
        if made:
            door.record(BROUGHT_IN, after={"answers": made, "students": students}, topics=["people"])
    return made
