"""What a teacher sees of a class, and records in it."""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config import floors, live
from profiles.class_page import Asked, Bit, ClassPage, classes_of, code_of
from profiles.models import (
    AccessEvent,
    CellState,
    Estimate,
    Evidence,
    EvidenceRating,
    LevelOverride,
    Mark,
    Section,
    Task,
)
from profiles.streams import class_access
from tests.cast import Cast

SignIn = Callable[[str], Client]
JSON = {"HTTP_ACCEPT": "application/json"}


def days_ago(cast: Cast, days: int) -> dt.date:
    return cast.org("cedar").today() - dt.timedelta(days=days)


def rate(cast: Cast, slug: str, *levels: int, code: str = "RN.1", said: str = "", last: int = 0) -> None:
    """So many marks on the days up to `last` days ago."""
    for n, level in enumerate(levels):
        mark = Mark(cast.learner(slug).pk, cast.competency(code).pk, level, said)
        on = days_ago(cast, last + len(levels) - 1 - n)
        Evidence.record(cast.section("math"), [mark], by=cast["math"], observed_on=on)


def page_of(cast: Cast, **asked: object) -> ClassPage:
    section = classes_of(cast["math"]).get(pk=cast.section("math").pk)
    return ClassPage(section, Asked(**asked))


def names(page: ClassPage) -> list[str]:
    return [row.name for row in page.rows]


def address(cast: Cast, name: str = "class_detail", key: str = "math", *more: object) -> str:
    return reverse(f"profiles:{name}", args=[cast.section(key).pk, *more])


def test_the_page_shows_each_level_in_words_and_who_taught(cast: Cast, sign_in: SignIn) -> None:
    rate(cast, "student", 3, 3)
    rate(cast, "amir", 2)
    html = sign_in("math").get(address(cast)).text
    cells = dict(re.findall(r"<th scope=row>([^<]+)<td class=(\w+(?: data-m=\d)?>[^<]+)", html))
    assert cells == {
        "Sofia Reyes": "s data-m=3>secure, marked 3 today",
        "Amir Haddadi": "b data-m=2>begun, marked 2 today",
        "Bea Castellano": "u>not known yet",
        "Chen Liu": "u>not known yet",
    }
    assert "You see this because you teach the class." in html


def test_the_grid_shows_the_unit_the_class_is_in_or_the_one_asked_for(cast: Cast) -> None:
    assert [one.code for one in page_of(cast).columns] == ["RN.1", "RN.2", "RN.3"]
    numbers = str(cast.section("math").units.get(title="Numbers").pk)
    assert [one.code for one in page_of(cast, unit=numbers).columns] == ["RN.4"]
    assert [one.code for one in page_of(cast, unit="all").columns] == ["RN.1", "RN.2", "RN.3", "RN.4"]


def test_ready_is_who_is_secure_in_all_that_is_needed_first_now_or_once(cast: Cast) -> None:
    rate(cast, "student", 3, 3)
    rate(cast, "amir", 3, 3, 1, 1)
    rate(cast, "bea", 2, 2)
    page = page_of(cast)
    second = page.columns[1]
    assert page.learners(second, "ready") == {cast.learner("student").pk, cast.learner("amir").pk}
    assert page.summary(second) == "2 ready to start, 2 not known yet"
    assert page.summary(page.columns[0]) == "1 secure, 2 on the way, 1 not known yet"
    assert page.ready_card == second
    assert names(page_of(cast, show="ready")) == ["Amir Haddadi", "Sofia Reyes"]


def test_stuck_is_four_pieces_and_never_secure(cast: Cast) -> None:
    rate(cast, "student", 1, 2, 1, 2)
    rate(cast, "amir", 1, 2, 2)
    rate(cast, "bea", 3, 3, 1, 1)
    assert names(page_of(cast, show="stuck")) == ["Sofia Reyes"]


def test_not_known_and_not_looked_at_this_term_are_found(cast: Cast) -> None:
    for code in ("RN.1", "RN.2", "RN.3"):
        for slug in ("student", "amir", "bea"):
            rate(cast, slug, 3, 3, code=code, last=100 if slug == "bea" else 0)
    assert names(page_of(cast, show="unknown")) == ["Chen Liu"]
    assert names(page_of(cast, show="unseen")) == ["Bea Castellano", "Chen Liu"]


