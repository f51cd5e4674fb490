"""Many rows of one table at once: changed, put back, deleted; each by one statement."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import ManyToOneRel, Model

Pk = Any
Values = Mapping[str, Any]


def change_rows(model: type[Model], changes: Mapping[Pk, tuple[Values, Values]]) -> set[str]:
    """Give rows new values, {pk: (before, after)}, unless one of the columns says something else than before.

    Answers, as text, the keys of the rows that were changed. One statement for rows that change in the same columns.
    """
    quote, meta = connection.ops.quote_name, model._meta
    types = {one.attname: one.db_type(connection) for one in meta.concrete_fields}
    columns = {one.attname: quote(str(one.column)) for one in meta.concrete_fields}
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for pk, (before, after) in changes.items():
        said = {"pk": pk, **{f"b_{name}": value for name, value in before.items()}}
        alike[tuple(sorted(after))].append(said | {f"a_{name}": value for name, value in after.items()})
    done: set[str] = set()
    for names, rows in alike.items():
        types_of = ", ".join(f"b_{name} {types[name]}, a_{name} {types[name]}" for name in names)
        key = f"pk {meta.pk.rel_db_type(connection) if meta.pk else ''}"
        sets = ", ".join(f"{columns[name]} = d.a_{name}" for name in names)
        stands = " AND ".join(f"t.{columns[name]} IS NOT DISTINCT FROM d.b_{name}" for name in names)
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {quote(meta.db_table)} t SET {sets} FROM json_to_recordset(%s) AS d({key}, {types_of}) "  # noqa: S608
                f"WHERE t.id = d.pk AND {stands} RETURNING t.id::text",
                [json.dumps(rows, cls=DjangoJSONEncoder)],
            )
            done.update(pk for (pk,) in cursor.fetchall())
    return done


def delete_rows(model: type[Model], pks: Collection[Pk]) -> None:
    """As they are: what refers to them has been looked for before (`referred_to`)."""
    if pks:
        with connection.cursor() as cursor:
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"DELETE FROM {table} WHERE id = ANY(%s{_cast(model)})", [list(pks)])  # noqa: S608


def referred_to(model: type[Model], pks: Collection[Pk], apart_from: Mapping[type[Model], Iterable[Pk]]) -> set[str]:
    """Which of these rows, as text, something refers to, other than rows of `apart_from`. One statement."""
    quote = connection.ops.quote_name
    parts, values = [], []
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ManyToOneRel):
            continue
        other: Any = relation.related_model
        part = (
            f"SELECT {quote(relation.field.column)}::text FROM {quote(other._meta.db_table)} "  # noqa: S608
            f"WHERE {quote(relation.field.column)} = ANY(%s{_cast(model)})"
        )
        values.append(list(pks))
        if other in apart_from:
            part += f" AND id <> ALL(%s{_cast(other)})"
            values.append(list(apart_from[other]))
        parts.append(part)
    if not parts or not pks:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(" UNION ".join(parts), values)
        return {pk for (pk,) in cursor.fetchall()}


def _cast(model: type[Model]) -> str:
    pk = model._meta.pk
    assert pk is not None
    return f"::{pk.rel_db_type(connection)}[]"
