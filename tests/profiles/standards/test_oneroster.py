import datetime as dt
import io
import tracemalloc
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from profiles.standards import oneroster
from profiles.standards.oneroster import Agent, Enrollment, Org, Reference, Role, read
from profiles.standards.problem import Problem

from .rosters_made import FILES, MANIFEST, changed, roster_1p2, with_files, zipped

ROSTERS = Path(__file__).parents[3].parent / "shared/data/rosters"


def shared(name):
    path = ROSTERS / name
    if not path.exists():
        pytest.skip("shared data is not here")
    return path


def told(data):
    """What the reader of the report sees, all of it."""
    with translation.override("en"):
        return [str(problem) for problem in read(data, "roster.zip").problems]


@pytest.fixture(autouse=True, scope="module")
def today():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRELLIS_TODAY", "2020-03-02")
        yield


# ---- what is read


def test_roster_of_1p1_is_read_whole():
    bundle = read(with_files(), "roster.zip")
    assert bundle.problems == []
    assert (bundle.version, bundle.source_system, bundle.blocked) == ("1.1", "Riverside SIS", False)
    assert bundle.orgs.rows == [
        Org("d1", False, None, 2, "Riverside", "district", "", ""),
        Org("s1", False, None, 3, "River School", "school", "R-1", "d1"),
    ]
    (year, term) = bundle.academic_sessions.rows
    assert (year.type, year.school_year, term.start_date, term.end_date, term.parent_sourced_id) == (
        "schoolYear",
        2020,
        dt.date(2019, 9, 1),
        dt.date(2019, 12, 19),
        "y1",
    )
    (one,) = bundle.classes.rows
    assert (one.title, one.class_code, one.periods, one.term_sourced_ids) == (
        "Mathematics 6",
        "MA6,a",
        ("1", "2"),
        ("t1",),
    )
    assert bundle.enrollments.rows == [
        Enrollment("e1", False, None, 2, "c1", "s1", "u1", "teacher", True, None, None),
        Enrollment(
            "e2", False, None, 3, "c1", "s1", "u2", "student", False, dt.date(2019, 9, 3), dt.date(2019, 12, 19)
        ),
    ]


def test_roster_of_1p1_has_the_roles_that_1p2_writes_in_a_file_of_their_own():
    old, new = read(with_files()), read(roster_1p2())
    assert new.problems == []
    assert new.version == "1.2"
    assert [(role.user_sourced_id, role.role, role.role_type, role.org_sourced_id) for role in old.roles.rows] == [
        (role.user_sourced_id, role.role, role.role_type, role.org_sourced_id) for role in new.roles.rows
    ]
    assert old.roles.mode == "bulk"


def test_roster_of_1p1_makes_the_first_of_several_orgs_the_primary_one():
    bundle = read(changed("users.csv", "u1,,,true,s1,", 'u1,,,true,"s1, d1",'))
    assert [role for role in bundle.roles.rows if role.user_sourced_id == "u1"] == [
        Role("", False, None, 2, "u1", "teacher", "primary", "s1", None, None),
        Role("", False, None, 2, "u1", "teacher", "secondary", "d1", None, None),
    ]
    assert bundle.users.rows[0].primary_org_sourced_id == "s1"


def test_guardians_are_found_whoever_names_whom():
    named_by_child = read(with_files())
    named_by_parent = read(
        with_files(users=FILES["users.csv"].replace(",u3,06", ",,06").replace("rosa@home.example,,,,", "rosa,,,u2,"))
    )
    assert named_by_child.agents.rows == [Agent("u2", "u3", "parent", 3)]
    assert named_by_parent.agents.rows == [Agent("u2", "u3", "parent", 4)]


def test_agent_without_a_student_is_noted():
    data = changed("users.csv", "ortiz@river.example,,,,,", "ortiz@river.example,,,u3,,")
    assert read(data).blocked is False
    assert told(data) == [
        "users.csv, line 2, column agentSourcedIds: Neither u3 nor this person is a student, so this "
        "family link was passed over."
    ]


def test_demographics_beyond_birth_dates_are_read_only_where_asked_for():
    data = with_files()
    (few,) = read(data).demographics.rows
    (all_,) = read(data, demographics=True).demographics.rows
    assert (few.birth_date, few.more) == (dt.date(2008, 2, 29), {})
    assert all_.more == {"sex": "female"}


