"""A family reads how their child is doing: by account or by a link and a code, in their language, while it may."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from profiles.family_page import FamilyPage
from profiles.models import (
    AccessEvent,
    Evidence,
    FamilyLink,
    Goal,
    GuardianLink,
    Learner,
    LearningPlan,
    Mark,
    NextStep,
    Person,
    ProfileEntry,
    RoleAssignment,
    Why,
)
from tests.cast import Cast

SignIn = Callable[[str], Client]


def sees(cast: Cast, *codes: str, level: int = 3) -> None:
    """Mr. Brooks sees these skills of Sofia, twice each."""
    for code in codes:
        for days in (2, 1):
            on = cast.org("cedar").today() - dt.timedelta(days=days)
            mark = Mark(cast.learner("student").pk, cast.competency(code).pk, level)
            Evidence.record(cast.section("math"), [mark], by=cast["math"], observed_on=on)


def page_of(cast: Cast, language: str = "es") -> FamilyPage:
    learner = cast.learner("student")
    learner.why = Why.GUARDIAN
    return FamilyPage(learner, language, reader=cast["guardian"])


def link_of(cast: Cast) -> GuardianLink:
    return GuardianLink.objects.select_related("learner").get(learner=cast.learner("student"))


def by_link(cast: Cast) -> tuple[str, str]:
    """(address, code) of Elena's link."""
    token, code = FamilyLink.make(link_of(cast), by=cast["advisor"])
    return reverse("family_detail", args=[token]), code


# What it says


def test_growth_is_three_sentences_in_the_readers_language(cast: Cast) -> None:
    sees(cast, "RN.1", "RN.2")
    cast.competency("RN.1").revise(by=cast["leader"], family_wording={"es": "Puedo comparar dos razones."})
    goal = Goal.set(cast.learner("student"), by=cast["student"], horizon="term", dimension="habit", text="Pedir ayuda")
    goal.move("active", by=cast["student"])

    assert [(said.text, said.about) for said in page_of(cast).growth] == [
        ("Sofia ya sabe hacer 2 cosas nuevas. La más reciente:", page_of(cast).growth[0].about),
        ("Hasta ahora, Sofia ha demostrado bien 2 habilidades. Eso ya no se pierde.", ""),
        ("Sofia trabaja por esta meta:", "Pedir ayuda"),
    ]


def test_what_nobody_worded_in_spanish_is_shown_in_english_and_marked(cast: Cast, sign_in: SignIn) -> None:
    sees(cast, "RN.1")
    [said, *_others] = page_of(cast).growth
    assert (said.language, said.about_language) == ("es", "en")

    page = sign_in("guardian").get(reverse("profiles:learner_family", args=[cast.learner("student").pk])).text
    assert '<q class="said-of" lang="en">Compare two ratios with a table or a drawing.</q>' in page


def test_nothing_known_is_said_without_alarm(cast: Cast) -> None:
    cast.learner("student")
    assert [said.text for said in page_of(cast, "en").growth] == [
        "It is too early to say what is new. We want to see more work by Sofia first.",
        "We do not know yet which skills Sofia has. That is not bad news: we need to see more.",
        "Sofia has not set a goal yet. You can talk about one at home.",
    ]


def test_the_step_comes_with_its_first_reason_and_a_question_for_home(cast: Cast) -> None:
    sees(cast, "RN.1")
    step = {"reasons": [{"code": "opens", "weight": 2.0, "facts": {}}], "score": 2.0, "position": 0}
    NextStep.objects.create(learner=cast.learner("student"), competency=cast.competency("RN.2"), **step)
    page = page_of(cast, "en")
    assert [said.text for said in page.step] == ["This comes next for Sofia:", "It opens the way to more."]
    assert page.question.about == "Compare two ratios with a table or a drawing."


def test_distance_is_there_for_those_who_ask(cast: Cast) -> None:
    sees(cast, "RN.1")
    assert [said.text for said in page_of(cast, "en").far] == [
        "In Integrated mathematics 1, Sofia has shown 1 of 4 skills.",
        "Of 3 we do not know yet. Not known does not mean not able.",
    ]


