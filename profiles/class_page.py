"""What a class knows: students times the competencies of a unit, read by two statements and counted by columns.

The database packs what is known of one student into a string, one character a competency (`Bit`); a column is every
n-th character of all strings joined. So counting and finding are work on whole columns, and a cell costs next to
nothing.

*Ready* is a student who is not secure in a competency and is secure now, or was once, in everything that it needs
first; where it needs nothing first, nothing says who is ready. *Stuck* is one with four pieces or more who is still
below secure and never was (after Kolibri's "needs help": four attempts or more that did not get there).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntFlag
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Subquery
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .mastery import PRESET
from .models import AcademicSession, CellState, Level, Person, SchoolDays, Section
from .models.people import name_shown
from .models.sections import SectionQuerySet

GROWTH_DAYS = 90
"""Growth is counted since the term began; where no term is known, since so many days."""
QUIET_DAYS = 20
"""School days after which a student who got only marks is pointed out."""
STUCK_PIECES = 4


class Bit(IntFlag):
    """What one character says beside its level (its lowest three bits) and today's mark (`MARK`)."""

    BY_HAND = 8
    REFRESH = 16
    STUCK = 32
    UNSEEN = 64
    """Not looked at this term."""
    KEPT = 128
    """Secure now, or once."""
    BEGUN = 256
    FOUND = 4096
    """What the page was asked to find; set here, not by the database."""


LEVEL, MARK, MARK_SHIFT, FIRST = 7, 7 << 9, 9, 256
"""`FIRST`: the character of 0."""

COLUMNS = """
SELECT c.id, c.code, coalesce(nullif(c.short, ''), c.statement), u.id, u.title,
       CASE WHEN %(unit)s::uuid IS NULL OR u.id = %(unit)s THEN ARRAY(
           SELECT k.origin_id FROM profiles_competencylink k
           WHERE k.destination_id = c.id AND k.link_kind = 'precedes' AND k.strength = 'required') END
FROM profiles_expectation x
JOIN profiles_unit u ON u.id = x.unit_id
JOIN profiles_competency c ON c.id = x.competency_id
WHERE x.section_id = %(section)s
ORDER BY u.position, x.position
"""

