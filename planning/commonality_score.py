"""How well commonality finds what people meant: scored against key points that people matched answers to.

The answers are those of ArgKP-2021 (question, side, answer, key point), where they are at hand; the plain method beside
ours is TF-IDF of whole words with average linkage.
"""

from __future__ import annotations

import csv
import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import fmean

from config.postgres import CHECKOUT

from .commonality import ENGLISH, TUNED, Entry, Tuning, suggest


def entries(lines: Sequence[str]) -> list[Entry]:
    return [Entry(n, line) for n, line in enumerate(lines)]


def answers_at_hand() -> Rows:
    """The answers of the data folder that lies beside the checkout; none where there is no such folder."""
    places = [folder / "shared/data/answers/same_question_answers.csv" for folder in CHECKOUT.parents]
    for path in places:
        if path.is_file():
            with path.open(encoding="utf-8", newline="") as lines:
                return list(csv.DictReader(lines))
    return []


@dataclass(frozen=True)
class Score:
    """Over all pairs of answers: found among those people matched to one key point, and the reverse. `beyond_chance`
    is the adjusted Rand index (Hubert & Arabie, 1985): 0 for one theme with everything, which has a high F1."""

    f1: float
    precision: float
    recall: float
    beyond_chance: float


Themes = Sequence[object]
"""A theme for each answer, None for none."""


def pairs(themes: Themes) -> set[tuple[int, int]]:
    members = defaultdict(list)
    for at, theme in enumerate(themes):
        if theme is not None:
            members[theme].append(at)
    return {pair for some in members.values() for pair in itertools.combinations(some, 2)}


def score(found: Themes, true: Themes) -> Score:
    ours, theirs = pairs(found), pairs(true)
    both = len(ours & theirs)
    by_chance = len(ours) * len(theirs) / math.comb(len(true), 2)
    most = (len(ours) + len(theirs)) / 2
    return Score(
        f1=both / most,
        precision=both / len(ours) if ours else 0,
        recall=both / len(theirs),
        beyond_chance=(both - by_chance) / (most - by_chance) if most > by_chance else 0,
    )


def ours(question: str, answers: Sequence[str], tuning: Tuning | None = None) -> Themes:
    """Only what is suggested counts: the eight most said."""
    suggestions = suggest(entries(answers), question=question, tuning=tuning or TUNED)
    of = {at: n for n, one in enumerate(suggestions) for at in one.ids}
    return [of.get(at) for at in range(len(answers))]


def plain(question: str, answers: Sequence[str], stop: frozenset[str] = frozenset(ENGLISH.split())) -> Themes:
    """TF-IDF of whole words, average linkage, cut at 0.93."""
    import numpy as np
    from scipy.cluster.hierarchy import fcluster, linkage

    counts = [Counter(w for w in re.findall(r"\b\w\w+\b", text.lower()) if w not in stop) for text in answers]
    among = Counter(word for count in counts for word in count)
    table = np.array([[c[w] * (math.log((1 + len(counts)) / (1 + n)) + 1) for w, n in among.items()] for c in counts])
    table /= np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-12)
    apart = np.clip(1 - table @ table.T, 0, None)[np.triu_indices(len(answers), 1)]
    return [int(theme) for theme in fcluster(linkage(apart, "average"), 0.93, "distance")]


def plain_with_stop_words(question: str, answers: Sequence[str]) -> Themes:
    return plain(question, answers, frozenset())


def one_theme(question: str, answers: Sequence[str]) -> Themes:
    return [1] * len(answers)


Rows = Sequence[Mapping[str, str]]
Part = tuple[str, str]
"""A question and a side."""


def quality(rows: Rows, method: Callable[[str, Sequence[str]], Themes]) -> dict[Part, Score]:
    parts: dict[Part, list[Mapping[str, str]]] = defaultdict(list)
    for row in rows:
        parts[row["question"], row["stance"]].append(row)
    return {
        part: score(method(part[0], [row["answer"] for row in some]), [row["human_key_point"] for row in some])
        for part, some in parts.items()
    }


TRIED = [Tuning(directions=directions, cut=cut) for directions in (10, 15, 20) for cut in (0.9, 0.92, 0.94)]


def left_out(rows: Rows, tried: Sequence[Tuning] = TRIED) -> dict[Part, Score]:
    """Each question's scores by the tuning that is best (F1 + beyond chance) on the other questions."""
    measured = [quality(rows, partial(ours, tuning=tuning)) for tuning in tried]
    scores: dict[Part, Score] = {}
    for asked in {part[0] for part in measured[0]}:
        best = max(measured, key=lambda m: fmean(s.f1 + s.beyond_chance for (q, _), s in m.items() if q != asked))
        scores |= {part: one for part, one in best.items() if part[0] == asked}
    return scores


def mean(scores: Mapping[Part, Score], what: str) -> float:
    return fmean(getattr(one, what) for one in scores.values())
