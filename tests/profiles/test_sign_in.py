import re
from collections.abc import Iterator

import pytest
from allauth.core import ratelimit
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.cast import Cast, PersonFactory

PASSWORD = "a lantern in the hallway"
TOO_MANY = "Too many tries with this name."
MISMATCH = "That name and password do not go together."


@pytest.fixture(autouse=True)
def _nobody_tried_yet() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def teacher(cast: Cast):
    person = cast["teacher"]
    person.set_password(PASSWORD)
    person.save()
    return person


def _try(client: Client, login: str, password: str = PASSWORD):
    return client.post(reverse("account_login"), {"login": login, "password": password})


def test_sign_in_by_email_in_any_case(client, teacher):
    response = _try(client, "Maya.TORRES@Cedar.CedarValley.example")

    assert response.url == "/"
    assert client.session["_auth_user_id"] == str(teacher.pk)


def test_sign_in_by_school_issued_name_in_any_case(client, cast):
    student = cast["student"]
    student.set_password(PASSWORD)
    student.save()

    _try(client, "Sofia.Reyes.30")

    assert client.session["_auth_user_id"] == str(student.pk)


def test_sign_in_with_wrong_password_says_so_and_keeps_the_name(client, teacher):
    response = _try(client, teacher.email, "wrong")

    assert MISMATCH in response.text
    assert f'value="{teacher.email}"' in response.text


def test_sign_in_of_someone_unknown_says_the_same(client, teacher):
    assert MISMATCH in _try(client, "nobody@example.org").text


def test_sign_in_of_a_closed_account_says_whom_to_ask(client, teacher):
    teacher.is_active = False
    teacher.save()

    response = client.post(reverse("account_login"), {"login": teacher.email, "password": PASSWORD}, follow=True)

    assert "This account was closed." in response.text
    assert "_auth_user_id" not in client.session


def test_many_tries_slow_one_name_down(client, teacher):
    for _ in range(10):
        assert TOO_MANY not in _try(client, teacher.email, "guess").text

    assert TOO_MANY in _try(client, teacher.email, "guess").text
    assert TOO_MANY in _try(client, teacher.email).text


def test_one_name_slowed_down_does_not_slow_the_others(client, teacher, cast):
    for _ in range(11):
        _try(client, "someone.else@example.org", "guess")

    assert _try(client, teacher.email).url == "/"


def test_thirty_people_mistyping_behind_one_address_get_in(db):
    people = [PersonFactory() for _ in range(30)]
    for person in people:
        person.set_password(PASSWORD)
        person.save()

    for person in people:
        for attempt in range(4):
            assert MISMATCH in _try(Client(), person.email, f"mistyped {attempt}").text
    assert [_try(Client(), person.email).status_code for person in people] == [302] * 30


def test_flood_from_one_address_is_slowed_down_in_words(client, db, rf):
    for _ in range(299):
        assert ratelimit.consume(rf.post("/accounts/login/"), action="login")
    assert _try(client, "name@example.org", "guess").status_code == 200

    response = _try(client, "name@example.org", "guess")

    assert response.status_code == 429
    assert "That was too often in a short time" in response.text
    assert response.headers["Retry-After"] == "60"


def test_password_reset_by_mail(client, teacher):
    client.post(reverse("account_reset_password"), {"email": teacher.email.upper()})
    [letter] = mail.outbox
    assert letter.to == [teacher.email]
    [link] = re.findall(r"http://testserver(/accounts/password/reset/key/\S+)", letter.body)

    form = client.get(link, follow=True)
    new = {"password1": "the second lantern", "password2": "the second lantern"}
    client.post(form.redirect_chain[-1][0], new)

    assert _try(Client(), teacher.email, "the second lantern").url == "/"
    assert client.get(link, follow=True).context["token_fail"]


def test_password_reset_for_someone_unknown_answers_the_same_and_mails_nobody(client, teacher):
    known = client.post(reverse("account_reset_password"), {"email": teacher.email})
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert len(mail.outbox) == 1


def test_password_change_signs_out_everywhere(client, teacher):
    elsewhere = Client()
    _try(client, teacher.email)
    _try(elsewhere, teacher.email)
    new = {"oldpassword": PASSWORD, "password1": "the second lantern", "password2": "the second lantern"}

    response = client.post(reverse("account_change_password"), new)

    assert response.url == reverse("account_login")
    assert client.get("/").status_code == 302
    assert elsewhere.get("/").status_code == 302


def test_sign_out_by_post_leaves_nothing_in_the_browser(client, teacher):
    client.force_login(teacher)

    asked = client.get(reverse("account_logout"))
    assert "_auth_user_id" in client.session
    assert "Clear-Site-Data" not in asked.headers

    response = client.post(reverse("account_logout"))

    assert response.url == reverse("account_login")
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "_auth_user_id" not in client.session
    assert client.get("/").status_code == 302


def test_pages_name_their_person_and_are_not_kept(client, teacher):
    client.force_login(teacher)

    response = client.get("/")

    assert f'data-person="{teacher.pk}"' in response.text
    assert response.headers["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize(
    "name",
    [
        "account_signup",
        "mfa_login_webauthn",
        "mfa_signup_webauthn",
        "mfa_edit_webauthn",
        "mfa_download_recovery_codes",
        "account_email",
        "account_set_password",
        "account_email_verification_sent",
        "account_confirm_email",
        "account_inactive",
        "account_request_login_code",
    ],
)
def test_nothing_else_of_allauth_is_there(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_fragment_after_the_session_ended_sends_the_page_to_sign_in(client, db):
    response = client.get("/search/?q=maya", HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL="http://testserver/planning/")

    assert response.status_code == 401
    assert response.headers["HX-Redirect"] == "/accounts/login/?next=/planning/"
