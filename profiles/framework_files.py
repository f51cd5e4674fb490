"""A standards file that somebody uploads: looked at and kept, then applied once."""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import frameworks
from .models import Framework, FrameworkImport, Org, Person
from .standards import case

SHOWN = 12
"""Lines of a kind on the page; the rest is only counted."""


class Refused(Exception):  # noqa: N818 (the file's mistake, not this code's)
    """The file cannot be used; `sentences` say why, each with its place."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


class AppliedAlready(Exception):  # noqa: N818
    """Somebody pressed twice, or two people did."""


def keep(org: Org, file_name: str, data: bytes, *, by: Person) -> FrameworkImport:
    """The file, to be looked at. Raises `Refused`."""
    package = case.read(data, file_name)
    if package.blocked:
        raise Refused([str(one) for one in package.problems if one.blocking])
    try:
        frameworks.check_ours(org, package)
    except frameworks.TakenElsewhere as taken:
        raise Refused([taken_in_words(taken)]) from taken
    return FrameworkImport.objects.create(org=org, by=by, file_name=file_name[:200], file=data)


def taken_in_words(taken: frameworks.TakenElsewhere) -> str:
    if not taken.codes:
        return _(
            "The framework in this file was brought in elsewhere in the district. Those who brought it in can bring "
            "in its newer version."
        )
    return _("This file would change skills that belong to another framework: %(codes)s. Nothing was kept of it.") % {
        "codes": ", ".join(taken.codes[:SHOWN])
    }


def package_in(record: FrameworkImport) -> case.Package:
    assert record.file is not None
    return case.read(bytes(record.file), record.file_name)


def apply(record: FrameworkImport, helpful: Collection[str], *, by: Person) -> Framework:
    """Bring in what was looked at. Raises `AppliedAlready`, `frameworks.StillRound`, `frameworks.TakenElsewhere`."""
    with transaction.atomic(), record.org.change(by=by):
        kept = FrameworkImport.objects.select_for_update().get(pk=record.pk)
        if kept.applied_at:
            raise AppliedAlready
        package = package_in(kept)
        found = frameworks.look(package)
        kept.framework = frameworks.bring_in(record.org, package, helpful=helpful, by=by)
        kept.report = {"counts": counts(found), "notes": [one.as_json() for one in package.problems]}
        kept.file, kept.applied_at = None, timezone.now()
        kept.save(update_fields=["framework", "report", "file", "applied_at"])
    return kept.framework


def counts(found: frameworks.Look) -> dict[str, int]:
    return {
        "added": len(found.added),
        "changed": len(found.changed),
        "withdrawn": len(found.withdrawn),
        "same": found.same,
        "links": found.links,
    }


def in_words(counted: dict[str, int]) -> list[str]:
    """A sentence for each of the `counts` that is not nought."""
    sentences: dict[str, Callable[[int], str]] = {
        "added": lambda n: ngettext("%(n)s skill is new.", "%(n)s skills are new.", n),
        "changed": lambda n: ngettext("%(n)s is worded otherwise.", "%(n)s are worded otherwise.", n),
        "withdrawn": lambda n: ngettext(
            "%(n)s is no longer in the file: withdrawn, and what students have shown of it stays.",
            "%(n)s are no longer in the file: withdrawn, and what students have shown of them stays.",
            n,
        ),
        "same": lambda n: ngettext("%(n)s stays as it is.", "%(n)s stay as they are.", n),
        "links": lambda n: ngettext("%(n)s link between skills.", "%(n)s links between skills.", n),
    }
    return [said(counted[key]) % {"n": counted[key]} for key, said in sentences.items() if counted.get(key)]
