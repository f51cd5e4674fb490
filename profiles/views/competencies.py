"""One competency: its wordings, what it needs and unlocks; and those that a school writes itself."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .. import frameworks, permissions
from ..forms_frameworks import CompetencyForm, StrengthForm, WithdrawForm, WordingForm
from ..models import Competency, CompetencyLink, Framework, Org
from ..requests import PersonRequest

Kind = CompetencyLink.Kind


@dataclass(frozen=True)
class Linked:
    """A link as one of its ends sees it."""

    link: CompetencyLink
    other: Competency
    required: bool


@require_GET
def competency_detail(request: PersonRequest, competency: uuid.UUID) -> HttpResponse:
    return _competency_page(request, _competency(request, competency))


def _competency_page(
    request: PersonRequest,
    one: Competency,
    *,
    refused: str = "",
    withdraw: WithdrawForm | None = None,
    status: int = 200,
) -> HttpResponse:
    may_shape = permissions.can_shape_frameworks(request.user, one.framework.org)
    to_it = one.links_in.exclude(link_kind=Kind.CHILD).select_related("origin__replaced_by")
    from_it = one.links_out.exclude(link_kind=Kind.CHILD).select_related("destination__replaced_by")
    into = [(link, link.origin) for link in to_it.order_by("origin__position")]
    out_of = [(link, link.destination) for link in from_it.order_by("destination__position")]
    beside = [(link, other) for link, other in [*into, *out_of] if link.link_kind not in (Kind.PRECEDES, Kind.REPLACED)]
    may_withdraw = may_shape and one.framework.own and not one.withdrawn
    context = {
        "competency": one,
        "above": _above(one),
        "parts": one.parts.standing().order_by("position"),
        "needs": _linked(into),
        "unlocks": _linked(out_of),
        "beside": [(link.get_link_kind_display(), other) for link, other in beside],
        "wordings": _wordings(one),
        "may_shape": may_shape,
        "withdraw": (withdraw or WithdrawForm(competency=one)) if may_withdraw else None,
        "refused": refused,
    }
    return render(request, "profiles/competency_detail.html", context, status=status)


def _linked(links: list[tuple[CompetencyLink, Competency]]) -> list[Linked]:
    """What comes before or after, what is needed first; a withdrawn one stands for what took its place, or goes."""
    found = []
    for link, other in links:
        now = other.replaced_by if other.withdrawn else other
        if link.link_kind == Kind.PRECEDES and now is not None:
            found.append(Linked(link, now, link.strength == CompetencyLink.Strength.REQUIRED))
    return sorted(found, key=lambda one: not one.required)


def _above(one: Competency) -> list[Competency]:
    """The headings over it, the highest first. One query."""
    before = one.framework.competencies.filter(position__lt=one.position, depth__lt=one.depth).order_by("-position")
    above: list[Competency] = []
    for each in before:
        if each.depth < (above[0].depth if above else one.depth):
            above.insert(0, each)
        if each.depth == 0:
            break
    return above


def _wordings(one: Competency) -> list[tuple[str, list[tuple[str, str]]]]:
    """(for whom, [(language code, words)]), those that are written."""
    said = ((_("For students"), one.student_wording), (_("For families"), one.family_wording))
    return [(whom, sorted(words.items())) for whom, words in said if words]


@require_http_methods(["GET", "POST"])
def competency_write(request: PersonRequest, competency: uuid.UUID) -> HttpResponse:
    one = _competency_to_shape(request, competency)
    kind = CompetencyForm if one.framework.own else WordingForm
    form = kind(request.POST or None, competency=one)
    if form.is_valid():
        form.save(by=request.user)
        messages.success(request, _("Saved."))
        return redirect("profiles:competency_detail", one.pk)
    context = {"competency": one, "form": form}
    return render(request, "profiles/competency_write.html", context, status=422 if form.is_bound else 200)


@require_POST
def competency_withdraw(request: PersonRequest, competency: uuid.UUID) -> HttpResponse:
    one = _competency_to_shape(request, competency)
    if not one.framework.own:
        raise PermissionDenied(_("What came with a file is withdrawn by its newer version."))
    form = WithdrawForm(request.POST, competency=one)
    if not form.is_valid():
        return _competency_page(request, one, withdraw=form, status=422)
    frameworks.withdraw(one, successor=form.cleaned_data["successor"], by=request.user)
    messages.success(request, _("Withdrawn. What students have shown stays theirs."))
    return redirect("profiles:competency_detail", one.pk)


@require_POST
def link_strength(request: PersonRequest, competency: uuid.UUID, link: uuid.UUID) -> HttpResponse:
    """Whether one competency is needed before another, or only helps; said on the page of either."""
    one = _competency_to_shape(request, competency)
    chosen = get_object_or_404(one.framework.links.filter(link_kind=Kind.PRECEDES), pk=link)
    form = StrengthForm(request.POST)
    if not form.is_valid():
        return _competency_page(request, one, status=422)
    try:
        frameworks.choose_strength(one.framework, chosen, form.cleaned_data["strength"], by=request.user)
    except frameworks.StillRound as still:
        refused = _("Each of these would need the other first: %(rounds)s. Nothing was changed.") % {"rounds": still}
        return _competency_page(request, one, refused=refused, status=422)
    return redirect("profiles:competency_detail", one.pk)


@require_GET
def school_competencies(request: PersonRequest, school: uuid.UUID) -> HttpResponse:
    return _school_page(request, _school(request, school))


@require_POST
def competency_add(request: PersonRequest, school: uuid.UUID) -> HttpResponse:
    shown = _school(request, school)
    if not permissions.can_shape_frameworks(request.user, shown):
        raise PermissionDenied(_("Leaders of the school write its own skills."))
    form = CompetencyForm(request.POST)
    if not form.is_valid():
        return _school_page(request, shown, form=form, status=422)
    made = form.add_to(own_framework(shown, by=request.user), by=request.user)
    messages.success(request, _("%(skill)s is written.") % {"skill": made})
    return redirect("profiles:school_competencies", shown.pk)


def own_framework(school: Org, *, by: Any) -> Framework:
    return Framework.own_of(school, _("Our own skills"), by=by)


def _school(request: PersonRequest, school: uuid.UUID) -> Org:
    shown = get_object_or_404(Org.objects.schools().visible_to(request.user), pk=school)
    if not permissions.can_see_people(request.user, shown):
        raise PermissionDenied(_("This page is for people who work at the school."))
    return shown


def _school_page(
    request: PersonRequest, school: Org, *, form: CompetencyForm | None = None, status: int = 200
) -> HttpResponse:
    may_shape = permissions.can_shape_frameworks(request.user, school)
    own = list(
        Competency.objects.filter(framework__org=school, framework__own=True)
        .select_related("replaced_by")
        .order_by("withdrawn", "position")
    )
    standing = [one for one in own if not one.withdrawn]
    kinds = [(kind.label, [one for one in standing if one.dimension == kind]) for kind in Competency.Dimension]
    context = {
        "school": school,
        "framework": Framework.objects.filter(org=school, own=True).first(),
        "kinds": [(label, several) for label, several in kinds if several],
        "withdrawn": [one for one in own if one.withdrawn],
        "form": (form or CompetencyForm()) if may_shape else None,
    }
    return render(request, "profiles/school_competencies.html", context, status=status)


def _competency(request: PersonRequest, competency: uuid.UUID) -> Competency:
    seen = Competency.objects.visible_to(request.user).select_related("framework__org", "replaced_by", "parent")
    return get_object_or_404(seen, pk=competency)


def _competency_to_shape(request: PersonRequest, competency: uuid.UUID) -> Competency:
    one = _competency(request, competency)
    if not permissions.can_shape_frameworks(request.user, one.framework.org):
        raise PermissionDenied(_("Leaders of the school or of the district change its skills."))
    return one
