"""A table as it once was, read from its history, and brought back as new edits that are themselves history."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from profiles.models import Change, Person

from . import cells
from .models import Strategy, StrategyTable


@dataclass
class PastRow:
    """A row at some version: what its cells said, and whether it stood in the table."""

    values: dict[str, Any]
    stood: bool


def version_at_end_of(table: StrategyTable, day: dt.date) -> int:
    """The table's version when `day` ended in the school's time zone; 0 where it did not exist yet."""
    zone = ZoneInfo(table.school.time_zone)
    last_moment = dt.datetime.combine(day, dt.time.max, zone)
    changes = Change.objects.filter(stream=table.stream, at__lte=last_moment)
    return changes.order_by("-version").values_list("version", flat=True).first() or 0


def rows_at(table: StrategyTable, version: int) -> dict[UUID, PastRow]:
    """The rows of the table at `version`, in one statement. A row whose words were erased since is left out."""
    rows: dict[UUID, PastRow] = {}
    changes = Change.objects.filter(stream=table.stream, version__lte=version).order_by("version", "n")
    told = changes.filter(verb__in=["row_added", "row_left", "cell_saved", "row_set_aside", "row_restored"])
    for verb, target, after in told.values_list("verb", "target", "after"):
        row_id, _slash, cell = target.partition("/")
        row = rows.get(UUID(row_id))
        if verb == "row_added" and after:
            rows[UUID(row_id)] = PastRow({**cells.EMPTY, **after["cells"]}, stood=True)
        elif row is None:
            continue
        elif verb == "cell_saved" and after:
            row.values[cell] = after["value"]
        elif verb == "row_left":
            del rows[UUID(row_id)]
        else:
            row.stood = verb == "row_restored"
    return rows


def bring_back_cell(table: StrategyTable, strategy: Strategy, cell: str, version: int, *, by: Person) -> bool:
    """Put what the cell said at `version` into it, as a new edit; False where history no longer holds it."""
    with table.change(by=by):
        strategy.refresh_from_db(fields=["cell_versions"])
        value = strategy.value_at(cell, version)
        if value is None:
            return False
        base = strategy.cell_versions[cell]
        table.save_cell(strategy.pk, cell, _today(value, cell), base_version=base, by=by, cause="bring_back")
    return True


def bring_back_row(table: StrategyTable, strategy: Strategy, version: int, *, by: Person) -> bool:
    """All six cells as they were at `version`, and the row back in the table if it stood there then."""
    with table.change(by=by):
        past = rows_at(table, version).get(strategy.pk)
        if past is None:
            return False
        _bring_back(table, strategy, past, by)
    return True


def bring_back_table(table: StrategyTable, version: int, *, by: Person) -> None:
    """The whole table as it was at `version`: cells, and which rows stand. Rows added since are set aside."""
    with table.change(by=by):
        past = rows_at(table, version)
        for strategy in table.strategies.with_people():
            if strategy.pk in past:
                _bring_back(table, strategy, past[strategy.pk], by)
            else:
                strategy.set_aside(by=by)


def _bring_back(table: StrategyTable, strategy: Strategy, past: PastRow, by: Person) -> None:
    strategy.table = table
    for cell, value in past.values.items():
        base = strategy.cell_versions[cell]
        table.save_cell(strategy.pk, cell, _today(value, cell), base_version=base, by=by, cause="bring_back")
    if past.stood:
        strategy.restore(by=by)
    else:
        strategy.set_aside(by=by)


def _today(value: Any, cell: str) -> Any:
    """An earlier value as it can stand today: people whose record is gone cannot be named again."""
    if cell != "responsible":
        return value
    ids = [one["person"] for one in value["people"] if "person" in one]
    known = {str(pk) for pk in Person.objects.filter(pk__in=ids).values_list("pk", flat=True)} if ids else set()
    people = [one for one in value["people"] if "person" not in one or one["person"] in known]
    return {**value, "people": people}
