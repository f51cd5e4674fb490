"""import_table from the command line: says what it would do, does it when told, and twice is once."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from config import files
from config.commands import Hindrance
from planning import imports
from planning.history import changes_of, entries
from planning.models import Strategy, StrategyTable
from tests.cast import Cast

SHARED = Path(__file__).parents[2].parent / "shared/data/planning"
REAL = [path for name in ("dww_plan_utf8.csv", "dww_plan_clean.docx") if (path := SHARED / name).exists()]
HEADS = "Description of strategy,Who is responsible and why,How will it be assessed?,Room\n"
ROWS = """EXAMPLE: a club for everyone,Sponsors,Count them,
Greet everyone by name,Maya Torres,Late arrivals by week,12
A quiet room,The cafeteria team,Count who comes,
"""


@pytest.fixture
def table(ninth_table: StrategyTable) -> StrategyTable:
    return ninth_table


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "plan.csv"
    path.write_text(HEADS + ROWS)
    return path


def said(file: Path, table: object, *options: str) -> list[str]:
    out = StringIO()
    call_command("import_table", str(file), "--table", str(table), *options, stdout=out)
    return out.getvalue().splitlines()


def texts(table: StrategyTable) -> list[dict[str, object]]:
    return [one.values() for one in table.strategies.standing()]


def test_look_says_what_it_would_do_and_writes_nothing(table: StrategyTable, cast: Cast, file: Path) -> None:
    Strategy.add(table, by=cast["teacher"], values={"description": "A quiet room", "assessment": "Ask them"})
    before = texts(table)

    lines = said(file, table.pk)

    assert lines[0] == f"plan.csv, read for “Calmer mornings” ({table.school}, {table.years})."
    assert lines[1:4] == [
        "  Strategy: from “Description of strategy”.",
        "  Who leads, and why: from “Who is responsible and why”.",
        "  How we will know: from “How will it be assessed?”.",
    ]
    assert lines[4] == "  Not read: the column “Room”."
    assert [line.partition(": ")[2] for line in lines[5:8]] == [
        "an example; left out.",
        "would add “Greet everyone by name”.",
        "would change “A quiet room”: Who leads, and why, How we will know.",
    ]
    assert lines[8:] == ["Nothing is written yet: add --apply to bring it in."]
    assert texts(table) == before
    assert table.imports.count() == 0


def test_applied_twice_it_changes_nothing(table: StrategyTable, file: Path) -> None:
    first = said(file, table.pk, "--apply")
    table.refresh_from_db()
    rows, version = texts(table), table.version

    second = said(file, table.pk, "--apply")
    table.refresh_from_db()

    assert first[-1] == "Brought in: 2 rows added, 0 changed."
    assert second[-1] == "Brought in: 0 rows added, 0 changed."
    assert (texts(table), table.version) == (rows, version)


def test_history_names_the_file(table: StrategyTable, file: Path) -> None:
    said(file, table.pk, "--apply")

    newest = entries(table, changes_of(table)[:1])[0]

    assert (newest.actor, newest.sentence) == ("plan.csv", "brought in the row “A quiet room” from a file")


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_real_plan_is_brought_in_once(table: StrategyTable, path: Path) -> None:
    first = said(path, table.pk, "--apply")
    table.refresh_from_db()
    version = table.version

    second = said(path, table.pk, "--apply")
    table.refresh_from_db()

    assert first[-1] == f"Brought in: {len(texts(table))} rows added, 0 changed."
    assert len(texts(table)) > 3
    assert second[-1] == "Brought in: 0 rows added, 0 changed."
    assert table.version == version


def test_table_that_is_not_there_is_a_sentence(db: None, file: Path) -> None:
    with pytest.raises(Hindrance) as unknown:
        said(file, "nine")

    assert str(unknown.value) == "There is no table nine. Its id is the last part of its address in the browser."


def test_file_that_is_not_there_is_a_sentence(table: StrategyTable, tmp_path: Path) -> None:
    with pytest.raises(Hindrance) as missing:
        said(tmp_path / "plan.csv", table.pk)

    assert str(missing.value) == f"{tmp_path}/plan.csv cannot be read: No such file or directory."


def test_file_that_cannot_be_read_is_a_sentence(table: StrategyTable, tmp_path: Path) -> None:
    (tmp_path / "plan.pdf").write_bytes(b"%PDF-1.7\n")

    with pytest.raises(Hindrance) as unreadable:
        said(tmp_path / "plan.pdf", table.pk)

    assert str(unreadable.value) == (
        "plan.pdf: This is a PDF, which cannot be read back. Upload the Word, Excel or CSV file it was made from."
    )


def test_file_without_a_strategy_table_is_a_sentence(table: StrategyTable, tmp_path: Path) -> None:
    (tmp_path / "menu.csv").write_text("Monday,Tuesday\nsoup,rice\n")

    with pytest.raises(Hindrance) as other:
        said(tmp_path / "menu.csv", table.pk)

    assert str(other.value) == "menu.csv: no table in it has the columns of a strategy table."


def test_sheet_that_is_not_there_is_a_sentence(table: StrategyTable, file: Path) -> None:
    with pytest.raises(Hindrance) as beyond:
        said(file, table.pk, "--sheet", "2")

    assert str(beyond.value) == "plan.csv: it has no table 2, only 1 with the columns of a strategy table."


def test_file_kept_to_be_looked_at_has_the_tables_order_of_columns(table: StrategyTable, file: Path) -> None:
    tables = files.read(file.read_bytes(), file.name)
    kept = imports.look(table, tables, file.name, by=None)
    assert kept
    kept.refresh_from_db()

    found = imports.found_in(kept)[0]

    assert list(found.columns) == ["description", "responsible", "assessment"]
    assert [list(row.values) for row in found.rows] == [["description", "responsible", "assessment"]] * 2


def test_lead_is_read_as_people_mark_it(table: StrategyTable, cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text(HEADS + "Greet everyone,Henry Osei (lead); Nadia Haddad,,\n")

    said(tmp_path / "plan.csv", table.pk, "--apply")

    people = table.strategies.get().value("responsible")["people"]
    assert people == [{"person": str(cast["advisor"].pk), "lead": True}, {"person": str(cast["counselor"].pk)}]
