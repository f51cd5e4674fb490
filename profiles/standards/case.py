"""CASE packages, 1.0 and 1.1 (1EdTech, *Competencies and Academic Standards Exchange*, 2017 and 2024): JSON in and out.

What a package holds beyond the fields here stays word for word in ``more`` and is written again, so that
``read(write(package))`` gives the same package.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from config.files import clean

from .problem import Problem, Problems

ASSOCIATION_TYPES = (
    "isChildOf",
    "isPeerOf",
    "isPartOf",
    "exactMatchOf",
    "precedes",
    "isRelatedTo",
    "replacedBy",
    "exemplar",
    "hasSkillLevel",
    "isTranslationOf",
)

# Ends of these lie within one framework; of the others the far end is often in another.
INWARD_TYPES = ("isChildOf", "isPartOf", "precedes", "replacedBy", "hasSkillLevel")

MAX_PACKAGE_BYTES = 30_000_000
MAX_DEPTH = 40
MAX_ITEMS = 50_000
MAX_ASSOCIATIONS = 200_000
MAX_NUMBER_CHARS = 40
MAX_SEQUENCE = 2**31 - 1  # CASE: int32

N = TypeVar("N", bound=Hashable)
T = TypeVar("T")

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(slots=True)
class Link:
    """One end of an association: a LinkGenURI. Identifiers that are UUIDs are in lower case everywhere here."""

    identifier: str
    uri: str = ""
    title: str = ""
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Document:
    """A CFDocument. ``last_change`` is aware (UTC where the file names no zone) or None."""

    identifier: str
    uri: str = ""
    creator: str = ""
    title: str = ""
    publisher: str = ""
    description: str = ""
    subject: tuple[str, ...] = ()
    language: str = ""
    version: str = ""
    adoption_status: str = ""
    status_start_date: dt.date | None = None
    status_end_date: dt.date | None = None
    license_uri: str = ""
    official_source_url: str = ""
    notes: str = ""
    last_change: dt.datetime | None = None
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Item:
    """A CFItem."""

    identifier: str
    uri: str = ""
    full_statement: str = ""
    human_coding_scheme: str = ""
    abbreviated_statement: str = ""
    alternative_label: str = ""
    list_enumeration: str = ""
    item_type: str = ""
    education_level: tuple[str, ...] = ()
    concept_keywords: tuple[str, ...] = ()
    language: str = ""
    notes: str = ""
    license_uri: str = ""
    status_start_date: dt.date | None = None
    status_end_date: dt.date | None = None
    last_change: dt.datetime | None = None
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Association:
    """A CFAssociation: ``origin`` ``type`` ``destination``, as in “K.CC.A.1 isChildOf K.CC.A”.

    ``type`` is one of `ASSOCIATION_TYPES`, or begins with ``ext:``. ``grouping`` is the identifier of the
    CFAssociationGrouping, whose link stays in ``more`` and is written from there.
    """

    identifier: str
    type: str
    origin: Link
    destination: Link
    uri: str = ""
    sequence_number: int | None = None
    grouping: str = field(default="", compare=False)
    last_change: dt.datetime | None = None
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Package:
    """A CFPackage. ``document`` is None where the file could not be read at all.

    ``more``: CFDefinitions, CFRubrics and whatever else stands beside the three. ``problems`` are no part of what is
    written or compared.
    """

    document: Document | None = None
    items: list[Item] = field(default_factory=list)
    associations: list[Association] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list, compare=False)
    blocking_count: int = field(default=0, compare=False)
    note_count: int = field(default=0, compare=False)

    @property
    def blocked(self) -> bool:
        return self.blocking_count > 0


@dataclass(frozen=True, slots=True)
class Cycle:
    """Competencies that all need one another, by code; ``codes``: their human coding schemes, or else identifiers.

    ``links``: every ``precedes`` among them, of which some must give way; ``way``: a shortest way round, from the first
    code back to it. More than one loop may be left open when one link is taken out: look again.
    """

    identifiers: tuple[str, ...]
    codes: tuple[str, ...]
    links: tuple[Association, ...]
    way: tuple[Association, ...]


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """``parent``: item → the item or document above it. ``problems``: second parents (notes), loops (blocking)."""

    parent: dict[str, str]
    problems: list[Problem]


def read(data: bytes | Path, filename: str = "") -> Package:
    """The package in a JSON file. Raises nothing; see ``problems``."""
    problems = Problems()
    package = Package()
    try:
        raw = _parse(_bytes(data))
    except _Unreadable as unreadable:
        problems.add(Problem(unreadable.code, filename, unreadable.line, values=unreadable.values))
    else:
        package = _Reader(filename, problems).package(raw)
    package.problems = problems.listed
    package.blocking_count, package.note_count = problems.blocking_count, problems.note_count
    return package


class _Unreadable(Exception):  # noqa: N818 (it becomes a problem)
    def __init__(self, code: str, line: int = 0, **values: str | int) -> None:
        super().__init__(code)
        self.code, self.line, self.values = code, line, values


def _bytes(data: bytes | Path) -> bytes:
    if isinstance(data, Path):
        with data.open("rb") as stream:
            data = stream.read(MAX_PACKAGE_BYTES + 1)
    if len(data) > MAX_PACKAGE_BYTES:
        raise _Unreadable("too_big", megabytes=MAX_PACKAGE_BYTES // 1_000_000)
    if not data.strip():
        raise _Unreadable("empty")
    return data


def _parse(data: bytes) -> Any:
    """The JSON value: no name twice in one object, every number finite and short, nowhere deeper than `MAX_DEPTH`."""

    def pairs(parts: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(parts)
        if len(made) < len(parts):
            names = [name for name, _ in parts]
            raise _Unreadable("json_twice", found=next(name for name in names if names.count(name) > 1)[:100])
        return made

    def whole(text: str) -> int:
        if len(text) > MAX_NUMBER_CHARS:
            raise _Unreadable("json_number", found=text[:MAX_NUMBER_CHARS] + "…")
        return int(text)

    def broken(text: str) -> float:
        if len(text) > MAX_NUMBER_CHARS or not math.isfinite(number := float(text)):
            raise _Unreadable("json_number", found=text[:MAX_NUMBER_CHARS])
        return number

    def constant(text: str) -> None:
        raise _Unreadable("json_number", found=text)

    try:
        text = data.decode(json.detect_encoding(data))
        raw = json.loads(text, object_pairs_hook=pairs, parse_int=whole, parse_float=broken, parse_constant=constant)
    except UnicodeDecodeError:
        raise _Unreadable("encoding") from None
    except json.JSONDecodeError as error:
        raise _Unreadable("json", error.lineno) from None
    except RecursionError:
        raise _Unreadable("json_deep") from None
    return _tidy(raw, MAX_DEPTH)


def _tidy(value: Any, depth: int) -> Any:
    """The value with every text as `clean` leaves it: the database holds no NUL and no half of a surrogate pair."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, (dict, list)) and not depth:
        raise _Unreadable("json_deep")
    if isinstance(value, dict):
        return {clean(name): _tidy(part, depth - 1) for name, part in value.items()}
    if isinstance(value, list):
        return [_tidy(part, depth - 1) for part in value]
    return value


