"""OneRoster CSV bundles, 1.1 and 1.2 (1EdTech, *OneRoster CSV Tables*, 2017 and 2022): a zip becomes a `Bundle`.

Both versions read into the same rows: a 1.1 user's ``role`` and ``orgSourcedIds`` become `Role`s as 1.2 writes them in
roles.csv, and the ``agentSourcedIds`` of users become `Agent`s. Passwords are never read.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from config import clock
from config.files.office.package import check_members
from config.files.office.tally import Trouble

from .problem import Problem, Problems
from .table import Record, Table, choices

R = TypeVar("R")

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

NO_DAY = dt.date.min

ORG_TYPES = choices("department", "school", "district", "local", "state", "national")
SESSION_TYPES = choices("gradingPeriod", "semester", "schoolYear", "term")
CLASS_TYPES = choices("homeroom", "scheduled")
ROLES: dict[Version, dict[str, str]] = {
    "1.1": choices("administrator", "aide", "guardian", "parent", "proctor", "relative", "student", "teacher"),
    "1.2": choices(
        "aide",
        "counselor",
        "districtAdministrator",
        "guardian",
        "parent",
        "principal",
        "proctor",
        "relative",
        "siteAdministrator",
        "student",
        "systemAdministrator",
        "teacher",
    ),
}
ROLE_TYPES = choices("primary", "secondary")
ENROLLMENT_ROLES = choices("administrator", "aide", "proctor", "student", "teacher")
STATUSES = choices("active", "tobedeleted")
BOOLEANS = choices("true", "false")
MODES = choices("bulk", "delta", "absent")
RELATIONS = ("parent", "guardian", "relative")

MAX_BUNDLE_BYTES = 60_000_000
MAX_UNPACKED_BYTES = 250_000_000
MAX_MEMBERS = 100
MAX_ROWS = 1_000_000  # of one file: the enrollments of a district of 36,000 learners are about 600,000
MAX_ID_CHARS = 255

MANIFEST = "manifest.csv"
# What zipfile raises of an archive that is cut off or changed.
DAMAGES = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, struct.error)
# In an order in which each refers only to those before it, and to itself.
FILES: tuple[Kind, ...] = (
    "orgs",
    "academicSessions",
    "courses",
    "classes",
    "users",
    "roles",
    "userProfiles",
    "demographics",
    "enrollments",
)
KINDS: tuple[Kind, ...] = (*FILES, "agents")
ONLY_1P2: tuple[Kind, ...] = ("roles", "userProfiles")
PARENTED: tuple[Kind, ...] = ("orgs", "academicSessions")

_Common = tuple[str, bool, dt.datetime | None, int]
_ALWAYS = ("sourcedId", "status", "dateLastModified")
# The columns of either version, so that what is beside them can be pointed out; those of the first string are needed.
_COLUMNS: dict[str, tuple[str, str]] = {
    "orgs": ("sourcedId name type", "identifier parentSourcedId"),
    "academicSessions": ("sourcedId title type startDate endDate", "parentSourcedId schoolYear"),
    "courses": (
        "sourcedId title",
        "schoolYearSourcedId courseCode grades orgSourcedId subjects subjectCodes resourceSourcedIds",
    ),
    "classes": (
        "sourcedId title courseSourcedId schoolSourcedId termSourcedIds",
        "grades classCode classType location subjects subjectCodes periods resourceSourcedIds",
    ),
    "users": (
        "sourcedId givenName familyName",
        "enabledUser orgSourcedIds role username userIds middleName identifier email sms phone agentSourcedIds grades "
        "password userMasterIdentifier resourceSourcedIds preferredGivenName preferredMiddleName preferredFamilyName "
        "primaryOrgSourcedId pronouns",
    ),
    "roles": ("sourcedId userSourcedId role orgSourcedId", "roleType beginDate endDate userProfileSourcedId"),
    "userProfiles": (
        "sourcedId userSourcedId profileType",
        "vendorId applicationId description credentialType username password",
    ),
    "demographics": (
        "sourcedId",
        "birthDate sex americanIndianOrAlaskaNative asian blackOrAfricanAmerican nativeHawaiianOrOtherPacificIslander "
        "white demographicRaceTwoOrMoreRaces hispanicOrLatinoEthnicity countryOfBirthCode stateOfBirthAbbreviation "
        "cityOfBirth publicSchoolResidenceStatus",
    ),
    "enrollments": (
        "sourcedId classSourcedId userSourcedId role",
        "schoolSourcedId primary beginDate endDate",
    ),
}


@dataclass(slots=True)
class Row:
    """What every row has. ``line``: where it begins in its file.

    ``deleted``: its status is tobedeleted. Such a row carries what its line says unchecked; `NO_DAY` for no day.
    """

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
    """The bundle in a zip. ``demographics``: read more of them than birth dates. Raises nothing; see ``problems``.

    Bounded in bytes, rows and cells, but meant for a task, not for a request: a district takes some ten seconds.
    """
    reader = _Reader(Bundle(filename, kinds={kind: KindFile() for kind in KINDS}), demographics)
    try:
        with _stream(data) as stream:
            reader.read(_opened(stream))
    except Trouble as trouble:
        values: dict[str, str | int] = {"most": MAX_MEMBERS, "megabytes": MAX_BUNDLE_BYTES // 1_000_000}
        reader.say(Problem(trouble.code, filename, values=values))
    return reader.done()


@contextlib.contextmanager
def _stream(data: bytes | Path) -> Iterator[io.BytesIO | io.BufferedReader]:
    """The archive's bytes, from its beginning. Raises Trouble where they are no zip, or too many."""
    with io.BytesIO(data) if isinstance(data, bytes) else data.open("rb") as stream:
        size = stream.seek(0, io.SEEK_END)
        stream.seek(0)
        beginning = stream.read(2)
        stream.seek(0)
        if size > MAX_BUNDLE_BYTES:
            raise Trouble("too_big")
        if beginning != b"PK":
            raise Trouble("not_zip" if size else "empty")
        yield stream


