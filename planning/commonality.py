"""What several people say in different words: themes suggested for short lines, and the lines most like one.

A suggestion names entries, says which words they share and how many people stand behind it; nothing applies it.
Words in English and Spanish are folded, freed of stop words and stemmed (Porter, "Snowball", 2001); to them come
character 4-grams at a lower weight, which survive spelling and word families. Weights are (1 + ln tf) x smoothed idf
(Manning, Raghavan & Schütze, "Introduction to Information Retrieval", 2008, 6.2-6.4); what the question itself says is
left out, since every answer repeats it. Likenesses of many lines are smoothed to their 15 strongest directions
(Deerwester et al., "Indexing by latent semantic analysis", 1990) and joined by average linkage (Sokal & Michener,
1958).

Tuned on the answers of ArgKP-2021 with one question left out in turn; planning/commonality_score.py measures it
again. Their own best cut is 0.94; 0.92 costs little there and keeps themes apart on a sheet of thirty lines.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import snowballstemmer

ALGORITHM = "stems+4-grams/lsa15/average0.92/1"
"""Changes whenever the same entries may give other suggestions."""

FEWEST_ENTRIES = 6
FEWEST_WORDS = 2
MOST_SUGGESTIONS = 8
ENOUGH_LINES, ASKED_SHARE = 12, 0.4
"""Where the question is not known, a word in more than this share of so many lines is taken to be the question's."""
MOST_SHARED_WORDS = 6

STEMMERS = {"en": "english", "es": "spanish"}

ENGLISH = """
a about after again all also am an and any are arent as at be because been before being both but by can cannot cant
could did didnt do does doesnt doing done dont down during each for from further get gets getting got had has have
having he her here him his how i id if ill im in into is isnt it its ive just less let lets like many may me might
more most much must my need needs no nor not of off on once one only or other others our ours out over own really same
she should shouldnt so some something such than that thats the their them then there these they theyre thing things
this those through to too under until up us very want was wasnt way we were weve what when where which while who whom
whose why will with without wont would you your yours
"""
SPANISH = """
a ademas al algo alguien algun alguna algunas alguno algunos alla alli ante antes aqui asi aun aunque cada casi como
con contra cosa cosas cual cuales cualquier cuando cuanto de debe deben del demas desde donde dos durante e el ella
ellas ellos en entonces entre era eran eres es esa esas ese eso esos esta estaba estamos estan estar estas este esto
estos estoy fue fueron ha habia hacer hace hacen han hasta hay he hemos la las le les lo los mas me mi mis mucha
muchas mucho muchos muy nada ni no nos nosotros nuestra nuestras nuestro nuestros o os otra otras otro otros para pero
poco por porque puede pueden pues que quien quienes se sea sean ser si sido sin sino sobre solo somos son soy su sus
tal tambien tan tanto te tener tengo tenemos ti tiene tienen toda todas todo todos tu tus u un una unas uno unos usted
ustedes va van vez y ya yo
"""
STOP_WORDS = {"en": frozenset(ENGLISH.split()), "es": frozenset(SPANISH.split())}
"""Words as they are after folding, without accents and apostrophes."""

APOSTROPHES = re.compile(r"['’ʼ`´]")


@dataclass(frozen=True)
class Entry:
    """One line as somebody put it.

    `people` are those who said or joined it, or only their number where they are not known (a line that was spoken).
    """

    id: Hashable
    text: str
    people: frozenset[Hashable] | int = 1
    school: str | None = None
    role: str | None = None


@dataclass(frozen=True)
class Suggestion:
    """Entries that may be one theme. Its `label` is the two words that weigh most; people are expected to change it."""

    ids: tuple[Hashable, ...]
    label: str
    shared_words: tuple[str, ...]
    people: int
    schools: frozenset[str]
    roles: frozenset[str]


@dataclass(frozen=True)
class Similar:
    """How near another line is, from 0 (nothing shared) to 1 (the same words)."""

    id: Hashable
    likeness: float
    shared_words: tuple[str, ...]


@dataclass(frozen=True)
class Tuning:
    """How much 4-grams weigh against words, how many directions are kept (0: all), and the distance to cut at."""

    grams: float = 0.35
    directions: int = 15
    cut: float = 0.92


TUNED = Tuning()


# Words


def words_of(text: str) -> list[str]:
    """Lower case without punctuation; letters, marks and digits of every script stay."""
    plain = unicodedata.normalize("NFC", APOSTROPHES.sub("", text).casefold())
    return "".join(one if unicodedata.category(one)[0] in "LNM" else " " for one in plain).split()


