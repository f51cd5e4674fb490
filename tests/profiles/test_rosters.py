"""A roster is looked at, applied and undone: what comes, changes and ends, and what of it may."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.models import (
    Absence,
    AcademicSession,
    Actor,
    Change,
    Course,
    Enrollment,
    Evidence,
    GuardianLink,
    Learner,
    Org,
    Person,
    RoleAssignment,
    RosterImport,
    Section,
)
from profiles.rosters import work
from profiles.rosters.plan import FIELDS, Plan
from profiles.rosters.sample import Files, School, bundle, files, table
from profiles.standards import oneroster
from tests.cast import Cast

HEAD_OFFICE = Actor("import", "test")
SCHOOL = School()


@pytest.fixture(autouse=True)
def _in_march(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRELLIS_TODAY", "2020-03-02")


@pytest.fixture
def district(cast: Cast) -> Org:
    return cast.org("district")


def looked(district: Org, rows: Files, **options: Any) -> RosterImport:
    record = work.receive(district, "roster.zip", bundle(rows, **options), by=None)
    work.look(record)
    return RosterImport.objects.get(pk=record.pk)


def applied(district: Org, rows: Files, *, confirmed: bool = False, **options: Any) -> RosterImport:
    record = looked(district, rows, **options)
    work.apply(record, by=HEAD_OFFICE, confirmed=confirmed)
    return RosterImport.objects.get(pk=record.pk)


def planned(district: Org, rows: Files, **options: Any) -> Plan:
    return Plan(oneroster.read(bundle(rows, **options)), district)


def counts(report: dict[str, Any]) -> dict[str, tuple[int, int, int]]:
    return {
        kind: (one["added"], one["changed"], one["removed"])
        for kind, one in report["kinds"].items()
        if one["added"] or one["changed"] or one["removed"]
    }


def tables() -> dict[str, list[tuple[Any, ...]]]:
    """Every row a roster could write, as it is; versions and serial keys apart."""
    found = {}
    for model, names in FIELDS.items():
        rows = model._default_manager.values_list(*(name for name in names if name not in ("id", "password")))
        found[model.__name__] = sorted(rows, key=str)
    return found


def rows_of(rows: Files, kind: str, sourced_id: str) -> dict[str, object]:
    return next(row for row in rows[kind] if row["sourcedId"] == sourced_id)


def without(rows: Files, kind: str, *sourced_ids: str) -> Files:
    return rows | {kind: [row for row in rows[kind] if row["sourcedId"] not in sourced_ids]}


def only(rows: Files, *kinds: str) -> Files:
    return {kind: rows[kind] for kind in kinds}


# ---- what a first roster brings


def test_a_look_says_what_would_come_and_writes_nothing(district: Org) -> None:
    before = tables()

    record = looked(district, files(SCHOOL))

    assert record.state == "looked"
    assert counts(record.report) == {
        "orgs": (1, 1, 0),
        "people": (10, 0, 0),
        "roles": (10, 0, 0),
        "families": (4, 0, 0),
        "sessions": (3, 0, 0),
        "courses": (2, 0, 0),
        "classes": (3, 0, 0),
        "enrollments": (15, 0, 0),
    }
    assert tables() == before


def test_a_roster_brings_people_who_cannot_sign_in_yet(district: Org) -> None:
    applied(district, files(SCHOOL))

    ana = Person.objects.get(sourced_id="maple-s0")
    assert (ana.full_name, ana.sign_in_name, ana.email, ana.contact_email) == (
        "Ana Abel",
        "maple.s0",
        None,
        "maple-s0@example.org",
    )
    assert (ana.birth_date, ana.has_usable_password()) == (dt.date(2004, 1, 10), False)
    assert (ana.learner.home.name, ana.learner.grade) == ("Maple School", "09")
    link = GuardianLink.objects.get(learner=ana.learner)
    assert (link.guardian.sourced_id, link.relation, link.rights) == ("maple-f0-0", "parent", "view")
    assert list(link.guardian.role_assignments.values_list("role", "org__name")) == [("guardian", "Maple School")]


def test_a_roster_brings_classes_with_their_terms_and_homerooms_as_advisories(district: Org) -> None:
    applied(district, files(SCHOOL))

    section = Section.objects.get(sourced_id="maple-c0")
    assert (section.title, section.periods, section.advisory) == ("Class 0", "1", False)
    assert (section.begins, section.ends) == (dt.date(2019, 9, 1), dt.date(2020, 7, 16))
    assert list(section.sessions.values_list("title", flat=True)) == ["Fall", "Spring"]
    assert Section.objects.get(sourced_id="maple-h0").advisory
    assert Section.objects.current().count() == 3


def test_the_schools_of_a_roster_have_begun_with_students(district: Org) -> None:
    applied(district, files(SCHOOL))

    assert Org.objects.get(sourced_id="maple").begun == ["learners"]


def test_one_act_through_the_districts_door(district: Org) -> None:
    record = applied(district, files(SCHOOL))

    change = Change.objects.get(stream=district.stream)
    assert (change.verb, change.target, change.actor_kind) == ("roster_applied", str(record.pk), "import")
    assert change.after
    assert change.after["kinds"]["people"] == [10, 0, 0]


def test_the_same_file_again_changes_nothing(district: Org) -> None:
    applied(district, files(SCHOOL))
    before = tables()

    again = applied(district, files(SCHOOL))

    assert counts(again.report) == {}
    assert again.report["empty"]
    assert (tables(), again.may_be_undone) == (before, False)


def test_version_1p2_updates_what_1p1_brought(district: Org) -> None:
    applied(district, files(SCHOOL))

    assert counts(looked(district, files(SCHOOL), version="1.2").report) == {}


# ---- what it is matched with


def test_a_school_is_matched_by_its_name_and_said(cast: Cast, district: Org) -> None:
    name = cast.org("cedar").name

    record = applied(district, files(School(name=name)))

    assert Org.objects.get(sourced_id="maple") == cast.org("cedar")
    assert record.report["notices"]["school_by_name"] == {"count": 1, "examples": [[name]]}


def test_the_district_of_the_file_is_ours_and_keeps_its_name(district: Org) -> None:
    name = district.name

    applied(district, files(SCHOOL))

    district.refresh_from_db()
    assert (district.sourced_id, district.name) == ("district", name)


def test_staff_who_work_here_are_recognized_by_their_e_mail(cast: Cast, district: Org) -> None:
    rows = files(SCHOOL)
    rows_of(rows, "users", "maple-t0")["email"] = str(cast["teacher"].email).upper()

    record = applied(district, rows)

    teacher = cast["teacher"]
    assert teacher.sourced_id == "maple-t0"
    assert record.report["notices"]["staff_by_email"]["count"] == 1
    assert teacher.sign_in_name == "maple.t0"


def test_a_student_is_never_recognized_by_an_e_mail(cast: Cast, district: Org) -> None:
    rows = files(SCHOOL)
    rows_of(rows, "users", "maple-s0")["email"] = cast["teacher"].email

    applied(district, rows)

    assert cast["teacher"].sourced_id is None


def test_a_sign_in_name_that_somebody_has_is_not_given(cast: Cast, district: Org) -> None:
    rows = files(SCHOOL)
    rows_of(rows, "users", "maple-s0")["username"] = cast["student"].sign_in_name

    record = applied(district, rows)

    assert Person.objects.get(sourced_id="maple-s0").sign_in_name is None
    assert record.report["notices"]["sign_in_name_taken"]["count"] == 1


def test_a_file_makes_nobody_leader_of_the_district(district: Org) -> None:
    rows = files(SCHOOL)
    rows["users"].append(rows["users"][0] | {"sourcedId": "boss", "role": "districtAdministrator"})

    plan = planned(district, rows, version="1.2")

    assert plan.notices["no_role_given"] == {"count": 1, "examples": [["Ana Abel t0", "districtAdministrator"]]}
    assert {row[3] for row in plan.tables[RoleAssignment].added} == {"student", "teacher", "guardian"}


def test_who_becomes_leader_of_a_school_is_said(district: Org) -> None:
    rows = files(SCHOOL)
    rows_of(rows, "users", "maple-t0")["role"] = "administrator"

    assert planned(district, rows).notices["leader"] == {"count": 1, "examples": [["Ana Abel t0"]]}


# ---- what changes and ends


def test_a_changed_name_changes_and_nothing_else(district: Org) -> None:
    applied(district, files(SCHOOL))
    rows = files(SCHOOL)
    rows_of(rows, "users", "maple-s1")["familyName"] = "Novak"

    record = applied(district, rows)

    assert counts(record.report) == {"people": (0, 1, 0)}
    assert Person.objects.get(sourced_id="maple-s1").full_name == "Ben Novak"


def test_who_is_left_out_of_a_full_list_ends_and_keeps_their_history(district: Org) -> None:
    applied(district, files(School(students=12, load=1)))
    rows = without(files(School(students=12, load=1)), "users", "maple-s11", "maple-f11-0")
    rows["enrollments"] = [row for row in rows["enrollments"] if row["userSourcedId"] != "maple-s11"]
    rows["demographics"] = [row for row in rows["demographics"] if row["sourcedId"] != "maple-s11"]

    record = applied(district, rows)

    assert counts(record.report) == {
        "people": (0, 0, 2),
        "roles": (0, 0, 2),
        "families": (0, 0, 1),
        "enrollments": (0, 0, 2),
    }
    gone = Person.objects.get(sourced_id="maple-s11")
    assert set(gone.enrollments.values_list("ends", flat=True)) == {dt.date(2020, 3, 2)}
    assert list(gone.role_assignments.values_list("ends", flat=True)) == [dt.date(2020, 3, 2)]
    assert Learner.objects.filter(person=gone).exists()


def test_who_comes_back_is_enrolled_again(district: Org) -> None:
    everyone = files(School(students=12, load=1))
    applied(district, everyone)
    rows = without(everyone, "enrollments", "maple-c0-s10")
    applied(district, rows)

    applied(district, everyone)

    assert Enrollment.objects.get(sourced_id="maple-c0-s10").ends is None


def test_marked_to_be_deleted_in_a_list_of_changes_ends(district: Org) -> None:
    applied(district, files(School(students=12, load=1)))
    rows = files(School(students=12, load=1))
    change = rows_of(rows, "enrollments", "maple-c0-s2") | {"status": "tobedeleted"}

    record = applied(district, {"enrollments": [change]}, modes={"enrollments": "delta"})

    assert counts(record.report) == {"enrollments": (0, 0, 1)}
    assert Enrollment.objects.current().filter(sourced_id="maple-c0-s2").count() == 0


def test_a_list_of_changes_ends_nothing_that_it_does_not_name(district: Org) -> None:
    applied(district, files(SCHOOL))
    rows = files(SCHOOL)
    user = rows_of(rows, "users", "maple-t0") | {"familyName": "Kim", "status": "active"}

    record = looked(district, {"users": [user]}, modes={"users": "delta"})

    assert counts(record.report) == {"people": (0, 1, 0)}


def test_a_person_marked_to_be_deleted_loses_roles_and_places(district: Org) -> None:
    applied(district, files(School(students=12, load=1)))
    user = rows_of(files(School(students=12, load=1)), "users", "maple-s3") | {"status": "tobedeleted"}

    record = applied(district, {"users": [user]}, modes={"users": "delta"})

    assert counts(record.report) == {
        "people": (0, 0, 1),
        "roles": (0, 0, 1),
        "families": (0, 0, 1),
        "enrollments": (0, 0, 2),
    }


def test_a_class_that_is_left_out_closes(district: Org) -> None:
    school = School(students=40, sections=20, homerooms=0, load=1)
    applied(district, files(school))
    rows = without(files(school), "classes", "maple-c19")
    rows["enrollments"] = [row for row in rows["enrollments"] if row["classSourcedId"] != "maple-c19"]

    record = applied(district, rows)

    assert counts(record.report)["classes"] == (0, 0, 1)
    assert Section.objects.get(sourced_id="maple-c19").closed
    assert Section.objects.current().count() == 19


def test_what_people_made_by_hand_is_no_rosters_to_end(cast: Cast, district: Org) -> None:
    applied(district, files(SCHOOL))
    school = Org.objects.get(sourced_id="maple")
    teacher = Person.objects.get(sourced_id="maple-t0")
    school.give_role(teacher, "coach", by=cast["district"])
    school.give_role(cast["math"], "teacher", by=cast["district"])
    Section.objects.create(school=school, title="Chess")

    assert counts(looked(district, files(SCHOOL)).report) == {}


def test_a_roster_of_one_school_leaves_another_alone(district: Org) -> None:
    applied(district, files(SCHOOL))
    other = files(School(key="birch", name="Birch School"))

    record = looked(district, other)

    assert {one["removed"] for one in record.report["kinds"].values()} == {0}


def test_who_moves_to_another_school_is_not_gone(district: Org) -> None:
    applied(district, files(SCHOOL))
    other = files(School(key="birch", name="Birch School"))
    mover = rows_of(files(SCHOOL), "users", "maple-t1") | {"orgSourcedIds": "birch"}
    other["users"].append(mover)
    applied(district, other)
    rows = without(files(SCHOOL), "users", "maple-t1")
    rows["enrollments"] = [row for row in rows["enrollments"] if row["userSourcedId"] != "maple-t1"]

    record = looked(district, rows)

    assert counts(record.report) == {"roles": (0, 0, 1), "enrollments": (0, 0, 1)}


# ---- much would go


def half(rows: Files) -> Files:
    gone = {f"maple-s{n}" for n in range(2)} | {f"maple-f{n}-0" for n in range(2)}
    rows = without(rows, "users", *gone)
    rows = without(rows, "demographics", *gone)
    return rows | {"enrollments": [row for row in rows["enrollments"] if row["userSourcedId"] not in gone]}


def test_half_a_school_stops_and_asks(district: Org) -> None:
    applied(district, files(SCHOOL))
    before = tables()
    record = looked(district, half(files(SCHOOL)))
    assert record.report["mass"] == ["people", "roles", "families", "enrollments"]

    with pytest.raises(work.Refused) as refused:
        work.apply(record, by=HEAD_OFFICE)

    assert (refused.value.code, tables()) == ("mass", before)


def test_half_a_school_goes_when_it_is_meant(district: Org) -> None:
    applied(district, files(SCHOOL))

    applied(district, half(files(SCHOOL)), confirmed=True)

    assert RoleAssignment.objects.current().filter(org__sourced_id="maple", role="student").count() == 2


# ---- undo


def test_undo_puts_back_every_row(cast: Cast, district: Org) -> None:
    cast.section("math")
    before = tables()
    record = applied(district, files(School(name=cast.org("cedar").name)))

    work.undo(record, by=cast["district"])

    assert tables() == before
    assert (record.state, record.report["stayed"]) == ("undone", {})


def test_undo_of_an_update_puts_back_names_roles_and_places(district: Org) -> None:
    applied(district, files(SCHOOL))
    before = tables()
    rows = half(files(SCHOOL))
    rows_of(rows, "users", "maple-s3")["givenName"] = "Dora"
    rows_of(rows, "classes", "maple-c0")["termSourcedIds"] = "spring"
    record = applied(district, rows, confirmed=True)
    assert tables() != before

    work.undo(record, by=HEAD_OFFICE)

    assert tables() == before


def test_undo_is_refused_while_a_later_roster_stands_on_it(district: Org) -> None:
    first = applied(district, files(SCHOOL))
    rows = files(SCHOOL)
    rows_of(rows, "users", "maple-s3")["givenName"] = "Dora"
    second = applied(district, rows)

    with pytest.raises(work.Refused) as refused:
        work.undo(first, by=HEAD_OFFICE)

    assert (refused.value.code, refused.value.record) == ("later", second)
    work.undo(second, by=HEAD_OFFICE)
    work.undo(first, by=HEAD_OFFICE)
    assert Person.objects.filter(sourced_id__startswith="maple").count() == 0


def test_undo_is_refused_after_thirty_days(district: Org) -> None:
    record = applied(district, files(SCHOOL))
    RosterImport.objects.update(applied_at=record.applied_at - dt.timedelta(days=31))  # type: ignore[operator]
    record.refresh_from_db()

    with pytest.raises(work.Refused) as refused:
        work.undo(record, by=HEAD_OFFICE)

    assert refused.value.code == "too_late"


def test_undo_keeps_whom_something_was_written_about(cast: Cast, district: Org) -> None:
    record = applied(district, files(SCHOOL))
    learner = Learner.objects.get(person__sourced_id="maple-s0")
    Evidence.objects.create(
        learner=learner, section=Section.objects.get(sourced_id="maple-c0"), evidence_kind="observation",
        observed_on=dt.date(2020, 3, 2),
    )  # fmt: skip

    work.undo(record, by=cast["district"])

    assert list(Person.objects.filter(sourced_id__startswith="maple").values_list("sourced_id", flat=True)) == [
        "maple-s0"
    ]
    assert list(Enrollment.objects.filter(person__sourced_id="maple-s0").values_list("sourced_id", flat=True)) == [
        "maple-c0-s0"
    ]
    assert learner.home.name == "Maple School"
    assert record.report["stayed"]["profiles.person"] == 1


def test_undo_keeps_what_was_changed_since(cast: Cast, district: Org) -> None:
    applied(district, files(SCHOOL))
    rows = files(SCHOOL)
    rows_of(rows, "users", "maple-s3")["givenName"] = "Dora"
    record = applied(district, rows)
    Person.objects.filter(sourced_id="maple-s3").update(given_name="Dorothea")

    work.undo(record, by=cast["district"])

    assert Person.objects.get(sourced_id="maple-s3").given_name == "Dorothea"
    assert record.report["stayed"] == {"profiles.person": 1}


# ---- what cannot be used


def refused_for(record: RosterImport) -> list[tuple[str, str, int, str]]:
    return [(one["code"], one["file"], one["line"], one["column"]) for one in record.report["problems"]]


def test_a_list_of_changes_about_somebody_unknown_is_refused(district: Org) -> None:
    change = rows_of(files(SCHOOL), "enrollments", "maple-c0-s2") | {"status": "active"}

    record = looked(district, {"enrollments": [change]}, modes={"enrollments": "delta"})

    assert record.state == "refused"
    assert refused_for(record) == [
        ("dangling_here", "enrollments.csv", 2, "classSourcedId"),
        ("dangling_here", "enrollments.csv", 2, "schoolSourcedId"),
        ("dangling_here", "enrollments.csv", 2, "userSourcedId"),
    ]


def test_a_class_at_no_school_is_refused(district: Org) -> None:
    rows = files(SCHOOL)
    rows_of(rows, "classes", "maple-c0")["schoolSourcedId"] = "district"

    assert refused_for(looked(district, rows)) == [("class_nowhere", "classes.csv", 3, "schoolSourcedId")]


def test_the_same_place_twice_is_refused(district: Org) -> None:
    rows = files(SCHOOL)
    rows["enrollments"].append(rows_of(rows, "enrollments", "maple-c0-s2") | {"sourcedId": "again"})

    assert [one[:2] for one in refused_for(looked(district, rows))] == [("enrolled_twice", "enrollments.csv")]


def test_a_file_that_was_left_is_not_kept(district: Org) -> None:
    first = looked(district, files(SCHOOL))

    looked(district, files(SCHOOL))

    first.refresh_from_db()
    with pytest.raises(work.Refused) as refused:
        work.apply(first, by=HEAD_OFFICE)
    assert (first.file, refused.value.code) == (None, "file_gone")


def test_large_homerooms_are_pointed_out(district: Org) -> None:
    plan = planned(district, files(School(students=16)))

    assert plan.notices["homeroom_large"] == {"count": 1, "examples": [["Homeroom 0", 16]]}


def test_statements_do_not_grow_with_the_school(district: Org) -> None:
    def spent(school: School) -> int:
        record = looked(district, files(school))
        with CaptureQueriesContext(connection) as queries:
            work.apply(record, by=HEAD_OFFICE)
        return len(queries)

    applied(district, files(SCHOOL))

    assert spent(School(key="one", name="One")) == spent(
        School(key="three", name="Three", students=60, sections=20, teachers=9)
    )


# ---- days absent


def absences(district: Org, lines: list[dict[str, object]]) -> RosterImport:
    record = work.receive(district, "absent.csv", table(lines).encode(), by=None)
    work.look(record)
    return record


def test_days_absent_come_by_id_or_sign_in_name_on_school_days_only(cast: Cast, district: Org) -> None:
    applied(district, files(SCHOOL))

    record = absences(
        district,
        [
            {"student_id": "maple-s0", "from": "2020-02-27", "to": "2020-03-02"},
            {"student_id": "maple.s1", "from": "2020-02-28", "to": "2020-02-28"},
            {"student_id": "nobody", "from": "2020-02-28", "to": "2020-02-28"},
        ],
    )
    work.apply(record, by=cast["district"])

    assert list(Absence.objects.order_by("learner__person__sourced_id", "day").values_list("day", flat=True)) == [
        dt.date(2020, 2, 27),
        dt.date(2020, 2, 28),
        dt.date(2020, 3, 2),
        dt.date(2020, 2, 28),
    ]
    assert [(one["code"], one["line"]) for one in record.report["problems"]] == [("student_unknown", 4)]


def test_days_absent_again_change_nothing_and_are_undone(cast: Cast, district: Org) -> None:
    applied(district, files(SCHOOL))
    lines: list[dict[str, object]] = [{"student_id": "maple-s0", "date": "2020-02-28"}]
    record = absences(district, lines)
    work.apply(record, by=cast["district"])

    assert absences(district, lines).report["empty"]
    work.undo(record, by=cast["district"])

    assert Absence.objects.count() == 0


def test_terms_and_courses_that_are_left_out_close(district: Org) -> None:
    applied(district, files(SCHOOL))
    rows = without(files(SCHOOL), "academicSessions", "fall")
    rows = without(rows, "courses", "maple-k1")
    for one in rows["classes"]:
        one["termSourcedIds"], one["courseSourcedId"] = "spring", "maple-k0"

    applied(district, rows, confirmed=True)

    assert list(AcademicSession.objects.filter(closed=True).values_list("title", flat=True)) == ["Fall"]
    assert list(Course.objects.filter(closed=True).values_list("title", flat=True)) == ["Course 1"]
