"""Everybody has a group of the right size, the same seats come again, and nobody moves who need not."""

from __future__ import annotations

import itertools
import random
import time
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshops.grouping import Seat, add, cost, remove, seat, sizes

FEW = settings(max_examples=60, deadline=None)


def room(n: int, schools: int = 7, roles: int = 3, seed: int = 1) -> list[Seat]:
    chance = random.Random(seed)
    return [
        Seat(f"p{i:03}", f"school {chance.randrange(schools)}", f"role {chance.randrange(roles)}") for i in range(n)
    ]


def counts(groups: list[list[str]]) -> list[int]:
    return sorted(map(len, groups), reverse=True)


def everyone(groups: list[list[str]]) -> list[str]:
    return sorted(itertools.chain(*groups))


# Sizes


@cache
def best_split(n: int) -> tuple[int, ...]:
    """Of every way to write n as threes, fours and fives."""
    splits = [
        (5,) * fives + (4,) * fours + (3,) * ((n - 5 * fives - 4 * fours) // 3)
        for fives in range(n // 5 + 1)
        for fours in range((n - 5 * fives) // 4 + 1)
        if (n - 5 * fives - 4 * fours) % 3 == 0
    ]
    return min(splits, key=lambda s: (sum((size - 4) ** 2 for size in s), -s.count(4), -len(s)))


def test_sizes_equal_trying_every_division() -> None:
    assert [sizes(n) for n in range(3, 200)] == [list(best_split(n)) for n in range(3, 200)]


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (25, [5, 4, 4, 4, 4, 4]),
        (26, [4, 4, 4, 4, 4, 3, 3]),
        (27, [4, 4, 4, 4, 4, 4, 3]),
        (28, [4] * 7),
        (29, [5, 4, 4, 4, 4, 4, 4]),
        (30, [4, 4, 4, 4, 4, 4, 3, 3]),
        (6, [3, 3]),
        (3, [3]),
        (2, [2]),
        (1, [1]),
        (0, []),
    ],
)
def test_sizes_of_rooms(n: int, expected: list[int]) -> None:
    assert sizes(n) == expected


# Seats


@FEW
@given(st.integers(0, 40), st.integers(0, 5), st.sampled_from(["mix", "home"]))
def test_seats_hold_everybody_once_in_groups_of_those_sizes(n: int, seed: int, mode: str) -> None:
    people = room(n, seed=seed)
    groups = seat(people, mode=mode, seed=seed)
    assert [len(group) for group in groups] == sizes(n)
    assert everyone(groups) == [person.id for person in people]


def test_seats_are_the_same_for_a_seed_in_any_order_of_people() -> None:
    people = room(28)
    first = seat(people, mode="mix", seed=7)
    assert seat(people[::-1], mode="mix", seed=7) == first
    assert seat(people, mode="mix", seed=8) != first


@FEW
@given(st.integers(6, 30), st.integers(0, 1000), st.sampled_from(["mix", "home"]))
def test_seats_cost_no_more_after_any_swap(n: int, seed: int, mode: str) -> None:
    people = room(n, seed=seed)
    groups = seat(people, mode=mode, seed=seed)
    found = cost(groups, people, mode=mode)
    for a, b in itertools.combinations(range(len(groups)), 2):
        for i, j in itertools.product(range(len(groups[a])), range(len(groups[b]))):
            swapped = [list(group) for group in groups]
            swapped[a][i], swapped[b][j] = groups[b][j], groups[a][i]
            assert cost(swapped, people, mode=mode) >= found


def test_seats_mix_better_than_three_hundred_random_rooms() -> None:
    people = room(28)
    chance = random.Random(5)
    ids = [person.id for person in people]
    shuffled = [chance.sample(ids, 28) for _ in range(300)]
    random_costs = [cost([s[i : i + 4] for i in range(0, 28, 4)], people, mode="mix") for s in shuffled]
    assert cost(seat(people, mode="mix", seed=1), people, mode="mix") < 0.8 * min(random_costs)


def test_home_teams_sit_by_school() -> None:
    people = [Seat(f"{school}{n}", school, f"role {n}") for n in range(4) for school in "abcdefg"]
    groups = seat(people, mode="home", seed=3)
    assert sorted(tuple(sorted(group)) for group in groups) == [tuple(f"{s}{n}" for n in range(4)) for s in "abcdefg"]


def test_private_wishes_hold_and_neighbours_part() -> None:
    people = [Seat(f"p{n:02}") for n in range(28)]
    neighbors = [(f"p{n:02}", f"p{n + 1:02}") for n in range(0, 28, 2)]
    apart, together = [("p00", "p05"), ("p00", "p06")], [("p03", "p20"), ("p20", "p11")]
    groups = seat(people, mode="mix", seed=2, neighbors=neighbors, apart=apart, together=together)
    of = {person: n for n, group in enumerate(groups) for person in group}
    assert [of[a] == of[b] for a, b in neighbors] == [False] * 14
    assert [of[a] == of[b] for a, b in apart] == [False, False]
    assert [of[a] == of[b] for a, b in together] == [True, True]


def test_pair_costs_are_those_of_the_design() -> None:
    people = [Seat("a", "Oak", "teacher"), Seat("b", "Oak", "leader"), Seat("c", "Elm", "teacher"), Seat("d")]
    assert {pair: cost([pair], people, mode="mix") for pair in ("ab", "ac", "bc", "ad")} == {
        "ab": 3,
        "ac": 2,
        "bc": 0,
        "ad": 0,
    }
    assert {pair: cost([pair], people, mode="home") for pair in ("ab", "ac", "bc", "ad")} == {
        "ab": 0,
        "ac": 5,
        "bc": 3,
        "ad": 0,
    }
    assert cost(["ad"], people, mode="mix", neighbors=["da"]) == 0.5
    assert cost(["ad"], people, mode="mix", apart=["da"]) == 1000
    assert cost(["ad"], people, mode="mix", together=["da"]) == -100


@pytest.mark.parametrize(("n", "seconds"), [(30, 0.5), (300, 5)])
def test_seats_are_found_in_time(n: int, seconds: float) -> None:
    people = room(n, schools=1 + n // 5)
    seat(people[:5], mode="mix", seed=1)
    started = time.process_time()
    seat(people, mode="mix", seed=1)
    assert time.process_time() - started < seconds


# Latecomers and leavers


def test_latecomer_joins_the_smallest_group_where_it_costs_least() -> None:
    people = [Seat("a", "Oak"), Seat("d", "Elm"), Seat("x", "Oak")]
    groups = [["a", "b", "c"], ["d", "e", "f"], ["g", "h", "i", "j"]]
    assert add(groups, "x", people=people) == [["a", "b", "c"], ["d", "e", "f", "x"], ["g", "h", "i", "j"]]
    assert add(groups, "x", people=people, mode="home") == [["a", "b", "c", "x"], *groups[1:]]
    apart = [("x", "b"), ("x", "e")]
    assert add(groups, "x", people=people, apart=apart) == [*groups[:2], ["g", "h", "i", "j", "x"]]


def test_latecomer_to_fives_splits_one_into_two_threes() -> None:
    groups = [list("abcde"), list("fghij")]
    after = add(groups, "x", together=[("x", "g"), ("x", "i")])
    assert after == [list("abcde"), ["f", "h", "j"], ["g", "i", "x"]]
    assert groups == [list("abcde"), list("fghij")]


def test_latecomer_to_an_empty_or_tiny_room() -> None:
    assert add([], "a") == [["a"]]
    assert add([["a"]], "b") == [["a", "b"]]


def test_two_left_join_a_three() -> None:
    groups = [list("abc"), list("defg"), list("hij"), list("klm")]
    apart = [("a", "h")]
    assert remove(groups, "b", apart=apart) == [list("defg"), list("hij"), list("klmac")]


def test_two_left_take_one_from_a_five_before_a_four() -> None:
    groups = [list("abc"), list("defg"), list("hijkl")]
    assert remove(groups, "a", together=[("j", "b")]) == [["b", "c", "j"], list("defg"), list("hikl")]
    assert remove([list("abc"), list("defg")], "a", together=[("f", "b")]) == [["b", "c", "f"], list("deg")]


def test_leaver_of_a_bigger_group_moves_nobody() -> None:
    assert remove([list("abcd"), list("efg")], "a") == [list("bcd"), list("efg")]
    assert remove([["a", "b"]], "a") == [["b"]]
    assert remove([["a"]], "a") == []


def test_leaver_who_sits_nowhere_is_refused() -> None:
    with pytest.raises(ValueError):
        remove([["a"]], "b")


@settings(max_examples=150, deadline=None)
@given(st.integers(3, 33), st.lists(st.tuples(st.booleans(), st.integers(0, 1000)), max_size=40))
def test_comings_and_goings_keep_three_to_five_in_a_group(n: int, events: list[tuple[bool, int]]) -> None:
    ids = [f"p{i:02}" for i in range(n)]
    split = iter(ids)
    groups = [list(itertools.islice(split, size)) for size in sizes(n)]
    for number, (comes, which) in enumerate(events):
        if comes or len(ids) <= 3:
            ids.append(f"q{number:02}")
            groups = add(groups, f"q{number:02}")
        else:
            groups = remove(groups, ids.pop(which % len(ids)))
        assert everyone(groups) == sorted(ids)
        assert set(counts(groups)) <= {3, 4, 5}
