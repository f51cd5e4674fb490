"""A map of competencies with the states of a class or of one learner, and the same as a list."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import maps
from .models import Competency, CompetencyLink, Enrollment, Estimate, Learner, Level, Section

LEVEL_SHARE = {Level.EMERGING: 0.25, Level.DEVELOPING: 0.5, Level.SECURE: 1.0, Level.EXTENDING: 1.0}
"""As the level signs are filled everywhere else (css/components/level.css)."""

States = Mapping[uuid.UUID, maps.State]


def states_of_learner(learner: Learner, competencies: Sequence[Competency]) -> dict[uuid.UUID, maps.State]:
    """One query."""
    today = learner.home.today()
    shown = {
        one.competency_id: Level(one.shown(today))
        for one in Estimate.objects.filter(learner=learner, competency__in=competencies)
    }
    levels = {one.pk: shown.get(one.pk, Level.UNKNOWN) for one in competencies if one.ratable}
    return {
        pk: maps.State(LEVEL_SHARE.get(level), str(level.label), beyond=level == Level.EXTENDING)
        for pk, level in levels.items()
    }


def states_of_class(section: Section, competencies: Sequence[Competency]) -> dict[uuid.UUID, maps.State]:
    """How many of the class are secure; a dashed ring where nobody is known. Two queries."""
    today = section.school.today()
    students = list(
        Enrollment.objects.current().students().filter(section=section).values_list("person", flat=True).distinct()
    )
    secure: Counter[uuid.UUID] = Counter()
    known: Counter[uuid.UUID] = Counter()
    for one in Estimate.objects.filter(learner__in=students, competency__in=competencies):
        level = one.shown(today)
        known[one.competency_id] += level > Level.UNKNOWN
        secure[one.competency_id] += level >= Level.SECURE
    return {
        one.pk: _state_of_class(secure[one.pk], known[one.pk], len(students)) for one in competencies if one.ratable
    }


def _state_of_class(secure: int, known: int, students: int) -> maps.State:
    if not known:
        return maps.State(None, _("not known yet"))
    words = ngettext("%(secure)s of %(n)s student secure", "%(secure)s of %(n)s students secure", students)
    return maps.State(secure / students, words % {"secure": secure, "n": students})


@dataclass(frozen=True)
class Line:
    """One competency in words, for who does not look at the map."""

    competency: Competency
    url: str
    state: maps.State | None
    needs: list[str]
    helped_by: list[str]


@dataclass(frozen=True)
class Drawing:
    drawn: maps.Map[uuid.UUID]
    picture: SafeString
    lines: list[Line]


def draw(competencies: Sequence[Competency], states: States, *, name: str) -> Drawing:
    """`competencies` with the links among them, withdrawn ones left out. One query."""
    shown = {one.pk: one for one in competencies if not one.withdrawn}
    required, helpful = _links(shown)
    drawn = maps.lay_out(list(shown), required, helpful)
    picture = maps.svg(
        drawn,
        label_of=lambda pk: (shown[pk].code, shown[pk].short or shown[pk].plain),
        state_of=states.get,
        url_of=_url,
        name=name,
    )
    order = sorted(shown, key=lambda pk: (drawn.places[pk].x, drawn.places[pk].y))
    lines = [
        Line(
            shown[pk],
            _url(pk),
            states.get(pk),
            [str(shown[first]) for first, then in required if then == pk],
            [str(shown[first]) for first, then in helpful if then == pk],
        )
        for pk in order
    ]
    return Drawing(drawn, picture, lines)


def _links(shown: Mapping[uuid.UUID, Any]) -> tuple[list[Any], list[Any]]:
    found = CompetencyLink.objects.filter(
        link_kind=CompetencyLink.Kind.PRECEDES, origin__in=shown, destination__in=shown
    ).order_by("origin__position", "destination__position")
    by: dict[str, list[tuple[uuid.UUID, uuid.UUID]]] = {strength: [] for strength in CompetencyLink.Strength.values}
    for origin, destination, strength in found.values_list("origin", "destination", "strength"):
        by[strength].append((origin, destination))
    return by[CompetencyLink.Strength.REQUIRED], by[CompetencyLink.Strength.HELPFUL]


def _url(pk: uuid.UUID) -> str:
    return reverse("profiles:competency_detail", args=[pk])
