"""Interim: replaced by the carried server."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Paths:
    home: Path


def paths() -> Paths:
    root = Path(__file__).resolve().parents[1]
    data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return Paths(data / "trellis" / hashlib.sha256(str(root).encode()).hexdigest()[:12])


def database(name: str) -> dict[str, Any]:
    url = urlsplit(os.environ.get("DATABASE_URL", "postgres://postgres@/" + name + "?host=/tmp/interim_pg"))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": url.username or "postgres",
        "HOST": url.hostname or "/tmp/interim_pg",  # noqa: S108
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": "-c lock_timeout=3000"},
    }
