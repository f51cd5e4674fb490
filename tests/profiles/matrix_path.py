"""Who gets what answer of a student's plan, path and units (profiles 4.10): rows for Sofia, who has an advisor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.permission_matrix import Row

READERS = "student guardian advisor teacher counselor leader"
PLANNERS = "student advisor teacher"
APPROVERS = "advisor leader"
OF_CEDAR = "leader teacher advisor counselor coach student guardian next-door"


def _read(name: str, kwargs: str) -> Row:
    return Row(f"profiles:{name}", {READERS: 200}, kwargs=kwargs, foreign=f"other_{kwargs}")


def _act(name: str, kwargs: str, may: str, data: Mapping[str, Any] | str = "", *, get: int | None = None) -> Row:
    """An act: those of `may` do it, who reads the record otherwise may not, nobody else sees that it is there."""
    method = "POST" if get is None else "GET"
    expects = {may: get or 302, READERS: 403}
    return Row(f"profiles:{name}", expects, kwargs=kwargs, foreign=f"other_{kwargs}", method=method, data=data or {})


PATH = [
    _read("learner_plan", "a_learner"),
    _read("learner_item_write", "a_plan_item"),
    _read("learner_experience_list", "a_learner"),
    _read("learner_unit_write", "an_own_unit"),
    _act("learner_plan_begin", "a_learner", PLANNERS, {"title": "Fall"}),
    _act("learner_plan_move", "a_plan", "student", {"state": "student_ready"}),
    _act("learner_plan_acknowledge", "a_plan", "guardian"),
    _act("learner_plan_allow", "a_plan", APPROVERS, {"allowed": "yes"}),
    _act("learner_item_add", "a_plan", PLANNERS, {"text": "Chess", "towards": "connection", "modality": "peer"}),
    _act("learner_item_move", "a_plan_item", PLANNERS, {"state": "doing"}),
    _act("learner_item_remove", "a_plan_item", APPROVERS),
    _act("learner_expectation_drop", "an_expectation", "advisor leader", {"reason": "Shown before"}),
    _act("learner_expectation_restore", "an_expectation", "advisor leader"),
    _act("learner_step_take", "a_step", "student", get=200),
    _act("learner_step_put_off", "a_step", "student", get=200),
    _act("learner_step_ask", "a_step", "student", get=200),
    _act("learner_step_swap", "a_step", "student"),
    _act("learner_question_hear", "a_question", "advisor"),
    _act("learner_path_steer", "a_learner", "student", {"challenge": 4, "pace": 3, "repetition": 3}),
    _act("learner_path_renew", "a_learner", PLANNERS),
    _act("learner_proposal_agree", "a_suggestion", "student", {"chosen": ["remove-0"]}),
    _act("learner_proposal_decline", "a_suggestion", "student advisor leader"),
    _act("learner_proposal_accept", "a_suggestion", APPROVERS),
    _act("learner_proposal_refresh", "a_suggestion", PLANNERS),
    _act("learner_proposal_take_back", "a_suggestion", APPROVERS),
    _act("learner_experience_enrol", "a_unit_for_learner", PLANNERS),
    _act("learner_unit_begin", "a_learner", "student", get=200),
    _act("learner_unit_submit", "an_own_unit", "student"),
    _act("learner_unit_reply", "an_own_unit", "advisor leader", {"state": "approved"}),
    Row(
        "profiles:proposal_list",
        {"student guardian ended-today": 403},
        rest=200,
    ),
    Row("profiles:proposal_accept_many", {"student guardian ended-today": 403}, rest=302, method="POST"),
    Row(
        "profiles:experience_list",
        {OF_CEDAR + " district": 200},
        kwargs="cedar",
        foreign="juniper",
    ),
    Row(
        "profiles:experience_offer",
        {"leader teacher advisor counselor next-door": 422, OF_CEDAR + " district": 403},
        kwargs="cedar",
        foreign="juniper",
        method="POST",
    ),
    Row(
        "profiles:experience_close",
        {"leader teacher advisor counselor next-door": 302, OF_CEDAR + " district": 403},
        kwargs="a_unit",
        foreign="other_a_unit",
        method="POST",
    ),
    Row(
        "profiles:credits_require",
        {"leader district": 302, OF_CEDAR: 403},
        kwargs="cedar",
        foreign="juniper",
        method="POST",
        data={"credits": "22"},
    ),
]
