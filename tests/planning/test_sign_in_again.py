"""Words that one person wrote are never stored under another who signed in on the same device."""

from collections.abc import Callable

from django.test import Client

from planning.models import Strategy, StrategyTable
from tests.cast import Cast


def test_words_of_one_are_refused_under_another(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    table = StrategyTable.begin(
        cast.org("cedar"), "Mornings", "grade_team", by=cast["teacher"], team=cast.team("ninth")
    )
    row = Strategy.add(table, by=cast["teacher"])
    url = f"/planning/tables/{table.pk}/strategies/{row.pk}/cells/assessment/"
    data = {"text": "Maya's words", "base_version": row.cell_versions["assessment"]}
    written_by = {"headers": {"X-Trellis-Person": str(cast["teacher"].pk)}}

    as_henry = sign_in("advisor").post(url, data, **written_by)
    row.refresh_from_db()
    after_henry = row.assessment
    as_maya = sign_in("teacher").post(url, data, **written_by)
    row.refresh_from_db()

    assert (as_henry.status_code, after_henry) == (401, "")
    assert (as_maya.status_code, row.assessment) == (302, "Maya's words")
