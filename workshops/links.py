"""Whether an address outside opens, asked by a background task before the day.

Addresses are typed by people, so what they lead to is not trusted: only http and https on their own ports, only hosts
that the whole internet may reach (a name is looked up once and that very address is connected to), a few seconds, a few
kilobytes, no cookies, and every redirect is held to the same.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Literal
from urllib.parse import urljoin, urlsplit

from django.utils.encoding import iri_to_uri

State = Literal["opens", "fails", "inside"]
"""It answered well; it did not; it is no address of the public internet, so only a person can try it."""
MayReach = Callable[[str, int], bool]

PORTS = {"http": 80, "https": 443}
SECONDS, MOST_REDIRECTS, MOST_ADDRESSES, MOST_LINKS, AT_ONCE = 8.0, 4, 3, 40, 6
READ_BYTES = 4096
HEADERS = {"User-Agent": "Trellis (looks whether a link opens)", "Accept": "*/*", "Connection": "close"}
# IPv6 addresses that stand for an IPv4 one: NAT64, 6to4, Teredo.
TUNNELS = [ipaddress.ip_network(one) for one in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")]


class InsideError(Exception):
    """The address is not one of the public internet, or on a port that is not the web's."""


def is_public(ip: str, port: int) -> bool:
    address = ipaddress.ip_address(ip.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if any(address in network for network in TUNNELS):
            return False
        address = address.ipv4_mapped or address
    return address.is_global and not address.is_multicast and port in PORTS.values()


def look_at(urls: list[str], *, may_reach: MayReach = is_public) -> dict[str, State]:
    """The state of each address, the first `MOST_LINKS` of them."""
    wanted = list(dict.fromkeys(urls))[:MOST_LINKS]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return dict(zip(wanted, threads.map(lambda url: look(url, may_reach=may_reach), wanted), strict=True))


def look(url: str, *, may_reach: MayReach = is_public) -> State:
    try:
        for _n in range(MOST_REDIRECTS + 1):
            status, onwards = _ask("HEAD", url, may_reach)
            if status >= 400:  # some servers know GET alone
                status, onwards = _ask("GET", url, may_reach)
            if not onwards:
                return "opens" if 200 <= status < 300 else "fails"
            url = urljoin(url, onwards)
    except InsideError:
        return "inside"
    except (OSError, http.client.HTTPException, ValueError):
        pass  # no such host, no answer in time, no valid certificate, no HTTP, no address at all
    return "fails"


def _ask(method: str, url: str, may_reach: MayReach) -> tuple[int, str]:
    """The status, and where it sends one on to ("" where it does not)."""
    parts = urlsplit(iri_to_uri(url))
    if parts.scheme not in PORTS or not parts.hostname or parts.username is not None:
        raise ValueError(url)
    port = parts.port or PORTS[parts.scheme]
    sock = _connect(parts.hostname, port, may_reach)
    if parts.scheme == "https":
        context = ssl.create_default_context()
        sock = context.wrap_socket(sock, server_hostname=parts.hostname, do_handshake_on_connect=False)
    # A timeout of the socket counts from byte to byte; this one ends the whole, however slowly bytes drip.
    ends = threading.Timer(SECONDS, _cut, [sock])
    ends.start()
    connection = http.client.HTTPConnection(parts.hostname, port)
    connection.sock, connection.default_port = sock, PORTS[parts.scheme]
    try:
        if isinstance(sock, ssl.SSLSocket):
            sock.do_handshake()
        connection.request(method, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), headers=HEADERS)
        answer = connection.getresponse()
        answer.read(READ_BYTES)
        moved = answer.status in (301, 302, 303, 307, 308)
        return answer.status, (answer.headers.get("Location") or "") if moved else ""
    finally:
        ends.cancel()
        connection.close()


def _connect(host: str, port: int, may_reach: MayReach) -> socket.socket:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if not all(may_reach(str(address[4][0]), port) for address in found):
        raise InsideError(host)
    failed = OSError(host)
    for address in found[:MOST_ADDRESSES]:  # where IPv6 leads nowhere, IPv4 may
        try:
            return socket.create_connection((str(address[4][0]), port), timeout=SECONDS)
        except OSError as error:
            failed = error
    raise failed


def _cut(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
