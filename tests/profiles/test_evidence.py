"""What a teacher records, what it says, and what is kept."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from profiles.models import (
    Change,
    Demonstration,
    Estimate,
    Evidence,
    EvidenceRating,
    Learner,
    Level,
    Mark,
    RatingBook,
)
from tests.cast import Cast


def rate(cast: Cast, marks: dict[str, int], code: str = "RN.1", by: str = "math", **more):
    """Samuel Brooks rates students of his class."""
    found = [Mark(cast.learner(slug).pk, cast.competency(code).pk, level) for slug, level in marks.items()]
    return Evidence.record(cast.section("math"), found, by=cast[by], **more)


def estimate(cast: Cast, slug: str = "student", code: str = "RN.1") -> Estimate:
    return Estimate.objects.get(learner=cast.learner(slug), competency=cast.competency(code))


def days_ago(cast: Cast, days: int) -> dt.date:
    return cast.org("cedar").today() - dt.timedelta(days=days)


def test_one_rating_is_not_known_yet_and_two_are_a_level(cast: Cast) -> None:
    rate(cast, {"student": 3}, observed_on=days_ago(cast, 3))
    assert (estimate(cast).state, estimate(cast).missing) == (Level.UNKNOWN, ["evidence"])
    rate(cast, {"student": 3})
    assert (estimate(cast).state, estimate(cast).banked, estimate(cast).n) == (Level.SECURE, Level.SECURE, 2)


def test_what_is_banked_does_not_fall(cast: Cast) -> None:
    for day, level in ((9, 3), (8, 3), (2, 1), (1, 1)):
        rate(cast, {"student": level}, observed_on=days_ago(cast, day))
    now = estimate(cast)
    assert (now.state, now.banked) == (Level.EMERGING, Level.SECURE)
    assert [one.level for one in Demonstration.objects.all()] == [Level.SECURE]


def test_a_second_mark_of_the_day_corrects_the_first(cast: Cast) -> None:
    rate(cast, {"student": 3}, observed_on=days_ago(cast, 3))
    rate(cast, {"student": 1})
    rate(cast, {"student": 4})
    assert list(EvidenceRating.objects.order_by("pk").values_list("level", "counts")) == [
        (3, True), (1, False), (4, True),
    ]  # fmt: skip
    assert (estimate(cast).n, estimate(cast).state) == (2, Level.EXTENDING)


def test_a_mark_for_somebody_of_another_class_is_left_out(cast: Cast) -> None:
    door = rate(cast, {"dario": 3, "amir": 3})
    assert door.result["rated"] == [[str(cast.learner("amir").pk), str(cast.competency("RN.1").pk)]]
    assert not Evidence.objects.filter(learner=cast.learner("dario")).exists()


def test_taking_back_today_takes_what_it_banked(cast: Cast) -> None:
    rate(cast, {"student": 2}, observed_on=days_ago(cast, 9))
    rate(cast, {"student": 2}, observed_on=days_ago(cast, 8))
    rate(cast, {"student": 3}, observed_on=days_ago(cast, 1))
    door = rate(cast, {"student": 3})
    assert estimate(cast).banked == Level.SECURE
    Evidence.take_back(cast.section("math"), [uuid.UUID(one) for one in door.result["evidence"]], by=cast["math"])
    now = estimate(cast)
    assert (now.state, now.banked, now.n) == (Level.DEVELOPING, Level.DEVELOPING, 3)
    assert [one.level for one in Demonstration.objects.all()] == [Level.DEVELOPING]


def test_taking_back_a_correction_brings_the_first_mark_again(cast: Cast) -> None:
    rate(cast, {"student": 3}, observed_on=days_ago(cast, 3))
    rate(cast, {"student": 3})
    door = rate(cast, {"student": 1})
    Evidence.take_back(cast.section("math"), [uuid.UUID(one) for one in door.result["evidence"]], by=cast["math"])
    assert (estimate(cast).state, estimate(cast).n) == (Level.SECURE, 2)


def test_nobody_takes_back_what_a_colleague_recorded(cast: Cast) -> None:
    door = rate(cast, {"student": 3})
    Evidence.take_back(cast.section("math"), [uuid.UUID(one) for one in door.result["evidence"]], by=cast["leader"])
    assert Evidence.objects.get().status == Evidence.Status.ACCEPTED


def test_sending_again_changes_nothing(cast: Cast) -> None:
    op_id = uuid.uuid4()
    first = rate(cast, {"student": 3}, op_id=op_id)
    again = rate(cast, {"student": 3}, op_id=op_id)
    assert again.replayed
    assert again.result == first.result
    assert Evidence.objects.count() == 1


def test_self_rating_stands_beside_and_never_counts(cast: Cast) -> None:
    rate(cast, {"student": 2}, observed_on=days_ago(cast, 3))
    rate(cast, {"student": 2}, observed_on=days_ago(cast, 2))
    learner = cast.learner("student")
    pair = (learner.pk, cast.competency("RN.1").pk)
    with learner.change(by=cast["student"]) as door:
        book = RatingBook({pair})
        book.add(
            [Mark(*pair, 4)], by=cast["student"], section=None, kind="task", on=days_ago(cast, 0), rater_role="self"
        )
        book.renew({learner.pk: learner}, by=cast["student"])
        book.tell({learner.pk: door}, "rated_self")
    assert (estimate(cast).state, estimate(cast).n) == (Level.DEVELOPING, 2)


def test_every_mark_is_in_the_learners_own_history(cast: Cast) -> None:
    rate(cast, {"student": 3, "amir": 2})
    kept = Change.objects.filter(stream=cast.learner("student").stream).values_list("verb", "target", "version")
    assert list(kept) == [("rated", str(cast.competency("RN.1").pk), 1)]
    assert Change.objects.filter(stream=cast.section("math").stream).count() == 1


@pytest.mark.parametrize("several", [False, True])
def test_rating_costs_the_same_however_many(cast: Cast, several: bool, django_assert_num_queries) -> None:
    section, by = cast.section("math"), cast["math"]
    slugs = ["student", "amir", "bea"] if several else ["student"]
    marks = [Mark(cast.learner(slug).pk, cast.competency("RN.1").pk, 3) for slug in slugs]
    with django_assert_num_queries(17):
        Evidence.record(section, marks, by=by, op_id=uuid.uuid4())


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("student", {"student": "self"}),
        ("guardian", {"student": "guardian"}),
        ("math", {"student": "section", "amir": "section", "bea": "section", "chen": "section"}),
        ("advisor", {"student": "advisory", "bea": "advisory", "amir": "team"}),
        ("next-door", {"dario": "section"}),
        ("counselor", dict.fromkeys(("student", "amir", "bea", "chen", "dario"), "caseload")),
        ("leader", dict.fromkeys(("student", "amir", "bea", "chen", "dario"), "admin")),
        ("other-teacher", {"juniper-student": "section"}),
        ("coach", {}),
        ("district", {}),
        ("ended-today", {}),
    ],
)
def test_who_may_open_whose_record_and_why(cast: Cast, slug: str, expected: dict[str, str]) -> None:
    slugs = {cast.learner(one).pk: one for one in ("student", "amir", "bea", "chen", "dario", "juniper-student")}
    found = Learner.objects.visible_to(cast[slug])
    assert {slugs[one.pk]: one.why for one in found} == expected


def test_family_reads_until_eighteen_and_never_against_a_court(cast: Cast) -> None:
    learner = cast.learner("student")
    learner.person.birth_date = cast.org("cedar").today().replace(year=cast.org("cedar").today().year - 18)
    learner.person.save()
    assert not Learner.objects.visible_to(cast["guardian"]).exists()
    learner.regranted = True
    learner.save()
    assert Learner.objects.visible_to(cast["guardian"]).exists()
    learner.guardian_links.update(court_limit="Order of March 3")
    assert not Learner.objects.visible_to(cast["guardian"]).exists()
