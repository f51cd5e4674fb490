import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from profiles.standards import case, results
from profiles.standards.results import (
    Absence,
    ItemResult,
    ObjectiveScore,
    match_codes,
    read_absences,
    read_items,
    read_objectives,
    read_results,
)

DATA = Path(__file__).parents[3].parent / "shared/data"

ITEMS = "student_id,date,item,learning_standards,result,raw\n"
OBJECTIVES = "student_id,date,objective,raw,max\n"


def shared(name):
    path = DATA / name
    if not path.exists():
        pytest.skip("shared data is not here")
    return path


def told(reader, text):
    with translation.override("en"):
        return [str(problem) for problem in reader(text.encode(), "results.csv").problems]


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setenv("TRELLIS_TODAY", "2021-04-12")


def test_item_results_are_read():
    made = read_results((ITEMS + "77,2021-04-08T21:00:00,Q1,CC.5.NBT.3; CC.5.NF.1,Correct,1.5\n").encode())
    assert made.problems == []
    assert made.rows == [
        ItemResult(2, "77", dt.date(2021, 4, 8), "Q1", ("CC.5.NBT.3", "CC.5.NF.1"), True, Decimal("1.5"))
    ]


def test_item_results_need_no_points_and_no_standard():
    made = read_results(b"item;result;student_id;date;learning_standards\nQ1;wrong;77;2021-04-08;\n")
    assert made.blocked is False
    assert made.rows == [ItemResult(2, "77", dt.date(2021, 4, 8), "Q1", (), False, None)]


def test_objective_scores_are_read():
    made = read_results((OBJECTIVES + "77,2021-04-08,Ratios,0,3.5\n").encode())
    assert made.problems == []
    assert made.rows == [ObjectiveScore(2, "77", dt.date(2021, 4, 8), "Ratios", Decimal(0), Decimal("3.5"))]


def test_absences_are_read_in_every_shape():
    text = "student_id,date,from,to,days\n1,2021-01-04,,,0.5\n2,,2021-01-04,2021-01-08,\n3,,,,12\n4,,2021-01-04,,\n"
    made = read_absences(text.encode())
    assert made.problems == []
    monday, friday = dt.date(2021, 1, 4), dt.date(2021, 1, 8)
    assert made.rows == [
        Absence(2, "1", monday, monday, Decimal("0.5")),
        Absence(3, "2", monday, friday, None),
        Absence(4, "3", None, None, Decimal(12)),
        Absence(5, "4", monday, monday, None),
    ]


def test_line_exported_twice_counts_once():
    text = ITEMS + "77,2021-04-08,Q1,,Correct,1\n77,2021-04-08,Q1,,Correct,1.0\n77,2021-04-08,Q1,,Incorrect,0\n"
    assert [row.line for row in read_items(text.encode()).rows] == [2, 4]
    assert told(read_items, text) == ["results.csv, line 3: This line says the same as line 2, so it was passed over."]


TROUBLES = [
    (read_results, "", "results.csv: This file is empty. Export it again where it was made, and upload that."),
    (
        read_results,
        "who,what\n1,2\n",
        "results.csv, line 1: The headings fit neither results by item (student_id, date, item, learning_standards, "
        "result) nor by objective (student_id, date, objective, raw, max). Use those of one.",
    ),
    (
        read_items,
        ITEMS + "77,2021-04-13,Q1,,Correct,1\n",
        "results.csv, line 2, column date: 2021-04-13 has not come yet. Write the day that is meant.",
    ),
    (
        read_items,
        ITEMS + "77,2021-02-30,Q1,,Correct,1\n",
        "results.csv, line 2, column date: There is no day 2021-02-30. Write the day that is meant.",
    ),
    (
        read_items,
        ITEMS + "77,,Q1,,Correct,1\n",
        "results.csv, line 2, column date: This cell is empty, and without it the line cannot be used. Fill it in.",
    ),
    (
        read_items,
        ITEMS + ",2021-04-08,Q1,,Correct,1\n",
        "results.csv, line 2, column student_id: This cell is empty, and without it the line cannot be used. "
        "Fill it in.",
    ),
    (
        read_items,
        ITEMS + "77,2021-04-08,Q1,,Perhaps,1\n",
        "results.csv, line 2, column result: “Perhaps” is not known here. Allowed are Correct, Incorrect.",
    ),
    (
        read_items,
        ITEMS + "77,2021-04-08,Q1,,Correct,one\n",
        "results.csv, line 2, column raw: “one” is not a number. Write digits, with a point before decimals.",
    ),
    (
        read_items,
        ITEMS + "77,2021-04-08,Q1,,Correct,NaN\n",
        "results.csv, line 2, column raw: “NaN” is not a number. Write digits, with a point before decimals.",
    ),
    (
        read_items,
        ITEMS + "77,2021-04-08,Q1,,Correct,1e9\n",
        "results.csv, line 2, column raw: 1e9 is not between 0 and 1000000. Mend the number.",
    ),
    (
        read_objectives,
        OBJECTIVES + "77,2021-04-08,Ratios,4,3\n",
        "results.csv, line 2, column raw: 4 is not between 0 and 3. Mend the number.",
    ),
    (
        read_objectives,
        OBJECTIVES + "77,2021-04-08,Ratios,0,0\n",
        "results.csv, line 2, column max: 0 is not between 1 and 1000000. Mend the number.",
    ),
    (
        read_objectives,
        "student_id,date,objective,raw\n",
        "results.csv, line 1, column max: This column is missing, and without it the file cannot be used. "
        "Export it again with it.",
    ),
    (
        read_absences,
        "student_id,days\n77,\n",
        "results.csv, line 2: Nothing says when or how long. Fill in date, from and to, or days.",
    ),
    (
        read_absences,
        "student_id,from,to\n77,2021-01-08,2021-01-04\n",
        "results.csv, line 2, column to: This day, 2021-01-04, is before the first, 2021-01-08. "
        "Turn them round, or mend one.",
    ),
    (
        read_absences,
        "student_id,days\n77,400\n",
        "results.csv, line 2, column days: 400 is not between 0 and 366. Mend the number.",
    ),
]


