"""Trellis's own overview keeps the facts it stands for, and can be shown and handed out."""

from __future__ import annotations

import re

import pytest
from django.test import Client

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

    assert [one["figure"] for one in CARDS if one["figure"]] == ["40–60%", "400–600", "18–30", "1–4", "80–90"]
    for figures in (f"40 {joiner}", "60 p", "400 ", "600 ", "18 ", "30 ", "80 ", "90 min"):
        assert figures in said or figures.replace(" y", " y el") in said


def test_overview_show_turns_its_cards_without_sign_in(client: Client) -> None:
    first, last = client.get("/workshops/overview/").text, client.get("/workshops/overview/?card=14").text

    assert "Jonah, in October" in first
    assert 'rel="next" href="?card=2&amp;in=en"' in first
    assert 'rel="prev"' not in first
    assert 'rel="next"' not in last
    assert CARDS[0]["say"]["en"][:40] not in first
    assert CARDS[0]["say"]["en"][:40] in client.get("/workshops/overview/?words").text


@pytest.mark.parametrize("card", ["0", "15", "999", "one"])
def test_overview_show_has_no_other_card(client: Client, card: str) -> None:
    assert client.get(f"/workshops/overview/?card={card}").status_code == 404


def test_overview_handout_in_both_languages(client: Client) -> None:
    english, spanish = (client.get(f"/workshops/overview/handout/?in={one}").text for one in ("en", "es"))

    assert '<html lang="es">' in spanish
    assert sum(one["title"]["en"] in english for one in CARDS) == 14
    assert sum(one["title"]["es"] in spanish for one in CARDS) == 14
    assert all(one["say"]["es"] in spanish for one in CARDS)


@pytest.mark.parametrize("language", ["en", "es"])
def test_overview_file_is_one_page(client: Client, language: str) -> None:
    answer = client.get(f"/workshops/overview/handout/pdf/?in={language}")

    assert answer.headers["Content-Disposition"] == f'attachment; filename="overview-{language}.pdf"'
    assert answer.content.startswith(b"%PDF")
    assert re.search(rb"/Count (\d+)", answer.content)[1] == b"1"


def test_overview_file_in_no_other_form(client: Client) -> None:
    assert client.get("/workshops/overview/handout/xlsx/").status_code == 404
