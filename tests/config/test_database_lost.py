"""While Postgres is away every page says so with 503, and a site that comes back to its database is good at once.

What becomes of people who save while the server itself is killed stands in test_demo_command.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.client import HTTPResponse

import pytest
from django.db import connection

from tests.cast import Cast
from tests.site_process import Site, session_of

TABLE = "/planning/tables/00000000-0000-4000-8000-000000000000/"
COOKIE = f"sessionid={'s' * 32}; csrftoken={'c' * 32}"


@pytest.fixture(scope="module")
def lost_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site whose database is a socket that nobody listens at."""
    site = Site(host=str(tmp_path_factory.mktemp("nobody")))
    yield site
    site.kill()


def heading(answer: HTTPResponse) -> str:
    found = re.search(r"<h1>(.*)</h1>", answer.read().decode())
    return found[1] if found else ""


def said(answer: HTTPResponse) -> tuple[int, str | None, str]:
    return answer.status, answer.headers["Retry-After"], heading(answer)


BACK_SOON = (503, "3", "We will be back in a moment")


@pytest.mark.parametrize("path", ["/", "/planning/", TABLE, "/search/?q=calm", "/health/ready"])
def test_page_of_somebody_signed_in_says_that_the_database_is_lost(lost_site: Site, path: str) -> None:
    answer = lost_site.ask(path, cookie=COOKIE)

    assert said(answer) == BACK_SOON
    assert answer.headers["Cache-Control"] == "no-store, private"


def test_page_before_sign_in_says_that_the_database_is_lost(lost_site: Site) -> None:
    form = f"login=maya%40example.org&password=long-enough&csrfmiddlewaretoken={'c' * 32}"
    kind = "application/x-www-form-urlencoded"

    answer = lost_site.ask("/accounts/login/", "POST", form, cookie=COOKIE, **{"content-type": kind})

    assert said(answer) == BACK_SOON


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_fetch_is_told_to_try_again(lost_site: Site, accept: str) -> None:
    headers = {"X-CSRFToken": "c" * 32, "HX-Request": "true", "Accept": accept, "cookie": COOKIE}

    saved = lost_site.ask(f"{TABLE}strategies/", "POST", "", **headers)
    fetched = lost_site.ask(f"{TABLE}rows/", **headers)

    assert said(saved) == BACK_SOON
    assert said(fetched) == BACK_SOON


def test_lost_database_is_said_in_the_browsers_language(lost_site: Site) -> None:
    answer = lost_site.ask("/planning/", cookie=COOKIE, **{"accept-language": "es-US,es;q=0.9"})

    assert '<html lang="es">' in answer.read().decode()


def test_process_without_database_is_alive(lost_site: Site) -> None:
    assert lost_site.ask("/health/live").status == 200


def test_page_is_there_at_once_after_its_connections_were_ended(hasty_site: Site, cast: Cast) -> None:
    cookie = f"sessionid={session_of(cast['teacher'])}"
    assert [hasty_site.ask("/planning/", cookie=cookie).status for _n in range(10)] == [200] * 10

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    assert [hasty_site.ask("/planning/", cookie=cookie).status for _n in range(10)] == [200] * 10
