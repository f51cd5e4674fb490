"""The pages of rosters, of the district and of a school's classes, courses, students and families."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from profiles.models import (
    AccessEvent,
    Change,
    Course,
    Enrollment,
    Holiday,
    Learner,
    Org,
    Person,
    RoleAssignment,
    RosterImport,
    SchoolDays,
    Section,
)
from profiles.rosters.sample import School, bundle, files
from tests.cast import Cast

SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _in_march(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRELLIS_TODAY", "2020-03-02")


def url(name: str, *args: object) -> str:
    return reverse(f"profiles:{name}", args=args)


def upload(client: Client, data: bytes, name: str = "maple.zip") -> RosterImport:
    client.post(url("roster_create"), {"file": SimpleUploadedFile(name, data)})
    return RosterImport.objects.latest("looked_at")


def test_a_district_leader_brings_a_roster_in_and_undoes_it(sign_in: SignIn) -> None:
    client = sign_in("district")

    record = upload(client, bundle(files(School())))
    page = client.get(url("roster_detail", record.pk)).text
    assert "The file names 4 students, 4 family members, 2 members of staff." in page
    assert "10 would be added" in page
    assert Person.objects.filter(sourced_id="maple-s0").count() == 0

    client.post(url("roster_apply", record.pk))
    page = client.get(url("roster_detail", record.pk)).text
    assert "10 added" in page
    assert Person.objects.filter(sourced_id="maple-s0").count() == 1

    client.post(url("roster_undo", record.pk))
    assert Person.objects.filter(sourced_id="maple-s0").count() == 0
    assert [str(one) for one in RosterImport.objects.values_list("state", flat=True)] == ["undone"]


def test_a_file_that_cannot_be_used_says_why_in_one_place(sign_in: SignIn) -> None:
    client = sign_in("district")
    rows = files(School())
    rows["enrollments"][0]["classSourcedId"] = "nowhere"
    rows["users"][0]["role"] = "wizard"

    record = upload(client, bundle(rows))

    page = client.get(url("roster_detail", record.pk)).text
    assert "Why it cannot be used" in page
    assert "enrollments.csv, line 2, column classSourcedId" in page
    assert "users.csv, line 2, column role" in page
    assert "Bring it in" not in page


def test_much_that_ends_asks_for_a_tick_first(sign_in: SignIn) -> None:
    client = sign_in("district")
    client.post(url("roster_apply", upload(client, bundle(files(School(students=8)))).pk))
    record = upload(client, bundle(files(School(students=4))))
    assert "Much would end" in client.get(url("roster_detail", record.pk)).text

    client.post(url("roster_apply", record.pk))
    record.refresh_from_db()
    assert record.state == "looked"

    client.post(url("roster_apply", record.pk), {"end_many": "on"})
    record.refresh_from_db()
    assert record.state == "applied"


def test_undo_of_an_earlier_roster_names_the_later_one(sign_in: SignIn) -> None:
    client = sign_in("district")
    first = upload(client, bundle(files(School(students=4))), "autumn.zip")
    client.post(url("roster_apply", first.pk))
    client.post(url("roster_apply", upload(client, bundle(files(School(students=5))), "winter.zip").pk))

    page = client.post(url("roster_undo", first.pk), follow=True).text

    assert "“winter.zip” was brought in later and stands on this one." in page


def test_an_upload_that_is_no_zip_is_answered_in_words(sign_in: SignIn) -> None:
    record = upload(sign_in("district"), b"\x89PNG", "photo.png")

    assert record.state == "refused"


def test_who_does_not_lead_the_district_finds_no_roster(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("leader")

    assert client.post(url("roster_create"), {"file": SimpleUploadedFile("a.zip", b"PK")}).status_code == 403
    assert RosterImport.objects.count() == 0


# ---- the district


def test_the_district_page_points_sizes_out(cast: Cast, sign_in: SignIn) -> None:
    cast.section("math")

    page = sign_in("district").get(url("district_detail")).text

    assert "6 students" in page
    assert "Fewer than 400 students." in page
    assert "3 outside 18 to 30" in page
    assert cast["amir"].full_name not in page


def test_the_district_page_takes_as_many_statements_for_many_schools(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("district")

    def spent() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(url("district_detail"))
        return len(queries)

    few = spent()
    for n in range(3):
        Section.objects.create(school=cast.org("district").open_school(f"School {n}", by=cast["district"]), title="A")

    assert spent() == few


def test_days_without_school_are_no_school_days(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("district")
    said = {"day": "2020-04-10", "last": "2020-04-13", "name": "Spring break", "org": cast.org("district").pk}

    client.post(url("holiday_list"), said)

    assert list(Holiday.objects.values_list("day", flat=True)) == [dt.date(2020, 4, 10), dt.date(2020, 4, 13)]
    assert not SchoolDays(cast.org("cedar")).is_school_day(dt.date(2020, 4, 10))
    client.post(url("holiday_remove", Holiday.objects.get(day="2020-04-10").pk))
    assert SchoolDays(cast.org("cedar")).is_school_day(dt.date(2020, 4, 10))


def test_a_stretch_that_ends_before_it_begins_is_sent_back(cast: Cast, sign_in: SignIn) -> None:
    said = {"day": "2020-04-10", "last": "2020-04-01", "name": "Break", "org": cast.org("district").pk}

    answer = sign_in("district").post(url("holiday_list"), said)

    assert answer.status_code == 422
    assert "Choose a day after the first" in answer.text
    assert Holiday.objects.count() == 0


# ---- a school


def test_a_teacher_sees_own_classes_and_a_leader_the_school(cast: Cast, sign_in: SignIn) -> None:
    cast.section("math")
    page = url("school_classes", cast.org("cedar").pk)

    assert [one.title for one in sign_in("teacher").get(page).context["page"]] == ["English 9"]
    assert [one.title for one in sign_in("leader").get(page).context["page"]] == [
        "Advisory",
        "English 9",
        "Integrated mathematics 1",
        "Integrated mathematics 2",
    ]


def test_a_district_leader_reads_sizes_and_opens_no_class(cast: Cast, sign_in: SignIn) -> None:
    section = cast.section("math")

    page = sign_in("district").get(url("school_classes", cast.org("cedar").pk)).text

    assert "Integrated mathematics 1" in page
    assert str(section.pk) not in page


def test_a_class_says_who_is_in_it_why_one_sees_them_and_its_size(cast: Cast, sign_in: SignIn) -> None:
    section = cast.section("english")

    page = sign_in("teacher").get(url("section_people", section.pk)).text

    assert "Amir Haddadi" in page
    assert "You see this because you teach the student." in page
    assert "2 students, fewer than 18: classes of 18 to 30 work best." in page
    event = AccessEvent.objects.get(viewer=cast["teacher"])
    assert (event.page, event.reason, event.subject) == ("section_people", "section", section.pk)
    assert set(event.learners) == {cast.learner("student").pk, cast.learner("amir").pk}


def test_a_leader_says_what_a_course_earns(cast: Cast, sign_in: SignIn) -> None:
    course = Course.objects.create(org=cast.org("cedar"), title="Algebra")
    client = sign_in("leader")

    client.post(url("course_credits", course.pk), {f"{course.pk}-credits": "1.50"})

    course.refresh_from_db()
    assert str(course.credits) == "1.50"
    assert Change.objects.get(verb="course_credits").after == {"credits": "1.50"}
    assert 'value="1.50"' in client.get(url("school_courses", cast.org("cedar").pk)).text


def test_credits_that_are_no_number_change_nothing(cast: Cast, sign_in: SignIn) -> None:
    course = Course.objects.create(org=cast.org("cedar"), title="Algebra")

    page = sign_in("leader").post(url("course_credits", course.pk), {f"{course.pk}-credits": "many"}, follow=True)

    assert "Credits are a number from 0 to 100" in page.text


def test_students_are_found_by_any_part_of_their_name_and_each_look_is_noted(cast: Cast, sign_in: SignIn) -> None:
    cast.section("math")

    page = sign_in("leader").get(url("school_students", cast.org("cedar").pk), {"q": "am had"})

    assert [str(one) for one in page.context["page"]] == ["Amir Haddadi"]
    assert AccessEvent.objects.get().learners == [cast.learner("amir").pk]


def test_a_teacher_finds_whom_they_teach_and_whom_their_team_shares(cast: Cast, sign_in: SignIn) -> None:
    cast.section("math")

    page = sign_in("teacher").get(url("school_students", cast.org("cedar").pk))

    assert {(one.pk, one.why) for one in page.context["page"]} == {
        (cast.learner("student").pk, "section"),
        (cast.learner("amir").pk, "section"),
        (cast.learner("bea").pk, "team"),
    }


def test_families_stand_with_their_children(cast: Cast, sign_in: SignIn) -> None:
    cast.section("math")

    page = sign_in("counselor").get(url("school_families", cast.org("cedar").pk))

    assert [str(one) for one in page.context["page"]] == [str(cast["guardian"])]
    assert f"Parent of {cast['student']}" in page.text


@pytest.mark.parametrize("name", ["school_classes", "school_courses", "school_students", "school_families"])
def test_a_schools_lists_take_as_many_statements_for_one_as_for_three(name: str, cast: Cast, sign_in: SignIn) -> None:
    school = cast.org("cedar")
    cast.section("math")
    client = sign_in("leader")

    def spent() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(url(name, school.pk))
        return len(queries)

    Course.objects.create(org=school, title="One")
    client.get(url(name, school.pk))
    few = spent()
    for n in range(3):
        _more(school, n)

    assert spent() == few


def _more(school: Org, n: int) -> None:
    section = Section.objects.create(school=school, title=f"More {n}", course=Course.objects.create(org=school))
    for role in ("student", "guardian"):
        person = Person.objects.create_user(given_name=f"{role} {n}")
        RoleAssignment.objects.create(person=person, org=school, role=role, begins=dt.date(2020, 1, 1))
        if role == "student":
            learner = Learner.objects.create(pk=person.pk, person=person, home=school)
            Enrollment.objects.create(section=section, person=person, role="student")
        else:
            learner.guardian_links.create(guardian=person, begins=dt.date(2020, 1, 1))
