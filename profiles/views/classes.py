"""A class: what it knows, recording in it, its tasks, and taking it away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config import files
from profiles import class_exports, permissions
from profiles.class_grid import Grid, cell_html, mark_cell, said_of, task_rows
from profiles.class_page import (
    ALL,
    FIRST,
    MARK,
    MARK_SHIFT,
    SHOWS,
    SORTS,
    Asked,
    ClassPage,
    Column,
    Row,
    classes_of,
    code_of,
)
from profiles.forms_evidence import MarkForm, RestForm, TakeBackForm, TaskForm
from profiles.models import (
    AccessEvent,
    CellState,
    Door,
    Evidence,
    EvidenceRating,
    Expectation,
    Level,
    Section,
    Task,
)
from profiles.requests import PersonRequest

CLASSES_A_PAGE = 50


def visible_class(request: PersonRequest, pk: Any) -> Section:
    return get_object_or_404(classes_of(request.user), pk=pk)


def recordable_class(request: PersonRequest, pk: Any) -> Section:
    """With `works_on`: whether the class works on the competency that was sent."""
    try:
        competency: UUID | None = UUID(request.POST.get("competency", ""))
    except ValueError:
        competency = None
    works_on = Exists(Expectation.objects.filter(section=OuterRef("pk"), competency=competency))
    visible = Section.objects.visible_to(request.user).select_related("school").annotate(works_on=works_on)
    section = get_object_or_404(visible, pk=pk)
    if not permissions.can_record(request.user, section):
        raise PermissionDenied(_("Those who teach the class rate its students. You can read what they record."))
    return section


def note_look(request: PersonRequest, section: Section, page: ClassPage) -> None:
    learners = [row.id for row in page.everyone]
    AccessEvent.note(request.user, "profiles:class_detail", section.why, section.pk, learners)


@require_GET
def class_list(request: PersonRequest) -> HttpResponse:
    """One's own classes; a leader's or counselor's are the school's, found by words."""
    words = " ".join(request.GET.get("find", "").replace("\0", "").split())[:100]
    students = Count("enrollments", filter=Q(enrollments__role="student", enrollments__ends=None))
    found = classes_of(request.user).current().annotate(students=students).order_by("title", "code", "pk")
    if words:
        found = found.filter(Q(title__icontains=words) | Q(code__icontains=words))
    shown = Paginator(found, CLASSES_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "profiles/class_list.html", {"page": shown, "words": words})


@require_GET
def class_detail(request: PersonRequest, section: UUID) -> HttpResponse:
    found = visible_class(request, section)
    page = ClassPage(found, Asked.of(request.GET))
    note_look(request, found, page)
    grid = Grid(page)
    return render(
        request,
        "profiles/class_detail.html",
        {
            **class_context(request, found, page),
            "skills": grid.skills(),
            "heads": grid.heads(),
            "rows": grid.rows(),
            "shows": SHOWS,
            "sorts": SORTS,
            "levels": [(level.value, level.label) for level in Level if level],
        },
    )


def class_context(request: PersonRequest, section: Section, page: ClassPage) -> dict[str, Any]:
    return {
        "section": section,
        "page": page,
        "all": ALL,
        "may_record": permissions.can_record(request.user, section),
        "query": request.GET.urlencode(),
    }


@require_GET
def class_rows(request: PersonRequest, section: UUID) -> HttpResponse:
    """What a page that is open fetches: the rows of `only` (else all), and what is said above and below them."""
    found = visible_class(request, section)
    page = ClassPage(found, Asked.of(request.GET))
    note_look(request, found, page)
    wanted = [one for one in request.GET.get("only", "").split(",") if one]
    grid = Grid(page)
    context = {**class_context(request, found, page), "skills": grid.skills()}
    return JsonResponse(
        {
            "version": found.version,
            "rows": grid.chosen(wanted),
            "parts": {
                name: render_to_string(f"profiles/class_detail.html#{name}", context, request)
                for name in ("cards", "columns")
            },
        }
    )


@require_GET
def class_print(request: PersonRequest, section: UUID) -> HttpResponse:
    found = visible_class(request, section)
    page = ClassPage(found, Asked.of(request.GET))
    note_look(request, found, page)
    grid = Grid(page)
    context = {
        **class_context(request, found, page),
        "heads": grid.heads(),
        "rows": grid.rows(),
        "columns": [(column, page.summary(column)) for column in page.columns],
    }
    return render(request, "profiles/class_print.html", context)


@require_GET
def class_export(request: PersonRequest, section: UUID, form: str) -> HttpResponse:
    if form not in class_exports.FORMS:
        raise Http404
    found = visible_class(request, section)
    page = ClassPage(found, Asked.of(request.GET))
    note_look(request, found, page)
    try:
        body = files.write(class_exports.document(page, form), form)  # type: ignore[arg-type]
    except files.UnwritableDocument as problems:
        messages.error(request, str(problems))
        return redirect("profiles:class_detail", found.pk)
    name = f"{slugify(found.title, allow_unicode=True) or 'class'}.{form}"
    response = HttpResponse(body, content_type=files.CONTENT_TYPES[form])  # type: ignore[index]
    response.headers["Content-Disposition"] = str(content_disposition_header(as_attachment=True, filename=name))
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


# Recording


@require_GET
def class_record_last(request: PersonRequest, section: UUID) -> HttpResponse:
    """Straight to where one recorded last in this class, else to its first skill."""
    found = visible_class(request, section)
    worked_on = found.expectations.order_by("unit__position", "position")
    if found.unit_id:
        worked_on = worked_on.filter(unit=found.unit_id) if worked_on.filter(unit=found.unit_id) else worked_on
    last = (
        EvidenceRating.objects.standing()
        .filter(evidence__section=found, rater=request.user, competency__in=found.expectations.values("competency"))
        .order_by("-evidence__recorded_at")
        .values_list("competency", flat=True)
        .first()
    )
    competency = last or worked_on.values_list("competency", flat=True).first()
    if competency is None:
        return redirect("profiles:class_detail", found.pk)
    return redirect("profiles:class_record", found.pk, competency)


@require_GET
def class_record(request: PersonRequest, section: UUID, competency: UUID) -> HttpResponse:
    """One competency, every student: a list with four large buttons each."""
    found = visible_class(request, section)
    page = ClassPage(found, Asked.of(request.GET), only=competency)
    if not page.columns:
        raise Http404
    note_look(request, found, page)
    column = page.columns[0]
    show = request.GET.get("show", "")
    show = show if show in ("start", "unknown", "stuck", "ready") else ""
    wanted = page.learners(column, show) if show else None
    rows = [_record_row(row) for row in page.everyone if wanted is None or row.id in wanted]
    return render(
        request,
        "profiles/class_record.html",
        {
            "section": found,
            "page": page,
            "column": column,
            "summary": page.summary(column),
            "rows": rows,
            "show": show,
            "left": len(page.everyone) - column.counts["marked"],
            "copied": class_exports.one_column(page, column),
            "before": _beside(page, column, -1),
            "after": _beside(page, column, 1),
            "levels": [(level.value, level.label) for level in Level if level],
            "may_record": permissions.can_record(request.user, found),
        },
    )


def _record_row(row: Row) -> dict[str, Any]:
    code = ord(row.codes[0]) - FIRST
    shape, words = said_of(code)
    return {"id": row.id, "name": row.name, "shape": shape, "words": words, "mark": (code & MARK) >> MARK_SHIFT}


def _beside(page: ClassPage, column: Column, step: int) -> Column | None:
    """The competency before or after, in the class's order."""
    place = next(n for n, one in enumerate(page.worked_on) if one.id == column.id) + step
    return page.worked_on[place] if 0 <= place < len(page.worked_on) else None