class _Object:
    """One JSON object being read: what is asked for is taken out, so that the rest can be kept as it is."""

    def __init__(self, file: str, problems: Problems, path: str, raw: dict[str, Any]) -> None:
        self.file, self.problems, self.path = file, problems, path
        self.rest = dict(raw)
        self.usable = True

    def say(self, code: str, name: str = "", *, blocking: bool = True, **values: str | int) -> None:
        path = f"{self.path}.{name}" if name else self.path
        self.problems.add(Problem(code, self.file, values=values, blocking=blocking, path=path))
        if blocking:
            self.usable = False

    def passed(self, name: str, value: Any) -> None:
        """Say that a value of no consequence cannot be read, and leave it out."""
        self.say("json_passed", name, blocking=False, found=json.dumps(value, ensure_ascii=False)[:60])

    def text(self, name: str) -> str:
        value = self.rest.pop(name, None)
        if value is None:
            return ""
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return str(value)
        if not isinstance(value, str):
            self.passed(name, value)
            return ""
        return value

    def identifier(self, name: str = "identifier") -> str:
        identifier = _identifier(self.text(name))
        if not identifier:
            self.say("json_needed", name)
        return identifier

    def texts(self, name: str) -> tuple[str, ...]:
        """One or several: CASE allows a bare text for a list of one."""
        value = self.rest.pop(name, None)
        values = [value] if isinstance(value, str) else value or []
        if not isinstance(values, list) or not all(isinstance(part, str) for part in values):
            self.passed(name, value)
            return ()
        return tuple(part for part in values if part)

    def sequence(self, name: str) -> int | None:
        """A whole number, which OpenSALT writes as text."""
        value = self.rest.pop(name, None)
        if isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,10}\s*", value, re.ASCII):
            value = int(value)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if value is None or value == "":
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_SEQUENCE:
            self.passed(name, value)
            return None
        return value

    def day(self, name: str) -> dt.date | None:
        moment = self.moment(name)
        return moment.date() if moment else None

    def moment(self, name: str) -> dt.datetime | None:
        """In the zone that is written; in UTC where none is."""
        text = self.text(name)
        if not text:
            return None
        try:
            moment = dt.datetime.fromisoformat(text)
        except ValueError:
            self.passed(name, text)
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)

    def link(self, name: str) -> Link:
        """An object of title, identifier and uri; some write the bare uri, whose end is the identifier."""
        value = self.rest.pop(name, None)
        if isinstance(value, str):
            found = _UUID.findall(value)
            value = {"uri": value, "identifier": found[-1] if found else value}
        if not isinstance(value, dict):
            self.say("json_needed", name)
            return Link("")
        part = _Object(self.file, self.problems, f"{self.path}.{name}", value)
        link = Link(part.identifier(), part.text("uri"), part.text("title"), part.rest)
        self.usable = self.usable and part.usable
        return link


