"""Two people take back what was kept; students rate themselves and each other beside; growth beyond error."""

from __future__ import annotations

import pytest
from django.urls import reverse

from profiles import mastery
from profiles.models import (
    Change,
    Demonstration,
    Estimate,
    Evidence,
    EvidenceRating,
    Level,
    Revocation,
    ScaleScore,
)
from tests.cast import Cast

from .test_evidence import days_ago, estimate, rate


@pytest.fixture
def asked(cast: Cast) -> Revocation:
    """Kept as developing, then as secure; the math teacher asks to take secure back."""
    for days, level in ((9, 2), (8, 2), (2, 3), (1, 3)):
        rate(cast, {"student": level}, observed_on=days_ago(cast, days))
    kept = Demonstration.objects.get(level=Level.SECURE)
    return Revocation.ask(kept, "It was a classmate's work.", by=cast["math"])


def test_asking_takes_nothing_yet(cast: Cast, asked: Revocation) -> None:
    assert (estimate(cast).banked, asked.at) == (Level.SECURE, None)
    assert Revocation.ask(asked.demonstration, "Again", by=cast["leader"]) == asked


def test_second_person_takes_it_to_what_still_stands(cast: Cast, asked: Revocation) -> None:
    asked.confirm(by=cast["leader"])
    assert (estimate(cast).banked, Demonstration.objects.get(level=Level.SECURE).revoked) == (Level.DEVELOPING, True)
    last = Change.objects.filter(stream=cast.learner("student").stream).order_by("version").last()
    assert last
    assert (last.verb, last.actor, last.after) == ("taken_back", cast["leader"], {"banked": Level.DEVELOPING})
    assert last.before["reason"] == "It was a classmate's work."


def test_whoever_asked_does_not_confirm(cast: Cast, asked: Revocation) -> None:
    with pytest.raises(ValueError, match="Whoever asked"):
        asked.confirm(by=cast["math"])
    assert estimate(cast).banked == Level.SECURE


def test_leader_finds_it_on_the_page_and_agrees(cast: Cast, sign_in, asked: Revocation) -> None:
    client, cedar = sign_in("leader"), cast.org("cedar")
    shown = client.get(reverse("profiles:taking_back_list", args=[cedar.pk]))
    assert shown.context["asked"] == [(asked, True)]
    client.post(reverse("profiles:taking_back_confirm", args=[asked.pk]))
    assert estimate(cast).banked == Level.DEVELOPING
    assert client.get(reverse("profiles:taking_back_list", args=[cedar.pk])).context["asked"] == []


def test_whoever_asked_may_let_it_be(cast: Cast, sign_in, asked: Revocation) -> None:
    client = sign_in("math")
    shown = client.get(reverse("profiles:taking_back_list", args=[cast.org("cedar").pk]))
    assert shown.context["asked"] == [(asked, False)]
    assert client.post(reverse("profiles:taking_back_confirm", args=[asked.pk])).status_code == 403
    client.post(reverse("profiles:taking_back_decline", args=[asked.pk]))
    assert (Revocation.objects.count(), estimate(cast).banked) == (0, Level.SECURE)


def test_own_and_classmates_ratings_stand_beside(cast: Cast) -> None:
    learner, skill = cast.learner("student"), cast.competency("RN.1")
    rate(cast, {"student": 2}, observed_on=days_ago(cast, 2))
    rate(cast, {"student": 2}, observed_on=days_ago(cast, 1))
    before = Estimate.objects.filter(learner=learner).values().get()
    Evidence.rate_beside(learner, skill, 3, by=cast["student"], said="I can do this with a table.")
    Evidence.rate_beside(learner, skill, 4, by=cast["student"])
    Evidence.rate_beside(learner, skill, 1, by=cast.learner("amir").person)
    beside = EvidenceRating.objects.filter(counts=False, superseded_by=None).order_by("pk")
    assert [(one.rater_role, one.level) for one in beside] == [("self", 4), ("peer", 1)]
    assert Estimate.objects.filter(learner=learner).values().get() == before


@pytest.mark.parametrize(("later", "grown"), [(208.3, None), (208.4, 8.4), (191.6, -8.4), (191.7, None), (200, None)])
def test_growth_is_what_exceeds_the_error(later: float, grown: float | None) -> None:
    found = mastery.growth(200, 3, later, 3)
    assert (found if found is None else mastery.half_up(found, 1)) == grown


def test_scale_score_is_kept_once_a_day(cast: Cast) -> None:
    learner, day = cast.learner("student"), days_ago(cast, 3)
    for score in (201.0, 203.0):
        ScaleScore.record(
            learner, "MAP Growth", by=cast["math"], score=score, se=3.0, taken_on=day, norm_version="2020"
        )
    assert [(one.score, one.norm_version) for one in ScaleScore.objects.all()] == [(203.0, "2020")]
