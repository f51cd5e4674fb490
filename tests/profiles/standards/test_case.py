import datetime as dt
import itertools
import json
import tracemalloc
from collections import Counter
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from profiles.standards import case
from profiles.standards.case import Association, Document, Item, Link, Package, cycles, hierarchy, read, replaced, write

FRAMEWORKS = Path(__file__).parents[3].parent / "shared/data/frameworks"


def shared(name):
    path = FRAMEWORKS / name
    if not path.exists():
        pytest.skip("shared data is not here")
    return path


def item(code, **more):
    return {"identifier": f"id-{code}", "fullStatement": f"Can do {code}.", "humanCodingScheme": code, **more}


def link(begin, kind, end, **more):
    ends = {"originNodeURI": {"identifier": f"id-{begin}"}, "destinationNodeURI": {"identifier": f"id-{end}"}}
    return {"identifier": f"{begin}-{kind}-{end}", "associationType": kind, **ends, **more}


def package(items=(), associations=(), **more):
    document = {"identifier": "id-doc", "title": "River mathematics"}
    return {"CFDocument": document, "CFItems": list(items), "CFAssociations": list(associations), **more}


def told(raw):
    """What the reader of the report sees, all of it."""
    data = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    with translation.override("en"):
        return [str(problem) for problem in read(data, "river.json").problems]


def of(raw):
    made = read(json.dumps(raw).encode())
    assert made.problems == []
    return made


# ---- what is read


def test_package_is_read():
    made = of(
        package(
            [
                item(
                    "A.1",
                    CFItemType="Standard",
                    educationLevel=["05", "06"],
                    statusStartDate="2020-07-01",
                    lastChangeDateTime="2020-01-02T03:04:05",
                    colour="blue",
                )
            ],
            [link("A.1", "isChildOf", "doc", sequenceNumber=1)],
            CFDefinitions={"CFSubjects": []},
        )
    )
    assert made.document == Document("id-doc", title="River mathematics")
    assert made.items == [
        Item(
            "id-A.1",
            full_statement="Can do A.1.",
            human_coding_scheme="A.1",
            item_type="Standard",
            education_level=("05", "06"),
            status_start_date=dt.date(2020, 7, 1),
            last_change=dt.datetime(2020, 1, 2, 3, 4, 5, tzinfo=dt.UTC),
            more={"colour": "blue"},
        )
    ]
    assert made.associations == [
        Association("A.1-isChildOf-doc", "isChildOf", Link("id-A.1"), Link("id-doc"), sequence_number=1)
    ]
    assert made.more == {"CFDefinitions": {"CFSubjects": []}}


def test_what_real_exports_write_otherwise_is_read():
    uri = "https://river.example/uri/AAAAAAAA-BBBB-CCCC-DDDD-EEEEEEEEEEEE"
    raw = package(
        [item("A.1", educationalLevel="06", conceptKeywords=None, identifier="AAAAAAAA-BBBB-CCCC-DDDD-EEEEEEEEEEEE")],
        [link("A.1", "isChildOf", "doc", sequenceNumber="7", originNodeURI=uri)],
    )
    made = of(raw)
    assert made.items[0].education_level == ("06",)
    assert made.associations[0].sequence_number == 7
    assert made.associations[0].origin == Link(made.items[0].identifier, uri)


def test_grouping_is_known_and_written_as_it_was():
    raw = package([item("A")], [link("A", "ext:feeds", "A", CFAssociationGroupingURI={"identifier": "g", "uri": "u"})])
    made = of(raw)
    assert made.associations[0].grouping == "g"
    assert json.loads(write(made))["CFAssociations"][0]["CFAssociationGroupingURI"] == {"identifier": "g", "uri": "u"}


def test_text_that_no_database_holds_is_cleaned():
    data = json.dumps(package([item("A", fullStatement="Add\x00 \ud800one\r\nto ten")])).encode()
    assert read(data).items[0].full_statement == "Add one\nto ten"


# ---- out and in again

TEXTS = st.text(max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(-1e9, 1e9) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
MOMENTS = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2090, 1, 1)).map(dt.datetime.isoformat)
LOOSE = {
    "uri": TEXTS,
    "language": TEXTS | st.none(),
    "lastChangeDateTime": MOMENTS,
    "licenseURI": TEXTS | st.fixed_dictionaries({"uri": TEXTS}),
    "statusEndDate": st.dates().map(dt.date.isoformat) | st.none(),
    "ours": JSON,
}