def _identifier(text: str) -> str:
    text = text.strip()
    return text.lower() if _UUID.fullmatch(text) else text


def _grouping(link: Any) -> str:
    identifier = link.get("identifier") if isinstance(link, dict) else link
    return _identifier(identifier) if isinstance(identifier, str) else ""


class _Reader:
    """Reads the parts of one package, and knows which identifiers are taken."""

    def __init__(self, file: str, problems: Problems) -> None:
        self.file, self.problems = file, problems
        self.seen: dict[str, str] = {}  # identifier → path

    def package(self, raw: Any) -> Package:
        if not isinstance(raw, dict) or not isinstance(raw.get("CFDocument"), dict):
            self.problems.add(Problem("not_case", self.file))
            return Package()
        rest = dict(raw)
        document = self.document(self.object("CFDocument", rest.pop("CFDocument")))
        package = Package(
            document,
            self.several(rest, "CFItems", MAX_ITEMS, self.item),
            self.several(rest, "CFAssociations", MAX_ASSOCIATIONS, self.association),
            rest,
        )
        self.ends(package)
        return package

    def object(self, path: str, raw: dict[str, Any]) -> _Object:
        return _Object(self.file, self.problems, path, raw)

    def several(self, rest: dict[str, Any], name: str, most: int, read_one: Callable[[_Object], T]) -> list[T]:
        raw = rest.pop(name, None) or []
        if not isinstance(raw, list):
            self.problems.add(Problem("json_kind", self.file, path=name, values={"expected": "[…]"}))
            return []
        if len(raw) > most:
            self.problems.add(Problem("json_most", self.file, path=name, values={"most": most}))
            return []
        made: list[T] = []
        for at, value in enumerate(raw):
            path = f"{name}[{at}]"
            if not isinstance(value, dict):
                self.problems.add(Problem("json_kind", self.file, path=path, values={"expected": "{…}"}))
                continue
            one = self.object(path, value)
            read = read_one(one)
            if one.usable:
                made.append(read)
        return made

    def unique(self, one: _Object) -> str:
        identifier = one.identifier()
        if identifier in self.seen:
            one.say("identifier_twice", "identifier", id=identifier[:100], first=self.seen[identifier])
        elif identifier:
            self.seen[identifier] = one.path
        return identifier

    def document(self, one: _Object) -> Document:
        return Document(
            identifier=self.unique(one),
            uri=one.text("uri"),
            creator=one.text("creator"),
            title=self.needed(one, "title"),
            publisher=one.text("publisher"),
            description=one.text("description"),
            subject=one.texts("subject"),
            language=one.text("language"),
            version=one.text("version"),
            adoption_status=one.text("adoptionStatus"),
            status_start_date=one.day("statusStartDate"),
            status_end_date=one.day("statusEndDate"),
            license_uri=self.license(one),
            official_source_url=one.text("officialSourceURL"),
            notes=one.text("notes"),
            last_change=one.moment("lastChangeDateTime"),
            more=one.rest,
        )

    def item(self, one: _Object) -> Item:
        return Item(
            identifier=self.unique(one),
            uri=one.text("uri"),
            full_statement=self.needed(one, "fullStatement"),
            human_coding_scheme=one.text("humanCodingScheme"),
            abbreviated_statement=one.text("abbreviatedStatement"),
            alternative_label=one.text("alternativeLabel"),
            list_enumeration=one.text("listEnumeration"),
            item_type=one.text("CFItemType"),
            # OpenSALT of 2017 has the older name.
            education_level=one.texts("educationLevel" if "educationLevel" in one.rest else "educationalLevel"),
            concept_keywords=one.texts("conceptKeywords"),
            language=one.text("language"),
            notes=one.text("notes"),
            license_uri=self.license(one),
            status_start_date=one.day("statusStartDate"),
            status_end_date=one.day("statusEndDate"),
            last_change=one.moment("lastChangeDateTime"),
            more=one.rest,
        )

    def association(self, one: _Object) -> Association:
        kind = one.text("associationType").strip()
        if not kind:
            one.say("json_needed", "associationType")
        elif kind not in ASSOCIATION_TYPES and not kind.startswith("ext:"):
            one.say("value_unknown", "associationType", found=kind[:100], allowed=", ".join(ASSOCIATION_TYPES))
        return Association(
            identifier=self.unique(one),
            type=kind,
            origin=one.link("originNodeURI"),
            destination=one.link("destinationNodeURI"),
            uri=one.text("uri"),
            sequence_number=one.sequence("sequenceNumber"),
            grouping=_grouping(one.rest.get("CFAssociationGroupingURI")),
            last_change=one.moment("lastChangeDateTime"),
            more=one.rest,
        )

    def needed(self, one: _Object, name: str) -> str:
        text = one.text(name)
        if not text.strip():
            one.say("json_needed", name)
        return text

    def license(self, one: _Object) -> str:
        """1.0 has a link where 1.1 packages often write the bare address; a link stays as it is in ``more``."""
        return one.text("licenseURI") if isinstance(one.rest.get("licenseURI"), str) else ""

    def ends(self, package: Package) -> None:
        """Note the ends that are not in this file, of links that lie within one framework."""
        assert package.document is not None
        here = {package.document.identifier, *(item.identifier for item in package.items)}
        for link in package.associations:
            if link.type in INWARD_TYPES:
                for end in (link.origin, link.destination):
                    if end.identifier not in here:
                        values: dict[str, str | int] = {"id": end.identifier[:100], "type": link.type}
                        path = self.seen[link.identifier]
                        self.problems.add(Problem("end_missing", self.file, values=values, blocking=False, path=path))