def test_passwords_are_never_read():
    assert "secret" not in repr(read(with_files()))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_encodings_are_found_out(encoding):
    orgs = FILES["orgs.csv"].replace("River School", "Río Nuevo")
    bundle = read(with_files(orgs=orgs.encode(encoding)))
    assert bundle.problems == []
    assert bundle.orgs.rows[1].name == "Río Nuevo"


def test_guessed_encoding_is_noted():
    data = with_files(orgs=FILES["orgs.csv"].replace("River School", "Río Nuevo").encode("cp1252"))
    assert read(data).orgs.rows[1].name == "Río Nuevo"
    assert told(data) == [
        "orgs.csv: This file is not in UTF-8, so it was read as Windows-1252. Check names with accents "
        "before you go on."
    ]


@pytest.mark.parametrize(("separator", "shown"), [(";", ";"), ("\t", "tab")])
def test_other_separators_are_read_and_noted(separator, shown):
    data = with_files(orgs=FILES["orgs.csv"].replace(",", separator))
    assert [org.name for org in read(data).orgs.rows] == ["Riverside", "River School"]
    assert told(data) == [
        f"orgs.csv, line 1: The columns of this file are parted by “{shown}” where the standard has commas."
    ]


def test_columns_stand_in_any_order_and_spelling_and_unknown_ones_are_noted():
    data = with_files(orgs="shoeSize,NAME,type,sourcedid\n44,Riverside,District,d1\n45,River School,SCHOOL,s1\n")
    assert [(org.name, org.type) for org in read(data).orgs.rows] == [
        ("Riverside", "district"),
        ("River School", "school"),
    ]
    assert told(data) == [
        "orgs.csv, line 1, column shoeSize: This column is not part of the standard, so it was passed over."
    ]


def test_cells_that_begin_like_formulas_are_text():
    bundle = read(changed("orgs.csv", "River School", "=HYPERLINK(1)"))
    assert (bundle.problems, bundle.orgs.rows[1].name) == ([], "=HYPERLINK(1)")


def test_absent_content_does_not_block():
    bundle = read(
        with_files(manifest=MANIFEST.replace("file.demographics,bulk", "file.demographics,absent"), demographics=None)
    )
    assert bundle.problems == []
    assert (bundle.demographics.mode, bundle.demographics.rows) == ("absent", [])


def test_lines_may_span_quoted_newlines_and_blank_lines_are_passed_over():
    classes = FILES["classes.csv"].replace("Mathematics 6", '"Mathematics\r\n6"') + "\n,,,,,,,,,,,,,\n"
    bundle = read(with_files(classes=classes + "c2,,,Broken,,k1,,,,s1,t9,,,\n"))
    assert bundle.classes.rows[0].title == "Mathematics\n6"
    assert bundle.problems == [
        Problem("dangling", "classes.csv", 6, "termSourcedIds", {"id": "t9", "other": "academicSessions.csv"})
    ]


# ---- changes only


def test_delta_names_what_the_roster_here_must_know():
    bundle = read(
        zipped(
            {
                "manifest.csv": "propertyName,value\noneroster.version,1.2\nfile.enrollments,delta\n",
                "enrollments.csv": FILES["enrollments.csv"].replace(",,,c1", ",active,2020-01-07T08:00:00Z,c1"),
            }
        )
    )
    assert bundle.problems == []
    assert bundle.enrollments.mode == "delta"
    assert bundle.enrollments.rows[0].modified == dt.datetime(2020, 1, 7, 8, tzinfo=dt.UTC)
    assert bundle.references == [
        Reference("classes", "c1", "enrollments.csv", 2, "classSourcedId"),
        Reference("orgs", "s1", "enrollments.csv", 2, "schoolSourcedId"),
        Reference("users", "u1", "enrollments.csv", 2, "userSourcedId"),
        Reference("users", "u2", "enrollments.csv", 3, "userSourcedId"),
    ]


def test_line_to_be_deleted_needs_only_its_id():
    manifest = "propertyName,value\noneroster.version,1.1\nfile.academicSessions,delta\n"
    sessions = "sourcedId,status,title,type,startDate,endDate\nt1,tobedeleted,,,,2019-02-30\n"
    bundle = read(zipped({"manifest.csv": manifest, "academicSessions.csv": sessions}))
    assert bundle.problems == []
    (session,) = bundle.academic_sessions.rows
    assert (session.sourced_id, session.deleted, session.end_date) == ("t1", True, oneroster.NO_DAY)


