"""Nudges through the real server: what arrives, in which order, what it costs to wait, and when it ends."""

import datetime as dt
import threading
import time
from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from config import clock, live
from profiles.models import Org, Person, RoleAssignment
from profiles.streams import org_access
from tests.site_process import Site, Stream, session_of

pytestmark = pytest.mark.django_db(transaction=True)

YESTERDAY = clock.today() - dt.timedelta(days=1)


@pytest.fixture
def school() -> Org:
    district = Org.objects.create(name="District", org_kind="district")
    return Org.objects.create(name="North", org_kind="school", parent=district)


@pytest.fixture
def other_school(school: Org) -> Org:
    return Org.objects.create(name="South", org_kind="school", parent=school.parent)


def staff(org: Org, role: str = "teacher", name: str = "Ana") -> Person:
    person = Person.objects.create_user(given_name=name)
    RoleAssignment.objects.create(person=person, org=org, role=role, begins=YESTERDAY)
    return person


@pytest.fixture
def teacher(school: Org) -> Person:
    return staff(school)


@pytest.fixture
def stream(site: Site, school: Org, teacher: Person) -> Iterator[Stream]:
    stream = site.follow(session_of(teacher), school.stream)
    yield stream
    stream.close()


def raise_version(org: Org, by: Person, *topics: str) -> None:
    with Org.objects.get(pk=org.pk).change(by=by) as door:
        door.record("noted", topics=topics)


def test_stream_tells_the_version_then_each_commit(stream: Stream, school: Org, teacher: Person) -> None:
    school.begin("plans", by=teacher)
    school.begin("learners", by=teacher)

    assert stream.response.getheader("content-type") == "text/event-stream"
    assert [stream.next() for _ in range(3)] == [
        ("versions", {school.stream: 0}),
        ("changed", {"stream": school.stream, "version": 1, "topics": ["plans"]}),
        ("changed", {"stream": school.stream, "version": 2, "topics": ["learners"]}),
    ]


def test_stream_hears_nothing_of_a_rollback(stream: Stream, school: Org, teacher: Person) -> None:
    with transaction.atomic():
        raise_version(school, teacher, "undone")
        transaction.set_rollback(True)
    raise_version(school, teacher, "done")

    assert [stream.next() for _ in range(2)] == [
        ("versions", {school.stream: 0}),
        ("changed", {"stream": school.stream, "version": 1, "topics": ["done"]}),
    ]


def test_stream_opened_while_others_write_misses_no_version(site: Site, school: Org, teacher: Person) -> None:
    last, session = 120, session_of(teacher)

    def write() -> None:
        for _ in range(last):
            raise_version(school, teacher)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    streams = [site.follow(session, school.stream) for _ in range(10)]
    writer.join()

    for stream in streams:
        _, versions = stream.next()
        first = versions[school.stream]
        heard = [stream.next()[1]["version"] for _ in range(first, last)]
        assert heard == list(range(first + 1, last + 1))
        stream.close()


def test_stream_carries_whispers_and_keeps_frames_short(stream: Stream, school: Org) -> None:
    live.whisper(school.stream, "cell:7:ana")
    live.announce(school.stream, 1, [f"cell:{n}" for n in range(2000)])

    assert [stream.next() for _ in range(3)] == [
        ("versions", {school.stream: 0}),
        ("presence", {"stream": school.stream, "topic": "cell:7:ana"}),
        ("changed", {"stream": school.stream, "version": 1, "topics": []}),
    ]


def test_stream_is_refused_without_a_word_about_what_exists(
    site: Site, school: Org, other_school: Org, teacher: Person
) -> None:
    session = session_of(teacher)
    absent = Org(name="Nowhere").stream
    cookie = f"sessionid={session}"

    assert site.ask(f"/live/?s={school.stream}").status == 401
    assert site.ask(f"/live/?s={school.stream}", cookie="sessionid=invented").status == 401
    assert site.ask(f"/live/?s={school.stream}", "POST", cookie=cookie).status == 405
    for stream in (other_school.stream, absent, "org:1", "grades:1", ""):
        answer = site.ask(f"/live/?s={stream}", cookie=cookie)
        assert (answer.status, answer.read()) == (404, b"")


def test_stream_of_several_things_ends_those_not_visible(
    site: Site, school: Org, other_school: Org, teacher: Person
) -> None:
    stream = site.follow(session_of(teacher), school.stream, other_school.stream)
    raise_version(other_school, teacher)
    raise_version(school, teacher)

    assert [stream.next() for _ in range(3)] == [
        ("versions", {school.stream: 0}),
        ("ended", {"stream": other_school.stream}),
        ("changed", {"stream": school.stream, "version": 1, "topics": []}),
    ]
    stream.close()