def test_sorting_puts_most_not_known_first_and_marks_the_cells(cast: Cast) -> None:
    rate(cast, "bea", 3, 3)
    rate(cast, "amir", 3, 3)
    rate(cast, "amir", 3, 3, code="RN.2")
    page = page_of(cast, sort="unknown")
    assert names(page) == ["Chen Liu", "Sofia Reyes", "Bea Castellano", "Amir Haddadi"]
    assert [bool(ord(code) & Bit.FOUND) for code in page.rows[2].codes] == [False, True, True]


def test_growth_counts_what_became_secure_since_a_day(cast: Cast) -> None:
    rate(cast, "student", 3, 3)
    rate(cast, "student", 4, 4, code="RN.2")
    assert {row.name: row.grown for row in page_of(cast).rows}["Sofia Reyes"] == 2
    tomorrow = days_ago(cast, -1)
    assert {row.name: row.grown for row in page_of(cast, since=tomorrow).rows}["Sofia Reyes"] == 0


def test_who_got_only_marks_is_named_until_somebody_says_something(cast: Cast) -> None:
    rate(cast, "student", 3)
    rate(cast, "amir", 3, said="You showed two ways.")
    assert [row.name for row in page_of(cast).unheard] == ["Sofia Reyes"]
    rate(cast, "student", 3, code="RN.2", said="Draw it next time.")
    assert page_of(cast).unheard == []


def test_what_the_database_packs_is_what_python_says(cast: Cast) -> None:
    rate(cast, "student", 3, 3, 1, 1)
    rate(cast, "amir", 2)
    rate(cast, "bea", 2, 2)
    LevelOverride.set_by_hand(
        cast.learner("bea"),
        cast.competency("RN.1"),
        4,
        reason="Shown at home",
        until=days_ago(cast, -9),
        by=cast["math"],
    )
    Estimate.objects.filter(learner=cast.learner("student")).update(newer=2)
    cells = Bit.BY_HAND | Bit.REFRESH | Bit.BEGUN | 7 | 7 << 9
    packed = {row.id: (ord(row.codes[0]) - 256) & cells for row in page_of(cast).rows}
    today = cast.org("cedar").today()
    for slug, mark in (("student", 1), ("amir", 2), ("bea", 2)):
        one = Estimate.objects.get(learner=cast.learner(slug))
        state = (one.shown(today), one.is_overridden(today), one.refresh_suggested(today), one.n, mark)
        assert packed[cast.learner(slug).pk] == code_of(CellState(*state)), slug


@pytest.mark.parametrize("students", [1, 3])
def test_page_costs_nine_statements_however_many(
    cast: Cast, sign_in: SignIn, students: int, django_assert_num_queries: Callable
) -> None:
    for slug in ("student", "amir", "bea")[:students]:
        rate(cast, slug, 3, 3)
    client, url = sign_in("math"), address(cast)
    client.get(url)
    with django_assert_num_queries(9):
        client.get(url)


def test_every_look_is_written_down_with_its_reason(cast: Cast, sign_in: SignIn) -> None:
    for slug in ("math", "leader", "counselor"):
        assert sign_in(slug).get(address(cast)).status_code == 200
    events = AccessEvent.objects.of(cast.learner("student").pk).values_list("viewer__family_name", "reason")
    assert set(events) == {("Brooks", "section"), ("Alvarez", "admin"), ("Haddad", "caseload")}


