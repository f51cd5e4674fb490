import itertools
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPResponse
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg2
import pytest

from config import postgres
from tests.own_server import environment

from .test_postgres import At, demo, sentence, servers, until

MANAGE = str(postgres.CHECKOUT / "manage.py")


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The demo under a folder, on a free port, and its address once it said that it is there."""
    command = [sys.executable, MANAGE, "demo", "--port", "0", *options]
    env = environment(folder, LANG="xx_XX.UTF-8")
    with subprocess.Popen(command, env=env, cwd="/", stdout=-1, stderr=subprocess.STDOUT, text=True) as process:
        try:
            assert process.stdout
            said = process.stdout.readline()
            found = re.fullmatch(r"Trellis is at (http://127\.0\.0\.1:\d+)/demo/\n", said)
            assert found, said + process.stdout.read()
            assert str(folder) in process.stdout.readline()
            yield process, found[1]
        finally:
            process.kill()


def status(address: str) -> int:
    try:
        with urllib.request.urlopen(f"{address}/health/ready", timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as answer:
        answer.close()
        return answer.code


def ended(process: subprocess.Popen[str]) -> tuple[float, str]:
    """Seconds until it ended, and what it had said meanwhile."""
    begin = time.monotonic()
    said, _ = process.communicate(timeout=10)
    return time.monotonic() - begin, said


def workers(folder: Path) -> list[int]:
    """The processes of manage.py that use the server under a folder."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            if MANAGE.encode() in Path(
                f"/proc/{name}/cmdline"
            ).read_bytes() and f"XDG_DATA_HOME={folder}".encode() in Path(f"/proc/{name}/environ").read_bytes().split(
                b"\0"
            ):
                found.append(int(name))
        except OSError:
            continue
    return found


def rows() -> dict[str, int]:
    """How many rows each table of the demo has. Sessions come and go with those who sign in."""
    tables = query("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_session'")
    return {table: query(f'SELECT count(*) FROM "{table}"')[0][0] for (table,) in tables}


def query(sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    """Asks the demo's database."""
    entry = postgres.database("trellis_demo")
    opened = psycopg2.connect(dbname="trellis_demo", user=entry["USER"], host=entry["HOST"], **entry["OPTIONS"])
    with closing(opened) as connection, connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


@contextmanager
def half_sent(address: str) -> Iterator[socket.socket]:
    """A request whose body never ends: the site waits for it."""
    port = int(address.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9000\r\n\r\nlogin=")
        yield connection


@contextmanager
def followed(address: str) -> Iterator[HTTPResponse]:
    """The live stream of the leader's district, open."""
    district = query("SELECT id FROM profiles_org WHERE org_kind = 'district'")[0][0]
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar := CookieJar()))
    browser.open(f"{address}/demo/", timeout=5).close()
    token = next(each.value for each in jar if each.name == "csrftoken")
    browser.open(f"{address}/demo/sign-in/district/", f"csrfmiddlewaretoken={token}".encode(), timeout=5).close()
    with browser.open(f"{address}/live/?s=org:{district}", timeout=5) as stream:
        assert stream.readline().startswith(b"event: versions")
        yield stream


@pytest.fixture(scope="module")
def told(module_shelf: Path) -> Path:
    """A folder in which the demo's story was told once."""
    begin = time.monotonic()
    done = demo([sys.executable], environment(module_shelf))
    assert (done.returncode, done.stderr) == (0, "")
    assert time.monotonic() - begin <= 30
    return module_shelf


def test_demo_serves_ends_and_changes_nothing_the_second_time(told: Path, at: At) -> None:
    place = at(told)
    with postgres.running():
        before = rows()
    assert demo([sys.executable], environment(told)).returncode == 0
    with postgres.running():
        assert rows() == before
    begin = time.monotonic()
    with serving(told) as (process, address), half_sent(address), followed(address):
        assert time.monotonic() - begin <= 6
        assert status(address) == 200
        process.send_signal(signal.SIGTERM)
        seconds, said = ended(process)
    assert (process.returncode, said) == (0, "")
    assert seconds <= 5
    assert servers(place) == []
    assert workers(told) == []


def test_demo_ends_with_ctrl_c(told: Path, at: At) -> None:
    place = at(told)
    with serving(told) as (process, _):
        process.send_signal(signal.SIGINT)
        seconds, said = ended(process)
    assert (process.returncode, said) == (0, "")
    assert seconds <= 5
    assert servers(place) == []


def workers_ready(folder: Path, demo_pid: int) -> bool:
    return len(set(workers(folder)) - {demo_pid}) == 1


