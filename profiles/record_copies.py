"""The worker makes the copy of a whole record that somebody asked for."""

from __future__ import annotations

import uuid

from django_tasks import task

from . import permissions, record
from .models import Learner, RecordCopy


@task()
def make_record(copy_id: str) -> None:
    """Nothing where the person may no longer have it."""
    RecordCopy.forget()
    copy = RecordCopy.objects.filter(pk=uuid.UUID(copy_id)).select_related("asked_by").first()
    if copy is None:
        return
    seen = Learner.objects.visible_to(copy.asked_by).select_related("person", "home")
    learner = seen.filter(pk=copy.learner_id).first()
    if learner is not None and permissions.can_ask_for_record(learner):
        copy.hold(record.as_files(learner, copy.asked_by, copy.language))