def test_streams_end_within_five_seconds_of_access(site: Site, school: Org) -> None:
    left, signed_out, changed_password, stays = (staff(school, name=name) for name in "ABCD")
    streams = [site.follow(session_of(one), school.stream) for one in (left, signed_out, changed_password, stays)]
    for stream in streams:
        assert stream.next() == ("versions", {school.stream: 0})

    began = time.monotonic()
    left.role_assignments.update(ends=clock.today())
    Session.objects.filter(session_key__in=_sessions_of(signed_out)).delete()
    changed_password.set_password("another one entirely")
    changed_password.save()
    for stream in streams[:3]:
        assert [stream.next(), stream.next()] == [("ended", {"stream": school.stream}), ("end", None)]

    assert time.monotonic() - began < 5
    raise_version(school, stays)
    assert streams[3].next() == ("changed", {"stream": school.stream, "version": 1, "topics": []})
    streams[3].close()


def _sessions_of(person: Person) -> list[str]:
    return [one.session_key for one in Session.objects.all() if one.get_decoded()["_auth_user_id"] == str(person.pk)]


def test_sixty_streams_hold_no_connection_and_no_thread(site: Site, school: Org) -> None:
    sessions = [session_of(staff(school, name=str(n))) for n in range(20)]
    for stream in [site.follow(session, school.stream) for session in sessions]:
        stream.close()
    before = _connections(), site.threads()

    streams = [site.follow(session, school.stream) for session in sessions for _ in range(3)]

    assert [stream.next()[0] for stream in streams] == ["versions"] * 60
    assert (_connections(), site.threads()) == before
    for stream in streams:
        stream.close()


def _connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return cursor.fetchone()[0]


def test_a_person_may_hold_twelve_streams(site: Site, school: Org, teacher: Person) -> None:
    session = session_of(teacher)

    streams = [site.follow(session, school.stream) for _ in range(13)]

    assert [stream.status for stream in streams] == [200] * 12 + [503]
    for stream in streams:
        stream.close()


def test_a_lost_database_connection_loses_no_change(stream: Stream, school: Org, teacher: Person) -> None:
    assert stream.next() == ("versions", {school.stream: 0})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'trellis live' AND datname = current_database()"
        )
        assert set(cursor.fetchall()) == {(True,)}
    raise_version(school, teacher)
    _, told = stream.next()
    raise_version(school, teacher)
    _, told_next = stream.next()

    assert [told.get("version") or told[school.stream], told_next.get("version") or told_next[school.stream]] == [1, 2]


def test_a_nudge_lost_on_the_way_is_made_good(hasty_site: Site, school: Org, teacher: Person) -> None:
    stream = hasty_site.follow(session_of(teacher), school.stream)
    assert stream.next() == ("versions", {school.stream: 0})

    Org.objects.filter(pk=school.pk).update(version=5)

    assert stream.next() == ("versions", {school.stream: 5})
    stream.close()


def test_stream_pings_and_closes_so_that_the_browser_reopens(hasty_site: Site, school: Org, teacher: Person) -> None:
    began = time.monotonic()
    stream = hasty_site.follow(session_of(teacher), school.stream)

    said = stream.response.read().decode()

    assert said.count("event: ping\ndata: {}\n\n") >= 1
    assert 2 < time.monotonic() - began < 5


def test_a_page_that_does_not_read_is_let_go() -> None:
    listener = live.Listener([], ends_at=0)

    for n in range(live.FRAMES_WAITING + 1):
        assert not listener.over
        listener.push(b"frame", "org:1", n)

    assert listener.over


def test_live_versions(client, school: Org, other_school: Org, teacher: Person) -> None:
    raise_version(school, teacher)
    asked = {"s": [school.stream, other_school.stream, "org:1"]}

    assert client.get("/live/versions/", asked).status_code == 401
    client.force_login(teacher)
    assert client.get("/live/versions/", asked).json() == {"versions": {school.stream: 1}}


def test_live_versions_takes_one_query_a_kind(
    client, school: Org, other_school: Org, teacher: Person, django_assert_num_queries
) -> None:
    client.force_login(teacher)
    for streams in ([school.stream], [school.stream, other_school.stream, school.parent.stream]):
        with django_assert_num_queries(4):  # session, person, their roles, orgs
            client.get("/live/versions/", {"s": streams})


@pytest.mark.parametrize("role", ["teacher", "school_admin", "district_admin", "student", "guardian"])
def test_org_access_agrees_with_visible_to(role: str, school: Org, other_school: Org) -> None:
    people = [staff(school, role), staff(other_school, "coach"), staff(school)]
    people[2].role_assignments.update(ends=clock.today())
    pairs = {(person.pk, org.pk) for person in people for org in Org.objects.all()}

    seen = {(person.pk, org.pk) for person in people for org in Org.objects.visible_to(person)}

    assert set(org_access(pairs)) == seen
