"""A student's record: who may open it, and that they did."""

from __future__ import annotations

import uuid
from typing import Any

from django.shortcuts import get_object_or_404

from ..models import AccessEvent, Learner
from ..requests import PersonRequest


def learner_of(request: PersonRequest, pk: uuid.UUID, **annotations: Any) -> Learner:
    """The student, where the reader may open the record today (else 404); the look is written down."""
    learners = Learner.objects.visible_to(request.user).select_related("person", "home")
    learner = get_object_or_404(learners.annotate(**annotations), pk=pk)
    page = request.resolver_match.view_name if request.resolver_match else ""
    AccessEvent.note(request.user, page, learner.why, learner.pk, [learner.pk])
    return learner
