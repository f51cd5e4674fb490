"""Workshop guides: the one that comes with Trellis, the schools' own, and writing in them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from profiles.models import Org, Person
from profiles.requests import PersonRequest
from workshops import agenda, permissions
from workshops.forms_kits import KitCopyForm, KitForm, MediaForm, StepAddForm, StepForm
from workshops.guide import BUILT_IN, BUILT_IN_ID
from workshops.kit import say, step_of
from workshops.models import Kit

LANGUAGES = {"en": "English", "es": "Español"}


def built_in() -> Kit:
    return Kit(pk=BUILT_IN_ID, title=say(BUILT_IN["title"]), content=BUILT_IN)


def visible_kit(request: PersonRequest, kit_id: Any) -> Kit:
    """The guide, fetched through what this person may see; the built-in one is every member of staff's."""
    if kit_id == BUILT_IN_ID and request.user.is_staff_today:
        return built_in()
    return get_object_or_404(Kit.objects.visible_to(request.user).select_related("org"), pk=kit_id)


def writable_kit(request: PersonRequest, kit_id: Any) -> Kit:
    kit = visible_kit(request, kit_id)
    if kit.pk == BUILT_IN_ID:
        raise PermissionDenied(_("This guide comes with Trellis and stays as it is. Copy it, then change your copy."))
    if not permissions.can_write_kit(request.user, kit):
        raise PermissionDenied(_("Leaders and instructional coaches of %(org)s change this guide.") % {"org": kit.org})
    return kit


def hosts_of(person: Person) -> Any:
    """Where this person may prepare a workshop or keep a guide: schools first."""
    orgs = Org.objects.filter(org_kind__in=[Org.Kind.SCHOOL, Org.Kind.DISTRICT]).order_by("-org_kind", "name")
    if person.leads_district:
        return orgs
    return orgs.filter(pk__in=[r.org_id for r in person.staff_roles if r.role in ("school_admin", "coach")])


def written_language(request: PersonRequest) -> str:
    """The language in which a guide's words are written on this page: `?in=es`, else the reader's."""
    asked = request.GET.get("in", "")
    return asked if asked in LANGUAGES else (get_language() or "en")[:2]


@require_GET
def kit_list(request: PersonRequest) -> HttpResponse:
    if not request.user.is_staff_today:
        raise PermissionDenied(_("Workshop guides are for the adults of a school."))
    kits = [built_in(), *Kit.objects.visible_to(request.user).select_related("org")]
    shown = [{"kit": kit, "minutes": agenda.minutes(agenda.planned_s(kit.content))} for kit in kits]
    context = {"kits": shown, "may_prepare": permissions.can_prepare_somewhere(request.user)}
    return render(request, "workshops/kit_list.html", context)


@require_GET
def kit_detail(request: PersonRequest, kit_id: Any) -> HttpResponse:
    kit = visible_kit(request, kit_id)
    may_write = permissions.can_write_kit(request.user, kit)
    may_prepare = permissions.can_prepare_somewhere(request.user)
    return render(
        request,
        "workshops/kit_detail.html",
        {
            **kit_context(kit),
            "may_write": may_write,
            "may_prepare": may_prepare,
            "copy_form": KitCopyForm(orgs=hosts_of(request.user), initial={"title": kit.title})
            if may_prepare
            else None,
            "add_form": _add_form(request, kit) if may_write else None,
            "may_undo": may_write and kit.last_edit is not None,
        },
    )


def kit_context(kit: Kit) -> dict[str, Any]:
    content = kit.content
    return {
        "kit": kit,
        "is_built_in": kit.pk == BUILT_IN_ID,
        "about": say(content.get("about")),
        "aim": say(content["aim"]),
        "outcomes": [say(one) for one in content["outcomes"]],
        "links": [{"title": say(one["title"]) or one["url"], "url": one["url"]} for one in content["links"]],
        "people": {"least": content["people_min"], "most": content["people_max"]},
        "steps": agenda.steps(content),
        "minutes": agenda.minutes(agenda.planned_s(content)),
        "floor_minutes": agenda.minutes(agenda.floor_s(content)),
    }


def _add_form(request: PersonRequest, kit: Kit, data: Any = None) -> StepAddForm:
    parts = [agenda.part(step) for step in kit.content["steps"]]
    return StepAddForm(data, kit=kit, parts=parts, language=written_language(request))