def fold(word: str) -> str:
    """The word without its marks."""
    return "".join(one for one in unicodedata.normalize("NFKD", word) if unicodedata.category(one) != "Mn")


@lru_cache(maxsize=20_000)
def _stem(word: str, language: str) -> str:
    """Folded last: the Spanish stemmer knows asesoría with its accent."""
    return fold(_stemmer(language).stemWord(word) if language in STEMMERS else word)


@lru_cache
def _stemmer(language: str) -> Any:
    return snowballstemmer.stemmer(STEMMERS[language])


def _language(words: Iterable[str], otherwise: str) -> str:
    """The language with more of its stop words in the text."""
    counts = Counter({language: sum(word in stop for word in words) for language, stop in STOP_WORDS.items()})
    (first, most), (_, fewer) = counts.most_common(2)
    return first if most > fewer else otherwise


def _spoken(texts: Sequence[str], language: str | None) -> list[list[tuple[str, str]]]:
    """For each text its content words as (stem, word as written). Languages other than ours are read as no language: no
    stop words, no stems."""
    split = [[(fold(word), word) for word in words_of(text)] for text in texts]
    most = _language([folded for words in split for folded, _ in words], "en")
    spoken = []
    for words in split:
        known = (language or _language([folded for folded, _ in words], most))[:2]
        stop = STOP_WORDS.get(known, frozenset())
        content = [word for folded, word in words if folded not in stop and (len(word) > 1 or not word.isascii())]
        spoken.append([(_stem(word, known), word) for word in content])
    return spoken


# Weights

Weights = dict[str, float]


def _weighted(counts: Sequence[Mapping[str, int]]) -> list[Weights]:
    """(1 + ln tf) x (ln((1 + n) / (1 + df)) + 1), each to length 1."""
    among = Counter(feature for count in counts for feature in count)
    rarity = {feature: math.log((1 + len(counts)) / (1 + many)) + 1 for feature, many in among.items()}
    return [_to_length_one({f: (1 + math.log(c)) * rarity[f] for f, c in sorted(count.items())}) for count in counts]


def _to_length_one(weights: Weights) -> Weights:
    length = math.sqrt(math.fsum(weight * weight for weight in weights.values()))
    return {feature: weight / length for feature, weight in weights.items()} if length else {}


def _grams(word: str, size: int = 4) -> list[str]:
    framed = f" {word} "
    return [framed[at : at + size] for at in range(max(1, len(framed) - size + 1))]


class _Read:
    """Texts as words and weights. Stems stand bare among the features, 4-grams behind a '#'."""

    def __init__(self, texts: Sequence[str], question: str, language: str | None, tuning: Tuning) -> None:
        spoken = _spoken([*texts, question], language)
        asked = {stem for stem, _ in spoken.pop()}
        if not question and len(texts) >= ENOUGH_LINES:
            among = Counter(stem for pairs in spoken for stem in {stem for stem, _ in pairs})
            asked = {stem for stem, many in among.items() if many > ASKED_SHARE * len(texts)}
        self.content = [len(pairs) for pairs in spoken]
        said = [[(stem, word) for stem, word in pairs if stem not in asked] for pairs in spoken]
        self.stems = [frozenset(stem for stem, _ in pairs) for pairs in said]
        words = _weighted([Counter(stem for stem, _ in pairs) for pairs in said])
        grams = _weighted([Counter(gram for stem, _ in pairs for gram in _grams(stem)) for pairs in said])
        self.words = words
        self.weights = [
            _to_length_one(word | {f"#{gram}": tuning.grams * weight for gram, weight in some.items()})
            for word, some in zip(words, grams, strict=True)
        ]
        forms: dict[str, Counter[str]] = defaultdict(Counter)
        for stem, word in (pair for pairs in said for pair in pairs):
            forms[stem][word] += 1
        self.shown = {stem: min(form, key=lambda word: (-form[word], word)) for stem, form in forms.items()}

    def explained(self, members: Sequence[int]) -> list[int]:
        """Those of them that share a word with another of them, not parts of words alone."""
        many = Counter(stem for at in members for stem in self.stems[at])
        return [at for at in members if any(many[stem] > 1 for stem in self.stems[at])]

    def shared(self, members: Sequence[int]) -> list[str]:
        """Words in at least two of them, the weightiest first."""
        many = Counter(stem for at in members for stem in self.stems[at])
        weight = {s: math.fsum(self.words[at].get(s, 0) for at in members) for s, count in many.items() if count > 1}
        return [self.shown[stem] for stem in sorted(weight, key=lambda stem: (-round(weight[stem], 9), stem))]


# Themes


