"""Everything held on a student leaves as one file, for the one it belongs to."""

from __future__ import annotations

import datetime as dt
import io
import json
import uuid
import zipfile
from collections.abc import Callable

from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from profiles import record
from profiles.models import AccessEvent, Evidence, Goal, GuardianLink, Learner, Mark, Person, ProfileEntry, RecordCopy
from tests.cast import Cast


def of(cast: Cast, slug: str = "guardian") -> Learner:
    """Sofia, as this person opens her record."""
    return Learner.objects.visible_to(cast[slug]).get(pk=cast.learner("student").pk)


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

    with zipfile.ZipFile(io.BytesIO(record.as_files(of(cast), cast["guardian"], "es"))) as archive:
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
    held = record.whole_record(of(cast), cast["guardian"])
    assert "Amir's own" not in json.dumps(held, default=str)


def test_what_a_student_shares_with_fewer_is_counted_for_the_family_and_there_for_the_student(cast: Cast) -> None:
    ProfileEntry.write(
        cast.learner("student"),
        "feeling",
        "Nervous in labs.",
        voice="student",
        by=cast["student"],
        visibility="advisor",
    )
    family = record.whole_record(of(cast), cast["guardian"])
    own = record.whole_record(of(cast, "student"), cast["student"])
    assert (family["restricted_entries"], "Nervous" in json.dumps(family, default=str)) == (1, False)
    assert (own["restricted_entries"], [one["text"] for one in own["profiles.ProfileEntry"]]) == (
        0,
        ["Nervous in labs."],
    )


def test_a_court_limit_of_one_guardian_is_not_in_the_others_copy(cast: Cast) -> None:
    GuardianLink.objects.create(
        guardian=cast["coach"], learner=cast.learner("student"), begins="2026-01-01", court_limit="Order of March 3"
    )
    assert "Order of March 3" not in json.dumps(record.whole_record(of(cast), cast["guardian"]), default=str)


# Asking for it


def test_the_family_asks_and_takes_it_away(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    client, learner = sign_in("guardian"), cast.learner("student")
    page = reverse("profiles:learner_record", args=[learner.pk])
    client.post(reverse("profiles:learner_record_ask", args=[learner.pk]))
    file = reverse("profiles:learner_record_file", args=[learner.pk])
    assert file in client.get(page).text
    taken = client.get(file)
    assert taken.headers["Content-Type"] == "application/zip"
    assert zipfile.ZipFile(io.BytesIO(taken.content)).namelist() == ["record.html", "record.json"]


def test_who_may_no_longer_read_takes_nothing_away(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    client, learner = sign_in("guardian"), cast.learner("student")
    client.post(reverse("profiles:learner_record_ask", args=[learner.pk]))
    GuardianLink.objects.update(court_limit="Order of March 3")
    assert client.get(reverse("profiles:learner_record_file", args=[learner.pk])).status_code == 404


def test_nobody_takes_what_another_asked_for(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    learner = cast.learner("student")
    Person.objects.filter(pk=learner.pk).update(birth_date="2000-01-01")
    sign_in("student").post(reverse("profiles:learner_record_ask", args=[learner.pk]))
    Learner.objects.update(regranted=True)
    assert sign_in("guardian").get(reverse("profiles:learner_record_file", args=[learner.pk])).status_code == 404


def test_adults_at_school_and_students_under_age_do_not_ask(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    url = reverse("profiles:learner_record_ask", args=[cast.learner("student").pk])
    assert [sign_in(slug).post(url).status_code for slug in ("advisor", "leader", "student")] == [403, 403, 403]


def test_a_copy_is_kept_a_week(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    client, learner = sign_in("guardian"), cast.learner("student")
    client.post(reverse("profiles:learner_record_ask", args=[learner.pk]))
    RecordCopy.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert client.get(reverse("profiles:learner_record_file", args=[learner.pk])).status_code == 404
    RecordCopy.forget()
    assert RecordCopy.objects.count() == 0
