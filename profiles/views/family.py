"""The family's page: with an account, or by a link and a code without one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from .. import permissions
from ..family_page import FamilyPage
from ..forms_family import FamilyCodeForm, FamilyWordsForm
from ..models import AccessEvent, FamilyLink, Learner, LearningPlan, Person, ProfileEntry, Why
from ..phrases import LANGUAGES
from ..requests import PersonRequest
from .learners import learner_of

COOKIE = "trellis-family"
OPEN_FOR_S = 60 * 60
"""A phone is passed around: an hour after the code, it is asked again."""


@dataclass(frozen=True)
class Reading:
    """Whose page, for whom, in which language, and where its forms go."""

    learner: Learner
    reader: Person
    language: str
    urls: dict[str, str]

    @property
    def may_speak(self) -> bool:
        return permissions.can_speak_for_family(self.learner)


# With an account


def _by_account(request: PersonRequest, learner: uuid.UUID) -> Reading:
    shown = learner_of(request, learner)
    acts = {"": "learner_family", "say": "learner_family_say", "acknowledge": "learner_family_acknowledge"}
    urls = {act or "page": reverse(f"profiles:{name}", args=[shown.pk]) for act, name in acts.items()}
    return Reading(shown, request.user, get_language() or "en", urls)


@require_GET
def learner_family(request: PersonRequest, learner: uuid.UUID) -> HttpResponse:
    return _page(request, _by_account(request, learner))


@require_POST
def learner_family_say(request: PersonRequest, learner: uuid.UUID) -> HttpResponse:
    return _say(request, _by_account(request, learner))


@require_POST
def learner_family_acknowledge(request: PersonRequest, learner: uuid.UUID) -> HttpResponse:
    return _acknowledge(request, _by_account(request, learner))


@require_POST
def family_words_withdraw(request: PersonRequest, learner: uuid.UUID, entry: uuid.UUID) -> HttpResponse:
    return _withdraw(request, _by_account(request, learner), entry)


# By a link and a code


def _link(request: HttpRequest, token: str) -> FamilyLink | None:
    return FamilyLink.named(token)


def _closed(request: HttpRequest) -> HttpResponse:
    with translation.override(_asked_language(request)):
        return render(request, "profiles/family_closed.html", status=404)


def _asked_language(request: HttpRequest) -> str:
    """Before the code nobody knows whose link it is: the slip's address says the language, else the browser does."""
    asked = request.GET.get("language", "")
    return asked if asked in LANGUAGES else get_language() or "en"


def _is_open(request: HttpRequest, link: FamilyLink) -> bool:
    try:
        opened = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=OPEN_FOR_S)
    except signing.BadSignature:
        return False
    return bool(opened == str(link.pk))


def _by_link(request: HttpRequest, link: FamilyLink, token: str) -> Reading:
    learner, guardian = link.link.learner, link.link.guardian
    learner.why = Why.GUARDIAN
    AccessEvent.note(guardian, "family_detail", Why.GUARDIAN, learner.pk, [learner.pk])
    acts = {"page": "detail", "say": "say", "acknowledge": "acknowledge", "leave": "leave"}
    urls = {act: reverse(f"family_{name}", args=[token]) for act, name in acts.items()}
    return Reading(learner, guardian, guardian.language or get_language() or "en", urls)


@login_not_required
@require_GET
def family_detail(request: HttpRequest, token: str) -> HttpResponse:
    """Nothing about anybody before the code."""
    link = _link(request, token)
    if link is None:
        return _closed(request)
    if not _is_open(request, link):
        return _ask_code(request, token, FamilyCodeForm())
    return _page(request, _by_link(request, link, token))


