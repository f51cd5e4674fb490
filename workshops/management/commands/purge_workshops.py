"""Run every night: deletes what workshops know about people, thirty days after they closed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from workshops import purge


class Command(BaseCommand):
    help = "Delete names and who wrote what of workshops that closed 30 days ago; end take-home links after a year."

    def handle(self, *args: Any, **options: Any) -> None:
        workshops, links = purge.purge_due(), purge.end_take_homes()
        self.stdout.write(f"Workshops purged: {workshops}. Take-home links ended: {links}.")
