"""Who may follow a table live: whoever may read it."""

from typing import Any
from uuid import UUID

from django.db import connection

from config import clock, live
from profiles.models import RoleAssignment

from .models import StrategyTable

# `StrategyTable.visible_to` for many people at once; a test holds the two against each other for the whole cast.
ACCESS = """
SELECT pair.person, t.id, t.version
FROM unnest(%(people)s::uuid[], %(tables)s::uuid[]) AS pair(person, id)
JOIN planning_strategytable t ON t.id = pair.id
JOIN profiles_org school ON school.id = t.school_id
JOIN profiles_person p ON p.id = pair.person AND p.is_active
CROSS JOIN LATERAL (
    SELECT bool_or(r.role = 'district_admin') AS district,
           bool_or(r.org_id = t.school_id AND r.role <> 'coach') AS colleague,
           bool_or(r.org_id = t.school_id AND r.role = 'school_admin') AS leader,
           bool_or(r.org_id IN (t.school_id, school.parent_id)) AS works_here
    FROM profiles_roleassignment r
    WHERE r.person_id = pair.person AND r.role = ANY(%(staff)s)
      AND r.begins <= %(today)s AND (r.ends IS NULL OR r.ends > %(today)s)
) roles
WHERE roles.district OR roles.leader OR (roles.colleague AND NOT t.members_only)
   OR (roles.works_here AND EXISTS (
        SELECT FROM planning_tablemember m
        WHERE m.table_id = t.id AND (m.person_id = pair.person OR m.team_id IN (
            SELECT tm.team_id FROM profiles_teammembership tm
            WHERE tm.person_id = pair.person
              AND tm.begins <= %(today)s AND (tm.ends IS NULL OR tm.ends > %(today)s)))))
"""


def access(pairs: set[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], int]:
    """The pairs (person, table) that may read on, each with the table's version: one query whatever their number."""
    ordered = list(pairs)
    parameters: dict[str, Any] = {
        "people": [str(person) for person, _table in ordered],
        "tables": [str(table) for _person, table in ordered],
        "staff": list(RoleAssignment.STAFF),
        "today": clock.today(),
    }
    with connection.cursor() as cursor:
        cursor.execute(ACCESS, parameters)
        return {(person, table): version for person, table, version in cursor.fetchall()}


live.register(StrategyTable.kind, access)
