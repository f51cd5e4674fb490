"""Two edits of one cell become one, whoever saved first, and no word that either put in is lost."""

from __future__ import annotations

import itertools
import json
import random
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning import cells, rank
from planning.merge import TOKEN, merge_items, merge_words

WORDS = st.sampled_from(["greet", "everyone", "by", "name", "each", "morning", "ñandú", "شارك", "🙂", "=1+1", "twice"])
GAPS = st.sampled_from([" ", " ", " ", "\n", "\n\n", "  ", "\t"])
FEW, MANY = (settings(max_examples=count, deadline=None) for count in (150, 500))


@st.composite
def texts(draw: Any) -> str:
    words = draw(st.lists(st.tuples(WORDS, GAPS), max_size=12))
    return "".join(word + gap for word, gap in words).strip()


@st.composite
def edited(draw: Any, base: str, mark: str) -> str:
    """The text after somebody put in, took out and replaced some words; what they put in is told by its mark."""
    tokens = TOKEN.findall(base)
    for n in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(tokens)))
        gone = draw(st.integers(0, 3))
        put_in = draw(st.sampled_from([[], [f"{mark}{n}"], [f"{mark}{n}", " "], [" ", f"{mark}{n}", " "], ["\n"]]))
        tokens[at : at + gone] = put_in
    return cells.normal_text("".join(tokens))


@st.composite
def three_texts(draw: Any) -> tuple[str, str, str]:
    base = draw(texts())
    return base, draw(edited(base, "mine")), draw(edited(base, "theirs"))


def put_in(base: str, text: str) -> set[str]:
    return set(text.split()) - set(base.split())


@MANY
@given(three_texts())
def test_text_merge_is_symmetric(three: tuple[str, str, str]) -> None:
    base, mine, theirs = three

    assert merge_words(base, mine, theirs) == merge_words(base, theirs, mine)


@MANY
@given(three_texts())
def test_text_merge_loses_no_word_that_was_put_in(three: tuple[str, str, str]) -> None:
    base, mine, theirs = three
    merged = merge_words(base, mine, theirs)

    if merged is not None:
        words = set(merged.split())
        assert (put_in(base, mine) | put_in(base, theirs)) - words == set()
        # Nothing is made up or glued together, and what neither side touched stands.
        assert words - set(mine.split()) - set(theirs.split()) == set()
        assert set(base.split()) & set(mine.split()) & set(theirs.split()) <= words | gone(base, mine, theirs)


def gone(base: str, mine: str, theirs: str) -> set[str]:
    """Words that one side has fewer times than the base: any of their places may be the one that was taken out."""
    return {
        word for word in base.split() for side in (mine, theirs) if side.split().count(word) < base.split().count(word)
    }


@FEW
@given(three_texts())
def test_text_merge_of_one_edit_is_that_edit(three: tuple[str, str, str]) -> None:
    base, mine, _theirs = three

    assert merge_words(base, mine, base) == merge_words(base, base, mine) == merge_words(base, mine, mine) == mine


@pytest.mark.parametrize(
    ("mine", "theirs", "merged"),
    [
        ("Greet all by name each day", "Greet everyone by name each morning", "Greet all by name each morning"),
        ("Greet all by name each day", "Greet every guest by name each day", None),
        ("Greet all by name each day", "Kindly greet everyone by name each day", None),
        ("Greet all by name each day", "Greet everyone by name each day, twice", "Greet all by name each day, twice"),
        ("Greet everyone each day", "Greet everyone by name each day at eight", "Greet everyone each day at eight"),
        ("Greet everyone by name", "Greet everyone by name each morning", None),
        ("", "Greet everyone by name each day, twice", None),
    ],
)
def test_text_merge_where_edits_touch_or_not(mine: str, theirs: str, merged: str | None) -> None:
    assert merge_words("Greet everyone by name each day", mine, theirs) == merged


# Lists


ITEMS = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=6)


@FEW
@given(ITEMS, ITEMS, ITEMS)
def test_item_merge_is_symmetric_and_keeps_what_was_put_in(base: list[str], mine: list[str], theirs: list[str]) -> None:
    merged = merge_items(base, mine, theirs)

    assert (None if merged is None else set(merged)) == as_set(merge_items(base, theirs, mine))
    if merged is not None:
        added = (set(mine) | set(theirs)) - set(base)
        assert set(merged) == added | (set(base) & set(mine) & set(theirs))
        assert len(merged) == len(set(merged))


def as_set(items: Any) -> set[Any] | None:
    return None if items is None else set(items)


# Cells of every kind


LINES = st.lists(st.sampled_from(["seen", "known", "missed", "proud"]), unique=True, max_size=4).flatmap(
    lambda texts: st.tuples(
        *(
            st.fixed_dictionaries({"text": st.just(text), "support": st.sampled_from(["", "academic", "social"])})
            for text in texts
        )
    ).map(list)
)
PEOPLE = st.lists(st.sampled_from(["counselor", "principal", "coach", "bus driver"]), unique=True, max_size=4).flatmap(
    lambda roles: st.one_of(st.none(), st.sampled_from(roles or [None])).map(  # type: ignore[list-item]
        lambda lead: [{"role": role, "lead": True} if role == lead else {"role": role} for role in roles]
    )
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "description": texts(),
    "areas": st.sets(st.sampled_from(cells.Area.values)).map(
        lambda areas: [area for area in cells.Area.values if area in areas]
    ),
    "responsible": st.fixed_dictionaries({"people": PEOPLE, "why": texts()}),
    "student_effects": LINES,
}
THREE_VALUES = st.sampled_from(list(VALUES)).flatmap(lambda cell: st.tuples(st.just(cell), *[VALUES[cell]] * 3))


