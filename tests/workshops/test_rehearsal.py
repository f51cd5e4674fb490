"""The rehearsal runs from nothing, with people who are not there, and loses nothing."""

import os
import subprocess
import sys

import pytest

from config import postgres
from workshops.guide import BUILT_IN
from workshops.rehearsal import at_speed


def rehearse(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(postgres.CHECKOUT / "manage.py"), "rehearse", *arguments]
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    with postgres.running():
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_six_people_rehearse_and_every_line_is_there_once() -> None:
    ran = rehearse("--people", "6", "--minutes", "0.05")

    assert ran.returncode == 0, ran.stderr
    told = ran.stdout
    assert [step["key"] for step in BUILT_IN["steps"] if f"\n{step['key']} " not in told] == []
    assert "Groups of 3, 3:" in told
    assert "6 people; 18 answers; 7 lines on the sheets" in told
    assert "a word that came later was answered “closed”" in told
    assert "0 lines are missing, 0 are there twice" in told


@pytest.mark.parametrize("seconds", [3, 180, 7200])
def test_shortened_times_sum_to_what_was_asked(seconds: int) -> None:
    kit = at_speed(BUILT_IN, seconds)

    assert sum(step["planned_s"] for step in kit["steps"]) == seconds
    assert all(0 <= step["floor_s"] <= step["planned_s"] for step in kit["steps"])
    assert BUILT_IN["steps"][0]["planned_s"] == 300


def test_rehearsal_of_two_people_is_refused_in_a_sentence() -> None:
    ran = rehearse("--people", "2")

    assert (ran.returncode, ran.stdout) == (1, "")
    assert "3 to 250 people" in ran.stderr