def _opened(stream: io.BytesIO | io.BufferedReader) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(stream)
        check_members(archive, MAX_MEMBERS, MAX_UNPACKED_BYTES)
    except DAMAGES as damage:
        raise Trouble("damaged") from damage
    return archive


def _unpacked(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except DAMAGES as damage:
        raise Trouble("damaged") from damage


class _Reader:
    """Reads the files of one bundle in an order in which each finds what it refers to already read."""

    def __init__(self, bundle: Bundle, demographics: bool) -> None:
        self.bundle = bundle
        self.all_demographics = demographics
        self.today = clock.today()
        self.problems = Problems()
        # kind → sourcedId → (line, deleted); a kind that could not be read is not in it, and none of its ids is missed
        self.known: dict[str, dict[str, tuple[int, bool]]] = {}
        self.outside: dict[tuple[Kind, str], Reference] = {}
        self.agents: list[tuple[str, str, int]] = []
        self.same: dict[str, str] = {}  # ids are repeated by the hundred thousand: one string for each

    def say(self, problem: Problem) -> None:
        self.problems.add(problem)

    def done(self) -> Bundle:
        self.bundle.references = list(self.outside.values())
        self.bundle.problems = self.problems.listed
        self.bundle.blocking_count = self.problems.blocking_count
        self.bundle.note_count = self.problems.note_count
        return self.bundle

    # ---- the archive and its manifest

    def read(self, archive: zipfile.ZipFile) -> None:
        names = [name for name in archive.namelist() if not name.startswith("__MACOSX/") and name != ".DS_Store"]
        for name in names:
            if "/" in name or "\\" in name:
                self.say(Problem("folder", self.bundle.file, values={"name": name[:100]}))
                return
        if MANIFEST not in names:
            self.say(Problem("no_manifest", self.bundle.file))
            return
        modes = self.manifest(_unpacked(archive, MANIFEST))
        if self.problems.blocking:
            return
        kinds = [kind for kind in FILES if self.bundle.version == "1.2" or kind not in ONLY_1P2]
        for name in names:
            if name != MANIFEST and name.removesuffix(".csv") not in kinds:
                self.say(Problem("other_file", name[:100], blocking=False))
        for kind in kinds:
            self.file(archive, names, kind, modes.get(kind))
        if self.bundle.version == "1.1":
            self.bundle.roles.mode = self.bundle.users.mode
        self.parents()
        self.link_agents()

    def manifest(self, data: bytes) -> dict[str, Mode]:
        """Mode by kind; sets the bundle's version."""
        table = Table.begin(MANIFEST, data, self.problems, ("propertyName", "value"), ("propertyName", "value"))
        if table is None:
            return {}
        modes: dict[str, Mode] = {}
        allowed = ", ".join(ROLES)
        lines: dict[str, int] = {}
        for record in table.records(1_000):
            name, value = record.needed("propertyName"), record.text("value")
            if name in lines:
                record.say("manifest_twice", "propertyName", name=name[:100])
            lines[name] = record.line
            if name == "oneroster.version":
                if value in ROLES:
                    self.bundle.version = value
                else:
                    record.say("version", "value", found=value[:40], allowed=allowed)
            elif name == "source.systemName":
                self.bundle.source_system = value
            elif name.startswith("file."):
                kind = name.removeprefix("file.")
                if mode := MODES.get(value.casefold()):
                    modes[kind] = mode  # type: ignore[assignment]  # one of its values
                elif kind in _COLUMNS:
                    record.say("mode", "value", found=value[:40], allowed=", ".join(MODES))
        if "oneroster.version" not in lines:
            self.say(Problem("no_version", MANIFEST, values={"allowed": allowed}))
        return modes

    def file(self, archive: zipfile.ZipFile, names: list[str], kind: Kind, mode: Mode | None) -> None:
        """Read the file of one kind, where the manifest and the archive agree that there is one."""
        name = kind + ".csv"
        if name not in names:
            if mode in ("bulk", "delta"):
                self.say(Problem("file_missing", name, values={"mode": mode}))
            return
        if mode is None:
            self.say(Problem("mode_missing", name, values={"name": f"file.{kind}"}))
            return
        if mode == "absent":
            self.say(Problem("mode_absent", name))
            return
        first, second = _COLUMNS[kind]
        needed = first.split()
        if kind == "users" and self.bundle.version == "1.1":
            needed += ["orgSourcedIds", "role"]
        if mode == "delta":
            needed.append("status")
        try:
            data = _unpacked(archive, name)
        except Trouble as trouble:
            self.say(Problem(trouble.code, name))
            return
        table = Table.begin(name, data, self.problems, {*_ALWAYS, *first.split(), *second.split()}, needed)
        del data
        self.bundle.kinds[kind].mode = mode
        if table is None:
            return
        known: dict[str, tuple[int, bool]] = {}
        self.known[kind] = known
        rows = self.bundle.kinds[kind].rows
        read_row: Callable[[Record, _Common], Row] = getattr(self, "_" + kind)
        for record in table.records(MAX_ROWS):
            sourced_id = self.id(record, "sourcedId")
            if not sourced_id:
                record.say("cell_empty", "sourcedId")
                continue
            if sourced_id in known:
                record.say("id_twice", "sourcedId", id=sourced_id, first=known[sourced_id][0])
                continue
            deleted = record.one_of("status", STATUSES, "active") == "tobedeleted"
            known[sourced_id] = (record.line, deleted)
            record.lenient = deleted
            row = read_row(record, (sourced_id, deleted, _moment(record), record.line))
            if record.usable:
                rows.append(row)
        if not table.whole:
            del self.known[kind]

    def id(self, record: Record, column: str) -> str:
        cell = record.text(column, MAX_ID_CHARS)
        return self.same.setdefault(cell, cell)

    def reference(self, record: Record, column: str, kind: Kind, needed: bool = True) -> str:
        """The id of a row of ``kind``, which must be there where the bundle is to hold all of them."""
        sourced_id = self.id(record, column)
        if sourced_id:
            self.check(record, column, kind, sourced_id)
        elif needed:
            record.say("cell_empty", column)
        return sourced_id

    def references(self, record: Record, column: str, kind: Kind) -> tuple[str, ...]:
        sourced_ids = tuple(self.same.setdefault(part, part) for part in record.listed(column))
        for sourced_id in sourced_ids:
            self.check(record, column, kind, sourced_id)
        return sourced_ids

    def check(self, record: Record, column: str, kind: Kind, sourced_id: str) -> None:
        if not record.lenient and not self.holds(kind, sourced_id, record.table.name, record.line, column):
            record.usable = False

    def holds(self, kind: Kind, sourced_id: str, file: str, line: int, column: str) -> bool:
        """Whether what is named may be used; where the bundle does not hold all of its kind, the roster will say."""
        known = self.known.get(kind)
        if known is not None and sourced_id in known:
            if not known[sourced_id][1]:
                return True
            code = "dangling_deleted"
        elif self.bundle.kinds[kind].mode != "bulk":
            self.outside.setdefault((kind, sourced_id), Reference(kind, sourced_id, file, line, column))
            return True
        elif known is None:  # its file could not be read, which has been said
            return False
        else:
            code = "dangling"
        values: dict[str, str | int] = {"id": sourced_id[:MAX_ID_CHARS], "other": kind + ".csv"}
        self.say(Problem(code, file, line, column, values))
        return False

    # ---- one line of each kind

    def _orgs(self, record: Record, common: _Common) -> Org:
        return Org(
            *common,
            name=record.needed("name"),
            type=record.one_of("type", ORG_TYPES),
            identifier=record.text("identifier"),
            parent_sourced_id=self.parent(record),
        )

    def _academicSessions(self, record: Record, common: _Common) -> AcademicSession:  # noqa: N802 (the file's name)
        first, last = self.span(record, "startDate", "endDate")
        for day, column in ((first, "startDate"), (last, "endDate")):
            if day is None and not record.text(column):
                record.say("cell_empty", column)
        year = record.text("schoolYear")
        if year and not (year.isascii() and year.isdigit() and len(year) == 4):
            record.say("year", "schoolYear", found=year[:40])
            year = ""
        return AcademicSession(
            *common,
            title=record.needed("title"),
            type=record.one_of("type", SESSION_TYPES),
            start_date=first or NO_DAY,
            end_date=last or NO_DAY,
            parent_sourced_id=self.parent(record),
            school_year=int(year) if year else None,
        )

    def _courses(self, record: Record, common: _Common) -> Course:
        return Course(
            *common,
            title=record.needed("title"),
            course_code=record.text("courseCode"),
            grades=record.listed("grades"),
            org_sourced_id=self.reference(record, "orgSourcedId", "orgs", needed=False),
            school_year_sourced_id=self.reference(record, "schoolYearSourcedId", "academicSessions", needed=False),
            subjects=record.listed("subjects"),
            subject_codes=record.listed("subjectCodes"),
        )

    def _classes(self, record: Record, common: _Common) -> Class:
        terms = self.references(record, "termSourcedIds", "academicSessions")
        if not terms:
            record.say("cell_empty", "termSourcedIds")
        return Class(
            *common,
            title=record.needed("title"),
            class_code=record.text("classCode"),
            class_type=record.one_of("classType", CLASS_TYPES, "scheduled"),
            grades=record.listed("grades"),
            location=record.text("location"),
            course_sourced_id=self.reference(record, "courseSourcedId", "courses"),
            school_sourced_id=self.reference(record, "schoolSourcedId", "orgs"),
            term_sourced_ids=terms,
            subjects=record.listed("subjects"),
            subject_codes=record.listed("subjectCodes"),
            periods=record.listed("periods"),
        )

    def _users(self, record: Record, common: _Common) -> User:
        given, family = record.text("givenName"), record.text("familyName")
        if not given and not family:
            record.say("cell_empty", "familyName")
        sourced_id, deleted = common[0], common[1]
        primary_org = self.reference(record, "primaryOrgSourcedId", "orgs", needed=False)
        if self.bundle.version == "1.1":
            orgs = self.references(record, "orgSourcedIds", "orgs")
            if not orgs:
                record.say("cell_empty", "orgSourcedIds")
            role = record.one_of("role", ROLES["1.1"])
            primary_org = orgs[0] if orgs else ""
            if not deleted:
                self.bundle.roles.rows += [
                    Role("", False, common[2], record.line, sourced_id, role, kind, org, None, None)
                    for org, kind in zip(orgs, ("primary", *("secondary",) * len(orgs)), strict=False)
                ]
        if not deleted:
            agents = record.listed("agentSourcedIds")
            self.agents += [(sourced_id, self.same.setdefault(agent, agent), record.line) for agent in agents]
        return User(
            *common,
            given_name=given,
            family_name=family,
            middle_name=record.text("middleName"),
            preferred_given_name=record.text("preferredGivenName"),
            preferred_family_name=record.text("preferredFamilyName"),
            pronouns=record.text("pronouns"),
            username=record.text("username"),
            identifier=record.text("identifier"),
            email=record.text("email"),
            sms=record.text("sms"),
            phone=record.text("phone"),
            enabled=record.one_of("enabledUser", BOOLEANS, "true") == "true",
            grades=record.listed("grades"),
            primary_org_sourced_id=primary_org,
        )

    def _roles(self, record: Record, common: _Common) -> Role:
        first, last = self.span(record, "beginDate", "endDate")
        return Role(
            *common,
            user_sourced_id=self.reference(record, "userSourcedId", "users"),
            role=record.one_of("role", ROLES["1.2"]),
            role_type=record.one_of("roleType", ROLE_TYPES, "primary"),
            org_sourced_id=self.reference(record, "orgSourcedId", "orgs"),
            begin_date=first,
            end_date=last,
        )

    def _userProfiles(self, record: Record, common: _Common) -> UserProfile:  # noqa: N802 (the file's name)
        return UserProfile(
            *common,
            user_sourced_id=self.reference(record, "userSourcedId", "users"),
            profile_type=record.text("profileType"),
            vendor_id=record.text("vendorId"),
            application_id=record.text("applicationId"),
            description=record.text("description"),
            username=record.text("username"),
        )

    def _demographics(self, record: Record, common: _Common) -> Demographics:
        self.check(record, "sourcedId", "users", common[0])
        others = _COLUMNS["demographics"][1].split()[1:] if self.all_demographics else ()
        return Demographics(
            *common,
            birth_date=record.date("birthDate", today=self.today),
            more={column: cell for column in others if (cell := record.text(column))},
        )

    def _enrollments(self, record: Record, common: _Common) -> Enrollment:
        first, last = self.span(record, "beginDate", "endDate")
        return Enrollment(
            *common,
            class_sourced_id=self.reference(record, "classSourcedId", "classes"),
            school_sourced_id=self.reference(record, "schoolSourcedId", "orgs", needed=False),
            user_sourced_id=self.reference(record, "userSourcedId", "users"),
            role=record.one_of("role", ENROLLMENT_ROLES),
            primary=record.one_of("primary", BOOLEANS, "false") == "true",
            begin_date=first,
            end_date=last,
        )

    def span(self, record: Record, first: str, last: str) -> tuple[dt.date | None, dt.date | None]:
        begin, end = record.date(first), record.date(last)
        if begin and end and end < begin:
            record.say("dates_turned", last, first=begin.isoformat(), last=end.isoformat())
        return begin, end

    def parent(self, record: Record) -> str:
        """Whose row may come later in the same file: `parents` checks it."""
        return self.id(record, "parentSourcedId")

    # ---- what can be said only when all lines of a file are read

    def parents(self) -> None:
        """Every parent is there, and nothing stands above itself."""
        for kind in PARENTED:
            rows = [row for row in self.bundle.kinds[kind].rows if not row.deleted]
            above = {row.sourced_id: row.parent_sourced_id for row in rows}
            settled: set[str] = set()
            for row in rows:
                if row.parent_sourced_id:
                    self.holds(kind, row.parent_sourced_id, kind + ".csv", row.line, "parentSourcedId")
                trail: dict[str, None] = {}
                at = row.sourced_id
                while at and at not in trail and at not in settled:
                    trail[at] = None
                    at = above.get(at, "")
                if at in trail:
                    place = Problem("own_parent", kind + ".csv", row.line, "parentSourcedId", {"id": at})
                    self.say(place)
                settled.update(trail)

    def link_agents(self) -> None:
        """Who is whose guardian, from who names whom and the roles of both."""
        kinds = self.bundle.kinds
        kinds["agents"].mode = kinds["users"].mode
        roles: dict[str, set[str]] = {}
        for role in kinds["roles"].rows:
            if not role.deleted:
                roles.setdefault(role.user_sourced_id, set()).add(role.role)
        if kinds["users"].mode == "bulk" and kinds["roles"].mode == "bulk" and self.bundle.version == "1.2":
            for user in kinds["users"].rows:
                if not user.deleted and user.sourced_id not in roles:
                    self.say(Problem("no_role", "users.csv", user.line, "sourcedId", blocking=False))
        linked: set[tuple[str, str]] = set()
        for namer, named, line in self.agents:
            if not self.holds("users", named, "users.csv", line, "agentSourcedIds"):
                continue
            learns = {who for who in (namer, named) if "student" in roles.get(who, ())}
            if not learns and namer not in roles:
                learns = {namer}  # a change to users only: the standard has students name their agents
            if len(learns) != 1:
                values: dict[str, str | int] = {"id": named}
                self.say(Problem("agent_unclear", "users.csv", line, "agentSourcedIds", values, blocking=False))
                continue
            pair = (namer, named) if namer in learns else (named, namer)
            if pair not in linked:
                linked.add(pair)
                relation = next((name for name in RELATIONS if name in roles.get(pair[1], ())), "")
                kinds["agents"].rows.append(Agent(*pair, relation, line))


def _moment(record: Record) -> dt.datetime | None:
    """dateLastModified, in UTC where it names no zone."""
    cell = record.text("dateLastModified")
    if not cell:
        return None
    try:
        moment = dt.datetime.fromisoformat(cell)
    except ValueError:
        record.say("time", "dateLastModified", blocking=False, found=cell[:40])
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