@pytest.mark.parametrize(("reader", "text", "sentence"), TROUBLES, ids=range(len(TROUBLES)))
def test_trouble_says_where_it_is_and_what_to_do(reader, text, sentence):
    made = reader(text.encode())
    assert (made.rows, made.blocked) == ([], True)
    assert told(reader, text) == [sentence]


def test_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(results, "MAX_ROWS", 1)
    assert told(read_objectives, OBJECTIVES + "1,2021-04-08,A,1,1\n2,2021-04-08,A,1,1\n") == [
        "results.csv, line 3: There are more than 1 rows. Export fewer at a time."
    ]
    monkeypatch.setattr(results, "MAX_BYTES", 10)
    assert told(read_items, ITEMS) == ["results.csv: This file is larger than 0 MB. Export it again with less in it."]


def test_shared_results_are_read_whole():
    items, scores = (read_results(shared(f"evidence/mastery_{name}.csv")) for name in ("items", "objectives"))
    assert (items.problems, scores.problems) == ([], [])
    assert (len(items.rows), len(scores.rows)) == (2050, 984)
    assert sum(row.correct for row in items.rows) == 1115
    assert len({row.student_id for row in items.rows} | {row.student_id for row in scores.rows}) == 82
    assert {row.date for row in items.rows} == {dt.date(2021, 4, 8)}


# ---- old codes

FRAMEWORK = [
    "K.CC.A",
    "K.CC.A.1",
    "5.NBT.A",
    "5.NBT.A.3",
    "5.NBT.A.3a",
    "6.RP.A.3c",
    "5.MD.A.1",
    "5.MD.B.1",
    "7.EE.B.4a",
]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("CC.5.NBT.3", "5.NBT.A.3"),
        ("CC.6.RP.3c", "6.RP.A.3c"),
        ("CCSS.Math.Content.5.NBT.A.3a", "5.NBT.A.3a"),
        ("ccss.math.content.5.nbt.a.3A", "5.NBT.A.3a"),
        ("5.NBT.A.3", "5.NBT.A.3"),
        ("CC.K.CC.1", "K.CC.A.1"),
        ("K.CC.1", "K.CC.A.1"),
        ("CC.5.MD.B.1", "5.MD.B.1"),
        ("5.NBT.A", "5.NBT.A"),
    ],
)
def test_old_code_is_matched(old, new):
    assert match_codes([old], FRAMEWORK) == {old: new}


@pytest.mark.parametrize("old", ["CC.5.MD.1", "CC.5.NBT.B.3", "CC.5.NBT.9", "CC.6.RP.3", "5.NBT", "", "Ratios"])
def test_code_that_fits_none_or_several_is_left_out(old):
    assert match_codes([old], FRAMEWORK) == {}


@given(st.lists(st.sampled_from(FRAMEWORK), unique=True), st.lists(st.text(max_size=15), max_size=5))
def test_framework_codes_match_themselves_and_nothing_made_up_matches(codes, others):
    matched = match_codes([*codes, *others], codes)
    assert {code: matched[code] for code in codes} == {code: code for code in codes}
    assert set(matched.values()) == set(codes)


def test_shared_results_match_the_shared_framework():
    framework = case.read(shared("frameworks/ccss_math_coherence_cfpackage.json"))
    old = {code for row in read_items(shared("evidence/mastery_items.csv")).rows for code in row.standards}
    assert match_codes(old, [one.human_coding_scheme for one in framework.items]) == {
        "CC.4.NF.1": "4.NF.A.1",
        "CC.4.NF.2": "4.NF.A.2",
        "CC.4.NF.4": "4.NF.B.4",
        "CC.5.MD.1": "5.MD.A.1",
        "CC.5.NBT.3": "5.NBT.A.3",
        "CC.5.NF.1": "5.NF.A.1",
        "CC.5.NF.4": "5.NF.B.4",
        "CC.6.NS.1": "6.NS.A.1",
        "CC.6.NS.3": "6.NS.B.3",
        "CC.6.NS.4": "6.NS.B.4",
        "CC.6.RP.3c": "6.RP.A.3c",
    }