def test_delta_without_status_is_refused():
    manifest = "propertyName,value\noneroster.version,1.1\nfile.orgs,delta\n"
    assert told(zipped({"manifest.csv": manifest, "orgs.csv": "sourcedId,name,type\ns1,River,school\n"})) == [
        "orgs.csv, line 1, column status: This column is missing, and without it the file cannot be used. "
        "Export it again with it."
    ]


def test_change_of_users_only_takes_who_names_agents_for_the_student():
    manifest = "propertyName,value\noneroster.version,1.2\nfile.users,delta\n"
    users = "sourcedId,status,givenName,familyName,agentSourcedIds\nu2,active,Ines,Vega,u3\n"
    bundle = read(zipped({"manifest.csv": manifest, "users.csv": users}))
    assert bundle.agents.rows == [Agent("u2", "u3", "", 2)]
    assert bundle.references == [Reference("users", "u3", "users.csv", 2, "agentSourcedIds")]


# ---- each trouble has its sentence

MENDED_CELLS = [
    (
        "orgs.csv",
        "school,R-1",
        "skool,R-1",
        "line 3, column type: “skool” is not known here. Allowed are department, "
        "school, district, local, state, national.",
    ),
    (
        "orgs.csv",
        "s1,,,River School",
        "s1,,,",
        "line 3, column name: This cell is empty, and without it the line cannot be used. Fill it in.",
    ),
    (
        "orgs.csv",
        "R-1,d1",
        "R-1,s1",
        "line 3, column parentSourcedId: s1 stands above itself. Name another parent, or none.",
    ),
    (
        "orgs.csv",
        "R-1,d1",
        "R-1,d9",
        "line 3, column parentSourcedId: d9 is not in orgs.csv. Add it there, or take it out here.",
    ),
    (
        "orgs.csv",
        "s1,,,River",
        "s1,gone,,River",
        "line 3, column status: “gone” is not known here. Allowed are active, tobedeleted.",
    ),
    (
        "academicSessions.csv",
        "2019-12-19",
        "2019-12-32",
        "line 3, column endDate: There is no day 2019-12-32. Write the day that is meant.",
    ),
    (
        "academicSessions.csv",
        "2019-12-19",
        "12/19/2019",
        "line 3, column endDate: “12/19/2019” is not a date. Write year, month and day as 2020-03-02.",
    ),
    (
        "academicSessions.csv",
        "2019-12-19",
        "2019-08-31",
        "line 3, column endDate: This day, 2019-08-31, is before the first, 2019-09-01. Turn them round, or mend one.",
    ),
    (
        "academicSessions.csv",
        "y1,2020\n",
        "y1,20/21\n",
        "line 3, column schoolYear: “20/21” is not a year. Write four digits, as 2020.",
    ),
    (
        "users.csv",
        "s1,student",
        "s1,pupil",
        "line 3, column role: “pupil” is not known here. Allowed are "
        "administrator, aide, "
        "guardian, parent, proctor, relative, student, teacher.",
    ),
    (
        "users.csv",
        "u3,06",
        "u9,06",
        "line 3, column agentSourcedIds: u9 is not in users.csv. Add it there, or take it out here.",
    ),
    (
        "demographics.csv",
        "2008-02-29",
        "2008-02-30",
        "line 2, column birthDate: There is no day 2008-02-30. Write the day that is meant.",
    ),
    (
        "demographics.csv",
        "2008-02-29",
        "2020-03-03",
        "line 2, column birthDate: 2020-03-03 has not come yet. Write the day that is meant.",
    ),
    (
        "demographics.csv",
        "2008-02-29",
        "1808-02-29",
        "line 2, column birthDate: 1808-02-29 is too long ago. Write the day that is meant.",
    ),
    (
        "enrollments.csv",
        "e2,,,c1",
        "e1,,,c1",
        "line 3, column sourcedId: e1 is already used in line 2. Every line of a file needs an id of its own.",
    ),
    (
        "enrollments.csv",
        "e2,,,c1",
        "e2,,,c9",
        "line 3, column classSourcedId: c9 is not in classes.csv. Add it there, or take it out here.",
    ),
    (
        "enrollments.csv",
        "e2,,",
        ",,",
        "line 3, column sourcedId: This cell is empty, and without it the line cannot be used. Fill it in.",
    ),
    (
        "enrollments.csv",
        "e2,,,c1,s1",
        "e2,,,c1",
        "line 3: This line has 9 cells where the heading has 10; perhaps the file was cut off here. Export it again.",
    ),
    (
        "enrollments.csv",
        "e2,,,c1",
        "e2,,,c1,x",
        "line 3: This line has 11 cells where the heading has 10. Put quotation marks round text with commas.",
    ),
    (
        "enrollments.csv",
        "e2,,,c1",
        'e2,,,"c1',
        "line 3: The quotation marks do not match from this line on, or the file was "
        "cut off here. Export the file again.",
    ),
    (
        "enrollments.csv",
        "classSourcedId,",
        "class,",
        "line 1, column classSourcedId: This column is "
        "missing, and without it "
        "the file cannot be used. Export it again with it.",
    ),
    (
        "enrollments.csv",
        "schoolSourcedId",
        "role",
        "line 1, column role: Two columns have this heading. Keep one of them.",
    ),
    (
        "classes.csv",
        "Room 4",
        "R" * 4_001,
        "line 2, column location: This cell holds more than 4000 characters. Shorten it.",
    ),
    (
        "classes.csv",
        "c1,,,",
        "c" * 256 + ",,,",
        "line 2, column sourcedId: This cell holds more than 255 characters. Shorten it.",
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "sentence"), MENDED_CELLS, ids=range(len(MENDED_CELLS)))
def test_trouble_says_where_it_is_and_what_to_do(name, old, new, sentence):
    data = changed(name, old, new)
    assert read(data).blocked is True
    assert told(data)[0] == f"{name}, {sentence}"


