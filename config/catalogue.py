"""The Spanish catalogue: every sentence marked in our sources, with its translation.

Babel reads and writes it, so no gettext tools are needed. Sentences stand sorted and without line numbers: two
branches that add some rarely touch the same lines. Sentences no longer in the sources are dropped.
"""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

LANGUAGE = "es"
SOURCES = ("config", "profiles", "planning", "workshops", "templates")
# Positions of the message in each function's arguments, as Babel wants them; "c" marks the context.
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# Dates would change the file without a change in it.
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
ELSEWHERE = {"migrations", "locale"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


def extracted(root: Path) -> Catalog:
    """The sentences of all our sources, not translated."""
    catalog = _empty()
    for path in _sources(root):
        name = path.relative_to(root).as_posix()
        for sentence, context, comments in _sentences(path):
            catalog.add(sentence, locations=[(name, 1)], auto_comments=comments, context=context)
    return catalog


def read(po: Path) -> Catalog:
    if not po.exists():
        return _empty()
    with po.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def renewed(root: Path, kept: Catalog) -> Catalog:
    """The sources' sentences with the translations the catalogue has for them."""
    catalog = extracted(root)
    for message in catalog:
        known = kept.get(message.id, message.context) if message.id else None
        if known and _shape(known.id) == _shape(message.id):
            message.string = known.string
            message.flags |= known.flags & {"fuzzy"}
            message.user_comments = known.user_comments
    return catalog


def problems(catalog: Catalog, kept: Catalog) -> list[str]:
    """What keeps a Spanish reader from reading Spanish: missing, fuzzy, left over, or with other placeholders."""
    found = []
    for message in catalog:
        if not message.id:
            continue
        strings = list(_shape(message.string or ""))
        if not all(strings):
            found.append(f"not in Spanish: {_words(message.id)}")
        elif message.fuzzy:
            found.append(f"not sure in Spanish (fuzzy): {_words(message.id)}")
        elif any(_placeholders(each) - _placeholders(_all(message.id)) for each in strings) or (
            _placeholders(_all(message.id)) - _placeholders(" ".join(strings))
        ):
            found.append(f"other placeholders in Spanish: {_words(message.id)}")
    left = {_key(message) for message in kept} | {_key(message) for message in kept.obsolete.values()}
    found += sorted(f"no longer in the sources: {words}" for _, words in left - {_key(each) for each in catalog})
    return found


def po_bytes(catalog: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(out, catalog, width=0, sort_output=True, include_lineno=False, ignore_obsolete=True)
    return out.getvalue()


def mo_bytes(catalog: Catalog) -> bytes:
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def _empty() -> Catalog:
    return Catalog(
        locale=LANGUAGE,
        project="Trellis",
        version="1",
        copyright_holder="Trellis",
        creation_date=UNDATED,
        revision_date=UNDATED,
        header_comment="# Trellis in Spanish. “manage.py catalogue” renews it; --check says what is missing.",
        fuzzy=False,
    )


def _sources(root: Path) -> Iterator[Path]:
    for folder in SOURCES:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and not ELSEWHERE & set(path.relative_to(root).parts):
                yield path


def _sentences(path: Path) -> Iterator[tuple[Any, str | None, list[str]]]:
    """(sentence, or singular and plural; context; comments for the translator)"""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Django turns tags into calls and all else into filler; without indentation that reads as Python.
        text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())
    source = io.BytesIO(text.encode())
    found: Any = extract_python(source, KEYWORDS, ["Translators"], {})
    for _line, function, messages, comments in found:
        given = messages if isinstance(messages, tuple | list) else (messages,)
        wanted = KEYWORDS.get(function)
        positions = wanted or (1,)
        context = None
        parts = []
        for position in positions:
            if isinstance(position, tuple):
                context = given[position[0] - 1]
            elif len(given) >= position:
                parts.append(given[position - 1])
        if parts and all(isinstance(part, str) and part for part in parts):
            yield (parts[0] if len(parts) == 1 else tuple(parts)), context, comments


def _shape(sentence: Any) -> tuple[str, ...]:
    return (sentence,) if isinstance(sentence, str) else tuple(sentence)


def _all(sentence: Any) -> str:
    return " ".join(_shape(sentence))


def _words(sentence: Any) -> str:
    return f"“{_shape(sentence)[0]}”"


def _key(message: Any) -> tuple[str | None, str]:
    return message.context, _words(message.id)


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))