def test_demo_after_kill_9_leaves_nothing_that_hinders_the_next(told: Path, at: At) -> None:
    place = at(told)
    with serving(told) as (process, address):
        until(lambda: workers_ready(told, process.pid))
        process.kill()
    # The worker ends with it, and being the last to use the database takes that along.
    until(lambda: workers(told) == [] and servers(place) == [])
    port = address.rsplit(":", 1)[1]
    done = subprocess.run(
        [sys.executable, MANAGE, "demo", "--no-serve", "--port", port],
        env=environment(told),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_demo_reset_forgets(told: Path, at: At) -> None:
    at(told)
    with postgres.running():
        before = rows()
        entry = postgres.database("trellis_demo")
        opened = psycopg2.connect(dbname="trellis_demo", user=entry["USER"], host=entry["HOST"], **entry["OPTIONS"])
        with closing(opened) as connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE mine ()")
            connection.commit()
        done = demo([sys.executable], environment(told), postgres.CHECKOUT, "--reset")
        assert (done.returncode, done.stderr) == (0, "")
        assert rows() == before


class Saver(threading.Thread):
    """Somebody signed in who saves one cell again and again, sending each save until it is answered."""

    def __init__(self, address: str, slug: str, row: int) -> None:
        super().__init__(daemon=True)
        self.address = address
        found = query(
            "SELECT t.id, s.id, (s.cell_versions->>'assessment')::int FROM planning_strategytable t "
            "JOIN planning_strategy s ON s.table_id = t.id WHERE t.title = 'Calmer mornings' ORDER BY s.rank"
        )
        table, strategy, self.version = found[row]
        self.target = f"{strategy}/assessment"
        self.url = f"{address}/planning/tables/{table}/strategies/{strategy}/cells/assessment/"
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar := CookieJar()))
        self.browser.open(f"{address}/demo/", timeout=5).close()
        self.token = next(each.value for each in jar if each.name == "csrftoken") or ""
        self.browser.open(f"{address}/demo/sign-in/{slug}/", f"csrfmiddlewaretoken={self.token}".encode()).close()
        self.token = next(each.value for each in jar if each.name == "csrftoken") or ""
        self.saved: dict[str, float] = {}
        self.refused: list[tuple[int, str | None]] = []
        self.ending = threading.Event()
        self.start()

    def run(self) -> None:
        for n in itertools.count():
            words, op_id = f"{self.name} {n}", str(uuid.uuid4())
            while not self.ending.is_set() and not self.send(words, op_id):
                self.ending.wait(0.2)
            if self.ending.wait(0.02):
                return
            self.saved[words] = time.monotonic()

    def send(self, words: str, op_id: str) -> bool:
        fields = {"text": words, "base_version": self.version, "op_id": op_id}
        headers = {"X-CSRFToken": self.token, "Accept": "application/json", "HX-Request": "true"}
        request = urllib.request.Request(self.url, urlencode(fields).encode(), headers)
        try:
            with self.browser.open(request, timeout=5) as answer:
                self.version = json.load(answer)["cell_version"]
        except urllib.error.HTTPError as problem:
            with problem:
                self.refused.append((problem.code, problem.headers["Retry-After"]))
            return False
        return True

    def end(self) -> None:
        self.ending.set()
        self.join()

    def kept(self) -> list[str]:
        """What history holds of this cell."""
        return [
            words
            for (words,) in query(
                "SELECT after->>'value' FROM profiles_change WHERE verb = 'cell_saved' AND target = %s", self.target
            )
        ]


def test_demo_is_good_again_after_its_database_was_killed_while_people_save(told: Path, at: At) -> None:
    place = at(told)
    with serving(told) as (process, address):
        assert status(address) == 200
        savers = [Saver(address, "teacher", 0), Saver(address, "advisor", 1)]
        until(lambda: all(saver.saved for saver in savers))
        before = postgres._postmaster(place) or 0
        os.kill(before, signal.SIGKILL)
        killed_at = time.monotonic()
        until(lambda: all(saver.refused and max(saver.saved.values()) > killed_at + 1 for saver in savers))
        until(lambda: workers_ready(told, process.pid))
        for saver in savers:
            saver.end()
        kept = [saver.kept() for saver in savers]
        process.terminate()
        _, said = ended(process)
    assert {answer for saver in savers for answer in saver.refused} == {(503, "3")}
    for saver, words in zip(savers, kept, strict=True):
        assert {one: words.count(one) for one in saver.saved} == dict.fromkeys(saver.saved, 1)
    assert said == "The database stopped unexpectedly. It is running again, with everything that was saved.\n"


def test_demo_as_ordinary_user_from_a_path_with_spaces(
    shelf: Path, checkout_copy: Path, as_ordinary_user: Callable[[Path], tuple[list[str], dict[str, str]]]
) -> None:
    """The checkout is read-only too, and LANG names a locale that is not there."""
    begin, env = as_ordinary_user(shelf)
    done = demo(begin, env | {"LANG": "xx_XX.UTF-8", "LC_ALL": "xx_XX.UTF-8"}, checkout_copy)
    assert (done.returncode, done.stderr) == (0, "")
    last = done.stdout.splitlines()[-1]
    assert re.fullmatch(rf"The demo is ready\. Its data lies in {re.escape(str(shelf))}/trellis/\w+\.", last)


def test_port_in_use_is_a_sentence(shelf: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = sentence(refused(shelf, str(port)))
    assert said == (
        f"Port {port} is in use, perhaps by a demo that still runs. End that program, or choose another port: "
        f"manage.py demo --port {port + 1}"
    )


def test_port_that_cannot_be_is_a_sentence(shelf: Path) -> None:
    assert sentence(refused(shelf, "70000")) == "There is no port 70000. Ports go from 1 to 65535."


def refused(folder: Path, port: str) -> Any:
    command = [sys.executable, MANAGE, "demo", "--port", port]
    return subprocess.run(
        command, env=environment(folder), cwd="/", capture_output=True, text=True, check=False, timeout=30
    )
