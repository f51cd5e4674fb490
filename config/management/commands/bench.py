"""The speed of Trellis as figures: each piece of work against the least that could do the same, in the same run."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import connection
from django.utils.module_loading import autodiscover_modules

from config import bench, commands, floors, postgres, static


class Command(commands.DatabaseCommand):
    help = "Measure the site against bare floors; ends with 0 whether the targets are met or not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("lines", nargs="*", metavar="AREA", help="an area (tables) or a line (tables.page)")
        parser.add_argument("--quick", action="store_true", help="at most 40 s an area: long lines run shortened")
        parser.add_argument("--json", action="store_true", help="on stdout the figures as JSON, and nothing else")

    def prepare(self, **options: Any) -> None:
        autodiscover_modules("bench")
        known = {part for name in bench.lines for part in (name, name.partition(".")[0])}
        if unknown := set(options["lines"]) - known:
            raise CommandError(
                f"There is no area or line called {', '.join(sorted(unknown))}: {', '.join(bench.lines)}"
            )
        if connection.settings_dict["NAME"] != "trellis_bench":
            raise CommandError("The bench empties its database: run it with config.settings.bench.")
        connection.close()
        postgres.ensure_database(connection.settings_dict["NAME"], afresh=True)
        super().prepare(**options)
        with connection.cursor() as cursor:
            cursor.execute(floors.TABLE)

    def handle(self, *args: Any, **options: Any) -> None:
        out = self.stderr if options["json"] else self.stdout
        # Only what goes wrong is red.
        out.style_func = None

        def say(words: str) -> None:
            out.write(words)
            out.flush()

        static.collect()
        say(
            "Each line runs in alternation with its floor: the same process, middleware, session and database.\n"
            "“x floor” is the ratio of the medians on the wall clock (of p95 where it says so)."
        )
        if options["quick"]:
            say("Quick: timed lines run 1.5 s, files once; lines that run longer are shortened, and say so.")
        figures = []
        with bench.Run(options["quick"]) as run:
            for figure in bench.run_lines(options["lines"], run):
                figures.append(figure)
                say(str(figure))
        if options["json"]:
            self.stdout.write(json.dumps([figure.as_json() for figure in figures], indent=1))
