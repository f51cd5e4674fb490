"""The rows of a table as HTML: one ready-made, escaped fragment a row, built for this request's reader.

A thousand cells are too many for template variables (27 µs each); what a cell looks like stands here and nowhere else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import cells
from .filters import Filter
from .models import CellProposal, Responsibility, Strategy, StrategyTable


class Grid:
    """Renders the rows of one table for one reader."""

    def __init__(
        self, table: StrategyTable, *, may_edit: bool, shown: Filter | None = None, request: HttpRequest | None = None
    ) -> None:
        """`request` lets the forms in the cells carry its token, so that they work without scripts."""
        self.request = request
        self.table, self.may_edit, self.shown = table, may_edit, shown or Filter()
        self.people_named: list[str] = []
        self.set_aside: list[Strategy] = []
        self.names: dict[str, str] = {}
        self.heads = {cell: escape(str(head)) for cell, head in cells.HEADS.items()}
        self.areas = {
            area.value: f'<span class="chip" data-area="{area.value}">{escape(str(area.label))}</span>'
            for area in cells.Area
        }
        self.supports = {
            support.value: f' <span class="support">{escape(str(support.label))}</span>' for support in cells.Support
        }
        need = escape(_("still missing"))
        self.need = f'<span class="need">{need}</span>'
        self.more = escape(_("More about this row"))
        self.because = escape(_("why"))
        self.leads = escape(_("leads"))

    def rows(self, only: Iterable[str] | None = None) -> list[tuple[str, SafeString]]:
        """(id, HTML) of the standing rows in order; with `only`, HTML of those ids and "" for the others."""
        wanted = None if only is None else set(only)
        found = list(self.table.strategies.in_order().with_open_comments())
        named = Responsibility.named_in(self.table)
        for one in found:
            one.people = named.get(one.pk, [])
        everything = [one for one in found if not one.set_aside_at]
        self.set_aside = [one for one in found if one.set_aside_at]
        self.people_named = sorted({each.name for one in everything for each in one.people})
        standing = self.shown.rows(everything)
        if wanted is None:
            open_proposals = self.proposals(Q(strategy__table=self.table))
        else:
            open_proposals = self.proposals(Q(strategy__table=self.table, strategy__in=wanted)) if wanted else {}
        return [
            (
                str(one.pk),
                self.row(one, open_proposals.get(one.pk, []))
                if wanted is None or str(one.pk) in wanted
                else SafeString(""),
            )
            for one in standing
        ]

    def proposals(self, which: Q) -> dict[Any, list[CellProposal]]:
        found: dict[Any, list[CellProposal]] = defaultdict(list)
        for proposal in CellProposal.objects.filter(which, state="open").prefetch_related("author"):
            found[proposal.strategy_id].append(proposal)
        values = [one.value for waiting in found.values() for one in waiting if one.cell == "responsible"]
        self.names |= names_in(values)
        return found

    def row(self, strategy: Strategy, proposals: list[CellProposal]) -> SafeString:
        versions = strategy.cell_versions
        row_id = str(strategy.pk)
        parts = [f'<tr id="s-{row_id}" data-row="{row_id}">']
        for cell in cells.CELLS:
            here = [one for one in proposals if one.cell == cell]
            parts.append(self.cell(strategy, cell, versions[cell], here))
        said = strategy.open_comments
        parts.append(
            f'<td class="grid-more"><a class="more" href="{self.url(row_id)}" aria-label="{self.more}: '
            f'{escape(str(strategy))}">⋯</a>{self.comments(said, row_id) if said else ""}</td></tr>'
        )
        return mark_safe("".join(parts))  # noqa: S308 - every word was escaped on the way in

    def comments(self, count: int, row_id: str) -> str:
        words = escape(ngettext("%(n)s open comment", "%(n)s open comments", count) % {"n": count})
        return f'<a class="count" href="{self.url(row_id)}#comments" aria-label="{words}" title="{words}">{count}</a>'

    def url(self, row_id: str) -> str:
        return f"/planning/tables/{self.table.pk}/strategies/{row_id}/"

    def cell(self, strategy: Strategy, cell: str, version: int, proposals: list[CellProposal]) -> str:
        inside = self.words(cell, strategy) or (self.need if self.may_edit else "")
        classes = "cell first" if cell == "description" else "cell"
        if proposals:
            classes += " conflict"
            inside = f'<div class="stands">{inside}</div>' + "".join(self.proposal(strategy, one) for one in proposals)
        return (
            f'<td class="{classes}" data-cell="{cell}" data-v="{version}" data-head="{self.heads[cell]}">{inside}</td>'
        )

    def words(self, cell: str, strategy: Strategy) -> str:
        """What the cell says, as HTML; "" where it says nothing."""
        if cell in cells.TEXT_CELLS:
            text = getattr(strategy, cell)
            return f'<div class="text">{escape(text)}</div>' if text else ""
        if cell == "areas":
            return " ".join(self.areas[area] for area in strategy.areas)
        if cell == "responsible":
            return self.people(strategy.people, strategy.why_led)
        return self.lines(getattr(strategy, cell))

    def lines(self, lines: list[dict[str, str]]) -> str:
        if not lines:
            return ""
        items = "".join(
            f'<li data-support="{line["support"]}"><span>{escape(line["text"])}</span>'
            f"{self.supports[line['support']] if line['support'] else ''}</li>"
            for line in lines
        )
        return f"<ul>{items}</ul>"

    def people(self, people: Sequence[tuple[str, str, bool]], why: str) -> str:
        if not people and not why:
            return ""
        items = "".join(
            f'<li class="lead" data-person="{person}"><b>{escape(name)}</b> {self.leads}</li>'
            if lead
            else f'<li data-person="{person}"><b>{escape(name)}</b></li>'
            for name, person, lead in people
        )
        because = f'<p class="why">{escape(why)}</p>' if why else ""
        if not why and self.may_edit:
            because = f'<p class="need">{escape(_("still missing: why them"))}</p>'
        return f'<ul class="people">{items}</ul>{because}'

    def value_words(self, cell: str, value: Any, names: dict[str, str]) -> str:
        """A value that stands in no row (a proposal's, history's) as HTML. `names` gives people's names by id."""
        if cell in cells.TEXT_CELLS:
            return f'<div class="text">{escape(value)}</div>' if value else ""
        if cell == "areas":
            return " ".join(self.areas[area] for area in value)
        if cell == "responsible":
            people = [
                (names.get(one.get("person", ""), one.get("role", "")), one.get("person", ""), one.get("lead", False))
                for one in value["people"]
            ]
            return self.people(people, value["why"])
        return self.lines(value)

    def proposal(self, strategy: Strategy, proposal: CellProposal) -> str:
        return render_to_string(
            "planning/proposal.html",
            {
                "table": self.table,
                "strategy": strategy,
                "proposal": proposal,
                "mine": mark_safe(self.value_words(proposal.cell, proposal.value, self.names)),  # noqa: S308
                "version": strategy.cell_versions[proposal.cell],
                "may_edit": self.may_edit,
            },
            request=self.request,
        )


def names_in(values: Iterable[Any]) -> dict[str, str]:
    """Names, by id, of the people that responsible-cell values mention."""
    from profiles.models import Person

    ids = {one["person"] for value in values if value for one in value["people"] if "person" in one}
    return {str(person.pk): str(person) for person in Person.objects.filter(pk__in=ids)} if ids else {}
