"""CASE packages, 1.0 and 1.1 (1EdTech, *Competencies and Academic Standards Exchange*, 2017 and 2024): JSON in and out.

What a package holds beyond the fields here stays word for word in ``more`` and is written again, so that
``read(write(package))`` gives the same package.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from .problem import Problem

ASSOCIATION_TYPES = (
    "isChildOf",
    "isPeerOf",
    "isPartOf",
    "exactMatchOf",
    "precedes",
    "isRelatedTo",
    "replacedBy",
    "exemplar",
    "hasSkillLevel",
    "isTranslationOf",
)

N = TypeVar("N", bound=Hashable)


@dataclass(slots=True)
class Link:
    """One end of an association: a LinkGenURI. Identifiers that are UUIDs are in lower case everywhere here."""

    identifier: str
    uri: str = ""
    title: str = ""


@dataclass(slots=True)
class Document:
    """A CFDocument. ``last_change`` is aware (UTC where the file names no zone) or None."""

    identifier: str
    uri: str = ""
    creator: str = ""
    title: str = ""
    publisher: str = ""
    description: str = ""
    subject: tuple[str, ...] = ()
    language: str = ""
    version: str = ""
    adoption_status: str = ""
    status_start_date: dt.date | None = None
    status_end_date: dt.date | None = None
    license_uri: str = ""
    official_source_url: str = ""
    notes: str = ""
    last_change: dt.datetime | None = None
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Item:
    """A CFItem."""

    identifier: str
    uri: str = ""
    full_statement: str = ""
    human_coding_scheme: str = ""
    abbreviated_statement: str = ""
    alternative_label: str = ""
    list_enumeration: str = ""
    item_type: str = ""
    education_level: tuple[str, ...] = ()
    concept_keywords: tuple[str, ...] = ()
    language: str = ""
    notes: str = ""
    license_uri: str = ""
    status_start_date: dt.date | None = None
    status_end_date: dt.date | None = None
    last_change: dt.datetime | None = None
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Association:
    """A CFAssociation: ``origin`` ``type`` ``destination``, as in “K.CC.A.1 isChildOf K.CC.A”.

    ``type`` is one of `ASSOCIATION_TYPES`, or begins with ``ext:``.
    """

    identifier: str
    type: str
    origin: Link
    destination: Link
    uri: str = ""
    sequence_number: int | None = None
    grouping: str = ""
    last_change: dt.datetime | None = None
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Package:
    """A CFPackage. ``document`` is None where the file could not be read at all.

    ``more``: CFDefinitions, CFRubrics and whatever else stands beside the three. ``problems`` are no part of what is
    written or compared.
    """

    document: Document | None = None
    items: list[Item] = field(default_factory=list)
    associations: list[Association] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list, compare=False)
    blocking_count: int = field(default=0, compare=False)
    note_count: int = field(default=0, compare=False)

    @property
    def blocked(self) -> bool:
        return self.blocking_count > 0


@dataclass(frozen=True, slots=True)
class Cycle:
    """Competencies that need one another, by a shortest way round: each ``links[i]`` leads on from ``identifiers[i]``.

    ``codes`` are their human coding schemes (their identifiers where they have none), least first. ``members``: all
    competencies that can reach each other, of which the way round may be a part.
    """

    identifiers: tuple[str, ...]
    codes: tuple[str, ...]
    links: tuple[Association, ...]
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """``parent``: item → the item or document above it. ``problems``: second parents (notes), loops (blocking)."""

    parent: dict[str, str]
    problems: list[Problem]


def read(data: bytes | Path, filename: str = "") -> Package:
    """The package in a JSON file. Raises nothing; see ``problems``."""
    raise NotImplementedError


def write(package: Package) -> bytes:
    """The package as UTF-8 JSON; the same package gives the same bytes."""
    raise NotImplementedError


def cycles(associations: Iterable[Association], items: Iterable[Item] = ()) -> list[Cycle]:
    """The cycles of ``precedes``, one for each set of competencies that need one another; ``items`` give the codes."""
    raise NotImplementedError


def strongly_connected(edges: Iterable[tuple[N, N]]) -> list[list[N]]:
    """The sets of nodes that can reach one another, or themselves by a loop, in order of first appearance."""
    raise NotImplementedError


def hierarchy(package: Package) -> Hierarchy:
    """The forest that ``isChildOf`` makes of the package's items: of several parents the first counts."""
    raise NotImplementedError


def replaced(items: Iterable[Item], associations: Iterable[Association]) -> dict[str, str]:
    """Withdrawn identifier → identifier of the item that takes its place now, along chains of ``replacedBy``.

    Left out: what has two successors, goes round in a circle, or leads to no item among ``items``.
    """
    raise NotImplementedError
