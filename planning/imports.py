"""A strategy table out of a file: which columns mean what, which rows are strategies, what applying would change."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from config.files import Cell, Table
from profiles.models import Actor, Door, Person

from . import cells
from .grid import names_in
from .models import Strategy, StrategyTable, TableImport

# Words that give a column's meaning away, English and Spanish, with their weight. “Strategy” stands in almost every
# head of the planning tool, so alone it says little.
MEANINGS: dict[str, dict[str, int]] = {
    "description": {
        r"\bdescri": 3, r"\bstrateg(y|ies)\b": 1, r"\bestrategias?\b": 1, r"\bwhat will we do": 3, r"\bqué haremos": 3,
        r"\bactions?\b": 1, r"\bactivit(y|ies)\b": 1, r"\bacci(ón|ones)\b": 1, r"\bactividad(es)?\b": 1,
    },
    "areas": {
        r"\borgani[sz]a": 2, r"\bclimat?e?\b": 2, r"\bcommunicat": 2, r"\bcurricul": 2, r"\bcomunica": 2,
        r"\btouch": 2, r"\bareas?\b": 2, r"\báreas?\b": 2, r"\btoca\b": 2,
    },
    "responsible": {
        r"\bresponsib": 4, r"\bresponsable": 4, r"\bwho\b": 3, r"\bquién": 3, r"\bleads?\b": 2, r"\bdirige": 2,
        r"\bstaff\b": 1, r"\bpersonal\b": 1, r"\bowner\b": 2,
    },
    "student_effects": {r"\bstudents?\b": 3, r"\bestudiantes?\b": 3, r"\balumn": 3, r"\blearners?\b": 2},
    "teacher_effects": {r"\bteachers?\b": 3, r"\bmaestr": 3, r"\bdocentes?\b": 3, r"\bprofesor": 3, r"\bfor us\b": 2},
    "assessment": {
        r"\bassess": 4, r"\bevalu": 4, r"\bmeasur": 3, r"\bmedi(r|da|remos)": 3, r"\bwe will know": 4, r"\bsabremos": 4,
        r"\bevidence\b": 2, r"\bevidencia": 2,
    },
}  # fmt: skip
EXAMPLE = re.compile(r"^\W*(example|ejemplo)\s*([:.\-–—]|$)", re.IGNORECASE)
HEAD_AMONG = 25
"""Rows from the top among which the row of heads is looked for; titles may stand above it."""


@dataclass
class FoundRow:
    """A strategy as the file gives it: where it stands, what its cells say in normal form (only matched columns)."""

    place: str
    values: dict[str, Any]
    onto: str = ""
    """Id of the row it was pasted onto, where it is not a row of its own."""


@dataclass
class Found:
    """One table of the file that can be read as a strategy table."""

    label: str
    columns: dict[str, str]
    unmatched: list[str]
    rows: list[FoundRow]
    notes: list[str] = field(default_factory=list)


@dataclass
class Planned:
    """What applying a row would do: `state` is new, same, changed or set_aside; `changes` are (cell, now, then)."""

    row: FoundRow
    key: str
    state: str
    strategy: Strategy | None = None
    changes: list[tuple[str, Any, Any]] = field(default_factory=list)


# Reading


def find(tables: Iterable[Table], people: dict[str, str]) -> list[Found]:
    """The tables that have the columns of a strategy table; hidden sheets are read and said to be hidden."""
    return [found for table in tables if (found := _find(table, people))]


def _find(table: Table, people: dict[str, str]) -> Found | None:
    for at in range(min(HEAD_AMONG, len(table.rows))):
        columns = match_columns([cell.text for cell in table.rows[at]])
        if len(columns) >= 3 and "description" in columns:
            break
    else:
        return None
    heads = [cell.text for cell in table.rows[at]]
    unmatched = [head for n, head in enumerate(heads) if head.strip() and n not in columns.values()]
    found = Found(
        table.label + (f" ({_('hidden')})" if table.hidden else ""),
        {cell: _one_line(heads[n]) for cell, n in columns.items()},
        [_one_line(head) for head in unmatched],
        [],
        [str(note) for note in table.notes],
    )
    for row in table.rows[at + 1 :]:
        _read_row(table, row, heads, columns, found, people)
    return found


def match_columns(heads: list[str]) -> dict[str, int]:
    """Which cell each column holds, the surest first: {cell: index of the column}."""
    scores = sorted(
        (
            (sum(weight for word, weight in words.items() if re.search(word, head, re.IGNORECASE)), -n, cell)
            for n, head in enumerate(heads)
            for cell, words in MEANINGS.items()
        ),
        reverse=True,
    )
    columns: dict[str, int] = {}
    for score, minus_n, cell in scores:
        if score and cell not in columns and -minus_n not in columns.values():
            columns[cell] = -minus_n
    return {cell: columns[cell] for cell in cells.CELLS if cell in columns}


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _read_row(
    table: Table, row: tuple[Cell, ...], heads: list[str], columns: dict[str, int], found: Found, people: dict[str, str]
) -> None:
    place = str(replace(table.place(row[0]), file="", column=""))
    texts = [cell.text for cell in row]
    filled = [text for text in texts if text.strip()]
    if not filled:
        return
    if texts == heads:
        found.notes.append(_("%(place)s: the heads again; left out.") % {"place": place})
        return
    if len(filled) == 1 and len(row) > 1 and all(cell.merged == "across" for cell in row[1:]):
        found.notes.append(
            _("%(place)s: “%(text)s” spans the whole table; read as a heading and left out.")
            % {"place": place, "text": _one_line(filled[0])[:60]}
        )
        return
    description = row[columns["description"]]
    if EXAMPLE.match(description.text):
        found.notes.append(_("%(place)s: an example; left out.") % {"place": place})
        return
    if any(cell.formula and cell.text for cell in row):
        found.notes.append(_("%(place)s: a formula; its last result was read.") % {"place": place})
    values = {cell: _value(cell, texts[n], people) for cell, n in columns.items()}
    if description.merged == "down" and found.rows:
        _go_on(found.rows[-1], values)
    elif any(value != cells.EMPTY[cell] for cell, value in values.items()):
        found.rows.append(FoundRow(place, values))


def _go_on(row: FoundRow, more: dict[str, Any]) -> None:
    """A strategy whose cell spans several rows of the file: what the further rows say is added to it."""
    for cell, value in more.items():
        now = row.values[cell]
        if cell == "description" or value == now:
            continue
        if cell in cells.TEXT_CELLS:
            row.values[cell] = "\n".join(filter(None, [now, value]))
        elif cell == "areas":
            row.values[cell] = [area for area in cells.Area.values if area in now or area in value]
        elif cell in cells.LINE_CELLS:
            row.values[cell] = now + [line for line in value if line not in now]
        else:
            known = {cells.person_key(one) for one in now["people"]}
            people = now["people"] + [one for one in value["people"] if cells.person_key(one) not in known]
            row.values[cell] = {"people": people, "why": "\n".join(filter(None, [now["why"], value["why"]]))}


def _value(cell: str, text: str, people: dict[str, str]) -> Any:
    if cell in cells.TEXT_CELLS:
        return cells.normal_text(text)
    if cell == "areas":
        return cells.areas_from_words(text)
    if cell in cells.LINE_CELLS:
        return cells.lines_from_words(text)
    named, why = cells.people_from_words(text)
    listed: dict[str, dict[str, Any]] = {}
    for name, leads in named:
        person = people.get(name.casefold())
        item: dict[str, Any] = {"person": person} if person else {"role": name}
        listed.setdefault(cells.person_key(item), {**item, "lead": True} if leads else item)
    return {"people": list(listed.values()), "why": why}


def people_of(table: StrategyTable) -> dict[str, str]:
    """Ids by name, in lower case, of those whom a name in a file can only mean: the school's staff, and whoever stands
    in the table under a name that no colleague shares."""
    staff = list(Person.objects.staff_of([table.school_id]))
    named = Person.objects.filter(responsibilities__strategy__table=table).distinct()
    everyone = {person.pk: str(person).casefold() for person in [*staff, *named]}
    names = list(everyone.values())
    return {name: str(pk) for pk, name in everyone.items() if names.count(name) == 1}


# Looking and applying


def look(table: StrategyTable, tables: Iterable[Table], file_name: str, *, by: Person | None) -> TableImport | None:
    """Keep what was found in a file, to be looked at; None where nothing in it is a strategy table."""
    found = find(tables, people_of(table))
    if not found:
        return None
    return TableImport.objects.create(
        table=table, by=by, file_name=file_name[:200], found=[asdict(one) for one in found]
    )


def look_at_pasted(
    table: StrategyTable, tables: list[Table], row: UUID | None, cell: str, *, by: Person
) -> TableImport:
    """Keep what was pasted: under its own heads if it has them; else column by column from `cell` on, as new rows,
    or (pasted at a cell of a row, and not at its description) onto the rows from there downwards."""
    people = people_of(table)
    found = find(tables, people)
    if not found:
        start = cells.CELLS.index(cell) if cell else 0
        onto = [str(pk) for pk in table.strategies.standing().values_list("pk", flat=True)] if row and start else []
        first = onto.index(str(row)) if str(row) in onto else 0
        found = [_without_heads(one, start, onto[first:], people) for one in tables[:1]]
    name = _("What you pasted")
    return TableImport.objects.create(table=table, by=by, file_name=name, found=[asdict(one) for one in found])


def _without_heads(pasted: Table, start: int, onto: list[str], people: dict[str, str]) -> Found:
    columns = dict(zip(cells.CELLS[start:], range(pasted.width), strict=False))
    found = Found(pasted.label, dict.fromkeys(columns, ""), [], [])
    for n, line in enumerate(pasted.rows):
        values = {cell: _value(cell, line[at].text, people) for cell, at in columns.items()}
        if any(value != cells.EMPTY[cell] for cell, value in values.items()):
            found.rows.append(
                FoundRow(
                    str(replace(pasted.place(line[0]), file="", column="")), values, onto[n] if n < len(onto) else ""
                )
            )
    if pasted.width > len(columns):
        found.notes.append(_("What was to the right of the sixth column is left out."))
    return found


def found_in(record: TableImport) -> list[Found]:
    return [
        Found(
            **{
                **one,
                "columns": _in_order(one["columns"]),
                "rows": [FoundRow(**{**row, "values": _in_order(row["values"])}) for row in one["rows"]],
            }
        )
        for one in record.found
    ]


def _in_order(by_cell: dict[str, Any]) -> dict[str, Any]:
    """As the table has its columns: the database keeps no order of keys."""
    return {cell: by_cell[cell] for cell in cells.CELLS if cell in by_cell}


def plan(table: StrategyTable, rows: list[FoundRow]) -> list[Planned]:
    """What applying `rows` would do to the table as it now stands. Statements: three, whatever the number of rows."""
    strategies = list(table.strategies.with_people().order_by(F("set_aside_at").asc(nulls_first=True), "rank"))
    values = [one.value("responsible") for one in strategies]
    names = names_in([*values, *(row.values.get("responsible") for row in rows)])
    keys: dict[str, None] = {}
    for row in rows:
        plain = key = _key({**cells.EMPTY, **row.values})
        again = 1
        while key in keys:
            again += 1
            key = f"{plain}#{again}"
        keys[key] = None
    matches = _match(rows, list(keys), strategies, names)
    return [_plan_row(row, key, one, names) for row, key, one in zip(rows, keys, matches, strict=True)]


def _match(
    rows: list[FoundRow], keys: list[str], strategies: list[Strategy], names: dict[str, str]
) -> list[Strategy | None]:
    """The strategy each row of a file stands for, none of them twice: where it was pasted, else one that says just
    this, else the one an earlier reading of the file made, else one of the same description; else none."""
    found: list[Strategy | None] = [None] * len(rows)
    free = {one.pk: one for one in strategies}
    by_text: dict[str, list[Strategy]] = {}
    for one in strategies:
        by_text.setdefault(_key(one.values()), []).append(one)
    by_key = {one.origin_ref["key"]: one for one in strategies if one.origin_ref and "key" in one.origin_ref}
    by_id = {str(one.pk): one for one in strategies}

    def take(n: int, candidates: Iterable[Strategy | None]) -> None:
        if found[n] is None:
            found[n] = next((free.pop(one.pk) for one in candidates if one and one.pk in free), None)

    described = [by_text.get(_key({**cells.EMPTY, **row.values}), []) for row in rows]
    for n, row in enumerate(rows):
        take(n, [by_id.get(row.onto)])
    for n, row in enumerate(rows):
        take(n, (one for one in described[n] if _says_just(one, row, names)))
    for n, key in enumerate(keys):
        take(n, [by_key.get(key)])
    for n in range(len(rows)):
        take(n, described[n])
    return found


def _says_just(strategy: Strategy, row: FoundRow, names: dict[str, str]) -> bool:
    return all(_same(cell, value, strategy.value(cell), names) for cell, value in row.values.items())


def _key(values: dict[str, Any]) -> str:
    """What names a row of a file from one reading to the next: its description, else all it says."""
    return " ".join(values["description"].casefold().split())[:300] or str(values)


def _plan_row(row: FoundRow, key: str, strategy: Strategy | None, names: dict[str, str]) -> Planned:
    if strategy is None:
        return Planned(row, key, "new")
    before = {} if row.onto else (strategy.origin_ref or {}).get("cells", {})
    changes = []
    for cell, value in row.values.items():
        now = strategy.value(cell)
        same_as_last_time = cell in before and before[cell] == value
        nothing_said = cell not in before and value == cells.EMPTY[cell]
        if not (same_as_last_time or nothing_said or _same(cell, value, now, names) or _same_lines(cell, value, now)):
            changes.append((cell, now, value))
    if strategy.set_aside_at:
        return Planned(row, key, "set_aside", strategy)
    return Planned(row, key, "changed" if changes else "same", strategy, changes)


def _same(cell: str, value: Any, now: Any, names: dict[str, str]) -> bool:
    """Equal, or equal in words: a file cannot say which of two people of one name is meant."""
    return value == now or cells.in_words(cell, value, names) == cells.in_words(cell, now, names)


def _same_lines(cell: str, value: Any, now: Any) -> bool:
    """A description that differs in white space and case only is the same row's."""
    return cell == "description" and _key({"description": value}) == _key({"description": now})


