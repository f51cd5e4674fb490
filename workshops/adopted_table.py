"""What a school takes home on paper: the ideas it will try, in the columns of a strategy table."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from config.files import Column, Document, Grid, Line, Row
from planning import cells

from .models import Adoption, Workshop

WIDTHS = (1.25, 0.75, 1.1, 1.0, 1.0, 1.1)


def adopted_table(workshop: Workshop, school: str, adoptions: Iterable[Adoption]) -> Document:
    """The six columns of the paper, so that it can be typed into, or read into Trellis later."""
    heads = (Column(str(cells.HEADS[cell]), width=width) for cell, width in zip(cells.CELLS, WIDTHS, strict=True))
    grid = Grid(tuple(heads), tuple(_row(one) for one in adoptions), name=_("Strategies"))
    return Document(
        title=_("Ideas to start with"),
        subtitle=(" · ".join(part for part in (school, workshop.title) if part),),
        blocks=(grid,),
        language=get_language() or "en",
        landscape=True,
        footer=workshop.title,
    )


def _row(adoption: Adoption) -> Row:
    said = {
        "description": [Line(adoption.element.text)],
        "areas": [Line(str(cells.Area(area).label), "chip") for area in adoption.element.areas],
        "responsible": [Line(adoption.who)] if adoption.who else [],
    }
    if adoption.first_step:
        said["description"].append(Line(f"{_('First step')}: {adoption.first_step}"))
    return Row(tuple(tuple(said.get(cell, ())) for cell in cells.CELLS))
