"""The bench's site: the real one, and beside it the least that could be called a page, a save, a nudge.

Each floor passes the same server, threads, middleware, session and database as what is measured against it. An app's
`bench.py` says which rows a page's floor selects, and which row a save's floor locks.
"""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg2
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from .live import Message, Receive, Send

STATEMENTS = "X-Bench-Statements"
"""Header of every answer: how many SQL statements it took."""
CHANNEL, PATH = "trellis_floor", "/floor/fanout/"
UNCOUNTED = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", "SELECT pg_notify(")
"""Transaction control and NOTIFY. BEGIN and COMMIT pass no cursor."""

TABLE = "CREATE TABLE floor_cell (key text PRIMARY KEY, words text NOT NULL)"
UPSERT = "INSERT INTO floor_cell VALUES (%(key)s, %(words)s) ON CONFLICT (key) DO UPDATE SET words = excluded.words"


@dataclass(frozen=True)
class Save:
    """`lock` locks the version row, raises it and answers the version; `history` adds one row with %(version)s."""

    lock: str
    history: str


pages: dict[str, str] = {}
"""By name, the one SELECT of the rows that a page shows; its parameters come in the query string."""
saves: dict[str, Save] = {}


class CountStatements:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        counted = 0

        def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
            nonlocal counted
            counted += not sql.startswith(UNCOUNTED)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            response = self.get_response(request)
        response.headers[STATEMENTS] = str(counted)
        return response


@require_GET
def page(request: HttpRequest, name: str) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(pages[name], request.GET.dict())
        rows = cursor.fetchall()
    return HttpResponse("".join(str(value) for row in rows for value in row))


@require_POST
def save(request: HttpRequest, name: str) -> HttpResponse:
    """One upsert, one history row, the locked version row, one commit."""
    floor, given = saves[name], {**request.POST.dict(), "person": str(request.user.pk)}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(floor.lock, given)
        (version,) = cursor.fetchone()
        cursor.execute(UPSERT, given)
        cursor.execute(floor.history, {**given, "version": version})
    return JsonResponse({"version": version})


def notify(version: int) -> None:
    """Call inside a transaction: an insert, and a frame for everyone who waits at `PATH` once it commits."""
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, {"key": "fanout", "words": str(version)})
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps({"version": version}, separators=(",", ":"))])


class Fanout:
    """One LISTEN connection; whatever it hears is sent to everyone who waits, one after another."""

    def __init__(self) -> None:
        self.heard: Any = None
        self.waiting: set[Send] = set()
        self.sending: asyncio.Task[None] | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if self.heard is None:
            self._listen()
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"event: versions\ndata: {}\n\n", "more_body": True})
        self.waiting.add(send)
        while (await receive())["type"] != "http.disconnect":
            pass
        self.waiting.discard(send)

    def _listen(self) -> None:
        self.heard = psycopg2.connect(**connection.get_connection_params())
        self.heard.autocommit = True
        with self.heard.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        asyncio.get_running_loop().add_reader(self.heard.fileno(), self._hear)

    def _hear(self) -> None:
        self.heard.poll()
        while self.heard.notifies:
            frame = f"event: changed\ndata: {self.heard.notifies.pop(0).payload}\n\n".encode()
            self.sending = asyncio.ensure_future(self._send(frame))

    async def _send(self, frame: bytes) -> None:
        for send in list(self.waiting):
            await send({"type": "http.response.body", "body": frame, "more_body": True})


def main() -> None:
    """Serve on the listening socket whose descriptor is the argument, as the demo does."""
    import django
    import uvicorn

    from . import commands

    commands.end_with_parent()
    django.setup()
    from .asgi import application as site

    fanout = Fanout()

    async def application(scope: Message, receive: Receive, send: Send) -> None:
        ours = scope["type"] == "http" and scope["path"] == PATH
        await (fanout if ours else site)(scope, receive, send)

    logging.getLogger("django.request").setLevel("ERROR")
    config = uvicorn.Config(application, log_level="error", access_log=False, server_header=False)
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])


if __name__ == "__main__":
    main()
