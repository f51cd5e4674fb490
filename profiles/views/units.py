"""What a class works towards: its units and the competencies in them, and a unit's map."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .. import competency_map, framework_tree, permissions
from ..forms_frameworks import (
    CompetenciesForm,
    OwnCompetencyForm,
    SectionCopyForm,
    UnitForm,
    UnitMoveForm,
)
from ..models import Competency, Expectation, Framework, Section, Unit
from ..requests import PersonRequest
from .competencies import own_framework


@require_GET
def class_competencies(request: PersonRequest, section: uuid.UUID) -> HttpResponse:
    return _page(request, _section(request, section))


@require_GET
def class_map(request: PersonRequest, section: uuid.UUID) -> HttpResponse:
    """The map of the unit the class is in, or of `?unit=`, coloured by what the class knows."""
    shown = _section(request, section)
    units = list(shown.units.all())
    asked = request.GET.get("unit") or str(shown.unit_id or "")
    unit = next((one for one in units if str(one.pk) == asked), units[0] if units else None)
    expected = Competency.objects.filter(expectations__unit=unit).order_by("expectations__position")
    several = list(expected[: framework_tree.ON_A_MAP]) if unit else []
    states = competency_map.states_of_class(shown, several)
    drawing = competency_map.draw(several, states, name=_("Map of %(name)s") % {"name": unit}) if several else None
    context = {"section": shown, "units": units, "unit": unit, "drawing": drawing}
    return render(request, "profiles/class_map.html", context)


@require_POST
def unit_add(request: PersonRequest, section: uuid.UUID) -> HttpResponse:
    shown = _section_to_shape(request, section)
    form = UnitForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, unit_form=form, status=422)
    made = shown.add_unit(form.cleaned_data["title"], by=request.user)
    return _after(request, shown, made.pk)


@require_POST
def units_copy(request: PersonRequest, section: uuid.UUID) -> HttpResponse:
    shown = _section_to_shape(request, section)
    form = SectionCopyForm(request.POST, section=shown, by=request.user)
    if not form.is_valid():
        return _page(request, shown, copy=form, status=422)
    new = shown.copy_units(form.cleaned_data["other"], by=request.user)
    messages.success(request, ngettext("%(n)s skill is new here.", "%(n)s skills are new here.", new) % {"n": new})
    return redirect("profiles:class_competencies", shown.pk)


@require_POST
def unit_rename(request: PersonRequest, section: uuid.UUID, unit: uuid.UUID) -> HttpResponse:
    shown = _section_to_shape(request, section)
    form = UnitForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, refused=_("A unit needs a title."), status=422)
    return _act(request, shown, unit, lambda one: one.rename(form.cleaned_data["title"], by=request.user))


@require_POST
def unit_move(request: PersonRequest, section: uuid.UUID, unit: uuid.UUID) -> HttpResponse:
    shown = _section_to_shape(request, section)
    form = UnitMoveForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, status=422)
    return _act(request, shown, unit, lambda one: one.move(form.cleaned_data["places"], by=request.user))


@require_POST
def unit_remove(request: PersonRequest, section: uuid.UUID, unit: uuid.UUID) -> HttpResponse:
    shown = _section_to_shape(request, section)
    return _act(request, shown, unit, lambda one: one.remove(by=request.user))


@require_POST
def unit_be_in(request: PersonRequest, section: uuid.UUID, unit: uuid.UUID) -> HttpResponse:
    shown = _section_to_shape(request, section)
    return _act(request, shown, unit, lambda one: shown.be_in(one, by=request.user))


@require_POST
def expectation_write(request: PersonRequest, section: uuid.UUID, unit: uuid.UUID) -> HttpResponse:
    """A competency of one's own: into the school's own framework, and into this unit."""
    shown = _section_to_shape(request, section)
    form = OwnCompetencyForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, refused=_("Say in a sentence what a student can do."), status=422)

    def write(one: Unit) -> None:
        made = own_framework(shown.school, by=request.user).add(by=request.user, **form.cleaned_data)
        shown.expect(one, [made], by=request.user)

    return _act(request, shown, unit, write)


@require_POST
def expectation_drop(request: PersonRequest, section: uuid.UUID, competency: uuid.UUID) -> HttpResponse:
    shown = _section_to_shape(request, section)
    dropped = get_object_or_404(shown.expectations, competency=competency)
    shown.drop([dropped], by=request.user)
    return _after(request, shown, dropped.unit_id)


@require_http_methods(["GET", "POST"])
def expectation_choose(request: PersonRequest, section: uuid.UUID, unit: uuid.UUID) -> HttpResponse:
    """Tick skills and headings of a framework (`?framework=`, `?grade=`) for a unit."""
    shown = _section_to_shape(request, section)
    one = get_object_or_404(shown.units, pk=unit)
    seen = list(Framework.objects.visible_to(request.user).select_related("org").order_by("own", "title"))
    framework = next((each for each in seen if str(each.pk) == request.GET.get("framework")), seen[0] if seen else None)
    grade, problem = request.GET.get("grade", ""), ""
    if request.method == "POST" and framework:
        form = CompetenciesForm(request.POST, framework=framework, grade=grade)
        if form.is_valid():
            new = shown.expect(one, form.cleaned_data["competency"], by=request.user)
            messages.success(
                request,
                ngettext("%(n)s skill is new in the class.", "%(n)s skills are new in the class.", new) % {"n": new},
            )
            return redirect(f"{reverse('profiles:class_competencies', args=[shown.pk])}#unit-{one.pk}")
        problem = " ".join(str(error) for error in form.errors["competency"])
    context: dict[str, Any] = {
        "section": shown,
        "unit": one,
        "frameworks": seen,
        "framework": framework,
        "grade": grade,
        "problem": problem,
        "query": urlencode({"framework": str(framework.pk) if framework else "", "grade": grade}),
    }
    if framework:
        context |= {"grades": framework_tree.grades_of(framework), "tree": _tree(shown, one, framework, grade)}
    return render(request, "profiles/expectation_choose.html", context, status=422 if problem else 200)


def _tree(section: Section, unit: Unit, framework: Framework, grade: str) -> Any:
    units = {one.competency_id: one.unit for one in section.expectations.select_related("unit")}
    top = framework_tree.branches(framework, grade=grade, withdrawn=False)
    return framework_tree.to_tick(
        top,
        expected={pk: one.title for pk, one in units.items()},
        here={pk for pk, one in units.items() if one == unit},
        opened=bool(grade),
    )


def _act(request: PersonRequest, section: Section, unit: uuid.UUID, verb: Callable[[Unit], Any]) -> HttpResponse:
    one = get_object_or_404(section.units, pk=unit)
    one.section = section
    verb(one)
    return _after(request, section, unit)


def _after(request: PersonRequest, section: Section, touched: uuid.UUID) -> HttpResponse:
    """The units as they are now, for htmx, the focus where it was; else the page anew."""
    if request.htmx:
        return _page(request, section, touched=touched)
    return redirect("profiles:class_competencies", section.pk)


def _section(request: PersonRequest, section: uuid.UUID) -> Section:
    return get_object_or_404(Section.objects.visible_to(request.user).select_related("school"), pk=section)


def _section_to_shape(request: PersonRequest, section: uuid.UUID) -> Section:
    shown = _section(request, section)
    if not permissions.can_shape_units(request.user, shown):
        raise PermissionDenied(_("Those who teach the class and leaders of its school choose what it works towards."))
    return shown


def _page(
    request: PersonRequest,
    section: Section,
    *,
    unit_form: UnitForm | None = None,
    copy: SectionCopyForm | None = None,
    refused: str = "",
    touched: uuid.UUID | None = None,
    status: int = 200,
) -> HttpResponse:
    expected = Expectation.objects.select_related("competency").order_by("position")
    units = list(section.units.prefetch_related(Prefetch("expectations", queryset=expected)))
    may_shape = permissions.can_shape_units(request.user, section)
    copy = copy or SectionCopyForm(section=section, by=request.user)
    context = {
        "section": section,
        "units": units,
        "may_shape": may_shape,
        "unit_form": unit_form or UnitForm(),
        "copy": copy if may_shape and copy.others.exists() else None,
        "dimensions": Competency.Dimension.choices,
        "refused": refused,
        "touched": touched,
    }
    template = "profiles/class_competencies.html"
    return render(request, f"{template}#units" if request.htmx else template, context, status=status)
