"""An address as a drawing that cameras read."""

from __future__ import annotations

import io

import segno
from django.utils.safestring import SafeString, mark_safe

from .files import Drawing


def qr(text: str) -> SafeString:
    """The address as an SVG of ours for a page: dark on white in every colour scheme, with the quiet zone that cameras
    need."""
    return mark_safe(_svg(text, own_file=False))  # noqa: S308 (a drawing of ours)


def qr_drawing(text: str, *, alt: str, width_mm: float) -> Drawing:
    """The same for paper."""
    return Drawing(_svg(text, own_file=True), alt, width_mm)


def _svg(text: str, *, own_file: bool) -> str:
    """`own_file`: not inside a page, so it names its own namespace."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=own_file, border=4, dark="#000", light="#fff", omitsize=True, nl=False
    )
    return out.getvalue().decode()
