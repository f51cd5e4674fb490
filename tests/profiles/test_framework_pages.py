"""Frameworks in the browser: looked at, brought in once, browsed, searched, worded, linked and withdrawn."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from profiles import frameworks
from profiles.models import (
    AccessEvent,
    Competency,
    CompetencyLink,
    Evidence,
    Expectation,
    Framework,
    FrameworkImport,
    Mark,
)
from profiles.standards import case
from tests.cast import Cast

from .test_frameworks import COHERENCE, bring_in, item, link, package

SignIn = Callable[[str], Client]
LIST = "/profiles/frameworks/"


def upload(client: Client, cast: Cast, given: case.Package | bytes, org: str = "district") -> Any:
    data = given if isinstance(given, bytes) else case.write(given)
    file = SimpleUploadedFile("reading.json", data, "application/json")
    return client.post(f"{LIST}import/", {"org": cast.org(org).pk, "file": file})


def url(name: str, one: Any) -> str:
    return reverse(f"profiles:{name}", args=[one.pk])


def test_a_file_is_looked_at_then_brought_in_once(cast: Cast, sign_in: SignIn) -> None:
    district = sign_in("district")
    looked_at = upload(district, cast, package(item("A"), item("B")))
    page = district.get(looked_at.url)

    assert "2 skills are new." in page.text
    assert not Framework.objects.exists()

    applied = district.post(f"{looked_at.url}apply/")
    framework = Framework.objects.get()
    assert (applied.status_code, applied.url) == (302, url("framework_detail", framework))

    again = district.post(f"{looked_at.url}apply/", follow=True)
    assert "This file has been brought in already; nothing was changed again." in again.text
    assert "2 skills are new." in again.text
    assert FrameworkImport.objects.get().file is None


def test_what_would_change_is_shown_with_before_and_after(cast: Cast, sign_in: SignIn) -> None:
    bring_in(cast, item("A"), item("B"))
    district = sign_in("district")
    page = district.get(upload(district, cast, package(item("A", "Says A better."))).url)

    assert "Says A better." in page.text
    assert "1 is worded otherwise." in page.text
    assert "1 is no longer in the file: withdrawn, and what students have shown of it stays." in page.text


def test_a_circle_asks_and_keeps_what_was_chosen(cast: Cast, sign_in: SignIn) -> None:
    pairs = [("A", "B"), ("B", "A"), ("B", "C"), ("C", "B")]
    links = [link("precedes", *ends) for ends in pairs]
    district = sign_in("district")
    looked_at = upload(district, cast, package(item("A"), item("B"), item("C"), links=links))

    refused = district.post(f"{looked_at.url}apply/", {"helpful": ["precedes-b-a"]})
    assert refused.status_code == 422
    assert "Some skills would still need each other first: B → C → B." in refused.text
    assert 'id="link-precedes-b-a" checked' in refused.text
    assert not Framework.objects.exists()

    district.post(f"{looked_at.url}apply/", {"helpful": ["precedes-b-a", "precedes-c-b"]})
    helpful = CompetencyLink.objects.filter(strength="helpful").values_list("identifier", flat=True)
    assert set(helpful) == {"precedes-b-a", "precedes-c-b"}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "reading.json"),
        (b"\xff\xfe not json", "reading.json"),
        (b'{"CFDocument": {"title": "Reading"', "reading.json"),
        (b'{"CFItems": []}', "CFDocument"),
    ],
)
def test_a_file_that_is_none_gets_a_sentence(cast: Cast, sign_in: SignIn, data: bytes, sentence: str) -> None:
    answer = upload(sign_in("district"), cast, data or b" ")

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert sentence in answer.text
    assert not FrameworkImport.objects.exists()


def test_a_school_changes_nothing_of_the_district_by_naming_it(cast: Cast, sign_in: SignIn) -> None:
    bring_in(cast, item("A"), item("B"))
    leader = sign_in("leader")
    named = json.loads(case.write(package(item("A", "Ours now."))))

    same = upload(leader, cast, json.dumps(named).encode(), "cedar")
    assert "was brought in elsewhere in the district" in same.text
    named["CFDocument"]["identifier"] = "doc-2"
    within = upload(leader, cast, json.dumps(named).encode(), "cedar")
    assert "This file would change skills that belong to another framework: A." in within.text
    assert upload(leader, cast, package(item("Z")), "juniper").status_code == 422
    assert Competency.objects.get(code="A").statement == "Says A."


def test_a_school_brings_in_its_own(cast: Cast, sign_in: SignIn) -> None:
    leader = sign_in("leader")
    looked_at = upload(leader, cast, package(item("A")), "cedar")
    leader.post(f"{looked_at.url}apply/")

    assert Framework.objects.get().org == cast.org("cedar")
    assert "Reading" in sign_in("teacher").get(LIST).text
    assert "Reading" not in sign_in("other-teacher").get(LIST).text


def test_the_tree_and_the_search(cast: Cast, sign_in: SignIn, django_assert_num_queries: Any) -> None:
    children = [item("R.1", "Counts <i>up</i> & down", educationLevel=["01"]), item("R.2", educationLevel=["02"])]
    framework = bring_in(
        cast, item("R", "Numbers"), *children, links=[link("isChildOf", one, "R") for one in ("R.1", "R.2")]
    )
    teacher = sign_in("teacher")
    page = teacher.get(url("framework_detail", framework))
    assert [code in page.text for code in ("R.1", "R.2", "Counts up &amp; down")] == [True, True, True]

    graded = teacher.get(url("framework_detail", framework), {"grade": "02"})
    assert ("R.2</b>" in graded.text, "R.1</b>" in graded.text) == (True, False)
    found = teacher.get(url("framework_detail", framework), {"q": "counts down"})
    assert ("R.1</b>" in found.text, "R.2</b>" in found.text) == (True, False)
    assert "R.2</b>" in teacher.get(url("framework_detail", framework), {"q": "r.2"}).text


@pytest.mark.parametrize("count", [1, 3])
def test_pages_ask_as_much_for_three_as_for_one(
    cast: Cast, sign_in: SignIn, count: int, django_assert_num_queries: Any
) -> None:
    items = [item(f"A{n}") for n in range(count + 1)]
    links = [link("precedes", "A0", f"A{n + 1}") for n in range(count)]
    framework = bring_in(cast, *items, links=links)
    teacher = sign_in("teacher")
    first = Competency.objects.get(code="A0")
    for page, statements in (
        (LIST, 5),
        (url("framework_detail", framework), 6),
        (url("framework_map", framework), 10),
        (url("competency_detail", first), 8),
    ):
        with django_assert_num_queries(statements):
            teacher.get(page)


def test_a_framework_goes_out_as_it_came(cast: Cast, sign_in: SignIn) -> None:
    given = package(item("A"), item("B"), links=[link("precedes", "A", "B")])
    framework = frameworks.bring_in(cast.org("district"), given, by=cast["district"])
    answer = sign_in("teacher").get(url("framework_export", framework))

    assert answer.headers["Content-Disposition"] == 'attachment; filename="reading.json"'
    assert case.read(answer.content, "out.json") == given


def test_a_competency_says_what_it_needs_and_unlocks(cast: Cast, sign_in: SignIn) -> None:
    cast.section("math")
    page = sign_in("teacher").get(url("competency_detail", cast.competency("RN.2")))

    needs, unlocks = page.text.split('id="unlocks-head"')
    assert "RN.1" in needs.split('id="needs-head"')[1]
    assert "RN.3" in unlocks
    assert "It only helps" not in page.text


def test_a_leader_says_that_a_link_only_helps_and_is_asked_at_a_circle(cast: Cast, sign_in: SignIn) -> None:
    framework = bring_in(
        cast, item("A"), item("B"), links=[link("precedes", "A", "B"), link("precedes", "B", "A")],
        helpful=("precedes-b-a",),
    )  # fmt: skip
    one, back = Competency.objects.get(code="A"), framework.links.get(identifier="precedes-b-a")
    district = sign_in("district")
    change = reverse("profiles:link_strength", args=[one.pk, back.pk])

    refused = district.post(change, {"strength": "required"})
    back.refresh_from_db()
    assert (refused.status_code, back.strength) == (422, "helpful")
    assert "Each of these would need the other first: A → B → A. Nothing was changed." in refused.text

    forth = framework.links.get(identifier="precedes-a-b")
    district.post(reverse("profiles:link_strength", args=[one.pk, forth.pk]), {"strength": "helpful"})
    district.post(change, {"strength": "required"})
    assert dict(framework.links.values_list("identifier", "strength")) == {
        "precedes-a-b": "helpful", "precedes-b-a": "required",
    }  # fmt: skip


def test_a_standard_is_worded_here_and_never_restated(cast: Cast, sign_in: SignIn) -> None:
    bring_in(cast, item("A"))
    one = Competency.objects.get()
    said = {"dimension": "habit", "student_en": "I can.", "family_es": "Su hijo puede.", "statement": "Ours."}
    sign_in("district").post(url("competency_write", one), said)

    one.refresh_from_db()
    assert (one.statement, one.dimension, one.student_wording, one.family_wording) == (
        "Says A.", "habit", {"en": "I can."}, {"es": "Su hijo puede."},
    )  # fmt: skip
    refused = sign_in("district").post(reverse("profiles:competency_withdraw", args=[one.pk]))
    assert refused.status_code == 403


def test_a_school_writes_revises_and_withdraws_its_own(cast: Cast, sign_in: SignIn) -> None:
    leader, school = sign_in("leader"), cast.org("cedar")
    add = url("competency_add", school)
    leader.post(add, {"statement": "Asks for help in time.", "code": "H.1", "dimension": "habit"})
    leader.post(add, {"statement": "Asks in time.", "code": "H.2", "dimension": "habit", "student_es": "Pregunto."})
    assert leader.post(add, {"statement": " ", "dimension": "habit"}).status_code == 422
    old, new = Competency.objects.order_by("code")
    assert (old.framework, new.student_wording) == (new.framework, {"es": "Pregunto."})

    leader.post(url("competency_write", old), {"statement": "Asks early.", "code": "H.1", "dimension": "skill"})
    section = cast.section("math")
    section.expect(section.unit, [old], by=cast["math"])
    leader.post(url("competency_withdraw", old), {"successor": new.pk})

    old.refresh_from_db()
    assert (old.statement, old.dimension, old.withdrawn, old.replaced_by) == ("Asks early.", "skill", True, new)
    assert Expectation.objects.get(section=section, competency__framework=new.framework).competency == new
    page = leader.get(url("competency_detail", old))
    assert "Withdrawn. In its place:" in page.text
    assert "H.2" in leader.get(url("school_competencies", school)).text


def test_a_map_shows_a_class_and_a_student_and_notes_who_looked(cast: Cast, sign_in: SignIn) -> None:
    math = cast.section("math")
    framework = Framework.objects.get(identifier="rn")
    learner = cast.learner("student")
    for days in (2, 1):
        on = cast.org("cedar").today() - dt.timedelta(days=days)
        Evidence.record(math, [Mark(learner.pk, cast.competency("RN.1").pk, 4)], by=cast["math"], observed_on=on)
    teacher = sign_in("math")
    whole = teacher.get(url("framework_map", framework), {"class": str(math.pk)})
    assert "RN.1. Compare two ratios with a table or a drawing. 1 of 4 students secure" in whole.text

    one = teacher.get(url("framework_map", framework), {"learner": str(learner.pk)})
    assert "RN.1. Compare two ratios with a table or a drawing. extending" in one.text
    assert AccessEvent.objects.of(learner.pk).values_list("page", "reason").get() == ("framework_map", "section")
    for asked in ({"learner": str(cast.learner("dario").pk)}, {"class": "nonsense"}, {"branch": str(math.pk)}):
        assert teacher.get(url("framework_map", framework), asked).status_code == 404


@pytest.mark.skipif(not COHERENCE.exists(), reason="the shared framework is not here")
def test_the_shared_framework_is_read_quickly_and_its_map_asks_for_a_branch(
    cast: Cast, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    given = case.read(Path(COHERENCE).read_bytes(), COHERENCE.name)
    helpful = {one.identifier for cycle in frameworks.look(given).cycles for one in cycle.links}
    framework = frameworks.bring_in(cast.org("district"), given, helpful=helpful, by=cast["district"])
    teacher = sign_in("teacher")
    with django_assert_max_num_queries(6):
        page = teacher.get(url("framework_detail", framework))
    assert page.text.count("/profiles/competencies/") == 770

    asked = teacher.get(url("framework_map", framework))
    assert "are too many for one map. Pick a branch." in asked.text
    branch = Competency.objects.get(code="3")
    drawn = teacher.get(url("framework_map", framework), {"branch": str(branch.pk)})
    skills = framework.competencies.filter(ratable=True, code__startswith="3.").count()
    # Some standards have parts, which are what is rated, and links of their own all the same.
    headings = framework.competencies.filter(ratable=False, code__startswith="3.", links_in__link_kind="precedes")
    assert drawn.text.count('class="map-node"') >= skills + headings.distinct().count() > skills


def test_a_heading_is_on_the_map_where_it_is_linked_there(cast: Cast, sign_in: SignIn) -> None:
    parents = [link("isChildOf", *ends) for ends in (("B", "A"), ("B.1", "B"), ("C", "A"))]
    precedes = [link("precedes", "C", "B"), link("precedes", "D", "A")]
    framework = bring_in(cast, *(item(code) for code in ("A", "B", "B.1", "C", "D")), links=[*parents, *precedes])
    branch = Competency.objects.get(code="A")
    drawn = sign_in("teacher").get(url("framework_map", framework), {"branch": str(branch.pk)})
    assert re.findall(r'class="map-node" aria-label="([^ ]*)\.', drawn.text) == ["C", "B.1", "B"]