@require_POST
def kit_copy(request: PersonRequest, kit_id: Any) -> HttpResponse:
    kit = visible_kit(request, kit_id)
    if not permissions.can_prepare_somewhere(request.user):
        raise PermissionDenied(_("Guides are copied by school leaders and instructional coaches."))
    form = KitCopyForm(request.POST, orgs=hosts_of(request.user))
    if form.is_valid():
        return redirect("workshops:kit_detail", form.save(kit, request.user).pk)
    context = {**kit_context(kit), "may_prepare": True, "copy_form": form}
    return render(request, "workshops/kit_detail.html", context, status=422)


@require_http_methods(["GET", "POST"])
def kit_write(request: PersonRequest, kit_id: Any) -> HttpResponse:
    kit = writable_kit(request, kit_id)
    language = written_language(request)
    form = KitForm(request.POST or None, kit=kit, language=language)
    if form.is_valid():
        form.save(request.user)
        return redirect("workshops:kit_detail", kit.pk)
    context = {"kit": kit, "form": form, "language": language, "languages": LANGUAGES.items()}
    return render(request, "workshops/kit_write.html", context, status=422 if form.is_bound else 200)


def _step(kit: Kit, key: str) -> Any:
    try:
        return step_of(kit.content, key)
    except KeyError:
        raise Http404 from None


@require_http_methods(["GET", "POST"])
def step_write(request: PersonRequest, kit_id: Any, key: str) -> HttpResponse:
    kit = writable_kit(request, kit_id)
    step = _step(kit, key)
    language = written_language(request)
    form = StepForm(request.POST or None, kit=kit, step=step, language=language)
    if form.is_valid():
        form.save(request.user)
        return redirect(f"{reverse('workshops:kit_detail', args=[kit.pk])}#part-{key}")
    context = {"kit": kit, "part": agenda.part(step), "form": form, "language": language}
    context["languages"] = LANGUAGES.items()
    return render(request, "workshops/step_write.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def step_media(request: PersonRequest, kit_id: Any, key: str) -> HttpResponse:
    """What is watched in this part of the guide."""
    kit = writable_kit(request, kit_id)
    step = _step(kit, key)
    if not step["media"]:
        raise Http404
    form = MediaForm(request.POST or None, item=step["media"], language=written_language(request))
    if form.is_valid():
        item = form.written()
        seconds = item["duration_s"]
        kit.write_step(key, {**step, "media": item, "planned_s": seconds, "floor_s": seconds}, by=request.user)
        return redirect(f"{reverse('workshops:kit_detail', args=[kit.pk])}#part-{key}")
    context = {
        "back": reverse("workshops:kit_detail", args=[kit.pk]),
        "name": kit.title,
        "part": agenda.part(step),
        "form": form,
    }
    return render(request, "workshops/step_media.html", context, status=422 if form.is_bound else 200)


@require_POST
def step_add(request: PersonRequest, kit_id: Any) -> HttpResponse:
    kit = writable_kit(request, kit_id)
    form = _add_form(request, kit, request.POST)
    if form.is_valid():
        return redirect("workshops:step_write", kit.pk, form.save(request.user))
    context = {**kit_context(kit), "may_write": True, "may_prepare": True, "add_form": form}
    return render(request, "workshops/kit_detail.html", context, status=422)


@require_POST
def step_move(request: PersonRequest, kit_id: Any, key: str) -> HttpResponse:
    """One place up, or down: the button says which."""
    kit = writable_kit(request, kit_id)
    _step(kit, key)
    kit.move_step(key, up=request.POST.get("to") == "up", by=request.user)
    return redirect(f"{reverse('workshops:kit_detail', args=[kit.pk])}#part-{key}")


@require_POST
def step_remove(request: PersonRequest, kit_id: Any, key: str) -> HttpResponse:
    kit = writable_kit(request, kit_id)
    part = agenda.part(_step(kit, key))
    kit.remove_step(key, by=request.user)
    messages.success(request, _("“%(title)s” is taken out of this guide.") % part)
    return redirect("workshops:kit_detail", kit.pk)


@require_POST
def kit_undo(request: PersonRequest, kit_id: Any) -> HttpResponse:
    """Take back the last edit; pressed again, that too is taken back."""
    kit = writable_kit(request, kit_id)
    if kit.undo(by=request.user):
        messages.success(request, _("The last change of this guide is undone."))
    return redirect("workshops:kit_detail", kit.pk)
