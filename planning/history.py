"""What happened in a table, one sentence a change, with what it said before and after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from profiles.models import Change

from . import cells
from .grid import Grid, names_in
from .models import StrategyTable, TableMember

SAVED = {
    "edit": gettext_lazy("changed “%(cell)s” of “%(row)s”"),
    "merge": gettext_lazy("changed “%(cell)s” of “%(row)s”; it was joined with what a colleague wrote meanwhile"),
    "adopt": gettext_lazy("put the other text into “%(cell)s” of “%(row)s”"),
    "combine": gettext_lazy("combined both texts in “%(cell)s” of “%(row)s”"),
    "undo": gettext_lazy("undid their last change of “%(cell)s” of “%(row)s”"),
    "bring_back": gettext_lazy("brought back an earlier “%(cell)s” of “%(row)s”"),
    "import": gettext_lazy("brought in “%(cell)s” of “%(row)s” from a file"),
}
DECIDED = {
    "adopted": gettext_lazy("settled “%(cell)s” of “%(row)s” with the other text"),
    "combined": gettext_lazy("settled “%(cell)s” of “%(row)s” with both texts"),
    "declined": gettext_lazy("kept what stood in “%(cell)s” of “%(row)s”"),
}


@dataclass(frozen=True)
class Entry:
    """One change in words. `before` and `after` are HTML of what a cell said, or empty; `was` and `now` plain text."""

    change: Change
    actor: str
    sentence: str
    before: str = ""
    after: str = ""
    was: str = ""
    now: str = ""
    row: str = ""
    cell: str = ""
    url: str = ""
    """Of the row, where it is still there."""


def changes_of(table: StrategyTable, *, row: str = "", cell: str = "") -> QuerySet[Change]:
    """Newest first; of one row, or of one cell of a row."""
    changes = Change.objects.filter(stream=table.stream).select_related("actor")
    if row and cell:
        changes = changes.filter(target__in=[row, f"{row}/{cell}"])
    elif row:
        changes = changes.filter(Q(target=row) | Q(target__startswith=f"{row}/"))
    return changes.order_by("-version", "-n")


def entries(table: StrategyTable, changes: Iterable[Change]) -> list[Entry]:
    """Sentences for `changes`, in three more statements whatever their number."""
    changes = list(changes)
    left = Change.objects.filter(stream=table.stream, verb="row_left").values_list("target", "after")
    gone = {row: after.get("row", "") for row, after in left if after}
    names = dict(table.strategies.values_list("pk", "description"))
    rows = gone | {str(pk): description.split("\n")[0][:80] for pk, description in names.items()}
    people = names_in(
        side["value"]
        for change in changes
        if change.target.endswith("/responsible")
        for side in (change.before, change.after)
        if side and "value" in side
    )
    grid = Grid(table, may_edit=False)
    here = set(map(str, names))
    return [_entry(change, rows, here, people, grid) for change in changes]


def _entry(change: Change, rows: dict[str, str], here: set[str], people: dict[str, str], grid: Grid) -> Entry:
    row, _slash, cell = change.target.partition("/")
    actor = str(change.actor) if change.actor else _("Somebody no longer here")
    if change.actor_kind == Change.ActorKind.IMPORT:
        actor = change.actor_ref or _("A file")
    words = {"row": rows.get(row) or _("a row without a description yet")}
    if cell:
        words["cell"] = str(cells.HEADS[cell])

    def said(side: Any) -> str:
        if not side or "value" not in side or change.verb == "proposal_decided":
            return ""
        return mark_safe(grid.value_words(cell, side["value"], people))  # noqa: S308 - escaped there

    def plain(side: Any) -> str:
        if not side or "value" not in side or change.verb == "proposal_decided":
            return ""
        return "; ".join(cells.in_words(cell, side["value"], people))

    return Entry(
        change,
        actor,
        _sentence(change, words),
        said(change.before) if cell else "",
        said(change.after) if cell else "",
        plain(change.before) if cell else "",
        plain(change.after) if cell else "",
        row if row in here else "",
        cell,
        grid.url(row) if row in rows else "",
    )


def _sentence(change: Change, words: dict[str, str]) -> str:
    after, before = change.after or {}, change.before or {}
    match change.verb:
        case "table_begun":
            return _("began the table")
        case "table_described":
            return _described(before, after)
        case "table_archived":
            return _("archived the table")
        case "table_brought_back":
            return _("brought the table back from the archive")
        case "member_shared":
            role = TableMember.Role(after.get("role", 4)).label
            return _("made %(name)s a member: %(role)s") % {"name": after.get("name", ""), "role": role}
        case "member_unshared":
            return _("took %(name)s off the members") % {"name": before.get("name", "")}
        case "row_added":
            return {
                "import": _("brought in the row “%(row)s” from a file"),
                "copy": _("copied the row “%(row)s” from another table"),
                "table": _("moved the row “%(row)s” here from another table"),
                "workshop": _("took the idea “%(row)s” from a workshop"),
            }.get(after.get("origin", ""), _("added the row “%(row)s”")) % words
        case "cell_saved":
            return str(SAVED.get(after.get("cause", "edit"), SAVED["edit"])) % words
        case "cell_proposed":
            return _("wrote in “%(cell)s” of “%(row)s” at the same time as a colleague; both texts were kept") % words
        case "proposal_decided":
            return str(DECIDED.get(after.get("state", ""), DECIDED["adopted"])) % words
        case "row_moved":
            behind = after.get("after")
            if behind:
                return _("moved “%(row)s” behind “%(behind)s”") % {**words, "behind": behind}
            return _("moved “%(row)s” to the top") % words
        case "row_left":
            return _("moved “%(row)s” to the table “%(to)s”") % {**words, "to": after.get("to", "")}
        case "comment_said":
            return _("commented on “%(row)s”: %(body)s") % {**words, "body": after.get("body", "")}
        case "comment_resolved":
            return _("settled a comment on “%(row)s”: %(body)s") % {**words, "body": after.get("body", "")}
        case "comment_reopened":
            return _("reopened a comment on “%(row)s”: %(body)s") % {**words, "body": after.get("body", "")}
        case "row_set_aside":
            return _("set “%(row)s” aside") % words
        case "row_restored":
            return _("restored “%(row)s”") % words
    raise ValueError(f"no sentence for {change.verb}")


def _described(before: dict[str, Any], after: dict[str, Any]) -> str:
    if "title" in after:
        return _("renamed the table from “%(before)s” to “%(after)s”") % {
            "before": before.get("title", ""),
            "after": after["title"],
        }
    if after.get("members_only"):
        return _("kept the table to its members")
    if "members_only" in after:
        return _("opened the table to the adults of the school")
    return pgettext("of a table", "changed its details")
