"""An address as a drawing that cameras read."""

from __future__ import annotations

import io

import segno
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from .models import Workshop


def join_address(request: HttpRequest, workshop: Workshop) -> str:
    """Where the code leads: the whole address, for the QR."""
    return request.build_absolute_uri(reverse("workshops:workshop_join", args=[workshop.join_code]))


def qr(text: str) -> SafeString:
    """The address as an SVG of ours: dark on white in every colour scheme, with the quiet zone that cameras need."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=False, border=4, dark="#000", light="#fff", omitsize=True, nl=False
    )
    return mark_safe(out.getvalue().decode())  # noqa: S308 (a drawing of ours)
