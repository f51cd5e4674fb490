"""History: a sentence for every verb, with what it said before and after, by table, row and cell."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import planning
from planning import demo as planning_demo
from planning.history import changes_of, entries
from planning.models import Comment, Strategy, StrategyTable
from profiles import demo
from profiles.models import Actor, Change
from tests.cast import Cast

from .conftest import SignIn, lines, now, people, save, url

HERE = Path(planning.__file__).parent
VERB = re.compile(r"""(?:record\(\s*|_(?:archive|resolve)\([^"\n]*|_set_aside\([^"\n]*)"([a-z_]+)\"""")


def verbs_recorded() -> set[str]:
    """Every verb that planning's code hands to a table's door."""
    code = [path for path in HERE.rglob("*.py") if path.name != "bench.py"]
    return {verb for path in code for verb in VERB.findall(path.read_text("utf-8"))}


def told(table: StrategyTable) -> list[tuple[str, str]]:
    """(verb, sentence), oldest first."""
    return [(one.change.verb, one.sentence) for one in reversed(entries(table, changes_of(table)))]


def live_through_everything(cast: Cast) -> StrategyTable:
    """A table to which everything happened once."""
    teacher, advisor = cast["teacher"], cast["advisor"]
    table = StrategyTable.begin(cast.org("cedar"), "Mornings", "grade_team", by=teacher, team=cast.team("ninth"))
    other = StrategyTable.begin(cast.org("cedar"), "Evenings", "grade_team", by=teacher)
    table.describe(by=teacher, title="Calmer mornings")
    row = Strategy.add(table, by=teacher, values={"description": "Greet everyone"})
    second = Strategy.add(table, by=teacher, values={"description": "Breakfast"}, origin="import")
    save(row, "description", "Greet all", advisor, base=3)
    conflict = save(row, "description", "Greet nobody", teacher, base=3)
    row.proposals.get(pk=conflict.proposal).decide("mine", seen_version=5, by=teacher)
    now(second).move(after=None, by=teacher)
    now(second).set_aside(by=teacher)
    now(second).restore(by=teacher)
    comment = Comment.say(now(row), "Why nobody?", by=advisor)
    comment.resolve(by=teacher)
    comment.reopen(by=advisor)
    now(second).transfer(other, by=teacher)
    table.share(cast["coach"], 4, by=teacher)
    table.unshare(table.members.get(person=cast["coach"]), by=teacher)
    table.archive(by=teacher)
    table.bring_back(by=teacher)
    return table


def test_every_verb_in_the_code_has_a_sentence(cast: Cast) -> None:
    table = live_through_everything(cast)
    sentences = told(table)

    assert sentences == [
        ("table_begun", "began the table"),
        ("table_described", "renamed the table from “Mornings” to “Calmer mornings”"),
        ("row_added", "added the row “Greet nobody”"),
        ("row_added", "brought in the row “Breakfast” from a file"),
        ("cell_saved", "changed “Strategy” of “Greet nobody”"),
        (
            "cell_proposed",
            "wrote in “Strategy” of “Greet nobody” at the same time as a colleague; both texts were kept",
        ),
        ("cell_saved", "put the other text into “Strategy” of “Greet nobody”"),
        ("proposal_decided", "settled “Strategy” of “Greet nobody” with the other text"),
        ("row_moved", "moved “Breakfast” to the top"),
        ("row_set_aside", "set “Breakfast” aside"),
        ("row_restored", "restored “Breakfast”"),
        ("comment_said", "commented on “Greet nobody”: Why nobody?"),
        ("comment_resolved", "settled a comment on “Greet nobody”: Why nobody?"),
        ("comment_reopened", "reopened a comment on “Greet nobody”: Why nobody?"),
        ("row_left", "moved “Breakfast” to the table “Evenings”"),
        ("member_shared", "made Walter Lindqvist a member: Viewer"),
        ("member_unshared", "took Walter Lindqvist off the members"),
        ("table_archived", "archived the table"),
        ("table_brought_back", "brought the table back from the archive"),
    ]
    assert {verb for verb, _sentence in sentences} == verbs_recorded()


def test_every_verb_has_a_sentence_after_its_words_were_erased(cast: Cast, sign_in: SignIn) -> None:
    table = live_through_everything(cast)
    for change in Change.objects.filter(stream=table.stream):
        change.redact()

    page = sign_in("teacher").get(url(table, "history"))

    assert page.status_code == 200
    assert {one.actor for one in entries(table, changes_of(table))} == {"Somebody no longer here"}


@pytest.mark.parametrize("cause", ["merge", "adopt", "combine", "undo", "bring_back", "import", "edit"])
def test_every_cause_of_a_save_has_its_own_sentence(cause: str, cast: Cast, row: Strategy) -> None:
    save(row, "description", "Greet all", cast["advisor"], cause=cause)

    assert (
        told(row.table)[-1][1]
        == {
            "merge": "changed “Strategy” of “Greet all”; it was joined with what a colleague wrote meanwhile",
            "adopt": "put the other text into “Strategy” of “Greet all”",
            "combine": "combined both texts in “Strategy” of “Greet all”",
            "undo": "undid their last change of “Strategy” of “Greet all”",
            "bring_back": "brought back an earlier “Strategy” of “Greet all”",
            "import": "brought in “Strategy” of “Greet all” from a file",
            "edit": "changed “Strategy” of “Greet all”",
        }[cause]
    )


def test_story_of_the_demo_reads_as_sentences(db: None) -> None:
    demo.tell(lambda line: None)
    planning_demo.tell(lambda line: None)

    for table in StrategyTable.objects.all():
        for entry in entries(table, changes_of(table)):
            assert entry.sentence[0].islower(), entry.sentence
            assert "%" not in entry.sentence
            assert entry.actor in {one.name for one in demo.EVERYONE.values()}


def test_history_shows_before_and_after_in_words(cast: Cast, sign_in: SignIn, row: Strategy) -> None:
    lead = {"people": [{"person": str(cast["advisor"].pk), "lead": True}], "why": "<b>he is there</b>"}
    save(row, "responsible", people("advisor", why="early"), cast["teacher"])
    save(row, "responsible", lead, cast["teacher"])
    save(row, "student_effects", lines("seen & known"), cast["teacher"])

    effects, responsible, first = entries(row.table, changes_of(row.table))[:3]

    assert (first.was, first.now) == ("", "advisor; Why: early")
    assert (responsible.was, responsible.now) == ("advisor; Why: early", "Henry Osei (leads); Why: <b>he is there</b>")
    assert (effects.was, effects.now) == ("", "seen & known")
    page = sign_in("teacher").get(url(row.table, "history")).text
    assert "&lt;b&gt;he is there&lt;/b&gt;" in page
    assert "seen &amp; known" in page
    assert "<b>he is there</b>" not in page


def test_history_of_a_file_and_of_somebody_gone_names_no_one(cast: Cast, row: Strategy) -> None:
    row.table.save_cell(row.pk, "assessment", "Count", base_version=2, by=Actor("import", "plan.csv"))

    assert entries(row.table, changes_of(row.table))[0].actor == "plan.csv"


def test_history_by_row_and_by_cell(cast: Cast, sign_in: SignIn, row: Strategy) -> None:
    other = Strategy.add(row.table, by=cast["teacher"], values={"description": "Breakfast"})
    save(row, "description", "Greet all", cast["teacher"])
    save(row, "assessment", "Count", cast["teacher"])
    save(other, "description", "Lunch", cast["teacher"])
    client = sign_in("teacher")

    def found(**query: object) -> list[tuple[str, str]]:
        page = client.get(url(row.table, "history"), query)
        return [(one.change.verb, one.change.target.removeprefix(str(row.pk))) for one in page.context["entries"]]

    assert found(row=row.pk) == [("cell_saved", "/assessment"), ("cell_saved", "/description"), ("row_added", "")]
    assert found(row=row.pk, cell="description") == [("cell_saved", "/description"), ("row_added", "")]
    assert found(row=other.pk, cell="assessment") == [("row_added", str(other.pk))]
    assert len(found()) == len(found(row="junk")) == len(found(row="\0", cell="nothing")) == 6


def test_history_has_pages(cast: Cast, sign_in: SignIn, row: Strategy) -> None:
    for n in range(120):
        save(row, "assessment", f"Count {n}", cast["teacher"])
    client = sign_in("teacher")

    pages = [client.get(url(row.table, "history"), {"page": page}) for page in ("1", "2", "99", "x", "9" * 5000)]

    assert [len(page.context["entries"]) for page in pages] == [50, 50, 22, 50, 50]
