import gettext
import io
from pathlib import Path

import pytest

from config import catalogue

TEMPLATE = """
{% load i18n %}
  <h1>{% translate "Strategy table" %}</h1>
    {# Translators: on the button #}
    {% translate "Close" context "a round" %}
  {% blocktranslate trimmed count n=rows|length %}
    {{ n }} strategy
  {% plural %}
    {{ n }} strategies, 100%
  {% endblocktranslate %}
<p title="{{ _("Taken back")|title }}">{% if a %}(not { closed{% endif %}</p>
"""
PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
title = _("Who is "
          "responsible?")
several = ngettext("%(n)s role", "%(n)s roles", 2)
round = pgettext("a round", "Open")
nothing = _(title)
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    (tmp_path / "planning" / "migrations").mkdir(parents=True)
    (tmp_path / "planning" / "tables.py").write_text(PYTHON)
    (tmp_path / "planning" / "migrations" / "0001_x.py").write_text("_('never')")
    return tmp_path


def said(catalog: catalogue.Catalog) -> list[tuple[object, str | None]]:
    return sorted(((message.id, message.context) for message in catalog if message.id), key=str)


def translated(root: Path) -> catalogue.Catalog:
    """A whole catalogue: each sentence stands for itself."""
    catalog = catalogue.extracted(root)
    for message in catalog:
        if message.id:
            message.string = message.id
    return catalog


def again(catalog: catalogue.Catalog, folder: Path) -> catalogue.Catalog:
    (folder / "django.po").write_bytes(catalogue.po_bytes(catalog))
    return catalogue.read(folder / "django.po")


def test_sentences_are_taken_from_templates_and_python(root: Path) -> None:
    assert said(catalogue.extracted(root)) == sorted(
        [
            ("Strategy table", None),
            ("Close", "a round"),
            (("%(n)s strategy", "%(n)s strategies, 100%%"), None),
            ("Taken back", None),
            ("Who is responsible?", None),
            (("%(n)s role", "%(n)s roles"), None),
            ("Open", "a round"),
        ],
        key=str,
    )


def test_whole_catalogue_has_no_problems_and_compiles(root: Path) -> None:
    kept = again(translated(root), root)
    fresh = catalogue.renewed(root, kept)
    assert catalogue.problems(fresh, kept) == []
    assert catalogue.po_bytes(fresh) == (root / "django.po").read_bytes()
    spanish = gettext.GNUTranslations(io.BytesIO(catalogue.mo_bytes(fresh)))
    assert spanish.gettext("Strategy table") == "Strategy table"
    assert spanish.pgettext("a round", "Open") == "Open"
    assert spanish.ngettext("%(n)s role", "%(n)s roles", 5) == "%(n)s roles"


def test_new_sentence_is_named(root: Path) -> None:
    kept = again(translated(root), root)
    (root / "planning" / "more.py").write_text("_('Agreed')")
    assert catalogue.problems(catalogue.renewed(root, kept), kept) == ["not in Spanish: “Agreed”"]


def test_half_a_plural_is_named(root: Path) -> None:
    catalog = translated(root)
    catalog["%(n)s role"].string = ("%(n)s papel", "")
    kept = again(catalog, root)
    assert catalogue.problems(catalogue.renewed(root, kept), kept) == ["not in Spanish: “%(n)s role”"]


def test_fuzzy_sentence_is_named_and_not_compiled(root: Path) -> None:
    catalog = translated(root)
    catalog["Strategy table"].string = "Tabla"
    catalog["Strategy table"].flags.add("fuzzy")
    kept = again(catalog, root)
    fresh = catalogue.renewed(root, kept)
    assert catalogue.problems(fresh, kept) == ["not sure in Spanish (fuzzy): “Strategy table”"]
    assert b"Tabla" not in catalogue.mo_bytes(fresh)


def test_sentence_that_went_is_named_and_dropped(root: Path) -> None:
    kept = again(translated(root), root)
    (root / "templates" / "page.html").write_text(TEMPLATE.replace("Taken back", "Given back"))
    fresh = catalogue.renewed(root, kept)
    assert catalogue.problems(fresh, kept) == [
        "not in Spanish: “Given back”",
        "no longer in the sources: “Taken back”",
    ]
    assert b"Taken back" not in catalogue.po_bytes(fresh)


def test_other_placeholders_are_named(root: Path) -> None:
    catalog = translated(root)
    catalog["%(n)s role"].string = ("%(n)s papel", "%(m)s papeles")
    kept = again(catalog, root)
    assert catalogue.problems(catalogue.renewed(root, kept), kept) == ["other placeholders in Spanish: “%(n)s role”"]
