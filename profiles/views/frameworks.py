"""Frameworks: those one may read, files that bring them in, their tree, their map, and the way out."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .. import competency_map, framework_files, framework_tree, frameworks, permissions
from ..forms_frameworks import FrameworkUploadForm, orgs_shaped_by
from ..models import AccessEvent, Competency, Framework, FrameworkImport, Learner, Org, Section
from ..requests import PersonRequest

FOUND = 50


@require_GET
def framework_list(request: PersonRequest) -> HttpResponse:
    skills = Count("competencies", filter=Q(competencies__withdrawn=False, competencies__ratable=True))
    seen = Framework.objects.visible_to(request.user).select_related("org").annotate(skills=skills)
    may_bring_in = _may_bring_in(request)
    context = {
        "frameworks": seen.order_by("own", "title"),
        "may_bring_in": may_bring_in,
        "schools": Org.objects.schools().worked_at_by(request.user),
        "waiting": FrameworkImport.objects.visible_to(request.user).filter(applied_at=None).defer("file")[:5]
        if may_bring_in
        else [],
    }
    return render(request, "profiles/framework_list.html", context)


def _may_bring_in(request: PersonRequest) -> bool:
    return request.user.leads_district or bool(request.user.led_school_ids)


@require_http_methods(["GET", "POST"])
def framework_import(request: PersonRequest) -> HttpResponse:
    """Choose a file; it is looked at, and nothing of it is written yet."""
    if not _may_bring_in(request):
        raise PermissionDenied(_("Leaders of a school or of the district bring in frameworks."))
    form = FrameworkUploadForm(request.POST or None, request.FILES or None, by=request.user)
    problems: list[str] = []
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            record = framework_files.keep(form.cleaned_data["org"], upload.name, upload.read(), by=request.user)
        except framework_files.Refused as refused:
            problems = refused.sentences
        else:
            return redirect("profiles:framework_import_detail", record.pk)
    context = {
        "form": form,
        "problems": problems[: framework_files.SHOWN],
        "more": max(0, len(problems) - framework_files.SHOWN),
        "several": orgs_shaped_by(request.user).count() > 1,
    }
    return render(request, "profiles/framework_import.html", context, status=422 if form.is_bound else 200)


@require_GET
def framework_import_detail(request: PersonRequest, record: uuid.UUID) -> HttpResponse:
    return _import_page(request, _record(request, record))


@require_POST
def framework_import_apply(request: PersonRequest, record: uuid.UUID) -> HttpResponse:
    kept = _record(request, record)
    helpful = request.POST.getlist("helpful")
    try:
        framework = framework_files.apply(kept, helpful, by=request.user)
    except framework_files.AppliedAlready:
        messages.error(request, _("This file has been brought in already; nothing was changed again."))
        return redirect("profiles:framework_import_detail", kept.pk)
    except frameworks.TakenElsewhere as taken:
        return _import_page(request, kept, refused=framework_files.taken_in_words(taken), status=422)
    except frameworks.StillRound as still:
        refused = _("Some skills would still need each other first: %(rounds)s. Choose one more link that only helps.")
        rounds = "; ".join(frameworks.round_in_words(one) for one in still.cycles)
        return _import_page(request, kept, helpful=helpful, refused=refused % {"rounds": rounds}, status=422)
    messages.success(request, _("%(framework)s is here.") % {"framework": framework})
    return redirect("profiles:framework_detail", framework.pk)


def _record(request: PersonRequest, record: uuid.UUID) -> FrameworkImport:
    kept = FrameworkImport.objects.visible_to(request.user).select_related("org", "framework", "by")
    return get_object_or_404(kept, pk=record)


def _import_page(
    request: PersonRequest, record: FrameworkImport, *, helpful: Any = (), refused: str = "", status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"record": record, "refused": refused}
    if record.applied_at:
        context["sentences"] = framework_files.in_words(record.report.get("counts", {}))
    else:
        package = framework_files.package_in(record)
        found = frameworks.look(package)
        context |= {
            "package": package,
            "found": found,
            "sentences": framework_files.in_words(framework_files.counts(found)),
            "lists": _lists(found),
            "notes": [str(one) for one in package.problems[: framework_files.SHOWN]],
            "more_notes": max(0, package.note_count - framework_files.SHOWN),
            "rounds": [
                (frameworks.round_in_words(cycle), [_choice(cycle, link, helpful) for link in cycle.links])
                for cycle in found.cycles
            ],
        }
    return render(request, "profiles/framework_import_detail.html", context, status=status)


def _lists(found: frameworks.Look) -> list[tuple[str, list[dict[str, str]], int]]:
    """(head, lines, how many more) of what would change; what is new comes last."""
    changed = [{"code": code, "before": now, "after": then} for code, now, then in found.changed]
    withdrawn = [{"code": code, "said": said} for code, said in found.withdrawn]
    added = [{"code": code, "said": said} for code, said in found.added]
    shown = framework_files.SHOWN
    lists = ((_("Worded otherwise"), changed), (_("No longer in the file"), withdrawn), (_("New"), added))
    return [(head, lines[:shown], max(0, len(lines) - shown)) for head, lines in lists if lines]


def _choice(cycle: Any, link: Any, helpful: Any) -> dict[str, Any]:
    code = dict(zip(cycle.identifiers, cycle.codes, strict=True))
    return {
        "identifier": link.identifier,
        "origin": code[link.origin.identifier],
        "destination": code[link.destination.identifier],
        "chosen": link.identifier in helpful,
    }


@require_GET
def framework_detail(request: PersonRequest, framework: uuid.UUID) -> HttpResponse:
    """The tree; `?grade=` shows what is for it, `?q=` finds by code and words instead."""
    shown = framework_seen(request, framework)
    grade, words = request.GET.get("grade", ""), " ".join(request.GET.get("q", "").replace("\0", "").split())[:100]
    context = {
        "framework": shown,
        "grade": grade,
        "grades": framework_tree.grades_of(shown),
        "words": words,
        "may_write": shown.own
        and shown.org.org_kind == Org.Kind.SCHOOL
        and permissions.can_shape_frameworks(request.user, shown.org),
    }
    if words:
        fits = shown.competencies.matching(words).order_by("position")
        found = list((fits.filter(grades__contains=[grade]) if grade else fits)[: FOUND + 1])
        context |= {"found": found[:FOUND], "more": len(found) > FOUND, "limit": FOUND}
    else:
        top = framework_tree.branches(shown, grade=grade)
        map_url = reverse("profiles:framework_map", args=[shown.pk])
        context["tree"] = framework_tree.to_read(top, map_url=map_url, opened=bool(grade)) if top else ""
    return render(request, "profiles/framework_detail.html", context)


@require_GET
def framework_export(request: PersonRequest, framework: uuid.UUID) -> HttpResponse:
    shown = framework_seen(request, framework)
    name = f"{slugify(shown.title, allow_unicode=True)[:80] or 'framework'}.json"
    response = HttpResponse(frameworks.package_of(shown), content_type="application/json")
    response.headers["Content-Disposition"] = str(content_disposition_header(as_attachment=True, filename=name))
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_GET
def framework_map(request: PersonRequest, framework: uuid.UUID) -> HttpResponse:
    """The map of a branch (`?branch=`) with the states of a class (`?class=`) or of one student (`?learner=`)."""
    shown = framework_seen(request, framework)
    branch = _wanted(Competency.objects.filter(framework=shown), request.GET.get("branch"))
    chosen = {branch.pk} if branch else set(shown.competencies.filter(parent=None).values_list("pk", flat=True))
    skills = framework_tree.on_a_map(shown, chosen)
    section = _wanted(Section.objects.visible_to(request.user).select_related("school"), request.GET.get("class"))
    seen = Learner.objects.visible_to(request.user).select_related("person", "home")
    learner = _wanted(seen, request.GET.get("learner"))
    context: dict[str, Any] = {
        "framework": shown,
        "branch": branch,
        "count": len(skills),
        "section": section,
        "learner": learner,
        "classes": Section.objects.visible_to(request.user).current(),
        "states_asked": request.GET.urlencode() if (section or learner) else "",
    }
    if len(skills) > framework_tree.ON_A_MAP:
        context["branches"] = _branches_to_pick(framework_tree.branches(shown, withdrawn=False), branch)
        return render(request, "profiles/framework_map.html", context)
    states: competency_map.States = {}
    if learner:
        AccessEvent.note(request.user, "framework_map", learner.why, learner.pk, [learner.pk])
        states = competency_map.states_of_learner(learner, skills)
    elif section:
        states = competency_map.states_of_class(section, skills)
    context["drawing"] = competency_map.draw(skills, states, name=_("Map of %(name)s") % {"name": branch or shown})
    return render(request, "profiles/framework_map.html", context)


def _branches_to_pick(top: list[framework_tree.Branch], within: Competency | None) -> list[framework_tree.Branch]:
    """The largest branches that fit on a map, in the framework's order; below `within` where it is given."""
    picked: list[framework_tree.Branch] = []
    waiting = [(one, within is None) for one in reversed(top)]
    while waiting:
        one, inside = waiting.pop()
        inside = inside or (within is not None and one.id == within.pk)
        if inside and 0 < one.count <= framework_tree.ON_A_MAP:
            picked.append(one)
        else:
            waiting += [(each, inside) for each in reversed(one.below)]
    return picked


def _wanted(seen: Any, text: str | None) -> Any:
    """What `text` names among what one may see; None where it names nothing. Raises 404."""
    if not text:
        return None
    try:
        return get_object_or_404(seen, pk=uuid.UUID(text))
    except (ValueError, ValidationError) as wrong:
        raise Http404 from wrong


def framework_seen(request: PersonRequest, framework: uuid.UUID) -> Framework:
    return get_object_or_404(Framework.objects.visible_to(request.user).select_related("org"), pk=framework)
