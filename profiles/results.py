"""Results of tests out of a CSV file: looked at, people and codes matched, brought in all or nothing, and undone.

A level comes from the share that was right: four fifths or more is secure, half or more developing, less emerging. A
test of a standard asks for that standard and no more, so it never shows extending. The single answers, right or wrong,
are kept with the rating; the rule that reads them (`bkt`) does so.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import (
    Competency,
    Door,
    Enrollment,
    Evidence,
    EvidenceRating,
    Framework,
    Learner,
    Level,
    Org,
    Person,
    RatingBook,
    ResultImport,
    ResultMapping,
    RoleAssignment,
    change_many,
    learners_of,
    open_doors,
)
from .models.evidence import Pair
from .models.learners import LearnerQuerySet
from .standards import results as standard
from .standards.results import ItemResult, ObjectiveScore

SECURE_FROM, DEVELOPING_FROM = Fraction(4, 5), Fraction(1, 2)
Meant = ResultMapping.Meant
Key = tuple[str, dt.date, str]
"""(the test's id of a student, day, code or label)"""


def level_from(share: Fraction) -> int:
    if share >= SECURE_FROM:
        return Level.SECURE
    return Level.DEVELOPING if share >= DEVELOPING_FROM else Level.EMERGING


@dataclass(frozen=True)
class Found:
    """What the file says of one student, day and code: a level, and answers (1 right, 0 wrong) by item's name."""

    level: int
    items: tuple[int, ...] = ()


def found_in(rows: Iterable[ItemResult | ObjectiveScore]) -> dict[Key, Found]:
    """Pure. An item about several standards counts for each of them."""
    answers: dict[Key, list[tuple[str, int]]] = defaultdict(list)
    points: dict[Key, list[tuple[Fraction, Fraction]]] = defaultdict(list)
    for row in rows:
        if isinstance(row, ItemResult):
            for code in row.standards:
                answers[row.student_id, row.date, code].append((row.item, int(row.correct)))
        else:
            points[row.student_id, row.date, row.objective].append((Fraction(row.raw), Fraction(row.max)))
    found: dict[Key, Found] = {}
    for key, given in answers.items():
        items = tuple(right for _item, right in sorted(given))
        found[key] = Found(level_from(Fraction(sum(items), len(items))), items)
    for key, scores in points.items():
        raw, most = (sum(side) for side in zip(*scores, strict=True))
        found[key] = Found(level_from(Fraction(raw, most)))
    return found


# Looking


@dataclass
class Look:
    """What a file holds and what is still to be said before it can be brought in."""

    record: ResultImport
    rows: int = 0
    sentences: list[str] = field(default_factory=list)
    """What hinders; nothing can be brought in meanwhile."""
    notes: list[str] = field(default_factory=list)
    days: list[dt.date] = field(default_factory=list)
    by_objective: bool = False
    found: dict[Key, Found] = field(default_factory=dict)
    people: dict[str, uuid.UUID] = field(default_factory=dict)
    """Students by the test's id."""
    to_create: dict[str, uuid.UUID] = field(default_factory=dict)
    """Schools by the ids of those to create."""
    skipped: set[str] = field(default_factory=set)
    unknown: list[str] = field(default_factory=list)
    """Ids of nobody, about whom nothing was said yet."""
    codes: dict[str, uuid.UUID] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)
    unmatched: list[str] = field(default_factory=list)
    framework: str = ""

    @property
    def ready(self) -> bool:
        return not (self.sentences or self.unknown or self.unmatched)


def receive(org: Org, data: bytes, name: str, *, by: Person) -> ResultImport:
    """Keep the file until it is brought in; nothing else is written."""
    return ResultImport.objects.create(org=org, by=by, file_name=name[:200], file=data)


def look(record: ResultImport) -> Look:
    """Writes nothing."""
    looked = Look(record)
    if record.file is None:
        return looked
    read = standard.read_results(bytes(record.file), record.file_name)
    looked.sentences, looked.notes = _told(read.problems, record.org.today())
    if looked.sentences:
        return looked
    looked.rows = len(read.rows)
    looked.by_objective = bool(read.rows) and isinstance(read.rows[0], ObjectiveScore)
    looked.found = found_in(read.rows)
    looked.days = sorted({row.date for row in read.rows})
    _match_people(looked, sorted({row.student_id for row in read.rows}))
    if looked.by_objective:
        _match_labels(looked)
    else:
        _match_codes(looked)
    return looked