# ---- out


def write(package: Package) -> bytes:
    """The package as UTF-8 JSON; the same package gives the same bytes. It has a document."""
    assert package.document is not None
    made = {
        "CFDocument": _document(package.document),
        "CFItems": [_item(item) for item in package.items],
        "CFAssociations": [_association(link) for link in package.associations],
        **package.more,
    }
    return json.dumps(made, ensure_ascii=False, allow_nan=False, indent=1).encode()


def _document(document: Document) -> dict[str, Any]:
    return _filled(
        document.more,
        identifier=document.identifier,
        uri=document.uri,
        creator=document.creator,
        title=document.title,
        lastChangeDateTime=document.last_change,
        officialSourceURL=document.official_source_url,
        publisher=document.publisher,
        description=document.description,
        subject=document.subject,
        language=document.language,
        version=document.version,
        adoptionStatus=document.adoption_status,
        statusStartDate=document.status_start_date,
        statusEndDate=document.status_end_date,
        licenseURI=document.license_uri,
        notes=document.notes,
    )


def _item(item: Item) -> dict[str, Any]:
    return _filled(
        item.more,
        identifier=item.identifier,
        fullStatement=item.full_statement,
        alternativeLabel=item.alternative_label,
        CFItemType=item.item_type,
        uri=item.uri,
        humanCodingScheme=item.human_coding_scheme,
        listEnumeration=item.list_enumeration,
        abbreviatedStatement=item.abbreviated_statement,
        conceptKeywords=item.concept_keywords,
        notes=item.notes,
        language=item.language,
        educationLevel=item.education_level,
        licenseURI=item.license_uri,
        statusStartDate=item.status_start_date,
        statusEndDate=item.status_end_date,
        lastChangeDateTime=item.last_change,
    )


