"""Who is there for a student, for what, and how to ask."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from ..models import Enrollment, Learner, Person, RoleAssignment, Section
from ..requests import PersonRequest
from .learners import learner_of

ADVISOR = gettext_lazy("how school goes as a whole, your goals and your plan")
COUNSELOR = gettext_lazy("worries, home, what comes after school")


@dataclass
class Ally:
    """An adult, what one may come to them for, and when and where they are found."""

    person: Person
    for_what: list[str | Promise] = field(default_factory=list)
    where: list[str] = field(default_factory=list)


def people_for(learner: Learner, reader: Person) -> dict[str, Any]:
    """What `profiles/learner_people.html` shows: advisor, then teachers, then counselors. Two statements."""
    attended = Enrollment.objects.current().students().filter(person=learner.pk, section__in=Section.objects.current())
    teaching = (
        Enrollment.objects.current()
        .filter(~Q(role=Enrollment.Role.STUDENT), section__in=attended.values("section"), person__is_active=True)
        .select_related("person", "section")
        .order_by("-section__advisory", "section__title", "person__family_name", "pk")
    )
    allies: dict[uuid.UUID, Ally] = {}
    for one in teaching:
        ally = allies.setdefault(one.person_id, Ally(one.person))
        section = one.section
        ally.for_what.append(ADVISOR if section.advisory else section.title)
        place = []
        if section.periods:
            place.append(_("period %(period)s") % {"period": section.periods})
        if section.location:
            place.append(_("room %(room)s") % {"room": section.location})
        if place:
            ally.where.append(", ".join(place))
    counselors = RoleAssignment.objects.current().filter(
        org=learner.home_id, role=RoleAssignment.Role.COUNSELOR, person__is_active=True
    )
    for role in counselors.select_related("person").order_by("person__family_name", "pk"):
        allies.setdefault(role.person_id, Ally(role.person)).for_what.append(COUNSELOR)
    return {"learner": learner, "allies": list(allies.values())}


@require_GET
def learner_people(request: PersonRequest, learner: uuid.UUID) -> HttpResponse:
    shown = learner_of(request, learner)
    context = {"learner": shown, "people": people_for(shown, request.user)}
    return render(request, "profiles/learner_people_page.html", context)
