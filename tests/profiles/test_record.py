"""Everything held on a student leaves as one file, for the one it belongs to."""

from __future__ import annotations

import io
import json
import uuid
import zipfile

from django.apps import apps
from django.db import models

from profiles import record
from profiles.models import AccessEvent, Evidence, Goal, Learner, Mark, ProfileEntry
from tests.cast import Cast


def test_every_model_that_points_at_a_learner_is_in_it_or_said_to_be_left_out() -> None:
    found = {model._meta.label for model, _lookup in record.models_of_a_learner()}
    pointing = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey | models.OneToOneField) and field.related_model is Learner
    }
    assert pointing - found - set(record.LEFT_OUT) == set()
    assert {"profiles.EvidenceRating", "profiles.PlanItem", "profiles.Revocation"} <= found


def test_what_was_said_shown_and_looked_at_is_there(cast: Cast) -> None:
    learner = cast.learner("student")
    ProfileEntry.write(learner, "strength", "I draw maps.", voice="student", by=cast["student"])
    ProfileEntry.write(learner, "stress", "Kept apart.", voice="adult", by=cast["counselor"], visibility="restricted")
    Goal.set(learner, by=cast["student"], horizon="term", dimension="habit", text="Ask early")
    mark = Mark(learner.pk, cast.competency("RN.1").pk, 3, "Well drawn.")
    Evidence.record(cast.section("math"), [mark], by=cast["math"], op_id=uuid.uuid4())
    AccessEvent.note(cast["leader"], "profiles:learner_detail", "admin", learner.pk, [learner.pk])

    with zipfile.ZipFile(io.BytesIO(record.as_files(learner, "es"))) as archive:
        held = json.loads(archive.read("record.json"))
        page = archive.read("record.html").decode()

    assert [one["text"] for one in held["profiles.ProfileEntry"]] == ["I draw maps."]
    assert held["restricted_entries"] == 1
    assert [one["said"] for one in held["profiles.EvidenceRating"]] == ["Well drawn."]
    assert [one["who"] for one in held["looked_at"]] == ["Ruth Alvarez"]
    assert sorted(one["class"] for one in held["enrollments"]) == ["Advisory", "English 9", "Integrated mathematics 1"]
    assert "Kept apart." not in page + json.dumps(held)
    assert "I draw maps." in page


def test_nobody_elses_words_are_in_it(cast: Cast) -> None:
    ProfileEntry.write(cast.learner("amir"), "strength", "Amir's own", voice="student", by=cast["student"])
    held = record.whole_record(cast.learner("student"))
    assert "Amir's own" not in json.dumps(held, default=str)
