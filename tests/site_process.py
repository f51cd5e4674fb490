"""The site as a process of its own on the test database, and a browser's stream without the browser."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from string import ascii_lowercase, digits
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils import timezone
from django.utils.crypto import get_random_string

ROOT = Path(__file__).parents[1]
SETTLED, MOMENT_S = "/settled/", 0.08


class Site:
    """`uvicorn config.asgi:application`, on a free port unless one is named. `timings` overrules constants, as
    {"live.PING_S": 1}; `host` names another place to look for the database."""

    def __init__(self, host: str = "", port: int = 0, **timings: float) -> None:
        self.said = tempfile.TemporaryFile("w+")  # noqa: SIM115
        with socket.create_server(("127.0.0.1", port)) as listening:
            self.port = listening.getsockname()[1]
            os.set_inheritable(listening.fileno(), True)
            self.process = subprocess.Popen(
                [sys.executable, "-W", "error", "-m", "tests.site_process", str(listening.fileno())],
                cwd=ROOT,
                env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.test"},
                stdin=subprocess.PIPE,
                stdout=self.said,
                stderr=self.said,
                pass_fds=[listening.fileno()],
                text=True,
            )
        assert self.process.stdin
        given = connection.settings_dict
        database = {key: given[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
        if host:
            database["HOST"] = host
        json.dump({"database": database, "timings": timings}, self.process.stdin)
        self.process.stdin.close()
        self.process.stdin = None
        try:
            assert self.ask("/health/live").status == 200, self._words()
        except BaseException:
            self.process.kill()
            self.process.wait()
            raise

    def ask(self, path: str, method: str = "GET", body: Any = None, **headers: str) -> HTTPResponse:
        http = HTTPConnection("127.0.0.1", self.port, timeout=20)
        http.request(method, path, body, {"connection": "close"} | headers)
        return http.getresponse()

    def begin(self, head: str) -> socket.socket:
        """A request that is not complete yet."""
        sock = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        sock.sendall(head.replace("\n", "\r\n").encode())
        return sock

    def follow(self, session: str, *streams: str) -> Stream:
        return Stream(self.ask("/live/?" + "&".join(f"s={one}" for one in streams), cookie=f"sessionid={session}"))

    def settle(self) -> None:
        """Return once no page has been under way for a moment."""
        assert self.ask(SETTLED).status == 204

    def threads(self) -> int:
        return len(list(Path(f"/proc/{self.process.pid}/task").iterdir()))

    def descriptors(self) -> int:
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def stop(self) -> float:
        """SIGTERM; answers the seconds until the process was gone, which must have had nothing to complain of."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        took = time.monotonic() - began
        assert not self._words(), self._words()
        self.said.close()
        return took

    def kill(self) -> None:
        """End it whatever it had to complain of."""
        self.process.kill()
        self.process.wait(20)
        self.said.close()

    def _words(self) -> str:
        self.said.seek(0)
        return self.said.read()


class Sites:
    """The site, and after it was killed the next one, at the same address."""

    def __init__(self) -> None:
        self.running = Site()
        self.killed = 0

    def kill(self) -> None:
        """As when the machine loses power; the next one is started at once."""
        gone = self.running
        gone.kill()
        self.killed += 1
        self.running = Site(port=gone.port)


class Stream:
    """One open event stream."""

    def __init__(self, response: HTTPResponse) -> None:
        self.response = response
        self.status = response.status

    def next(self) -> tuple[str, Any]:
        """The next frame that is not a ping; ("end", None) where the server closed the stream."""
        while True:
            lines = []
            while line := self.response.readline().decode().rstrip("\n"):
                lines.append(line)
            if not lines:
                return "end", None
            event, data = lines[0].removeprefix("event: "), lines[1].removeprefix("data: ")
            if event != "ping":
                return event, json.loads(data)

    def close(self) -> None:
        self.response.close()


def session_of(person: Any) -> str:
    """The key of a session such as signing in leaves, in one statement where signing in takes fourteen."""
    signed_in = {
        SESSION_KEY: str(person.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: person.get_session_auth_hash(),
    }
    session = SessionStore.get_model_class()(
        session_key=get_random_string(32, ascii_lowercase + digits),
        session_data=SessionStore().encode(signed_in),
        expire_date=timezone.now() + timedelta(days=1),
    )
    session.save(force_insert=True)
    return str(session.session_key)


class Settling:
    """The application, and the answer to whether its pages are done."""

    def __init__(self, application: Any) -> None:
        self.application = application
        self.under_way = 0
        self.quiet_since = time.monotonic()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        path = scope.get("path")
        if path == SETTLED:
            while self.under_way or time.monotonic() - self.quiet_since < MOMENT_S:
                await asyncio.sleep(0.01)
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body"})
            return
        is_page = scope["type"] == "http" and path != "/live/"
        self.under_way += is_page
        try:
            await self.application(scope, receive, send)
        finally:
            self.under_way -= is_page
            self.quiet_since = time.monotonic()


def main() -> None:
    told = json.load(sys.stdin)
    import django
    import uvicorn

    settings.DATABASES["default"] |= told["database"]
    django.setup()
    from config import asgi, live

    for name, value in told["timings"].items():
        module, constant = name.split(".")
        setattr({"asgi": asgi, "live": live}[module], constant, value)
    logging.getLogger("django.request").setLevel("ERROR")
    listening = socket.socket(fileno=int(sys.argv[1]))
    server = uvicorn.Server(uvicorn.Config(Settling(asgi.application), log_level="error", access_log=False))
    server.run(sockets=[listening])


if __name__ == "__main__":
    main()
