"""What a roster would change, or has changed, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from profiles.models import RoleAssignment, RosterImport
from profiles.standards.problem import Problem

KINDS = {
    "orgs": gettext_lazy("Schools"),
    "people": gettext_lazy("People"),
    "roles": gettext_lazy("Roles"),
    "families": gettext_lazy("Family ties"),
    "sessions": gettext_lazy("Terms"),
    "courses": gettext_lazy("Courses"),
    "classes": gettext_lazy("Classes"),
    "enrollments": gettext_lazy("Places in classes"),
    "absences": gettext_lazy("Days absent"),
}
STEPS = {
    "": gettext_lazy("It waits for its turn."),
    "reading": gettext_lazy("The file is being read."),
    "comparing": gettext_lazy("It is compared with what is here."),
    "writing": gettext_lazy("It is being written."),
}
REFUSALS = {
    "applied": gettext_lazy("This file was brought in already."),
    "file_gone": gettext_lazy("The file is no longer kept, since another was looked at after it. Upload it once more."),
    "blocked": gettext_lazy("This file cannot be used any more as things are now. Look at it again."),
    "mass": gettext_lazy("More would end now than when it was looked at. Read what would end, and confirm it."),
    "too_late": gettext_lazy("This can no longer be undone: it was undone already, or more than 30 days have passed."),
    "later": gettext_lazy("A later file stands on this one. Undo that first."),
    "failed": gettext_lazy("Something went wrong on our side; nothing was changed. Try it again."),
}
STAYED = {
    "profiles.org": "orgs",
    "profiles.academicsession": "sessions",
    "profiles.course": "courses",
    "profiles.person": "people",
    "profiles.section": "classes",
    "profiles.roleassignment": "roles",
    "profiles.guardianlink": "families",
    "profiles.enrollment": "enrollments",
    "profiles.absence": "absences",
}


@dataclass(frozen=True)
class Line:
    """One kind: what would come, change and go, in words; and a few of each by name."""

    head: str
    words: str
    examples: list[tuple[str, list[str]]]


def lines(record: RosterImport) -> list[Line]:
    """The kinds of which something changes, in the order a school thinks of them."""
    kinds: Mapping[str, Any] = record.report.get("kinds", {})
    done = record.applied_at is not None
    return [
        Line(
            str(head),
            ", ".join(part for part in _counts(kinds[kind], done) if part),
            [(words, found) for words, found in _examples(kinds[kind]) if found],
        )
        for kind, head in KINDS.items()
        if kind in kinds and any(kinds[kind][what] for what in ("added", "changed", "removed"))
    ]


def _counts(one: Mapping[str, int], done: bool) -> list[str]:
    def said(n: int, would: Callable[[int], str], did: Callable[[int], str]) -> str:
        return (did if done else would)(n) % {"n": _number(n)} if n else ""

    return [
        said(
            one["added"],
            lambda n: ngettext("%(n)s would be added", "%(n)s would be added", n),
            lambda n: ngettext("%(n)s added", "%(n)s added", n),
        ),
        said(
            one["changed"],
            lambda n: ngettext("%(n)s would change", "%(n)s would change", n),
            lambda n: ngettext("%(n)s changed", "%(n)s changed", n),
        ),
        said(
            one["removed"],
            lambda n: ngettext("%(n)s would end", "%(n)s would end", n),
            lambda n: ngettext("%(n)s ended", "%(n)s ended", n),
        ),
        said(
            one["same"],
            lambda n: ngettext("%(n)s stays as it is", "%(n)s stay as they are", n),
            lambda n: ngettext("%(n)s stayed as it was", "%(n)s stayed as they were", n),
        ),
    ]


def _examples(one: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    heads = {"added": _("New, for example"), "changed": _("Changed, for example"), "removed": _("Ended, for example")}
    return [(heads[what], [_named(example) for example in found]) for what, found in one["examples"].items()]


def _named(example: list[Any]) -> str:
    roles = dict(RoleAssignment.Role.choices)
    return ", ".join(str(roles.get(part, part)) for part in example if part)


def same_count(record: RosterImport) -> int:
    return sum(one["same"] for one in record.report.get("kinds", {}).values())


def mass(record: RosterImport) -> list[str]:
    """For each kind of which much would go, a sentence with how many of how many."""
    kinds = record.report.get("kinds", {})
    return [
        _("%(kind)s: %(removed)s of %(all)s would end.")
        % {"kind": KINDS[kind], "removed": _number(kinds[kind]["removed"]), "all": _number(kinds[kind]["of"])}
        for kind in record.report.get("mass", [])
    ]


def notices(record: RosterImport) -> list[str]:
    """What a leader should know before applying; nothing of it stands in the way."""
    said = {
        "school_by_name": lambda n: ngettext(
            "%(n)s school here is taken to be the one of the same name in the file: %(names)s.",
            "%(n)s schools here are taken to be those of the same names in the file: %(names)s.",
            n,
        ),
        "org_stays": lambda n: ngettext(
            "The file takes away %(n)s school or department. It stays here with all that was written: %(names)s.",
            "The file takes away %(n)s schools or departments. They stay here with all that was written: %(names)s.",
            n,
        ),
        "staff_by_email": lambda n: ngettext(
            "%(n)s person who works here already was recognized by e-mail: %(names)s.",
            "%(n)s people who work here already were recognized by e-mail: %(names)s.",
            n,
        ),
        "sign_in_name_taken": lambda n: ngettext(
            "%(n)s sign-in name belongs to somebody else here already, so it is not given: %(names)s.",
            "%(n)s sign-in names belong to somebody else here already, so they are not given: %(names)s.",
            n,
        ),
        "leader": lambda n: ngettext(
            "%(n)s person becomes a leader of a school and may read all its records: %(names)s.",
            "%(n)s people become leaders of their schools and may read all records there: %(names)s.",
            n,
        ),
        "no_role_given": lambda n: ngettext(
            "%(n)s person gets no role from the file; give it by hand where it is needed: %(names)s.",
            "%(n)s people get no role from the file; give it by hand where it is needed: %(names)s.",
            n,
        ),
        "homeroom_large": lambda n: ngettext(
            "%(n)s homeroom comes in as an advisory of more than 15 students: %(names)s. "
            "Smaller ones let an adult know everyone.",
            "%(n)s homerooms come in as advisories of more than 15 students: %(names)s. "
            "Smaller ones let an adult know everyone.",
            n,
        ),
    }
    found = []
    for code, one in record.report.get("notices", {}).items():
        names = ", ".join(_with_detail(*map(str, example)) for example in one["examples"])
        more = _(" and others") if one["count"] > len(one["examples"]) else ""
        found.append(said[code](one["count"]) % {"n": one["count"], "names": names + more})
    return found


def _with_detail(name: str, *details: str) -> str:
    return f"{name} ({', '.join(details)})" if any(details) else name


def holds(record: RosterImport) -> str:
    """Whom the file names, so that a leader can hold it against what they know."""
    found = record.report.get("holds", {})
    if not any(found.values()):
        return ""
    parts = [
        ngettext("%(n)s student", "%(n)s students", found["student"]) % {"n": _number(found["student"])},
        ngettext("%(n)s family member", "%(n)s family members", found["guardian"]) % {"n": _number(found["guardian"])},
        ngettext("%(n)s member of staff", "%(n)s members of staff", found["staff"]) % {"n": _number(found["staff"])},
    ]
    return _("The file names %(people)s.") % {"people": ", ".join(parts)}


def _number(n: int) -> str:
    return number_format(n, use_l10n=True, force_grouping=True)


def problems(record: RosterImport) -> list[Problem]:
    return [Problem.from_json(one) for one in record.report.get("problems", [])]


def problems_left_out(record: RosterImport) -> int:
    return max(0, record.report.get("problem_count", 0) - len(record.report.get("problems", [])))


def stayed(record: RosterImport) -> str:
    """After an undo: what stayed, because people have used or changed it since."""
    parts = [f"{KINDS[STAYED[label]]} {n}" for label, n in record.report.get("stayed", {}).items() if label in STAYED]
    if not parts:
        return ""
    return _("Some of it stayed, because people have used or changed it since: %(what)s.") % {"what": ", ".join(parts)}


def refusal(code: str, record: RosterImport | None = None) -> str:
    """Why an import was not applied or not undone."""
    if code == "later" and record:
        return _("“%(file)s” was brought in later and stands on this one. Undo that first.") % {
            "file": record.file_name
        }
    return str(REFUSALS[code])
