"""Eight people write in one table while the site is killed in the middle: what was said to be saved is there."""

from __future__ import annotations

import json
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from http.client import HTTPException
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection

from planning.models import CellProposal, Strategy, StrategyTable
from profiles.models import Change, Receipt
from tests.cast import Cast
from tests.site_process import Sites, session_of

EDITORS = ("teacher", "advisor", "counselor", "math", "science", "history", "coach", "leader")
CELLS = ("description", "assessment")
CSRF = "a" * 32
SAVES_EACH, KILL_AFTER = 16, 45


@pytest.fixture
def sites(transactional_db: None) -> Iterator[Sites]:
    sites = Sites()
    yield sites
    sites.running.stop()


class Editor(threading.Thread):
    """Writes words of their own into cells as they last saw them, and sends again what got no answer."""

    def __init__(self, name: str, session: str, table: StrategyTable, rows: list[Strategy], sites: Sites) -> None:
        super().__init__()
        self.slug, self.sites, self.rows = name, sites, rows
        self.path = f"/planning/tables/{table.pk}/strategies"
        self.headers = {
            "cookie": f"sessionid={session}; csrftoken={CSRF}",
            "x-csrftoken": CSRF,
            "accept": "application/json",
            "content-type": "application/x-www-form-urlencoded",
        }
        self.chance = random.Random(name)
        self.seen: dict[tuple[int, str], tuple[int, str]] = {}
        self.acknowledged: list[str] = []
        self.told: Counter[str] = Counter()
        self.sent_again = 0

    def run(self) -> None:
        try:
            self.write()
        finally:
            connection.close()

    def write(self) -> None:
        for n in range(SAVES_EACH):
            row, cell = self.chance.randrange(len(self.rows)), self.chance.choice(CELLS)
            version, text = self.seen.get((row, cell), (self.rows[row].cell_versions[cell], self.rows[row].value(cell)))
            token = f"{self.slug}-{n}"
            words = text.split()
            words.insert(self.chance.randrange(len(words) + 1), token)
            data = {"base_version": version, "text": " ".join(words), "op_id": str(uuid.uuid4())}
            self.told[self.send(f"{self.path}/{self.rows[row].pk}/cells/{cell}/", data)] += 1
            self.acknowledged.append(token)
            if self.chance.random() < 0.3:
                self.look(row, cell)

    def send(self, path: str, data: dict[str, Any]) -> str:
        """The status answered. The same op_id is sent until there is an answer; some are sent twice."""
        answers: list[str] = []
        wanted = 2 if self.chance.random() < 0.2 else 1
        while len(answers) < wanted:
            try:
                answer = self.sites.running.ask(path, "POST", urlencode(data), **self.headers)
                body = answer.read()
            except (OSError, HTTPException):
                self.sent_again += 1
                time.sleep(0.05)
                continue
            if answer.status in (200, 409):
                answers.append(json.loads(body)["status"])
            else:
                assert answer.status == 503, (answer.status, body)
                time.sleep(0.05)
        assert len(set(answers)) == 1
        return answers[0]

    def look(self, row: int, cell: str) -> None:
        """What the cell says by now: read from the database, as the page would fetch it."""
        strategy = Strategy.objects.get(pk=self.rows[row].pk)
        self.seen[row, cell] = strategy.cell_versions[cell], strategy.value(cell)


def test_eight_editors_lose_nothing_when_the_site_is_killed(sites: Sites, cast: Cast) -> None:
    table = StrategyTable.begin(
        cast.org("cedar"), "Mornings", "grade_team", by=cast["teacher"], team=cast.team("ninth")
    )
    for slug in EDITORS:
        table.share(cast[slug], 2 if slug != "teacher" else 1, by=cast["teacher"])
    texts = {"description": "greet everyone by name each morning", "assessment": "count who comes late each week"}
    rows = [Strategy.add(table, by=cast["teacher"], values=texts) for _ in range(3)]
    editors = [Editor(slug, session_of(cast[slug]), table, rows, sites) for slug in EDITORS]

    for editor in editors:
        editor.start()
    while sum(len(editor.acknowledged) for editor in editors) < KILL_AFTER and any(map(Editor.is_alive, editors)):
        time.sleep(0.01)
    sites.kill()
    for editor in editors:
        editor.join(60)

    acknowledged = [token for editor in editors for token in editor.acknowledged]
    assert len(acknowledged) == SAVES_EACH * len(EDITORS)
    assert shown_once(rows, acknowledged) == dict.fromkeys(acknowledged, True)
    told = sum((editor.told for editor in editors), Counter())
    assert set(told) <= {"saved", "merged", "conflict"}
    assert sites.killed == 1
    assert sum(editor.sent_again for editor in editors) > 0
    table.refresh_from_db()
    versions = Change.objects.filter(stream=table.stream).order_by("version").values_list("version", "n")
    assert list(versions) == [(version, 0) for version in range(1, table.version + 1)]
    assert Receipt.objects.filter(stream=table.stream).count() == len(acknowledged)


def shown_once(rows: list[Strategy], tokens: list[str]) -> dict[str, bool]:
    """Whether each token stands once in a cell, or (where it is in none) in the one choice that its save made."""
    standing = Counter(
        word for row in rows for cell in CELLS for word in Strategy.objects.get(pk=row.pk).value(cell).split()
    )
    waiting = Counter(word for one in CellProposal.objects.filter(state="open") for word in set(one.value.split()))
    first = {
        word: change.verb
        for change in Change.objects.filter(verb__in=["cell_saved", "cell_proposed"]).order_by("-version")
        for word in change.after["value"].split()
    }
    return {
        token: standing[token] == 1 if first[token] == "cell_saved" else (standing[token], waiting[token]) == (0, 1)
        for token in tokens
    }
