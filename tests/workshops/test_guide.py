"""The guide that comes with Trellis holds what workshops.md 6 lists, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from workshops import kit as kits
from workshops.guide import BUILT_IN


def texts(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Every Text in a guide, with where it stands."""
    if isinstance(value, dict) and set(value) & {"en", "es"}:
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts(inner, f"{path}/{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from texts(inner, f"{path}/{number}")


def minutes(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02d}"


def test_built_in_has_twelve_parts_under_six_steps_and_arrival() -> None:
    parts = [(step["key"], step["step"], step["kind"]) for step in BUILT_IN["steps"]]

    assert parts == [
        ("0", 0, "welcome"),
        ("1a", 1, "write"),
        ("1b", 1, "pair"),
        ("1c", 1, "record"),
        ("2a", 2, "watch"),
        ("2b", 2, "watch"),
        ("2c", 2, "contrast"),
        ("3a", 3, "watch"),
        ("3b", 3, "align"),
        ("4", 4, "groups"),
        ("5", 5, "debrief"),
        ("6", 6, "close"),
    ]
    assert {step["kind"] for step in BUILT_IN["steps"]} <= set(kits.KINDS)


def test_built_in_times_are_those_of_the_design() -> None:
    steps = BUILT_IN["steps"]
    planned = sum(step["planned_s"] for step in steps)
    floors = sum(step["floor_s"] for step in steps)

    assert {step["key"]: (minutes(step["planned_s"]), minutes(step["floor_s"])) for step in steps} == {
        "0": ("5:00", "2:00"),
        "1a": ("5:00", "3:00"),
        "1b": ("5:00", "3:00"),
        "1c": ("12:00", "7:00"),
        "2a": ("6:25", "6:25"),
        "2b": ("4:46", "4:46"),
        "2c": ("15:00", "8:00"),
        "3a": ("5:54", "5:54"),
        "3b": ("10:00", "6:00"),
        "4": ("25:00", "20:00"),
        "5": ("15:00", "10:00"),
        "6": ("5:00", "3:00"),
    }
    assert (planned // 60, floors // 60) == (114, 79)


def test_built_in_videos_are_fixed_and_two_stand_in_for_one_another() -> None:
    videos = {step["key"]: step for step in BUILT_IN["steps"] if step["media"]}

    assert [step["key"] for step in BUILT_IN["steps"] if step["fixed"]] == ["2a", "2b", "3a"]
    assert [step["key"] for step in BUILT_IN["steps"] if step["choice_set"]] == ["2a", "2b"]
    assert videos["2a"]["choice_set"] == videos["2b"]["choice_set"]
    assert {key: step["media"]["confirmed"] for key, step in videos.items()} == {"2a": True, "2b": False, "3a": False}


def test_built_in_asks_three_questions_with_three_sheets() -> None:
    prompts = [prompt for step in BUILT_IN["steps"] for prompt in step["prompts"]]

    assert [prompt["key"] for prompt in prompts] == ["why", "wonder", "take"]
    assert len({prompt["sheet"]["en"] for prompt in prompts}) == 3


@pytest.mark.parametrize(("path", "text"), list(texts(BUILT_IN)), ids=lambda value: value if type(value) is str else "")
def test_built_in_says_everything_in_both_languages(path: str, text: dict[str, str]) -> None:
    assert sorted(text) == ["en", "es"]
    assert all(words == words.strip() != "" for words in text.values())
    if not path.endswith(("media/slot", "media/title")):
        assert text["en"] != text["es"]


def test_built_in_is_read_in_the_readers_language() -> None:
    with translation.override("es"):
        assert kits.say(BUILT_IN["title"]) == "Aprender en conjunto"
        assert not kits.is_foreign(BUILT_IN["title"])