def test_reference_to_a_line_that_goes_is_refused():
    data = changed("classes.csv", "c1,,", "c1,tobedeleted,")
    assert told(data) == [
        f"enrollments.csv, line {line}, column classSourcedId: c1 is marked “tobedeleted” in classes.csv. "
        "Mark this line so too, or keep that one."
        for line in (2, 3)
    ]


def test_unreadable_moment_is_noted():
    data = changed("orgs.csv", "s1,,,", "s1,,yesterday,")
    assert read(data).blocked is False
    assert told(data) == [
        "orgs.csv, line 3, column dateLastModified: “yesterday” is not a moment as the standard writes it "
        "(2020-03-02T08:00:00Z), so it was passed over."
    ]


def test_user_without_role_in_1p2_is_noted():
    users = read(roster_1p2(roles="sourcedId,userSourcedId,role,orgSourcedId\nr1,u1,teacher,s1\nr2,u2,student,s1\n"))
    assert users.blocked is False
    assert [str(problem) for problem in users.problems] == [
        "users.csv, line 4, column sourcedId: This person has no role in roles.csv, so they are known by name only."
    ]


def test_parents_in_a_circle_are_told_once():
    assert told(changed("orgs.csv", "d1,,,Riverside,district,,", "d1,,,Riverside,district,,s1")) == [
        "orgs.csv, line 2, column parentSourcedId: d1 stands above itself. Name another parent, or none."
    ]


def test_file_whose_heading_is_unusable_brings_no_thousand_dangling_lines():
    assert told(changed("classes.csv", "courseSourcedId", "course")) == [
        "classes.csv, line 1, column courseSourcedId: This column is missing, and without it the file "
        "cannot be used. "
        "Export it again with it.",
        "classes.csv, line 1, column course: This column is not part of the standard, so it was passed over.",
    ]


def test_many_troubles_are_listed_to_a_cap_and_counted():
    lines = "".join(f"x{number},,,c9,s1,u2,student,,,\n" for number in range(300))
    bundle = read(with_files(enrollments=FILES["enrollments.csv"] + lines))
    assert (len(bundle.problems), bundle.blocking_count, bundle.note_count) == (200, 300, 0)


def test_problem_is_kept_and_comes_back():
    (problem,) = read(changed("orgs.csv", "school,R-1", "skool,R-1")).problems[:1]
    assert Problem.from_json(problem.as_json()) == problem


# ---- the manifest

