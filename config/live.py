"""Live is a nudge: what changed, never what it says (house: five mechanisms, 4)."""

import json
from collections.abc import Iterable

from django.db import connection

CHANNEL = "trellis"


def announce(stream: str, version: int, topics: Iterable[str]) -> None:
    """Tell every listener, once this transaction commits, that `stream` is now at `version`."""
    payload = json.dumps([stream, version, list(dict.fromkeys(topics))], separators=(",", ":"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])


def register(kind, access):  # interim
    pass


def whisper(stream, topic):  # interim
    pass
