"""Days absent by CSV: which learner, which school days. They are added to those known; none is taken away."""

from __future__ import annotations

import uuid
from bisect import bisect_left, bisect_right

from django.db.models import Model

from profiles.models import Absence, Learner, Org, Person, SchoolDays
from profiles.standards import results
from profiles.standards.problem import Problem

from .plan import Ledger, Tally


def read(data: bytes, filename: str) -> results.Results[results.Absence]:
    return results.read_absences(data, filename)


class Plan:
    """As `plan.Plan`, for the one table of days absent."""

    fields: dict[type[Model], tuple[str, ...]] = {Absence: ("id", "learner_id", "day")}

    def __init__(self, read: results.Results[results.Absence], district: Org) -> None:
        self.tables: dict[type[Model], Ledger] = {Absence: Ledger()}
        self.tallies = {"absences": Tally()}
        self.notices: dict[str, object] = {}
        self.problems: list[Problem] = list(read.problems)
        self.blocking_count = read.blocking_count
        self.touched: set[uuid.UUID] = set()
        self.mass: list[str] = []
        if read.blocked:
            return
        ids = {row.student_id for row in read.rows}
        people = Person.objects.filter(sourced_id__in=ids).values_list("sourced_id", "pk")
        by_name = Person.objects.filter(sign_in_name__in={one.lower() for one in ids}).values_list("sign_in_name", "pk")
        names = dict(by_name)
        found = {one: names[one.lower()] for one in ids if one.lower() in names} | dict(people)
        homes = dict(Learner.objects.filter(pk__in=found.values()).values_list("pk", "home_id"))
        known = set(Absence.objects.filter(learner__in=homes).values_list("learner_id", "day"))
        calendar = SchoolDays(district).days
        tally, added = self.tallies["absences"], set()
        for row in read.rows:
            learner = found.get(row.student_id)
            if learner not in homes:
                self.note("student_unknown", row.line, id=row.student_id[:100])
                continue
            if row.first is None or row.last is None:
                self.note("absence_count_only", row.line)
                continue
            days = calendar[bisect_left(calendar, row.first) : bisect_right(calendar, row.last)]
            if not days:
                self.note("no_school_day", row.line, day=row.first.isoformat())
            self.touched.add(homes[learner])
            for day in days:
                if (learner, day) in known or (learner, day) in added:
                    tally.count("same")
                else:
                    added.add((learner, day))
                    self.tables[Absence].added.append((None, learner, day))
                    tally.count("added", row.student_id, day.isoformat())

    def note(self, code: str, line: int, **values: str | int) -> None:
        self.problems.append(Problem(code, "", line, "", values, blocking=False))

    @property
    def blocked(self) -> bool:
        return self.blocking_count > 0

    @property
    def is_empty(self) -> bool:
        return not self.tables[Absence].added