def apply(record: TableImport, number: int, *, by: Person | Actor) -> dict[str, int]:
    """Apply one found table, all or nothing, through the table's door; answers how many rows were added and changed,
    and how many cells now hold two texts to choose from. Applied again, it changes nothing."""
    table = record.table
    rows = found_in(record)[number].rows
    counts = {"added": 0, "changed": 0, "kept_both": 0}
    with table.change(by=by) as door:
        for planned in plan(table, rows):
            reference: dict[str, Any] = {"key": planned.key, "cells": planned.row.values, "file": record.file_name}
            if planned.state == "new":
                reference["version"] = door.next_version
                origin = Strategy.Origin.IMPORT
                Strategy.add(table, by=by, values=planned.row.values, origin=origin, origin_ref=reference)
                counts["added"] += 1
            elif planned.state == "changed" and planned.strategy:
                clashed = _change(planned, door)
                counts["kept_both"] += clashed
                counts["changed"] += 1
                if not planned.row.onto:
                    # Where the table kept its own text, the file still starts from what it brought before.
                    earlier = (planned.strategy.origin_ref or {}).get("version", 0)
                    reference["version"] = earlier if clashed else door.next_version
                    planned.strategy.origin_ref = reference
                    planned.strategy.save(update_fields=["origin_ref"])
        record.applied_at = timezone.now()
        record.save(update_fields=["applied_at"])
    return counts


def _change(planned: Planned, door: Door) -> int:
    """Writes the changed cells of a row; answers in how many of them both texts were kept."""
    strategy = planned.strategy
    assert strategy is not None
    imported_at = None if planned.row.onto else (strategy.origin_ref or {}).get("version")
    clashed = 0
    for cell, _now, value in planned.changes:
        base = imported_at if imported_at is not None else strategy.cell_versions[cell]
        outcome = strategy.take(door, cell, value, max(base, 0), "import")
        clashed += outcome.status == "conflict"
    return clashed