def test_as_many_statements_for_much_as_for_little(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: Callable[[int], object]
) -> None:
    client, url = sign_in("guardian"), reverse("profiles:learner_family", args=[cast.learner("student").pk])
    sees(cast, "RN.1")
    client.get(url)
    with django_assert_num_queries(13):
        client.get(url)
    sees(cast, "RN.2", "RN.3")
    for text in ("one", "two", "three"):
        ProfileEntry.write(cast.learner("student"), "strength", text, voice="family", by=cast["guardian"])
    with django_assert_num_queries(13):
        client.get(url)


# By a link and a code


def test_nothing_about_anybody_before_the_code(cast: Cast) -> None:
    sees(cast, "RN.1")
    address, _code = by_link(cast)
    page = Client().get(address)
    assert page.status_code == 200
    assert [word for word in ("Sofia", "Reyes", "Elena", "Cedar", "ratio") if word in page.text] == []


def test_code_opens_the_page_in_the_familys_language_for_an_hour(cast: Cast) -> None:
    sees(cast, "RN.1")
    address, code = by_link(cast)
    client = Client(headers={"Accept-Language": "en"})
    client.post(f"{address}enter/", {"code": code})
    page = client.get(address)
    assert "Sofia ya sabe hacer algo nuevo:" in page.text
    assert '<html lang="es">' in page.text
    assert page.headers["Content-Language"] == "es"
    assert client.cookies["trellis-family"]["max-age"] == 3600
    client.post(f"{address}leave/")
    assert "Sofia" not in client.get(address).text


def test_the_wrong_code_says_so_and_five_end_the_link(cast: Cast) -> None:
    address, code = by_link(cast)
    client = Client()
    answers = [client.post(f"{address}enter/", {"code": "nothing"}).status_code for _try in range(5)]
    assert answers == [422, 422, 422, 422, 404]
    assert client.post(f"{address}enter/", {"code": code}).status_code == 404
    assert client.get(address).status_code == 404


def test_one_childs_code_opens_no_other_childs_page(cast: Cast) -> None:
    address, code = by_link(cast)
    other = GuardianLink.objects.create(
        guardian=cast["guardian"], learner=cast.learner("bea"), begins=cast.org("cedar").today()
    )
    token, _code = FamilyLink.make(other, by=cast["advisor"])
    client = Client()
    client.post(f"{address}enter/", {"code": code})
    client.cookies["trellis-family"]["path"] = "/"
    assert "Bea" not in client.get(reverse("family_detail", args=[token])).text


def test_family_adds_what_it_knows_and_takes_it_back(cast: Cast) -> None:
    address, code = by_link(cast)
    client = Client()
    client.post(f"{address}enter/", {"code": code})
    client.post(f"{address}say/", {"section": "home", "text": "En casa hablamos español."})
    entry = ProfileEntry.objects.get()
    assert (entry.voice, entry.author, entry.language, entry.text) == (
        "family",
        cast["guardian"],
        "es",
        "En casa hablamos español.",
    )
    assert "En casa hablamos español." in client.get(address).text
    client.post(f"{address}words/{entry.pk}/withdraw/")
    assert "En casa hablamos español." not in client.get(address).text


def test_words_typed_after_the_hour_are_still_there_after_the_code(cast: Cast) -> None:
    address, code = by_link(cast)
    client = Client()
    asked = client.post(f"{address}say/", {"section": "home", "text": "Long words"})
    assert (asked.status_code, 'value="Long words"' in asked.text) == (403, True)
    page = client.post(f"{address}enter/", {"code": code, "section": "home", "text": "Long words"})
    assert "Long words</textarea>" in page.text
    assert ProfileEntry.objects.count() == 0


def test_family_acknowledges_the_plan(cast: Cast, sign_in: SignIn) -> None:
    plan = LearningPlan.begin(cast.learner("student"), "Spring", by=cast["student"])
    plan.move("student_ready", by=cast["student"])
    plan.move("active", by=cast["advisor"])
    sign_in("guardian").post(reverse("profiles:learner_family_acknowledge", args=[cast.learner("student").pk]))
    plan.refresh_from_db()
    assert plan.acknowledged_on == cast.org("cedar").today()


def test_only_family_speaks_for_the_family(cast: Cast, sign_in: SignIn) -> None:
    url = reverse("profiles:learner_family_say", args=[cast.learner("student").pk])
    assert sign_in("advisor").post(url, {"section": "home", "text": "x"}).status_code == 403


