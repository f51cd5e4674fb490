"""What several people say is found in their own words, in two languages, and better than by plain word counts."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.postgres import CHECKOUT
from planning.commonality import Entry, Suggestion, fold, input_hash, similar, suggest, words_of
from planning.commonality_score import (
    Rows,
    answers_at_hand,
    entries,
    left_out,
    mean,
    one_theme,
    ours,
    plain,
    plain_with_stop_words,
    quality,
    score,
)

ENGLISH_QUESTION = "What would you like to take home to your school or district?"
ENGLISH_LINES = {
    "advisory": [
        "Every student should have an adult who knows them well",
        "Advisory groups where one teacher stays with the same students",
        "A real advisory program, twice a week",
        "Someone who notices when a student is missing",
        "advisors who call home before things go wrong",
    ],
    "ninth grade": [
        "How do we help freshmen who fail in the first semester?",
        "Ninth grade is where we lose them",
        "A separate house for ninth graders",
        "support for 9th grade students in their first weeks",
    ],
    "planning time": [
        "Common planning time for teachers who share students",
        "We never have time to plan together",
        "a schedule with planning time in the school day, not after it",
        "Time for teams to meet",
    ],
    "families": [
        "Getting families to come in for more than report cards",
        "parents who work evenings cannot come to meetings",
        "Families should see student work, not just grades",
        "involve parents earlier",
    ],
    "choice": [
        "Students choosing projects that matter to them",
        "Student choice in how they show what they learned",
        "projects about our own town",
    ],
    "blocks": [
        "Longer blocks, 45 minutes is too short for projects",
        "90 minute blocks",
        "block schedule without losing electives",
    ],
    "staff": [
        "How do you keep the skeptical teachers on board?",
        "What about staff who do not want to change",
        "teachers are tired of new programs every year",
    ],
    "money": ["Is there money for any of this?"],
    "internships": ["internships with local businesses"],
    "buses": ["our buses leave at 2:40 so nothing fits after school"],
    "data": ["What does the data say after three years?"],
}
SPANISH_QUESTION = "¿Qué le gustaría llevar a su escuela?"
SPANISH_LINES = {
    "asesoría": [
        "Que cada estudiante tenga un adulto que lo conozca bien",
        "Grupos de asesoría con el mismo maestro durante cuatro años",
        "una asesoría de verdad, dos veces por semana",
        "asesores que llaman a casa antes de que algo salga mal",
    ],
    "familias": [
        "Que las familias vengan para algo más que las calificaciones",
        "reuniones en la tarde para las familias que trabajan",
        "Invitar a las familias a ver los trabajos de los estudiantes",
    ],
    "tiempo": [
        "Tiempo de planificación común para los maestros",
        "nunca tenemos tiempo para planificar juntos",
        "Tiempo para que los equipos se reúnan",
    ],
    "proyectos": ["proyectos sobre nuestro pueblo", "Que los estudiantes elijan sus proyectos"],
    "dinero": ["¿Hay dinero para todo esto?"],
    "autobuses": ["los autobuses salen temprano"],
}


ADVISORY = [
    "An advisory group for every student",
    "Advisory twice a week, with one adult",
    "More time for teams to plan",
    "Teams need time to plan together",
    "buses leave too early",
    "is there money for internships",
]


# Suggestions


def test_suggestion_names_its_lines_words_people_schools_and_roles() -> None:
    lines = [
        Entry("a", ADVISORY[0], frozenset({"ana", "ben"}), "Oak", "teacher"),
        Entry("b", ADVISORY[1], frozenset({"ben", "cy"}), "Elm", "leader"),
        Entry("c", ADVISORY[2], 3, "Oak"),
        Entry("d", ADVISORY[3], frozenset({"ana"})),
        *entries(ADVISORY[4:]),
    ]
    assert suggest(lines) == [
        Suggestion(("c", "d"), "plan, teams", ("plan", "teams", "time"), 4, frozenset({"Oak"}), frozenset()),
        Suggestion(
            ("a", "b"), "advisory", ("advisory",), 3, frozenset({"Oak", "Elm"}), frozenset({"teacher", "leader"})
        ),
    ]


def test_what_one_person_says_twice_is_not_common() -> None:
    alone = frozenset({"ana"})
    lines = [Entry(n, line, alone if n < 2 else 1) for n, line in enumerate(ADVISORY)]
    assert [one.ids for one in suggest(lines)] == [(2, 3)]


def test_fewer_than_six_lines_get_no_suggestion() -> None:
    assert suggest(entries(ADVISORY[:5])) == []
    assert len(suggest(entries(ADVISORY))) == 2


def test_lines_without_two_content_words_belong_nowhere() -> None:
    assert suggest(entries(["time", "Time!", "the time", "a time", "¿?", "", "time time-out"])) == []


def test_words_of_the_question_join_nothing() -> None:
    lines = [*ADVISORY[4:], "school lunch", "school walls", "my school trip", "no school bell"]
    assert suggest(entries(lines), question="What should our schools do?") == []
    assert len(suggest(entries(lines))) == 1


def test_at_most_eight_themes_the_most_said_first() -> None:
    words = ["advisory", "buses", "lunch", "garden", "music", "chess", "robots", "theater", "swimming", "poetry"]
    lines = [Entry(n, f"{words[n // 2]} {letter * 3}", n + 1) for n, letter in enumerate("abcdefghijklmnopqrst")]
    found = suggest(lines)
    assert len(found) == 8
    assert [one.people for one in found] == [39, 35, 31, 27, 23, 19, 15, 11]


WORDS = ["advisory", "advisor", "time", "plan", "planning", "family", "año", "niños", "día", "we", "the", "学校", "ß"]
TEXTS = st.lists(
    st.lists(st.sampled_from(WORDS)).map(" ".join).filter(bool) | st.text(max_size=30),
    min_size=6,
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.randoms(use_true_random=False))
def test_suggestions_are_the_same_in_any_order_and_explained(lines: list[str], chance: object) -> None:
    given_lines = entries(lines)
    shuffled = list(given_lines)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    found = suggest(given_lines)
    told = [(sorted(one.ids), one.label, one.shared_words, one.people) for one in found]
    assert [(sorted(one.ids), one.label, one.shared_words, one.people) for one in suggest(shuffled)] == told
    assert input_hash(shuffled) == input_hash(given_lines)
    ids = [entry for one in found for entry in one.ids]
    assert len(ids) == len(set(ids))
    assert len(found) <= 8
    for one in found:
        assert len(one.ids) > 1
        assert one.shared_words
        assert one.label == ", ".join(one.shared_words[:2])


def test_hash_tells_every_change() -> None:
    one = Entry("a", "more time", frozenset({"x"}), "Oak", "teacher")
    others = [
        Entry("b", "more time", frozenset({"x"}), "Oak", "teacher"),
        Entry("a", "more Time", frozenset({"x"}), "Oak", "teacher"),
        Entry("a", "more time", frozenset({"x", "y"}), "Oak", "teacher"),
        Entry("a", "more time", 1, "Oak", "teacher"),
        Entry("a", "more time", frozenset({"x"}), "Elm", "teacher"),
        Entry("a", "more time", frozenset({"x"}), "Oak", None),
    ]
    assert len({input_hash([entry]) for entry in [one, *others]}) == 7


# Words


def test_folding_keeps_letters_of_every_script() -> None:
    assert words_of("¡Los NIÑOS, don’t Straße 9th!") == ["los", "niños", "dont", "strasse", "9th"]
    assert words_of("学校 · مدرسة · हिन्दी") == ["学校", "مدرسة", "हिन्दी"]
    assert [fold(word) for word in ("niños", "学校", "مدرسة", "हिन्दी")] == ["ninos", "学校", "مدرسة", "हिनदी"]


def test_accents_may_be_left_out() -> None:
    lines = entries(
        ["la reunión larga", "una reunion corta", "niños felices", "ninos pequeños", "pan dulce", "sol y sombra"]
    )
    assert [one.ids for one in suggest(lines, language="es")] == [(2, 3), (0, 1)]


def test_words_are_shown_as_they_were_written() -> None:
    lines = ["Más asesoría con adultos", "asesoría dos mañanas", "la asesoría breve", "bus", "pan", "sol"]
    assert [one.label for one in suggest(entries(lines))] == ["asesoría"]


# Lines like this one


def test_lines_like_one_come_nearest_first_and_without_itself() -> None:
    lines = entries(["planning time for teams", "time to plan with my team", "team lunch", "buses", "planning time"])
    near = similar(lines[0], lines, top=3)
    assert [(one.id, one.shared_words) for one in near] == [
        (1, ("planning", "team", "time")),
        (4, ("planning", "time")),
        (2, ("team",)),
    ]
    assert [one.likeness for one in near] == sorted((one.likeness for one in near), reverse=True)
    assert similar(Entry("new", "planning time"), lines, top=1)[0].likeness > 0.99


def test_likeness_needs_no_heavy_packages() -> None:
    script = (
        "import sys; from planning.commonality import Entry, similar;"
        "similar(Entry(0, 'more time'), [Entry(1, 'time to plan')]);"
        "sys.exit(bool({'scipy', 'numpy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=CHECKOUT, check=False).returncode == 0


# Quality


@pytest.fixture(scope="module")
def answers() -> Rows:
    if not (rows := answers_at_hand()):
        pytest.skip("The answers to one question each are not here.")
    return rows


def test_questions_left_out_score_above_plain_word_counts(answers: Rows) -> None:
    methods = {"ours": ours, "plain": plain, "plain with stop words": plain_with_stop_words, "one theme": one_theme}
    measured = {name: quality(answers, method) for name, method in methods.items()} | {"left out": left_out(answers)}
    for name in ("ours", "left out"):
        for against in ("plain", "plain with stop words"):
            assert mean(measured[name], "f1") > mean(measured[against], "f1")
            assert mean(measured[name], "beyond_chance") > mean(measured[against], "beyond_chance")
    assert mean(measured["ours"], "precision") > 0.6


def test_unknown_question_does_not_lump_all_answers(answers: Rows) -> None:
    unknown = quality(answers, lambda question, texts: ours("", texts))
    assert mean(unknown, "precision") > 0.55
    assert mean(unknown, "beyond_chance") > 0.15


@pytest.mark.parametrize(
    ("question", "lines"), [(ENGLISH_QUESTION, ENGLISH_LINES), (SPANISH_QUESTION, SPANISH_LINES)], ids=["en", "es"]
)
def test_sheets_of_a_room_are_sorted_in_both_languages(question: str, lines: dict[str, list[str]]) -> None:
    true = [theme for theme, said in lines.items() for _ in said]
    texts = [line for said in lines.values() for line in said]
    found = score(ours(question, texts), true)
    assert found.f1 > 0.6
    assert found.precision > 0.6
    assert found.f1 > score(plain(question, texts), true).f1


def test_a_hundred_and_twenty_lines_take_less_than_a_second(answers: Rows) -> None:
    lines = entries([row["answer"] for row in answers[:120]])
    suggest(lines)  # scipy is loaded once a worker
    started = time.process_time()
    suggest(lines)
    similar(lines[0], lines)
    assert time.process_time() - started < 1
