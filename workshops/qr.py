"""Where a workshop's code leads, whole, for its QR."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse

from .models import Workshop

Address = Callable[[str], str]
"""Makes a path a whole address: `request.build_absolute_uri`."""


def join_address(workshop: Workshop, address: Address) -> str:
    """Where the code leads: the whole address, for the QR."""
    return address(reverse("workshops:workshop_join", args=[workshop.join_code]))