# Who may still read


def born(cast: Cast, day: dt.date) -> Learner:
    learner = cast.learner("student")
    Person.objects.filter(pk=learner.pk).update(birth_date=day)
    return learner


@pytest.mark.parametrize(
    ("birth", "today", "status"),
    [
        ("2008-11-23", "2026-11-22", 200),
        ("2008-11-22", "2026-11-22", 404),
        ("2008-02-29", "2026-02-28", 200),
        ("2008-02-29", "2026-03-01", 404),
    ],
)
def test_on_the_18th_birthday_the_rights_are_the_students(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, birth: str, today: str, status: int
) -> None:
    address, code = by_link(cast)
    learner = born(cast, dt.date.fromisoformat(birth))
    client = sign_in("guardian")
    RoleAssignment.objects.update(begins=dt.date(2025, 8, 1))
    GuardianLink.objects.update(begins=dt.date(2025, 8, 1))
    monkeypatch.setenv("TRELLIS_TODAY", today)

    by_code = Client()
    by_code.post(f"{address}enter/", {"code": code})
    assert client.get(reverse("profiles:learner_family", args=[learner.pk])).status_code == status
    assert by_code.get(address).status_code == status
    assert GuardianLink.objects.giving_sight().filter(learner=learner).exists() == (status == 200)
    assert Learner.objects.get(pk=learner.pk).is_of_age == (status == 404)


def test_the_birthday_is_the_schools_own_day(cast: Cast) -> None:
    """It is another day on Kiritimati than on Pago Pago, at any hour."""
    east, west = dt.timezone(dt.timedelta(hours=14)), "Pacific/Pago_Pago"
    today = dt.datetime.now(east).date()
    leap = (today.month, today.day) == (2, 29)  # nobody becomes 18 on this day
    learner = born(cast, dt.date(today.year - 18, 3, 1) if leap else today.replace(year=today.year - 18))
    sight = GuardianLink.objects.giving_sight().filter(learner=learner)
    type(learner.home).objects.filter(pk=learner.home_id).update(time_zone="Pacific/Kiritimati")
    assert (sight.exists(), cast.learner("student").is_of_age) == (leap, not leap)
    type(learner.home).objects.filter(pk=learner.home_id).update(time_zone=west)
    assert (sight.exists(), cast.learner("student").is_of_age) == (True, False)


def test_of_age_and_willing_the_family_goes_on_reading(cast: Cast, sign_in: SignIn) -> None:
    learner = born(cast, dt.date(2000, 1, 1))
    Learner.objects.filter(pk=learner.pk).update(regranted=True)
    assert sign_in("guardian").get(reverse("profiles:learner_family", args=[learner.pk])).status_code == 200


def test_a_court_limit_wins_over_all(cast: Cast, sign_in: SignIn) -> None:
    sees(cast, "RN.1")
    address, code = by_link(cast)
    client = Client()
    client.post(f"{address}enter/", {"code": code})
    GuardianLink.objects.update(court_limit="Order of March 3")
    learner = cast.learner("student")
    Learner.objects.filter(pk=learner.pk).update(regranted=True, dependent_on_record=True)
    assert client.get(address).status_code == 404
    assert client.post(f"{address}say/", {"section": "home", "text": "x"}).status_code == 404
    assert sign_in("guardian").get(reverse("profiles:learner_family", args=[learner.pk])).status_code == 404
    assert "Sofia" not in sign_in("guardian").get("/search/?q=ofi").text
    page = reverse("profiles:class_families", args=[cast.section("math").pk])
    assert "Sofia" not in sign_in("math").get(page).text


def test_a_role_that_ended_today_opens_nothing(cast: Cast, sign_in: SignIn) -> None:
    learner = cast.learner("student")
    client = sign_in("advisor")
    urls = [
        reverse("profiles:learner_family", args=[learner.pk]),
        reverse("profiles:learner_families", args=[learner.pk]),
        reverse("profiles:class_families", args=[cast.section("advisory").pk]),
    ]
    assert [client.get(url).status_code for url in urls] == [200, 200, 200]
    cast.org("cedar").end_role(cast.role("advisor"), by=cast["leader"])
    assert [client.get(url).status_code for url in urls] == [404, 404, 404]


