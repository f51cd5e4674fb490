"""Before the day Trellis opens the links itself: from a background task, and never an address inside somebody's net."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from profiles.models import Actor
from tests.cast import Cast
from workshops import checklist, links
from workshops.models import Workshop
from workshops.tasks import look_at_links

from .small_kit import FILM, prepared

SignIn = Callable[[str], Client]
FILM_URL, READING_URL = "https://films.example.org/known/", "https://read.example.org/"


class Pages(BaseHTTPRequestHandler):
    """A site with a page, one that knows GET alone, a move, a circle, and one whose answer drips."""

    asked: list[str]

    def do_HEAD(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        self.answer()

    def answer(self) -> None:
        self.server.asked.append(f"{self.command} {self.path}")  # type: ignore[attr-defined]
        if self.path == "/drip":
            for letter in b"HTTP/1.0 200 OK":
                self.wfile.write(bytes([letter]))
                time.sleep(0.05)
            return
        status = {"/": 200, "/with?a=b": 200, "/moved": 302, "/circle": 302, "/inside": 302, "/mail": 302}.get(
            self.path, 404
        )
        if self.path == "/get-only" and self.command == "GET":
            status = 200
        self.send_response(status)
        if status == 302:
            onwards = {"/moved": "/with?a=b", "/inside": "http://10.0.0.1/", "/mail": "ftp://elsewhere.example.org/"}
            self.send_header("Location", onwards.get(self.path, self.path))
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        pass


@pytest.fixture
def pages() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    server.asked = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def only(server: ThreadingHTTPServer) -> Callable[[str, int], bool]:
    """As if this server alone were the internet."""
    return lambda ip, port: (ip, port) == ("127.0.0.1", server.server_port)


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ("/", "opens"),
        ("/moved", "opens"),
        ("/get-only", "opens"),
        ("/gone", "fails"),
        ("/circle", "fails"),
        ("/mail", "fails"),
        ("/inside", "inside"),
    ],
)
def test_link_is_followed_to_where_it_ends(pages: ThreadingHTTPServer, path: str, state: str) -> None:
    assert links.look(f"http://127.0.0.1:{pages.server_port}{path}", may_reach=only(pages)) == state


def test_head_is_asked_first_and_get_only_where_it_fails(pages: ThreadingHTTPServer) -> None:
    for path in ("/", "/gone"):
        links.look(f"http://127.0.0.1:{pages.server_port}{path}", may_reach=only(pages))

    assert pages.asked == ["HEAD /", "HEAD /gone", "GET /gone"]  # type: ignore[attr-defined]


def test_answer_that_drips_is_cut_off(pages: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "SECONDS", 0.2)

    assert links.look(f"http://127.0.0.1:{pages.server_port}/drip", may_reach=only(pages)) == "fails"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://10.1.2.3/",
        "http://192.168.0.1/",
        "http://169.254.169.254/latest/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::a00:1]/",
        "http://[2002:a00:1::]/",
        "http://[fe80::1]/",
        "http://224.0.1.1/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "http://8.8.8.8:25/",
    ],
)
def test_address_inside_a_network_is_never_asked(url: str) -> None:
    assert links.look(url) == "inside"


@pytest.mark.parametrize(
    "url",
    ["ftp://read.example.org/", "file:///notes.txt", "http://", "http://me:word@8.8.8.8/", "http://[", "no address"],
)
def test_what_is_no_web_address_fails(url: str) -> None:
    assert links.look(url) == "fails"


@pytest.mark.parametrize("ip", ["8.8.8.8", "2606:4700::1111"])
def test_public_addresses_are_reached_on_the_webs_ports_only(ip: str) -> None:
    assert [links.is_public(ip, port) for port in (80, 443, 22, 8000)] == [True, True, False, False]


def test_each_address_is_looked_at_once_videos_first(cast: Cast) -> None:
    assert checklist.addresses(prepared(cast)) == [
        {"title": "Known by name", "url": FILM_URL},
        {"title": "More to read", "url": READING_URL},
    ]


def test_one_address_of_several_is_looked_at_once_under_all_their_names(cast: Cast) -> None:
    workshop = prepared(cast)
    workshop.set_media("3a", {**FILM, "title": {"en": "A school"}}, by=cast["coach"])

    assert checklist.addresses(workshop)[0] == {"title": "Known by name · A school", "url": FILM_URL}


def test_task_writes_down_what_it_found(cast: Cast, settings: Any) -> None:
    workshop = prepared(cast)
    workshop.set_media("2a", {**FILM, "url": "http://127.0.0.1/known/"}, by=cast["coach"])
    workshop.kit["links"] = []
    workshop.save(update_fields=["kit"])
    look_at_links.call(str(workshop.pk))
    workshop.refresh_from_db()
    assert [one["state"] for one in checklist.links(workshop)] == [""]
    settings.ASKS_OUTSIDE = True

    look_at_links.call(str(workshop.pk))

    workshop.refresh_from_db()
    assert [one["state"] for one in checklist.links(workshop)] == ["inside"]


def test_page_says_what_opened_and_what_did_not_with_the_day(cast: Cast, sign_in: SignIn) -> None:
    workshop = prepared(cast)
    before = sign_in("coach").get(f"/workshops/{workshop.pk}/links/").text
    workshop.note_links({FILM_URL: "opens", READING_URL: "fails"}, by=Actor("system"))
    day = checklist.links(workshop)[0]["at"].strftime("%Y")

    after = sign_in("coach").get(f"/workshops/{workshop.pk}/").text

    assert before.count("Not checked yet") == 2
    assert (after.count("Opened on "), after.count("Did not open on ")) == (1, 1)
    assert day in after
    assert "Does not open: “More to read”" in checklist.not_ready(workshop)
    assert "Check the links now" in after


def test_new_link_has_to_be_looked_at_again(cast: Cast) -> None:
    workshop = prepared(cast)
    workshop.note_links({FILM_URL: "opens", READING_URL: "opens"}, by=Actor("system"))

    workshop.set_media("2a", {**FILM, "url": "https://films.example.org/other/"}, by=cast["coach"])

    assert [one["state"] for one in checklist.links(workshop)] == ["", "opens"]
    assert Workshop.objects.get(pk=workshop.pk).checks["links"].keys() == {FILM_URL, READING_URL}


@pytest.fixture
def near(cast: Cast, settings: Any) -> Workshop:
    """A workshop whose one link leads into this machine, so that looking at it asks nobody."""
    settings.ASKS_OUTSIDE = True
    workshop = prepared(cast)
    workshop.set_media("2a", {**FILM, "url": "http://127.0.0.1/known/"}, by=cast["coach"])
    workshop.kit["links"] = []
    workshop.save(update_fields=["kit"])
    return workshop


def states(workshop: Workshop) -> list[str]:
    return [one["state"] for one in checklist.links(Workshop.objects.get(pk=workshop.pk))]


@pytest.mark.parametrize("path", ["/", "/workshops/{}/"])
def test_day_before_whoever_opens_the_page_has_the_links_looked_at(
    cast: Cast, near: Workshop, sign_in: SignIn, path: str
) -> None:
    near.describe(by=cast["coach"], starts_at=timezone.now() + timedelta(days=1))

    sign_in("coach").get(path.format(near.pk))

    assert states(near) == ["inside"]


@pytest.mark.parametrize(("days", "hours_ago", "found"), [(3, None, ""), (1, 2, "opens"), (1, 21, "inside")])
def test_links_are_looked_at_again_near_the_day_only_and_only_when_that_is_long_ago(
    cast: Cast, near: Workshop, sign_in: SignIn, days: int, hours_ago: int | None, found: str
) -> None:
    near.describe(by=cast["coach"], starts_at=timezone.now() + timedelta(days=days))
    if hours_ago:
        at = (timezone.now() - timedelta(hours=hours_ago)).isoformat()
        near.checks = {"links": {"http://127.0.0.1/known/": {"state": "opens", "at": at}}}
        near.save(update_fields=["checks"])

    sign_in("coach").get(f"/workshops/{near.pk}/")

    assert states(near) == [found]


def test_what_is_not_ready_is_counted_again_with_the_links(cast: Cast, sign_in: SignIn) -> None:
    workshop = prepared(cast)
    before = len(checklist.not_ready(workshop))
    workshop.note_links({READING_URL: "fails"}, by=Actor("system"))

    page = sign_in("coach").get(f"/workshops/{workshop.pk}/links/").text

    assert f'id="open-points" role="status" hx-swap-oob="true">{before + 1} things are not ready.' in page
