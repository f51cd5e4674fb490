"""A whole record of one student, for the one it belongs to: everything held, as JSON and as a page to read.

What hangs on a learner is found from the models themselves, so that nothing new is forgotten; `LEFT_OUT` says what is
not handed out and why, and a test finds a model that is in neither.
"""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from collections.abc import Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.template.loader import render_to_string
from django.utils import timezone, translation

from .models import AccessEvent, Change, Learner, Person, ProfileEntry

LEFT_OUT: dict[str, str] = {
    "profiles.FamilyLink": "a way in, not a fact about the student; it holds digests only",
    "profiles.ResultMapping": "how a name in a file of results was read; the results themselves are handed out",
    "profiles.RecordCopy": "a copy of this very record, made to be taken away",
    "profiles.Experience": "a unit of the school's; that the student proposed it stands with the proposals",
}
HIDDEN = {
    # Sole possession notes of an adult and words kept for counselors are handed out on request, by a person.
    "profiles.CheckIn": ("own_note",),
    "profiles.GuardianLink": ("court_limit",),
}


def models_of_a_learner() -> Iterator[tuple[type[models.Model], str]]:
    """Every model that points at a learner, or at something that does: (model, lookup of the learner)."""
    seen: dict[type[models.Model], str] = {Learner: "pk"}
    waiting: list[tuple[type[models.Model], str]] = [(Learner, "")]
    while waiting:
        model, lookup = waiting.pop(0)
        for relation in model._meta.related_objects:
            found = relation.related_model
            if isinstance(found, str) or found in seen or not relation.one_to_one | relation.one_to_many:
                continue
            if relation.field.remote_field.on_delete is not models.CASCADE:
                continue
            path = f"{relation.field.name}__{lookup}" if lookup else relation.field.name
            seen[found] = path
            waiting.append((found, path))
            yield found, path


def whole_record(learner: Learner, reader: Person) -> dict[str, Any]:
    """Everything held on the student, by model, oldest first; `learner` with `why` the reader opens it.

    Entries kept from this reader (restricted ones, what a student shares with fewer people) are counted, to be asked
    for, and stay out of the history too.
    """
    person = learner.person
    entries = ProfileEntry.objects.filter(learner=learner)
    readable = set(entries.readable_by(learner.why, reader).values_list("pk", flat=True))
    held: dict[str, Any] = {
        "student": _row(person, Person) | {"school": learner.home.name, "grade": learner.grade},
        "made_at": timezone.now(),
        "today": learner.home.today(),
    }
    for model, lookup in models_of_a_learner():
        if model._meta.label in LEFT_OUT:
            continue
        rows = model._default_manager.filter(**{lookup: learner}).order_by("pk")
        if model is ProfileEntry:
            held["restricted_entries"] = rows.exclude(pk__in=readable).count()
            rows = rows.filter(pk__in=readable)
        # Named, for without names Django leaves out what may be empty: a statement a row.
        related = [field.name for field in model._meta.concrete_fields if field.is_relation]
        held[model._meta.label] = [_row(one, model) for one in rows.select_related(*related)]
    held["enrollments"] = [
        {"class": str(one.section), "role": one.role, "begins": one.begins, "ends": one.ends}
        for one in person.enrollments.select_related("section").order_by("pk")
    ]
    held["looked_at"] = [
        {"who": str(one.viewer), "why": one.reason, "page": one.page, "hour": one.hour, "times": one.times}
        for one in AccessEvent.objects.of(learner.pk).select_related("viewer").order_by("hour")
    ]
    held["history"] = [
        {
            "verb": one.verb,
            "at": one.at,
            "by": str(one.actor or one.actor_kind),
            **({} if _is_kept(one, readable) else {"before": one.before, "after": one.after}),
        }
        for one in Change.objects.filter(stream=learner.stream).select_related("actor").order_by("version", "n")
    ]
    return held


def _is_kept(change: Change, readable: set[uuid.UUID]) -> bool:
    return change.verb.startswith("entry_") and change.target not in map(str, readable)


def _row(one: models.Model, model: type[models.Model]) -> dict[str, Any]:
    hidden = {"password", "search_key", *HIDDEN.get(model._meta.label, ())}
    row: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.name in hidden or isinstance(field, models.BinaryField):
            continue
        value = getattr(one, field.attname)
        row[field.name] = str(getattr(one, field.name)) if field.is_relation and value is not None else value
    return row


def as_files(learner: Learner, reader: Person, language: str) -> bytes:
    """A zip of `record.json` and `record.html`, the page in `language`."""
    held = whole_record(learner, reader)
    plain = json.loads(json.dumps(held, cls=DjangoJSONEncoder))
    with translation.override(language):
        page = render_to_string(
            "profiles/record.html", {"learner": learner, "parts": _parts(plain), "language": language}
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("record.html", page)
        archive.writestr("record.json", json.dumps(plain, ensure_ascii=False, indent=1))
    return out.getvalue()


def _parts(plain: dict[str, Any]) -> list[tuple[str, list[list[tuple[str, Any]]]]]:
    """(heading, rows of (name, value)) for the page; empty parts are left out."""
    names = {model._meta.label: str(model._meta.verbose_name_plural) for model, _lookup in models_of_a_learner()}
    parts = []
    for label, rows in plain.items():
        if isinstance(rows, dict):
            rows = [rows]
        if isinstance(rows, list) and rows:
            parts.append(
                (
                    names.get(label, label).capitalize(),
                    [[(k, v) for k, v in row.items() if v not in (None, "", [])] for row in rows],
                )
            )
    return parts
