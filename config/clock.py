"""Today, in the school's own time zone. Demo and tests may set it with TRELLIS_TODAY (an ISO date)."""

import datetime as dt
import os
from zoneinfo import ZoneInfo

from django.db.models import DateField, F, Func, Value
from django.db.models.expressions import Combinable
from django.utils import timezone

SCHOOL_YEAR_BEGINS = 7
"""Month in which a school year begins: July, as in OneRoster's schoolYear sessions of US districts."""


def today(zone: str | None = None) -> dt.date:
    """Today's date in `zone` (an IANA name; without one, the active zone)."""
    if fixed := os.environ.get("TRELLIS_TODAY"):
        return dt.date.fromisoformat(fixed)
    return timezone.localdate(timezone=ZoneInfo(zone) if zone else None)


def school_year(day: dt.date) -> int:
    """The calendar year in which the school year of `day` began."""
    return day.year if day.month >= SCHOOL_YEAR_BEGINS else day.year - 1


def today_in(column: str) -> Combinable:
    """For a query: today's date in the time zone that this column of each row names."""
    if fixed := os.environ.get("TRELLIS_TODAY"):
        return Value(dt.date.fromisoformat(fixed), DateField())
    return Func(F(column), template="(CURRENT_TIMESTAMP AT TIME ZONE %(expressions)s)::date", output_field=DateField())
