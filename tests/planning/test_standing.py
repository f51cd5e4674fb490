"""What a person is in a table today, by name and through teams."""

import datetime as dt

import pytest

from config import clock
from planning.models import StrategyTable, TableMember
from tests.cast import Cast

pytestmark = pytest.mark.django_db
Role = TableMember.Role


def standing(table: StrategyTable, cast: Cast, slug: str) -> int | None:
    return StrategyTable.objects.with_standing_of(cast[slug]).get(pk=table.pk).standing


def test_standing_is_the_best_of_name_and_team(cast: Cast, ninth_table: StrategyTable) -> None:
    ninth_table.share(cast["advisor"], Role.VIEWER, by=cast["teacher"])
    ninth_table.share(cast["leader"], Role.REVIEWER, by=cast["teacher"])

    found = {slug: standing(ninth_table, cast, slug) for slug in ("teacher", "advisor", "leader", "next-door")}

    assert found == {"teacher": Role.OWNER, "advisor": Role.EDITOR, "leader": Role.REVIEWER, "next-door": None}


@pytest.mark.parametrize(("days", "expected"), [(1, Role.EDITOR), (0, None)])
def test_standing_through_a_team_ends_with_the_place_in_it(
    cast: Cast, ninth_table: StrategyTable, days: int, expected: int | None
) -> None:
    place = cast["advisor"].team_memberships.get(team=cast.team("ninth"))
    place.ends = clock.today() + dt.timedelta(days=days)
    place.save()

    assert standing(ninth_table, cast, "advisor") == expected


def test_standing_survives_being_asked_inside_another_query(cast: Cast, ninth_table: StrategyTable) -> None:
    mine = StrategyTable.objects.visible_to(cast["advisor"]).filter(standing__isnull=False)

    assert list(StrategyTable.objects.filter(pk__in=mine.values("pk"))) == [ninth_table]
