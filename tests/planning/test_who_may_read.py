"""One answer to who may read a table: the queryset's, the live stream's and the pages'; and what predicates allow."""

from __future__ import annotations

import datetime as dt

import pytest

from config import clock
from planning import permissions
from planning.models import StrategyTable, TableMember
from planning.streams import access
from profiles.models import RoleAssignment, TeamMembership
from tests.cast import CHARACTERS, Cast

from .conftest import SignIn, url

Role = TableMember.Role
EVERYONE = set(CHARACTERS)
CEDAR = {"leader", "teacher", "advisor", "counselor", "math", "science", "history", "special-education", "next-door"}
NINTH = {"teacher", "advisor", "counselor", "math", "science", "history"}
JUNIPER = {"other-leader", "other-teacher", "juniper-math", "juniper-counselor"}


@pytest.fixture
def tables(cast: Cast) -> dict[str, StrategyTable]:
    """Tables shared in every way there is, by a name for each."""
    cedar, teacher = cast.org("cedar"), cast["teacher"]

    def begun(title: str, **more: object) -> StrategyTable:
        return StrategyTable.begin(cedar, title, "other", by=teacher, **more)  # type: ignore[arg-type]

    open_to_school = begun("open", team=cast.team("ninth"))
    closed = begun("closed", team=cast.team("ninth"))
    closed.describe(by=teacher, members_only=True)
    shared = begun("shared")
    shared.describe(by=teacher, members_only=True)
    shared.share(cast["coach"], Role.EDITOR, by=teacher)
    shared.share(cast["next-door"], Role.VIEWER, by=teacher)
    shared.share(cast["district"], Role.REVIEWER, by=teacher)
    shared.share(cast["ended-today"], Role.OWNER, by=teacher)
    shared.share(cast["other-teacher"], Role.OWNER, by=teacher)
    both_ways = begun("both ways", team=cast.team("ninth"))
    both_ways.describe(by=teacher, members_only=True)
    both_ways.share(cast["advisor"], Role.VIEWER, by=teacher)
    both_ways.share(cast.team("leadership"), Role.REVIEWER, by=teacher)
    archived = begun("archived", team=cast.team("ninth"))
    archived.archive(by=teacher)
    juniper = StrategyTable.begin(cast.org("juniper"), "juniper", "other", by=cast["other-leader"])
    return {one.title: one for one in (open_to_school, closed, shared, both_ways, archived, juniper)}


READERS = {
    "open": CEDAR | {"district"},
    "closed": NINTH | {"leader", "district"},
    "shared": {"teacher", "leader", "coach", "next-door", "district"},
    "both ways": NINTH | {"leader", "district", "coach", "special-education"},
    "archived": CEDAR | {"district"},
    "juniper": JUNIPER | {"district"},
}
EDITORS = {
    "open": NINTH,
    "closed": NINTH,
    "shared": {"teacher", "coach"},
    "both ways": NINTH,
    "archived": set(),
    "juniper": {"other-leader"},
}


def readers(table: StrategyTable, cast: Cast) -> set[str]:
    return {
        slug
        for slug, person in cast.everyone().items()
        if StrategyTable.objects.visible_to(person).filter(pk=table.pk).exists()
    }


def followers(table: StrategyTable, cast: Cast) -> set[str]:
    people = cast.everyone()
    admitted = access({(person.pk, table.pk) for person in people.values()})
    assert set(admitted.values()) <= {StrategyTable.objects.get(pk=table.pk).version}
    return {slug for slug, person in people.items() if (person.pk, table.pk) in admitted}


def test_who_reads_is_who_follows_live(cast: Cast, tables: dict[str, StrategyTable]) -> None:
    assert {title: readers(table, cast) for title, table in tables.items()} == READERS
    assert {title: followers(table, cast) for title, table in tables.items()} == READERS


