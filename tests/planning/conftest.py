"""The ninth-grade team's table, begun by its teacher; the leader reads it, the second school does not see it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from planning.models import Outcome, Strategy, StrategyTable
from profiles.models import Person
from tests.cast import Cast

SignIn = Callable[[str], Client]


@pytest.fixture
def table(cast: Cast) -> StrategyTable:
    return StrategyTable.begin(
        cast.org("cedar"), "Calmer mornings", "grade_team", by=cast["teacher"], team=cast.team("ninth")
    )


@pytest.fixture
def row(cast: Cast, table: StrategyTable) -> Strategy:
    return Strategy.add(table, by=cast["teacher"], values={"description": "Greet everyone by name"})


def url(table: StrategyTable, *rest: object) -> str:
    return "/".join(["/planning/tables", str(table.pk), *map(str, rest), ""])


def now(row: Strategy) -> Strategy:
    """The row as it stands in the database."""
    return Strategy.objects.with_people().select_related("table").get(pk=row.pk)


def save(row: Strategy, cell: str, value: Any, by: Person, *, base: int | None = None, **more: Any) -> Outcome:
    """Write a cell as somebody who saw it at version `base` (by default, as it stands)."""
    version = now(row).cell_versions[cell] if base is None else base
    table = StrategyTable.objects.get(pk=row.table_id)
    return table.save_cell(row.pk, cell, value, base_version=version, by=by, **more)


def lines(*texts: str) -> list[dict[str, str]]:
    return [{"text": text, "support": ""} for text in texts]


def people(*roles: str, lead: str = "", why: str = "") -> dict[str, Any]:
    """A responsible cell of roles in words."""
    listed: list[dict[str, Any]] = [{"role": lead, "lead": True}] if lead else []
    return {"people": listed + [{"role": role} for role in roles], "why": why}
