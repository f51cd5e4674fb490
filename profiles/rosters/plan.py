"""What a bundle would make of the database: for each table, rows that come and rows that change. Writes nothing.

A roster is matched by its sourced ids; a school also by its name, staff also by their e-mail. What is gone is ended or
closed, never deleted, and only where an earlier roster brought it. Some twenty statements, whatever the size.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.models import Model, Q, QuerySet

from profiles.models import (
    AcademicSession,
    Course,
    Enrollment,
    GuardianLink,
    Learner,
    Org,
    Person,
    RoleAssignment,
    Section,
)
from profiles.models.sections import ADVISORY_SIZE
from profiles.standards import oneroster
from profiles.standards.oneroster import Bundle
from profiles.standards.problem import Problem

Row = tuple[Any, ...]
Pk = Any
SectionTerm = Section.sessions.through

FIELDS: dict[type[Model], tuple[str, ...]] = {
    Org: ("id", "sourced_id", "org_kind", "name", "parent_id", "time_zone", "begun"),
    AcademicSession: (
        *("id", "sourced_id", "title", "session_kind", "begins", "ends", "parent_id", "school_year", "closed"),
    ),
    Course: ("id", "sourced_id", "org_id", "title", "code", "grades", "subjects", "closed"),
    Person: (
        *("id", "sourced_id", "given_name", "family_name", "preferred_name", "contact_email", "sign_in_name"),
        *("birth_date", "is_active", "password"),
    ),
    Learner: ("id", "person_id", "home_id", "grade"),
    Section: (
        *("id", "sourced_id", "school_id", "course_id", "title", "code", "periods", "location", "advisory"),
        *("begins", "ends", "closed"),
    ),
    SectionTerm: ("id", "section_id", "academicsession_id"),
    RoleAssignment: ("id", "person_id", "org_id", "role", "begins", "ends", "rostered"),
    GuardianLink: ("id", "guardian_id", "learner_id", "relation", "begins", "ends", "rostered"),
    Enrollment: ("id", "sourced_id", "section_id", "person_id", "role", "primary", "begins", "ends"),
}
"""Every table a roster writes, in an order in which each refers only to those before it; and the columns it writes."""

KINDS = ("orgs", "people", "roles", "families", "sessions", "courses", "classes", "enrollments")
EXAMPLES, NOTICED = 5, 6
MASS = 0.1
"""Removing a larger share than this of what there is of a kind stops, and asks."""

ROLES = {
    "student": "student",
    "teacher": "teacher",
    "parent": "guardian",
    "guardian": "guardian",
    "relative": "guardian",
    "aide": "specialist",
    "counselor": "counselor",
    "administrator": "school_admin",
    "principal": "school_admin",
    "siteAdministrator": "school_admin",
}
"""OneRoster's roles and ours. Whoever watches exams or leads the district gets no role from a file."""
STAFF = {"teacher", "aide", "counselor", "administrator", "principal", "siteAdministrator"}
NOT_STAFF = {"student", "parent", "guardian", "relative"}
SIGN_IN_NAME = re.compile(r"[a-z0-9._-]{3,60}")


@dataclass(slots=True)
class Ledger:
    """One table: rows to add, and columns to change of others (before, after), by primary key."""

    added: list[Row] = field(default_factory=list)
    changed: dict[Pk, tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=dict)
    gone: list[Row] = field(default_factory=list)
    """Rows to delete: only that a class is in a term."""


