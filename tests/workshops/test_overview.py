"""Trellis's own overview keeps the facts it stands for, and can be shown and handed out."""

from __future__ import annotations

import pytest

from workshops import overview
from workshops.overview import CARDS

from .test_guide import texts


def test_overview_has_fourteen_cards_of_about_six_minutes() -> None:
    assert len(CARDS) == 14
    assert 5.5 <= overview.seconds() / 60 <= 6.5


def test_overview_says_everything_in_both_languages() -> None:
    for _path, text in texts(CARDS):
        assert sorted(text) == ["en", "es"]
        assert all(text.values())
        assert text["en"] != text["es"]


def test_overview_begins_and_ends_with_the_same_student() -> None:
    told = [number for number, one in enumerate(CARDS, 1) if "Jonah" in one["say"]["en"]]

    assert told == [1, 14]


@pytest.mark.parametrize("language", ["en", "es"])
def test_overview_keeps_the_figures(language: str) -> None:
    said = " ".join(one["say"][language] + " " + one["figure"] for one in CARDS)
    joiner = {"en": "to", "es": "y"}[language]

    assert [one["figure"] for one in CARDS if one["figure"]] == ["40–60 %", "400–600", "18–30", "1–4", "80–90"]
    for figures in (f"40 {joiner}", "60 p", "400 ", "600 ", "18 ", "30 ", "80 ", "90 min"):
        assert figures in said or figures.replace(" y", " y el") in said
