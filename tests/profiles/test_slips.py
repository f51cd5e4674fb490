"""A class comes in by printed slips: a name, a code that works once, a password of one's own."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from profiles.models import Person, SignInSlip
from tests.cast import Cast

SignIn = Callable[[str], Client]
PASSWORD = "a lantern in the hallway"


def printed(page: str) -> list[tuple[str, str]]:
    """(sign-in name, code) of each slip."""
    codes = re.findall(r'<b class="code">([^<]+)</b>', page)
    return list(zip(codes[::2], codes[1::2], strict=True))


def test_a_class_gets_slips_and_a_student_signs_in_with_one(cast: Cast, sign_in: SignIn) -> None:
    math = cast.section("math")
    Person.objects.filter(pk=cast.learner("bea").pk).update(sign_in_name=None)
    teacher = sign_in("math")
    slips = printed(teacher.post(reverse("profiles:class_slips_print", args=[math.pk])).text)
    assert [name for name, _code in slips] == ["bea.castellano", "amir.30", "chen.30", "sofia.reyes.30"]

    first = Client()
    typed = {"sign_in_name": slips[1][0].upper(), "code": slips[1][1].upper(), "password": PASSWORD}
    assert first.post(reverse("account_first"), typed).status_code == 302
    assert first.get("/", follow=True).status_code == 200
    again = Client().post(reverse("account_first"), typed)
    assert (again.status_code, "do not go together" in again.text) == (422, True)
    assert Client().post("/accounts/login/", {"login": "amir.30", "password": PASSWORD}).status_code == 302


def test_one_slip_is_printed_again_in_the_room_and_ends_the_one_before(cast: Cast, sign_in: SignIn) -> None:
    math, teacher = cast.section("math"), sign_in("math")
    url = reverse("profiles:class_slips_print", args=[math.pk])
    [old] = printed(teacher.post(url, {"person": cast.learner("amir").pk}).text)
    [new] = printed(teacher.post(url, {"person": cast.learner("amir").pk}).text)
    typed = {"sign_in_name": "amir.30", "password": PASSWORD}
    answers = [Client().post(reverse("account_first"), typed | {"code": code}).status_code for _n, code in (old, new)]
    assert answers == [422, 302]


def test_five_wrong_codes_end_a_slip(cast: Cast, sign_in: SignIn) -> None:
    math = cast.section("math")
    codes = SignInSlip.hand_out(math, [cast["student"]], by=cast["math"])
    name = cast["student"].sign_in_name or ""
    wrong = [SignInSlip.used(name, "nothing", PASSWORD) for _try in range(5)]
    assert wrong == [None] * 5
    assert SignInSlip.used(name, codes[cast["student"].pk], PASSWORD) is None


def test_a_weak_password_leaves_the_slip_unused(cast: Cast) -> None:
    codes = SignInSlip.hand_out(cast.section("math"), [cast["student"]], by=cast["math"])
    typed = {"sign_in_name": cast["student"].sign_in_name, "code": codes[cast["student"].pk], "password": "short"}
    assert Client().post(reverse("account_first"), typed).status_code == 422
    assert Client().post(reverse("account_first"), typed | {"password": PASSWORD}).status_code == 302


def test_nobody_outside_the_class_gets_a_slip_through_it(cast: Cast, sign_in: SignIn) -> None:
    url = reverse("profiles:class_slips_print", args=[cast.section("math").pk])
    sign_in("math").post(url, {"person": cast.learner("dario").pk})
    sign_in("math").post(url, {"person": cast["leader"].pk})
    assert SignInSlip.objects.count() == 0


def test_the_page_says_how_far_each_has_come(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: Callable[[int], object]
) -> None:
    client = sign_in("math")
    url = reverse("profiles:class_slips", args=[cast.section("math").pk])
    client.get(url)
    SignInSlip.hand_out(cast.section("math"), [cast["student"]], by=cast["math"])
    with django_assert_num_queries(8):
        page = client.get(url).text
    assert (page.count("no way in yet"), page.count("slip until")) == (3, 1)