def _told(problems: list[Any], today: dt.date) -> tuple[list[str], list[str]]:
    """Sentences of what hinders and of what to know; lines dated in the future are one sentence."""
    late = Counter(str(one.values["found"]) for one in problems if one.code == "date_future")
    said = [
        ngettext(
            "%(n)s result is dated %(day)s; today is %(today)s. Bring it in when that day has come, or mend its date.",
            "%(n)s results are dated %(day)s; today is %(today)s. "
            "Bring them in when that day has come, or mend the dates.",
            n,
        )
        % {"n": n, "day": day, "today": today.isoformat()}
        for day, n in late.items()
    ]
    others = [one for one in problems if one.code != "date_future"]
    return said + [str(one) for one in others if one.blocking], [str(one) for one in others if not one.blocking]


def students_of(org: Org) -> LearnerQuerySet:
    found = Learner.objects.filter(person__is_active=True)
    return found if org.org_kind == Org.Kind.DISTRICT else found.filter(home=org)


def _match_people(looked: Look, ids: list[str]) -> None:
    """By what was said before, else by the roster's id, else by the sign-in name."""
    org = looked.record.org
    students = students_of(org)
    known = Q(person__sourced_id__in=ids) | Q(person__sign_in_name__in=[one.lower() for one in ids])
    by_id: dict[str, uuid.UUID] = {}
    for pk, sourced_id, sign_in_name in students.filter(known).values_list(
        "pk", "person__sourced_id", "person__sign_in_name"
    ):
        by_id |= dict.fromkeys(filter(None, (sign_in_name, sourced_id)), pk)
    said = {one.source_id: one for one in org.result_mappings.filter(source_id__in=ids)}
    for one in ids:
        mapping = said.get(one)
        if mapping is None:
            if known_as := by_id.get(one) or by_id.get(one.lower()):
                looked.people[one] = known_as
            else:
                looked.unknown.append(one)
        elif mapping.meant == Meant.SKIP:
            looked.skipped.add(one)
        elif mapping.learner_id:
            looked.people[one] = mapping.learner_id
        elif mapping.school_id:
            looked.to_create[one] = mapping.school_id


def _codes_in(looked: Look) -> list[str]:
    return sorted({code for _student, _day, code in looked.found})


def _match_codes(looked: Look) -> None:
    """To the framework that knows most of them; what was picked by hand comes first."""
    codes, picked = _codes_in(looked), looked.record.codes
    org = looked.record.org
    theirs = Framework.objects.filter(Q(org=org) | Q(org__org_kind=Org.Kind.DISTRICT))
    best: dict[str, uuid.UUID] = {}
    for framework in theirs:
        here = dict(framework.competencies.standing().exclude(code="").values_list("code", "pk"))
        matched = {old: here[new] for old, new in standard.match_codes(codes, here).items()}
        if len(matched) > len(best):
            best, looked.framework = matched, framework.title
    for code in codes:
        if code in picked:
            if picked[code]:
                looked.codes[code] = uuid.UUID(picked[code])
            else:
                looked.left_out.add(code)
        elif code in best:
            looked.codes[code] = best[code]
        else:
            looked.unmatched.append(code)


def _own_identifier(org: Org) -> str:
    return f"results-{org.pk}"[:64]


def _match_labels(looked: Look) -> None:
    """A test's own labels are competencies of a framework of its own; those it lacks are added on bringing in."""
    own = Competency.objects.filter(framework__identifier=_own_identifier(looked.record.org))
    looked.codes = dict(own.filter(statement__in=_codes_in(looked)).values_list("statement", "pk"))
    looked.framework = _("Objectives of tests")


# Saying who and what is meant


def match(
    record: ResultImport,
    people: Mapping[str, tuple[str, uuid.UUID | None]],
    codes: Mapping[str, str],
    *,
    by: Person,
) -> None:
    """`people`: {the test's id: (a `Meant`, the student's id, or the school's to create them at)}. `codes`: {code: a
    competency's id, or "" to leave it out}. What is said of people is kept for every later file.
    """
    with record.org.change(by=by) as door:
        for source_id, (meant, pk) in people.items():
            said = {
                "meant": meant,
                "learner_id": pk if meant == Meant.PERSON else None,
                "school_id": pk if meant == Meant.CREATE else None,
            }
            ResultMapping.objects.update_or_create(org=record.org, source_id=source_id, defaults=said)
        record.codes = {**record.codes, **codes}
        record.save(update_fields=["codes"])
        counts = Counter(meant for meant, _pk in people.values())
        door.record("results_matched", target=record.pk, after={**counts, "codes": len(codes)}, topics=["results"])


