"""Goals: set or suggested, agreed, adjusted with a reason, met; and the look back at one's week."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .. import permissions
from ..forms_learners import CommentForm, GoalAdjustForm, GoalForm, GoalMoveForm, ReflectionForm
from ..learner_page import by_dimension, tree
from ..models import Change, Goal, GoalChanged, Learner, Why
from ..requests import PersonRequest
from .learners import learner_of

REFLECTIONS_SHOWN = 12

MOVES_IN_WORDS: dict[tuple[str, str], str | Promise] = {
    ("draft", "proposed"): gettext_lazy("Ask my advisor"),
    ("draft", "active"): gettext_lazy("Start"),
    ("draft", "dropped"): gettext_lazy("Throw the draft away"),
    ("proposed", "agreed"): gettext_lazy("Agree"),
    ("proposed", "draft"): gettext_lazy("Back to a draft"),
    ("proposed", "dropped"): gettext_lazy("Not this one"),
    ("agreed", "active"): gettext_lazy("Start"),
    ("agreed", "dropped"): gettext_lazy("Let it go"),
    ("active", "met"): gettext_lazy("I did it"),
    ("active", "parked"): gettext_lazy("Set aside for now"),
    ("active", "dropped"): gettext_lazy("Let it go"),
    ("parked", "active"): gettext_lazy("Take it up again"),
    ("parked", "dropped"): gettext_lazy("Let it go"),
}

STORY: dict[str, str | Promise] = {
    "goal_set": gettext_lazy("written down"),
    "goal_moved": gettext_lazy("now: %(state)s"),
    "goal_adjusted": gettext_lazy("adjusted"),
    "goal_commented": gettext_lazy("said"),
}


@dataclass(frozen=True)
class Move:
    """One way on, with its button and the form for the words it asks for."""

    state: str
    label: str | Promise
    form: GoalMoveForm


@dataclass(frozen=True)
class Told:
    """One line of a goal's story."""

    change: Change
    what: str
    words: str


def goal_of(learner: Learner, pk: uuid.UUID) -> Goal:
    return get_object_or_404(learner.goals.select_related("learner__home", "parent", "competency"), pk=pk)


@require_GET
def learner_goal_list(request: PersonRequest, learner: uuid.UUID) -> HttpResponse:
    """Long over term over week; the areas without a goal by name; what was set aside; the weeks looked back at."""
    shown = learner_of(request, learner)
    goals = list(shown.goals.all())
    standing = [one for one in goals if one.state in Goal.STANDING]
    context = {
        "learner": shown,
        "own": shown.why == Why.SELF,
        "lines": tree(standing),
        "without_goal": [str(label) for label, found in by_dimension(standing) if not found],
        "past": [one for one in goals if one.state not in Goal.STANDING],
        "reflections": list(shown.reflections.select_related("goal")[:REFLECTIONS_SHOWN]),
        "may_set": permissions.can_set_goals(shown),
        "may_reflect": permissions.can_reflect(shown),
    }
    return render(request, "profiles/learner_goal_list.html", context)


@require_http_methods(["GET", "POST"])
def learner_goal_set(request: PersonRequest, learner: uuid.UUID) -> HttpResponse:
    shown = learner_of(request, learner)
    if not permissions.can_set_goals(shown):
        raise PermissionDenied(_("The student sets goals; those who teach, advise or counsel may suggest some."))
    form = GoalForm(request.POST or None, learner=shown, initial=_asked(request))
    if form.is_valid() and (goal := form.save(by=request.user)):
        return redirect("profiles:learner_goal_detail", shown.pk, goal.pk)
    context = {"learner": shown, "form": form, "own": shown.why == Why.SELF}
    return render(request, "profiles/learner_goal_set.html", context, status=422 if form.errors else 200)


def _asked(request: PersonRequest) -> dict[str, Any]:
    """What the link said: the area, or the larger goal that this is a step towards."""
    dimension, parent = request.GET.get("dimension", ""), request.GET.get("towards", "")
    return {"dimension": dimension, "parent": parent, "horizon": "week" if parent else "term"}


@require_GET
def learner_goal_detail(request: PersonRequest, learner: uuid.UUID, goal: uuid.UUID) -> HttpResponse:
    shown = learner_of(request, learner)
    return _goal_page(request, shown, goal_of(shown, goal))


