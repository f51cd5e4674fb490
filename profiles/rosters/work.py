"""A roster is looked at, applied and undone: each all or nothing, through the district's door."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Model
from django.utils import timezone

from config import live
from profiles.models import (
    Absence,
    AcademicSession,
    Actor,
    Course,
    Enrollment,
    GuardianLink,
    Learner,
    Org,
    Person,
    RoleAssignment,
    RosterImport,
    Section,
)

from . import absences, reading
from .plan import FIELDS, Plan, SectionTerm
from .tables import change_rows, delete_rows, referred_to

BATCH = 5_000  # rows an INSERT
State, What = RosterImport.State, RosterImport.What
MODELS: tuple[type[Model], ...] = (*FIELDS, Absence)
TABLES = {model._meta.label_lower: model for model in MODELS}


class Refused(Exception):  # noqa: N818 (an answer, not a mistake in the code)
    """It may not be done now. `code` says why; `record` is the import that stands in the way, if one does."""

    def __init__(self, code: str, record: RosterImport | None = None) -> None:
        super().__init__(code)
        self.code, self.record = code, record


def receive(district: Org, name: str, data: bytes, *, by: Person | None) -> RosterImport:
    """Keep a file to be looked at. Those that were looked at before and left let their file go."""
    RosterImport.objects.filter(applied_at=None).update(file=None)
    return RosterImport.objects.create(
        org=district,
        by=by,
        what=What.ROSTER if data[:2] == b"PK" else What.ABSENCES,
        file_name=name[:200],
        file_hash=hashlib.sha256(data).hexdigest(),
        file=data,
    )


def look(record: RosterImport) -> None:
    """Say what applying it would change. Writes nothing but the record."""
    plan = _plan(record)
    record.report, record.schools = report_of(plan), sorted(plan.touched)
    record.state = State.REFUSED if plan.blocked else State.LOOKED
    if plan.blocked:
        record.file = None
    _keep(record)


def apply(record: RosterImport, *, by: Person | Actor, confirmed: bool = False) -> None:
    """Write what the file says, compared with what is here now. `confirmed`: even where much would go.

    Raises Refused: it was applied already, its file is gone, it cannot be used, or much would go and nobody said yes.
    """
    if record.applied_at or record.file is None:
        raise Refused("applied" if record.applied_at else "file_gone")
    read = _read(record)
    _step(record, "writing")
    with record.org.change(by=by) as door:
        plan = _compare(record, read)
        report = report_of(plan)
        if plan.blocked:
            raise Refused("blocked")
        if plan.mass and not confirmed:
            raise Refused("mass")
        record.report, record.schools = report, sorted(plan.touched)
        record.before = _write(plan)
        record.state, record.applied_at, record.file = State.APPLIED, timezone.now(), None
        if not plan.is_empty:
            after = {"file": record.file_name, "kinds": _counts(report)}
            door.record("roster_applied", target=record.pk, after=after, topics=["rosters"])
        record.step = ""
        record.save()
    _tell(record)


def undo(record: RosterImport, *, by: Person | Actor) -> None:
    """Put back what was there before. What has been changed since, and what something hangs on, stays.

    Raises Refused: too late, or a later roster of one of the same schools stands on it.
    """
    if not record.may_be_undone:
        raise Refused("too_late")
    _step(record, "writing")
    with record.org.change(by=by) as door:
        if later := record.later_on_it():
            raise Refused("later", later)
        record.report["stayed"] = _put_back(record.before or {})
        record.state, record.undone_at, record.before, record.step = State.UNDONE, timezone.now(), None, ""
        door.record("roster_undone", target=record.pk, after={"file": record.file_name}, topics=["rosters"])
        record.save()
    _tell(record)


def report_of(plan: Plan | absences.Plan) -> dict[str, Any]:
    """What is kept of a look: counts and examples of each kind, notices, problems."""
    bundle = getattr(plan, "bundle", None)
    return {
        "version": bundle.version if bundle else "",
        "source": bundle.source_system if bundle else "",
        "kinds": {
            kind: {
                "added": tally.added,
                "changed": tally.changed,
                "removed": tally.removed,
                "same": tally.same,
                "of": tally.of,
                "examples": tally.examples,
            }
            for kind, tally in plan.tallies.items()
        },
        "notices": plan.notices,
        "holds": getattr(plan, "holds", {}),
        "mass": plan.mass,
        "empty": plan.is_empty,
        "problems": [one.as_json() for one in plan.problems[:200]],
        "blocking_count": plan.blocking_count,
        "problem_count": max(len(plan.problems), plan.blocking_count),
    }


def _plan(record: RosterImport) -> Plan | absences.Plan:
    read = _read(record)
    _step(record, "comparing")
    return _compare(record, read)


def _read(record: RosterImport) -> Any:
    _step(record, "reading")
    assert record.file is not None
    return (reading.read if record.what == What.ROSTER else absences.read)(bytes(record.file), record.file_name)


def _compare(record: RosterImport, read: Any) -> Plan | absences.Plan:
    return (Plan if record.what == What.ROSTER else absences.Plan)(read, record.org)


def _step(record: RosterImport, step: str) -> None:
    """Said to whoever has the page open, so outside the transaction of the work itself."""
    record.step = step
    RosterImport.objects.filter(pk=record.pk).update(step=step)
    _tell(record)


def _keep(record: RosterImport) -> None:
    record.step = ""
    record.save()
    _tell(record)


def _tell(record: RosterImport) -> None:
    live.whisper(record.org.stream, record.topic)


def _counts(report: Mapping[str, Any]) -> dict[str, list[int]]:
    return {kind: [one["added"], one["changed"], one["removed"]] for kind, one in report["kinds"].items()}


def _write(plan: Plan | absences.Plan) -> dict[str, Any]:
    """Write the plan; answers what `_put_back` needs. Rows are ended before others begin: one may be open at a time."""
    before: dict[str, Any] = {}
    for model, ledger in plan.tables.items():
        if ledger.changed:
            change_rows(model, ledger.changed)
        delete_rows(model, [row[0] for row in ledger.gone])
    for model, ledger in plan.tables.items():
        names = plan.fields[model]
        added = model._default_manager.bulk_create(
            (model(**dict(zip(names, row, strict=True))) for row in ledger.added), batch_size=BATCH
        )
        if ledger.added or ledger.changed or ledger.gone:
            before[model._meta.label_lower] = {
                "added": [one.pk for one in added],
                "changed": [[pk, *sides] for pk, sides in ledger.changed.items()],
                "gone": ledger.gone,
            }
    return before


def _put_back(before: Mapping[str, Any]) -> dict[str, int]:
    """How many rows of each kind stayed, because something hangs on them or they were changed since."""
    added = {model: before.get(label, {}).get("added", []) for label, model in TABLES.items()}
    stayed = _staying(added)
    going = {model: [pk for pk in pks if str(pk) not in stayed[model]] for model, pks in added.items()}
    for model in reversed(list(added)):
        # Again and again: a year stays for its term, which stays for a class.
        while model in (Org, Course, AcademicSession) and (kept := referred_to(model, going[model], going)):
            stayed[model] |= kept
            going[model] = [pk for pk in going[model] if str(pk) not in kept]
        delete_rows(model, going[model])
    said = {model._meta.label_lower: len(pks) for model, pks in stayed.items() if pks}
    for label, model in TABLES.items():
        one = before.get(label, {})
        changed = {pk: (after, was) for pk, was, after in one.get("changed", [])}
        done = change_rows(model, changed) if changed else set()
        if lost := len(changed) - len(done):
            said[label] = said.get(label, 0) + lost
        names = FIELDS.get(model, ())
        model._default_manager.bulk_create(
            [model(**dict(zip(names, row, strict=True))) for row in one.get("gone", [])], ignore_conflicts=True
        )
    return said


def _staying(added: Mapping[type[Model], Collection[Any]]) -> dict[type[Model], set[str]]:
    """Rows the import brought and people have used since: people, students and classes first, then what ties them."""
    stayed: dict[type[Model], set[str]] = {model: set() for model in added}
    stayed[Learner] = referred_to(Learner, added[Learner], added)
    signing_in = Person.objects.filter(pk__in=added[Person]).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    apart: dict[type[Model], Collection[Any]] = {
        **added,
        Learner: [pk for pk in added[Learner] if str(pk) not in stayed[Learner]],
    }
    stayed[Person] = referred_to(Person, added[Person], apart) | {
        str(pk) for pk in signing_in.values_list("pk", flat=True)
    }
    stayed[Section] = referred_to(Section, added[Section], added)
    rows: dict[type[Model], tuple[str, ...]] = {
        RoleAssignment: ("person_id",),
        GuardianLink: ("guardian_id", "learner_id"),
        Enrollment: ("person_id", "section_id"),
        SectionTerm: ("section_id",),
    }
    # Both ends must stay; an end that was there before the import stays in any case, but then the tie is the import's.
    ends = stayed[Person] | stayed[Learner] | stayed[Section]
    for model, columns in rows.items():
        found = model._default_manager.filter(pk__in=added[model]).values_list("pk", *columns)
        stayed[model] = {str(pk) for pk, *sides in found.iterator() if all(str(side) in ends for side in sides)}
    return stayed
