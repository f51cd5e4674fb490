"""Every URL, asked by everyone, answers as tests/permission_matrix.py says; what is not yours is as if it were not."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from workshops.room_access import COOKIE

from .cast import GUESTS, PERSONAS, Cast, client_of
from .permission_matrix import ROWS, Row


def _names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _names(pattern, inner)
        else:
            assert isinstance(pattern, URLPattern)
            yield f"{namespace}{pattern.name or pattern.pattern}"


def _ask(row: Row, client: Client, arguments: dict[str, Any], data: dict[str, Any]) -> HttpResponse:
    url = reverse(row.name, kwargs=arguments)
    return client.get(url) if row.method == "GET" else client.post(url, data)


def _client(cast: Cast, persona: str, request: pytest.FixtureRequest | None = None) -> Client:
    if persona not in GUESTS:
        return client_of(cast[persona], raise_request_exception=False)
    client = Client(raise_request_exception=False)
    if persona == "participant":
        assert request
        client.cookies[COOKIE] = request.getfixturevalue("phone").token
    return client


def _data(row: Row, request: pytest.FixtureRequest) -> dict[str, Any]:
    return request.getfixturevalue(row.data) if isinstance(row.data, str) else dict(row.data)


def _body(response: HttpResponse) -> str:
    """The page without what differs on every answer."""
    return re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")\w+|hx-headers=\'[^\']*\'', "", response.text)


def _absent(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return uuid.uuid4()
    return 999_999_999 if isinstance(value, int) else value


def test_every_url_has_a_row() -> None:
    names, rows = set(_names(get_resolver("config.urls_demo"))), {row.name for row in ROWS}

    assert sorted(names - rows) == []
    assert sorted(rows - names) == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.name}")
def test_everyone_gets_the_declared_answer(row: Row, cast: Cast, request: pytest.FixtureRequest) -> None:
    arguments = request.getfixturevalue(row.kwargs) if row.kwargs else {}
    data = _data(row, request)
    request.getfixturevalue("phone")
    answers = {}
    for persona in PERSONAS:
        with transaction.atomic():
            answers[persona] = _ask(row, _client(cast, persona, request), arguments, data).status_code
            transaction.set_rollback(True)

    assert answers == {persona: row.expected(persona) for persona in PERSONAS}


@pytest.mark.parametrize("row", [row for row in ROWS if row.foreign], ids=lambda row: f"{row.method} {row.name}")
def test_foreign_is_as_absent(row: Row, cast: Cast, request: pytest.FixtureRequest) -> None:
    foreign = request.getfixturevalue(row.foreign)
    data = _data(row, request)
    absent = {name: _absent(value) for name, value in foreign.items()}
    for persona in ("leader", "teacher", "student", "next-door", "ended-today"):
        client = _client(cast, persona)
        not_theirs = _ask(row, client, foreign, data)
        not_there = _ask(row, client, absent, data)

        assert (not_theirs.status_code, not_there.status_code) == (404, 404), persona
        assert _body(not_theirs) == _body(not_there), persona
        assert dict(not_theirs.headers) == dict(not_there.headers), persona
