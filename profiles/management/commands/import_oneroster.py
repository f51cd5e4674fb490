from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from config.commands import DatabaseCommand, Hindrance
from profiles.models import Actor, Org, RosterImport
from profiles.rosters import report, work


class Command(DatabaseCommand):
    help = "Say what a OneRoster zip (1.1 or 1.2) would add, change and end; with --apply, do it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--apply", action="store_true", help="bring it in; without this nothing is written")
        parser.add_argument("--end-many", action="store_true", help="even where more than a tenth of a kind would end")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        district = Org.objects.filter(org_kind=Org.Kind.DISTRICT).first()
        if district is None:
            raise Hindrance("There is no district yet: manage.py set_up makes it.")
        try:
            data = path.read_bytes()
        except OSError as problem:
            raise Hindrance(f"{path} cannot be read: {problem.strerror}.") from problem
        record = work.receive(district, path.name, data, by=None)
        work.look(record)
        self.say(record)
        if record.state == RosterImport.State.REFUSED:
            raise Hindrance(f"{path.name} cannot be used as it is. Nothing was written.")
        if record.report["empty"]:
            self.stdout.write("Everything in it is here already: nothing to do.")
        elif options["apply"]:
            self.apply(record, options["end_many"])
        else:
            self.stdout.write("Nothing is written yet: add --apply to bring it in.")

    def say(self, record: RosterImport) -> None:
        for problem in report.problems(record):
            self.stdout.write(str(problem))
        if left_out := report.problems_left_out(record):
            self.stdout.write(f"… and {left_out} more like these.")
        for line in report.lines(record):
            self.stdout.write(f"{line.head}: {line.words}.")
            for head, names in line.examples:
                self.stdout.write(f"  {head}: {'; '.join(names)}")
        for notice in report.notices(record):
            self.stdout.write(notice)

    def apply(self, record: RosterImport, end_many: bool) -> None:
        for sentence in report.mass(record):
            self.stdout.write(sentence)
        try:
            work.apply(record, by=Actor("import", record.file_name[:60]), confirmed=end_many)
        except work.Refused as refused:
            if refused.code == "mass":
                raise Hindrance("That is more than a tenth. Add --end-many if it is meant.") from refused
            raise Hindrance(report.refusal(refused.code, refused.record)) from refused
        self.stdout.write("Brought in. It can be undone on the district's page for 30 days.")
