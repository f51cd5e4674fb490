import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from config import clock
from profiles.models import Change, Person, TeamMembership
from tests.cast import MembershipFactory, PersonFactory, RoleFactory


def _people(cast, key="cedar") -> str:
    return reverse("profiles:school_people", args=[cast.org(key).pk])


def test_school_people_lists_staff_with_roles_and_teams(cast, sign_in):
    response = sign_in("teacher").get(_people(cast))

    lines = {str(one.person): one for one in response.context["colleagues"]}
    assert len(lines) == 10
    assert [str(team) for team in lines["Nadia Haddad"].teams] == ["Leadership team", "Ninth-grade team"]
    assert [(str(role), may_end) for role, may_end in lines["Nadia Haddad"].roles] == [
        ("Counselor, Cedar Hollow High School", False)
    ]
    assert "Sofia Reyes" not in lines
    assert "Leo Marsh" not in lines


@pytest.mark.parametrize("more", [1, 3])
def test_school_people_asks_the_same_number_of_questions(cast, sign_in, django_assert_num_queries, more):
    for _ in range(more):
        person = PersonFactory()
        RoleFactory(person=person, org=cast.org("cedar"), role="teacher")
        MembershipFactory(person=person, team=cast.team("ninth"))
    client, url = sign_in("leader"), _people(cast)

    with django_assert_num_queries(10):
        client.get(url)


@pytest.mark.parametrize("more", [1, 3])
def test_team_detail_asks_the_same_number_of_questions(cast, sign_in, django_assert_num_queries, more):
    for _ in range(more):
        MembershipFactory(person=PersonFactory(), team=cast.team("ninth"))
    client, url = sign_in("leader"), reverse("profiles:team_detail", args=[cast.team("ninth").pk])

    with django_assert_num_queries(6):
        client.get(url)


def test_role_ended_today_is_gone_on_the_next_click(cast, sign_in):
    client = sign_in("math")
    assert client.get(_people(cast)).status_code == 200

    sign_in("leader").post(reverse("profiles:role_end", args=[cast.role("math").pk]))

    assert client.get(_people(cast)).status_code == 404
    assert cast["math"].roles == []
    assert not TeamMembership.objects.current().filter(person=cast["math"]).exists()
    verbs = Change.objects.filter(stream=cast.org("cedar").stream).order_by("version", "n")
    assert [change.verb for change in verbs] == ["role_ended", "team_left", "team_left"]
    assert {change.actor for change in verbs} == {cast["leader"]}


def test_role_holds_until_the_day_it_ends(cast, sign_in, monkeypatch):
    role = cast.role("math")
    role.ends = clock.today() + dt.timedelta(days=3)
    role.save()
    client = sign_in("math")

    statuses = []
    for days in range(5):
        monkeypatch.setenv("TRELLIS_TODAY", str(role.ends + dt.timedelta(days=days - 2)))
        statuses.append(client.get(_people(cast)).status_code)

    assert statuses == [200, 200, 404, 404, 404]


def test_role_that_begins_tomorrow_is_not_yet(cast, sign_in, monkeypatch):
    RoleFactory(
        person=cast["other-teacher"], org=cast.org("cedar"), role="coach", begins=clock.today() + dt.timedelta(days=1)
    )
    client = sign_in("other-teacher")

    assert client.get(_people(cast)).status_code == 404
    monkeypatch.setenv("TRELLIS_TODAY", str(clock.today() + dt.timedelta(days=1)))
    assert client.get(_people(cast)).status_code == 200


def test_nobody_ends_their_own_role_nor_their_peers(cast, sign_in):
    second = RoleFactory(person=cast["math"], org=cast.org("cedar"), role="school_admin")

    for role in (cast.role("leader"), second):
        assert sign_in("leader").post(reverse("profiles:role_end", args=[role.pk])).status_code == 403


def test_person_with_two_roles_keeps_teams_when_one_ends(cast):
    RoleFactory(person=cast["math"], org=cast.org("cedar"), role="coach")
    teacher = cast["math"].role_assignments.get(role="teacher")

    cast.org("cedar").end_role(teacher, by=cast["leader"])

    assert cast["math"] in Person.objects.in_team(cast.team("ninth"))


def test_giving_a_role_twice_records_it_once(cast):
    first = cast.org("cedar").give_role(cast["other-teacher"], "coach", by=cast["district"])
    second = cast.org("cedar").give_role(cast["other-teacher"], "coach", by=cast["district"])

    assert first == second
    assert Change.objects.filter(verb="role_given").count() == 1


