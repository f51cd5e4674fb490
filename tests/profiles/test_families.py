"""A family reads without an account; growth is shared and answered."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from profiles.models import Cheer, Demonstration, Evidence, FamilyLink, GuardianLink, Mark
from tests.cast import Cast


def make(cast: Cast) -> tuple[str, str]:
    link = GuardianLink.objects.get(learner=cast.learner("student"))
    return FamilyLink.make(link, by=cast["advisor"])


def test_link_and_code_together_open_the_page(cast: Cast) -> None:
    token, code = make(cast)
    assert FamilyLink.named(token).opened_with(f"{code[:3]} {code[3:]}")
    assert FamilyLink.named(token + "x") is None


def test_five_wrong_codes_end_the_link(cast: Cast) -> None:
    token, code = make(cast)
    link = FamilyLink.named(token)
    assert [link.opened_with("nothing") for _try in range(5)] == [False] * 5
    assert not link.opened_with(code)
    assert FamilyLink.named(token) is None


def test_a_new_link_ends_the_one_before(cast: Cast) -> None:
    first, _code = make(cast)
    second, _code = make(cast)
    assert (FamilyLink.named(first), FamilyLink.named(second) is not None) == (None, True)


def test_a_link_ends_with_its_month_and_with_the_right_to_read(cast: Cast) -> None:
    token, _code = make(cast)
    GuardianLink.objects.update(court_limit="Order of March 3")
    assert FamilyLink.named(token) is None
    GuardianLink.objects.update(court_limit="")
    FamilyLink.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert FamilyLink.named(token) is None


@pytest.fixture
def shown(cast: Cast) -> Demonstration:
    """Sofia compares ratios now."""
    for days in (2, 1):
        on = cast.org("cedar").today() - dt.timedelta(days=days)
        mark = Mark(cast.learner("student").pk, cast.competency("RN.1").pk, 3)
        Evidence.record(cast.section("math"), [mark], by=cast["math"], observed_on=on)
    return Demonstration.objects.get()


def test_growth_is_shared_once_and_answered_by_the_first(cast: Cast, shown: Demonstration) -> None:
    learner = cast.learner("student")
    cheer = Cheer.share(learner, shown, by=cast["student"])
    assert Cheer.share(learner, shown, by=cast["student"]) == cheer
    cheer.reply("I saw how you drew it.", by=cast["advisor"])
    cheer.reply("Me too.", by=cast["math"])
    cheer.refresh_from_db()
    assert (cheer.answer, cheer.answered_by) == ("I saw how you drew it.", cast["advisor"])


def test_nobody_shares_what_is_somebody_elses(cast: Cast, shown: Demonstration) -> None:
    with pytest.raises(ValidationError):
        Cheer.share(cast.learner("amir"), shown, by=cast["student"])
