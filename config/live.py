"""Live is a nudge: what changed, never what it says (house: five mechanisms, 4).

A stream is `kind:uuid`. Writers `announce` a version inside their transaction, or `whisper` what has no version
(presence). One LISTEN connection a process hears both; `Streams` hands them to the pages that wait, as frames:

    event: versions   {"table:…": 12, …}                               on each connect, and where nudges were lost
    event: changed    {"stream": …, "version": 13, "topics": […]}      no topics: fetch everything
    event: presence   {"stream": …, "topic": …}
    event: ended      {"stream": …}                                    it may not be seen any more
    event: ping

A kind's access is registered by its app's `streams.py`. While streams wait they hold no thread and no connection.

Who has no account comes as a guest: an app registers a kind of credential (`register_guest`) that either stands in a
cookie or is named by the page, as `/live/?s=workshop:…&g=screen:<token>`. Such a page says it beside its stream, and
live.js does the rest:

    <main data-live-stream="workshop:…" data-live-version="12" data-live-guest="screen:<token>">

A credential in a cookie is named without its value: `data-live-guest="participant"`.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, ParamSpec, TypeVar
from urllib.parse import parse_qs
from uuid import UUID

import psycopg2
from django.conf import settings
from django.contrib.auth import get_user, get_user_model
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.http import HttpRequest, HttpResponse, JsonResponse, parse_cookie
from django.utils import timezone
from django.views.decorators.http import require_GET

CHANNEL = "trellis"
PATH = "/live/"
PAYLOAD_BYTES = 7900
"""Postgres refuses a NOTIFY of 8000 bytes."""
RECHECK_S, PING_S, LIFE_S = 4, 12, 50
STREAMS_A_PAGE, GUESTS_A_PAGE, PAGES_A_PERSON, PAGES_A_PROCESS, FRAMES_WAITING = 30, 4, 12, 2000, 200

Pair = tuple[UUID, UUID]
"""A person and the thing they would follow."""
Access = Callable[[set[Pair]], Mapping[Pair, int]]
Guest = tuple[str, str]
"""A kind of credential and its value."""
Authenticate = Callable[[set[str]], Mapping[str, Mapping[str, int]]]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
P = ParamSpec("P")
R = TypeVar("R")

_kinds: dict[str, Access] = {}
_guests: dict[str, tuple[Authenticate, str]] = {}


# Writers


def announce(stream: str, version: int, topics: Iterable[str]) -> None:
    """Tell every listener, once this transaction commits, that `stream` is now at `version`."""
    announce_many([(stream, version, topics)])


def announce_many(changed: Iterable[tuple[str, int, Iterable[str]]]) -> None:
    """As `announce`, for many streams at once, by one statement."""
    payloads = []
    for stream, version, topics in changed:
        payload = _compact([stream, version, list(dict.fromkeys(topics))])
        payloads.append(payload if len(payload) <= PAYLOAD_BYTES else _compact([stream, version, []]))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, one) FROM unnest(%s::text[]) one", [CHANNEL, payloads])


def whisper(stream: str, topic: str) -> None:
    """Tell whoever follows `stream` of something that is no version: nobody is told again who missed it."""
    _notify(_compact([stream, None, [topic]]))


def _notify(payload: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])


def _compact(data: Any) -> str:
    return json.dumps(data, separators=(",", ":"))


# Who may follow what


def register(kind: str, access: Access) -> None:
    """`access(pairs)` answers, by one query, the pairs whose person may see the thing now, with its version."""
    _kinds[kind] = access


def visible(asked: Iterable[tuple[UUID, str]]) -> dict[tuple[UUID, str], int]:
    """Of (person, stream), those the person may follow now, with their versions: one query a kind."""
    pairs: dict[str, dict[Pair, str]] = defaultdict(dict)
    for person, stream in asked:
        kind, _, target = stream.partition(":")
        try:
            if kind in _kinds:
                pairs[kind][person, UUID(target)] = stream
        except ValueError:
            continue
    return {
        (pair[0], pairs[kind][pair]): version
        for kind in pairs
        for pair, version in _kinds[kind](set(pairs[kind])).items()
    }


def register_guest(kind: str, authenticate: Authenticate, *, cookie: str = "") -> None:
    """Let people without an account follow what their credential gives, and nothing else.

    `authenticate(values)` answers, by one query, for each value that holds now the streams it gives, with versions. It
    is asked again every 4 s. `cookie` names the cookie that carries the value; else the page names it in `g`.
    """
    _guests[kind] = (authenticate, cookie)


def guests_of(cookies: Mapping[str, str], named: Iterable[str]) -> frozenset[Guest]:
    """The credentials a browser comes with: each `g` is `kind:value`, or only a kind whose value is in its cookie."""
    found = set()
    for one in list(named)[:GUESTS_A_PAGE]:
        kind, _, value = one.partition(":")
        cookie = _guests[kind][1] if kind in _guests else ""
        if value := cookies.get(cookie, "") if cookie else value:
            found.add((kind, value))
    return frozenset(found)


def given_to(guests: Iterable[Guest]) -> dict[Guest, Mapping[str, int]]:
    """Of the credentials, those that hold now, with the streams they give: one query a kind."""
    values: dict[str, set[str]] = defaultdict(set)
    for kind, value in guests:
        if kind in _guests:
            values[kind].add(value)
    return {
        (kind, value): streams
        for kind, asked in values.items()
        for value, streams in _guests[kind][0](asked).items()
        if streams
    }


def _of_guests(guests: Iterable[Guest], given: Mapping[Guest, Mapping[str, int]]) -> dict[str, int]:
    return {stream: version for guest in guests for stream, version in given.get(guest, {}).items()}


@login_not_required
@require_GET
def live_versions(request: HttpRequest) -> HttpResponse:
    """The versions of ?s=…&s=…, for pages whose network holds streams back; what may not be seen is left out."""
    person = request.user.pk
    streams = request.GET.getlist("s")[:STREAMS_A_PAGE]
    guests = guests_of(request.COOKIES, request.GET.getlist("g"))
    given = given_to(guests)
    if person is None and not given:
        return JsonResponse({}, status=401)
    versions = {stream: n for stream, n in _of_guests(guests, given).items() if stream in streams}
    if person is not None:
        versions |= {stream: n for (_, stream), n in visible((person, stream) for stream in streams).items()}
    return JsonResponse({"versions": versions})


@dataclass(frozen=True)
class SignIn:
    """A signed-in browser. `proof` changes with the password."""

    session_key: str
    person: UUID
    proof: str


def _admit(
    session_key: str, guests: frozenset[Guest], streams: list[str]
) -> tuple[SignIn | None, frozenset[Guest], dict[str, int]]:
    """Whom the browser is signed in as, which of its credentials hold, and what both may see of `streams`."""
    given = given_to(guests)
    versions = {stream: n for stream, n in _of_guests(given, given).items() if stream in streams}
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    person: Any = get_user(request)
    if not person.is_authenticated:
        return None, frozenset(given), versions
    sign_in = SignIn(session_key, person.pk, person.get_session_auth_hash())
    versions |= {stream: n for (_, stream), n in visible((person.pk, stream) for stream in streams).items()}
    return sign_in, frozenset(given), versions


Standing = tuple[set[SignIn], dict[tuple[UUID, str], int], dict[Guest, Mapping[str, int]]]


def _recheck(sign_ins: set[SignIn], asked: set[tuple[UUID, str]], guests: set[Guest]) -> Standing:
    """Of those waiting, who is still signed in, what may still be seen, which guests still are: a query for each."""
    given = given_to(guests)
    if not sign_ins:
        return set(), {}, given
    from django.contrib.sessions.models import Session

    keys = {sign_in.session_key for sign_in in sign_ins}
    sessions = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    alive = set(sessions.values_list("session_key", flat=True))
    people = get_user_model()._default_manager.filter(pk__in={one.person for one in sign_ins}, is_active=True)
    proofs = {person.pk: person.get_session_auth_hash() for person in people.only("password")}
    standing = {one for one in sign_ins if one.session_key in alive and proofs.get(one.person) == one.proof}
    return standing, visible(asked), given


# Readers: from here on, the event loop


@dataclass(eq=False, slots=True)
class Listener:
    """A page that waits: what it follows, the version it was last told of each, and frames not yet sent."""

    streams: list[str]
    ends_at: float
    sign_in: SignIn | None = None
    guests: frozenset[Guest] = frozenset()
    told: dict[str, int] = field(default_factory=dict)
    frames: deque[tuple[str, int | None, bytes]] = field(default_factory=deque)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    over: bool = False

    def push(self, frame: bytes, stream: str = "", version: int | None = None) -> None:
        self.frames.append((stream, version, frame))
        if len(self.frames) > FRAMES_WAITING:
            # Too slow to be told everything: on its next connect it compares versions.
            self.end()
        self.wake.set()

    def take(self) -> bytes:
        """What is to be sent now: nothing of a stream it may not see, nothing it was told already."""
        out = []
        while self.frames:
            stream, version, frame = self.frames.popleft()
            if stream and stream not in self.told:
                continue
            if version is not None:
                if version <= self.told[stream]:
                    continue
                self.told[stream] = version
            out.append(frame)
        return b"".join(out)

    def tell(self, versions: Mapping[str, int]) -> None:
        self.told = dict(versions)
        self.push(_frame("versions", versions))

    def leave(self, stream: str) -> None:
        self.told.pop(stream, None)
        self.push(_frame("ended", {"stream": stream}))

    def end(self) -> None:
        self.over = True
        self.wake.set()


class Streams:
    """The stream route, as an ASGI application, and every page that waits in this process."""

    def __init__(self) -> None:
        self.closing = False
        self._open: set[Listener] = set()
        self._by_stream: dict[str, set[Listener]] = defaultdict(set)
        self._threads: ThreadPoolExecutor | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._anew: asyncio.Event

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET":
            return await _refuse(send, 405)
        if self.closing or len(self._open) >= PAGES_A_PROCESS:
            return await _refuse(send, 503)
        self._start()
        asked = parse_qs(scope["query_string"].decode("latin1"))
        streams, cookies = asked.get("s", [])[:STREAMS_A_PAGE], _cookies(scope)
        session_key, guests = cookies.get(settings.SESSION_COOKIE_NAME, ""), guests_of(cookies, asked.get("g", []))
        # Heard from now on, sent only once allowed: nothing falls between the versions and the first nudge.
        listener = Listener(streams, ends_at=time.monotonic() + LIFE_S * random.uniform(0.9, 1))  # noqa: S311
        self._open.add(listener)
        for stream in streams:
            self._by_stream[stream].add(listener)
        try:
            try:
                admitted = await self._in_thread(_admit, session_key, guests, streams)
            except (DatabaseError, InterfaceError):
                return await _refuse(send, 503)
            listener.sign_in, listener.guests, versions = admitted
            if listener.sign_in is None and not listener.guests:
                return await _refuse(send, 401)
            if not versions:
                return await _refuse(send, 404)
            if self.closing or self._pages_beside(listener) > PAGES_A_PERSON:
                return await _refuse(send, 503)
            listener.frames.appendleft(("", None, _frame("versions", versions)))
            listener.told = versions
            for stream in set(streams) - set(versions):
                listener.leave(stream)
            await _serve(listener, receive, send)
        finally:
            self._open.discard(listener)
            for stream in streams:
                self._by_stream[stream].discard(listener)
                if not self._by_stream[stream]:
                    del self._by_stream[stream]

    def close(self) -> None:
        """End every stream, and take no new one."""
        self.closing = True
        for listener in self._open:
            listener.end()

    async def stop(self) -> None:
        """Give back what the process holds for its streams: tasks, threads, connections."""
        self.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        if self._threads:
            self._threads.shutdown()
            self._threads = None
        self.closing = False

    def _start(self) -> None:
        if not self._tasks:
            self._threads = ThreadPoolExecutor(2, "live")
            self._anew = asyncio.Event()
            self._tasks = [asyncio.create_task(work()) for work in (self._listen, self._watch, self._beat)]

    async def _in_thread(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        def clean() -> R:
            close_old_connections()
            try:
                return work(*args, **kwargs)
            finally:
                close_old_connections()

        return await asyncio.get_running_loop().run_in_executor(self._threads, clean)

    def _pages_beside(self, listener: Listener) -> int:
        """How many pages wait here for the same person, or with the same credential."""
        if listener.sign_in is None:
            return sum(bool(one.guests & listener.guests) for one in self._open)
        person = listener.sign_in.person
        return sum(one.sign_in is not None and one.sign_in.person == person for one in self._open)

    async def _listen(self) -> None:
        """Hold the one LISTEN connection; whenever it was made anew, versions are compared."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                heard = await self._in_thread(_listening)
            except (DatabaseError, psycopg2.Error):
                await asyncio.sleep(0.5)
                continue
            lost = asyncio.Event()
            descriptor = heard.fileno()

            def hear(heard: Any = heard, lost: asyncio.Event = lost, descriptor: int = descriptor) -> None:
                try:
                    heard.poll()
                except psycopg2.Error:
                    loop.remove_reader(descriptor)
                    lost.set()
                while heard.notifies:
                    self._nudge(heard.notifies.pop(0).payload)

            loop.add_reader(descriptor, hear)
            try:
                hear()
                self._anew.set()
                await lost.wait()
            finally:
                loop.remove_reader(descriptor)
                heard.close()

    def _nudge(self, payload: str) -> None:
        stream, version, topics = json.loads(payload)
        listeners = self._by_stream.get(stream)
        if not listeners:
            return
        if version is None:
            frame = _frame("presence", {"stream": stream, "topic": topics[0]})
        else:
            frame = _frame("changed", {"stream": stream, "version": version, "topics": topics})
        for listener in listeners:
            listener.push(frame, stream, version)

    async def _watch(self) -> None:
        """Every 4 s, and when the listening began anew: end what may not be seen any more, make good what was lost."""
        while True:
            began = time.monotonic()
            anew = self._anew.is_set()
            self._anew.clear()
            try:
                await self._check(patience_s=0 if anew else 0.5)
            except (DatabaseError, InterfaceError):
                if anew:
                    self._anew.set()
                await asyncio.sleep(0.5)
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0, began + RECHECK_S - time.monotonic())):
                    await self._anew.wait()

    async def _check(self, patience_s: float) -> None:
        waiting = {one: set(one.told) for one in self._open if (one.sign_in or one.guests) and one.told}
        if not waiting:
            return
        sign_ins = {one.sign_in for one in waiting if one.sign_in}
        asked = {(one.sign_in.person, stream) for one, streams in waiting.items() if one.sign_in for stream in streams}
        guests = {guest for one in waiting for guest in one.guests}
        standing, visible_now, given = await self._in_thread(_recheck, sign_ins, asked, guests)

        def allowed(one: Listener) -> dict[str, int]:
            versions = _of_guests(one.guests, given)
            if one.sign_in in standing:
                mine = {stream: visible_now.get((one.sign_in.person, stream)) for stream in one.told}
                versions |= {stream: version for stream, version in mine.items() if version is not None}
            return versions

        for listener, streams in waiting.items():
            may_see = allowed(listener)
            for stream in streams:
                if stream not in may_see:
                    listener.leave(stream)
            if not listener.told:
                listener.end()
        # A nudge still on its way names its topics; only one that was lost is made good by the version alone.
        await asyncio.sleep(patience_s)
        for listener in waiting:
            may_see = allowed(listener)
            now = {stream: max(told, may_see[stream]) for stream, told in listener.told.items()}
            if now != listener.told:
                listener.tell(now)

    async def _beat(self) -> None:
        pinged = time.monotonic()
        while True:
            await asyncio.sleep(1)
            now = time.monotonic()
            ping = now - pinged >= PING_S
            for listener in self._open:
                if now >= listener.ends_at:
                    listener.end()
                elif ping:
                    listener.push(_frame("ping", {}))
            if ping:
                pinged = now