@FEW
@given(THREE_VALUES)
def test_cell_merge_is_symmetric(drawn: tuple[str, Any, Any, Any]) -> None:
    cell, base, mine, theirs = drawn

    assert in_any_order(cells.merge(cell, base, mine, theirs)) == in_any_order(cells.merge(cell, base, theirs, mine))


@FEW
@given(THREE_VALUES)
def test_cell_merge_with_a_side_that_changed_nothing_is_the_other(drawn: tuple[str, Any, Any, Any]) -> None:
    cell, base, mine, _theirs = drawn

    assert in_any_order(cells.merge(cell, base, mine, base)) == in_any_order(mine)


def in_any_order(value: Any) -> Any:
    if isinstance(value, dict) and "people" in value:
        return {**value, "people": in_any_order(value["people"])}
    return sorted(value, key=lambda one: json.dumps(one, sort_keys=True)) if isinstance(value, list) else value


def responsible(*people: Any, why: str = "") -> dict[str, Any]:
    return {"people": list(people), "why": why}


COUNSELOR, PRINCIPAL, COACH = ({"role": role} for role in ("counselor", "principal", "coach"))


def leads(one: dict[str, Any]) -> dict[str, Any]:
    return {**one, "lead": True}


def test_responsible_merge_joins_people_and_why() -> None:
    base = responsible(COUNSELOR, why="because she knows everyone")
    mine = responsible(leads(COUNSELOR), PRINCIPAL, why="because she knows everyone")
    theirs = responsible(COUNSELOR, COACH, why="because she knows everyone, and asks")

    assert in_any_order(cells.merge("responsible", base, mine, theirs)) == in_any_order(
        responsible(leads(COUNSELOR), PRINCIPAL, COACH, why="because she knows everyone, and asks")
    )


@pytest.mark.parametrize(
    ("base", "mine", "theirs"),
    [
        (responsible(COUNSELOR, COACH), responsible(leads(COUNSELOR), COACH), responsible(COUNSELOR, leads(COACH))),
        (responsible(), responsible(leads(COUNSELOR)), responsible(leads(COACH))),
        (responsible(), responsible(leads(COUNSELOR)), responsible(COUNSELOR)),
        (responsible(COUNSELOR), responsible(COACH), responsible(PRINCIPAL)),
        (responsible(why="of time"), responsible(why="of trust"), responsible(why="of luck")),
    ],
    ids=["two leads", "two new leads", "one leads or not", "replaced by two others", "two whys"],
)
def test_responsible_merge_leaves_a_clash_to_people(base: Any, mine: Any, theirs: Any) -> None:
    assert cells.merge("responsible", base, mine, theirs) is None
    assert cells.merge("responsible", base, theirs, mine) is None


def test_lead_handed_over_and_a_person_added_are_joined() -> None:
    base = responsible(leads(COUNSELOR), COACH)
    mine = responsible(COUNSELOR, leads(COACH))
    theirs = responsible(leads(COUNSELOR), COACH, PRINCIPAL)

    assert cells.merge("responsible", base, mine, theirs) == responsible(COUNSELOR, leads(COACH), PRINCIPAL)


# The order of rows


@FEW
@given(st.lists(st.integers(0, 1_000), max_size=60))
def test_rank_between_any_two_there_is_another(places: list[int]) -> None:
    keys: list[str] = []
    for place in places:
        at = place % (len(keys) + 1)
        before = keys[at - 1] if at else ""
        following = keys[at] if at < len(keys) else ""
        keys.insert(at, rank.between(before, following))

    assert keys == sorted(set(keys))


def test_rank_of_rows_added_at_the_end_stays_short() -> None:
    keys = [""]
    for _ in range(5_000):
        keys.append(rank.between(keys[-1], ""))

    assert keys == sorted(set(keys))
    assert max(map(len, keys)) <= 200


@given(st.integers(0, 5_000))
@settings(max_examples=30, deadline=None)
def test_rank_spread_is_in_order_and_leaves_room(count: int) -> None:
    keys = rank.spread(count)
    bounds = ["", *keys, ""]

    assert len(keys) == count
    assert keys == sorted(set(keys))
    assert all(before < rank.between(before, after) for before, after in itertools.pairwise(bounds))
    assert all(rank.between(before, after) < after for before, after in zip(bounds, keys, strict=False))


def test_text_merge_of_a_full_cell_is_quick() -> None:
    some = random.Random(1)
    base = " ".join(f"word{some.randrange(300)}" for _ in range(1200))
    began = time.perf_counter()

    merged = merge_words(base, f"A {base} B", f"{base[:5000]} C {base[5000:]}")

    assert merged == f"A {base[:5000]} C {base[5000:]} B"
    assert time.perf_counter() - began < 0.5
