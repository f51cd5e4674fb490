"""The shared rosters come in whole; a hostile or broken file is answered in sentences, and nothing is written."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.commands import Hindrance
from profiles.models import Actor, Course, Enrollment, Learner, Org, Person, RoleAssignment, RosterImport, Section
from profiles.rosters import reading, work
from profiles.rosters.sample import Files, School, bundle, files, table
from tests.cast import Cast

from .test_rosters import counts, tables

SHARED = Path(__file__).parents[2].parent / "shared/data/rosters"
SCHOOL = School()


@pytest.fixture(autouse=True)
def _in_march(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRELLIS_TODAY", "2020-03-02")


@pytest.fixture
def district(cast: Cast) -> Org:
    return cast.org("district")


def shared(name: str) -> bytes:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not here")
    return path.read_bytes()


def look(district: Org, data: bytes, name: str = "roster.zip") -> RosterImport:
    record = work.receive(district, name, data, by=None)
    work.look(record)
    return record


# ---- the shared rosters


def test_maple_grove_comes_in_whole_and_its_second_version_removes_nothing(district: Org) -> None:
    before = tables()
    record = look(district, shared("maple_grove_v1p1.zip"))
    with CaptureQueriesContext(connection) as queries:
        work.apply(record, by=Actor("import", "test"))

    assert len(queries) <= 60
    assert counts(record.report) == {
        "orgs": (1, 0, 0),
        "people": (1599, 0, 0),
        "roles": (1599, 0, 0),
        "families": (1009, 0, 0),
        "sessions": (26, 0, 0),
        "courses": (80, 0, 0),
        "classes": (320, 0, 0),
        "enrollments": (9936, 0, 0),
    }
    maple = Org.objects.get(name="Maple Grove School")
    roles = RoleAssignment.objects.current().filter(org=maple)
    assert [roles.filter(role=role).count() for role in ("student", "guardian", "teacher")] == [601, 964, 34]
    assert [one.objects.filter(sourced_id__isnull=False).count() for one in (Course, Section, Enrollment)] == [
        80,
        320,
        9936,
    ]
    assert Learner.objects.filter(home=maple, person__birth_date__isnull=False).count() == 601
    assert record.report["notices"]["homeroom_large"]["count"] == 20
    whole = tables()

    second = look(district, shared("maple_grove_v1p2.zip"))
    work.apply(second, by=Actor("import", "test"))
    assert ({one["removed"] for one in second.report["kinds"].values()}, tables()) == ({0}, whole)

    work.undo(record, by=Actor("import", "test"))
    assert tables() == before


def test_a_roster_with_a_byte_order_mark_comes_in(district: Org) -> None:
    record = look(district, shared("m01_bom_lf.zip"))

    assert (record.state, counts(record.report)["enrollments"]) == ("looked", (9936, 0, 0))


def test_a_roster_without_a_manifest_is_answered_clearly(district: Org) -> None:
    record = look(district, shared("m08_no_manifest.zip"))

    assert record.state == "refused"
    assert [one["code"] for one in record.report["problems"]] == ["no_manifest"]


# ---- what is broken or means harm

Spoil = Callable[[Files], bytes]


def spoiled(kind: str, **cells: object) -> Spoil:
    """The first row of a file says something else."""

    def spoil(rows: Files) -> bytes:
        rows[kind][0] = rows[kind][0] | cells
        return bundle(rows)

    return spoil


def twice(rows: Files) -> bytes:
    rows["users"].append(rows["users"][0])
    return bundle(rows)


def cut_off(rows: Files) -> bytes:
    return bundle(rows)[:-400]


def in_a_folder(rows: Files) -> bytes:
    return bundle(rows).replace(b"orgs.csv", b"../a.csv")


def not_text(rows: Files) -> bytes:
    return bundle({"orgs": [{"sourcedId": "\x00", "name": "a", "type": "school"}]})


BROKEN: dict[str, tuple[Spoil, str]] = {
    "cut off": (cut_off, "damaged"),
    "the same id twice": (twice, "id_twice"),
    "an enrollment in no class": (spoiled("enrollments", classSourcedId="nowhere"), "dangling"),
    "a user in no school": (spoiled("users", orgSourcedIds="nowhere"), "dangling"),
    "an unknown role": (spoiled("users", role="wizard"), "value_unknown"),
    "an unknown kind of class": (spoiled("classes", classType="seminar"), "value_unknown"),
    "a day that never was": (spoiled("academicSessions", startDate="2020-02-30"), "date_impossible"),
    "an American date": (spoiled("academicSessions", startDate="09/01/2019"), "date"),
    "an end before its beginning": (spoiled("academicSessions", endDate="2019-01-01"), "dates_turned"),
    "a path out of the archive": (in_a_folder, "paths"),
    "no text": (not_text, "binary"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_gets_its_sentence_and_writes_nothing(what: str, district: Org) -> None:
    spoil, code = BROKEN[what]
    before = tables()

    record = look(district, spoil(files(SCHOOL)))

    assert (record.state, record.report["problems"][0]["code"]) == ("refused", code)
    assert (tables(), record.file) == (before, None)


def test_a_wrong_separator_is_read_and_pointed_out(district: Org) -> None:
    rows = files(SCHOOL)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(bundle(rows))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, table(rows["orgs"], ";") if name == "orgs.csv" else old.read(name))

    record = look(district, out.getvalue())

    assert record.state == "looked"
    assert [(one["code"], one["file"]) for one in record.report["problems"]] == [("separator", "orgs.csv")]


def test_names_that_begin_like_formulas_stay_text(district: Org) -> None:
    rows = files(SCHOOL)
    rows["users"][0]["familyName"] = "=HYPERLINK(1)"

    work.apply(look(district, bundle(rows)), by=Actor("import", "test"))

    assert Person.objects.get(sourced_id="maple-t0").family_name == "=HYPERLINK(1)"


def test_a_process_that_dies_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "COMMAND", "raise SystemExit(1)")

    found = reading.read(bundle(files(SCHOOL)), "roster.zip")

    assert [one.code for one in found.problems] == ["roster_limits"]


# ---- from the command line


def said(path: Path, *options: str) -> str:
    out = StringIO()
    call_command("import_oneroster", str(path), *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "maple.zip"
    path.write_bytes(bundle(files(SCHOOL)))
    return path


def test_the_command_looks_and_writes_nothing(cast: Cast, file: Path) -> None:
    before = tables()

    words = said(file)

    assert "People: 10 would be added." in words
    assert words.endswith("Nothing is written yet: add --apply to bring it in.\n")
    assert tables() == before


def test_the_command_applies_and_twice_is_once(cast: Cast, file: Path) -> None:
    assert "Brought in." in said(file, "--apply")
    whole = tables()

    assert said(file, "--apply").endswith("Everything in it is here already: nothing to do.\n")
    assert tables() == whole


def test_the_command_asks_before_much_ends(cast: Cast, file: Path, tmp_path: Path) -> None:
    said(file, "--apply")
    smaller = tmp_path / "smaller.zip"
    smaller.write_bytes(bundle(files(School(students=2))))

    with pytest.raises(Hindrance, match="Add --end-many"):
        said(smaller, "--apply")
    said(smaller, "--apply", "--end-many")

    assert RoleAssignment.objects.current().filter(role="student", rostered=True).count() == 2


def test_the_command_says_what_is_wrong_with_a_file(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "roster.zip"
    path.write_bytes(b"PK nothing")

    with pytest.raises(Hindrance, match="cannot be used as it is"):
        said(path)


def test_the_command_wants_a_district(db: None, file: Path) -> None:
    with pytest.raises(Hindrance, match="no district yet"):
        said(file)
