"""Credit on the day everything a class expects is shown and kept, not at its end (profiles 4.6)."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from .mastery import State
from .models import Actor, Credit, DroppedExpectation, Enrollment, Estimate, Expectation, Learner, Section


def complete(ids: Collection[uuid.UUID]) -> QuerySet[Any]:
    """Places of these students in classes of a course of which nothing that is expected is left to show."""
    of_class = Expectation.objects.filter(section=OuterRef("section"))
    dropped = DroppedExpectation.objects.filter(
        section=OuterRef("section"), competency=OuterRef("competency"), learner=OuterRef(OuterRef("person"))
    )
    kept = Estimate.objects.filter(
        competency=OuterRef("competency"), learner=OuterRef(OuterRef("person")), banked__gte=State.SECURE
    )
    expected = of_class.filter(~Exists(dropped))
    return (
        Enrollment.objects.current()
        .students()
        .filter(person__in=ids, section__in=Section.objects.current(), section__course__isnull=False)
        .filter(Exists(expected), ~Exists(expected.filter(~Exists(kept))))
    )


def post_credits(ids: Collection[uuid.UUID], *, by: Actor) -> list[Credit]:
    """Post what is earned; what was posted today and stands no longer, because a rating was undone, goes again."""
    with transaction.atomic():
        through = list(complete(ids).select_related("section__course"))
        posted = set(Credit.objects.filter(learner__in=ids).values_list("learner", "course"))
        learners = Learner.objects.filter(pk__in=ids).select_related("home").in_bulk()
        made = [
            Credit.post(learners[one.person_id], one.section, by=by)
            for one in through
            if (one.person_id, one.section.course_id) not in posted
        ]
        standing = {(one.person_id, one.section_id) for one in through}
        for credit in Credit.objects.filter(learner__in=ids, section__isnull=False).select_related("course"):
            credit.learner = learners[credit.learner_id]
            today = credit.learner.home.today()
            if credit.met_on >= today and (credit.learner_id, credit.section_id) not in standing:
                credit.take_back(by=by)
    return [one for one in made if one]