def test_team_is_made_renamed_and_filled(cast, sign_in):
    client = sign_in("leader")
    made = client.post(
        reverse("profiles:team_create", args=[cast.org("cedar").pk]), {"name": " Science  ", "meeting_kind": "other"}
    )
    team = cast.org("cedar").staff_teams.get(name="Science")
    assert made.url == reverse("profiles:team_detail", args=[team.pk])

    client.post(reverse("profiles:team_rename", args=[team.pk]), {"name": "Science 9"})
    client.post(reverse("profiles:team_add", args=[team.pk]), {"person": cast["science"].pk})
    client.post(reverse("profiles:team_add", args=[team.pk]), {"person": cast["math"].pk})
    client.post(reverse("profiles:team_remove", args=[team.pk, cast["math"].pk]))

    team.refresh_from_db()
    assert (team.name, list(Person.objects.in_team(team))) == ("Science 9", [cast["science"]])
    verbs = Change.objects.filter(target=str(team.pk)).order_by("version").values_list("verb", flat=True)
    assert list(verbs) == ["team_made", "team_renamed", "team_joined", "team_joined", "team_left"]


def test_team_name_is_taken_once_a_school(cast, sign_in):
    client = sign_in("leader")

    made = client.post(
        reverse("profiles:team_create", args=[cast.org("cedar").pk]),
        {"name": "ninth-Grade team", "meeting_kind": "other"},
    )
    renamed = client.post(reverse("profiles:team_rename", args=[cast.team("ninth").pk]), {"name": "Leadership team"})

    for response in (made, renamed):
        assert response.status_code == 422
        assert "There is a team of this name already." in response.text


def test_team_takes_only_people_who_work_at_its_school(cast, sign_in):
    url = reverse("profiles:team_add", args=[cast.team("ninth").pk])

    for slug in ("other-teacher", "student", "ended-today", "teacher"):
        assert sign_in("leader").post(url, {"person": cast[slug].pk}).status_code == 422


def test_person_detail_shows_only_what_one_may_see(cast, sign_in):
    RoleFactory(person=cast["math"], org=cast.org("juniper"), role="coach")
    url = reverse("profiles:person_detail", args=[cast["math"].pk])

    by_colleague, by_other = sign_in("teacher").get(url), sign_in("other-teacher").get(url)

    assert [str(role) for role in by_colleague.context["roles"]] == ["Teacher, Cedar Hollow High School"]
    assert [str(role) for role in by_other.context["roles"]] == ["Instructional coach, Juniper Ridge High School"]
    assert list(by_other.context["teams"]) == []


def test_settings_are_kept_and_the_page_speaks_the_language(cast, sign_in):
    client = sign_in("teacher")
    url = reverse("profiles:settings_write")

    client.post(url, {"preferred_name": " Ms.  Torres ", "language": "es", "time_zone": "America/Denver"})

    teacher = cast["teacher"]
    kept = (str(teacher), teacher.language, teacher.time_zone, teacher.search_key)
    assert kept == ("Ms. Torres", "es", "America/Denver", False)
    page = client.get(url)
    assert page.headers["Content-Language"] == "es"
    assert 'data-search-key="off"' in page.text
    change = Change.objects.get(verb="name_shown_changed")
    assert (change.actor, change.before, change.after) == (teacher, {"name": ""}, {"name": "Ms. Torres"})


def test_settings_refuse_what_is_not_offered(cast, sign_in):
    client = sign_in("teacher")

    response = client.post(
        reverse("profiles:settings_write"), {"preferred_name": "", "language": "xx", "time_zone": "Mars/Olympus"}
    )

    assert response.status_code == 422
    assert cast["teacher"].language == ""


def test_time_zone_is_the_schools_unless_one_chose_another(cast):
    teacher = cast["teacher"]
    assert teacher.zone == "America/New_York"

    teacher = cast["teacher"]
    teacher.time_zone = "America/Denver"
    assert teacher.zone == "America/Denver"


@pytest.mark.parametrize(
    "fields", [{"email": "Ada@example.org"}, {"sign_in_name": "Ada"}, {"sign_in_name": "ada@example.org"}]
)
def test_database_keeps_names_in_small_letters_and_apart(db, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonFactory(**fields)
