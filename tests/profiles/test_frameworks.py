"""A framework out of a standards file, newer versions of it, and out again."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from config.commands import Hindrance
from profiles import frameworks
from profiles.models import Competency, CompetencyLink, Estimate, Evidence, EvidenceRating, Framework, Level, Mark
from profiles.standards import case
from tests.cast import Cast

COHERENCE = Path(__file__).parents[3] / "shared/data/frameworks/ccss_math_coherence_cfpackage.json"
OPENSALT = COHERENCE.with_name("opensalt_sample_16_items.json")


def package(*items: dict[str, Any], links: list[dict[str, Any]] | None = None) -> case.Package:
    made = {
        "CFDocument": {"identifier": "doc", "title": "Reading", "uri": "urn:doc", "creator": "Us"},
        "CFItems": [{"uri": f"urn:{one['identifier']}", **one} for one in items],
        "CFAssociations": links or [],
    }
    return case.read(json.dumps(made).encode(), "reading.json")


def item(code: str, statement: str = "", **more: Any) -> dict[str, Any]:
    return {
        "identifier": code.lower(),
        "humanCodingScheme": code,
        "fullStatement": statement or f"Says {code}.",
        **more,
    }


def link(kind: str, origin: str, destination: str, **more: Any) -> dict[str, Any]:
    def end(code: str) -> dict[str, str]:
        return {"title": code, "identifier": code.lower(), "uri": f"urn:{code.lower()}"}

    return {
        "identifier": f"{kind}-{origin}-{destination}".lower(),
        "associationType": kind,
        "originNodeURI": end(origin),
        "destinationNodeURI": end(destination),
        **more,
    }


def bring_in(cast: Cast, *items: dict[str, Any], helpful: tuple[str, ...] = (), **more: Any) -> Framework:
    return frameworks.bring_in(cast.org("district"), package(*items, **more), helpful=helpful, by=cast["district"])


def test_items_stand_in_the_order_of_the_hierarchy(cast: Cast) -> None:
    bring_in(
        cast,
        *(item(code) for code in ("B", "A", "A.2", "A.1")),
        links=[
            link("isChildOf", "B", "doc", sequenceNumber=2),
            link("isChildOf", "A", "doc", sequenceNumber=1),
            link("isChildOf", "A.2", "A", sequenceNumber=2),
            link("isChildOf", "A.1", "A", sequenceNumber=1),
        ],
    )
    found = Competency.objects.order_by("position").values_list("code", "depth", "ratable")
    assert list(found) == [("A", 0, False), ("A.1", 1, True), ("A.2", 1, True), ("B", 0, True)]


def test_a_circle_of_needs_waits_for_a_choice(cast: Cast) -> None:
    items = [item("A"), item("B"), item("C")]
    links = [link("precedes", *ends) for ends in (("A", "B"), ("B", "C"), ("C", "A"))]
    with pytest.raises(frameworks.StillRound) as asked:
        bring_in(cast, *items, links=links)
    assert str(asked.value) == "A → B → C → A"
    assert not Framework.objects.exists()
    framework = bring_in(cast, *items, links=links, helpful=("precedes-c-a",))
    needed = frameworks.needed_first(Competency.objects.order_by("code"))
    codes = dict(Competency.objects.values_list("pk", "code"))
    assert {codes[one]: {codes[each] for each in first} for one, first in needed.items()} == {
        "A": set(), "B": {"A"}, "C": {"B"},
    }  # fmt: skip
    assert frameworks.look(package(*items, links=links)).cycles == []
    helpful = framework.links.get(identifier="precedes-c-a")
    with pytest.raises(frameworks.StillRound):
        frameworks.choose_strength(framework, helpful, "required", by=cast["district"])


def test_the_same_file_again_changes_nothing(cast: Cast) -> None:
    items = [item("A"), item("B")]
    bring_in(cast, *items)
    assert frameworks.look(package(*items)).changes_nothing


def test_a_newer_version_changes_adds_and_withdraws_in_place(cast: Cast) -> None:
    bring_in(cast, item("A"), item("B"))
    kept = Competency.objects.get(code="A").pk
    Competency.objects.filter(pk=kept).update(dimension="habit", student_wording={"en": "I can"})
    newer = [item("A", "Says A better."), item("C")]
    found = frameworks.look(package(*newer))
    assert (found.changed, found.added, found.withdrawn) == (
        [("A", "Says A.", "Says A better.")],
        [("C", "Says C.")],
        [("B", "Says B.")],
    )
    bring_in(cast, *newer)
    now = Competency.objects.get(pk=kept)
    assert (now.statement, now.dimension, now.student_wording) == ("Says A better.", "habit", {"en": "I can"})
    assert Competency.objects.get(code="B").withdrawn


def test_what_a_student_has_goes_on_where_the_competency_was_replaced(cast: Cast) -> None:
    bring_in(cast, item("A"), item("B"))
    section, learner = cast.section("math"), cast.learner("student")
    old = Competency.objects.get(code="A")
    for days in (2, 1):
        on = cast.org("cedar").today() - dt.timedelta(days=days)
        Evidence.record(section, [Mark(learner.pk, old.pk, 3)], by=cast["math"], observed_on=on)
    bring_in(cast, item("B"), item("A2"), links=[link("replacedBy", "A", "A2")])
    new = Competency.objects.get(code="A2")
    estimate = Estimate.objects.get(learner=learner)
    assert (estimate.competency, estimate.state, estimate.banked) == (new, Level.SECURE, Level.SECURE)
    assert set(EvidenceRating.objects.values_list("competency", "rated_as")) == {(new.pk, old.pk)}
    assert learner.demonstrations.get().competency == new


def as_read(framework: Framework) -> case.Package:
    return case.read(frameworks.package_of(framework), "out.json")


def test_out_and_in_again_is_the_same(cast: Cast) -> None:
    given = package(
        item("A", keep={"this": 1}),
        item("B", educationLevel=["09"]),
        links=[link("precedes", "A", "B"), link("exactMatchOf", "A", "elsewhere", unknown=[1])],
    )
    given.more["CFRubrics"] = []
    framework = frameworks.bring_in(cast.org("district"), given, by=cast["district"])
    assert as_read(framework) == given


def test_own_competencies_leave_as_a_standards_file(cast: Cast) -> None:
    cast.section("math")
    own = Framework.objects.get(identifier="rn")
    read = as_read(own)
    assert (read.problems, [one.human_coding_scheme for one in read.items]) == ([], ["RN.1", "RN.2", "RN.3", "RN.4"])
    assert [one.type for one in read.associations] == ["precedes", "precedes"]


@pytest.mark.skipif(not COHERENCE.exists(), reason="the shared framework is not here")
def test_the_shared_framework_comes_in_with_its_circle_named(cast: Cast, django_assert_max_num_queries) -> None:
    given = case.read(COHERENCE.read_bytes(), COHERENCE.name)
    found = frameworks.look(given)
    code = {one.identifier: one.human_coding_scheme for one in given.items}
    assert (len(found.added), [one.codes for one in found.cycles]) == (770, [("K.G.A.2", "K.G.A.3", "K.G.B.4")])
    back = {
        one.identifier
        for one in given.associations
        if (code.get(one.origin.identifier), code.get(one.destination.identifier))
        in {("K.G.A.3", "K.G.A.2"), ("K.G.B.4", "K.G.A.2")}
    }
    with django_assert_max_num_queries(40):
        framework = frameworks.bring_in(cast.org("district"), given, helpful=back, by=cast["district"])
    assert framework.competencies.count() == 770
    assert framework.links.filter(link_kind="precedes").count() == 487
    assert framework.links.filter(strength=CompetencyLink.Strength.HELPFUL).count() == 2
    assert as_read(framework) == given


@pytest.mark.skipif(not OPENSALT.exists(), reason="the shared framework is not here")
def test_a_sample_of_another_system_leaves_as_it_came(cast: Cast) -> None:
    given = case.read(OPENSALT.read_bytes(), OPENSALT.name)
    framework = frameworks.bring_in(cast.org("district"), given, by=cast["district"])
    assert as_read(framework) == given


def test_the_command_looks_asks_and_brings_in(cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "round.json"
    given = package(item("A"), item("B"), links=[link("precedes", "A", "B"), link("precedes", "B", "A")])
    file.write_bytes(case.write(given))
    call_command("import_case", file)
    assert capsys.readouterr().out.splitlines() == [
        "round.json: Reading",
        "  2 new, 0 changed, 0 withdrawn, 0 as they are; 2 links.",
        "  Each needs the other first: A → B → A. Links: A:B, B:A",
        "Nothing is written yet: add --apply to bring it in.",
    ]
    with pytest.raises(Hindrance, match="Each of these would need the other first: A → B → A"):
        call_command("import_case", file, apply=True)
    call_command("import_case", file, apply=True, helpful=["B:A"])
    assert Competency.objects.count() == 2