# The level shown and a refresh that is due are `Estimate.shown` and `mastery.needs_refresh`; a test holds them equal.
ROWS = f"""
WITH member AS (
    SELECT DISTINCT p.id, p.family_name, p.given_name, p.preferred_name
    FROM profiles_enrollment e
    JOIN profiles_learner l ON l.id = e.person_id
    JOIN profiles_person p ON p.id = e.person_id AND p.is_active
    WHERE e.section_id = %(section)s AND e.role = 'student'
      AND (e.begins IS NULL OR e.begins <= %(today)s) AND (e.ends IS NULL OR e.ends > %(today)s)
), col AS (
    SELECT id, n FROM unnest(%(competencies)s::uuid[]) WITH ORDINALITY AS c(id, n)
), known AS (
    -- Ids as arrays: the planner then goes by the students' indexes, and never through a district's estimates.
    SELECT s.learner_id, s.competency_id, s.state, s.n, s.banked, s.newer, s.last_observed,
           coalesce(y.refresh_days, {PRESET.refresh_days}) AS refresh_days,
           s.override IS NOT NULL AND (s.override_until IS NULL OR s.override_until > %(today)s) AS by_hand, s.override
    FROM profiles_estimate s LEFT JOIN profiles_masterypolicy y ON y.id = s.policy_id
    WHERE s.learner_id = ANY(ARRAY(SELECT id FROM member)) AND s.competency_id = ANY(%(competencies)s::uuid[])
), marked AS (
    SELECT DISTINCT ON (r.learner_id, r.competency_id) r.learner_id, r.competency_id, r.level
    FROM profiles_evidencerating r
    WHERE r.superseded_by_id IS NULL AND r.rater_role = 'teacher' AND r.evidence_id = ANY(ARRAY(
        SELECT v.id FROM profiles_evidence v
        WHERE v.section_id = %(section)s AND v.recorded_at >= %(lately)s AND v.observed_on = %(today)s
          AND v.status = 'accepted'))
    ORDER BY r.learner_id, r.competency_id, r.id DESC
), heard AS (
    SELECT v.learner_id, bool_or(EXISTS (
        SELECT FROM profiles_evidencerating r
        WHERE r.evidence_id = v.id AND r.learner_id = v.learner_id AND (r.said <> '' OR r.next_thing <> ''))) AS words
    FROM profiles_evidence v
    WHERE v.section_id = %(section)s AND v.recorded_at >= %(quiet_from)s AND v.observed_on > %(quiet)s
      AND v.status = 'accepted'
    GROUP BY v.learner_id
), grown AS (
    SELECT first.learner_id, count(*) AS n
    FROM (SELECT d.learner_id, min(d.on) AS on FROM profiles_demonstration d
          WHERE d.level >= 3 AND NOT d.revoked AND d.learner_id = ANY(ARRAY(SELECT id FROM member))
            AND d.competency_id = ANY(%(shown)s::uuid[])
          GROUP BY d.learner_id, d.competency_id) first
    WHERE first.on >= %(since)s
    GROUP BY first.learner_id
), packed AS (
    SELECT one.learner_id, string_agg(chr({FIRST} + one.level
        + CASE WHEN one.by_hand THEN {Bit.BY_HAND:d} ELSE 0 END
        + CASE WHEN one.banked >= 3 AND ((one.state BETWEEN 1 AND 2 AND one.newer >= 2) OR one.last_observed IS NULL
                    OR %(today)s::date - one.last_observed >= one.refresh_days) THEN {Bit.REFRESH:d} ELSE 0 END
        + CASE WHEN one.n >= {STUCK_PIECES} AND one.level BETWEEN 1 AND 2 AND one.banked < 3
               THEN {Bit.STUCK:d} ELSE 0 END
        + CASE WHEN one.last_observed IS NULL OR one.last_observed < %(term)s THEN {Bit.UNSEEN:d} ELSE 0 END
        + CASE WHEN one.banked >= 3 OR one.level >= 3 THEN {Bit.KEPT:d} ELSE 0 END
        + CASE WHEN one.n > 0 THEN {Bit.BEGUN:d} ELSE 0 END
        + (one.mark << {MARK_SHIFT})), '' ORDER BY one.position) AS codes
    FROM (
        SELECT member.id AS learner_id, col.n AS position, coalesce(k.level, 0) AS mark, coalesce(s.n, 0) AS n,
               coalesce(s.banked, 0) AS banked, coalesce(s.newer, 0) AS newer, coalesce(s.state, 0) AS state,
               s.last_observed, s.refresh_days, s.by_hand,
               CASE WHEN s.by_hand THEN s.override ELSE coalesce(s.state, 0) END AS level
        FROM member CROSS JOIN col
        LEFT JOIN known s ON s.learner_id = member.id AND s.competency_id = col.id
        LEFT JOIN marked k ON k.learner_id = member.id AND k.competency_id = col.id
    ) one
    GROUP BY one.learner_id
)
SELECT member.id, member.preferred_name, member.given_name, member.family_name, coalesce(packed.codes, ''),
       coalesce(grown.n, 0), heard.words,
       CASE WHEN row_number() OVER (ORDER BY lower(member.family_name), lower(member.given_name), member.id) = 1
            THEN (SELECT json_object_agg(seen.competency_id, seen.on) FROM (
                SELECT known.competency_id, max(known.last_observed) AS on FROM known GROUP BY known.competency_id
            ) seen) END
FROM member
LEFT JOIN packed ON packed.learner_id = member.id
LEFT JOIN grown ON grown.learner_id = member.id
LEFT JOIN heard ON heard.learner_id = member.id
ORDER BY lower(member.family_name), lower(member.given_name), member.id
"""  # noqa: S608 - numbers of ours

SHOWS = {
    "": gettext_lazy("everyone"),
    "ready": gettext_lazy("ready for something"),
    "stuck": gettext_lazy("stuck"),
    "unknown": gettext_lazy("something not known yet"),
    "unseen": gettext_lazy("something not looked at this term"),
    "words": gettext_lazy("only marks, no words"),
}
SORTS = {
    "": gettext_lazy("by name"),
    "ready": gettext_lazy("most ready first"),
    "stuck": gettext_lazy("most stuck first"),
    "unknown": gettext_lazy("most not known first"),
    "grown": gettext_lazy("most grown first"),
}
ALL = "all"


@dataclass(frozen=True)
class Asked:
    """What a page's address asks for; what means nothing counts as not asked."""

    unit: str = ""
    show: str = ""
    sort: str = ""
    since: dt.date | None = None

    @classmethod
    def of(cls, query: QueryDict) -> Asked:
        try:
            since = dt.date.fromisoformat(query.get("since", ""))
        except ValueError:
            since = None
        unit = query.get("unit", "")
        if unit != ALL:
            try:
                unit = str(uuid.UUID(unit))
            except ValueError:
                unit = ""
        show, sort = query.get("show", ""), query.get("sort", "")
        return cls(unit, show if show in SHOWS else "", sort if sort in SORTS else "", since)