MANIFESTS = [
    (
        None,
        "roster.zip: This archive has no manifest.csv, so nobody can tell whether its files are "
        "complete or hold only "
        "changes. Export it again as OneRoster 1.1 or 1.2 CSV with its manifest.",
    ),
    (
        MANIFEST.replace("1.1", "2.0"),
        "manifest.csv, line 3, column value: The manifest says OneRoster "
        "2.0; only 1.1, 1.2 can "
        "be read. Export the roster in one of these.",
    ),
    (
        MANIFEST.replace("oneroster.version,1.1\n", ""),
        "manifest.csv: The manifest has no line oneroster.version. It must say 1.1, 1.2.",
    ),
    (
        MANIFEST + "file.orgs,delta\n",
        "manifest.csv, line 12, column propertyName: The manifest says file.orgs twice. Keep one of the two lines.",
    ),
    (
        MANIFEST.replace("orgs,bulk", "orgs,full"),
        "manifest.csv, line 4, column value: The manifest says “full” for this file. It must say bulk, delta, absent.",
    ),
    (
        MANIFEST.replace("file.orgs,bulk\n", ""),
        "orgs.csv: This file is in the archive, but the manifest "
        "does not say whether "
        "it is bulk or delta. Add a line file.orgs to the manifest, or take the file out.",
    ),
    (
        MANIFEST.replace("orgs,bulk", "orgs,absent"),
        "orgs.csv: The manifest says that this file is "
        "absent, yet it is in the "
        "archive. Say bulk or delta, or take the file out.",
    ),
    (
        "who,what\n1,2\n",
        "manifest.csv, line 1, column propertyName: This column is missing, and without "
        "it the file cannot be "
        "used. Export it again with it.",
    ),
    ("", "manifest.csv: This file is empty. Export it again where it was made, and upload that."),
    ("propertyName,value\n\x00", "manifest.csv: This is not a text file. Export it again as CSV, in UTF-8."),
]


@pytest.mark.parametrize(("manifest", "sentence"), MANIFESTS, ids=range(len(MANIFESTS)))
def test_manifest_that_cannot_be_followed_is_refused(manifest, sentence):
    data = with_files(manifest=manifest)
    assert read(data).blocked is True
    assert told(data)[0] == sentence


def test_file_that_the_manifest_promises_and_the_archive_lacks_is_refused():
    assert told(with_files(demographics=None)) == [
        "demographics.csv: The manifest says bulk for this file, but it is not in the archive. "
        "Add the file, or say absent."
    ]


def test_other_files_are_noted_and_what_a_mac_adds_is_not():
    data = with_files(results="sourcedId\n", **{"__MACOSX/._orgs": "x"})
    assert read(data).blocked is False
    assert told(data) == ["results.csv: This file is no part of a roster as it is read here, so it was passed over."]


# ---- hostile archives


def bomb():
    return zipped({**FILES, "orgs.csv": b"\n" * 50_000_000})


def many():
    return zipped({f"{number}.csv": "" for number in range(101)})


def locked():
    data = bytearray(with_files())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    return bytes(data)


def misled():
    """Its end says that its table of contents begins where it does not."""
    data = bytearray(with_files())
    at = data.rindex(b"PK\x05\x06") + 16
    data[at : at + 4] = (50_000).to_bytes(4, "little")
    return bytes(data)


ARCHIVES = [
    (misled, "This zip archive is damaged or was cut off on its way. Download it again, and upload that."),
    (lambda: b"", "This file is empty. Export it again where it was made, and upload that."),
    (
        lambda: b"sourcedId,name\n",
        "This is not a zip archive. Upload the zip that your student information system exports.",
    ),
    (
        lambda: with_files()[:-300],
        "This zip archive is damaged or was cut off on its way. Download it again, and upload that.",
    ),
    (
        lambda: zipped({"../manifest.csv": MANIFEST}),
        "This archive names places outside itself, which no roster needs. Export the roster again where it was made.",
    ),
    (
        lambda: zipped({"/etc/orgs.csv": MANIFEST}),
        "This archive names places outside itself, which no roster needs. Export the roster again where it was made.",
    ),
    (
        lambda: zipped({"roster/manifest.csv": MANIFEST}),
        "“roster/manifest.csv” lies in a folder. Zip the CSV files themselves, not the folder they are in.",
    ),
    (bomb, "Unpacked, this archive is far too large for a roster. Zip only its CSV files."),
    (many, "This archive holds more than 100 files. Zip only the CSV files of the roster."),
    (locked, "This zip archive is locked by a password. Make one without a password."),
    (lambda: bytes(oneroster.MAX_BUNDLE_BYTES + 1), "This file is larger than 60 MB. Export it again with less in it."),
]


@pytest.mark.parametrize(("make", "sentence"), ARCHIVES, ids=range(len(ARCHIVES)))
def test_hostile_archive_is_refused(make, sentence):
    assert told(make()) == [f"roster.zip: {sentence}"]


