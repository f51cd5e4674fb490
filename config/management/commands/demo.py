"""Trellis on this machine in one command: database, schema, demo district, worker, site."""

import logging
import os
import socket
import subprocess
import sys
import threading
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn
from django.apps import apps
from django.db import connection
from django.utils.module_loading import module_has_submodule

from config import commands, postgres, static

# Seconds a page or stream has to end after SIGTERM; worker and database have what remains of five.
GRACE = 2
WORKER_GRACE = 1.5


class Command(commands.DatabaseCommand):
    help = "Serve the demo district on this machine; started again, it goes on with the same data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="on 127.0.0.1 (default: 8000; 0 picks a free one)")
        parser.add_argument("--no-serve", action="store_true", help="prepare the data and end")
        parser.add_argument("--reset", action="store_true", help="forget the demo's data and tell its story anew")

    def execute(self, *args: Any, **options: Any) -> str | None:
        if options["no_serve"]:
            return super().execute(*args, **options)
        # The port is taken first: nothing is begun that could not be served.
        with closing(_listen(options["port"])) as listener:
            return super().execute(*args, listener=listener, **options)

    def prepare(self, **options: Any) -> None:
        if options["reset"]:
            connection.close()
            postgres.ensure_database(connection.settings_dict["NAME"], afresh=True)
        super().prepare(**options)

    def handle(self, *args: Any, **options: Any) -> None:
        with commands.schema_lock():
            for tell in _stories():
                tell(self.say)
        static.collect()
        where = postgres.paths().home if postgres.is_carried() else "the database that DATABASE_URL names"
        if options["no_serve"]:
            self.stdout.write(f"The demo is ready. Its data lies in {where}.")
            return
        connection.close()
        listener: socket.socket = options["listener"]
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/demo/"
        hello = f"Trellis is at {address}\nIts data lies in {where}. Ctrl-C ends the site and its database."
        with postgres.watched(self.say), _worker() as end_worker:
            _Site(lambda: self.say(hello), end_worker).serve_on(listener)

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()


class _Site(uvicorn.Server):
    """The web server: says when it is ready, and tells the worker to end as soon as it is told itself."""

    def __init__(self, ready: Callable[[], None], ending: Callable[[], None]) -> None:
        self.ready, self.ending = ready, ending
        super().__init__(
            uvicorn.Config(
                "config.asgi:application",
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=GRACE,
                server_header=False,
            )
        )

    def serve_on(self, listener: socket.socket) -> None:
        self.config.load()
        _log_to(postgres.home() / "site.log")
        # Once ended, uvicorn raises the signal it was sent again.
        with suppress(KeyboardInterrupt, SystemExit):
            self.run(sockets=[listener])
        if not self.started:
            raise commands.Hindrance(f"The site did not start: {postgres.home() / 'site.log'} says why.")

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.ending()
        super().handle_exit(sig, frame)


def _log_to(file: Path) -> None:
    """Faults go to a file: the terminal of a demo is for sentences."""
    handler = logging.FileHandler(file, mode="w", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().handlers = [handler]


def _listen(port: int) -> socket.socket:
    """A socket bound to 127.0.0.1:port. Raises commands.Hindrance."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(2048)
    except OverflowError:
        problem = f"There is no port {port}. Ports go from 1 to 65535."
    except PermissionError:
        problem = f"This account may not open port {port}. Choose one above 1023: manage.py demo --port 8000"
    except OSError:
        problem = (
            f"Port {port} is in use, perhaps by a demo that still runs. End that program, or choose another port: "
            f"manage.py demo --port {port + 1 if port < 65535 else 8001}"
        )
    else:
        return listener
    listener.close()
    raise commands.Hindrance(problem)


def _stories() -> Iterator[Callable[[Callable[[str], None]], None]]:
    """Each app's part of the story, the lowest app's first: upper ones build on it. Told twice it changes nothing.

    Each is given a function that takes one line a step.
    """
    for app in reversed(list(apps.get_app_configs())):
        if module_has_submodule(app.module, "demo"):
            tell = getattr(import_module(f"{app.name}.demo"), "tell", None)
            if tell:
                yield tell


@contextmanager
def _worker() -> Iterator[Callable[[], None]]:
    """Inside, background work is done; a worker that fails (its database was killed, say) is replaced.

    Gives a function that tells the worker to end; leaving waits until it has.
    """
    command = [sys.executable, str(postgres.CHECKOUT / "manage.py"), "db_worker", "--no-startup-delay"]
    environment = os.environ | {commands.ENDS_WITH: str(os.getpid())}
    ending = threading.Event()
    child: subprocess.Popen[bytes] | None = None

    def end() -> None:
        ending.set()
        if child:
            child.terminate()

    def keep() -> None:
        nonlocal child
        with (postgres.home() / "worker.log").open("wb") as log:
            while not ending.is_set():
                child = subprocess.Popen(
                    command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
                )
                while child.poll() is None and not ending.wait(0.2):
                    pass
                ending.wait(0.5)
            if child:
                child.terminate()
                try:
                    child.wait(WORKER_GRACE)
                except subprocess.TimeoutExpired:
                    child.kill()
                    child.wait()

    keeper = threading.Thread(target=keep, name="worker-keeper", daemon=True)
    keeper.start()
    try:
        yield end
    finally:
        end()
        keeper.join()
