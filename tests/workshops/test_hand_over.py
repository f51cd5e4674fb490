"""From a group's idea to a row in a school's table: proposed in the room, decided at the school, never twice."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config import files
from planning.models import Strategy, StrategyTable
from profiles.models import Actor, Person, StaffTeam
from tests.cast import Cast
from workshops import inbox
from workshops.models import Adoption, HandOver, LearningTeam, Participant, Workshop
from workshops.views.handover import _accept

from .phone import Arguments, Phone, adopt, close, come_in, open_room, seat

SignIn = Callable[[str], Client]


def url(idea: HandOver, *rest: object) -> str:
    return "/".join([f"/workshops/inbox/{idea.school_id}", *map(str, rest), ""])


@pytest.fixture
def idea(inbox_idea: Arguments) -> HandOver:
    return HandOver.objects.get(pk=inbox_idea["hand_over_id"])


@pytest.fixture
def table(cast: Cast) -> StrategyTable:
    team = cast.team("ninth")
    return StrategyTable.begin(cast.org("cedar"), "Calmer mornings", "grade_team", by=cast["teacher"], team=team)


def test_idea_waits_in_the_inbox_with_where_it_came_from(idea: HandOver, sign_in: SignIn) -> None:
    page = sign_in("leader").get(url(idea))

    for words in ("Greet at the door", "Learning together, group 1", "1 person", "First step: Monday"):
        assert words in page.text


def test_accepted_idea_becomes_a_row_once(cast: Cast, idea: HandOver, table: StrategyTable, sign_in: SignIn) -> None:
    for _n in range(2):
        sign_in("teacher").post(url(idea, "ideas", idea.pk, "accept"), {"table": table.pk})

    row = Strategy.objects.get(table=table)
    assert (row.description, row.areas) == ("Greet at the door\nFirst step: Monday", ["climate"])
    assert (row.origin_ref["workshop"], row.origin_ref["people"]) == ("Learning together", 1)
    idea.refresh_from_db()
    assert (idea.state, idea.strategy, idea.decided_by) == ("accepted", row, cast["teacher"])
    assert "Calmer mornings" in sign_in("teacher").get(url(idea)).text


def test_row_says_where_it_came_from(cast: Cast, idea: HandOver, table: StrategyTable, sign_in: SignIn) -> None:
    row = idea.accept(table, by=cast["teacher"])
    assert row

    page = sign_in("teacher").get(f"/planning/tables/{table.pk}/strategies/{row.pk}/").text

    assert "from a workshop: Learning together, group 1 · 1 person" in " ".join(page.split())


def test_who_was_taken_out_of_the_room_did_not_say_it(cast: Cast) -> None:
    room = open_room(cast.org("district"), cast["district"])
    people = [come_in(room).participant for _n in range(4)]
    adoption = adopt(seat(room, people)[0], cast.org("cedar"), people[0])
    people[1].leave(by=cast["district"])
    people[2].leave(by=cast["district"], removed=True)

    idea = HandOver.propose(adoption, by=Actor("participant"))

    assert idea
    assert idea.origin["people"] == 3


def test_first_table_is_made_where_there_is_none(idea: HandOver, sign_in: SignIn) -> None:
    leader = sign_in("leader")
    leader.post(url(idea, "ideas", idea.pk, "accept"))
    leader.post(url(idea, "ideas", idea.pk, "accept"))

    table = StrategyTable.objects.get()
    assert (table.title, table.school_id, table.strategies.count()) == ("Ideas from workshops", idea.school_id, 1)


def test_table_of_another_school_takes_nothing(
    cast: Cast, idea: HandOver, table: StrategyTable, sign_in: SignIn
) -> None:
    StrategyTable.begin(cast.org("cedar"), "Ours", "other", by=cast["teacher"])
    theirs = StrategyTable.begin(cast.org("juniper"), "Theirs", "other", by=cast["other-leader"])

    sign_in("teacher").post(url(idea, "ideas", idea.pk, "accept"), {"table": theirs.pk})

    assert (HandOver.objects.get().state, Strategy.objects.count()) == ("proposed", 0)


def test_declined_idea_is_not_taken_later(idea: HandOver, sign_in: SignIn) -> None:
    leader = sign_in("leader")
    leader.post(url(idea, "ideas", idea.pk, "decline"))
    page = leader.post(url(idea, "ideas", idea.pk, "accept"), follow=True)

    assert "Somebody declined this idea meanwhile" in page.text
    assert (HandOver.objects.get().state, StrategyTable.objects.count()) == ("declined", 0)


def test_idea_outlives_its_workshop(idea: HandOver, table: StrategyTable, cast: Cast) -> None:
    HandOver.objects.update(workshop=None, adoption=None)

    row = HandOver.objects.get().accept(table, by=cast["teacher"])

    assert row
    assert row.origin_ref["workshop"] == "Learning together"


@pytest.mark.django_db(transaction=True)
def test_two_who_accept_at_once_make_one_row_and_one_table(cast: Cast) -> None:
    from .phone import _idea

    _idea(cast, "cedar")
    together = Barrier(2)

    def accept(person: Person) -> None:
        idea = HandOver.objects.select_related("workshop", "school").get()
        together.wait()
        _accept(idea, idea.school, None, by=person)
        connection.close()

    threads = [Thread(target=accept, args=[cast[slug]]) for slug in ("leader", "district")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (StrategyTable.objects.count(), Strategy.objects.count()) == (1, 1)


def test_second_editor_without_a_table_joins_the_one_for_ideas(cast: Cast, idea: HandOver) -> None:
    first = inbox.table_for_ideas(idea.school, by=cast["leader"])

    assert inbox.table_for_ideas(idea.school, by=cast["district"]) == first
    assert list(inbox.tables_of(cast["district"], idea.school)) == [first]


def test_school_not_in_trellis_takes_a_word_table(phone_room: Workshop) -> None:
    guest = come_in(phone_room, school_name="Hill Academy")
    adoption = adopt(seat(phone_room, [guest.participant])[0], None, guest.participant)

    answer = guest.look("adoptions/table.docx")

    rows = files.read(answer.content, "ideas.docx")[0].texts()
    assert rows[1][0].splitlines() == ["Greet at the door", "First step: Monday"]
    assert rows[1][2] == "Ana"
    assert HandOver.propose(adoption, by=Actor("participant")) is None


def test_learning_team_becomes_a_team_of_the_school(cast: Cast, inbox_team: Arguments, sign_in: SignIn) -> None:
    path = f"/workshops/inbox/{inbox_team['school_id']}/"
    leader = sign_in("leader")
    assert "Make it a team of the school" in leader.get(path).text

    for _n in range(2):
        answer = leader.post(f"{path}teams/{inbox_team['team_id']}/accept/")

    team = StaffTeam.objects.get(name="Readers")
    assert answer.headers["Location"] == f"/profiles/teams/{team.pk}/"
    assert list(Person.objects.in_team(team)) == [cast["math"]]
    assert LearningTeam.objects.get().team == team
    assert "Begin a table" in leader.get(path).text


def test_home_says_what_waits(cast: Cast, idea: HandOver, phone: Phone) -> None:
    assert inbox.waiting_for(cast["leader"]) == [{"school": cast.org("cedar"), "ideas": 1, "teams": 0}]
    assert inbox.waiting_for(cast["other-leader"]) == []
    assert inbox.waiting_for(cast["counselor"]) == []


def pressed(client: Client, adoption: Adoption, workshop: Workshop) -> int:
    return client.post(f"/workshops/{workshop.pk}/schools/{adoption.pk}/send/").status_code


def test_room_without_a_phone_sends_what_schools_will_try_even_when_closed(
    cast: Cast, phone_room: Workshop, sign_in: SignIn
) -> None:
    person, _token = Participant.join(phone_room, by=cast["coach"], device="none")
    adoption = adopt(seat(phone_room, [person])[0], cast.org("cedar"), person)
    close(phone_room)

    before = sign_in("coach").get(f"/workshops/{phone_room.pk}/schools/").text
    answers = [pressed(sign_in("coach"), adoption, phone_room) for _n in range(2)]
    after = sign_in("coach").get(f"/workshops/{phone_room.pk}/schools/").text

    assert answers == [302, 302]
    assert [(one.origin["element"], one.state, one.school) for one in HandOver.objects.all()] == [
        ("Greet at the door", "proposed", cast.org("cedar"))
    ]
    assert ("Send to school: Greet at the door" in before, "Send to school: Greet at the door" in after) == (
        True,
        False,
    )
    assert "waiting in the school&#x27;s inbox" in after


def test_school_not_in_trellis_gets_its_word_table_from_who_runs_the_room(
    cast: Cast, phone_room: Workshop, sign_in: SignIn
) -> None:
    person, _token = Participant.join(phone_room, by=cast["coach"], device="none", school_name="Elm Valley High")
    adoption = adopt(seat(phone_room, [person])[0], None, person)
    base = f"/workshops/{phone_room.pk}/schools/"

    answer = sign_in("coach").get(f"{base}{adoption.pk}/table/")

    assert pressed(sign_in("coach"), adoption, phone_room) == 404
    assert f"{base}{adoption.pk}/table/" in sign_in("coach").get(base).text
    [table] = files.read(answer.content, "ideas.docx")
    assert "Greet at the door\nFirst step: Monday" in table.texts()[1]


def test_adoption_of_another_workshop_is_not_there(cast: Cast, phone_room: Workshop, sign_in: SignIn) -> None:
    elsewhere = open_room(cast.org("cedar"), cast["coach"], title="Elsewhere")
    person, _token = Participant.join(elsewhere, by=cast["coach"], device="none")
    adoption = adopt(seat(elsewhere, [person])[0], cast.org("cedar"), person)

    assert pressed(sign_in("coach"), adoption, phone_room) == 404
    assert sign_in("coach").get(f"/workshops/{phone_room.pk}/schools/{adoption.pk}/table/").status_code == 404


def test_list_for_schools_costs_the_same_for_one_and_three(cast: Cast, phone_room: Workshop, sign_in: SignIn) -> None:
    person, _token = Participant.join(phone_room, by=cast["coach"], device="none")
    group = seat(phone_room, [person])[0]
    client, counts = sign_in("coach"), []
    for texts in (["Greet"], ["Advisory", "Visit"]):
        for text in texts:
            HandOver.propose(adopt(group, cast.org("cedar"), person, text), by=cast["coach"])
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/workshops/{phone_room.pk}/schools/")
        counts.append(len(asked))

    assert counts[0] == counts[1]
