import importlib

import pytest
from django.urls import reverse

from profiles import demo
from profiles.models import Change, Org, Person, RoleAssignment, StaffTeam, TeamMembership
from tests.cast import CHARACTERS


def _counts() -> list[int]:
    models = (Org, Person, RoleAssignment, StaffTeam, TeamMembership, Change)
    return [model.objects.count() for model in models]


def test_story_is_told_once(db):
    said: list[str] = []
    demo.tell(said.append)
    told = _counts()

    demo.tell(said.append)

    assert _counts() == told
    assert told[:5] == [3, 43, 43, 3, 15]
    assert len(said) == 6


def test_story_has_two_people_of_one_name_at_two_schools(db):
    demo.tell(lambda line: None)

    same = Person.objects.filter(given_name="Maya", family_name="Torres")

    assert sorted(str(role.org) for person in same for role in person.roles) == sorted(demo.SCHOOLS.values())


def test_story_begins_in_the_past(db, monkeypatch):
    monkeypatch.setenv("TRELLIS_TODAY", "2026-11-20")

    demo.tell(lambda line: None)

    assert set(RoleAssignment.objects.values_list("begins", flat=True)) == {demo.first_day()}
    assert str(demo.first_day()) == "2026-08-22"


def test_story_gives_everyone_the_role_and_teams_it_says(db):
    demo.tell(lambda line: None)

    for slug, one in demo.EVERYONE.items():
        assert [role.role for role in demo.person(slug).roles] == [one.role]
    for key, story in demo.TEAMS.items():
        assert {demo.person(slug) for slug in story.members} == set(Person.objects.in_team(demo.team(key)))
        assert 4 <= len(story.members) <= 6


def test_cast_is_the_story(cast):
    assert {slug: str(cast[slug]) for slug in CHARACTERS} == {slug: one.name for slug, one in CHARACTERS.items()}
    assert {slug: cast[slug] for slug in demo.EVERYONE} == {slug: demo.person(slug) for slug in demo.EVERYONE}


@pytest.mark.parametrize("slug", list(demo.PEOPLE))
def test_demo_signs_in_as_anyone(cast, client, slug):
    assert reverse("demo_sign_in", args=[slug]) in client.get("/demo/").text

    response = client.post(reverse("demo_sign_in", args=[slug]), follow=True)

    assert response.redirect_chain == [("/", 302)]
    assert client.session["_auth_user_id"] == str(cast[slug].pk)


def test_demo_signs_nobody_in_by_get(cast, client):
    assert client.get(reverse("demo_sign_in", args=["teacher"])).status_code == 405
    assert client.post("/demo/sign-in/math/").status_code == 404


def test_guardian_reads_spanish(cast, client):
    response = client.post(reverse("demo_sign_in", args=["guardian"]), follow=True)

    assert response.headers["Content-Language"] == "es"


@pytest.mark.parametrize("path", ["/demo/", "/demo/sign-in/leader/", "/styleguide/"])
def test_production_cannot_reach_the_demo(cast, client, settings, path):
    production = importlib.import_module("config.settings.production")
    assert production.ROOT_URLCONF == "config.urls"
    settings.ROOT_URLCONF = production.ROOT_URLCONF

    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404
    assert "_auth_user_id" not in client.session
