import datetime as dt
import re

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from profiles.models import Change, Invitation, InvitationClosed, InvitationLink, Person

PASSWORD = "a lantern in the hallway"


def _accept(token: str) -> str:
    return reverse("profiles:invitation_accept", args=[token])


@pytest.fixture
def invitation(cast) -> Invitation:
    return Invitation.send(
        cast.org("cedar"),
        "teacher",
        by=cast["leader"],
        name="Sam Field",
        email="Sam@Example.org",
        team=cast.team("ninth"),
    )


def _verbs(org) -> list[str]:
    return list(Change.objects.filter(stream=org.stream).order_by("version", "n").values_list("verb", flat=True))


def test_leader_invites_and_the_link_is_shown_once(cast, sign_in):
    page = reverse("profiles:school_people", args=[cast.org("cedar").pk])
    client = sign_in("leader")
    typed = {"name": "Sam Field", "email": "Sam@example.org", "role": "teacher", "team": cast.team("ninth").pk}

    client.post(reverse("profiles:invitation_create", args=[cast.org("cedar").pk]), typed)

    first, second = client.get(page), client.get(page)
    [shown] = re.findall(r'value="http://testserver(/profiles/invitation/[^"]+)"', first.text)
    assert "/profiles/invitation/" not in second.text
    assert Client().get(shown).status_code == 200
    assert _verbs(cast.org("cedar")) == ["invited"]


def test_invitation_is_mailed_with_a_link_of_its_own(cast, sign_in):
    url = reverse("profiles:invitation_create", args=[cast.org("cedar").pk])

    sign_in("leader").post(url, {"name": "Sam Field", "email": "sam@example.org", "role": "teacher"})

    [letter] = mail.outbox
    assert letter.to == ["sam@example.org"]
    assert letter.subject == "Your invitation to Cedar Hollow High School"
    [link] = re.findall(r"http://testserver(/profiles/invitation/\S+)", letter.body)
    assert Client().get(link).status_code == 200


def test_only_hashes_of_tokens_are_kept(invitation):
    token = invitation.make_link()

    [kept] = InvitationLink.objects.values_list("token_hash", flat=True)

    assert token not in kept
    assert Invitation.objects.of_link(token).get() == invitation
    assert not Invitation.objects.of_link(kept).exists()


def test_new_person_accepts_and_is_signed_in(cast, invitation, client):
    url = _accept(invitation.make_link())
    typed = {"given_name": "Sam", "family_name": "Field", "password": PASSWORD}

    response = client.post(url, typed)

    sam = Person.objects.get(email="sam@example.org")
    assert response.url == "/"
    assert client.session["_auth_user_id"] == str(sam.pk)
    assert [str(role) for role in sam.roles] == ["Teacher, Cedar Hollow High School"]
    assert sam in Person.objects.in_team(cast.team("ninth"))
    assert _verbs(cast.org("cedar")) == ["invited", "accepted", "role_given", "team_joined"]
    assert Change.objects.filter(verb="accepted").get().actor == sam


def test_link_works_once(invitation, client):
    url, other = _accept(invitation.make_link()), _accept(invitation.make_link())
    client.post(url, {"given_name": "Sam", "password": PASSWORD})

    for used in (url, other):
        again = Client().post(used, {"given_name": "Eve", "password": PASSWORD})
        assert again.status_code == 404
        assert "This link opens nothing" in again.text
    assert Person.objects.filter(given_name="Eve").count() == 0


def test_looking_at_the_link_changes_nothing(invitation, client):
    client.get(_accept(invitation.make_link()))

    invitation.refresh_from_db()
    assert invitation.is_open


def test_person_without_email_chooses_a_sign_in_name_in_small_letters(cast, client):
    invited = Invitation.send(cast.org("cedar"), "student", by=cast["leader"], name="Kim")

    client.post(_accept(invited.make_link()), {"given_name": "Kim", "sign_in_name": "Kim.Lee", "password": PASSWORD})

    assert Person.objects.get(sign_in_name="kim.lee").email is None


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"sign_in_name": "SOFIA.reyes.30"}, "Somebody has this sign-in name already."),
        ({"sign_in_name": "kim@example.org"}, "Letters, digits, dots and hyphens only."),
        ({"password": "short"}, "This password is too short."),
        ({"password": "1234567890"}, "This password is too common."),
    ],
)
def test_what_cannot_be_accepted_is_said_and_what_was_typed_stays(cast, client, typed, problem):
    invited = Invitation.send(cast.org("cedar"), "student", by=cast["leader"], name="Kim")

    response = client.post(
        _accept(invited.make_link()),
        {"given_name": "Kimberly", "sign_in_name": "kim.lee", "password": PASSWORD} | typed,
    )

    assert response.status_code == 422
    assert problem in response.text
    assert 'value="Kimberly"' in response.text


def test_name_taken_in_the_same_moment_is_said(cast, client, monkeypatch):
    invited = Invitation.send(cast.org("cedar"), "student", by=cast["leader"], name="Kim")
    monkeypatch.setattr("profiles.forms.JoinForm.clean_sign_in_name", lambda form: "sofia.reyes.30")

    response = client.post(
        _accept(invited.make_link()), {"given_name": "Kim", "sign_in_name": "kim", "password": PASSWORD}
    )

    assert response.status_code == 422
    assert "Somebody took this name or e-mail a moment ago." in response.text