@st.composite
def packages(draw):
    size = draw(st.integers(0, 5))
    codes = [f"C{number}" for number in range(size)]
    several = TEXTS | st.lists(TEXTS, max_size=3) | st.none()
    shape = st.fixed_dictionaries({}, optional={**LOOSE, "educationLevel": several, "CFItemType": TEXTS})
    items = [item(code, **draw(shape)) for code in codes]
    ends = draw(st.lists(st.tuples(st.sampled_from(codes), st.sampled_from(codes)), max_size=6)) if codes else []
    kinds = st.sampled_from(case.ASSOCIATION_TYPES)
    loose = st.fixed_dictionaries(
        {}, optional={"sequenceNumber": st.integers(0, 9) | st.integers(0, 9).map(str), "ours": JSON}
    )
    links = [
        {**link(begin, draw(kinds), end), **draw(loose), "identifier": f"link-{number}"}
        for number, (begin, end) in enumerate(ends)
    ]
    more = draw(st.dictionaries(TEXTS.filter(lambda name: not name.startswith("CF")), JSON, max_size=2))
    return package(items, links, **more)


@given(packages())
@settings(max_examples=60, deadline=None)
def test_import_export_import_is_the_same(raw):
    first = read(json.dumps(raw).encode())
    assert first.blocked is False
    again = read(write(first))
    assert again == first
    assert write(again) == write(first)


@pytest.mark.parametrize("name", ["ccss_math_coherence_cfpackage.json", "opensalt_sample_16_items.json"])
def test_shared_framework_import_export_import_is_the_same(name):
    first = read(shared(name), name)
    assert first.blocked is False
    assert read(write(first)) == first


def test_shared_framework_written_again_loses_no_key_of_what_it_held():
    raw = json.loads(shared("ccss_math_coherence_cfpackage.json").read_bytes())
    assert json.loads(write(read(shared("ccss_math_coherence_cfpackage.json")))) == raw


def test_shared_framework_is_read_whole():
    made = read(shared("ccss_math_coherence_cfpackage.json"))
    assert made.problems == []
    assert len(made.items) == 770
    assert Counter(link.type for link in made.associations) == {"isChildOf": 770, "precedes": 487, "isRelatedTo": 90}
    assert len(hierarchy(made).parent) == 770
    assert hierarchy(made).problems == []


def test_shared_sample_of_opensalt_is_read_whole():
    made = read(shared("opensalt_sample_16_items.json"), "opensalt.json")
    assert (len(made.items), len(made.associations), made.blocked) == (16, 39, False)
    assert made.items[0].education_level == ("06",)
    assert [link.sequence_number for link in made.associations if link.sequence_number is not None] == [1, 2]
    assert [problem.code for problem in made.problems] == ["end_missing"]


# ---- whatever it holds, it is read or refused


@st.composite
def mangled(draw):
    """A package in which any value, however deep, is any other."""
    raw = json.loads(json.dumps(package([item("A")], [link("A", "precedes", "A", sequenceNumber=1)])))
    at = raw
    while True:
        key = draw(st.sampled_from(sorted(at)) if isinstance(at, dict) else st.integers(0, len(at) - 1))
        if not at[key] or isinstance(at[key], (str, int)) or draw(st.booleans()):
            at[key] = draw(JSON)
            return raw
        at = at[key]


@given(mangled())
@settings(max_examples=200, deadline=None)
def test_any_value_anywhere_is_read_or_refused(raw):
    made = read(json.dumps(raw).encode())
    if not made.blocked:
        hierarchy(made), cycles(made.associations, made.items), replaced(made.items, made.associations)
        assert read(write(made)) == made
    assert [problem for problem in made.problems if not str(problem)] == []


# ---- each trouble has its sentence

