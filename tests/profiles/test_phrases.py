"""What families read exists in every language they are offered, says the same, and is plain."""

from __future__ import annotations

import re
from string import Formatter

import pytest
from django.conf import settings

from profiles.phrases import LANGUAGES, PHRASES, say

PLAIN = 6.0
SLOTS = {"name": "Ana", "n": "3", "total": "9", "course": "Math", "reader": "Ana", "school": "our school"}


def slots(text: str) -> set[str]:
    return {name for _before, name, _spec, _conversion in Formatter().parse(text) if name}


def syllables(word: str) -> int:
    found = re.findall(r"[aeiouy]+", word.lower().removesuffix("e"))
    return max(1, len(found))


def grade(text: str) -> float:
    """Flesch–Kincaid grade level (Kincaid et al. 1975)."""
    words = re.findall(r"[A-Za-z']+", text)
    sentences = max(1, len(re.findall(r"[.!?:]+", text)))
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def test_families_are_offered_the_languages_of_the_site() -> None:
    assert sorted(LANGUAGES) == sorted(code for code, _name in settings.LANGUAGES)


@pytest.mark.parametrize("key", PHRASES)
def test_every_phrase_is_there_in_every_language_with_the_same_slots(key: str) -> None:
    said = PHRASES[key]
    assert sorted(said) == sorted(LANGUAGES)
    assert {language: slots(text) for language, text in said.items()} == dict.fromkeys(said, slots(said["en"]))
    assert all(say(key, language, **SLOTS)[1] == language for language in LANGUAGES)


@pytest.mark.parametrize("key", PHRASES)
def test_every_phrase_is_plain(key: str) -> None:
    assert grade(PHRASES[key]["en"].format(**SLOTS)) <= PLAIN


def test_the_formula_tells_plain_from_hard() -> None:
    assert (
        grade("The cat sat on the mat.")
        < 2
        < 12
        < grade("Proficiency-based instructional progressions necessitate continuous recalibration of groupings.")
    )


def test_a_language_nobody_wrote_falls_back_and_says_so() -> None:
    assert say("new_one", "vi", name="Ana") == ("Ana can do something new:", "en")
    assert say("new_one", "es-MX", name="Ana") == ("Ana ya sabe hacer algo nuevo:", "es")
