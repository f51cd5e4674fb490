"""Whose record one may open; who else may, and who looked; the students of a class."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from .. import permissions
from ..models import (
    AccessEvent,
    Enrollment,
    GuardianLink,
    Learner,
    Person,
    ProfileEntry,
    RoleAssignment,
    Section,
    Why,
)
from ..models.people import name_shown
from ..requests import PersonRequest

LOOKS_A_PAGE = 50


def learner_of(request: PersonRequest, pk: uuid.UUID, **annotations: Any) -> Learner:
    """The student, where the reader may open the record today (else 404); the look is written down."""
    learners = Learner.objects.visible_to(request.user).select_related("person", "home")
    learner = get_object_or_404(learners.annotate(**annotations), pk=pk)
    page = request.resolver_match.view_name if request.resolver_match else ""
    AccessEvent.note(request.user, page, learner.why, learner.pk, [learner.pk])
    learner.check_ins_open = permissions.can_read_check_ins(learner)
    return learner


@require_GET
def learner_own(request: PersonRequest) -> HttpResponse:
    """One's own page; a family's child's; where there are several, whose."""
    learners = Learner.objects.visible_to(request.user).because(Why.SELF, Why.GUARDIAN)
    found = list(learners.with_person().select_related("home").by_name())
    if not found:
        raise Http404
    if len(found) == 1:
        family = found[0].why == Why.GUARDIAN
        return redirect("profiles:learner_family" if family else "profiles:learner_detail", found[0].pk)
    return render(request, "profiles/learner_own.html", {"learners": found})


@dataclass(frozen=True)
class Reader:
    """Somebody who may open the record, and why."""

    person: Person
    why: str | Promise


@dataclass(frozen=True)
class Look:
    """Somebody opened the record, as what, in which hour, and how often."""

    name: str
    why: str | Promise
    hour: dt.datetime
    times: int


LOOKED_AS: dict[str, str | Promise] = {
    Why.SELF: gettext_lazy("the student"),
    Why.GUARDIAN: gettext_lazy("family"),
    Why.ADVISORY: gettext_lazy("advisor"),
    Why.SECTION: gettext_lazy("teacher of the student"),
    Why.TEAM: gettext_lazy("on a team that shares the student"),
    Why.CASELOAD: gettext_lazy("counselor"),
    Why.ADMIN: gettext_lazy("leader of the school"),
}


@require_GET
def learner_readers(request: PersonRequest, learner: uuid.UUID) -> HttpResponse:
    """Who may open this record today, by name, and, for those it belongs to, who did."""
    shown = learner_of(request, learner)
    looks = None
    if permissions.can_see_looks(shown):
        looks = Paginator(_looks(shown), LOOKS_A_PAGE).get_page(request.GET.get("page"))
        looks.object_list = [
            Look(name_shown(*names), LOOKED_AS.get(reason, reason), hour, times)
            for *names, reason, hour, times in looks.object_list
        ]
    context = {
        "learner": shown,
        "own": shown.why == Why.SELF,
        "adults": _adults(shown),
        "family": _family(shown),
        "looks": looks,
    }
    return render(request, "profiles/learner_readers.html", context)


def _looks(learner: Learner) -> Any:
    """By whom, as what, in which hour and how often, whichever page it was; the newest first."""
    names = ("viewer__preferred_name", "viewer__given_name", "viewer__family_name")
    events = AccessEvent.objects.of(learner.pk).values_list(*names, "reason", "hour")
    return events.annotate(so_often=Sum("times")).order_by("-hour", *names)


def _adults(learner: Learner) -> list[Reader]:
    """Advisors and teachers of today, then counselors and leaders of the school."""
    classes = Enrollment.objects.current().students().filter(person=learner.pk, section__in=Section.objects.current())
    teaching = (
        Enrollment.objects.current()
        .filter(section__in=classes.values("section"), person__is_active=True)
        .exclude(role=Enrollment.Role.STUDENT)
        .select_related("person", "section")
        .order_by("-section__advisory", "section__title", "person__family_name")
    )
    found = [
        Reader(one.person, _("Advisor") if one.section.advisory else one.section.title)
        for one in teaching
        if one.person.is_active
    ]
    roles = RoleAssignment.objects.current().filter(
        org=learner.home_id, role__in=("counselor", "school_admin"), person__is_active=True
    )
    found += [Reader(role.person, role.get_role_display()) for role in roles.select_related("person").order_by("role")]
    return found


def _family(learner: Learner) -> list[Reader]:
    links = GuardianLink.objects.giving_sight().filter(learner=learner).select_related("guardian")
    return [Reader(link.guardian, link.get_relation_display()) for link in links]


@require_GET
def class_learners(request: PersonRequest, section: uuid.UUID) -> HttpResponse:
    """The students of a class, each with something in their own words, and a line to add what one noticed."""
    shown = get_object_or_404(Section.objects.visible_to(request.user).select_related("school"), pk=section)
    enrolled = Enrollment.objects.current().students().filter(section=shown)
    learners = list(
        Learner.objects.visible_to(request.user).filter(pk__in=enrolled.values("person")).with_person().by_name()
    )
    own_words: dict[uuid.UUID, ProfileEntry] = {}
    entries = ProfileEntry.objects.standing().filter(
        learner__in=learners,
        voice=ProfileEntry.Voice.STUDENT,
        visibility__in=(ProfileEntry.Visibility.ALL, ProfileEntry.Visibility.STAFF),
        section__in=(ProfileEntry.Section.STRENGTH, ProfileEntry.Section.INTEREST),
    )
    for entry in entries.order_by("as_of", "written_at"):
        own_words[entry.learner_id] = entry
    for why in {one.why for one in learners}:
        ids = [one.pk for one in learners if one.why == why]
        AccessEvent.note(request.user, "profiles:class_learners", why, shown.pk, ids)
    lines = [(one, own_words.get(one.pk), bool(permissions.voice_of(one))) for one in learners]
    return render(request, "profiles/class_learners.html", {"section": shown, "lines": lines})
