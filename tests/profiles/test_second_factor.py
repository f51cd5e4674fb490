"""Staff of a school that has begun with students confirm sign-in with a second factor; nobody else is asked."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.conf import LazySettings
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from profiles import permissions
from profiles.models import Change, Org, Person
from profiles.second_factor import CONFIRMED
from tests.cast import Cast

PASSWORD = "a lantern in the hallway"
FACTORS = "/accounts/second-factor/"
CODE = f"{FACTORS}code/"
TRUST = f"{FACTORS}trust/"
SetUp = Callable[[Client], str]


@pytest.fixture(autouse=True)
def _asked(settings: LazySettings) -> Iterator[None]:
    """As on a real site. No code was used and nothing was tried yet."""
    settings.SECOND_FACTOR = True
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def begun(cast: Cast) -> Org:
    """The first school has begun with students."""
    school = cast.org("cedar")
    school.begin("learners", by=cast["leader"])
    return school


@pytest.fixture
def teacher(cast: Cast, begun: Org) -> Person:
    return with_password(cast["teacher"])


def with_password(person: Person) -> Person:
    person.set_password(PASSWORD)
    person.save()
    return person


def sign_in(person: Person, client: Client | None = None) -> tuple[Client, str]:
    """The browser and where the password led."""
    client = client or Client()
    answer = client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    return client, answer.url


def mark_confirmed(client: Client, person: Person) -> None:
    session = client.session
    session[CONFIRMED] = str(person.pk)
    session.save()


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def set_up_app(transactional_db: None) -> SetUp:
    """Confirms by password, reads the key, types the code; answers the key. allauth waits for the commit."""

    def set_up_app(client: Client) -> str:
        add = reverse("mfa_activate_totp")
        asked = client.get(add)
        assert asked.url == f"/accounts/confirm/?next={add.replace('/', '%2F')}"
        client.post(asked.url, {"password": PASSWORD, "next": add})
        secret = client.get(add).context["form"].secret
        assert client.post(add, {"code": code_of(secret)}).url == reverse("mfa_view_recovery_codes")
        return secret

    return set_up_app


def test_teacher_where_students_begun_is_sent_to_set_up_and_told_why(teacher: Person) -> None:
    client, where = sign_in(teacher)
    assert where == "/"

    page = client.get("/", follow=True)

    assert page.redirect_chain == [(FACTORS, 302)]
    assert "Student records are kept where you work, so everyone there signs in with a second step." in page.text
    assert client.get("/planning/").url == FACTORS
    assert client.get("/accounts/password/change/").status_code == 200


def test_fragment_sends_the_whole_page(teacher: Person) -> None:
    client, _where = sign_in(teacher)

    answer = client.get("/search/?q=maya", HTTP_HX_REQUEST="true")

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (403, FACTORS)


def test_save_is_refused_with_a_sentence(teacher: Person) -> None:
    client, _where = sign_in(teacher)

    answer = client.post("/profiles/settings/", {}, headers={"accept": "application/json", "hx-request": "true"})

    assert answer.status_code == 403
    assert answer.json() == {
        "sentence": "Not saved: sign-in needs a second step where you work. "
        "Open Trellis in a new tab for it; your words stay."
    }


def test_app_is_set_up_and_asked_for_at_the_next_sign_in(set_up_app: SetUp, teacher: Person) -> None:
    client, _where = sign_in(teacher)
    secret = set_up_app(client)
    assert client.get("/").status_code == 200

    again, where = sign_in(teacher)
    assert where == CODE
    assert again.get("/").url == "/accounts/login/?next=/"
    assert "That did not fit." in again.post(CODE, {"code": "wrong"}).text
    assert again.post(CODE, {"code": code_of(secret)}).url == TRUST
    assert again.post(TRUST, {}).url == "/"

    assert again.get("/").status_code == 200
    assert sign_in(teacher)[1] == CODE


def test_code_works_once(set_up_app: SetUp, teacher: Person) -> None:
    secret = set_up_app(sign_in(teacher)[0])
    code = code_of(secret)
    first, second = sign_in(teacher)[0], sign_in(teacher)[0]

    assert first.post(CODE, {"code": code}).url == TRUST
    assert "That did not fit." in second.post(CODE, {"code": code}).text


def test_remembered_device_is_not_asked_for_thirty_days(
    set_up_app: SetUp, teacher: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = set_up_app(sign_in(teacher)[0])
    client, _where = sign_in(teacher)
    client.post(CODE, {"code": code_of(secret)})
    answer = client.post(TRUST, {"action": "trust"})
    assert answer.cookies["mfa_trusted"]["max-age"] == 30 * 24 * 60 * 60
    client.post(reverse("account_logout"))

    client, where = sign_in(teacher, client)
    assert where == "/"
    assert client.get("/").status_code == 200
    client.post(reverse("account_logout"))

    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 30 * 24 * 60 * 60 + 1)
    assert sign_in(teacher, client)[1] == CODE


def test_recovery_code_works_once_in_place_of_the_app(set_up_app: SetUp, teacher: Person) -> None:
    client, _where = sign_in(teacher)
    set_up_app(client)
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert len(codes) == 10

    assert sign_in(teacher)[0].post(CODE, {"code": codes[0]}).url == TRUST
    assert "That did not fit." in sign_in(teacher)[0].post(CODE, {"code": codes[0]}).text


def test_ten_wrong_codes_slow_one_person_down(set_up_app: SetUp, teacher: Person) -> None:
    secret = set_up_app(sign_in(teacher)[0])
    client, _where = sign_in(teacher)
    for _attempt in range(10):
        assert "That did not fit." in client.post(CODE, {"code": "wrong"}).text

    assert "Too many tries with this name." in client.post(CODE, {"code": code_of(secret)}).text


def test_session_from_before_confirms_with_the_new_factor_not_with_the_password(
    set_up_app: SetUp, teacher: Person
) -> None:
    older, _where = sign_in(teacher)
    secret = set_up_app(sign_in(teacher)[0])
    confirm = f"{FACTORS}confirm/?next="

    assert older.get("/planning/").url == f"{confirm}/planning/"
    assert older.get(reverse("mfa_deactivate_totp")).url.startswith(confirm)
    older.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert older.get("/planning/").url == f"{confirm}/planning/"

    answer = older.post(f"{FACTORS}confirm/", {"code": code_of(secret), "next": "/planning/"})
    assert answer.url == "/planning/"
    assert older.get("/planning/").status_code == 200


def test_app_taken_away_is_asked_for_anew(set_up_app: SetUp, teacher: Person) -> None:
    client, _where = sign_in(teacher)
    set_up_app(client)

    answer = client.post(reverse("mfa_deactivate_totp"), follow=True)

    assert "The authenticator app is removed." in answer.text
    assert Authenticator.objects.count() == 0
    assert client.get("/").url == FACTORS


def test_password_typed_too_long_ago_is_asked_for_and_the_code_typed_is_not_lost(
    teacher: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _where = sign_in(teacher)
    add = reverse("mfa_activate_totp")
    client.post(client.get(add).url, {"password": PASSWORD, "next": add})
    secret = client.get(add).context["form"].secret
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 301)

    asked = client.post(add, {"code": code_of(secret)})
    answer = client.post(asked.url, {"password": PASSWORD, "next": add})

    assert asked.url == f"/accounts/confirm/?next={add.replace('/', '%2F')}"
    assert answer.url == reverse("mfa_view_recovery_codes")


def test_turning_back_before_the_code_lets_somebody_else_sign_in_and_keeps_words(
    set_up_app: SetUp, cast: Cast, teacher: Person
) -> None:
    set_up_app(sign_in(teacher)[0])
    client, _where = sign_in(teacher)
    assert client.get(reverse("account_login")).url == CODE

    answer = client.post(reverse("account_logout"))

    assert "Clear-Site-Data" not in answer.headers
    assert client.get(reverse("account_login")).status_code == 200


def test_confirming_as_one_person_does_not_confirm_another(set_up_app: SetUp, cast: Cast, teacher: Person) -> None:
    secret = set_up_app(sign_in(teacher)[0])
    client, _where = sign_in(teacher)
    client.post(CODE, {"code": code_of(secret)})
    client.post(reverse("account_logout"))

    client, where = sign_in(with_password(cast["leader"]), client)

    assert where == "/"
    assert client.get("/").url == FACTORS


def test_leader_takes_away_what_a_teacher_lost_and_it_is_kept_in_the_history(
    cast: Cast, teacher: Person, begun: Org
) -> None:
    TOTP.activate(teacher, generate_totp_secret())
    leader, page = Client(), reverse("profiles:person_detail", args=[teacher.pk])
    leader.force_login(cast["leader"])
    TOTP.activate(cast["leader"], generate_totp_secret())
    mark_confirmed(leader, cast["leader"])
    assert "Take away the second step" in leader.get(page).text

    answer = leader.post(reverse("profiles:second_factor_take", args=[teacher.pk]), follow=True)

    assert "Maya Torres signs in with the password alone now" in answer.text
    assert "Take away the second step" not in answer.text
    assert Authenticator.objects.filter(user=teacher).count() == 0
    kept = Change.objects.filter(verb="second_factor_taken").values_list("actor", "target")
    assert list(kept) == [(cast["leader"].pk, str(teacher.pk))]
    assert sign_in(teacher)[1] == "/"


def test_second_factor_is_taken_only_from_whom_one_leads(cast: Cast) -> None:
    may = {
        (by, of)
        for by in ("leader", "teacher", "district", "other-leader")
        for of in ("leader", "teacher", "district", "student")
        if permissions.can_take_second_factor(cast[by], cast[of])
    }

    assert may == {("leader", "teacher"), ("district", "leader"), ("district", "teacher")}


def test_command_takes_away_what_a_district_leader_lost(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    person = cast["district"]
    TOTP.activate(person, generate_totp_secret())

    call_command("second_factor_take", str(person.email).upper())

    assert Authenticator.objects.count() == 0
    assert "signs in with the password alone now" in capsys.readouterr().out
    with pytest.raises(CommandError, match=r"Nobody who works here signs in with nobody@example\.org"):
        call_command("second_factor_take", "nobody@example.org")


@pytest.mark.parametrize(
    ("slug", "needed"),
    [
        *((slug, True) for slug in ("leader", "teacher", "advisor", "counselor", "coach", "next-door", "district")),
        *((slug, False) for slug in ("student", "guardian", "ended-today", "other-leader", "other-teacher")),
    ],
)
def test_only_who_works_where_students_begun_is_asked(cast: Cast, begun: Org, slug: str, needed: bool) -> None:
    client = Client()
    client.force_login(cast[slug])

    assert permissions.holds_records(cast[slug]) is needed
    assert client.get("/").status_code == (302 if needed else 200)


def test_nobody_is_asked_before_students_begin(cast: Cast) -> None:
    for person in cast.everyone().values():
        client = Client()
        client.force_login(person)
        assert client.get("/").status_code == 200, person


def test_demo_asks_nobody(teacher: Person, settings: LazySettings) -> None:
    settings.SECOND_FACTOR = False

    assert sign_in(teacher)[0].get("/").status_code == 200


def test_pages_for_everyone_stay_open(teacher: Person) -> None:
    client, _where = sign_in(teacher)

    assert client.get("/join/").status_code == 200


def test_confirmed_page_costs_no_query_more(
    set_up_app: SetUp, teacher: Person, settings: LazySettings, django_assert_num_queries: Callable[..., object]
) -> None:
    client, _where = sign_in(teacher)
    set_up_app(client)
    client.get("/search/?q=maya")
    counts = []
    for asked in (False, True):
        settings.SECOND_FACTOR = asked
        with django_assert_num_queries(9999, exact=False) as seen:
            client.get("/search/?q=maya")
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_pages_run_nothing_inline(teacher: Person) -> None:
    """The square is a picture in the page, the passkey's options are data."""
    teacher.set_unusable_password()
    teacher.save()
    client = Client()
    client.force_login(teacher)

    app, passkey = (client.get(reverse(name)).text for name in ("mfa_activate_totp", "mfa_add_webauthn"))

    assert app.count('src="data:image/svg+xml;base64,') == 1
    inline = [tag for tag in re.findall(r"<script[^>]*>", app + passkey) if "src=" not in tag]
    assert inline == ['<script id="passkey-options" type="application/json">']
    assert re.findall(r" style=| on[a-z]+=|<style", app + passkey) == []