def _association(link: Association) -> dict[str, Any]:
    return _filled(
        link.more,
        identifier=link.identifier,
        associationType=link.type,
        sequenceNumber=link.sequence_number,
        uri=link.uri,
        originNodeURI=_link(link.origin),
        destinationNodeURI=_link(link.destination),
        lastChangeDateTime=link.last_change,
    )


def _link(end: Link) -> dict[str, Any]:
    return {"title": end.title, "identifier": end.identifier, "uri": end.uri, **end.more}


def _filled(more: Mapping[str, Any], **values: Any) -> dict[str, Any]:
    """What is not empty, dates as ISO 8601 has them, then the rest."""
    made: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dt.date):
            made[name] = value.isoformat()
        elif isinstance(value, tuple):
            made.update({name: list(value)} if value else {})
        elif value not in ("", None):
            made[name] = value
    return {**made, **more}


# ---- what the links say


def cycles(associations: Iterable[Association], items: Iterable[Item] = ()) -> list[Cycle]:
    """The cycles of ``precedes``, one for each set of competencies that need one another; ``items`` give the codes."""
    links = [link for link in associations if link.type == "precedes"]
    code = {item.identifier: item.human_coding_scheme or item.identifier for item in items}
    leading: dict[str, dict[str, Association]] = {}
    for link in links:
        leading.setdefault(link.origin.identifier, {}).setdefault(link.destination.identifier, link)
    found = []
    for members in strongly_connected((link.origin.identifier, link.destination.identifier) for link in links):
        identifiers = tuple(sorted(members, key=lambda member: (code.get(member, member), member)))
        inside = frozenset(members)
        found.append(
            Cycle(
                identifiers=identifiers,
                codes=tuple(code.get(member, member) for member in identifiers),
                links=tuple(link for link in links if {link.origin.identifier, link.destination.identifier} <= inside),
                way=tuple(_way_round(identifiers[0], inside, leading)),
            )
        )
    return found