@dataclass(slots=True)
class Tally:
    """One kind in the report. ``of``: how many an earlier roster brought that stand now, asked where some would go."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    same: int = 0
    of: int = 0
    examples: dict[str, list[Any]] = field(default_factory=lambda: {"added": [], "changed": [], "removed": []})

    def count(self, what: str, *example: Any) -> None:
        setattr(self, what, getattr(self, what) + 1)
        if what != "same" and len(self.examples[what]) < EXAMPLES:
            self.examples[what].append(example)

    @property
    def is_mass(self) -> bool:
        return self.removed > MASS * self.of


class Plan:
    """`tables` is what to write, `tallies` and `notices` what to say, `problems` why it cannot be used."""

    fields = FIELDS

    def __init__(self, bundle: Bundle, district: Org) -> None:
        self.bundle, self.district, self.today = bundle, district, district.today()
        self.tables = {model: Ledger() for model in FIELDS}
        self.tallies = {kind: Tally() for kind in KINDS}
        self.notices: dict[str, dict[str, Any]] = {}
        self.problems = list(bundle.problems)
        self.blocking_count = bundle.blocking_count
        self.schools: set[uuid.UUID] = set()
        """Those of which a full list tells all."""
        self.holds: dict[str, int] = {}
        """How many people of each role the file names."""
        self.touched: set[uuid.UUID] = set()
        """Those of which it tells anything."""
        if bundle.blocked:
            return
        self.plan_orgs()
        self.plan_sessions()
        self.plan_courses()
        self.plan_sections()
        self.plan_people()
        self.check_references()
        if self.blocked:
            return
        self.plan_roles()
        self.plan_enrollments()
        self.plan_learners()
        self.plan_families()
        self.settle_orgs()
        self.name_examples()
        self.note_large_homerooms()

    @property
    def blocked(self) -> bool:
        return self.blocking_count > 0

    @property
    def is_empty(self) -> bool:
        """The same file again changes nothing."""
        return not any(one.added or one.changed or one.gone for one in self.tables.values())

    @property
    def mass(self) -> list[str]:
        return [kind for kind, tally in self.tallies.items() if tally.is_mass]

    # ---- what all kinds share

    def put(self, model: type[Model], old: Row | None, row: Row) -> str:
        """Note what the row becomes: added, changed or same. A row put again counts from what it was at first."""
        ledger = self.tables[model]
        if old is None:
            ledger.added.append(row)
            return "added"
        if old == row:
            return "same"
        names = FIELDS[model]
        differing = [at for at in range(1, len(row)) if old[at] != row[at]]
        ledger.changed[old[0]] = ({names[at]: old[at] for at in differing}, {names[at]: row[at] for at in differing})
        return "changed"

    def rows_of(self, model: type[Model], rows: QuerySet[Any]) -> list[Row]:
        return list(rows.values_list(*FIELDS[model]))

    def block(self, code: str, file: str, line: int, column: str, **values: str | int) -> None:
        self.problems.insert(self.blocking_count, Problem(code, file, line, column, values))
        self.blocking_count += 1

    def notice(self, code: str, *example: Any) -> None:
        said = self.notices.setdefault(code, {"count": 0, "examples": []})
        said["count"] += 1
        if said["count"] <= NOTICED:
            said["examples"].append(list(example))

    def is_live(self, ends: dt.date | None) -> bool:
        return ends is None or ends > self.today

    def count_standing(self, kind: str, rows: QuerySet[Any], *distinct: str) -> None:
        """How many there are of what would go; asked only where something would."""
        tally = self.tallies[kind]
        if tally.removed:
            tally.of = rows.values(*distinct).distinct().count() if distinct else rows.count()

    # ---- districts, schools, departments

    def plan_orgs(self) -> None:
        rows = self.rows_of(Org, Org.objects.all())
        known = {row[1]: row for row in rows if row[1]}
        by_name = {row[3].casefold(): row for row in rows if row[2] == Org.Kind.SCHOOL and not row[1]}
        self.org_rows: dict[uuid.UUID, tuple[Row | None, Row]] = {row[0]: (row, row) for row in rows}
        self.org_of: dict[str, uuid.UUID] = {sourced_id: row[0] for sourced_id, row in known.items()}
        live = [one for one in self.bundle.orgs.rows if not one.deleted]
        for one in self.bundle.orgs.rows:
            if one.deleted and one.sourced_id in known:
                self.notice("org_stays", known[one.sourced_id][3])
        for one in live:
            if one.type not in ("school", "department"):
                self.plan_district(one)
        for one in live:
            if one.type == "school":
                old = known.get(one.sourced_id)
                if old is None and (old := by_name.pop(one.name[:120].casefold(), None)):
                    self.notice("school_by_name", old[3])
                self.keep_org(one, old, Org.Kind.SCHOOL, self.district.pk)
        for one in live:
            if one.type == "department":
                above = self.org_of.get(one.parent_sourced_id, self.district.pk)
                self.keep_org(one, known.get(one.sourced_id), Org.Kind.DEPARTMENT, above)
        named = {one.sourced_id for one in live}
        named |= {one.org_sourced_id for one in self.bundle.roles.rows}
        named |= {one.school_sourced_id for one in self.bundle.classes.rows}
        self.scope = {self.org_of[one] for one in named if one in self.org_of} - {self.district.pk}
        rostered = {row[0] for row in rows if row[1] and row[2] == Org.Kind.SCHOOL}
        if rostered <= self.scope:
            self.scope.add(self.district.pk)
        self.schools = {school for one in self.scope if (school := self.school_of(one))}
        self.touched = set(self.schools)

    def plan_district(self, one: oneroster.Org) -> None:
        """Ours is the only one: whatever stands above schools in the file is it. Its name stays as it was given."""
        old, row = self.org_rows[self.district.pk]
        self.org_of[one.sourced_id] = self.district.pk
        if row[1] is None and one.type == "district":
            self.org_rows[self.district.pk] = (old, (row[0], one.sourced_id, *row[2:]))

    def keep_org(self, one: oneroster.Org, old: Row | None, kind: str, parent: uuid.UUID) -> None:
        name = one.name[:120]
        if old is None:
            row: Row = (uuid.uuid4(), one.sourced_id, kind, name, parent, self.district.time_zone, [])
        else:
            row = (old[0], one.sourced_id, old[2], name, old[4], old[5], old[6])
        self.org_of[one.sourced_id] = row[0]
        self.org_rows[row[0]] = (old, row)

    def school_of(self, org: uuid.UUID | None) -> uuid.UUID | None:
        """The school an org is, or is a part of; None for the district."""
        if org is None:
            return None
        row = self.org_rows[org][1]
        if row[2] in (Org.Kind.SCHOOL, Org.Kind.DISTRICT):
            return org if row[2] == Org.Kind.SCHOOL else None
        return self.school_of(row[4])

    def settle_orgs(self) -> None:
        """A school whose students a roster brings has begun with students."""
        homes = {row[2] for row in self.tables[Learner].added}
        for pk, (old, row) in self.org_rows.items():
            if pk in homes and Org.Part.LEARNERS not in row[6]:
                row = (*row[:6], [*row[6], Org.Part.LEARNERS.value])
            what = self.put(Org, old, row)
            if what != "same" or row[1] in self.org_of:
                self.tallies["orgs"].count(what, row[3])

    # ---- terms, courses, classes

    def plan_sessions(self) -> None:
        kind, tally = self.bundle.academic_sessions, self.tallies["sessions"]
        rows = self.rows_of(AcademicSession, AcademicSession.objects.exclude(sourced_id=None))
        known = {row[1]: row for row in rows}
        self.session_of: dict[str, uuid.UUID] = {sourced_id: row[0] for sourced_id, row in known.items()}
        self.span_of = {row[0]: (row[4], row[5]) for row in rows}
        for one in kind.rows:
            if not one.deleted:
                self.session_of.setdefault(one.sourced_id, uuid.uuid4())
        closing = {known[one.sourced_id][0] for one in kind.rows if one.deleted and one.sourced_id in known}
        if kind.mode == "bulk":
            closing |= self.sessions_left_out(rows, {one.sourced_id for one in kind.rows})
        for one in kind.rows:
            if one.deleted:
                continue
            ends = max(one.end_date, one.start_date + dt.timedelta(days=1))
            parent = self.session_of.get(one.parent_sourced_id)
            pk = self.session_of[one.sourced_id]
            self.span_of[pk] = (one.start_date, ends)
            row = (pk, one.sourced_id, one.title[:255], one.type, one.start_date, ends, parent, one.school_year, False)
            tally.count(self.put(AcademicSession, known.get(one.sourced_id), row), one.title[:255])
        for row in rows:
            if row[0] in closing and not row[8]:
                self.put(AcademicSession, row, (*row[:8], True))
                tally.count("removed", row[2])
        self.count_standing("sessions", AcademicSession.objects.filter(closed=False).exclude(sourced_id=None))

    def sessions_left_out(self, rows: list[Row], named: set[str]) -> set[Pk]:
        """Sessions the file no longer names, of years that only classes of its schools are in."""
        above = {row[0]: row[6] for row in rows}

        def year(pk: Pk) -> Pk:
            while above.get(pk):
                pk = above[pk]
            return pk

        if not (left := [row for row in rows if row[1] not in named and not row[8]]):
            return set()
        used = SectionTerm.objects.filter(section__closed=False)
        used_at = used.values_list("academicsession_id", "section__school_id").distinct()
        ours: set[Pk] = set()
        others: set[Pk] = set()
        for session, school in used_at:
            (ours if school in self.schools else others).add(year(session))
        return {row[0] for row in left if year(row[0]) in ours - others}

    def plan_courses(self) -> None:
        kind, tally = self.bundle.courses, self.tallies["courses"]
        named = self.named("courses")
        wanted = Q(sourced_id__in=named)
        if kind.mode == "bulk":
            wanted |= Q(org__in=self.scope, closed=False) & ~Q(sourced_id=None)
        rows = self.rows_of(Course, Course.objects.filter(wanted))
        known = {row[1]: row for row in rows}
        self.course_of: dict[str, uuid.UUID] = {sourced_id: row[0] for sourced_id, row in known.items()}
        for one in kind.rows:
            if one.deleted:
                continue
            old = known.get(one.sourced_id)
            pk = self.course_of.setdefault(one.sourced_id, uuid.uuid4())
            org = self.org_of.get(one.org_sourced_id, self.district.pk)
            grades = [grade[:20] for grade in one.grades]
            subjects = [subject[:120] for subject in one.subjects]
            row = (pk, one.sourced_id, org, one.title[:255], one.course_code[:64], grades, subjects, False)
            tally.count(self.put(Course, old, row), one.title[:255])
        for old in self.leaving(rows, kind, lambda row: not row[7]):
            self.put(Course, old, (*old[:7], True))
            tally.count("removed", old[3])
        offered_at = self.scope | {row[2] for row in rows}
        standing = Course.objects.filter(org__in=offered_at, closed=False).exclude(sourced_id=None)
        self.count_standing("courses", standing)

    def plan_sections(self) -> None:
        kind, tally = self.bundle.classes, self.tallies["classes"]
        wanted = Q(sourced_id__in=self.named("classes"))
        if kind.mode == "bulk" or self.bundle.enrollments.mode == "bulk":
            wanted |= Q(school__in=self.schools) & ~Q(sourced_id=None)
        rows = self.rows_of(Section, Section.objects.filter(wanted))
        known = {row[1]: row for row in rows}
        self.section_of: dict[str, uuid.UUID] = {sourced_id: row[0] for sourced_id, row in known.items()}
        self.section_rows = {row[0]: row for row in rows}
        live = [one for one in kind.rows if not one.deleted]
        pairs = {
            (section, session): pk
            for pk, section, session in SectionTerm.objects.filter(
                section__in=[known[one.sourced_id][0] for one in live if one.sourced_id in known]
            ).values_list("pk", "section_id", "academicsession_id")
        }
        for one in live:
            school = self.school_of(self.org_of.get(one.school_sourced_id))
            course = self.course_of.get(one.course_sourced_id)
            terms = [self.session_of[term] for term in one.term_sourced_ids if term in self.session_of]
            if school is None:
                if one.school_sourced_id in self.org_of:
                    values = {"id": one.school_sourced_id}
                    self.block("class_nowhere", "classes.csv", one.line, "schoolSourcedId", **values)
                continue
            old = known.get(one.sourced_id)
            pk = self.section_of.setdefault(one.sourced_id, uuid.uuid4())
            row = (
                *(pk, one.sourced_id, school, course, one.title[:255], one.class_code[:64]),
                *(", ".join(one.periods)[:120], one.location[:120], one.class_type == "homeroom"),
                min((self.span_of[term][0] for term in terms), default=None),
                max((self.span_of[term][1] for term in terms), default=None),
                False,
            )
            self.section_rows[pk] = row
            what = self.put(Section, old, row)
            moved = [pairs.pop((pk, term), None) is None for term in dict.fromkeys(terms)]
            for term, is_new in zip(dict.fromkeys(terms), moved, strict=True):
                if is_new:
                    self.tables[SectionTerm].added.append((None, pk, term))
            tally.count("changed" if what == "same" and any(moved) else what, row[4])
        self.tables[SectionTerm].gone = [(pk, *pair) for pair, pk in pairs.items()]
        self.closed_sections: set[Pk] = set()
        for old in self.leaving(rows, kind, lambda row: not row[11]):
            self.put(Section, old, (*old[:11], True))
            self.closed_sections.add(old[0])
            tally.count("removed", old[4])
        self.touched |= {row[2] for row in rows}
        standing = Section.objects.filter(school__in=self.touched, closed=False).exclude(sourced_id=None)
        self.count_standing("classes", standing)

    def named(self, kind: oneroster.Kind) -> list[str]:
        """The sourced ids of a kind that the bundle holds or refers to."""
        held = [row.sourced_id for row in self.bundle.kinds[kind].rows]
        return held + [one.sourced_id for one in self.bundle.references if one.kind == kind]

    def leaving(self, rows: list[Row], kind: oneroster.KindFile[Any], is_live: Callable[[Row], bool]) -> Iterable[Row]:
        """Rows that would go: marked so, or left out of a full list."""
        marked = {one.sourced_id for one in kind.rows if one.deleted}
        named = {one.sourced_id for one in kind.rows}
        for row in rows:
            if is_live(row) and (row[1] in marked or (kind.mode == "bulk" and row[1] not in named)):
                yield row

    def check_references(self) -> None:
        """What a file of changes refers to must be known here."""
        here = {
            "orgs": self.org_of,
            "academicSessions": self.session_of,
            "courses": self.course_of,
            "classes": self.section_of,
            "users": self.person_of,
        }
        for one in self.bundle.references:
            if one.kind in here and one.sourced_id not in here[one.kind]:
                values = {"id": one.sourced_id, "other": f"{one.kind}.csv"}
                self.block("dangling_here", one.file, one.line, one.column, **values)

    # ---- people and what they are

    def plan_people(self) -> None:
        tally = self.tallies["people"]
        users = self.bundle.users.rows
        rows = self.rows_of(Person, Person.objects.filter(sourced_id__in=self.named("users")))
        demographics = {one.sourced_id: one for one in self.bundle.demographics.rows if not one.deleted}
        self.person_of: dict[str, uuid.UUID] = {}
        self.names: dict[Pk, str] = {}
        known = {row[1]: row for row in rows}
        known |= self.staff_by_email(users, known)
        names = {one.username.lower() for one in users if SIGN_IN_NAME.fullmatch(one.username.lower())}
        taken = dict(Person.objects.filter(sign_in_name__in=names).values_list("sign_in_name", "pk"))
        self.person_of |= {sourced_id: row[0] for sourced_id, row in known.items()}
        self.live_users = {one.sourced_id for one in users if not one.deleted}
        for one in users:
            if one.deleted:
                continue
            old = known.get(one.sourced_id)
            pk = old[0] if old else uuid.uuid4()
            self.person_of[one.sourced_id] = pk
            born = demographics[one.sourced_id].birth_date if one.sourced_id in demographics else None
            sign_in_name = self.sign_in_name(one, pk, old, taken)
            row = (
                *(pk, one.sourced_id, (one.given_name or one.family_name)[:80]),
                one.family_name[:80] if one.given_name else "",
                old[4] if old else _preferred(one)[:120],
                _email(one.email),
                sign_in_name,
                born or (old[7] if old else None),
                one.enabled,
                old[9] if old else make_password(None),
            )
            self.names[pk] = f"{row[2]} {row[3]}".strip()
            tally.count(self.put(Person, old, row), pk)
        for sourced_id, said in demographics.items():
            old = known.get(sourced_id)
            if sourced_id not in self.live_users and old and said.birth_date:
                row = (*old[:7], said.birth_date, *old[8:])
                if self.put(Person, old, row) == "changed":
                    tally.count("changed", old[0])

    def staff_by_email(self, users: list[oneroster.User], known: dict[str, Row]) -> dict[str, Row]:
        """Staff who are here already and in no roster yet: told by an e-mail that one of each side has."""
        staff = {one.user_sourced_id for one in self.bundle.roles.rows if one.role in STAFF}
        learning = {one.user_sourced_id for one in self.bundle.roles.rows if one.role in NOT_STAFF}
        by_email: dict[str, list[str]] = {}
        for one in users:
            if one.sourced_id in staff - learning and one.sourced_id not in known and one.email and not one.deleted:
                by_email.setdefault(one.email.lower(), []).append(one.sourced_id)
        if not by_email:
            return {}
        people = Person.objects.filter(email__in=by_email, sourced_id=None)
        found = {}
        for email, *row in people.values_list("email", *FIELDS[Person]):
            if len(by_email[email]) == 1:
                found[by_email[email][0]] = tuple(row)
                self.notice("staff_by_email", f"{row[2]} {row[3]}".strip(), email)
        return found

    def sign_in_name(self, one: oneroster.User, pk: Pk, old: Row | None, taken: dict[str, Pk]) -> str | None:
        """The roster's, where it is free; who signs in already keeps their own."""
        current = old[6] if old else None
        name = one.username.lower()
        if name == current or not SIGN_IN_NAME.fullmatch(name) or (old and current and not old[9].startswith("!")):
            return current
        if taken.setdefault(name, pk) != pk:
            self.notice("sign_in_name_taken", name)
            return current
        return name

    def plan_roles(self) -> None:
        wanted = self.roles_wanted()
        deleted = {self.person_of[one.sourced_id] for one in self.bundle.users.rows if self.goes(one)}
        named = {person for person, _org, _role in wanted} | set(self.person_of.values())
        known = Q(person__in=named) | Q(org__in=self.scope, rostered=True)
        rows = self.rows_of(RoleAssignment, RoleAssignment.objects.filter(known))
        self.touched |= {school for row in rows if (school := self.school_of(row[2]))}
        best: dict[Row, Row] = {}
        for known_row in sorted(rows, key=lambda row: (row[5] or dt.date.max, row[0])):
            best[known_row[1:4]] = known_row
        tally = self.tallies["roles"]
        live_here = {person for (person, _org, _role), (_begin, end) in wanted.items() if self.is_live(end)}
        for key, (begin, end) in wanted.items():
            old = best.get(key)
            if old and not self.is_live(old[5]) and self.is_live(end):
                old = None
            begins = begin or (old[4] if old else self.today)
            new: Row = (old[0] if old else None, *key, min(begins, end or begins), end, old[6] if old else True)
            tally.count(self.put(RoleAssignment, old, new), key[0], key[2])
            if key[2] == RoleAssignment.Role.SCHOOL_ADMIN and old is None:
                self.notice("leader", self.names.get(key[0], ""))
        for role in ("student", "guardian"):
            self.holds[role] = len({person for person, _org, is_ in wanted if is_ == role})
        self.holds["staff"] = len({person for person, _org, is_ in wanted if is_ not in ("student", "guardian")})
        going = (self.role_key(one) for one in self.bundle.roles.rows if one.deleted)
        marked = {role for role in going if role} - wanted.keys()
        full = self.bundle.roles.mode == "bulk"
        gone_people = self.people_left_out(rows) | deleted
        leaving, staying = set(), set(live_here)
        for row in rows:
            key = (row[1], row[2], row[3])
            if not row[6] or not self.is_live(row[5]) or key in wanted:
                continue
            if row[1] in gone_people or key in marked or (full and row[2] in self.scope):
                self.put(RoleAssignment, row, (*row[:5], max(self.today, row[4]), True))
                tally.count("removed", row[1], row[3])
                leaving.add(row[1])
            else:
                staying.add(row[1])
        elsewhere = RoleAssignment.objects.current().filter(person__in=leaving - staying)
        ended = list(self.tables[RoleAssignment].changed)
        self.gone_people = leaving - staying - set(elsewhere.exclude(pk__in=ended).values_list("person", flat=True))
        for person in sorted(self.gone_people):
            self.tallies["people"].count("removed", person)
        standing = RoleAssignment.objects.current().filter(org__in=self.scope | self.touched, rostered=True)
        self.count_standing("roles", standing)
        self.count_standing("people", standing, "person")

    def goes(self, one: oneroster.User) -> bool:
        return one.deleted and one.sourced_id in self.person_of

    def people_left_out(self, rows: list[Row]) -> set[Pk]:
        """Those of the file's schools whom a full list of users no longer names."""
        if self.bundle.users.mode != "bulk":
            return set()
        named = {self.person_of[one] for one in self.live_users}
        return {row[1] for row in rows if row[6] and row[2] in self.scope} - named

    def roles_wanted(self) -> dict[Row, tuple[dt.date | None, dt.date | None]]:
        """(person, org, role) → first day, day of the end. The widest span where the file says one twice."""
        wanted: dict[Row, tuple[dt.date | None, dt.date | None]] = {}
        self.homes: dict[Pk, uuid.UUID] = {}
        for one in sorted(self.bundle.roles.rows, key=lambda one: one.role_type != "primary"):
            if one.deleted:
                continue
            if (key := self.role_key(one)) is None:
                self.notice("no_role_given", self.names.get(self.person_of[one.user_sourced_id], ""), one.role)
                continue
            begin, end = one.begin_date, one.end_date
            if key in wanted:
                before = wanted[key]
                begin = min(begin, before[0]) if begin and before[0] else None
                end = max(end, before[1]) if end and before[1] else None
            wanted[key] = (begin, end)
            if key[2] == RoleAssignment.Role.STUDENT and self.is_live(end):
                self.homes.setdefault(key[0], key[1])
        if not self.bundle.agents.rows:
            return wanted
        at_home = self.homes | dict(
            Learner.objects.filter(pk__in=[self.person_of[one.student_sourced_id] for one in self.bundle.agents.rows])
            .exclude(pk__in=self.homes)
            .values_list("pk", "home_id")
        )
        for tie in self.bundle.agents.rows:
            home = at_home.get(self.person_of[tie.student_sourced_id])
            if home:
                wanted.setdefault((self.person_of[tie.agent_sourced_id], home, "guardian"), (None, None))
        return wanted

    def role_key(self, one: oneroster.Role) -> Row | None:
        """The role as it is here; None where a file may not give it, or there is no school for it."""
        person, org = self.person_of.get(one.user_sourced_id), self.org_of.get(one.org_sourced_id)
        role = ROLES.get(one.role)
        if role in (RoleAssignment.Role.STUDENT, RoleAssignment.Role.SCHOOL_ADMIN):
            org = self.school_of(org)
        return (person, org, role) if person and org and role else None

    # ---- who is in which class

    def plan_enrollments(self) -> None:
        kind, tally = self.bundle.enrollments, self.tallies["enrollments"]
        wanted = Q(sourced_id__in=[one.sourced_id for one in kind.rows]) if kind.mode != "bulk" else Q(pk=None)
        if kind.mode == "bulk":
            wanted |= Q(section__in=list(self.section_rows))
        live = [one for one in kind.rows if not one.deleted]
        if kind.mode == "delta":
            wanted |= Q(
                section__in={self.section_of[one.class_sourced_id] for one in live},
                person__in={self.person_of[one.user_sourced_id] for one in live},
                ends=None,
            )
        rows = self.rows_of(
            Enrollment,
            Enrollment.objects.filter(
                wanted | Q(person__in=self.gone_people, ends=None) | Q(section__in=self.closed_sections, ends=None)
            ),
        )
        if elsewhere := {row[2] for row in rows} - self.section_rows.keys():
            sections = self.rows_of(Section, Section.objects.filter(pk__in=elsewhere))
            self.section_rows |= {row[0]: row for row in sections}
        known = {row[1]: row for row in rows if row[1]}
        open_rows = {(row[2], row[3], row[4]): row for row in rows if row[7] is None}
        named = {one.sourced_id for one in kind.rows}
        kept: set[Pk] = set()
        opened: dict[Row, int] = {}
        self.taking: dict[Pk, uuid.UUID] = {}
        for one in live:
            section, person = self.section_of[one.class_sourced_id], self.person_of[one.user_sourced_id]
            key = (section, person, one.role)
            old = known.get(one.sourced_id)
            if old is None and one.end_date is None and (same := open_rows.get(key)) and same[1] not in named:
                old = same
            if one.end_date is None and opened.setdefault(key, one.line) != one.line:
                self.block("enrolled_twice", "enrollments.csv", one.line, "sourcedId", first=opened[key])
                continue
            begins = min(one.begin_date, one.end_date) if one.begin_date and one.end_date else one.begin_date
            row = (old[0] if old else None, one.sourced_id, *key, one.primary, begins, one.end_date)
            if old:
                kept.add(old[0])
            tally.count(self.put(Enrollment, old, row), person, section)
            if one.role == Enrollment.Role.STUDENT and self.is_live(one.end_date):
                self.taking.setdefault(person, self.section_rows[section][2])
        marked = {one.sourced_id for one in kind.rows if one.deleted}
        for row in rows:
            if row[0] in kept or not row[1] or not self.is_live(row[7]):
                continue
            left_out = kind.mode == "bulk" and row[1] not in named
            if left_out or row[1] in marked or row[3] in self.gone_people or row[2] in self.closed_sections:
                self.put(Enrollment, row, (*row[:7], max(self.today, row[6] or self.today)))
                tally.count("removed", row[3], row[2])
        self.touched |= {self.section_rows[self.section_of[one.class_sourced_id]][2] for one in live}
        self.touched |= {self.section_rows[row[2]][2] for row in rows}
        standing = Enrollment.objects.current().filter(section__school__in=self.touched).exclude(sourced_id=None)
        self.count_standing("enrollments", standing)

    def plan_learners(self) -> None:
        students = self.taking | self.homes
        grades = {self.person_of[one.sourced_id]: one.grades for one in self.bundle.users.rows if not one.deleted}
        wanted = set(students) | {self.person_of[one.student_sourced_id] for one in self.bundle.agents.rows}
        known = {row[0]: row for row in self.rows_of(Learner, Learner.objects.filter(pk__in=wanted))}
        self.home_of = {pk: row[2] for pk, row in known.items()} | self.homes
        for person, school in students.items():
            old = known.get(person)
            home = self.homes.get(person, old[2] if old else school)
            self.home_of[person] = home
            grade = grades[person][0][:20] if grades.get(person) else (old[3] if old else "")
            what = self.put(Learner, old, (person, person, home, grade))
            if what == "changed" and person in grades and person not in self.tables[Person].changed:
                self.tallies["people"].count("changed", person)
                self.tallies["people"].same -= 1

    def plan_families(self) -> None:
        kind, tally = self.bundle.agents, self.tallies["families"]
        wanted = {
            (self.person_of[one.agent_sourced_id], self.person_of[one.student_sourced_id]): one.relation or "other"
            for one in kind.rows
        }
        wanted = {pair: relation for pair, relation in wanted.items() if pair[1] in self.home_of}
        updated = {self.person_of[one] for one in self.live_users}
        known = Q(learner__in=updated | {student for _guardian, student in wanted})
        known |= Q(learner__in=self.gone_people) | Q(guardian__in=self.gone_people)
        if kind.mode == "bulk":
            known |= Q(learner__home__in=self.schools, rostered=True)
        rows = self.rows_of(GuardianLink, GuardianLink.objects.filter(known, ends=None))
        open_rows = {(row[1], row[2]): row for row in rows}
        for pair, relation in wanted.items():
            old = open_rows.pop(pair, None)
            if old is None:
                row: Row = (uuid.uuid4(), *pair, relation, self.today, None, True)
            else:
                row = (*old[:3], relation if old[6] else old[3], *old[4:])
            tally.count(self.put(GuardianLink, old, row), *pair)
        for (guardian, student), row in open_rows.items():
            left_out = kind.mode == "bulk" or (kind.mode == "delta" and student in updated)
            if row[6] and (left_out or {guardian, student} & self.gone_people):
                self.put(GuardianLink, row, (*row[:5], max(self.today, row[4]), True))
                tally.count("removed", guardian, student)
        standing = GuardianLink.objects.current().filter(learner__home__in=self.touched, rostered=True)
        self.count_standing("families", standing)

    # ---- in words

    def name_examples(self) -> None:
        """Ids among the examples become names: one query for those whom the file does not name."""
        kept = [
            one
            for tally in self.tallies.values()
            for examples in tally.examples.values()
            for example in examples
            for one in example
        ]
        missing = {one for one in kept if isinstance(one, uuid.UUID)} - self.names.keys() - self.section_rows.keys()
        if missing:
            for one in Person.objects.filter(pk__in=missing):
                self.names[one.pk] = one.full_name
            for pk, title in Section.objects.filter(pk__in=missing).values_list("pk", "title"):
                self.names[pk] = title
        titles = {pk: row[4] for pk, row in self.section_rows.items()}
        for tally in self.tallies.values():
            for what, examples in tally.examples.items():
                tally.examples[what] = [
                    [self.names.get(one, titles.get(one, one)) for one in example] for example in examples
                ]

    def note_large_homerooms(self) -> None:
        """Advisories of more students than one adult can know; where the file says all who are in them."""
        if self.bundle.enrollments.mode != "bulk":
            return
        sizes: dict[str, int] = {}
        for one in self.bundle.enrollments.rows:
            if one.role == "student" and not one.deleted and self.is_live(one.end_date):
                sizes[one.class_sourced_id] = sizes.get(one.class_sourced_id, 0) + 1
        for section in self.bundle.classes.rows:
            if (
                section.class_type == "homeroom"
                and not section.deleted
                and sizes.get(section.sourced_id, 0) > ADVISORY_SIZE
            ):
                self.notice("homeroom_large", section.title, sizes[section.sourced_id])


def _preferred(one: oneroster.User) -> str:
    if not one.preferred_given_name and not one.preferred_family_name:
        return ""
    return f"{one.preferred_given_name or one.given_name} {one.preferred_family_name or one.family_name}".strip()


def _email(text: str) -> str:
    return text if len(text) <= 254 and "@" in text else ""