@require_POST
def class_rate(request: PersonRequest, section: UUID) -> HttpResponse:
    """One mark, with or without words."""
    found = recordable_class(request, section)
    form = MarkForm(request.POST, section=found)
    return _recorded(request, found, form, form.save) if form.is_valid() else _refused(request, found, form)


@require_POST
def class_rate_rest(request: PersonRequest, section: UUID) -> HttpResponse:
    """The same mark for everybody not rated yet in this today."""
    found = recordable_class(request, section)
    form = RestForm(request.POST, section=found)
    return _recorded(request, found, form, form.save) if form.is_valid() else _refused(request, found, form)


@require_POST
def class_take_back(request: PersonRequest, section: UUID) -> HttpResponse:
    """Undo what one recorded oneself."""
    found = recordable_class(request, section)
    form = TakeBackForm(request.POST)
    if not form.is_valid():
        return _refused(request, found, form)
    said = form.cleaned_data
    return _recorded(
        request, found, form, lambda by: Evidence.take_back(found, said["evidence"], by=by, op_id=said["op_id"])
    )


def wants_json(request: PersonRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _recorded(request: PersonRequest, section: Section, form: Any, save: Callable[[Any], Door]) -> HttpResponse:
    """The cells as they now stand; a task's show what was said of it. Without scripts, back to where one came from."""
    door = save(request.user)
    shown, task = door.result.get("shown", []), form.cleaned_data.get("task")
    if not wants_json(request):
        return _back(request, section, task)
    body = {
        "status": "saved",
        "version": section.version,
        "evidence": door.result.get("evidence", []),
        "cells": [
            [learner, competency, *_cell(CellState(*state), form.cleaned_data.get("level", 0) if task else None)]
            for learner, competency, *state in shown
        ],
    }
    return JsonResponse(body)


def _cell(state: CellState, of_task: int | None) -> tuple[str, str, str]:
    """HTML, shape and words."""
    if of_task is not None:
        return mark_cell(of_task), "", ""
    code = code_of(state)
    return cell_html(code), *said_of(code)


def _back(request: PersonRequest, section: Section, task: Task | None) -> HttpResponse:
    if task:
        return redirect("profiles:task_detail", section.pk, task.pk)
    if competency := request.POST.get("competency"):
        return redirect("profiles:class_record", section.pk, competency)
    return redirect("profiles:class_detail", section.pk)


def _refused(request: PersonRequest, section: Section, form: Any) -> HttpResponse:
    sentence = " ".join(str(one) for errors in form.errors.values() for one in errors)
    if wants_json(request):
        return JsonResponse({"status": "refused", "sentence": sentence}, status=422)
    messages.error(request, sentence)
    return redirect("profiles:class_detail", section.pk)


# Tasks


@require_http_methods(["GET", "POST"])
def task_create(request: PersonRequest, section: UUID) -> HttpResponse:
    found = visible_class(request, section)
    if not permissions.can_record(request.user, found):
        raise PermissionDenied(_("Those who teach the class rate its students. You can read what they record."))
    form = TaskForm(request.POST or None, section=found)
    if form.is_valid():
        task = form.save_by(request.user)
        return redirect("profiles:task_detail", found.pk, task.pk)
    context = {"section": found, "form": form, "tasks": found.tasks.all()[:10]}
    return render(request, "profiles/task_create.html", context, status=422 if form.is_bound else 200)


@require_GET
def task_detail(request: PersonRequest, section: UUID, task: UUID) -> HttpResponse:
    """One piece of work, every student, each of the skills it shows: what was said of it."""
    found = visible_class(request, section)
    given = get_object_or_404(found.tasks.all(), pk=task)
    columns = list(given.competencies.order_by("expectations__unit__position", "expectations__position").distinct())
    marks = {
        (learner, competency): level
        for learner, competency, level in EvidenceRating.objects.standing()
        .filter(evidence__task=given)
        .order_by("evidence__recorded_at")
        .values_list("learner", "competency", "level")
    }
    students = list(found.enrollments.current().students().select_related("person"))
    students.sort(key=lambda one: (one.person.family_name.lower(), one.person.given_name.lower(), one.pk))
    AccessEvent.note(request.user, "profiles:task_detail", found.why, found.pk, [one.person_id for one in students])
    rows = [
        (one.person_id, str(one.person), [mark_cell(marks.get((one.person_id, column.pk), 0)) for column in columns])
        for one in students
    ]
    return render(
        request,
        "profiles/task_detail.html",
        {
            "section": found,
            "task": given,
            "columns": columns,
            "rows": task_rows(rows),
            "levels": [(level.value, level.label) for level in Level if level],
            "may_record": permissions.can_record(request.user, found),
        },
    )
