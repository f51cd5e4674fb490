"""The workshops' part of the story: what the instructional coach has prepared for next Thursday."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from copy import deepcopy
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from config import clock
from profiles import demo
from profiles.models import Org

from .checklist import PEOPLE
from .guide import BUILT_IN
from .models import Helper, Workshop

TITLE = "Learning together: a school where everyone is known"
THURSDAY = 3
READY = ("computer", "projector", "sheets", "tables")


def next_thursday(today: dt.date) -> dt.date:
    """The first Thursday after today."""
    return today + dt.timedelta(days=(THURSDAY - today.weekday() - 1) % 7 + 1)


@transaction.atomic
def tell(say: Callable[[str], object]) -> None:
    """The coach's workshop, prepared but not quite ready; told before, nothing."""
    school, coach = demo.school("cedar"), demo.person("coach")
    school.begin(Org.Part.WORKSHOPS, by=demo.person("leader"))
    if Workshop.objects.exists():
        return
    day = next_thursday(clock.today(school.time_zone))
    begins = dt.datetime.combine(day, dt.time(13, 30), ZoneInfo(school.time_zone))
    workshop = Workshop.prepare(
        school, TITLE, deepcopy(BUILT_IN), by=coach, starts_at=begins, hard_end=begins + dt.timedelta(hours=2)
    )
    workshop.add_helper(demo.person("counselor"), Helper.Role.CO, by=coach)
    workshop.add_helper(demo.person("special-education"), Helper.Role.SCRIBE, by=coach)
    workshop.tick(PEOPLE, 28, by=coach)
    for key in READY:
        workshop.tick(key, True, by=coach)
    say(_("Workshop: %(title)s (%(school)s)") % {"title": workshop, "school": school})