def _way_round(
    begin: str, inside: frozenset[str], leading: Mapping[str, Mapping[str, Association]]
) -> list[Association]:
    """A shortest way from ``begin`` back to it; there is one, since all inside reach one another."""
    came: dict[str, Association] = {}
    waiting = deque([begin])
    while begin not in came:
        at = waiting.popleft()
        for to, link in leading[at].items():
            if to in inside and to not in came:
                came[to] = link
                waiting.append(to)
    way = [came[begin]]
    while way[0].origin.identifier != begin:
        way.insert(0, came[way[0].origin.identifier])
    return way


def strongly_connected(edges: Iterable[tuple[N, N]]) -> list[list[N]]:
    """The sets of nodes that can reach one another, or themselves by a loop, in order of first appearance.

    Tarjan, *Depth-first search and linear graph algorithms*, SIAM J. Comput. 1 (1972), with a stack of its own in
    place of recursion: a framework may have chains of thousands.
    """
    following: dict[N, list[N]] = {}
    for begin, end in edges:
        following.setdefault(begin, []).append(end)
        following.setdefault(end, [])
    order = {node: at for at, node in enumerate(following)}
    index: dict[N, int] = {}
    low: dict[N, int] = {}
    stack: list[N] = []
    stacked: set[N] = set()
    found: list[list[N]] = []
    for root in following:
        if root in index:
            continue
        index[root] = low[root] = len(index)
        stack.append(root)
        stacked.add(root)
        path = [(root, iter(following[root]))]
        while path:
            node, ends = path[-1]
            for end in ends:
                if end not in index:
                    index[end] = low[end] = len(index)
                    stack.append(end)
                    stacked.add(end)
                    path.append((end, iter(following[end])))
                    break
                if end in stacked:
                    low[node] = min(low[node], index[end])
            else:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[node])
                if low[node] == index[node]:
                    members = [stack.pop()]
                    while members[-1] != node:
                        members.append(stack.pop())
                    stacked.difference_update(members)
                    if len(members) > 1 or node in following[node]:
                        found.append(sorted(members, key=order.__getitem__))
    return sorted(found, key=lambda members: order[members[0]])


def hierarchy(package: Package) -> Hierarchy:
    """The forest that ``isChildOf`` makes of the package's items: of several parents the first counts."""
    code = {item.identifier: item.human_coding_scheme or item.full_statement[:60] for item in package.items}
    above = dict(code)
    if package.document is not None:
        above[package.document.identifier] = package.document.title
    parent: dict[str, str] = {}
    problems: list[Problem] = []
    for link in package.associations:
        child, over = link.origin.identifier, link.destination.identifier
        if link.type != "isChildOf" or child not in code or over not in above:
            continue
        if parent.setdefault(child, over) != over:
            values: dict[str, str | int] = {"code": code[child], "parent": above[parent[child]]}
            problems.append(Problem("parent_second", values=values, blocking=False))
    for members in strongly_connected(parent.items()):
        problems.append(Problem("parent_loop", values={"codes": ", ".join(code[member] for member in members)}))
    return Hierarchy(parent, problems)


def replaced(items: Iterable[Item], associations: Iterable[Association]) -> dict[str, str]:
    """Withdrawn identifier → identifier of the item that takes its place now, along chains of ``replacedBy``.

    Left out: what has two successors, goes round in a circle, or leads to no item among ``items``.
    """
    here = {item.identifier for item in items}
    successors: dict[str, set[str]] = {}
    for link in associations:
        if link.type == "replacedBy":
            successors.setdefault(link.origin.identifier, set()).add(link.destination.identifier)
    settled: dict[str, str] = {}
    for old in successors:
        trail = [old]
        while len(following := successors.get(trail[-1], set())) == 1 and not following & set(trail):
            trail.extend(following)
        now = next((identifier for identifier in reversed(trail[1:]) if identifier in here), "")
        if now and not following:
            settled[old] = now
    return settled
