"""OneRoster CSV bundles, 1.1 and 1.2 (1EdTech, *OneRoster CSV Tables*, 2017 and 2022): a zip becomes a `Bundle`.

Both versions read into the same rows: a 1.1 user's ``role`` and ``orgSourcedIds`` become `Role`s as 1.2 writes them in
roles.csv, and the ``agentSourcedIds`` of users become `Agent`s. Passwords are never read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from .problem import Problem, Problems

Version = Literal["", "1.1", "1.2"]
Mode = Literal["bulk", "delta", "absent"]
Kind = Literal[
    "orgs",
    "academicSessions",
    "courses",
    "classes",
    "users",
    "roles",
    "agents",
    "userProfiles",
    "demographics",
    "enrollments",
]


@dataclass(slots=True)
class Row:
    """What every row has. ``deleted``: its status is tobedeleted. ``line``: where it begins in its file."""

    sourced_id: str
    deleted: bool
    modified: dt.datetime | None
    line: int


@dataclass(slots=True)
class Org(Row):
    """``type``: department, school, district, local, state or national."""

    name: str
    type: str
    identifier: str
    parent_sourced_id: str


@dataclass(slots=True)
class AcademicSession(Row):
    """``type``: gradingPeriod, semester, schoolYear or term. ``school_year``: the year in which it ends."""

    title: str
    type: str
    start_date: dt.date
    end_date: dt.date
    parent_sourced_id: str
    school_year: int | None


@dataclass(slots=True)
class Course(Row):
    title: str
    course_code: str
    grades: tuple[str, ...]
    org_sourced_id: str
    school_year_sourced_id: str
    subjects: tuple[str, ...]
    subject_codes: tuple[str, ...]


@dataclass(slots=True)
class Class(Row):
    """``class_type``: homeroom or scheduled."""

    title: str
    class_code: str
    class_type: str
    grades: tuple[str, ...]
    location: str
    course_sourced_id: str
    school_sourced_id: str
    term_sourced_ids: tuple[str, ...]
    subjects: tuple[str, ...]
    subject_codes: tuple[str, ...]
    periods: tuple[str, ...]


@dataclass(slots=True)
class User(Row):
    """Roles stand in `Role`, guardians in `Agent`. ``email`` is a contact address: families share it."""

    given_name: str
    family_name: str
    middle_name: str
    preferred_given_name: str
    preferred_family_name: str
    pronouns: str
    username: str
    identifier: str
    email: str
    sms: str
    phone: str
    enabled: bool
    grades: tuple[str, ...]
    primary_org_sourced_id: str


@dataclass(slots=True)
class Role(Row):
    """One role of one user at one org.

    From 1.1 ``sourced_id`` is empty and the first org is the primary one: what is the same role in two bundles is told
    by (user, role, org). ``role``: one of `ROLES` of either version.
    """

    user_sourced_id: str
    role: str
    role_type: str
    org_sourced_id: str
    begin_date: dt.date | None
    end_date: dt.date | None


@dataclass(slots=True)
class Agent:
    """A guardian of a student, whichever of the two names the other. ``relation``: parent, guardian, relative or "".

    ``line`` is that of the user who names the other, in users.csv. A bundle in delta mode names all agents of the users
    in it, and says nothing of other users'.
    """

    student_sourced_id: str
    agent_sourced_id: str
    relation: str
    line: int


@dataclass(slots=True)
class UserProfile(Row):
    user_sourced_id: str
    profile_type: str
    vendor_id: str
    application_id: str
    description: str
    username: str


@dataclass(slots=True)
class Demographics(Row):
    """``sourced_id`` is the user's. ``more``: the other columns that are not empty, only where they were asked for."""

    birth_date: dt.date | None
    more: Mapping[str, str]


@dataclass(slots=True)
class Enrollment(Row):
    """``role``: administrator, aide, proctor, student or teacher. ``end_date`` is the first day no longer enrolled."""

    class_sourced_id: str
    school_sourced_id: str
    user_sourced_id: str
    role: str
    primary: bool
    begin_date: dt.date | None
    end_date: dt.date | None


R = TypeVar("R")


@dataclass(slots=True)
class KindFile(Generic[R]):
    """``bulk``: all there is of this kind; ``delta``: what changed; ``absent``: the bundle says nothing of it."""

    mode: Mode = "absent"
    rows: list[R] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reference:
    """A row of ``kind`` that the bundle names but, not being whole, need not hold: the roster here must know it."""

    kind: Kind
    sourced_id: str
    file: str
    line: int
    column: str


@dataclass(slots=True)
class Bundle:
    """A bundle as far as it could be read. ``version`` is empty where its manifest does not say a known one.

    Every `Kind` is in ``kinds``. ``references``: see `Reference`. Where ``blocked``, rows may be missing from it.
    """

    file: str = ""
    version: Version = ""
    source_system: str = ""
    kinds: dict[Kind, KindFile[Any]] = field(default_factory=dict)
    references: list[Reference] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    blocking_count: int = 0
    note_count: int = 0

    @property
    def blocked(self) -> bool:
        return self.blocking_count > 0

    @property
    def orgs(self) -> KindFile[Org]:
        return self.kinds["orgs"]

    @property
    def academic_sessions(self) -> KindFile[AcademicSession]:
        return self.kinds["academicSessions"]

    @property
    def courses(self) -> KindFile[Course]:
        return self.kinds["courses"]

    @property
    def classes(self) -> KindFile[Class]:
        return self.kinds["classes"]

    @property
    def users(self) -> KindFile[User]:
        return self.kinds["users"]

    @property
    def roles(self) -> KindFile[Role]:
        return self.kinds["roles"]

    @property
    def agents(self) -> KindFile[Agent]:
        return self.kinds["agents"]

    @property
    def user_profiles(self) -> KindFile[UserProfile]:
        return self.kinds["userProfiles"]

    @property
    def demographics(self) -> KindFile[Demographics]:
        return self.kinds["demographics"]

    @property
    def enrollments(self) -> KindFile[Enrollment]:
        return self.kinds["enrollments"]


def read(data: bytes | Path, filename: str = "", *, demographics: bool = False) -> Bundle:
    """The bundle in a zip. ``demographics``: read more of them than birth dates. Raises nothing; see ``problems``."""
    raise NotImplementedError
