"""What is said of a student: added, said anew, answered, taken back; and the student's own questions, one by one."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .. import permissions
from ..forms_learners import AnswerForm, EntryForm, ReplyForm, prompts_for
from ..learner_page import LearnerPage
from ..models import EntryChanged, Learner, ProfileEntry
from ..requests import PersonRequest
from .learners import learner_of


def speaker_of(request: PersonRequest, pk: uuid.UUID) -> Learner:
    """The student, where the reader has a voice in the record."""
    learner = learner_of(request, pk)
    if not permissions.voice_of(learner):
        raise PermissionDenied(_("Those who teach, advise or counsel the student write here, and the family."))
    return learner


def entry_of(request: PersonRequest, learner: Learner, pk: uuid.UUID, *, standing: bool = True) -> ProfileEntry:
    """An entry this reader may read; `standing` leaves out what was said anew or taken back."""
    entries = ProfileEntry.objects.filter(learner=learner).readable_by(learner.why, request.user)
    if standing:
        entries = entries.standing()
    return get_object_or_404(entries.select_related("author", "learner__home", "learner__person"), pk=pk)


@require_http_methods(["GET", "POST"])
def learner_entry_add(request: PersonRequest, learner: uuid.UUID) -> HttpResponse:
    """A page of its own; asked by htmx (from the class list) only the form, and then what was kept."""
    shown = speaker_of(request, learner)
    form = EntryForm(request.POST or None, learner=shown, initial=_asked(request))
    if form.is_valid():
        entry = form.save(by=request.user)
        if request.htmx:
            return render(request, "profiles/learner_entry_write.html#kept", {"learner": shown, "entry": entry})
        messages.success(request, _("Kept."))
        return redirect("profiles:learner_detail", shown.pk)
    return _form_page(request, shown, form)


@require_http_methods(["GET", "POST"])
def learner_entry_revise(request: PersonRequest, learner: uuid.UUID, entry: uuid.UUID) -> HttpResponse:
    shown = speaker_of(request, learner)
    found = entry_of(request, shown, entry, standing=request.method == "GET")
    if not permissions.can_rewrite(request.user, shown, found):
        raise PermissionDenied(_("Only who said it says it anew; the student can answer."))
    form = EntryForm(request.POST or None, learner=shown, entry=found)
    if form.is_valid():
        try:
            form.save(by=request.user)
        except EntryChanged as changed:
            form.add_error(None, changed)
            return _form_page(request, shown, form, now=changed.entry.newest, status=409)
        messages.success(request, _("Kept."))
        return redirect("profiles:learner_detail", shown.pk)
    return _form_page(request, shown, form)


def _asked(request: PersonRequest) -> dict[str, Any]:
    section = request.GET.get("section", "")
    return {"section": section} if section in ProfileEntry.Section.values else {}


def _form_page(
    request: PersonRequest,
    learner: Learner,
    form: EntryForm,
    *,
    now: ProfileEntry | None = None,
    status: int = 200,
) -> HttpResponse:
    """`now` is what stands there meanwhile: saved again, the words take its place; where it is gone, they are new."""
    if form.errors and status == 200:
        status = 422
    form.helper.form_action = request.path
    if now is not None:
        form.helper.form_action = (
            reverse("profiles:learner_entry_revise", args=[learner.pk, now.pk])
            if now.withdrawn_at is None
            else reverse("profiles:learner_entry_add", args=[learner.pk])
        )
    template = "profiles/learner_entry_write.html"
    if request.htmx:
        form.helper.attrs |= {"hx-post": request.path, "hx-target": f"#write-{learner.pk}"}
        template += "#form"
    context = {"learner": learner, "form": form, "now": now, "own": permissions.can_confirm(learner)}
    return render(request, template, context, status=status)


@require_http_methods(["GET", "POST"])
def learner_entry_answer(request: PersonRequest, learner: uuid.UUID, entry: uuid.UUID) -> HttpResponse:
    """The student answers what others say of them."""
    shown = learner_of(request, learner)
    found = entry_of(request, shown, entry, standing=False)
    if not permissions.can_answer(shown, found):
        raise PermissionDenied(_("The student answers what others write."))
    form = ReplyForm(request.POST or None, entry=found)
    now, status = found, 200
    if form.is_valid():
        try:
            found.answer(form.cleaned_data["reply"], by=request.user)
        except EntryChanged as changed:
            form.add_error(None, changed)
            now, status = found.newest, 409
            form.helper.form_action = request.path.replace(str(found.pk), str(now.pk))
        else:
            messages.success(request, _("Kept."))
            return redirect("profiles:learner_detail", shown.pk)
    context = {"learner": shown, "entry": now, "form": form}
    return render(request, "profiles/learner_entry_answer.html", context, status=status)


@require_POST
def learner_entry_withdraw(request: PersonRequest, learner: uuid.UUID, entry: uuid.UUID) -> HttpResponse:
    shown = learner_of(request, learner)
    found = entry_of(request, shown, entry)
    if not permissions.can_rewrite(request.user, shown, found):
        raise PermissionDenied(_("Only who said it takes it back."))
    try:
        found.withdraw(by=request.user)
    except EntryChanged as changed:
        messages.error(request, changed.message)
    else:
        messages.success(request, _("Taken back. It stands in the history only."))
    return redirect("profiles:learner_detail", shown.pk)


@require_GET
def learner_entry_history(request: PersonRequest, learner: uuid.UUID, entry: uuid.UUID) -> HttpResponse:
    """How an entry read before, as far as its readers of then are this one."""
    shown = learner_of(request, learner)
    found = entry_of(request, shown, entry, standing=False)
    readable = {
        one.pk
        for one in ProfileEntry.objects.filter(pk__in=[one.pk for one in found.earlier]).readable_by(
            shown.why, request.user
        )
    }
    earlier = [one for one in found.earlier if one.pk in readable]
    said = LearnerPage(shown, request.user).said(found)
    context = {"learner": shown, "said": said, "earlier": earlier}
    return render(request, "profiles/learner_entry_history.html", context)


# The student's questions (and the family's), each kept by itself


@require_GET
def learner_voice_write(request: PersonRequest, learner: uuid.UUID) -> HttpResponse:
    shown = _asked_of(request, learner)
    answers = _answers(request, shown)
    forms = [AnswerForm(learner=shown, prompt=prompt, entry=answers.get(prompt)) for prompt in prompts_for(shown)]
    own = permissions.can_confirm(shown)
    return render(request, "profiles/learner_voice_write.html", {"learner": shown, "forms": forms, "own": own})


@require_POST
def learner_voice_answer(request: PersonRequest, learner: uuid.UUID, prompt: str) -> HttpResponse:
    shown = _asked_of(request, learner)
    if prompt not in prompts_for(shown):
        raise Http404
    form = AnswerForm(request.POST, learner=shown, prompt=prompt, entry=_answers(request, shown).get(prompt))
    state, status = "kept", 200
    if form.is_valid():
        try:
            form.save(by=request.user)
        except EntryChanged as changed:
            now = changed.entry.newest
            form.add_error("text", changed)
            form.data = dict(form.data.items()) | {"seen": str(now.pk) if now.withdrawn_at is None else ""}
            return _answer(request, shown, form, "changed", now=now, status=409)
        answer = _answers(request, shown).get(prompt)
        form = AnswerForm(learner=shown, prompt=prompt, entry=answer)
    else:
        state, status = "refused", 422
    if request.htmx or status != 200:
        return _answer(request, shown, form, state, status=status)
    return redirect("profiles:learner_voice_write", shown.pk)


def _answer(
    request: PersonRequest,
    learner: Learner,
    form: AnswerForm,
    state: str,
    *,
    now: ProfileEntry | None = None,
    status: int = 200,
) -> HttpResponse:
    own = permissions.can_confirm(learner)
    context = {"learner": learner, "form": form, "forms": [form], "state": state, "now": now, "own": own}
    template = "profiles/learner_voice_write.html" + ("#answer" if request.htmx else "")
    return render(request, template, context, status=status)


def _asked_of(request: PersonRequest, pk: uuid.UUID) -> Learner:
    learner = learner_of(request, pk)
    if permissions.voice_of(learner) not in (ProfileEntry.Voice.STUDENT, ProfileEntry.Voice.FAMILY):
        raise PermissionDenied(_("These questions are for the student and the family."))
    return learner


def _answers(request: PersonRequest, learner: Learner) -> dict[str, ProfileEntry]:
    """What stands as one's own answer to each prompt."""
    own = ProfileEntry.objects.standing().filter(
        learner=learner, author=request.user, voice=permissions.voice_of(learner)
    )
    return {one.prompt: one for one in own.exclude(prompt="").order_by("as_of", "written_at")}
