"""Who gets what answer on a student's pages: rows for tests/permission_matrix.py, and what they are asked about."""

from __future__ import annotations

from typing import Any

import pytest

from profiles.models import CheckIn, Commitment, Conference, Goal, ProfileEntry
from tests.cast import Cast

Arguments = dict[str, Any]

READ = "student guardian teacher advisor counselor leader"
"""Who may open the record of the story's student; the coach, the class next door and the district may not."""
TALK = "student guardian advisor counselor"
RUN = "student advisor counselor"
STAFF = "leader teacher advisor counselor coach next-door"


def _read(name: str, kwargs: str = "portrait", may: str = READ, status: int = 200) -> Arguments:
    """Of those who may open the record, `may` get the answer, the others a sentence; to everybody else it is absent."""
    others = " ".join(one for one in READ.split() if one not in may.split())
    expects = {may: status} | ({others: 403} if others else {})
    return {"name": f"profiles:{name}", "expects": expects, "kwargs": kwargs, "foreign": f"other_{kwargs}"}


def _do(name: str, may: str, kwargs: str = "portrait", data: Arguments | str = "") -> Arguments:
    return _read(name, kwargs, may, 302) | {"method": "POST", "data": data or {}}


PORTRAIT: list[Arguments] = [
    {"name": "profiles:learner_own", "expects": {"student guardian": 302}, "kwargs": "classes_begun"},
    {"name": "profiles:talk_list", "expects": {"student guardian district ended-today": 403}, "rest": 200},
    {
        "name": "profiles:class_learners",
        "expects": {"teacher counselor leader": 200},
        "kwargs": "english_class",
        "foreign": "other_english_class",
    },
    {
        "name": "profiles:voice_import",
        "expects": {"leader counselor": 200, f"{STAFF} student guardian district": 403},
        "kwargs": "cedar",
        "foreign": "juniper",
    },
    {
        "name": "profiles:voice_apply",
        "expects": {"leader counselor": 302, f"{STAFF} student guardian district": 403},
        "kwargs": "cedar",
        "foreign": "juniper",
        "method": "POST",
    },
    _read("learner_detail"),
    _read("learner_readers"),
    _do("learner_confirm", "student"),
    _read("learner_voice_write", may="student guardian"),
    {
        **_do("learner_voice_answer", "student", "portrait_prompt", {"text": "", "visibility": "all"}),
        # The family is asked other questions.
        "expects": {"student": 302, "guardian": 404, READ: 403},
    },
    _read("learner_entry_add"),
    _read("learner_entry_history", "portrait_entry"),
    _read("learner_entry_revise", "portrait_entry", "teacher advisor counselor"),
    _read("learner_entry_answer", "portrait_entry", "student"),
    _do("learner_entry_withdraw", "teacher advisor counselor", "portrait_entry"),
    _read("learner_goal_list"),
    _read("learner_goal_set", may="student teacher advisor counselor"),
    _read("learner_goal_detail", "portrait_goal"),
    _do("learner_goal_move", RUN, "portrait_goal_moved"),
    _read("learner_goal_adjust", "portrait_goal", RUN),
    _do("learner_goal_comment", "student guardian teacher advisor counselor", "portrait_goal", {"comment": "Good"}),
    _read("learner_reflection_write", may="student"),
    _read("learner_check_in_list", may=TALK),
    _do("learner_check_in_plan", "advisor counselor", data={"on": "2030-01-07", "kind": "advisory"}),
    _read("learner_check_in_detail", "portrait_check_in", TALK),
    _do("learner_check_in_hold", "advisor", "portrait_check_in", "portrait_held"),
    _do("learner_check_in_miss", "advisor", "portrait_check_in"),
    _do("learner_check_in_move", "advisor", "portrait_check_in", {"day": "2090-01-09"}),
    _do("learner_commitment_settle", TALK, "portrait_promise"),
    _read("learner_conference_list"),
    _do("learner_conference_plan", RUN, data={"on": "2030-01-07"}),
    _read("learner_conference_detail", "portrait_conference"),
    _read("learner_conference_print", "portrait_conference"),
    _do("learner_conference_choose", "student", "portrait_conference"),
    _do("learner_conference_rehearse", "student", "portrait_conference"),
    _do("learner_conference_note", RUN, "portrait_conference", {"note": "Good"}),
    _do("learner_conference_promise", RUN, "portrait_conference", {"who": "student", "what": "Read"}),
    _do("learner_conference_hold", RUN, "portrait_conference"),
]


@pytest.fixture
def classes_begun(cast: Cast) -> Arguments:
    cast.section("math")
    return {}


