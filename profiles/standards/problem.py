"""What is wrong with a file of a standard, and where: kept as a code and values, read as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from django.utils.translation import gettext

from .sentences import SENTENCES

MAX_LISTED = 200  # of one file or bundle; the rest is only counted


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing in a file that cannot be used, or that the reader should know.

    ``line`` counts lines of the text from 1 (0: the whole file); ``column`` is the heading as the standard spells it;
    ``path`` is the place in a JSON file (``CFItems[3].fullStatement``). Not ``blocking``: a note.
    """

    code: str
    file: str = ""
    line: int = 0
    column: str = ""
    values: Mapping[str, str | int] = field(default_factory=dict)
    blocking: bool = True
    path: str = ""

    @property
    def message(self) -> str:
        """What it means and what to do, in the language of whoever reads now."""
        return gettext(SENTENCES[self.code]) % self.values

    @property
    def place(self) -> str:
        """Where it stands, as a person would look for it: “users.csv, line 3, column role”."""
        parts = [self.file, self.path]
        if self.line:
            parts.append(gettext("line %(line)s") % {"line": self.line})
        if self.column:
            parts.append(gettext("column %(column)s") % {"column": self.column})
        return ", ".join(part for part in parts if part)

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message

    def as_json(self) -> dict[str, Any]:
        """For a report that is kept; `from_json` takes it back."""
        return {
            "code": self.code,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "values": dict(self.values),
            "blocking": self.blocking,
            "path": self.path,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        return cls(**kept)


@dataclass(slots=True)
class Problems:
    """The first `MAX_LISTED` problems, those that block before notes, and how many there are of each."""

    blocking_count: int = 0
    note_count: int = 0
    _blocking: list[Problem] = field(default_factory=list)
    _notes: list[Problem] = field(default_factory=list)

    def add(self, problem: Problem) -> None:
        if problem.blocking:
            self.blocking_count += 1
            kept = self._blocking
        else:
            self.note_count += 1
            kept = self._notes
        if len(kept) < MAX_LISTED:
            kept.append(problem)

    @property
    def blocking(self) -> bool:
        return self.blocking_count > 0

    @property
    def listed(self) -> list[Problem]:
        return (self._blocking + self._notes)[:MAX_LISTED]

    @property
    def count(self) -> int:
        return self.blocking_count + self.note_count
