"""The bench runs from nothing: its own database, its own site, its floors. What it measured is for a quiet machine."""

import json
import os
import subprocess
import sys

import pytest
from django.test import override_settings
from django.urls import NoReverseMatch, reverse

from config import postgres


@pytest.fixture
def bench() -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(postgres.CHECKOUT / "manage.py"), "bench", "site.first_load", "--quick", "--json"]
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    with postgres.running():
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_bench_says_its_figures_as_json_alone(bench: subprocess.CompletedProcess[str]) -> None:
    assert bench.returncode == 0, bench.stderr
    (figure,) = json.loads(bench.stdout)
    assert figure.keys() == {"name", "value", "unit", "target", "met"}
    assert (figure["name"], figure["unit"], figure["target"]) == ("site.first_load", "kB", 100)
    assert figure["met"] == (figure["value"] <= 100)


@pytest.mark.parametrize("urls", ["config.urls", "config.urls_demo"])
def test_floors_are_reached_in_the_bench_alone(urls: str) -> None:
    with override_settings(ROOT_URLCONF=urls), pytest.raises(NoReverseMatch):
        reverse("floor_save", args=["tables.save"])
