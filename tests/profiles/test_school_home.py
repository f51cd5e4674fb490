import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from profiles.models import Change, Invitation, Org, Person

FIRST_DAY = {
    "district": "Cedar Valley",
    "school": "Cedar Hollow High",
    "name": "Ruth Alvarez",
    "email": "Ruth@example.org",
    "address": "https://trellis.example.org",
}


@pytest.fixture
def link(db, capsys) -> str:
    call_command("set_up", **FIRST_DAY)
    said = capsys.readouterr().out.strip().splitlines()[-1]
    assert said.startswith("https://trellis.example.org/profiles/invitation/")
    return said.removeprefix("https://trellis.example.org")


@pytest.fixture
def leader(link, client) -> Client:
    client.post(link, {"given_name": "Ruth", "family_name": "Alvarez", "password": "a lantern in the hallway"})
    return client


def test_set_up_makes_the_first_leader_of_district_and_school(leader):
    ruth = Person.objects.get(email="ruth@example.org")

    assert [str(role) for role in ruth.roles] == ["School leader, Cedar Hollow High", "District leader, Cedar Valley"]
    assert [one.name for one in Org.objects.order_by("name")] == ["Cedar Hollow High", "Cedar Valley"]


def test_set_up_again_changes_nothing_and_says_so(link):
    with pytest.raises(CommandError, match="set up already, for Cedar Valley"):
        call_command("set_up", **FIRST_DAY)

    assert Org.objects.count() == 2


def test_set_up_gives_the_lost_link_again_with_all_it_opened(link, capsys):
    call_command("set_up", another_leader=True, name="Ruth Alvarez", email="ruth@example.org")

    said = capsys.readouterr().out.strip().splitlines()[-1]
    assert Client().get(link).status_code == 404
    assert Invitation.objects.open().get().also_leads == Org.objects.schools().get()
    assert Client().get("/" + said.split("/", 3)[3]).status_code == 200


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ({"district": "", "email": ""}, "Please say: --district, --email"),
        ({"email": "ruth"}, "“ruth” is not an e-mail address."),
        ({"time_zone": "Mars/Olympus"}, "There is no time zone “Mars/Olympus”."),
    ],
)
def test_set_up_says_what_it_lacks_and_changes_nothing(db, answers, problem):
    with pytest.raises(CommandError, match=problem):
        call_command("set_up", **(FIRST_DAY | answers))

    assert not Org.objects.exists()


def test_set_up_asks_at_a_terminal(db, monkeypatch, capsys):
    asked = []
    answers = iter(["", "Cedar Valley", "Cedar Hollow High", "Ruth Alvarez", "ruth@example.org"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or next(answers))

    call_command("set_up")

    assert asked == [
        "Name of the district: ",
        "Name of the district: ",
        "Name of its first school: ",
        "Name of whoever leads there first: ",
        "Their e-mail: ",
    ]
    assert Org.objects.count() == 2


def test_home_shows_three_first_steps_until_they_are_taken(leader):
    school = Org.objects.schools().get()
    ruth = Person.objects.get()

    def steps() -> list[bool]:
        [card] = [card for card in leader.get("/").context["cards"] if "steps" in card]
        return [step["done"] for step in card["steps"]]

    assert steps() == [False, False, False]
    Invitation.send(school, "teacher", by=ruth, name="Sam", email="sam@example.org")
    assert steps() == [True, False, False]
    school.make_team("Leadership team", "leadership", by=ruth)
    assert steps() == [True, True, False]
    leader.post(reverse("profiles:part_begin", args=[school.pk, "plans"]))
    assert [card for card in leader.get("/").context["cards"] if "steps" in card] == []


def test_part_is_begun_once_and_recorded(leader):
    school = Org.objects.schools().get()
    begin = reverse("profiles:part_begin", args=[school.pk, "workshops"])

    leader.post(begin)
    leader.post(begin)

    assert Org.objects.get(pk=school.pk).begun == ["workshops"]
    assert Change.objects.filter(verb="part_begun").count() == 1
    assert leader.post(reverse("profiles:part_begin", args=[school.pk, "lunch"])).status_code == 404


def test_parts_are_those_a_persons_schools_have_begun(cast):
    cast.org("juniper").begin("workshops", by=cast["district"])

    assert cast["teacher"].parts == {"plans"}
    assert cast["other-teacher"].parts == {"plans", "workshops"}
    assert cast["district"].parts == {"plans", "workshops"}
    assert cast["ended-today"].parts == set()


def _found(client: Client, words: str) -> list[tuple[str, str]]:
    return sorted((hit.name, str(hit.kind)) for hit in client.get("/search/", {"q": words}).context["hits"])


def test_search_finds_only_names_one_may_see(cast, sign_in):
    assert _found(sign_in("teacher"), "torres") == [("Maya Torres", "Person")]
    assert _found(sign_in("district"), "maya  TORRES") == [("Maya Torres", "Person"), ("Maya Torres", "Person")]
    assert _found(sign_in("teacher"), "team") == [
        ("Leadership team, Cedar Hollow High School", "Team"),
        ("Ninth-grade team, Cedar Hollow High School", "Team"),
    ]
    assert _found(sign_in("district"), "ridge") == [("Juniper Ridge High School", "School")]
    for slug in ("student", "guardian", "ended-today"):
        assert _found(sign_in(slug), "torres") == []
    assert _found(sign_in("teacher"), "reyes") == []


def test_search_leads_to_pages_that_open(cast, sign_in):
    client = sign_in("leader")

    urls = [hit.url for hit in client.get("/search/", {"q": "ed"}).context["hits"]]

    assert {client.get(url).status_code for url in urls} == {200}


def test_fragment_of_search_holds_the_hits_alone(cast, sign_in):
    response = sign_in("teacher").get("/search/", {"q": "torres"}, HTTP_HX_REQUEST="true")

    assert "Maya Torres" in response.text
    assert "<html" not in response.text