# Bringing in


class NotReady(Exception):  # noqa: N818 (a question to the person, not a mistake in this code)
    """Somebody or something in the file is still unknown, or it cannot be used."""


def apply(record: ResultImport, *, by: Person) -> dict[str, int]:
    """All or nothing. Answers {"new", "corrected", "same", "people"}: ratings, and students created.

    What is here already, from this file or another, is not written again; what differs corrects it. Raises `NotReady`.
    """
    looked = look(record)
    if not looked.ready or record.file is None:
        raise NotReady
    schools = list(Org.objects.filter(pk__in=set(looked.to_create.values())))
    with open_doors(record.org, *(one for one in schools if one.pk != record.org_id), by=by) as doors:
        door = doors[0]
        record.org = door.aggregate  # type: ignore[assignment]
        created = _create(looked, {one.aggregate.pk: one for one in doors})
        if looked.by_objective:
            _add_labels(looked, by)
        counts = _write(looked, door, by) | {"people": len(created)}
        record.file, record.report, record.applied_at, record.by = None, counts, timezone.now(), by
        record.before |= {"people": [str(one) for one in created]}
        record.save(update_fields=["file", "report", "before", "applied_at", "by"])
        door.record(
            "results_brought_in", target=record.pk, after={"file": record.file_name, **counts}, topics=["results"]
        )
    return counts


def _create(looked: Look, doors: dict[uuid.UUID, Door]) -> list[uuid.UUID]:
    """Students of whom only the test's id is known yet; a roster may name them later."""
    org = looked.record.org
    people = {
        source_id: Person(given_name=_("Student"), family_name=source_id[:80], sourced_id=source_id)
        for source_id in looked.to_create
    }
    for one in people.values():
        one.set_unusable_password()
    taken = set(Person.objects.filter(sourced_id__in=list(people)).values_list("sourced_id", flat=True))
    for one in people.values():
        if one.sourced_id in taken:
            one.sourced_id = None
    Person.objects.bulk_create(people.values())
    begins = org.today()
    RoleAssignment.objects.bulk_create(
        RoleAssignment(person=one, org_id=looked.to_create[source_id], role="student", begins=begins)
        for source_id, one in people.items()
    )
    Learner.objects.bulk_create(
        Learner(pk=one.pk, person=one, home_id=looked.to_create[source_id]) for source_id, one in people.items()
    )
    mappings = list(org.result_mappings.filter(source_id__in=list(people)))
    for mapping in mappings:
        mapping.learner_id, mapping.meant, mapping.school_id = people[mapping.source_id].pk, Meant.PERSON, None
    ResultMapping.objects.bulk_update(mappings, ["learner", "meant", "school"])
    for school, n in Counter(looked.to_create.values()).items():
        doors[school].record("students_created", after={"count": n, "file": looked.record.file_name}, topics=["people"])
    looked.people |= {source_id: one.pk for source_id, one in people.items()}
    return [one.pk for one in people.values()]


def _add_labels(looked: Look, by: Person) -> None:
    org = looked.record.org
    framework, _made = Framework.objects.get_or_create(
        identifier=_own_identifier(org), defaults={"org": org, "title": looked.framework, "own": True, "language": "en"}
    )
    for label in _codes_in(looked):
        if label not in looked.codes:
            framework.org = org
            looked.codes[label] = framework.add(label, by=by).pk