def test_member_that_was_changed_on_the_way_is_refused():
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        for name, content in FILES.items():
            archive.writestr(name, content)
    data = stored.getvalue().replace(b"River School", b"Other School", 1)
    assert told(data)[0] == (
        "orgs.csv: This zip archive is damaged or was cut off on its way. Download it again, and upload that."
    )


def test_rows_are_capped(monkeypatch):
    monkeypatch.setattr(oneroster, "MAX_ROWS", 2)
    assert told(with_files()) == ["users.csv, line 4: There are more than 2 rows. Export fewer at a time."]


def test_quotation_that_never_ends_costs_no_time_or_memory():
    data = with_files(enrollments=FILES["enrollments.csv"] + '"' + "x,\n" * 200_000)
    tracemalloc.start()
    sentences = told(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sentences == [
        "enrollments.csv, line 4: The quotation marks do not match from this line on, or the file was cut off here. "
        "Export the file again."
    ]
    assert peak < 20_000_000


CELLS = st.text(max_size=12) | st.sampled_from(
    ["", "0000-00-00", '"', "=1", "u1", "tobedeleted", "9" * 40, "\x00", "\r", ";"]
)


@given(st.sampled_from(sorted(FILES)), st.integers(0, 10**6), CELLS)
@settings(max_examples=150, deadline=None)
def test_any_cell_may_hold_anything(name, which, cell):
    commas = [at for at, letter in enumerate(FILES[name]) if letter == ","]
    begin = commas[which % len(commas)] + 1
    end = min(FILES[name].find(mark, begin) % (len(FILES[name]) + 1) for mark in ",\n")
    bundle = read(with_files(**{name.removesuffix(".csv"): FILES[name][:begin] + cell + FILES[name][end:]}))
    assert sorted(bundle.kinds) == sorted(oneroster.KINDS)
    assert [problem for problem in bundle.problems if not str(problem)] == []


@given(st.integers(0, 10**6), st.integers(1, 255))
@settings(max_examples=150, deadline=None)
def test_any_byte_of_the_archive_may_be_another(which, flip):
    data = bytearray(with_files())
    data[which % len(data)] ^= flip
    bundle = read(bytes(data))
    assert sorted(bundle.kinds) == sorted(oneroster.KINDS)
    assert [problem for problem in bundle.problems if not str(problem)] == []


# ---- the shared school


@pytest.mark.parametrize(
    ("name", "version"), [("maple_grove_v1p1.zip", "1.1"), ("maple_grove_v1p2.zip", "1.2"), ("m01_bom_lf.zip", "1.1")]
)
def test_shared_roster_is_read_whole(name, version):
    bundle = read(shared(name), name)
    assert bundle.problems == []
    assert bundle.version == version
    assert {kind: len(file.rows) for kind, file in bundle.kinds.items() if file.mode == "bulk"} == {
        "orgs": 1,
        "academicSessions": 26,
        "courses": 80,
        "classes": 320,
        "users": 1599,
        "roles": 1599,
        "demographics": 1599,
        "enrollments": 9936,
        "agents": 1009,
    }
    assert Counter(role.role for role in bundle.roles.rows) == {"student": 601, "teacher": 34, "parent": 964}
    assert Counter(row.role for row in bundle.enrollments.rows) == {"student": 9616, "teacher": 320}
    assert {agent.relation for agent in bundle.agents.rows} == {"parent"}
    assert all(row.birth_date for row in bundle.demographics.rows)


def test_shared_rosters_of_both_versions_say_the_same():
    old, new = read(shared("maple_grove_v1p1.zip")), read(shared("maple_grove_v1p2.zip"))
    for kind in ("orgs", "academicSessions", "courses", "classes", "demographics", "enrollments", "agents"):
        assert old.kinds[kind].rows == new.kinds[kind].rows
    assert [user.sourced_id for user in old.users.rows] == [user.sourced_id for user in new.users.rows]


def test_shared_roster_without_manifest_is_answered():
    with translation.override("en"):
        assert [str(problem) for problem in read(shared("m08_no_manifest.zip"), "m08.zip").problems] == [
            "m08.zip: This archive has no manifest.csv, so nobody can tell whether its files are "
            "complete or hold only "
            "changes. Export it again as OneRoster 1.1 or 1.2 CSV with its manifest."
        ]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_shared_roster_cut_off_anywhere_is_refused(share):
    data = shared("maple_grove_v1p1.zip").read_bytes()
    assert told(data[: int(len(data) * share)]) == [
        "roster.zip: This zip archive is damaged or was cut off on its way. Download it again, and upload that."
    ]