def test_existing_account_is_sent_to_sign_in_and_comes_back(cast):
    invited = Invitation.send(cast.org("cedar"), "coach", by=cast["leader"], email=cast["other-teacher"].email)
    url = _accept(invited.make_link())

    assert f"/accounts/login/?next={url}" in Client().get(url).text
    assert Client().post(url, {"given_name": "Eve", "password": PASSWORD}).status_code == 200
    assert not Invitation.objects.exclude(accepted_at=None).exists()


def test_existing_account_accepts_signed_in(cast, sign_in):
    invited = Invitation.send(cast.org("cedar"), "coach", by=cast["leader"], email=cast["other-teacher"].email)

    sign_in("other-teacher").post(_accept(invited.make_link()))

    roles = [str(role) for role in cast["other-teacher"].roles]
    assert roles == ["Instructional coach, Cedar Hollow High School", "Teacher, Juniper Ridge High School"]


def test_existing_account_finds_the_invitation_at_home(cast, sign_in):
    invited = Invitation.send(cast.org("cedar"), "coach", by=cast["leader"], email=cast["other-teacher"].email)
    client = sign_in("other-teacher")
    join = reverse("profiles:invitation_join", args=[invited.pk])
    assert join in client.get("/").text

    client.post(join)

    assert join not in client.get("/").text
    assert cast.org("cedar").pk in cast["other-teacher"].staff_school_ids


def test_somebody_else_signed_in_does_not_take_it(invitation, sign_in):
    client = sign_in("other-teacher")
    url = _accept(invitation.make_link())

    assert "this invitation is for somebody else" in client.get(url).text
    assert client.post(url).status_code == 403


def test_nobody_takes_a_role_they_handed_out(cast, sign_in):
    invited = Invitation.send(cast.org("cedar"), "teacher", by=cast["leader"], name="Kim")

    assert sign_in("leader").post(_accept(invited.make_link())).status_code == 403


@pytest.mark.parametrize("role", ["school_admin", "district_admin", "auditor", "mentor_external"])
def test_school_leader_cannot_invite_at_or_above_their_own_level(cast, sign_in, role):
    url = reverse("profiles:invitation_create", args=[cast.org("cedar").pk])

    response = sign_in("leader").post(url, {"name": "Eve", "email": "eve@example.org", "role": role})

    assert response.status_code == 422
    assert 'value="Eve"' in response.text
    assert not Invitation.objects.exists()


def test_district_leader_invites_a_school_leader_but_no_district_leader(cast, sign_in):
    client = sign_in("district")
    url = reverse("profiles:invitation_create", args=[cast.org("cedar").pk])

    leader = client.post(url, {"name": "Ann", "email": "ann@example.org", "role": "school_admin"})
    district = client.post(url, {"name": "Eve", "email": "eve@example.org", "role": "district_admin"})

    assert (leader.status_code, district.status_code) == (302, 422)
    assert [one.name for one in Invitation.objects.all()] == ["Ann"]


def test_team_of_another_school_cannot_be_given(cast, sign_in):
    url = reverse("profiles:invitation_create", args=[cast.org("cedar").pk])
    typed = {"name": "Eve", "email": "eve@example.org", "role": "teacher"}

    response = sign_in("leader").post(url, {**typed, "team": cast.team("juniper-leadership").pk})

    assert response.status_code == 422


def test_inviting_again_makes_the_first_link_useless(cast, invitation):
    first = invitation.make_link()
    Invitation.send(cast.org("cedar"), "teacher", by=cast["leader"], name="Sam", email="sam@example.org")

    assert Client().get(_accept(first)).status_code == 404
    assert _verbs(cast.org("cedar")) == ["invited", "invitation_withdrawn", "invited"]


def test_withdrawn_invitation_opens_nothing(cast, invitation, sign_in):
    token = invitation.make_link()

    sign_in("leader").post(reverse("profiles:invitation_withdraw", args=[invitation.pk]))

    assert Client().get(_accept(token)).status_code == 404
    assert _verbs(cast.org("cedar")) == ["invited", "invitation_withdrawn"]


def test_new_link_for_one_whose_mail_did_not_arrive(cast, invitation, sign_in):
    client = sign_in("leader")

    client.post(reverse("profiles:invitation_link", args=[invitation.pk]))

    page = client.get(reverse("profiles:school_people", args=[cast.org("cedar").pk])).text
    [shown] = re.findall(r'value="http://testserver(/profiles/invitation/[^"]+)"', page)
    assert Client().get(shown).status_code == 200


def test_invitation_runs_out_after_fourteen_days(invitation):
    token = invitation.make_link()
    assert invitation.expires_at - invitation.invited_at >= dt.timedelta(days=14) - dt.timedelta(seconds=5)
    Invitation.objects.update(expires_at=timezone.now())

    assert Client().get(_accept(token)).status_code == 404


def test_invitation_does_not_outlive_its_senders_role(cast, invitation):
    token = invitation.make_link()
    cast.org("cedar").end_role(cast.role("leader"), by=cast["district"])

    assert Client().get(_accept(token)).status_code == 404
    with pytest.raises(InvitationClosed):
        Invitation.objects.get().accept_as_new(password=PASSWORD, given_name="Sam", family_name="")
    assert not Person.objects.filter(given_name="Sam").exists()


def test_one_invitation_waits_for_an_email_and_role(cast, invitation):
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(
            org=cast.org("cedar"), role="teacher", email="sam@example.org", expires_at=timezone.now()
        )
