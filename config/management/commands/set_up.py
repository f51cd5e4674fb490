import sys
from argparse import ArgumentParser
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.validators import validate_email
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.module_loading import import_string

from config.commands import DatabaseCommand

QUESTIONS = {
    "district": "Name of the district",
    "school": "Name of its first school",
    "name": "Name of whoever leads there first",
    "email": "Their e-mail",
}


class Command(DatabaseCommand):
    help = "A real site's first day: a district, its first school, and a one-time link for its first leader."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--district", help="name of the district")
        parser.add_argument("--school", help="name of its first school")
        parser.add_argument("--name", help="name of the first leader")
        parser.add_argument("--email", help="e-mail of the first leader, who signs in with it")
        parser.add_argument("--time-zone", default=settings.TIME_ZONE, help="IANA name (%(default)s)")
        parser.add_argument(
            "--address", default=f"https://{settings.ALLOWED_HOSTS[0]}", help="where the site is reached (%(default)s)"
        )
        parser.add_argument(
            "--another-leader",
            action="store_true",
            help="on a site that is set up: a link for another district leader, or the first again if it was lost",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        founded = import_string("profiles.set_up.district")()
        if options["another_leader"]:
            if not founded:
                raise CommandError("This site is not set up yet. Run set_up without --another-leader.")
            name, email = self._answers(("name", "email"), options)
            invitation = import_string("profiles.set_up.invite_district_leader")(name=name, email=email)
        else:
            if founded:
                raise CommandError(
                    f"This site is set up already, for {founded}. Nothing was changed. "
                    "If its leader's link was lost, run set_up --another-leader."
                )
            district, school, name, email = self._answers(tuple(QUESTIONS), options)
            invitation = import_string("profiles.set_up.first_day")(
                district=district, school=school, time_zone=_time_zone(options["time_zone"]), name=name, email=email
            )
            self.stdout.write(f"{district} and {school} are there.")
            self.stdout.write(
                "Where a school begins with students, its staff then sign in with a second step: "
                "an authenticator app or a passkey. Each is asked to set one up, whoever leads first."
            )
        path = reverse("profiles:invitation_accept", args=[invitation.make_link()])
        until = date_format(invitation.expires_at, "DATE_FORMAT")
        self.stdout.write(f"Give {name} this link. It works once, until {until}:")
        self.stdout.write(options["address"].rstrip("/") + path)

    def _answers(self, questions: tuple[str, ...], options: dict[str, Any]) -> list[str]:
        """What the options say; the rest is asked at the terminal. Raises CommandError where nobody is there to ask."""
        answers = {question: " ".join((options[question] or "").split()) for question in questions}
        missing = [question for question in questions if not answers[question]]
        if missing and not sys.stdin.isatty():
            raise CommandError("Please say: " + ", ".join(f"--{question}" for question in missing))
        for question in missing:
            while not answers[question]:
                answers[question] = " ".join(input(f"{QUESTIONS[question]}: ").split())
        try:
            validate_email(answers["email"])
        except ValidationError:
            raise CommandError(f"“{answers['email']}” is not an e-mail address. Nothing was changed.") from None
        return list(answers.values())


def _time_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        raise CommandError(f"There is no time zone “{name}”. Nothing was changed.") from None