async def _serve(listener: Listener, receive: Receive, send: Send) -> None:
    async def until_gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        listener.end()

    headers = {
        "content-type": "text/event-stream",
        "cache-control": "no-store, no-transform",
        "x-accel-buffering": "no",
        "x-content-type-options": "nosniff",
    }
    await _begin(send, 200, headers)
    gone = asyncio.create_task(until_gone())
    try:
        async with asyncio.timeout(LIFE_S + 10):
            while not listener.over:
                listener.wake.clear()
                if body := listener.take():
                    await send({"type": "http.response.body", "body": body, "more_body": True})
                else:
                    await listener.wake.wait()
            await send({"type": "http.response.body", "body": listener.take()})
    except TimeoutError:
        # A page that reads nothing: returning unfinished makes the server drop it.
        return
    finally:
        gone.cancel()


async def _refuse(send: Send, status: int) -> None:
    await _begin(send, status, {"content-length": "0", "cache-control": "no-store"})
    await send({"type": "http.response.body"})


async def _begin(send: Send, status: int, headers: Mapping[str, str]) -> None:
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})


def _frame(event: str, data: Any) -> bytes:
    return f"event: {event}\ndata: {_compact(data)}\n\n".encode()


def _cookies(scope: Message) -> dict[str, str]:
    cookies = b"; ".join(value for name, value in scope["headers"] if name == b"cookie").decode("latin1")
    return parse_cookie(cookies)


def _listening() -> Any:
    """A connection of its own that listens from now on. Blocks up to 3 s; raises psycopg2.Error."""
    params = connection.get_connection_params() | {
        "connect_timeout": 3,
        "application_name": "trellis live",
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 2,
    }
    heard = psycopg2.connect(**params)
    heard.autocommit = True
    with heard.cursor() as cursor:
        cursor.execute(f"LISTEN {CHANNEL}")
    return heard