def test_every_look_is_in_the_familys_list(cast: Cast, sign_in: SignIn) -> None:
    learner = cast.learner("student")
    sign_in("advisor").get(reverse("profiles:learner_families", args=[learner.pk]))
    sign_in("math").get(reverse("profiles:class_families", args=[cast.section("math").pk]))
    sign_in("leader").get(reverse("profiles:learner_family", args=[learner.pk]))
    looks = page_of(cast).looks
    assert sorted((str(look["who"]), str(look["read_as"])) for look in looks) == [
        ("Henry Osei", "advisor"),
        ("Ruth Alvarez", "leader of the school"),
        ("Samuel Brooks", "teacher"),
    ]
    assert AccessEvent.objects.of(cast.learner("bea").pk).count() == 1


# Handing out links, letters


def test_advisor_prints_a_slip_that_is_shown_once(cast: Cast, sign_in: SignIn) -> None:
    client, page = sign_in("advisor"), reverse("profiles:learner_families", args=[cast.learner("student").pk])
    client.post(reverse("profiles:family_link_make", args=[cast.learner("student").pk, link_of(cast).pk]))
    first, second = client.get(page).text, client.get(page).text
    [address] = re.findall(r"http://testserver(/family/\S+?/)\?language=es", first)
    [code] = re.findall(r'<b class="code">(\d{3} \d{3})</b>', first)
    assert "?language=es" not in second
    family = Client()
    assert family.post(f"{address}enter/", {"code": code}).status_code == 302
    client.post(reverse("profiles:family_link_end", args=[cast.learner("student").pk, link_of(cast).pk]))
    assert family.get(address).status_code == 404


def test_by_mail_goes_the_link_and_never_the_code(cast: Cast, sign_in: SignIn) -> None:
    client, learner = sign_in("advisor"), cast.learner("student")
    client.post(reverse("profiles:family_link_make", args=[learner.pk, link_of(cast).pk]), {"by": "mail"})
    [letter] = mail.outbox
    page = client.get(reverse("profiles:learner_families", args=[learner.pk])).text
    [code] = re.findall(r'<b class="code">(\d{3}) (\d{3})</b>', page)
    [address] = re.findall(r"http://testserver(/family/\S+?/)\?language=es", letter.body)
    assert letter.to == [cast["guardian"].email]
    assert letter.subject == "Su página de familia en Cedar Hollow High School"
    assert "".join(code) not in letter.body
    assert Client().post(f"{address}enter/", {"code": "".join(code)}).status_code == 302


def test_teachers_of_a_class_hand_out_no_links(cast: Cast, sign_in: SignIn) -> None:
    url = reverse("profiles:family_link_make", args=[cast.learner("student").pk, link_of(cast).pk])
    assert sign_in("math").post(url).status_code == 403


def test_slips_for_a_whole_advisory_at_once(cast: Cast, sign_in: SignIn) -> None:
    GuardianLink.objects.create(guardian=cast["leader"], learner=cast.learner("bea"), begins=cast.org("cedar").today())
    page = sign_in("advisor").post(reverse("profiles:class_family_links", args=[cast.section("advisory").pk])).text
    assert len(re.findall(r'class="slip"', page)) == 2
    assert FamilyLink.objects.filter(ended_at=None).count() == 2


def test_the_week_is_printed_or_mailed_in_each_familys_language(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: Callable[[int], object]
) -> None:
    sees(cast, "RN.1")
    client, url = sign_in("math"), reverse("profiles:class_families", args=[cast.section("math").pk])
    client.get(url)
    with django_assert_num_queries(12):
        assert "Sofia ya sabe hacer algo nuevo:" in client.get(url).text
    for slug in ("amir", "bea"):
        learner = cast.learner(slug)
        GuardianLink.objects.create(guardian=cast["leader"], learner=learner, begins=cast.org("cedar").today())
    with django_assert_num_queries(12):
        assert "too early to say what is new" in client.get(url).text

    client.post(reverse("profiles:class_week_mail", args=[cast.section("math").pk]))
    assert sorted(letter.subject for letter in mail.outbox) == [
        "Lo que hizo Sofia esta semana",
        "What Amir did this week",
        "What Bea did this week",
    ]
