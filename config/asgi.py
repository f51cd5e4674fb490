"""One process, two sides: pages run as WSGI in a fixed pool of threads, streams as ASGI (house: 5).

A page takes a thread only once its whole request is here, and gives it back as soon as its answer is made: neither a
slow upload nor a slow reader keeps a thread from others.
"""

import asyncio
import signal
import tempfile
import threading
from collections.abc import Callable, Iterable
from typing import IO, Any

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest
from django.utils import translation
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from .live import PATH, Message, Receive, Send, Streams

THREADS = 8
BODY_BYTES = 12 * 1024 * 1024
IN_MEMORY_BYTES = 256 * 1024
SILENCE_S, TOTAL_S, READING_S, LINGER_S, CLOSING_S = 30, 120, 60, 10, 0.5

TOO_LARGE = _("That is larger than 12 MB, the most Trellis takes at once. Nothing was changed.")
TOO_SLOW = _("What you sent did not arrive in time. Nothing was changed; please send it again.")

pages = get_wsgi_application()
streams = Streams()
_uploads: set[asyncio.Timeout] = set()


class TooLargeError(Exception):
    """The request's body is over the cap."""


class GoneError(Exception):
    """The browser went away before its request was complete."""


async def application(scope: Message, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await (streams if scope["path"] == PATH else _page)(scope, receive, send)
    elif scope["type"] == "lifespan":
        await _lifespan(receive, send)
    else:
        await send({"type": "websocket.close", "code": 1000})


# Pages


def _pages_with_body(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    environ["wsgi.input"] = environ["asgi.scope"]["trellis.body"]
    return pages(environ, start_response)


# The queue of answers has no bound: a thread never waits for a browser that reads slowly.
_in_threads = WSGIMiddleware(_pages_with_body, workers=THREADS, send_queue_size=0)


async def _page(scope: Message, receive: Receive, send: Send) -> None:
    async def send_in_time(message: Message) -> None:
        async with asyncio.timeout(READING_S):
            await send(message)

    with tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES) as body:
        try:
            length = await _read(scope, receive, body)
        except TooLargeError:
            await _say(scope, send, 413, TOO_LARGE)
        except TimeoutError:
            await _say(scope, send, 408, TOO_SLOW)
        except GoneError:
            pass
        else:
            # WSGI cannot tell X_Name from X-Name; a proxy vouches for the second only.
            headers = [pair for pair in scope["headers"] if b"_" not in pair[0] and pair[0] != b"content-length"]
            headers.append((b"content-length", str(length).encode()))
            await _in_threads({**scope, "headers": headers, "trellis.body": body}, receive, send_in_time)


async def _read(scope: Message, receive: Receive, body: IO[bytes]) -> int:
    """Read the request into `body`; answers its length. Raises TooLargeError, TimeoutError or GoneError.

    Of what is too large the rest is thrown away for a moment: a connection closed in the middle of an upload shows as
    a network error, not as our sentence.
    """
    length, more = 0, True
    too_large = int(dict(scope["headers"]).get(b"content-length", b"0")) > BODY_BYTES
    try:
        async with asyncio.timeout(CLOSING_S if streams.closing else LINGER_S if too_large else TOTAL_S) as upload:
            _uploads.add(upload)
            while more:
                async with asyncio.timeout(SILENCE_S):
                    message = await receive()
                if message["type"] == "http.disconnect":
                    raise GoneError
                chunk, more = message.get("body", b""), message.get("more_body", False)
                length += len(chunk)
                if too_large:
                    continue
                if length > BODY_BYTES:
                    too_large = True
                    upload.reschedule(asyncio.get_running_loop().time() + LINGER_S)
                else:
                    body.write(chunk)
    except TimeoutError:
        if not too_large:
            raise
    finally:
        _uploads.discard(upload)
    if too_large:
        raise TooLargeError
    body.seek(0)
    return length


async def _say(scope: Message, send: Send, status: int, sentence: Promise) -> None:
    """Answer with one sentence, in the browser's language, before any thread was taken."""
    request = HttpRequest()
    request.META = {
        f"HTTP_{name.decode('latin1')}".upper().replace("-", "_"): value.decode("latin1")
        for name, value in scope["headers"]
    }
    language = translation.get_language_from_request(request)
    with translation.override(language):
        page = format_html(
            '<!doctype html>\n<html lang="{}"><meta charset="utf-8"><title>{}</title><p>{}</p></html>\n',
            language,
            "Trellis",
            sentence,
        ).encode()
    headers = {
        "content-type": "text/html; charset=utf-8",
        "content-language": language,
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
        "connection": "close",
    }
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": page})


# Starting and stopping


async def _lifespan(receive: Receive, send: Send) -> None:
    await receive()
    _close_on_signals()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await streams.stop()
    await send({"type": "lifespan.shutdown.complete"})


def close() -> None:
    """End what would keep the process from stopping: streams, and uploads still under way."""
    streams.close()
    soon = asyncio.get_running_loop().time() + CLOSING_S
    for upload in _uploads:
        upload.reschedule(soon)


def _close_on_signals() -> None:
    """A server stops only after its connections closed, and tells the application later still: listen for ourselves."""
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()

    def closing(before: Any) -> Callable[[int, Any], None]:
        def handle(number: int, frame: Any) -> None:
            loop.call_soon_threadsafe(close)
            if callable(before):
                before(number, frame)

        return handle

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, closing(signal.getsignal(number)))
