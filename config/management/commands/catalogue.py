from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config import catalogue
from config.postgres import CHECKOUT

FOLDER = CHECKOUT / "config" / "locale" / catalogue.LANGUAGE / "LC_MESSAGES"


class Command(BaseCommand):
    help = "Renew the Spanish catalogue from the sources, or say with --check what it lacks."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail if something is missing or out of date"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        po, mo = FOLDER / "django.po", FOLDER / "django.mo"
        kept = catalogue.read(po)
        fresh = catalogue.renewed(CHECKOUT, kept)
        problems = catalogue.problems(fresh, kept)
        if options["check"]:
            if not problems and (not po.exists() or po.read_bytes() != catalogue.po_bytes(fresh)):
                problems.append(f"{po.name} is out of date: run “manage.py catalogue”")
            if not mo.exists() or mo.read_bytes() != catalogue.mo_bytes(fresh):
                problems.append(f"{mo.name} is out of date: run “manage.py catalogue”")
            if problems:
                raise CommandError("\n".join(problems))
            self.stdout.write(f"All {len(fresh)} sentences are in Spanish.")
            return
        FOLDER.mkdir(parents=True, exist_ok=True)
        po.write_bytes(catalogue.po_bytes(fresh))
        mo.write_bytes(catalogue.mo_bytes(fresh))
        missing = [problem for problem in problems if not problem.startswith("no longer")]
        self.stdout.write("\n".join([*missing, f"{len(fresh)} sentences, {len(missing)} to do."]))