def test_everyone_at_once_follows_what_each_follows_alone(cast: Cast, tables: dict[str, StrategyTable]) -> None:
    people = cast.everyone()
    pairs = {(person.pk, table.pk) for person in people.values() for table in tables.values()}

    assert set(access(pairs)) == {
        (people[slug].pk, tables[title].pk) for title, slugs in READERS.items() for slug in slugs
    }


def test_only_what_one_reads_can_be_changed(cast: Cast, tables: dict[str, StrategyTable]) -> None:
    edits: dict[str, set[str]] = {title: set() for title in tables}
    manages, joins, comments = ({title: set() for title in tables} for _ in range(3))
    for slug, person in cast.everyone().items():
        for table in StrategyTable.objects.visible_to(person):
            for allowed, may in (
                (edits, permissions.can_edit),
                (manages, permissions.can_manage),
                (joins, permissions.can_join),
                (comments, permissions.can_comment),
            ):
                if may(person, table):
                    allowed[table.title].add(slug)

    assert edits == EDITORS
    assert manages == {**{title: {"teacher"} for title in tables}, "juniper": {"other-leader"}}
    assert joins == {**{title: {"leader"} for title in tables}, "juniper": set()}
    assert comments == {
        **EDITORS,
        "shared": EDITORS["shared"] | {"district"},
        "both ways": NINTH | {"leader", "coach", "special-education"},
    }


def test_pages_agree_with_the_queryset(cast: Cast, tables: dict[str, StrategyTable], sign_in: SignIn) -> None:
    for slug in EVERYONE:
        client = sign_in(slug)
        answers = {title: client.get(url(table, "rows")).status_code for title, table in tables.items()}
        assert answers == {title: 200 if slug in READERS[title] else 404 for title in tables}, slug


@pytest.mark.parametrize("change", ["role ended", "team left", "made inactive", "not begun yet"])
def test_access_ends_and_begins_with_the_day(change: str, cast: Cast, tables: dict[str, StrategyTable]) -> None:
    advisor, tomorrow = cast["advisor"], clock.today() + dt.timedelta(days=1)
    roles = RoleAssignment.objects.filter(person=advisor)
    if change == "role ended":
        roles.update(ends=clock.today())
    elif change == "not begun yet":
        roles.update(begins=tomorrow)
    elif change == "team left":
        TeamMembership.objects.filter(person=advisor).update(ends=clock.today())
    else:
        type(advisor).objects.filter(pk=advisor.pk).update(is_active=False)

    for title, table in tables.items():
        # A person made inactive has no session, so no page asks the queryset for them.
        expected = READERS[title] - {"advisor"}
        if change == "team left" and title in ("open", "archived", "both ways"):
            expected = READERS[title]
        assert followers(table, cast) == expected, title
        if change != "made inactive":
            assert readers(table, cast) == expected, title
    if change == "team left":
        for title in ("open", "both ways"):
            table = StrategyTable.objects.visible_to(cast["advisor"]).get(pk=tables[title].pk)
            assert permissions.can_edit(cast["advisor"], table) is False


def test_last_owner_stays(cast: Cast, sign_in: SignIn, table: StrategyTable) -> None:
    owner = table.members.get(person=cast["teacher"])
    client = sign_in("teacher")

    client.post(url(table, "members", owner.pk, "remove"))
    demoted = client.post(url(table, "sharing"), {"who": f"person:{cast['teacher'].pk}", "role": Role.VIEWER})

    assert demoted.status_code == 422
    assert "A table needs an owner" in demoted.text
    assert table.members.get(person=cast["teacher"]).role == Role.OWNER


def test_leader_adds_themselves_and_history_says_so(cast: Cast, sign_in: SignIn, table: StrategyTable) -> None:
    client = sign_in("leader")

    before = client.post(url(table, "strategies")).status_code
    client.post(url(table, "join"))
    after = client.post(url(table, "strategies")).status_code

    assert (before, after) == (403, 302)
    assert "made Ruth Alvarez a member: Editor" in client.get(url(table, "history")).text
