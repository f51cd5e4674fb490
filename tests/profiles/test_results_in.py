"""Results of tests by file: whom and what they mean, brought in all or nothing, once, and taken back."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from profiles import frameworks, results
from profiles.models import (
    Change,
    Competency,
    Estimate,
    Evidence,
    EvidenceRating,
    Framework,
    Learner,
    Level,
    ResultImport,
    ResultMapping,
    RoleAssignment,
)
from profiles.standards import case
from tests.cast import Cast

DATA = Path(__file__).parents[2].parent / "shared/data"
ITEMS = "student_id,date,item,learning_standards,result\n"
OBJECTIVES = "student_id,date,objective,raw,max\n"
APRIL = dt.date(2021, 4, 8)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRELLIS_TODAY", "2021-04-12")


def items(*lines: str) -> bytes:
    """Lines "student code answers": answers are 1 right, 0 wrong."""
    made = [
        f"{student},2021-04-08,Q{n}-{code},{code},{'Correct' if answer == '1' else 'Incorrect'}"
        for student, code, answers in (line.split() for line in lines)
        for n, answer in enumerate(answers)
    ]
    return (ITEMS + "\n".join(made) + "\n").encode()


def received(cast: Cast, data: bytes, name: str = "april.csv", org: str = "cedar", by: str = "leader") -> ResultImport:
    cast.section("math")
    return results.receive(cast.org(org), data, name, by=cast[by])


def brought_in(cast: Cast, data: bytes, name: str = "april.csv") -> dict[str, int]:
    return results.apply(received(cast, data, name), by=cast["leader"])


def student_id(cast: Cast, slug: str) -> str:
    return cast.learner(slug).person.sign_in_name or ""


def estimate(cast: Cast, slug: str, code: str = "RN.1") -> Estimate:
    return Estimate.objects.get(learner=cast.learner(slug), competency=cast.competency(code))


@pytest.mark.parametrize(
    ("share", "level"),
    [
        (Fraction(1), Level.SECURE),
        (Fraction(4, 5), Level.SECURE),
        (Fraction(79, 100), Level.DEVELOPING),
        (Fraction(1, 2), Level.DEVELOPING),
        (Fraction(49, 100), Level.EMERGING),
        (Fraction(0), Level.EMERGING),
    ],
)
def test_share_right_is_a_level(share: Fraction, level: Level) -> None:
    assert results.level_from(share) == level


def test_answers_become_one_rating_a_student_and_skill(cast: Cast) -> None:
    amir, bea = student_id(cast, "amir"), student_id(cast, "bea")

    counts = brought_in(cast, items(f"{amir} RN.1 1111", f"{amir} RN.2 10", f"{bea} RN.1 0001"))

    assert counts == {"new": 3, "corrected": 0, "same": 0, "people": 0}
    assert Evidence.objects.count() == 2
    ratings = EvidenceRating.objects.filter(learner=cast.learner("amir")).order_by("competency__code")
    assert [(one.level, one.items, one.rater_role) for one in ratings] == [
        (Level.SECURE, [1, 1, 1, 1], "machine"),
        (Level.DEVELOPING, [1, 0], "machine"),
    ]
    piece = Evidence.objects.get(learner=cast.learner("amir"))
    assert (piece.evidence_kind, piece.observed_on, piece.title) == ("import", APRIL, "april.csv")
    assert (estimate(cast, "amir").state, estimate(cast, "bea").state) == (Level.SECURE, Level.EMERGING)


def test_the_same_results_again_change_nothing(cast: Cast) -> None:
    amir = student_id(cast, "amir")
    brought_in(cast, items(f"{amir} RN.1 1111"))
    changes = Change.objects.filter(stream=cast.learner("amir").stream).count()

    counts = brought_in(cast, items(f"{amir} RN.1 1111"), "april again.csv")

    assert counts == {"new": 0, "corrected": 0, "same": 1, "people": 0}
    assert (Evidence.objects.count(), Change.objects.filter(stream=cast.learner("amir").stream).count()) == (1, changes)


def test_a_mended_file_corrects_and_keeps_what_was_there(cast: Cast) -> None:
    amir = student_id(cast, "amir")
    brought_in(cast, items(f"{amir} RN.1 1111", f"{amir} RN.2 11"))
    counts = brought_in(cast, items(f"{amir} RN.1 0111", f"{amir} RN.2 11"), "mended.csv")
    assert counts == {"new": 0, "corrected": 1, "same": 1, "people": 0}
    said = EvidenceRating.objects.filter(competency=cast.competency("RN.1")).order_by("pk")
    assert [(one.level, one.counts) for one in said] == [(Level.SECURE, False), (Level.DEVELOPING, True)]


def test_unknown_people_hinder_until_somebody_says_who_they_are(cast: Cast) -> None:
    cedar, leader, amir = cast.org("cedar"), cast["leader"], cast.learner("amir")
    record = received(cast, items("one RN.1 11", "two RN.1 11", "three RN.1 11"))
    assert results.look(record).unknown == ["one", "three", "two"]
    with pytest.raises(results.NotReady):
        results.apply(record, by=leader)

    said = {"one": ("person", amir.pk), "two": ("create", cedar.pk), "three": ("skip", None)}
    results.match(record, said, {}, by=leader)
    counts = results.apply(record, by=leader)

    assert counts == {"new": 2, "corrected": 0, "same": 0, "people": 1}
    made = Learner.objects.get(person__sourced_id="two")
    assert (str(made), made.home) == ("Student two", cedar)
    assert set(EvidenceRating.objects.values_list("learner", flat=True)) == {amir.pk, made.pk}


def test_who_was_meant_is_known_to_the_next_file(cast: Cast) -> None:
    record = received(cast, items("one RN.1 11"))
    results.match(record, {"one": ("create", cast.org("cedar").pk)}, {}, by=cast["leader"])
    results.apply(record, by=cast["leader"])
    later = results.look(received(cast, items("one RN.2 11"), "may.csv"))
    assert (later.unknown, list(later.people)) == ([], ["one"])


def test_old_codes_are_matched_and_others_picked_or_left_out(cast: Cast) -> None:
    amir = student_id(cast, "amir")
    cast.section("math")
    Competency.objects.filter(pk=cast.competency("RN.2").pk).update(code="6.RP.A.2")
    record = received(cast, items(f"{amir} CC.6.RP.2 11", f"{amir} OLD.1 11", f"{amir} OLD.2 11"))
    looked = results.look(record)
    assert (list(looked.codes), looked.unmatched, looked.ready) == (["CC.6.RP.2"], ["OLD.1", "OLD.2"], False)

    results.match(record, {}, {"OLD.1": str(cast.competency("RN.1").pk), "OLD.2": ""}, by=cast["leader"])
    results.apply(record, by=cast["leader"])

    rated = EvidenceRating.objects.values_list("competency__code", flat=True)
    assert sorted(rated) == ["6.RP.A.2", "RN.1"]


def test_objectives_make_a_framework_of_their_own_once(cast: Cast) -> None:
    amir = student_id(cast, "amir")
    first = f"{OBJECTIVES}{amir},2021-04-08,Ratios,4,5\n{amir},2021-04-08,Fractions,1,3\n"
    brought_in(cast, first.encode())
    later = f"{OBJECTIVES}{amir},2021-04-09,Ratios,1,5\n"
    brought_in(cast, later.encode(), "may.csv")
    own = Framework.objects.get(org=cast.org("cedar"))
    assert (own.own, list(own.competencies.values_list("statement", flat=True))) == (True, ["Fractions", "Ratios"])
    levels = (
        EvidenceRating.objects.filter(competency__statement="Ratios").order_by("pk").values_list("level", flat=True)
    )
    assert list(levels) == [Level.SECURE, Level.EMERGING]


def test_taken_back_nothing_of_it_counts(cast: Cast) -> None:
    amir = student_id(cast, "amir")
    brought_in(cast, items(f"{amir} RN.1 1111"))
    record = received(cast, items(f"{amir} RN.1 0000", "two RN.1 11"), "wrong.csv")
    results.match(record, {"two": ("create", cast.org("cedar").pk)}, {}, by=cast["leader"])
    results.apply(record, by=cast["leader"])
    assert estimate(cast, "amir").state == Level.EMERGING
    made = Learner.objects.get(person__sourced_id="two")

    results.undo(record, by=cast["leader"])

    assert (estimate(cast, "amir").state, estimate(cast, "amir").banked) == (Level.SECURE, Level.SECURE)
    now = Estimate.objects.get(learner=made)
    assert (now.state, now.banked) == (Level.UNKNOWN, Level.UNKNOWN)
    assert not RoleAssignment.objects.current().filter(person=made.pk).exists()
    assert ResultMapping.objects.get(source_id="two").meant == "create"


def test_dates_to_come_are_refused_in_one_sentence(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRELLIS_TODAY", "2020-03-02")
    looked = results.look(received(cast, items("one RN.1 111")))
    assert looked.sentences == [
        "3 results are dated 2021-04-08; today is 2020-03-02. Bring them in when that day has come, or mend the dates."
    ]
    assert not looked.ready


def test_leader_brings_in_a_file_from_looking_to_taking_back(cast: Cast, sign_in) -> None:
    cast.section("math")
    client, cedar = sign_in("leader"), cast.org("cedar")
    upload = SimpleUploadedFile("april.csv", items("one RN.1 11", "two RN.1 11", "three ZZ 1"))
    answer = client.post(reverse("profiles:result_list", args=[cedar.pk]), {"file": upload}, follow=True)
    assert answer.context["looked"].unknown == ["one", "three", "two"]
    record = ResultImport.objects.get()
    there = [cedar.pk, record.pk]

    said = {"rest": "create", "school": cedar.pk, "who_0": str(cast.learner("amir")), "leave_codes": "on"}
    answer = client.post(reverse("profiles:result_match", args=there), said, follow=True)
    assert (answer.context["looked"].ready, answer.context["form"]) == (True, None)
    client.post(reverse("profiles:result_apply", args=there))
    record.refresh_from_db()
    assert (record.report, record.file) == ({"new": 2, "corrected": 0, "same": 0, "people": 2}, None)
    client.post(reverse("profiles:result_undo", args=there))
    assert set(Evidence.objects.values_list("status", flat=True)) == {"withdrawn"}


def test_nobody_called_so_is_said_at_the_field(cast: Cast, sign_in) -> None:
    record = received(cast, items("one RN.1 11"))
    there = [record.org_id, record.pk]
    answer = sign_in("leader").post(reverse("profiles:result_match", args=there), {"who_0": "Nobody Here"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["who_0"])


@pytest.mark.parametrize("several", [False, True])
def test_bringing_in_costs_the_same_however_many(cast: Cast, several: bool, django_assert_num_queries) -> None:
    ids = [student_id(cast, slug) for slug in (("amir", "bea", "chen") if several else ("amir",))]
    record = received(cast, items(*(f"{one} RN.1 11" for one in ids)))
    by = cast["leader"]
    with django_assert_num_queries(25):
        results.apply(record, by=by)


def test_shared_results_come_in_whole(cast: Cast) -> None:
    names = (
        "frameworks/ccss_math_coherence_cfpackage.json",
        "evidence/mastery_items.csv",
        "evidence/mastery_objectives.csv",
    )
    if missing := [name for name in names if not (DATA / name).exists()]:
        pytest.skip(f"shared data is not here: {missing}")
    package, by_item, by_objective = (DATA / name for name in names)
    district, leader, cedar = cast.org("district"), cast["district"], cast.org("cedar")
    read = case.read(package.read_bytes(), package.name)
    helpful = {link.identifier for cycle in frameworks.look(read).cycles for link in cycle.links}
    frameworks.bring_in(district, read, helpful=helpful, by=leader)
    record = results.receive(district, by_item.read_bytes(), by_item.name, by=leader)
    looked = results.look(record)
    assert (looked.rows, len(looked.unknown), len(looked.codes), looked.unmatched) == (2050, 82, 11, [])

    results.match(record, dict.fromkeys(looked.unknown, ("create", cedar.pk)), {}, by=leader)
    first = results.apply(record, by=leader)
    again = results.apply(results.receive(district, by_item.read_bytes(), by_item.name, by=leader), by=leader)
    scores = results.apply(
        results.receive(district, by_objective.read_bytes(), by_objective.name, by=leader), by=leader
    )

    assert (first["people"], again["new"], again["same"]) == (82, 0, first["new"])
    assert (scores["new"], scores["people"]) == (984, 0)
    assert Evidence.objects.count() == 164
