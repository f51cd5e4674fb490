"""The plans' part of the story: three tables at different stages, told through the verbs people use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from profiles import demo
from profiles.models import Change, Person

from .models import Comment, Strategy, StrategyTable, TableMember

Value = dict[str, Any]


def people(*slugs: str, role: str = "", lead: str = "", why: str = "") -> Value:
    """A responsible cell: staff by slug, perhaps a role in words, who leads, and why."""
    listed: list[dict[str, Any]] = [{"person": str(demo.person(slug).pk)} for slug in slugs]
    if lead:
        listed.insert(0, {"person": str(demo.person(lead).pk), "lead": True})
    if role:
        listed.append({"role": role})
    return {"people": listed, "why": why}


def lines(*texts: str) -> list[dict[str, str]]:
    return [{"text": text, "support": ""} for text in texts]


@transaction.atomic
def tell(say: Callable[[str], object]) -> None:
    """Three tables, all or nothing; told before, nothing."""
    if StrategyTable.objects.exists():
        return
    for story, began, rested in ((_known_by_name, 40, 2), (_ninth_grade_mornings, 21, 1), (_juniper_begins, 4, 3)):
        table = story()
        _date(table, began, rested)
        say(_("Table: %(title)s (%(school)s)") % {"title": table, "school": table.school})


def _date(table: StrategyTable, began: int, rested: int) -> None:
    """Spread what was just told evenly from `began` days ago to `rested` days ago: a story has days, not seconds."""
    changes = list(Change.objects.filter(stream=table.stream).order_by("version", "n"))
    first, last = (timezone.now() - timedelta(days=days) for days in (began, rested))
    for n, change in enumerate(changes):
        change.at = first + (last - first) * n / max(len(changes) - 1, 1)
    Change.objects.bulk_update(changes, ["at"])
    StrategyTable.objects.filter(pk=table.pk).update(changed_at=last)


def _write(table: StrategyTable, by: Person, strategy: Strategy, **cells: Any) -> None:
    for cell, value in cells.items():
        strategy.refresh_from_db(fields=["cell_versions"])
        table.save_cell(strategy.pk, cell, value, base_version=strategy.cell_versions[cell], by=by)


def _known_by_name() -> StrategyTable:
    """The leadership team's table, nearly full, with a change of mind, a row set aside and two texts waiting."""
    leader, counselor, coach, math = (demo.person(slug) for slug in ("leader", "counselor", "coach", "math"))
    special = demo.person("special-education")
    table = StrategyTable.begin(
        demo.school("cedar"), "Known by name in ninth grade", "leadership", by=leader, team=demo.team("leadership")
    )
    wing = Strategy.add(
        table, by=leader, values={"description": "One hallway and one team of four teachers for each 110 ninth graders"}
    )
    _write(table, leader, wing, areas=["organization", "climate"])
    _write(
        table,
        leader,
        wing,
        responsible=people(
            "math",
            "special-education",
            lead="counselor",
            why="because she builds the schedule and knows who needs whom",
        ),
    )
    _write(table, counselor, wing, student_effects=lines("four adults who know me", "one place that is ours"))
    _write(
        table, math, wing, teacher_effects=lines("shared planning time every day", "the same students to talk about")
    )
    _write(
        table,
        coach,
        wing,
        assessment="Students named by at least one adult: 61 of 100 in September; we look again in March.",
    )
    advisory = Strategy.add(table, by=counselor, values={"description": "Advisory two times a week"})
    _write(table, leader, advisory, description="Advisory twice a week, 20 minutes, with the same adult for four years")
    _write(table, counselor, advisory, areas=["climate"], student_effects=lines("someone notices when I am not there"))
    _write(
        table,
        special,
        advisory,
        responsible=people(
            lead="leader",
            role="every certified adult",
            why="because fifteen students each is what one adult can really know",
        ),
    )
    _write(table, math, advisory, teacher_effects=lines("we see students outside the subject"))
    _write(
        table,
        coach,
        advisory,
        assessment="Ask students in fall and spring whether an adult here would notice their absence.",
    )
    calls = Strategy.add(table, by=special, values={"description": "A call home with good news in the first month"})
    _write(table, special, calls, areas=["communication"], student_effects=lines("my family hears what I do well"))
    _write(table, counselor, calls, responsible=people("special-education", "counselor", why=""))
    plans = Strategy.add(
        table,
        by=coach,
        values={"description": "A one-page learning plan for families, twice a year, in their language"},
    )
    _write(table, coach, plans, areas=["communication", "curriculum"], student_effects=lines("the goals are mine"))
    _write(table, leader, plans, teacher_effects=lines("fewer surprises at conferences"))
    badges = Strategy.add(table, by=math, values={"description": "Name badges for everyone"})
    badges.set_aside(by=leader)
    plans.move(after=wing, by=leader)
    Comment.say(
        plans, "@Grace Okafor can you translate the first ones?", by=leader, mentioned=[special], must_answer=True
    )
    # Two people write in the same cell at once: both texts are kept.
    advisory.refresh_from_db()
    seen = advisory.cell_versions["assessment"]
    table.save_cell(
        advisory.pk, "assessment", "Ask students in fall and spring whether an adult would notice; compare the two.",
        base_version=seen, by=special,
    )  # fmt: skip
    table.save_cell(
        advisory.pk,
        "assessment",
        "Count absences that an advisor called about the same day.",
        base_version=seen,
        by=math,
    )
    return table


def _ninth_grade_mornings() -> StrategyTable:
    """The ninth-grade team has filled its table together; everything is there."""
    teacher, advisor, science, history = (demo.person(slug) for slug in ("teacher", "advisor", "science", "history"))
    table = StrategyTable.begin(
        demo.school("cedar"), "Calmer mornings", "grade_team", by=teacher, team=demo.team("ninth")
    )
    table.share(demo.person("leader"), TableMember.Role.REVIEWER, by=teacher)
    greet = Strategy.add(
        table, by=teacher, values={"description": "Every student is greeted by name at the door of the first class"}
    )
    _write(
        table, advisor, greet, areas=["climate"],
        responsible=people("advisor", "science", "history", lead="teacher", why="because her room is by the main door"),
        student_effects=lines("I start the day being seen"),
    )  # fmt: skip
    _write(
        table, science, greet,
        teacher_effects=lines("we learn who is late, and why, before class"),
        assessment="Late arrivals in the first class, by week, against last October",
    )  # fmt: skip
    desk = Strategy.add(table, by=history, values={"description": "A quiet room with breakfast from 7:30"})
    _write(
        table, history, desk, areas=["organization", "climate"],
        responsible=people(
            "history", role="the cafeteria team", lead="advisor", why="because he is in the building at seven"
        ),
        student_effects=lines("somewhere to be before the bell", "breakfast without a line"),
        teacher_effects=lines("fewer hungry first hours"),
        assessment="Count who comes on Tuesdays; ask them in December whether it changed their morning",
    )  # fmt: skip
    return table


def _juniper_begins() -> StrategyTable:
    """The second school has just begun: one row, half a thought."""
    leader = demo.person("other-leader")
    table = StrategyTable.begin(
        demo.school("juniper"), "A place for every ninth grader", "leadership",
        by=leader, team=demo.team("juniper-leadership"),
    )  # fmt: skip
    first = Strategy.add(table, by=leader, values={"description": "Pair every new student with an older one"})
    _write(table, demo.person("other-teacher"), first, areas=["climate"])
    return table
