from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from config import files
from config.commands import DatabaseCommand, Hindrance
from planning import cells, imports
from planning.models import StrategyTable
from profiles.models import Actor


class Command(DatabaseCommand):
    help = "Say what a Word, Excel or CSV file would add to a strategy table and change in it; with --apply, do it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--table", required=True, metavar="ID", help="the last part of the table's address")
        parser.add_argument("--sheet", type=int, default=1, metavar="N", help="which table of the file (%(default)s)")
        parser.add_argument("--apply", action="store_true", help="bring it in; without this nothing is written")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        table = _table(options["table"])
        tables = _tables(path)
        found = imports.find(tables, imports.people_of(table))
        if not found:
            raise Hindrance(f"{path.name}: no table in it has the columns of a strategy table.")
        number = options["sheet"] - 1
        if number not in range(len(found)):
            raise Hindrance(
                f"{path.name}: it has no table {number + 1}, only {len(found)} with the columns of a strategy table."
            )
        self.look(path.name, table, found, number)
        if options["apply"]:
            self.apply(table, tables, path.name, number)
        else:
            self.stdout.write("Nothing is written yet: add --apply to bring it in.")

    def look(self, name: str, table: StrategyTable, found: list[imports.Found], number: int) -> None:
        chosen = found[number]
        what = ", ".join(filter(None, [name, chosen.label]))
        self.stdout.write(f"{what}, read for “{table}” ({table.school}, {table.years}).")
        for other, one in enumerate(found, 1):
            if one is not chosen:
                self.stdout.write(f"  The file also holds {one.label}: --sheet {other}")
        for cell, head in chosen.columns.items():
            self.stdout.write(f"  {cells.HEADS[cell]}: from “{head}”.")
        for head in chosen.unmatched:
            self.stdout.write(f"  Not read: the column “{head}”.")
        for note in chosen.notes:
            self.stdout.write(f"  {note}")
        for planned in imports.plan(table, chosen.rows):
            self.stdout.write(f"  {planned.row.place}: {_in_words(planned)}")

    def apply(self, table: StrategyTable, tables: list[files.Table], name: str, number: int) -> None:
        by = Actor("import", name[:60])
        record = imports.look(table, tables, name, by=None)
        assert record
        counts = imports.apply(record, number, by=by)
        self.stdout.write(f"Brought in: {counts['added']} rows added, {counts['changed']} changed.")
        if counts["kept_both"]:
            self.stdout.write(f"In {counts['kept_both']} cells both texts are kept: choose there.")


def _table(text: str) -> StrategyTable:
    try:
        return StrategyTable.objects.select_related("school").get(pk=UUID(text))
    except (ValueError, StrategyTable.DoesNotExist):
        raise Hindrance(f"There is no table {text}. Its id is the last part of its address in the browser.") from None


def _tables(path: Path) -> list[files.Table]:
    try:
        return files.read(path.read_bytes(), path.name)
    except OSError as problem:
        raise Hindrance(f"{path} cannot be read: {problem.strerror}.") from problem
    except files.UnreadableFile as problem:
        raise Hindrance(str(problem)) from problem


def _in_words(planned: imports.Planned) -> str:
    description = planned.row.values["description"].split("\n")[0][:80] or "a row without a description"
    match planned.state:
        case "new":
            return f"would add “{description}”."
        case "same":
            return f"“{description}” is here already."
        case "set_aside":
            return f"“{description}” is set aside in the table: left as it is."
    heads = ", ".join(str(cells.HEADS[cell]) for cell, _now, _then in planned.changes)
    return f"would change “{description}”: {heads}."
