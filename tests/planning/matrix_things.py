"""The tables that the planning rows of tests/permission_matrix.py are asked about."""

from __future__ import annotations

from typing import Any

import pytest

from planning.models import CellProposal, Comment, Strategy, StrategyTable, TableImport
from tests.cast import Cast

Arguments = dict[str, Any]


def _table(cast: Cast, school: str, by: str, team: str) -> StrategyTable:
    return StrategyTable.begin(cast.org(school), "Calmer mornings", "grade_team", by=cast[by], team=cast.team(team))


@pytest.fixture
def ninth_table(cast: Cast) -> StrategyTable:
    return _table(cast, "cedar", "teacher", "ninth")


@pytest.fixture
def juniper_table(cast: Cast) -> StrategyTable:
    return _table(cast, "juniper", "other-teacher", "juniper-leadership")


def _strategy(table: StrategyTable, cast: Cast, by: str) -> Strategy:
    return Strategy.add(table, by=cast[by], values={"description": "Greet everyone by name"})


def _proposal(strategy: Strategy, by: Any) -> Arguments:
    proposal = CellProposal.objects.create(
        strategy=strategy, cell="description", value="Other", base_version=0, author=by
    )
    return {"table_id": strategy.table_id, "strategy_id": strategy.pk, "proposal_id": proposal.pk}


def _file(table: StrategyTable) -> Arguments:
    found = [{"label": "", "columns": {}, "unmatched": [], "rows": [], "notes": []}]
    record = TableImport.objects.create(table=table, file_name="plan.csv", found=found)
    return {"table_id": table.pk, "import_id": record.pk}


@pytest.fixture
def table(ninth_table: StrategyTable) -> Arguments:
    return {"table_id": ninth_table.pk}


@pytest.fixture
def other_table(juniper_table: StrategyTable) -> Arguments:
    return {"table_id": juniper_table.pk}


@pytest.fixture
def table_csv(table: Arguments) -> Arguments:
    return {**table, "form": "csv"}


@pytest.fixture
def other_table_csv(other_table: Arguments) -> Arguments:
    return {**other_table, "form": "csv"}


@pytest.fixture
def strategy(cast: Cast, ninth_table: StrategyTable) -> Arguments:
    return {"table_id": ninth_table.pk, "strategy_id": _strategy(ninth_table, cast, "teacher").pk}


@pytest.fixture
def other_strategy(cast: Cast, juniper_table: StrategyTable) -> Arguments:
    return {"table_id": juniper_table.pk, "strategy_id": _strategy(juniper_table, cast, "other-teacher").pk}


@pytest.fixture
def cell(strategy: Arguments) -> Arguments:
    return {**strategy, "cell": "description"}


@pytest.fixture
def other_cell(other_strategy: Arguments) -> Arguments:
    return {**other_strategy, "cell": "description"}


@pytest.fixture
def proposal(cast: Cast, ninth_table: StrategyTable) -> Arguments:
    return _proposal(_strategy(ninth_table, cast, "teacher"), cast["teacher"])


@pytest.fixture
def other_proposal(cast: Cast, juniper_table: StrategyTable) -> Arguments:
    return _proposal(_strategy(juniper_table, cast, "other-teacher"), cast["other-teacher"])


@pytest.fixture
def table_file(ninth_table: StrategyTable) -> Arguments:
    return _file(ninth_table)


@pytest.fixture
def other_table_file(juniper_table: StrategyTable) -> Arguments:
    return _file(juniper_table)


@pytest.fixture
def table_member(ninth_table: StrategyTable) -> Arguments:
    return {"table_id": ninth_table.pk, "member_id": ninth_table.members.get(team__isnull=False).pk}


@pytest.fixture
def other_table_member(juniper_table: StrategyTable) -> Arguments:
    return {"table_id": juniper_table.pk, "member_id": juniper_table.members.get(team__isnull=False).pk}


@pytest.fixture
def comment(cast: Cast, ninth_table: StrategyTable) -> Arguments:
    return _comment(_strategy(ninth_table, cast, "teacher"), cast["teacher"])


@pytest.fixture
def other_comment(cast: Cast, juniper_table: StrategyTable) -> Arguments:
    return _comment(_strategy(juniper_table, cast, "other-teacher"), cast["other-teacher"])


def _comment(strategy: Strategy, by: Any) -> Arguments:
    comment = Comment.say(strategy, "words", by=by)
    return {"table_id": strategy.table_id, "strategy_id": strategy.pk, "comment_id": comment.pk}


@pytest.fixture
def second_table(cast: Cast) -> StrategyTable:
    return _table(cast, "cedar", "teacher", "ninth")


@pytest.fixture
def strategy_to_move(strategy: Arguments, second_table: StrategyTable) -> Arguments:
    return strategy


@pytest.fixture
def other_strategy_to_move(other_strategy: Arguments) -> Arguments:
    return other_strategy


@pytest.fixture
def transfer_target(second_table: StrategyTable) -> Arguments:
    return {"target": second_table.pk}
