"""A OneRoster bundle of an invented school, of any size and in either version: for the bench and for tests."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Cells = Mapping[str, object]
Files = dict[str, list[dict[str, object]]]

GIVEN = ("Ana", "Ben", "Cora", "Dev", "Elif", "Femi", "Gus", "Hana", "Ivo", "Joy", "Kai", "Lena", "Mo", "Nia", "Omar")
FAMILY = ("Abel", "Brandt", "Costa", "Diaz", "Ekman", "Flores", "Garcia", "Haas", "Ito", "Jansen", "Kaya", "Lopez")


@dataclass(frozen=True)
class School:
    """How large; students have one family each, and every class `students / sections * load` students."""

    key: str = "maple"
    name: str = "Maple School"
    students: int = 4
    teachers: int = 2
    sections: int = 2
    homerooms: int = 1
    courses: int = 2
    load: int = 2
    """Classes a student is in, beside the homeroom."""
    guardians: Sequence[int] = field(default=(1,))
    """Guardians of the first student, the second, … repeated."""


def files(school: School) -> Files:
    """The rows of each file, as 1.1 has them; to be changed before `bundle` writes them."""
    key = school.key
    guardians = [
        (f"{key}-f{n}-{one}", n)
        for n in range(school.students)
        for one in range(school.guardians[n % len(school.guardians)])
    ]
    classes = [(f"{key}-h{n}", "homeroom", n) for n in range(school.homerooms)]
    classes += [(f"{key}-c{n}", "scheduled", n) for n in range(school.sections)]
    users = [_user(f"{key}-t{n}", "teacher", key, n) for n in range(school.teachers)]
    by_child: dict[int, list[str]] = {}
    for one, child in guardians:
        by_child.setdefault(child, []).append(one)
    users += [
        _user(f"{key}-s{n}", "student", key, n, agents=by_child.get(n, []), grades="09") for n in range(school.students)
    ]
    users += [_user(one, "parent", key, child) for one, child in guardians]
    enrollments = [
        _enrollment(f"{one}-t", one, key, f"{key}-t{at % school.teachers}", "teacher")
        for at, (one, _kind, _n) in enumerate(classes)
    ]
    for n in range(school.students):
        taken = [f"{key}-h{n % school.homerooms}"] if school.homerooms else []
        taken += [f"{key}-c{(n * school.load + one) % school.sections}" for one in range(school.load)]
        enrollments += [_enrollment(f"{one}-s{n}", one, key, f"{key}-s{n}", "student") for one in dict.fromkeys(taken)]
    return {
        "orgs": [
            {"sourcedId": "district", "name": "The district", "type": "district"},
            {"sourcedId": key, "name": school.name, "type": "school", "parentSourcedId": "district"},
        ],
        "academicSessions": [
            _session("year", "School year", "schoolYear", "2019-09-01", "2020-07-16", ""),
            _session("fall", "Fall", "term", "2019-09-01", "2020-01-18", "year"),
            _session("spring", "Spring", "term", "2020-01-20", "2020-07-16", "year"),
        ],
        "courses": [
            {"sourcedId": f"{key}-k{n}", "title": f"Course {n}", "courseCode": f"K{n}", "orgSourcedId": key}
            for n in range(school.courses)
        ],
        "classes": [
            {
                "sourcedId": one,
                "title": f"Homeroom {n}" if kind == "homeroom" else f"Class {n}",
                "courseSourcedId": f"{key}-k{n % school.courses}",
                "classType": kind,
                "schoolSourcedId": key,
                "termSourcedIds": "fall,spring",
                "periods": str(n % 8 + 1),
            }
            for one, kind, n in classes
        ],
        "users": users,
        "demographics": [
            {"sourcedId": f"{key}-s{n}", "birthDate": f"{2004 + n % 3}-0{n % 9 + 1}-1{n % 10}"}
            for n in range(school.students)
        ],
        "enrollments": enrollments,
    }


def bundle(rows: Files, *, version: str = "1.1", modes: Mapping[str, str] | None = None) -> bytes:
    """The zip of these files. `modes`: of the manifest, where one is not bulk."""
    if version == "1.2":
        rows = _with_roles(rows)
    chosen = dict(modes or {})
    manifest = [{"propertyName": "manifest.version", "value": "1.0"}]
    manifest += [{"propertyName": "oneroster.version", "value": version}]
    manifest += [{"propertyName": f"file.{name}", "value": chosen.get(name, "bulk")} for name in rows]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.csv", table(manifest))
        for name, lines in rows.items():
            archive.writestr(f"{name}.csv", table(lines))
    return out.getvalue()


def table(lines: Iterable[Cells], separator: str = ",") -> str:
    """A CSV under the headings of all lines together."""
    lines = list(lines)
    heads = list(dict.fromkeys(head for line in lines for head in line))
    out = io.StringIO()
    writer = csv.DictWriter(out, heads, restval="", delimiter=separator, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue()


def _user(one: str, role: str, org: str, n: int, *, agents: Sequence[str] = (), grades: str = "") -> dict[str, object]:
    given, family = GIVEN[n % len(GIVEN)], FAMILY[n // len(GIVEN) % len(FAMILY)]
    return {
        "sourcedId": one,
        "status": "",
        "enabledUser": "true",
        "orgSourcedIds": org,
        "role": role,
        "username": one.replace("-", "."),
        "givenName": given,
        "familyName": f"{family} {one.rpartition('-')[2]}" if role != "student" else family,
        "email": f"{one}@example.org",
        "agentSourcedIds": ",".join(agents),
        "grades": grades,
    }


def _enrollment(one: str, section: str, org: str, user: str, role: str) -> dict[str, object]:
    return {
        "sourcedId": one,
        "status": "",
        "classSourcedId": section,
        "schoolSourcedId": org,
        "userSourcedId": user,
        "role": role,
        "primary": "true" if role == "teacher" else "false",
        "beginDate": "",
        "endDate": "",
    }


def _session(one: str, title: str, kind: str, first: str, last: str, parent: str) -> dict[str, object]:
    return {
        "sourcedId": one,
        "title": title,
        "type": kind,
        "startDate": first,
        "endDate": last,
        "parentSourcedId": parent,
        "schoolYear": "2020",
    }


def _with_roles(rows: Files) -> Files:
    """As 1.2 has it: the roles of users in a file of their own."""
    users, roles = [], []
    for user in rows["users"]:
        user = dict(user)
        org, role = user.pop("orgSourcedIds"), user.pop("role")
        users.append({**user, "primaryOrgSourcedId": org})
        roles.append(
            {
                "sourcedId": f"r-{user['sourcedId']}",
                "status": user["status"],
                "userSourcedId": user["sourcedId"],
                "roleType": "primary",
                "role": role,
                "orgSourcedId": org,
            }
        )
    return {**rows, "users": users, "roles": roles}
