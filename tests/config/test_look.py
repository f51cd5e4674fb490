"""The look keeps its promises: Bootstrap as published, templates without inline anything, a light first load."""

import base64
import gzip
import hashlib
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.template.loader import render_to_string
from django.test import Client, override_settings

# https://getbootstrap.com/docs/5.3/getting-started/introduction/ gives it for 5.3.8.
BOOTSTRAP = "sRIl4kxILFvY47J16cr9ZwB07vP4J8+LH7qKQnuqkuIAvNWLzeN8tE5YBujZqJLB"
KB = 1000

TEMPLATES = sorted((settings.ROOT / "templates").rglob("*.html"))
INLINE = {
    "a style": r"\sstyle\s*=|<style\b",
    "a script": r"<script(?![^>]*\bsrc=)",
    "an event attribute": r"<[a-z][^>]*\son[a-z]+\s*=(?!=)",
    "a script address": r"(?:href|action|src)\s*=\s*[\"']\s*javascript:",
    "unescaped text": r"\|\s*safe\b|autoescape off",
}


def test_bootstrap_is_the_published_release() -> None:
    css = Path(str(finders.find("bootstrap/css/bootstrap.min.css"))).read_bytes()

    assert base64.b64encode(hashlib.sha384(css).digest()).decode() == BOOTSTRAP


@pytest.mark.parametrize("kind", INLINE)
def test_templates_hold_nothing_inline(kind: str) -> None:
    held = [path.relative_to(settings.ROOT) for path in TEMPLATES if re.search(INLINE[kind], path.read_text(), re.I)]

    assert held == []


def test_first_load_is_light() -> None:
    page = Client().get("/styleguide/").content.decode()
    asked = set(re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js))"', page))
    loaded = _with_imports(asked | {"js/table.js"})

    assert "bootstrap/css/bootstrap.min.css" in loaded
    assert "js/outbox.js" in loaded
    assert sum(len(gzip.compress(_bytes(name))) for name in loaded) < 100 * KB


def test_every_file_is_found_under_its_hashed_name(tmp_path: Path) -> None:
    kept = {"staticfiles": {"BACKEND": "config.static.HashedFiles"}}
    with override_settings(STATIC_ROOT=tmp_path, STORAGES={**settings.STORAGES, **kept}):
        call_command("collectstatic", interactive=False, verbosity=0)
        page = render_to_string("404.html")

    hashed = re.compile(r"\.[0-9a-f]{12}\.(?:css|js)$")
    entry = next(tmp_path.glob("css/trellis.????????????.css"))
    styles = re.findall(r'@import url\("([^"]+)"\)', entry.read_text())
    modules = [one for path in tmp_path.glob("js/*.????????????.js") for one in _imports(path.read_text())]
    assert f"/static/css/{entry.name}" in page
    assert len(styles) > 10
    assert len(modules) > 1
    assert [one for one in styles + modules if not hashed.search(one)] == []
    assert [one for one in styles if not (entry.parent / one).is_file()] == []


def test_error_pages_need_no_database_and_no_user() -> None:
    # No database fixture here: pytest-django refuses any query.
    names = ("403", "404", "429", "500", "busy", "database_lost", "page_expired")
    pages = [render_to_string(f"{name}.html", {"sentence": ""}) for name in names]

    assert [page.count("<h1>") for page in pages] == [1] * len(names)


def _bytes(name: str) -> bytes:
    found = finders.find(name)
    assert isinstance(found, str), f"{name} is not among the static files"
    return Path(found).read_bytes()


def _imports(text: str) -> list[str]:
    return [one or other for one, other in re.findall(r"""@import url\("([^"]+)"\)|from "(\./[^"]+)\"""", text)]


def _with_imports(names: set[str]) -> set[str]:
    """`names` and everything they import, as the browser would fetch them."""
    loaded: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in loaded:
            continue
        loaded.add(name)
        here = Path("/") / Path(name).parent
        if name.startswith(("css/", "js/")):
            waiting += [str((here / one).resolve().relative_to("/")) for one in _imports(_bytes(name).decode())]
    return loaded