TROUBLES = [
    (b"", "river.json: This file is empty. Export it again where it was made, and upload that."),
    (b"\xff\xff", "river.json: The letters of this file cannot be made out. Save it in UTF-8."),
    (
        b'{"CFDocument": {\n"title": "Ri',
        "river.json, line 2: This is not JSON from here on, or the file was cut off. Export the framework again.",
    ),
    (
        b"[" * 100_000,
        "river.json: This file is nested deeper than any framework. Export the framework again as CASE JSON.",
    ),
    (
        b'{"CFDocument": ' + b'{"a":' * 50 + b"1" + b"}" * 51,
        "river.json: This file is nested deeper than any framework. Export the framework again as CASE JSON.",
    ),
    (b'{"a": NaN}', "river.json: “NaN” is not a number that can be kept. Mend it, or take it out."),
    (b'{"a": 1e999}', "river.json: “1e999” is not a number that can be kept. Mend it, or take it out."),
    (
        b'{"a": ' + b"9" * 5_000 + b"}",
        "river.json: “" + "9" * 40 + "…” is not a number that can be kept. Mend it, or take it out.",
    ),
    (b'{"a": 1, "a": 2}', "river.json: The name “a” stands twice in one place. Keep one of the two."),
    (b"[]", "river.json: This is not a CASE package: it has no CFDocument. Export the framework as CASE JSON."),
    (
        {"CFDocument": {"identifier": "d"}},
        "river.json, CFDocument.title: This is missing or empty, and cannot be done without. Fill it in.",
    ),
    (
        {**package(), "CFItems": "all"},
        "river.json, CFItems: This should be […]. Export the framework again as CASE JSON.",
    ),
    (
        package(["A"]),
        "river.json, CFItems[0]: This should be {…}. Export the framework again as CASE JSON.",
    ),
    (
        package([item("A", fullStatement=" ")]),
        "river.json, CFItems[0].fullStatement: This is missing or empty, and cannot be done without. Fill it in.",
    ),
    (
        package([item("A"), item("B"), item("A")]),
        "river.json, CFItems[2].identifier: id-A is already used at CFItems[0]. "
        "Every one needs an identifier of its own.",
    ),
    (
        package([item("A")], [link("A", "leadsTo", "A")]),
        "river.json, CFAssociations[0].associationType: “leadsTo” is not known here. Allowed are isChildOf, isPeerOf, "
        "isPartOf, exactMatchOf, precedes, isRelatedTo, replacedBy, exemplar, hasSkillLevel, isTranslationOf.",
    ),
    (
        package([item("A")], [link("A", "precedes", "A", destinationNodeURI=None)]),
        "river.json, CFAssociations[0].destinationNodeURI: This is missing or empty, and cannot be done without. "
        "Fill it in.",
    ),
    (
        package([item("A")], [link("A", "precedes", "A", originNodeURI={"uri": "x"})]),
        "river.json, CFAssociations[0].originNodeURI.identifier: This is missing or empty, and cannot be done without. "
        "Fill it in.",
    ),
]


@pytest.mark.parametrize(("raw", "sentence"), TROUBLES, ids=range(len(TROUBLES)))
def test_trouble_says_where_it_is_and_what_to_do(raw, sentence):
    data = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    assert read(data).blocked is True
    assert told(raw) == [sentence]


NOTES = [
    (
        package([item("A")], [link("A", "precedes", "B")]),
        "CFAssociations[0]: id-B, which this precedes points to, is not in the file, "
        "so the link leads nowhere for now.",
    ),
    (
        package([item("A", lastChangeDateTime="yesterday")]),
        'CFItems[0].lastChangeDateTime: “"yesterday"” cannot be read here, so it was passed over.',
    ),
    (
        package([item("A", educationLevel={"low": 5})]),
        'CFItems[0].educationLevel: “{"low": 5}” cannot be read here, so it was passed over.',
    ),
    (
        package([item("A")], [link("A", "isChildOf", "doc", sequenceNumber=-1)]),
        "CFAssociations[0].sequenceNumber: “-1” cannot be read here, so it was passed over.",
    ),
]


@pytest.mark.parametrize(("raw", "sentence"), NOTES, ids=range(len(NOTES)))
def test_small_trouble_is_noted_and_does_not_block(raw, sentence):
    assert read(json.dumps(raw).encode()).blocked is False
    assert told(raw) == [f"river.json, {sentence}"]


def test_link_to_another_framework_is_no_trouble():
    assert told(package([item("A")], [link("A", "exactMatchOf", "elsewhere")])) == []


def test_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(case, "MAX_ITEMS", 1)
    assert told(package([item("A"), item("B")])) == [
        "river.json, CFItems: There are more than 1 of these. Export a smaller framework."
    ]
    monkeypatch.setattr(case, "MAX_PACKAGE_BYTES", 10)
    assert told(b" " * 11) == ["river.json: This file is larger than 0 MB. Export it again with less in it."]


def test_many_troubles_are_listed_to_a_cap_and_counted():
    made = read(json.dumps(package([item(number, fullStatement="") for number in range(300)])).encode())
    assert (len(made.problems), made.blocking_count) == (200, 300)


