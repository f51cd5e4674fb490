"""What waits in a school's inbox, and for whom."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from planning.models import StrategyTable, TableMember
from profiles.models import MeetingKind, Org, Person

from . import permissions
from .models import HandOver, LearningTeam


def tables_of(person: Person, school: Org) -> QuerySet[StrategyTable]:
    """The school's tables in which this person writes."""
    return StrategyTable.objects.visible_to(person).in_school(school).open().edited()


def table_for_ideas(school: Org, *, by: Person) -> StrategyTable:
    """The table that ideas of workshops begin in, for somebody who writes in no table of the school yet.

    Called inside the school's open door: two who accept at once find the same one.
    """
    title = _("Ideas from workshops")
    there = StrategyTable.objects.visible_to(by).in_school(school).open().filter(title=title).first()
    if there is None:
        return StrategyTable.begin(school, title, MeetingKind.OTHER, by=by)
    there.share(by, TableMember.Role.EDITOR, by=by)
    return there


def waiting_for(person: Person) -> list[dict[str, Any]]:
    """For home: the schools whose inbox this person may empty, with how much waits there."""
    schools = Org.objects.schools().worked_at_by(person)
    proposed = HandOver.objects.filter(school__in=schools, state=HandOver.State.PROPOSED).order_by()
    ideas = dict(proposed.values_list("school").annotate(number=Count("pk")))
    founded = LearningTeam.objects.filter(school__in=schools, team=None)
    teams = dict(founded.values_list("school").annotate(number=Count("pk")))
    return [
        {"school": school, "ideas": ideas.get(school.pk, 0), "teams": teams.get(school.pk, 0)}
        for school in schools.filter(pk__in={*ideas, *teams})
        if permissions.can_receive(person, school)
    ]
