"""Commands that need the database bring it up, and stop what they started.

`run` does so for every command of manage.py, Django's own included (migrate, shell, dbshell, makemigrations …), but
for those named below that need none. `DatabaseCommand` is for ours: they find the schema there and up to date.
"""

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from django.conf import settings
from django.core.management import call_command, execute_from_command_line
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from config import postgres
from config.postgres import PostgresUnavailable

WITHOUT_DATABASE = {
    *("", "help", "version", "check", "check_all", "catalogue", "collectstatic", "findstatic", "diffsettings"),
    *("makemessages", "compilemessages", "sendtestemail", "startapp", "startproject"),
}
# Names the process that a child must not outlive.
ENDS_WITH = "TRELLIS_ENDS_WITH"
PR_SET_PDEATHSIG = 1
# "Trellis" as a number: whoever migrates or seeds holds this lock in the database.
SCHEMA_LOCK = 0x5472656C6C6973


class Hindrance(Exception):  # noqa: N818 (a state of the machine, not a mistake in the code)
    """A command cannot go on. Its text is a sentence for the person at the terminal."""


def run(arguments: Sequence[str]) -> None:
    """manage.py: run a command with the database it needs; what stands in the way is said in a sentence."""
    parent = end_with_parent()
    command = arguments[1] if len(arguments) > 1 else ""
    status: str | int | None = 0
    try:
        with ExitStack() as stack:
            if command not in WITHOUT_DATABASE and not command.startswith("-") and "--help" not in arguments:
                stack.enter_context(postgres.running())
                if parent and os.getppid() != int(parent):
                    # It was killed before we asked to be told; being the last user, we take the server along.
                    return
                postgres.ensure_database(settings.DATABASES["default"]["NAME"])
            execute_from_command_line(list(arguments))
    except (PostgresUnavailable, Hindrance) as problem:
        status = str(problem)
    except KeyboardInterrupt:
        status = "Stopped."
    except SystemExit as ending:
        status = ending.code
    _leave_threads_behind(status)
    sys.exit(status)


def end_with_parent() -> str:
    """Where the process that started this one asked so, be told to end when it ends. Answers its id, or ""."""
    if parent := os.environ.pop(ENDS_WITH, ""):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    return parent


def _leave_threads_behind(status: str | int | None) -> None:
    """A page still being made for somebody must not hold the terminal: Python would wait for its thread."""
    until = time.monotonic() + 0.3
    others = [each for each in threading.enumerate() if each is not threading.current_thread() and not each.daemon]
    for each in others:
        each.join(max(0, until - time.monotonic()))
    if any(each.is_alive() for each in others):
        if isinstance(status, str):
            sys.stderr.write(f"{status}\n")
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status if isinstance(status, int) else int(status is not None))


class DatabaseCommand(BaseCommand):
    """A command that finds the database there, with every migration applied.

    Raises PostgresUnavailable or Hindrance; from a command line that is one sentence and exit code 1.
    """

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            with postgres.running():
                self.prepare(**options)
                return super().execute(*args, **options)
        except DatabaseError as problem:
            if postgres.FULL_DISK.search(str(problem)):
                raise PostgresUnavailable(postgres.explain(problem)) from problem
            raise

    def prepare(self, **options: Any) -> None:
        postgres.ensure_database(connection.settings_dict["NAME"])
        if _is_behind():
            with schema_lock():
                if _is_behind():
                    call_command("migrate", interactive=False, verbosity=0)

    def run_from_argv(self, argv: list[str]) -> None:
        try:
            super().run_from_argv(argv)
        except (PostgresUnavailable, Hindrance) as problem:
            self.stderr.write(str(problem))
            sys.exit(1)


def _is_behind() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def schema_lock() -> Iterator[None]:
    """One at a time: two commands started together both find the schema behind."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '120s'")
        cursor.execute("SELECT pg_advisory_lock(%s)", [SCHEMA_LOCK])
        cursor.execute("RESET lock_timeout")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [SCHEMA_LOCK])