def test_deep_file_costs_no_memory():
    tracemalloc.start()
    told(b"[" * 5_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60_000_000


# ---- what the links say


def precedes(*edges):
    return [
        Association(f"link-{number}", "precedes", Link(begin), Link(end)) for number, (begin, end) in enumerate(edges)
    ]


def named(identifier):
    return Item(identifier, human_coding_scheme=identifier.upper())


def test_shared_framework_has_one_true_cycle():
    made = read(shared("ccss_math_coherence_cfpackage.json"))
    (cycle,) = cycles(made.associations, made.items)
    code = {one.identifier: one.human_coding_scheme for one in made.items}
    assert cycle.codes == ("K.G.A.2", "K.G.A.3", "K.G.B.4")
    assert [(code[one.origin.identifier], code[one.destination.identifier]) for one in cycle.links] == [
        ("K.G.A.2", "K.G.A.3"),
        ("K.G.A.2", "K.G.B.4"),
        ("K.G.A.3", "K.G.A.2"),
        ("K.G.B.4", "K.G.A.2"),
    ]
    assert [code[one.origin.identifier] for one in cycle.way] == ["K.G.A.2", "K.G.A.3"]


def test_cycle_is_named_by_its_codes_and_a_shortest_way_round():
    links = precedes(("c", "a"), ("a", "b"), ("b", "c"), ("x", "a"), ("c", "d"), ("d", "c"))
    (cycle,) = cycles(links, [named("a"), named("b"), named("c")])
    assert cycle.identifiers == ("a", "b", "c", "d")
    assert cycle.codes == ("A", "B", "C", "d")
    assert [one.identifier for one in cycle.links] == ["link-0", "link-1", "link-2", "link-4", "link-5"]
    assert [one.identifier for one in cycle.way] == ["link-1", "link-2", "link-0"]


def test_competency_that_precedes_itself_is_a_cycle():
    (cycle,) = cycles(precedes(("a", "a"), ("a", "b")))
    assert (cycle.codes, [one.identifier for one in cycle.way]) == (("a",), ["link-0"])


def test_long_chain_has_no_cycle_and_needs_no_deep_stack():
    assert cycles(precedes(*itertools.pairwise(range(50_000)))) == []


EDGES = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=14)


@given(EDGES)
@settings(max_examples=200, deadline=None)
def test_cycles_are_those_that_trying_all_ways_finds(edges):
    reach = {(begin, end) for begin, end in edges}
    for middle, begin, end in itertools.product(range(7), repeat=3):
        if (begin, middle) in reach and (middle, end) in reach:
            reach.add((begin, end))
    expected = {
        frozenset(other for other in range(7) if (node, other) in reach and (other, node) in reach)
        for node in range(7)
        if (node, node) in reach
    }
    found = cycles(precedes(*edges))
    assert {frozenset(cycle.identifiers) for cycle in found} == expected
    assert len(found) == len(expected)
    for cycle in found:
        ends = [(one.origin.identifier, one.destination.identifier) for one in cycle.way]
        assert ends[0][0] == ends[-1][1] == cycle.identifiers[0]
        assert all(one[1] == other[0] for one, other in itertools.pairwise(ends))


@given(EDGES)
@settings(max_examples=100, deadline=None)
def test_without_one_link_of_every_way_round_no_cycle_is_left_in_the_end(edges):
    links = precedes(*edges)
    for _ in range(len(edges) + 1):
        out = {cycle.way[-1].identifier for cycle in cycles(links)}
        links = [one for one in links if one.identifier not in out]
    assert cycles(links) == []


def test_second_parent_is_noted_and_the_first_counts():
    links = [link("B", "isChildOf", "A"), link("B", "isChildOf", "doc"), link("A", "isChildOf", "doc")]
    found = hierarchy(of(package([item("A"), item("B")], links)))
    assert found.parent == {"id-B": "id-A", "id-A": "id-doc"}
    assert [(str(problem), problem.blocking) for problem in found.problems] == [
        ("B already stands under A; this second place is not shown.", False)
    ]


def test_circle_of_parents_is_told():
    links = [link("A", "isChildOf", "B"), link("B", "isChildOf", "A")]
    found = hierarchy(of(package([item("A"), item("B")], links)))
    assert [(str(problem), problem.blocking) for problem in found.problems] == [
        ("A, B stand under one another in a circle. Take one of these links out.", True)
    ]


def test_replaced_items_resolve_along_chains():
    def by(begin, end):
        return Association(f"{begin}{end}", "replacedBy", Link(begin), Link(end))

    items = [named(letter) for letter in "abcdefgh"]
    links = [by("a", "b"), by("b", "c"), by("d", "e"), by("e", "d"), by("f", "g"), by("f", "h"), by("g", "gone")]
    assert replaced(items, links) == {"a": "c", "b": "c"}


def test_package_compares_by_what_it_holds():
    assert Package(problems=[]) == Package(blocking_count=3)