def _goal_page(
    request: PersonRequest,
    learner: Learner,
    goal: Goal,
    *,
    refused: GoalMoveForm | None = None,
    to: str = "",
    comment: CommentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    moves = [
        Move(
            state, MOVES_IN_WORDS[goal.state, state], refused if refused and state == to else GoalMoveForm(state=state)
        )
        for state in permissions.goal_moves(learner, goal)
    ]
    comment = comment or CommentForm()
    comment.helper.form_action = reverse("profiles:learner_goal_comment", args=[learner.pk, goal.pk])
    story = Change.objects.filter(stream=learner.stream, target=str(goal.pk)).select_related("actor")
    context = {
        "learner": learner,
        "own": learner.why == Why.SELF,
        "goal": goal,
        "parts": list(goal.parts.all()),
        "moves": moves,
        "opened": to,
        "may_adjust": permissions.can_adjust_goals(learner) and goal.state in Goal.STANDING,
        "comment": comment if permissions.can_comment(learner) else None,
        "may_set": permissions.can_set_goals(learner),
        "story": [_told(one) for one in story.order_by("-version", "-n")],
        "reflections": list(goal.reflections.all()),
    }
    return render(request, "profiles/learner_goal_detail.html", context, status=status)


def _told(change: Change) -> Told:
    after = change.after or {}
    state = Goal.State(after["state"]).label if "state" in after else ""
    words = after.get("reason", "") or (after.get("text", "") if change.verb != "goal_set" else "")
    if change.verb == "goal_adjusted":
        before, names = change.before or {}, ("text", "target", "due")
        was = ", ".join(str(before[name]) for name in names if before.get(name))
        words = _("%(reason)s (before: %(was)s)") % {"reason": words, "was": was} if was else words
    return Told(change, str(STORY.get(change.verb, change.verb)) % {"state": state}, words)


@require_POST
def learner_goal_move(request: PersonRequest, learner: uuid.UUID, goal: uuid.UUID, state: str) -> HttpResponse:
    shown = learner_of(request, learner)
    found = goal_of(shown, goal)
    if not permissions.goal_moves(shown, found):
        raise PermissionDenied(_("The goal is the student's; the advisor and the counselor agree to what is proposed."))
    if state not in Goal.State.values or state not in permissions.goal_moves(shown, found):
        messages.error(request, _("This goal has moved on meanwhile. Here is where it stands now."))
        return redirect("profiles:learner_goal_detail", shown.pk, found.pk)
    form = GoalMoveForm(request.POST, state=state)
    if form.is_valid():
        try:
            found.move(state, by=request.user, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem)
            return _goal_page(request, shown, found, refused=form, to=state, status=422)
        return redirect("profiles:learner_goal_detail", shown.pk, found.pk)
    return _goal_page(request, shown, found, refused=form, to=state, status=422)


@require_http_methods(["GET", "POST"])
def learner_goal_adjust(request: PersonRequest, learner: uuid.UUID, goal: uuid.UUID) -> HttpResponse:
    shown = learner_of(request, learner)
    found = goal_of(shown, goal)
    if not permissions.can_adjust_goals(shown):
        raise PermissionDenied(_("The student adjusts the goal, with the advisor or the counselor."))
    form, status, now = GoalAdjustForm(request.POST or None, goal=found), 200, None
    if form.is_valid():
        try:
            form.save(by=request.user)
            return redirect("profiles:learner_goal_detail", shown.pk, found.pk)
        except GoalChanged as changed:
            form.add_error(None, changed)
            form.seen_now()
            status, now = 409, form.goal
        except ValidationError as problem:
            form.add_error(None, problem)
    if form.errors and status == 200:
        status = 422
    context = {"learner": shown, "goal": found, "form": form, "now": now, "own": shown.why == Why.SELF}
    return render(request, "profiles/learner_goal_adjust.html", context, status=status)


@require_POST
def learner_goal_comment(request: PersonRequest, learner: uuid.UUID, goal: uuid.UUID) -> HttpResponse:
    shown = learner_of(request, learner)
    found = goal_of(shown, goal)
    if not permissions.can_comment(shown):
        raise PermissionDenied(_("The student, the family and those who teach, advise or counsel write here."))
    form = CommentForm(request.POST)
    if form.is_valid():
        found.comment(form.cleaned_data["comment"], by=request.user)
        return redirect("profiles:learner_goal_detail", shown.pk, found.pk)
    return _goal_page(request, shown, found, comment=form, status=422)


@require_http_methods(["GET", "POST"])
def learner_reflection_write(request: PersonRequest, learner: uuid.UUID) -> HttpResponse:
    """Two minutes, four questions, on a phone."""
    shown = learner_of(request, learner)
    if not permissions.can_reflect(shown):
        raise PermissionDenied(_("The student looks back here; you read it beside the goals."))
    form = ReflectionForm(request.POST or None, learner=shown)
    if form.is_valid():
        form.save(by=request.user)
        messages.success(request, _("Kept. See you next week."))
        return redirect("profiles:learner_detail", shown.pk)
    context = {"learner": shown, "form": form}
    return render(request, "profiles/learner_reflection_write.html", context, status=422 if form.errors else 200)