def test_the_class_next_door_is_not_there(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in("next-door").get(address(cast)).status_code == 404


def test_who_follows_a_class_live_is_who_may_see_it(cast: Cast) -> None:
    everyone = cast.everyone()
    sections = {cast.section(key).pk for key in ("math", "advisory", "next-door", "juniper")}
    pairs: set[live.Pair] = {(person.pk, section) for person in everyone.values() for section in sections}
    expected = {
        (person.pk, found.pk)
        for person in everyone.values()
        for found in Section.objects.visible_to(person)
        if found.pk in sections
    }
    assert set(class_access(pairs)) == expected


# Recording


def send(client: Client, cast: Cast, name: str = "class_rate", **data: object):
    fields = {"competency": cast.competency("RN.1").pk, "level": 3, "op_id": uuid.uuid4(), **data}
    return client.post(address(cast, name), fields, **JSON)


def test_one_mark_is_one_request_and_answers_the_cell(cast: Cast, sign_in: SignIn) -> None:
    learner = cast.learner("student").pk
    answer = send(sign_in("math"), cast, learner=learner, said="Two ways!", next_thing="Try a drawing").json()
    cell = [str(learner), str(cast.competency("RN.1").pk), "<td class=b data-m=3>begun, marked 3 today"]
    assert answer["cells"][0][:3] == cell
    kept = EvidenceRating.objects.get()
    assert (kept.level, kept.said, kept.next_thing) == (3, "Two ways!", "Try a drawing")


def test_sent_again_is_recorded_once(cast: Cast, sign_in: SignIn) -> None:
    client, op_id, learner = sign_in("math"), uuid.uuid4(), cast.learner("student").pk
    answers = [send(client, cast, learner=learner, op_id=op_id).json() for _n in range(2)]
    assert answers[0]["cells"] == answers[1]["cells"]
    assert Evidence.objects.count() == 1


def test_a_mark_that_waited_counts_for_the_day_it_was_made(cast: Cast, sign_in: SignIn) -> None:
    send(sign_in("math"), cast, learner=cast.learner("student").pk, age=2 * 86400)
    assert Evidence.objects.get().observed_on == days_ago(cast, 2)


def test_the_rest_as_expected_leaves_who_was_rated_today(cast: Cast, sign_in: SignIn) -> None:
    rate(cast, "amir", 1)
    answer = send(sign_in("math"), cast, "class_rate_rest", level=3).json()
    assert len(answer["evidence"]) == 3
    assert list(EvidenceRating.objects.filter(learner=cast.learner("amir")).values_list("level", flat=True)) == [1]


def test_the_rest_sent_again_answers_the_same_so_that_it_can_be_taken_back(cast: Cast, sign_in: SignIn) -> None:
    client, op_id = sign_in("math"), uuid.uuid4()
    first, again = (send(client, cast, "class_rate_rest", op_id=op_id).json() for _n in range(2))
    assert first["evidence"] == again["evidence"]
    client.post(address(cast, "class_take_back"), {"evidence": again["evidence"]}, **JSON)
    assert set(Evidence.objects.values_list("status", flat=True)) == {"withdrawn"}


def test_a_task_is_rated_against_several_skills(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("math")
    skills = [cast.competency(code).pk for code in ("RN.1", "RN.4")]
    sent = {"title": "Paint mixing", "task_kind": "task", "observed_on": days_ago(cast, 1), "competencies": skills}
    made = client.post(address(cast, "task_create"), sent)
    task = Task.objects.get()
    assert made.url == address(cast, "task_detail", "math", task.pk)
    send(client, cast, learner=cast.learner("student").pk, task=task.pk, level=4)
    send(client, cast, "class_rate_rest", competency=skills[1], task=task.pk, level=2)
    html = client.get(made.url).text
    assert html.count("<td class=d data-m=2>developing") == 4
    assert html.count("<td class=x data-m=4>extending") == 1
    assert set(Evidence.objects.values_list("observed_on", "evidence_kind")) == {(days_ago(cast, 1), "task")}


def test_without_scripts_a_mark_leads_back_to_the_list(cast: Cast, sign_in: SignIn) -> None:
    skill = cast.competency("RN.1").pk
    data = {"learner": cast.learner("student").pk, "competency": skill, "level": 2}
    answer = sign_in("math").post(address(cast, "class_rate"), data)
    assert answer.url == address(cast, "class_record", "math", skill)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"level": 9}, "Select a valid choice. 9 is not one of the available choices."),
        ({"competency": "6f1c2a52-9d2f-4c5e-9b1e-0a4cf0a6b1c7"}, "The class does not work on this skill any more."),
    ],
)
def test_what_cannot_be_recorded_is_said_in_a_sentence(
    cast: Cast, sign_in: SignIn, data: dict[str, object], sentence: str
) -> None:
    answer = send(sign_in("math"), cast, learner=cast.learner("student").pk, **data)
    assert (answer.status_code, answer.json()["sentence"]) == (422, sentence)


def test_a_leader_reads_and_does_not_rate(cast: Cast, sign_in: SignIn) -> None:
    assert send(sign_in("leader"), cast, learner=cast.learner("student").pk).status_code == 403


@pytest.mark.parametrize("again", [False, True])
def test_one_mark_takes_at_most_eighteen_statements(cast: Cast, sign_in: SignIn, again: bool) -> None:
    client, learner = sign_in("math"), cast.learner("student").pk
    rate(cast, "student", 3, 3, last=1)
    if again:
        send(client, cast, learner=learner, level=2)
    url, data = address(cast, "class_rate"), {"competency": cast.competency("RN.1").pk, "learner": learner, "level": 4}
    with CaptureQueriesContext(connection) as asked:
        assert client.post(url, {**data, "op_id": uuid.uuid4()}, **JSON).status_code == 200
    counted = [one["sql"] for one in asked.captured_queries if not one["sql"].startswith(floors.UNCOUNTED)]
    assert len(counted) <= 18, "\n".join(counted)


