"""A workshop before the day: a site of its own, people who are not there, and what came of it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import connection

from config import commands, postgres, static
from config.bench import LineFailed
from workshops import rehearsal


class Command(commands.DatabaseCommand):
    help = "Run a workshop at speed with simulated people over HTTP; tells times, groups and the agenda's drift."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--people", type=int, default=28, help="3 to 250 (default: 28)")
        parser.add_argument("--minutes", type=float, default=3, help="how long the whole workshop takes (default: 3)")

    def prepare(self, **options: Any) -> None:
        if not 3 <= options["people"] <= 250 or not 0 < options["minutes"] <= 240:
            raise CommandError("A rehearsal takes 3 to 250 people and up to 240 minutes.")
        if connection.settings_dict["NAME"] != "trellis_rehearsal":
            raise CommandError("A rehearsal empties its database: run it with config.settings.rehearsal.")
        connection.close()
        postgres.ensure_database(connection.settings_dict["NAME"], afresh=True)
        super().prepare(**options)

    def handle(self, *args: Any, **options: Any) -> None:
        static.collect()
        try:
            whole = rehearsal.run(options["people"], options["minutes"] * 60, self.say)
        except LineFailed as problem:
            raise CommandError(f"The rehearsal broke off. {problem}") from problem
        if not whole:
            raise CommandError("Words that were acknowledged are missing, or are there twice.")

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