def _write(looked: Look, door: Door, by: Person) -> dict[str, int]:
    marks: dict[tuple[uuid.UUID, dt.date], dict[uuid.UUID, Found]] = defaultdict(dict)
    for (student, day, code), one in looked.found.items():
        if student in looked.people and code in looked.codes:
            marks[looked.people[student], day][looked.codes[code]] = _joined(
                marks[looked.people[student], day].get(looked.codes[code]), one
            )
    had = _had({learner for learner, _day in marks}, {day for _learner, day in marks})
    counts: Counter[str] = Counter(new=0, corrected=0, same=0)
    evidence: list[Evidence] = []
    ratings: list[EvidenceRating] = []
    corrected: dict[EvidenceRating, EvidenceRating] = {}
    for (learner, day), by_competency in marks.items():
        made = Evidence(
            learner_id=learner,
            evidence_kind=Evidence.Kind.IMPORT,
            observed_on=day,
            recorder=by,
            title=looked.record.file_name,
        )
        for competency, found in by_competency.items():
            old = had.get((learner, competency, day))
            if old and (old.level, tuple(old.items)) == (found.level, found.items):
                counts["same"] += 1
                continue
            rating = EvidenceRating(
                evidence=made,
                learner_id=learner,
                competency_id=competency,
                level=found.level,
                items=list(found.items),
                rater=by,
                rater_role=EvidenceRating.RaterRole.MACHINE,
            )
            ratings.append(rating)
            counts["corrected" if old else "new"] += 1
            if old:
                corrected[old] = rating
            if not evidence or evidence[-1] is not made:
                evidence.append(made)
    learners = Learner.objects.filter(pk__in={one.learner_id for one in ratings}).select_related("home")
    with change_many(learners, under=door) as doors:
        Evidence.objects.bulk_create(evidence)
        EvidenceRating.objects.bulk_create(ratings)
        for old, new in corrected.items():
            old.superseded_by, old.counts = new, False
        EvidenceRating.objects.bulk_update(corrected, ["superseded_by", "counts"])
        book = RatingBook({(one.learner_id, one.competency_id) for one in ratings})
        book.levels = {(one.learner_id, one.competency_id): one.level for one in ratings}
        book.renew(learners_of(doors), by=by)
        book.tell(doors, "rated_by_test")
    looked.record.before = {"evidence": [str(one.pk) for one in evidence]}
    return dict(counts)


def _joined(one: Found | None, other: Found) -> Found:
    """Two codes of one file may mean the same competency: their answers count together."""
    if one is None:
        return other
    items = (*one.items, *other.items)
    if items:
        return Found(level_from(Fraction(sum(items), len(items))), items)
    return min(one, other, key=lambda found: found.level)


def _had(learners: set[uuid.UUID], days: set[dt.date]) -> dict[tuple[uuid.UUID, uuid.UUID, dt.date], EvidenceRating]:
    standing = EvidenceRating.objects.filter(
        learner__in=learners,
        rater_role=EvidenceRating.RaterRole.MACHINE,
        superseded_by=None,
        evidence__evidence_kind=Evidence.Kind.IMPORT,
        evidence__status=Evidence.Status.ACCEPTED,
        evidence__observed_on__in=days,
    ).select_related("evidence")
    return {(one.learner_id, one.competency_id, one.evidence.observed_on): one for one in standing}


def undo(record: ResultImport, *, by: Person) -> None:
    """Its results are taken back and what they corrected stands again; the students it created are students no more.

    What the file made be kept goes on the same day only; later that takes two people (`Revocation`).
    """
    with record.org.change(by=by) as door:
        record.refresh_from_db()
        if record.applied_at is None or record.undone_at:
            return
        mine = list(Evidence.objects.filter(pk__in=record.before["evidence"]).standing())
        pairs: set[Pair] = set(EvidenceRating.objects.filter(evidence__in=mine).values_list("learner", "competency"))
        learners = Learner.objects.filter(pk__in={one.learner_id for one in mine}).select_related("home")
        with change_many(learners, under=door) as doors:
            EvidenceRating.objects.filter(superseded_by__evidence__in=mine).update(superseded_by=None, counts=True)
            Evidence.objects.filter(pk__in=[one.pk for one in mine]).update(status=Evidence.Status.WITHDRAWN)
            EvidenceRating.objects.filter(evidence__in=mine).update(counts=False)
            book = RatingBook(pairs)
            book.renew(learners_of(doors), by=record.by, undone=True)
            book.tell(doors, "rating_taken_back")
        _end_created(record)
        record.undone_at = timezone.now()
        record.save(update_fields=["undone_at"])
        door.record("results_undone", target=record.pk, before=record.report, topics=["results"])


def _end_created(record: ResultImport) -> None:
    """Those whom no class and no other file knows meanwhile; told the same id again, they are created again."""
    created = Learner.objects.filter(pk__in=record.before["people"])
    known = Q(pk__in=Enrollment.objects.values("person")) | Q(evidence__status=Evidence.Status.ACCEPTED)
    gone = list(created.exclude(known).values_list("pk", flat=True))
    today = record.org.today()
    RoleAssignment.objects.filter(person__in=gone, role="student", ends=None).update(ends=today)
    for mapping in ResultMapping.objects.filter(org=record.org, learner__in=gone).select_related("learner"):
        assert mapping.learner
        mapping.meant, mapping.school_id, mapping.learner = Meant.CREATE, mapping.learner.home_id, None
        mapping.save(update_fields=["meant", "school", "learner"])
    Person.objects.filter(pk__in=gone).update(is_active=False, sourced_id=None)
