"""Who comes after the groups were made, and who leaves them: a seat is offered with the reason, one press takes it."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.cast import Cast
from workshops import take_away
from workshops.models import Element, Participant, Workshop, WorkshopGroup
from workshops.room import Room
from workshops.seating import SeatOffer, neighbors, seat_offers

from .phone import Phone, come_in, fresh, seat
from .small_kit import prepared

SignIn = Callable[[str], Client]


@pytest.fixture
def workshop(cast: Cast) -> Workshop:
    return prepared(cast)


@pytest.fixture
def lead(sign_in: SignIn) -> Client:
    return sign_in("coach")


def tables(workshop: Workshop, *groups: str) -> dict[str, Phone]:
    """People of these letters at tables; capitals are of Birch School, others of Oak School."""
    came = {
        letter: come_in(workshop, name=letter, school_name="Birch" if letter.isupper() else "Oak")
        for letter in "".join(groups)
    }
    seat(workshop, *([came[letter].participant for letter in letters] for letters in groups))
    return came


def offers(workshop: Workshop) -> list[SeatOffer]:
    return seat_offers(Room(fresh(workshop)))


def take(client: Client, workshop: Workshop, offer: SeatOffer) -> HttpResponse:
    seen = Workshop.objects.values_list("control_version", flat=True).get(pk=workshop.pk)
    data = {
        "control_version": seen,
        "participant": [pk for pk, _number in offer.moves],
        "group": [number for _pk, number in offer.moves],
    }
    return client.post(f"/workshops/{workshop.pk}/groups/move/", data)


def seated(workshop: Workshop) -> dict[int, str]:
    """Who of the present sits where."""
    return {
        group.number: "".join(sorted(one.participant.name for one in group.members.all() if one.participant.is_present))
        for group in Room(fresh(workshop)).groups
    }


def test_latecomer_is_offered_the_smallest_group(lead: Client, workshop: Workshop) -> None:
    tables(workshop, "abcd", "ABC")
    come_in(workshop, name="z")

    (offer,) = offers(workshop)
    shown = lead.get(f"/workshops/{workshop.pk}/facilitate/?show=groups").text
    answer = take(lead, workshop, offer)

    assert (offer.sentence, offer.label) == (
        "z came after the groups were made. Group 2 is the smallest, with 3 people.",
        "Seat z in Group 2",
    )
    assert offer.sentence in shown
    assert (answer.status_code, seated(workshop), offers(workshop)) == (302, {1: "abcd", 2: "ABCz"}, [])


def test_latecomer_is_offered_the_group_that_mixes_best(workshop: Workshop) -> None:
    tables(workshop, "abc", "ABC")
    come_in(workshop, name="z", school_name="Oak")

    (offer,) = offers(workshop)

    assert offer.sentence == (
        "z came after the groups were made. Of the smallest Group 2 mixes schools and roles best."
    )


def test_latecomer_among_fives_makes_two_threes(lead: Client, workshop: Workshop) -> None:
    tables(workshop, "abcde", "ABCDE")
    come_in(workshop, name="z", school_name="Oak")

    (offer,) = offers(workshop)
    take(lead, workshop, offer)

    assert (offer.sentence, offer.label) == (
        "z came after the groups were made. Every group is full: Group 2 becomes two of three.",
        "Make Group 3, with z in it",
    )
    assert sorted(len(names) for names in seated(workshop).values()) == [3, 3, 5]
    assert "z" in seated(workshop)[3]


def test_group_that_falls_to_two_joins_a_three_and_its_table_goes(lead: Client, workshop: Workshop) -> None:
    came = tables(workshop, "abcd", "ABC", "xyz")
    came["z"].send("leave/")

    (offer,) = offers(workshop)
    take(lead, workshop, offer)

    assert (offer.sentence, offer.label) == ("z left, so Group 3 has only 2 people.", "Group 3 joins Group 2")
    assert seated(workshop) == {1: "abcd", 2: "ABCxy"}
    assert offers(workshop) == []


def test_where_there_is_no_three_one_comes_over(lead: Client, workshop: Workshop) -> None:
    came = tables(workshop, "abcde", "ABCD", "xyz")
    came["z"].send("leave/")

    (offer,) = offers(workshop)
    take(lead, workshop, offer)

    assert offer.label.endswith("joins Group 3")
    assert sorted(len(names) for names in seated(workshop).values()) == [3, 4, 4]


def test_who_leaves_a_large_group_moves_nobody(workshop: Workshop) -> None:
    came = tables(workshop, "abcd", "ABCD")
    came["d"].send("leave/")

    assert (offers(workshop), seated(workshop)) == ([], {1: "abc", 2: "ABCD"})


def test_left_seat_goes_to_who_comes_next(lead: Client, workshop: Workshop) -> None:
    came = tables(workshop, "abcd", "ABCD")
    came["d"].send("leave/")
    come_in(workshop, name="z")

    (offer,) = offers(workshop)

    assert offer.label == "Seat z in Group 1"


def test_what_a_group_drew_stays_where_its_people_move(lead: Client, workshop: Workshop) -> None:
    came = tables(workshop, "abc", "xyz")
    group = WorkshopGroup.objects.get(number=2)
    Element.add(group, "Advisory", [], "now", by=workshop.lead, op_id=uuid.uuid4())
    came["z"].send("leave/")

    (offer,) = offers(workshop)
    take(lead, workshop, offer)

    assert (seated(workshop), Element.objects.get().group) == ({1: "abcxy", 2: ""}, group)


def test_offer_that_is_old_is_not_taken(lead: Client, workshop: Workshop) -> None:
    tables(workshop, "abcd", "ABC")
    late = come_in(workshop, name="z")
    (offer,) = offers(workshop)
    seen = fresh(workshop).control_version
    fresh(workshop).open_lobby(by=workshop.lead, seen=seen)

    data = {"control_version": seen, "participant": offer.moves[0][0], "group": offer.moves[0][1]}
    answer = lead.post(f"/workshops/{workshop.pk}/groups/move/", data)

    assert (answer.status_code, late.participant.seats.count()) == (409, 0)


@pytest.mark.parametrize("number", ["0", "4", "one", ""])
def test_nobody_is_seated_at_a_table_that_cannot_be(lead: Client, workshop: Workshop, number: str) -> None:
    came = tables(workshop, "abc", "ABC")
    seen = fresh(workshop).control_version

    data = {"control_version": seen, "participant": came["a"].participant.pk, "group": number}
    answer = lead.post(f"/workshops/{workshop.pk}/groups/move/", data)

    assert (answer.status_code, seated(workshop)) == (404, {1: "abc", 2: "ABC"})


def test_nobody_of_another_room_is_seated(lead: Client, workshop: Workshop, cast: Cast) -> None:
    tables(workshop, "abc")
    other, _token = Participant.join(prepared(cast, "juniper", "other-leader"), by=cast["other-leader"])
    seen = fresh(workshop).control_version

    data = {"control_version": seen, "participant": other.pk, "group": 1}
    answer = lead.post(f"/workshops/{workshop.pk}/groups/move/", data)

    assert (answer.status_code, other.seats.count()) == (404, 0)


def test_room_seated_while_it_was_empty_seats_its_first(lead: Client, workshop: Workshop) -> None:
    seat(workshop)
    come_in(workshop, name="z")

    (offer,) = offers(workshop)
    take(lead, workshop, offer)

    assert (offer.label, seated(workshop)) == ("Seat z in Group 1", {1: "z"})


def test_before_groups_are_made_nothing_is_offered(workshop: Workshop) -> None:
    come_in(workshop, name="z")

    assert offers(workshop) == []


def test_people_of_one_name_are_told_apart_wherever_they_are_listed(lead: Client, workshop: Workshop) -> None:
    guests = [come_in(workshop, name=name).participant for name in ("Guest", "Rosa", "guest")]
    seat(workshop, guests[:2])

    page = lead.get(f"/workshops/{workshop.pk}/facilitate/?show=groups").text

    assert [page.count(f">{name}</option>") for name in ("Guest (1)", "Rosa", "guest (3)")] == [1, 1, 1]
    assert "Guest (1), Rosa" in page
    assert [name for name, _who in take_away.people_with_pages(workshop)] == ["Guest (1)", "Rosa", "guest (3)"]


def test_groups_part_the_pairs_that_phones_proposed(workshop: Workshop) -> None:
    people = [come_in(workshop).participant for _n in range(4)]

    assert neighbors(people[:3]) == [(people[0].pk, people[1].pk)]
    assert neighbors(people) == [(people[0].pk, people[1].pk), (people[2].pk, people[3].pk)]


def test_pairs_that_phones_proposed_sit_apart(lead: Client, workshop: Workshop) -> None:
    people = [come_in(workshop).participant for _n in range(8)]
    data = {"control_version": fresh(workshop).control_version, "mode": "mix"}

    lead.post(f"/workshops/{workshop.pk}/groups/form/", data)

    groups = [{seat.participant_id for seat in group.members.all()} for group in Room(fresh(workshop)).groups]
    assert [group for group in groups for pair in neighbors(people) if group >= set(pair)] == []