@pytest.fixture
def english_class(cast: Cast) -> Arguments:
    return {"section": cast.section("english").pk}


@pytest.fixture
def other_english_class(cast: Cast) -> Arguments:
    return {"section": cast.section("juniper").pk}


@pytest.fixture
def portrait(cast: Cast) -> Arguments:
    return {"learner": cast.learner("student").pk}


@pytest.fixture
def other_portrait(cast: Cast) -> Arguments:
    return {"learner": cast.learner("juniper-student").pk}


@pytest.fixture
def portrait_prompt(cast: Cast, portrait: Arguments) -> Arguments:
    return {**portrait, "prompt": "known"}


@pytest.fixture
def other_portrait_prompt(cast: Cast, other_portrait: Arguments) -> Arguments:
    return {**other_portrait, "prompt": "known"}


def _things(cast: Cast, slug: str, by: str) -> dict[str, Any]:
    learner, adult = cast.learner(slug), cast[by]
    today = learner.home.today()
    check_in = CheckIn.plan(learner, adult, today, by=adult)
    goal = Goal.set(learner, by=adult, horizon="term", dimension="skill", text="Write a comic")
    goal.move(Goal.State.PROPOSED, by=adult)
    return {
        "check_in": check_in.pk,
        "goal": goal.pk,
        "conference": Conference.plan(learner, today, by=adult).pk,
        "commitment": Commitment.objects.create(learner=learner, who="student", what="Read", made_on=today).pk,
    }


@pytest.fixture
def portrait_things(cast: Cast) -> dict[str, Any]:
    return _things(cast, "student", "advisor")


@pytest.fixture
def other_portrait_things(cast: Cast) -> dict[str, Any]:
    return _things(cast, "juniper-student", "other-teacher")


@pytest.fixture
def portrait_entry(cast: Cast, portrait: Arguments) -> Arguments:
    said = ProfileEntry.write(cast.learner("student"), "strength", "Kind", voice="adult", by=cast["teacher"])
    return {**portrait, "entry": said.pk}


@pytest.fixture
def other_portrait_entry(cast: Cast, other_portrait: Arguments) -> Arguments:
    by = cast["other-teacher"]
    said = ProfileEntry.write(cast.learner("juniper-student"), "strength", "Kind", voice="adult", by=by)
    return {**other_portrait, "entry": said.pk}


@pytest.fixture
def portrait_goal(portrait: Arguments, portrait_things: dict[str, Any]) -> Arguments:
    return {**portrait, "goal": portrait_things["goal"]}


@pytest.fixture
def other_portrait_goal(other_portrait: Arguments, other_portrait_things: dict[str, Any]) -> Arguments:
    return {**other_portrait, "goal": other_portrait_things["goal"]}


@pytest.fixture
def portrait_goal_moved(portrait_goal: Arguments) -> Arguments:
    return {**portrait_goal, "state": "draft"}


@pytest.fixture
def other_portrait_goal_moved(other_portrait_goal: Arguments) -> Arguments:
    return {**other_portrait_goal, "state": "draft"}


@pytest.fixture
def portrait_check_in(portrait: Arguments, portrait_things: dict[str, Any]) -> Arguments:
    return {**portrait, "check_in": portrait_things["check_in"]}


@pytest.fixture
def other_portrait_check_in(other_portrait: Arguments, other_portrait_things: dict[str, Any]) -> Arguments:
    return {**other_portrait, "check_in": other_portrait_things["check_in"]}


@pytest.fixture
def portrait_held() -> dict[str, Any]:
    """Nothing said, nothing promised."""
    return {f"promise{n}-{name}": value for n in range(3) for name, value in (("who", "student"), ("what", ""))}


@pytest.fixture
def portrait_promise(portrait: Arguments, portrait_things: dict[str, Any]) -> Arguments:
    return {**portrait, "commitment": portrait_things["commitment"], "state": "kept"}


@pytest.fixture
def other_portrait_promise(other_portrait: Arguments, other_portrait_things: dict[str, Any]) -> Arguments:
    return {**other_portrait, "commitment": other_portrait_things["commitment"], "state": "kept"}


@pytest.fixture
def portrait_conference(portrait: Arguments, portrait_things: dict[str, Any]) -> Arguments:
    return {**portrait, "conference": portrait_things["conference"]}


@pytest.fixture
def other_portrait_conference(other_portrait: Arguments, other_portrait_things: dict[str, Any]) -> Arguments:
    return {**other_portrait, "conference": other_portrait_things["conference"]}