@dataclass
class Column:
    """A competency of the class. `needs`: what is required first; masks have one bit a student, the first highest."""

    id: uuid.UUID
    code: str
    said: str
    unit: uuid.UUID
    unit_title: str
    needs: Sequence[uuid.UUID] = ()
    last: dt.date | None = None
    masks: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def head(self) -> str:
        return self.code or self.said[:24]


@dataclass
class Row:
    """A student of the class. `heard`: whether any words came with the marks of late; None where there were none."""

    id: uuid.UUID
    name: str
    codes: str
    grown: int
    heard: bool | None


class _Ask(dict[int, str]):
    """For `str.translate`: "1" for the characters of which `holds`, "0" for others."""

    def __init__(self, holds: Callable[[int], bool]) -> None:
        self.holds = holds

    def __missing__(self, character: int) -> str:
        answer = self[character] = "01"[self.holds(character - FIRST)]
        return answer


HOLDS = {
    "secure": _Ask(lambda code: code & LEVEL >= Level.SECURE),
    "kept": _Ask(lambda code: bool(code & Bit.KEPT)),
    "unknown": _Ask(lambda code: code & LEVEL == Level.UNKNOWN),
    "blank": _Ask(lambda code: not code & (LEVEL | Bit.BEGUN)),
    "stuck": _Ask(lambda code: bool(code & Bit.STUCK)),
    "unseen": _Ask(lambda code: bool(code & Bit.UNSEEN)),
    "marked": _Ask(lambda code: bool(code & MARK)),
}


def code_of(cell: CellState) -> int:
    """As the database packs it, as far as a cell shows it."""
    return (
        cell.level
        | (Bit.BY_HAND if cell.by_hand else 0)
        | (Bit.REFRESH if cell.refresh else 0)
        | (Bit.BEGUN if cell.pieces else 0)
        | (cell.mark << MARK_SHIFT)
    )


def classes_of(person: Person) -> SectionQuerySet:
    """As `visible_to`, with what the class's page reads beside it."""
    terms = (AcademicSession.Kind.SEMESTER, AcademicSession.Kind.TERM)
    term = AcademicSession.objects.current().filter(session_kind__in=terms).order_by("-begins").values("begins")[:1]
    return (
        Section.objects.visible_to(person)
        .select_related("school", "course", "unit")
        .annotate(term_begins=Subquery(term))
    )


