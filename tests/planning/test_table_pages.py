"""The table's pages, as the leadership team of the story uses them."""

from collections.abc import Callable

import pytest
from django.test import Client

from planning.models import Strategy, StrategyTable
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


def test_table_detail_shows_rows(sign_in: SignIn, table: StrategyTable, row: Strategy) -> None:
    page = sign_in("teacher").get(url(table))

    assert page.status_code == 200
    assert f'<tr id="s-{row.pk}"' in page.text
    assert "Greet everyone by name" in page.text
