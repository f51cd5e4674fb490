"""What people read when a roster, a framework or results cannot be used: one sentence for each code."""

from __future__ import annotations

from config.files.sentences import SENTENCES as FILE_SENTENCES

SENTENCES: dict[str, str] = {**FILE_SENTENCES}
