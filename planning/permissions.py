"""May they? Pure functions of a person and a table fetched through `visible_to` (which adds `standing`)."""

from profiles.models import Person

from .models import StrategyTable, TableMember

Role = TableMember.Role


def _is(table: StrategyTable, *roles: int) -> bool:
    return table.standing in roles


def can_edit(person: Person, table: StrategyTable) -> bool:
    """Rows and cells: owners and editors of a table that is not archived."""
    return table.archived_at is None and _is(table, Role.OWNER, Role.EDITOR)


def can_comment(person: Person, table: StrategyTable) -> bool:
    """Comment, answer, settle: every member but viewers, while the table is not archived."""
    return table.archived_at is None and _is(table, Role.OWNER, Role.EDITOR, Role.REVIEWER)


def can_manage(person: Person, table: StrategyTable) -> bool:
    """Title, sharing, archive: owners."""
    return _is(table, Role.OWNER)


def can_join(person: Person, table: StrategyTable) -> bool:
    """A leader of the table's school may add themselves, which is recorded."""
    return table.school_id in person.led_school_ids and not _is(table, Role.OWNER, Role.EDITOR)


def can_begin(person: Person) -> bool:
    """A new table: any adult of a school."""
    return any(role.org.org_kind == "school" for role in person.staff_roles)


def can_copy(person: Person, table: StrategyTable) -> bool:
    """Begin another table with this one's rows: adults of its school who may read it."""
    return any(role.org_id == table.school_id for role in person.staff_roles)