@login_not_required
@require_POST
def family_enter(request: HttpRequest, token: str) -> HttpResponse:
    link = _link(request, token)
    if link is None:
        return _closed(request)
    form = FamilyCodeForm(request.POST)
    if not form.is_valid():
        return _ask_code(request, token, form, status=422)
    if not link.opened_with(form.cleaned_data["code"]):
        if FamilyLink.named(token) is None:
            return _closed(request)
        with translation.override(_asked_language(request)):
            form.add_error("code", _("That is not the code of this link. After five wrong ones the link ends."))
        return _ask_code(request, token, form, status=422)
    reading = _by_link(request, link, token)
    if request.POST.get("text"):
        response = _page(request, reading, words=FamilyWordsForm(request.POST))
    else:
        response = redirect("family_detail", token)
    response.set_cookie(
        COOKIE,
        signing.dumps(str(link.pk), salt=COOKIE),
        max_age=OPEN_FOR_S,
        path=reading.urls["page"],
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@login_not_required
@require_POST
def family_say(request: HttpRequest, token: str) -> HttpResponse:
    return _act(request, token, _say)


@login_not_required
@require_POST
def family_acknowledge(request: HttpRequest, token: str) -> HttpResponse:
    return _act(request, token, _acknowledge)


@login_not_required
@require_POST
def family_withdraw(request: HttpRequest, token: str, entry: uuid.UUID) -> HttpResponse:
    return _act(request, token, lambda asked, reading: _withdraw(asked, reading, entry))


@login_not_required
@require_POST
def family_leave(request: HttpRequest, token: str) -> HttpResponse:
    """The phone goes on to somebody else."""
    response = redirect("family_detail", token)
    response.delete_cookie(COOKIE, path=reverse("family_detail", args=[token]), samesite="Lax")
    return response


def _act(request: HttpRequest, token: str, act: Any) -> HttpResponse:
    link = _link(request, token)
    if link is None:
        return _closed(request)
    if not _is_open(request, link):
        return _ask_code(request, token, FamilyCodeForm(), status=403)
    response: HttpResponse = act(request, _by_link(request, link, token))
    return response


def _ask_code(request: HttpRequest, token: str, form: FamilyCodeForm, *, status: int = 200) -> HttpResponse:
    """What was typed before the hour was over goes along."""
    language = _asked_language(request)
    kept = {name: request.POST[name] for name in ("section", "text") if name in request.POST}
    with translation.override(language):
        context = {"form": form, "token": token, "kept": kept, "language": language}
        response = render(request, "profiles/family_code.html", context, status=status)
    response.headers["Content-Language"] = language
    return response


# Both


def _page(
    request: HttpRequest, reading: Reading, *, words: FamilyWordsForm | None = None, status: int = 200
) -> HttpResponse:
    with translation.override(reading.language):
        context = {
            "reading": reading,
            "page": FamilyPage(reading.learner, reading.language, reader=reading.reader),
            "form": (words or FamilyWordsForm()) if reading.may_speak else None,
            "may_see_looks": permissions.can_see_looks(reading.learner),
        }
        response = render(request, "profiles/family.html", context, status=status)
    response.headers["Content-Language"] = reading.language
    return response


def _say(request: HttpRequest, reading: Reading) -> HttpResponse:
    _must_be_family(reading)
    form = FamilyWordsForm(request.POST)
    with translation.override(reading.language):
        if not form.is_valid():
            return _page(request, reading, words=form, status=422)
        form.save(reading.learner, by=reading.reader)
        messages.success(request, _("Thank you. The school can read it now."))
    return redirect(reading.urls["page"])


def _withdraw(request: HttpRequest, reading: Reading, entry: uuid.UUID) -> HttpResponse:
    _must_be_family(reading)
    mine = ProfileEntry.objects.standing().filter(learner=reading.learner, author=reading.reader)
    get_object_or_404(mine.select_related("learner"), pk=entry).withdraw(by=reading.reader)
    with translation.override(reading.language):
        messages.success(request, _("Taken back. Nobody reads it any more."))
    return redirect(reading.urls["page"])


def _acknowledge(request: HttpRequest, reading: Reading) -> HttpResponse:
    _must_be_family(reading)
    plan = reading.learner.plans.filter(state=LearningPlan.State.ACTIVE).first()
    if plan is not None and plan.acknowledged_on is None:
        plan.acknowledge(by=reading.reader)
    with translation.override(reading.language):
        messages.success(request, _("Thank you. The school knows that you have read the plan."))
    return redirect(reading.urls["page"])


def _must_be_family(reading: Reading) -> None:
    if not reading.may_speak:
        raise PermissionDenied(_("Only the family speaks for the family."))