def test_rows_are_fetched_alone(cast: Cast, sign_in: SignIn) -> None:
    rate(cast, "student", 3, 3)
    learner = str(cast.learner("student").pk)
    answer = sign_in("math").get(address(cast, "class_rows"), {"only": learner}).json()
    assert list(answer["rows"]) == [learner]
    assert "1 secure" in answer["parts"]["columns"]


# Taking away


@pytest.mark.parametrize("form", ["csv", "xlsx", "pdf"])
def test_the_class_goes_out_as_a_file(cast: Cast, sign_in: SignIn, form: str) -> None:
    rate(cast, "student", 3, 3)
    answer = sign_in("math").get(address(cast, "class_export", "math", form))
    assert answer.headers["Content-Disposition"].endswith(f'.{form}"')
    if form == "csv":
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert lines[0] == '"Student","RN.1","RN.2","RN.3"'
        assert lines[4].startswith('"Sofia Reyes","secure, marked 3 today",')


def test_levels_are_copied_as_a_column(cast: Cast, sign_in: SignIn) -> None:
    rate(cast, "student", 3, 3)
    html = sign_in("math").get(address(cast, "class_record", "math", cast.competency("RN.1").pk)).text
    copied = re.search(r"<textarea[^>]*>([^<]*)<", html)
    assert copied
    assert copied[1].strip().splitlines() == [
        "Bea Castellano\tnot known yet", "Amir Haddadi\tnot known yet", "Chen Liu\tnot known yet",
        "Sofia Reyes\tsecure",
    ]  # fmt: skip


def test_recording_goes_on_where_it_stopped(cast: Cast, sign_in: SignIn) -> None:
    client, url = sign_in("math"), address(cast, "class_record_last")
    assert client.get(url).url == address(cast, "class_record", "math", cast.competency("RN.1").pk)
    rate(cast, "student", 3, code="RN.2")
    assert client.get(url).url == address(cast, "class_record", "math", cast.competency("RN.2").pk)


def test_a_class_without_students_or_skills_says_what_to_do(cast: Cast, sign_in: SignIn) -> None:
    assert "Choose what the class works on" in sign_in("teacher").get(address(cast, key="english")).text
    cast.section("english").enrollments.students().update(ends=days_ago(cast, 0))
    assert "No students yet" in sign_in("teacher").get(address(cast, key="english")).text


def test_the_answer_is_json_even_for_words_in_other_scripts(cast: Cast, sign_in: SignIn) -> None:
    answer = send(sign_in("math"), cast, learner=cast.learner("chen").pk, said="很好 <b>")
    assert json.loads(answer.content)["status"] == "saved"


# Home


def test_home_offers_the_classes_of_today_the_one_used_last_first(cast: Cast, sign_in: SignIn) -> None:
    math, second = cast.section("math"), cast.section("next-door")
    second.enrollments.create(person=cast["math"], role="teacher")
    assert re.findall(r"Record in ([^\"]+)", sign_in("math").get("/").text) == [math.title, second.title]
    mark = Mark(cast.learner("dario").pk, cast.competency("RN.1").pk, 3)
    Evidence.record(second, [mark], by=cast["math"])
    assert re.findall(r"Record in ([^\"]+)", sign_in("math").get("/").text) == [second.title, math.title]


def test_students_stand_in_the_menu_once_the_school_has_begun_with_them(cast: Cast, sign_in: SignIn) -> None:
    assert 'href="/profiles/classes/"' not in sign_in("math").get("/").text
    cast.section("math")
    assert 'href="/profiles/classes/"' in sign_in("math").get("/").text
    assert 'href="/profiles/classes/"' not in sign_in("guardian").get("/").text


def test_the_list_of_classes_is_ones_own_or_the_schools(cast: Cast, sign_in: SignIn) -> None:
    cast.section("math")
    own = sign_in("math").get("/profiles/classes/").text
    assert "Integrated mathematics 1" in own
    assert "Integrated mathematics 2" not in own
    found = sign_in("leader").get("/profiles/classes/?find=mathematics").text
    assert "Integrated mathematics 2" in found
    assert "Advisory" not in found
