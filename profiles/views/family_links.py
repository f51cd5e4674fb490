"""Handing families the way to their page: a link and a code, shown once, by paper or by mail; the week on paper."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from config.qr import qr

from .. import permissions
from ..family_mail import address_of, mail_family_link, mail_family_week
from ..family_page import FamilyPage, facts_of
from ..models import AccessEvent, Enrollment, FamilyLink, GuardianLink, Learner, Person, Section, Why
from ..phrases import LANGUAGES
from ..requests import PersonRequest
from .learners import learner_of

SHOWN_ONCE = "family_slip"


@dataclass(frozen=True)
class Slip:
    """A family's link and code as they are printed, in the family's language."""

    learner: Learner
    guardian: Person
    address: str
    code: str
    language: str

    @property
    def drawing(self) -> SafeString:
        return qr(self.address)

    @property
    def code_shown(self) -> str:
        return f"{self.code[:3]} {self.code[3:]}"


def _slip(request: PersonRequest, link: GuardianLink, token: str, code: str) -> Slip:
    """Without a token the link went out by mail: the code alone is left to say."""
    language = link.guardian.language if link.guardian.language in LANGUAGES else "en"
    path = f"{reverse('family_detail', args=[token])}?language={language}" if token else ""
    return Slip(link.learner, link.guardian, request.build_absolute_uri(path) if path else "", code, language)


@require_GET
def learner_families(request: PersonRequest, learner: uuid.UUID) -> HttpResponse:
    shown = _to_give(request, learner)
    readers = set(GuardianLink.objects.giving_sight().filter(learner=shown).values_list("pk", flat=True))
    links = GuardianLink.objects.current().filter(learner=shown).select_related("guardian").order_by("begins", "pk")
    standing = {one.link_id: one for one in FamilyLink.objects.filter(link__learner=shown, ended_at=None)}
    families = [(link, link.pk in readers, standing.get(link.pk), address_of(link.guardian)) for link in links]
    once = request.session.pop(SHOWN_ONCE, None)
    slip = None
    if once and (link := next((one for one in links if str(one.pk) == once["link"]), None)):
        link.learner = shown
        slip = _slip(request, link, once["token"], once["code"])
    context = {"learner": shown, "families": families, "slip": slip}
    return render(request, "profiles/learner_families.html", context)


@require_POST
def family_link_make(request: PersonRequest, learner: uuid.UUID, guardian: uuid.UUID) -> HttpResponse:
    """A link and a code, shown once; with `by=mail` the link goes out by mail and only the code is shown."""
    shown = _to_give(request, learner)
    link = get_object_or_404(_links_giving_sight([shown]), pk=guardian)
    token, code = FamilyLink.make(link, by=request.user)
    if request.POST.get("by") == "mail" and address_of(link.guardian):
        made = FamilyLink.objects.get(link=link, ended_at=None)
        mail_family_link.enqueue(str(made.pk), request.build_absolute_uri("/"))
        token = ""
    request.session[SHOWN_ONCE] = {"link": str(link.pk), "token": token, "code": code}
    return redirect("profiles:learner_families", shown.pk)


@require_POST
def family_link_end(request: PersonRequest, learner: uuid.UUID, guardian: uuid.UUID) -> HttpResponse:
    shown = _to_give(request, learner)
    link = get_object_or_404(GuardianLink.objects.filter(learner=shown), pk=guardian)
    for standing in link.family_links.filter(ended_at=None).select_related("link__learner"):
        standing.end(by=request.user)
    messages.success(request, _("The link has ended: it opens nothing any more."))
    return redirect("profiles:learner_families", shown.pk)


def _to_give(request: PersonRequest, learner: uuid.UUID) -> Learner:
    shown = learner_of(request, learner)
    if not permissions.can_give_family_link(shown):
        raise PermissionDenied(_("Advisors, counselors and leaders of the school hand out family links."))
    return shown


def _links_giving_sight(learners: list[Learner]) -> Any:
    links = GuardianLink.objects.giving_sight().filter(learner__in=learners)
    return links.select_related("guardian", "learner__person", "learner__home").order_by(
        "learner__person__family_name", "learner__person__given_name", "pk"
    )


# A class at once


def class_to_read(request: PersonRequest, section: uuid.UUID) -> tuple[Section, list[Learner]]:
    """A class the reader may see, with its students of today whose record they may open; the look is written down."""
    shown = get_object_or_404(Section.objects.visible_to(request.user).select_related("school"), pk=section)
    enrolled = Enrollment.objects.current().students().filter(section=shown)
    seen = Learner.objects.visible_to(request.user).filter(pk__in=enrolled.values("person"))
    learners = list(seen.select_related("person", "home").by_name())
    page = request.resolver_match.view_name if request.resolver_match else ""
    for why in sorted({one.why for one in learners}):
        AccessEvent.note(request.user, page, why, shown.pk, [one.pk for one in learners if one.why == why])
    return shown, learners


@require_GET
def class_families(request: PersonRequest, section: uuid.UUID) -> HttpResponse:
    """The week in sentences, one slip a family in its language, to print or to send."""
    shown, learners = class_to_read(request, section)
    links = list(_links_giving_sight(learners))
    facts = facts_of(learners)
    pages = []
    for link in links:
        link.learner.why = Why.GUARDIAN
        pages.append(
            FamilyPage(link.learner, link.guardian.language, reader=link.guardian, facts=facts[link.learner_id])
        )
    context = {
        "section": shown,
        "pages": pages,
        "mailable": sum(bool(address_of(link.guardian)) for link in links),
        "may_give": any(permissions.can_give_family_link(one) for one in learners),
    }
    return render(request, "profiles/class_families.html", context)


@require_POST
def class_week_mail(request: PersonRequest, section: uuid.UUID) -> HttpResponse:
    shown, learners = class_to_read(request, section)
    links = [link for link in _links_giving_sight(learners) if address_of(link.guardian)]
    for link in links:
        mail_family_week.enqueue(str(link.pk))
    said = ngettext("%(n)s letter is on its way.", "%(n)s letters are on their way.", len(links))
    messages.success(request, said % {"n": len(links)})
    return redirect("profiles:class_families", shown.pk)


@require_POST
def class_family_links(request: PersonRequest, section: uuid.UUID) -> HttpResponse:
    """New links and codes for all families of the class, to print now: they are shown this once."""
    shown, learners = class_to_read(request, section)
    mine = [one for one in learners if permissions.can_give_family_link(one)]
    if not mine:
        raise PermissionDenied(_("Advisors, counselors and leaders of the school hand out family links."))
    slips = [_slip(request, link, *FamilyLink.make(link, by=request.user)) for link in _links_giving_sight(mine)]
    return render(request, "profiles/family_slips.html", {"section": shown, "slips": slips})