class ClassPage:
    """One class as asked for. `section` comes from `classes_of`."""

    def __init__(self, section: Section, asked: Asked, *, only: uuid.UUID | None = None) -> None:
        """`only`: one competency, whatever its unit."""
        self.section, self.asked = section, asked
        self.today = section.school.today()
        self.term: dt.date = section.term_begins or self.today - dt.timedelta(days=GROWTH_DAYS)  # type: ignore[attr-defined]
        self.since = asked.since or self.term
        self._read_columns(only)
        self._read_rows()
        self._count()

    # Reading

    def _read_columns(self, only: uuid.UUID | None) -> None:
        wanted = asked = self.asked.unit or (str(self.section.unit_id) if self.section.unit_id else "")
        if only or asked == ALL:
            asked = ""
        parameters = {"section": self.section.pk, "unit": asked or None}
        with connection.cursor() as cursor:
            cursor.execute(COLUMNS, parameters)
            self.worked_on = found = [Column(*values) for values in cursor.fetchall()]
        self.units = {str(one.unit): one.unit_title for one in found}
        if wanted != ALL and wanted not in self.units:
            wanted = next(iter(self.units), "")
        self.unit = wanted
        if only:
            self.columns = [one for one in found if one.id == only]
        else:
            self.columns = [one for one in found if wanted in (ALL, str(one.unit)) and one.needs is not None]

    def _read_rows(self) -> None:
        shown = [one.id for one in self.columns]
        known = set(shown)
        beside = sorted({need for one in self.columns for need in one.needs} - known)
        self._places = {pk: place for place, pk in enumerate([*shown, *beside])}
        now = timezone.now()
        quiet = SchoolDays(self.section.school).before(self.today, QUIET_DAYS)
        parameters: dict[str, Any] = {
            "section": self.section.pk,
            "today": self.today,
            "competencies": [str(one) for one in self._places],
            "shown": [str(one) for one in shown],
            "since": self.since,
            "term": self.term,
            "quiet": quiet,
            # Evidence is found by when it was written down; a day set for a demo must not hide it.
            "lately": now - dt.timedelta(hours=36),
            "quiet_from": min(now - dt.timedelta(days=2 * QUIET_DAYS), timezone.make_aware(_midnight(quiet))),
        }
        with connection.cursor() as cursor:
            cursor.execute(ROWS, parameters)
            found = cursor.fetchall()
        self.everyone = [
            Row(pk, name_shown(preferred, given, family), codes, grown, heard)
            for pk, preferred, given, family, codes, grown, heard, _seen in found
        ]
        seen = (found[0][-1] if found else None) or {}
        for column in self.columns:
            on = seen.get(str(column.id))
            column.last = dt.date.fromisoformat(on) if on else None

    # Counting

    def _mask(self, name: str, place: int) -> int:
        return int(self._joined[place :: len(self._places)].translate(HOLDS[name]) or "0", 2)

    def _count(self) -> None:
        self._joined = "".join(one.codes for one in self.everyone)
        kept = {pk: self._mask("kept", place) for pk, place in self._places.items()}
        for place, column in enumerate(self.columns):
            masks = {name: self._mask(name, place) for name in HOLDS}
            ready = ~masks["secure"] & _all(len(self.everyone)) if column.needs else 0
            for need in column.needs:
                ready &= kept[need]
            masks["ready"], masks["start"] = ready, ready & masks["blank"]
            column.masks = masks
            column.counts = {name: mask.bit_count() for name, mask in masks.items()}

    @property
    def found(self) -> str:
        """The cells that stand out: what was asked to be shown, else what was sorted by."""
        asked = self.asked.show or self.asked.sort
        return asked if asked in ("ready", "stuck", "unknown", "unseen") else ""

    @cached_property
    def rows(self) -> list[Row]:
        """As asked: filtered, in order, with what was found marked in their codes."""
        numbered = list(enumerate(self.everyone))
        show, sort, top = self.asked.show, self.asked.sort, len(self.everyone) - 1
        if show == "words":
            numbered = [(n, row) for n, row in numbered if row.heard is False]
        elif show:
            some = 0
            for column in self.columns:
                some |= column.masks[show]
            numbered = [(n, row) for n, row in numbered if some >> (top - n) & 1]
        if sort == "grown":
            numbered.sort(key=lambda one: -one[1].grown)
        elif sort:
            masks = [column.masks[sort] for column in self.columns]
            numbered.sort(key=lambda one: -sum(mask >> (top - one[0]) & 1 for mask in masks))
        if self.found:
            masks = [column.masks[self.found] for column in self.columns]
            for n, row in numbered:
                marked = [
                    chr(ord(code) | Bit.FOUND) if mask >> (top - n) & 1 else code
                    for code, mask in zip(row.codes, masks, strict=False)
                ]
                row.codes = "".join(marked)
        return [row for _n, row in numbered]

    def learners(self, column: Column, name: str) -> Collection[uuid.UUID]:
        """Who is `name` (a key of the column's masks) in it."""
        top, mask = len(self.everyone) - 1, column.masks[name]
        return {row.id for n, row in enumerate(self.everyone) if mask >> (top - n) & 1}

    # Saying

    @cached_property
    def ready_card(self) -> Column | None:
        """Where most students are ready to start."""
        return _most(self.columns, "start")

    @cached_property
    def unknown_card(self) -> Column | None:
        """Of which least is known."""
        return _most(self.columns, "unknown")

    @cached_property
    def unheard(self) -> list[Row]:
        return [row for row in self.everyone if row.heard is False]

    def summary(self, column: Column) -> str:
        """“12 secure, 6 ready to start, 9 not known yet”: everybody once."""
        counts = column.counts
        on_the_way = len(self.everyone) - counts["secure"] - counts["unknown"]
        parts = [
            ("secure", counts["secure"]),
            ("way", on_the_way),
            ("start", counts["start"]),
            ("unknown", counts["unknown"] - counts["start"]),
        ]
        return ", ".join(self._said(what, n) for what, n in parts if n)

    def _said(self, what: str, n: int) -> str:
        if (what, n) not in self._phrases:
            self._phrases[what, n] = {
                "secure": lambda: ngettext("%(n)s secure", "%(n)s secure", n),
                "way": lambda: ngettext("%(n)s on the way", "%(n)s on the way", n),
                "start": lambda: ngettext("%(n)s ready to start", "%(n)s ready to start", n),
                "unknown": lambda: ngettext("%(n)s not known yet", "%(n)s not known yet", n),
            }[what]() % {"n": n}
        return self._phrases[what, n]

    @cached_property
    def _phrases(self) -> dict[tuple[str, int], str]:
        return {}

    @property
    def unit_title(self) -> str:
        return self.units.get(self.unit, "")

    @property
    def unit_place(self) -> str:
        if self.unit in self.units:
            place = {"n": list(self.units).index(self.unit) + 1, "of": len(self.units)}
            return _("unit %(n)s of %(of)s") % place
        return ""


def _most(columns: Iterable[Column], name: str) -> Column | None:
    best = max(columns, key=lambda one: one.counts[name], default=None)
    return best if best and best.counts[name] else None


def _all(n: int) -> int:
    return (1 << n) - 1


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time())
