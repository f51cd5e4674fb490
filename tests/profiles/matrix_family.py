"""Who gets what answer of families, growth, people, records, slips and totals: rows for Sofia and her advisory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.permission_matrix import Row

READERS = "student guardian advisor teacher counselor leader"
GIVERS = "advisor counselor leader"
OF_CLASS = "advisor counselor leader"


def _read(name: str, kwargs: str, may: str = READERS) -> Row:
    expects = {may: 200} if may == READERS else {may: 200, READERS: 403}
    return Row(f"profiles:{name}", expects, kwargs=kwargs, foreign=f"other_{kwargs}")


def _act(name: str, kwargs: str, may: str, data: Mapping[str, Any] | None = None) -> Row:
    foreign = f"other_{kwargs}"
    return Row(
        f"profiles:{name}", {may: 302, READERS: 403}, kwargs=kwargs, foreign=foreign, method="POST", data=data or {}
    )


def _class(name: str, status: int, method: str = "GET") -> Row:
    kwargs = {"kwargs": "family_class", "foreign": "other_family_class"}
    return Row(f"profiles:{name}", {OF_CLASS: status}, method=method, **kwargs)


def _by_link(name: str, kwargs: str, status: int, method: str = "POST") -> Row:
    """Whoever asks, signed in or not: there is nothing without the code."""
    return Row(name, rest=status, kwargs=kwargs, method=method, public=True)


WORDS = {"section": "home", "text": "We speak Spanish."}
FAMILY = [
    _by_link("family_detail", "family_token", 200, "GET"),
    _by_link("family_enter", "family_token", 422),
    _by_link("family_say", "family_token", 403),
    _by_link("family_acknowledge", "family_token", 403),
    _by_link("family_withdraw", "family_token_entry", 403),
    _by_link("family_leave", "family_token", 302),
    Row("account_first", rest=200, public=True),
    _read("learner_family", "family_learner"),
    _act("learner_family_say", "family_learner", "guardian", WORDS),
    _act("learner_family_acknowledge", "family_learner", "guardian"),
    _act("family_words_withdraw", "family_entry", "guardian"),
    _read("learner_families", "family_learner", GIVERS),
    _act("family_link_make", "family_guardian", GIVERS),
    _act("family_link_end", "family_guardian", GIVERS),
    _class("class_families", 200),
    _class("class_week_mail", 302, "POST"),
    _class("class_family_links", 200, "POST"),
    _class("class_slips", 200),
    _class("class_slips_print", 200, "POST"),
    _class("class_growth", 200),
    _read("learner_growth", "family_learner"),
    _act("growth_share", "family_growth", "student"),
    _act("growth_answer", "family_growth", "guardian advisor teacher counselor leader", {"ready": "0"}),
    _read("learner_people", "family_learner"),
    _read("learner_record", "family_learner", "guardian"),
    _act("learner_record_ask", "family_learner", "guardian"),
    _read("learner_record_file", "family_record", "guardian"),
    Row(
        "profiles:school_totals",
        {"leader district": 200, "teacher advisor counselor coach next-door student guardian": 403},
        kwargs="cedar",
        foreign="juniper",
    ),
]