def _themes(weights: Sequence[Weights], tuning: Tuning) -> list[list[int]]:
    """Positions joined by average linkage while their mean distance (1 - cosine) is under the cut."""
    import numpy as np  # Loading it takes a while: only the worker pays.
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.linalg import eigh
    from scipy.sparse import csr_array
    from scipy.spatial.distance import squareform

    columns = {feature: n for n, feature in enumerate(sorted({feature for row in weights for feature in row}))}
    ends = np.cumsum([0, *(len(row) for row in weights)])
    values = [weight for row in weights for weight in row.values()]
    where = [columns[feature] for row in weights for feature in row]
    table = csr_array((values, where, ends), shape=(len(weights), len(columns)))
    likeness = (table @ table.T).toarray()
    if 0 < tuning.directions < len(weights):
        strengths, directions = eigh(likeness, subset_by_index=[len(weights) - tuning.directions, len(weights) - 1])
        placed = directions * np.sqrt(np.clip(strengths, 0, None))
        placed /= np.maximum(np.linalg.norm(placed, axis=1, keepdims=True), 1e-12)
        likeness = placed @ placed.T
    distance = np.round(np.clip(1 - likeness, 0, 2), 9)  # Rounded, so that two machines agree on ties.
    np.fill_diagonal(distance, 0)
    joined = fcluster(linkage(squareform(distance, checks=False), "average"), tuning.cut, "distance")
    themes: dict[int, list[int]] = defaultdict(list)
    for at, theme in enumerate(joined):
        themes[int(theme)].append(at)
    return list(themes.values())


def _people(entries: Iterable[Entry]) -> int:
    """Those known counted once, those only numbered added."""
    known: set[Hashable] = set()
    numbered = 0
    for entry in entries:
        if isinstance(entry.people, int):
            numbered += entry.people
        else:
            known |= entry.people
    return len(known) + numbered


def suggest(
    entries: Sequence[Entry], *, question: str = "", language: str | None = None, tuning: Tuning = TUNED
) -> list[Suggestion]:
    """At most eight themes said by at least two people, the most said first; none for fewer than six entries.

    The same whatever the order of the entries. A line with fewer than two content words belongs nowhere. Without a
    language ("en", "es") each line's is told by its stop words.
    """
    if len(entries) < FEWEST_ENTRIES:
        return []
    order = sorted(range(len(entries)), key=lambda at: (entries[at].text, str(entries[at].id)))
    read = _Read([entries[at].text for at in order], question, language, tuning)
    usable = [n for n in range(len(order)) if read.content[n] >= FEWEST_WORDS and read.weights[n]]
    if len(usable) < 2:
        return []
    suggestions = []
    for theme in _themes([read.weights[n] for n in usable], tuning):
        members = read.explained([usable[n] for n in theme])
        shared = read.shared(members)
        inside = [entries[at] for at in sorted(order[n] for n in members)]
        people = _people(inside)
        if shared and people > 1:
            suggestions.append(
                Suggestion(
                    ids=tuple(entry.id for entry in inside),
                    label=", ".join(shared[:2]),
                    shared_words=tuple(shared[:MOST_SHARED_WORDS]),
                    people=people,
                    schools=frozenset(entry.school for entry in inside if entry.school),
                    roles=frozenset(entry.role for entry in inside if entry.role),
                )
            )
    suggestions.sort(key=lambda one: (-one.people, -len(one.ids), one.label, sorted(map(str, one.ids))))
    return suggestions[:MOST_SUGGESTIONS]


def similar(
    entry: Entry, entries: Sequence[Entry], top: int = 5, *, question: str = "", language: str | None = None
) -> list[Similar]:
    """The lines most like this one, nearest first; those that share nothing with it are not shown."""
    others = [other for other in entries if other.id != entry.id]
    read = _Read([entry.text, *(other.text for other in others)], question, language, TUNED)
    mine = read.weights[0]
    near = []
    for n, other in enumerate(others, start=1):
        theirs = read.weights[n]
        likeness = round(math.fsum(weight * theirs.get(feature, 0) for feature, weight in mine.items()), 6)
        if likeness:
            near.append(Similar(other.id, min(likeness, 1.0), tuple(read.shared([0, n])[:MOST_SHARED_WORDS])))
    return sorted(near, key=lambda one: (-one.likeness, str(one.id)))[:top]


def input_hash(entries: Iterable[Entry]) -> str:
    """Tells whether suggestions were made from these very entries, in whatever order."""
    rows = sorted(
        json.dumps(
            [
                *(str(entry.id), entry.text, entry.school, entry.role),
                entry.people if isinstance(entry.people, int) else sorted(map(str, entry.people)),
            ]
        )
        for entry in entries
    )
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
