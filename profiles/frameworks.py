"""A framework out of a CASE package: what it would add, change and withdraw; bringing it in; and out again."""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from .models import (
    Actor,
    Competency,
    CompetencyLink,
    Demonstration,
    Door,
    Estimate,
    EvidenceRating,
    Expectation,
    Framework,
    Learner,
    LevelOverride,
    Org,
    Person,
    RatingBook,
    change_many,
    learners_of,
)
from .standards import case

Kind, Strength = CompetencyLink.Kind, CompetencyLink.Strength
STATED = ("code", "statement", "short", "item_type", "grades")
"""What a newer version of a package may say otherwise."""


class StillRound(Exception):  # noqa: N818 (a question to the person, not a mistake in this code)
    """Some required links still lead round in a circle; `cycles` names them."""

    def __init__(self, cycles: list[case.Cycle]) -> None:
        super().__init__("; ".join(round_in_words(one) for one in cycles))
        self.cycles = cycles


class TakenElsewhere(Exception):  # noqa: N818 (the file's mistake, not this code's)
    """The package is another school's, or speaks of competencies that another framework has; `codes` names those."""

    def __init__(self, codes: list[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = codes


def round_in_words(cycle: case.Cycle) -> str:
    """A → B → A, by codes."""
    code = dict(zip(cycle.identifiers, cycle.codes, strict=True))
    way = [code[link.origin.identifier] for link in cycle.way]
    return " → ".join([*way, way[0]])


@dataclass
class Look:
    """What bringing a package in would do. Lists hold (code, statement), `changed` with what it says now first."""

    package: case.Package
    framework: Framework | None
    added: list[tuple[str, str]] = field(default_factory=list)
    changed: list[tuple[str, str, str]] = field(default_factory=list)
    withdrawn: list[tuple[str, str]] = field(default_factory=list)
    same: int = 0
    links: int = 0
    cycles: list[case.Cycle] = field(default_factory=list)

    @property
    def changes_nothing(self) -> bool:
        return self.framework is not None and not (self.added or self.changed or self.withdrawn)


def look(package: case.Package) -> Look:
    """Writes nothing. A link that was made *helpful* here before does not count for a cycle."""
    assert package.document is not None
    framework = Framework.objects.filter(identifier=package.document.identifier).first()
    known = {one.identifier: one for one in framework.competencies.all()} if framework else {}
    found = Look(package, framework, links=len(package.associations))
    for item in package.items:
        said = _stated(item)
        now = known.pop(item.identifier, None)
        if now is None:
            found.added.append((item.human_coding_scheme, item.full_statement))
        elif now.withdrawn or any(getattr(now, name) != value for name, value in said.items()):
            found.changed.append((item.human_coding_scheme, now.statement, item.full_statement))
        else:
            found.same += 1
    found.withdrawn = [(one.code, one.statement) for one in known.values() if not one.withdrawn]
    helpful = set(
        CompetencyLink.objects.filter(framework=framework, strength=Strength.HELPFUL).values_list(
            "identifier", flat=True
        )
    )
    found.cycles = _cycles(package, helpful)
    return found


def check_ours(org: Org, package: case.Package) -> None:
    """Nobody changes what is not theirs by naming it in a file. Raises `TakenElsewhere`."""
    assert package.document is not None
    if Framework.objects.filter(identifier=package.document.identifier).exclude(org=org).exists():
        raise TakenElsewhere([])
    named = {one.identifier: one.human_coding_scheme or one.identifier for one in package.items}
    other = ~Q(framework__identifier=package.document.identifier)
    taken = Competency.objects.filter(other, identifier__in=named).order_by("code")
    codes = [named[identifier] for identifier in taken.values_list("identifier", flat=True)]
    links = CompetencyLink.objects.filter(other, identifier__in=[one.identifier for one in package.associations])
    if codes or links.exists():
        raise TakenElsewhere(codes)


def _stated(item: case.Item) -> dict[str, Any]:
    return {
        "code": item.human_coding_scheme[:64],
        "statement": item.full_statement,
        "short": item.abbreviated_statement[:255],
        "item_type": item.item_type[:80],
        "grades": [grade[:20] for grade in item.education_level],
    }


def _cycles(package: case.Package, helpful: Collection[str]) -> list[case.Cycle]:
    return case.cycles([one for one in package.associations if one.identifier not in helpful], package.items)


def bring_in(org: Org, package: case.Package, *, helpful: Collection[str] = (), by: Person | Actor) -> Framework:
    """The framework as `package` has it, in one act through the org's door. `helpful`: identifiers of `precedes` links
    that only help. What is no longer in the package is withdrawn, never deleted; what was chosen here (helpful links,
    dimensions, wordings) stays. Raises `StillRound` where required links still lead round in a circle, and
    `TakenElsewhere`.
    """
    assert package.document is not None
    with org.change(by=by) as door:
        check_ours(org, package)
        chosen = set(helpful) | set(
            CompetencyLink.objects.filter(
                framework__identifier=package.document.identifier, strength=Strength.HELPFUL
            ).values_list("identifier", flat=True)
        )
        if cycles := _cycles(package, chosen):
            raise StillRound(cycles)
        before = look(package)
        written = json.loads(case.write(package))
        framework = _write_framework(org, package.document, written)
        ids = _write_competencies(framework, package, written)
        _write_links(framework, written, ids, chosen)
        _carry_over(framework, door)
        counts = {"added": len(before.added), "changed": len(before.changed), "withdrawn": len(before.withdrawn)}
        door.record(
            "framework_brought_in",
            target=framework.pk,
            after={"title": framework.title, **counts},
            topics=["frameworks"],
        )
    return framework


def _write_framework(org: Org, document: case.Document, written: dict[str, Any]) -> Framework:
    apart = {name: part for name, part in written.items() if name not in ("CFItems", "CFAssociations")}
    said = {
        "uri": document.uri[:500],
        "creator": document.creator[:255],
        "title": document.title[:255],
        "edition": document.version[:64],
        "adoption_status": document.adoption_status[:40],
        "language": document.language[:16],
        "license_uri": document.license_uri[:500],
        "last_change": written["CFDocument"].get("lastChangeDateTime", "")[:40],
        "source": apart,
    }
    framework, _made = Framework.objects.update_or_create(
        identifier=document.identifier, defaults=said, create_defaults={**said, "org": org}
    )
    return framework


def _write_competencies(framework: Framework, package: case.Package, written: dict[str, Any]) -> dict[str, uuid.UUID]:
    """Ids by identifier, of all the framework ever had."""
    assert package.document is not None
    ids = dict(framework.competencies.values_list("identifier", "pk"))
    for item in package.items:
        ids.setdefault(item.identifier, uuid.uuid4())
    above = case.hierarchy(package).parent
    order = _walked(package, above)
    parents = set(above.values())
    today = framework.org.today()
    Competency.objects.bulk_create(
        [
            Competency(
                pk=ids[item.identifier],
                framework=framework,
                identifier=item.identifier,
                parent_id=ids.get(above.get(item.identifier, "")),
                position=order[item.identifier][0],
                depth=order[item.identifier][1],
                ratable=item.identifier not in parents,
                number=n,
                withdrawn=item.status_end_date is not None and item.status_end_date <= today,
                source=written["CFItems"][n],
                **_stated(item),
            )
            for n, item in enumerate(package.items)
        ],
        update_conflicts=True,
        unique_fields=["identifier"],
        update_fields=[*STATED, "parent", "position", "depth", "ratable", "number", "withdrawn", "source"],
        batch_size=1000,
    )
    here = {item.identifier for item in package.items}
    framework.competencies.exclude(identifier__in=here).update(withdrawn=True, source={})
    _write_successors(framework, case.replaced(package.items, package.associations), ids)
    return ids


def _write_successors(framework: Framework, successors: Mapping[str, str], ids: Mapping[str, uuid.UUID]) -> None:
    """Whether the withdrawn item still stands in the package or only in its `replacedBy` link."""
    changed = list(framework.competencies.filter(identifier__in=list(successors)))
    for one in changed:
        one.replaced_by_id, one.withdrawn = ids[successors[one.identifier]], True
    Competency.objects.bulk_update(changed, ["replaced_by", "withdrawn"], batch_size=500)


def _walked(package: case.Package, above: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    """(place in the order a reader meets it, depth) by identifier; what hangs in a loop comes last, at the top."""
    assert package.document is not None
    sequence = {one.origin.identifier: one.sequence_number for one in package.associations if one.type == "isChildOf"}
    children: dict[str, list[str]] = defaultdict(list)
    top = package.document.identifier
    for n, item in enumerate(package.items):
        children[above.get(item.identifier, top)].append(item.identifier)
        sequence[item.identifier] = (sequence.get(item.identifier) or 0) * len(package.items) + n
    order: dict[str, tuple[int, int]] = {}
    waiting = [(one, 0) for one in sorted(children[top], key=lambda one: sequence[one] or 0, reverse=True)]
    while waiting:
        identifier, depth = waiting.pop()
        order[identifier] = (len(order), depth)
        below = sorted(children[identifier], key=lambda one: sequence[one] or 0, reverse=True)
        waiting.extend((one, depth + 1) for one in below if one not in order)
    for item in package.items:
        order.setdefault(item.identifier, (len(order), 0))
    return order


def _write_links(
    framework: Framework, written: dict[str, Any], ids: Mapping[str, uuid.UUID], helpful: Collection[str]
) -> None:
    """Links between two competencies of the framework are rows; the others stay in the framework's source."""
    rows, outside = [], []
    for n, link in enumerate(written["CFAssociations"]):
        origin = ids.get(link["originNodeURI"]["identifier"])
        destination = ids.get(link["destinationNodeURI"]["identifier"])
        if origin is None or destination is None or link["associationType"] not in Kind.values:
            outside.append({"number": n, "association": link})
            continue
        rows.append(
            CompetencyLink(
                framework=framework,
                identifier=link["identifier"],
                link_kind=link["associationType"],
                origin_id=origin,
                destination_id=destination,
                strength=Strength.HELPFUL if link["identifier"] in helpful else Strength.REQUIRED,
                number=n,
                source=link,
            )
        )
    CompetencyLink.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["identifier"],
        update_fields=["link_kind", "origin", "destination", "strength", "number", "source"],
        batch_size=1000,
    )
    framework.links.exclude(identifier__in=[one.identifier for one in rows]).delete()
    framework.source = {**framework.source, "CFAssociations": outside}
    framework.save(update_fields=["source"])


def withdraw(competency: Competency, *, by: Person | Actor, successor: Competency | None = None) -> None:
    """No longer to be worked towards. What students have in it counts for its successor, where it has one."""
    with competency.framework.org.change(by=by) as door:
        competency.withdraw(by=by, successor=successor)
        _carry_over(competency.framework, door)


def _carry_over(framework: Framework, door: Door) -> None:
    """What students have in a competency that was replaced counts for the one in its place, and says what it was."""
    successors = framework.competencies.exclude(replaced_by=None).values_list("pk", "replaced_by")
    moved = {old: new for old, new in successors if new is not None}
    held = Estimate.objects.filter(competency__in=moved).values_list("learner", "competency")
    pairs = {(learner, moved[competency]) for learner, competency in held}
    for old, new in moved.items():
        rated = Expectation.objects.filter(competency=new).values("section")
        Expectation.objects.filter(competency=old, section__in=rated).delete()
        Expectation.objects.filter(competency=old).update(competency=new)
    if not pairs:
        return
    learners = Learner.objects.filter(pk__in={learner for learner, _ in pairs}).select_related("home")
    with change_many(learners, under=door) as doors:
        for old, new in moved.items():
            # Evidence rated for both keeps both: one rating for each competency.
            twice = EvidenceRating.objects.filter(competency=new).values("evidence")
            EvidenceRating.objects.filter(competency=old).exclude(evidence__in=twice).update(
                rated_as=Coalesce("rated_as", F("competency")), competency=new
            )
            both = Demonstration.objects.filter(competency=new, revoked=False).values("learner", "level")
            has = {(one["learner"], one["level"]) for one in both}
            for one in Demonstration.objects.filter(competency=old, revoked=False):
                if (one.learner_id, one.level) not in has:
                    one.competency_id = new
                    one.save(update_fields=["competency"])
            open_for_new = LevelOverride.objects.filter(competency=new, lifted_at=None).values("learner")
            LevelOverride.objects.filter(competency=old).exclude(
                Q(lifted_at=None) & Q(learner__in=open_for_new)
            ).update(competency=new)
        book = RatingBook(pairs)
        book.carry(moved)
        book.renew(learners_of(doors), by=None, bank=False)
        book.tell(doors, "competency_replaced")
        Estimate.objects.filter(competency__in=moved).delete()


def choose_strength(framework: Framework, link: CompetencyLink, strength: str, *, by: Person | Actor) -> None:
    """Make a `precedes` link required or helpful. Raises `StillRound` where required links would lead in a circle."""
    with framework.org.change(by=by) as door:
        before, link.strength = link.strength, strength
        if before == strength:
            return
        link.save(update_fields=["strength"])
        if rounds := required_cycles(framework):
            raise StillRound(rounds)
        door.record(
            "link_strength_chosen",
            target=link.pk,
            before={"strength": before},
            after={"strength": strength},
            topics=["frameworks"],
        )


def required_cycles(framework: Framework) -> list[case.Cycle]:
    """Cycles among the framework's required `precedes` links as they stand."""
    links = framework.links.filter(link_kind=Kind.PRECEDES, strength=Strength.REQUIRED).select_related(
        "origin", "destination"
    )
    associations = [
        case.Association(one.identifier, "precedes", case.Link(str(one.origin_id)), case.Link(str(one.destination_id)))
        for one in links
    ]
    items = [
        case.Item(str(end.pk), human_coding_scheme=end.code) for one in links for end in (one.origin, one.destination)
    ]
    return case.cycles(associations, items)


# Out


def package_of(framework: Framework) -> bytes:
    """The framework as a CASE package. What came by a file leaves as it came; what was written here, in its terms."""
    source = dict(framework.source)
    outside = source.pop("CFAssociations", [])
    document = source.pop("CFDocument", None) or _document(framework)
    items = [
        one.source or _item(one)
        for one in framework.competencies.filter(source_stands()).order_by("number", "position")
    ]
    rows = framework.links.select_related("origin", "destination")
    links = [(one.number, one.source or _association(one)) for one in rows]
    links += [(one["number"], one["association"]) for one in outside]
    links.sort(key=lambda pair: pair[0])
    package = {"CFDocument": document, "CFItems": items, "CFAssociations": [one for _n, one in links], **source}
    return json.dumps(package, ensure_ascii=False, indent=1).encode()


def source_stands() -> Q:
    """All but what a newer file no longer has."""
    return Q(withdrawn=False) | ~Q(source={})


def _document(framework: Framework) -> dict[str, Any]:
    return {
        "identifier": framework.identifier,
        "uri": framework.uri or f"urn:uuid:{framework.identifier}",
        "creator": framework.creator or framework.org.name,
        "title": framework.title,
        "lastChangeDateTime": framework.last_change or timezone.now().isoformat(timespec="seconds"),
        **({"language": framework.language} if framework.language else {}),
    }


def _item(one: Competency) -> dict[str, Any]:
    local = {
        "dimension": one.dimension,
        "studentWording": one.student_wording,
        "familyWording": one.family_wording,
    }
    return {
        "identifier": one.identifier,
        "uri": f"urn:uuid:{one.identifier}",
        "fullStatement": one.statement,
        **({"humanCodingScheme": one.code} if one.code else {}),
        **({"abbreviatedStatement": one.short} if one.short else {}),
        **({"CFItemType": one.item_type} if one.item_type else {}),
        **({"educationLevel": one.grades} if one.grades else {}),
        "extensions": {"trellis": {name: value for name, value in local.items() if value}},
    }


def _association(link: CompetencyLink) -> dict[str, Any]:
    def end(one: Competency) -> dict[str, str]:
        return {"title": str(one), "identifier": one.identifier, "uri": f"urn:uuid:{one.identifier}"}

    return {
        "identifier": link.identifier,
        "associationType": link.link_kind,
        "uri": f"urn:uuid:{link.identifier}",
        "originNodeURI": end(link.origin),
        "destinationNodeURI": end(link.destination),
    }


# What needs what


def needed_first(competencies: Iterable[Competency]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """{competency: what is needed first}, by required links. One query."""
    wanted = [one.pk for one in competencies]
    links = CompetencyLink.objects.filter(
        destination__in=wanted, link_kind=Kind.PRECEDES, strength=Strength.REQUIRED
    ).values_list("destination", "origin", "origin__withdrawn", "origin__replaced_by")
    needed: dict[uuid.UUID, set[uuid.UUID]] = {one: set() for one in wanted}
    for destination, origin, withdrawn, successor in links:
        if not withdrawn:
            needed[destination].add(origin)
        elif successor:
            needed[destination].add(successor)
    return needed
