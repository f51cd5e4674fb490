from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils.module_loading import import_string

from config.commands import DatabaseCommand


class Command(DatabaseCommand):
    help = "Take away the second step at sign-in of somebody who lost phone and recovery codes and whom nobody leads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="what they sign in with")

    def handle(self, *args: Any, **options: Any) -> None:
        if not import_string("profiles.set_up.take_second_factor")(email=options["email"]):
            raise CommandError(f"Nobody who works here signs in with {options['email']}. Nothing was changed.")
        self.stdout.write(f"{options['email']} signs in with the password alone now, and is asked to set up a new one.")
