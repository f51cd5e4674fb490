"""A school's classes, courses, students and families, and who is in a class."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from .. import permissions
from ..forms import CreditsForm
from ..models import AccessEvent, Course, Enrollment, GuardianLink, Learner, Org, Person, Section
from ..requests import PersonRequest
from .schools import places, school_of_staff

A_PAGE = 50


@require_GET
def school_classes(request: PersonRequest, school: uuid.UUID) -> HttpResponse:
    """One's own classes; for leaders and counselors the school's. District leaders read sizes, and open none."""
    shown = school_of_staff(request, school)
    visible = Section.objects.visible_to(request.user).filter(pk=OuterRef("pk"))
    sections = Section.objects.current().filter(school=shown).sized().annotate(may_open=Exists(visible))
    if not request.user.leads_district:
        sections = sections.filter(may_open=True)
    chosen = request.GET.get("size") == "outside"
    found = _searched(request, sections.outside_size() if chosen else sections, "title", "code", "course__title")
    context = {
        "school": shown,
        "page": _page(request, found.prefetch_related(_teachers())),
        "outside": chosen,
        "words": _words(request),
        **places(request.user, shown),
    }
    return render(request, "profiles/school_classes.html", context)


@require_GET
def school_courses(request: PersonRequest, school: uuid.UUID) -> HttpResponse:
    shown = school_of_staff(request, school)
    running = Section.objects.current().filter(school=shown)
    courses = Course.objects.filter(Q(org=shown) | Q(pk__in=running.values("course")), closed=False)
    here = Count("sections", filter=Q(sections__in=running.values("pk")))
    found = _searched(request, courses, "title", "code").annotate(classes=here).order_by("title", "code", "pk")
    page = _page(request, found)
    lines = [
        (course, CreditsForm(initial={"credits": course.credits}, prefix=str(course.pk)))
        if permissions.can_give_credits(request.user, course)
        else (course, None)
        for course in page
    ]
    context = {"school": shown, "page": page, "lines": lines, "words": _words(request), **places(request.user, shown)}
    return render(request, "profiles/school_courses.html", context)


@require_POST
def course_credits(request: PersonRequest, course: uuid.UUID) -> HttpResponse:
    shown = get_object_or_404(Course.objects.visible_to(request.user).select_related("org"), pk=course)
    if not permissions.can_give_credits(request.user, shown):
        raise PermissionDenied(_("Leaders of the school say what its courses earn."))
    form = CreditsForm(request.POST, prefix=str(shown.pk))
    if form.is_valid():
        form.save(shown, by=request.user)
        messages.success(request, _("The credits of %(course)s are saved.") % {"course": shown})
    else:
        messages.error(request, _("Credits are a number from 0 to 100, with at most two decimals."))
    school = shown.org if shown.org.org_kind == Org.Kind.SCHOOL else None
    return redirect(*(("profiles:school_courses", school.pk) if school else ("profiles:district_detail",)))


@require_GET
def school_students(request: PersonRequest, school: uuid.UUID) -> HttpResponse:
    shown = school_of_staff(request, school)
    if not permissions.can_read_students(request.user, shown):
        raise PermissionDenied(_("Leaders of the district read numbers of students, and no names."))
    learners = Learner.objects.visible_to(request.user).filter(home=shown)
    found = _searched(request, learners, "person__given_name", "person__family_name", "person__preferred_name")
    page = _page(request, found.with_person().by_name())
    _note(request, "school_students", shown.pk, page)
    context = {"school": shown, "page": page, "words": _words(request), **places(request.user, shown)}
    return render(request, "profiles/school_students.html", context)


@require_GET
def school_families(request: PersonRequest, school: uuid.UUID) -> HttpResponse:
    shown = school_of_staff(request, school)
    if not permissions.can_read_families(request.user, shown):
        raise PermissionDenied(_("Leaders and counselors of the school read who is family to whom."))
    links = GuardianLink.objects.current().filter(learner__in=Learner.objects.visible_to(request.user).values("pk"))
    links = links.filter(learner__home=shown).select_related("learner__person").order_by("learner__person__family_name")
    families = Person.objects.filter(pk__in=links.values("guardian"), is_active=True)
    found = _searched(request, families, "given_name", "family_name", "preferred_name").by_name()
    page = _page(request, found.prefetch_related(Prefetch("guardian_links", links, to_attr="children")))
    learners = Learner.objects.visible_to(request.user).filter(
        pk__in={link.learner_id for one in page for link in one.children}
    )
    _note(request, "school_families", shown.pk, learners)
    context = {"school": shown, "page": page, "words": _words(request), **places(request.user, shown)}
    return render(request, "profiles/school_families.html", context)


@require_GET
def section_people(request: PersonRequest, section: uuid.UUID) -> HttpResponse:
    shown = get_object_or_404(
        Section.objects.visible_to(request.user).sized().select_related("school", "course"), pk=section
    )
    places = Enrollment.objects.current().filter(section=shown).select_related("person")
    adults = places.exclude(role=Enrollment.Role.STUDENT).order_by("-primary", "person__family_name")
    students = Learner.objects.visible_to(request.user).filter(pk__in=places.students().values("person"))
    students = students.with_person().by_name()
    _note(request, "section_people", shown.pk, students)
    context = {"section": shown, "adults": adults, "students": students}
    return render(request, "profiles/section_people.html", context)


def _words(request: PersonRequest) -> str:
    return " ".join(request.GET.get("q", "").replace("\0", "").split())[:100]


def _searched(request: PersonRequest, rows: QuerySet[Any], *columns: str) -> Any:
    """Rows in which every word typed stands in one of the columns."""
    for word in _words(request).split():
        anywhere = Q()
        for column in columns:
            anywhere |= Q(**{f"{column}__icontains": word})
        rows = rows.filter(anywhere)
    return rows


def _page(request: PersonRequest, rows: QuerySet[Any]) -> Any:
    return Paginator(rows, A_PAGE).get_page(request.GET.get("page"))


def _teachers() -> Prefetch[Any]:
    teaching = Enrollment.objects.current().filter(role=Enrollment.Role.TEACHER).select_related("person")
    return Prefetch("enrollments", teaching.order_by("-primary", "person__family_name"), to_attr="teachers")


def _note(request: PersonRequest, page: str, subject: uuid.UUID, learners: Iterable[Learner]) -> None:
    """Every look at somebody's record is written down, once for each reason (trust 6)."""
    by_reason: dict[str, list[uuid.UUID]] = {}
    for one in learners:
        by_reason.setdefault(one.why, []).append(one.pk)
    for reason, ids in sorted(by_reason.items()):
        AccessEvent.note(request.user, page, reason, subject, ids)
