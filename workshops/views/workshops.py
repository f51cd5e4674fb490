"""Before the day: the list of workshops, preparing one, what is ready and who helps."""

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

from profiles.requests import PersonRequest
from workshops import agenda, checklist, permissions
from workshops.forms_kits import MediaForm
from workshops.forms_workshops import GuideForm, HelperForm, WorkshopDetailsForm, WorkshopForm
from workshops.kit import step_of
from workshops.models import Kit, Workshop
from workshops.tasks import look_at_links, look_at_links_before_the_day

from .kits import built_in, hosts_of


def visible_workshop(request: PersonRequest, workshop_id: Any) -> Workshop:
    """The workshop, fetched through what this person may see; 404 where it is not theirs or is not there."""
    workshops = Workshop.objects.visible_to(request.user).select_related("host", "lead")
    return get_object_or_404(workshops.prefetch_related("helpers__person"), pk=workshop_id)


def scheduled_workshop(request: PersonRequest, workshop_id: Any) -> Workshop:
    workshop = visible_workshop(request, workshop_id)
    if not permissions.can_schedule(request.user, workshop):
        raise PermissionDenied(
            _("Whoever leads the workshop changes this, or a leader of %(host)s.") % vars_of(workshop)
        )
    return workshop


def vars_of(workshop: Workshop) -> dict[str, object]:
    return {"host": workshop.host, "title": workshop.title}


def guides_of(request: PersonRequest) -> list[Kit]:
    return [built_in(), *Kit.objects.visible_to(request.user)]


@require_GET
def workshop_list(request: PersonRequest) -> HttpResponse:
    everything = Workshop.objects.visible_to(request.user).select_related("host", "lead")
    coming = everything.open().order_by("starts_at", "created_at")
    return render(
        request,
        "workshops/workshop_list.html",
        {
            "coming": [{"workshop": one, "open_points": len(checklist.not_ready(one))} for one in coming],
            "past": everything.filter(state__in=[Workshop.State.CLOSED, Workshop.State.ARCHIVED]),
            "may_prepare": permissions.can_prepare_somewhere(request.user),
            "is_staff": request.user.is_staff_today,
        },
    )


@require_http_methods(["GET", "POST"])
def workshop_create(request: PersonRequest) -> HttpResponse:
    if not permissions.can_prepare_somewhere(request.user):
        raise PermissionDenied(_("Workshops are prepared by school leaders, instructional coaches and the district."))
    kits = guides_of(request)
    chosen = next((kit for kit in kits if str(kit.pk) == request.GET.get("guide")), kits[0])
    form = WorkshopForm(
        request.POST or None,
        orgs=hosts_of(request.user),
        kits=kits,
        initial={"guide": chosen.pk, "title": chosen.title},
    )
    if form.is_valid():
        workshop = form.save(request.user)
        look_at_links.enqueue(str(workshop.pk))
        return redirect("workshops:workshop_detail", workshop.pk)
    return render(request, "workshops/workshop_create.html", {"form": form}, status=422 if form.is_bound else 200)


@require_GET
def workshop_detail(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    workshop = visible_workshop(request, workshop_id)
    look_at_links_before_the_day(workshop)
    return workshop_page(request, workshop)


def workshop_page(
    request: PersonRequest, workshop: Workshop, *, helper_form: HelperForm | None = None, status: int = 200
) -> HttpResponse:
    """The page before the day: one click to open the room, what is ready, who helps, what is watched."""
    may_schedule = permissions.can_schedule(request.user, workshop)
    kit, is_draft = workshop.kit, workshop.state == Workshop.State.DRAFT
    return render(
        request,
        "workshops/workshop_detail.html",
        {
            "workshop": workshop,
            "role": permissions.role_in(request.user, workshop),
            "may_schedule": may_schedule,
            "may_enter": permissions.can_capture(request.user, workshop),
            "helpers": workshop.helpers.all(),
            "helper_form": helper_form or (HelperForm(workshop=workshop) if may_schedule else None),
            "guide_form": GuideForm(kits=guides_of(request)) if may_schedule and is_draft else None,
            "checks": checklist.checks(workshop),
            "open_points": len(checklist.not_ready(workshop)),
            "media": agenda.watched(kit),
            "links": checklist.links(workshop),
            "people": checklist.expected(workshop),
            "people_sentence": checklist.people_sentence(kit, checklist.expected(workshop)),
            "steps": agenda.steps(kit),
            "minutes": agenda.minutes(agenda.planned_s(kit)),
            "join_address": request.build_absolute_uri("/join/"),
        },
        status=status,
    )


@require_http_methods(["GET", "POST"])
def workshop_write(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    workshop = scheduled_workshop(request, workshop_id)
    form = WorkshopDetailsForm(request.POST or None, workshop=workshop)
    if form.is_valid():
        form.save(request.user)
        return redirect("workshops:workshop_detail", workshop.pk)
    context = {"workshop": workshop, "form": form}
    return render(request, "workshops/workshop_write.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def media_write(request: PersonRequest, workshop_id: Any, key: str) -> HttpResponse:
    """What is watched in a step, in this workshop's own copy of the guide."""
    workshop = scheduled_workshop(request, workshop_id)
    try:
        step = step_of(workshop.kit, key)
    except KeyError:
        raise Http404 from None
    if not step["media"]:
        raise Http404
    form = MediaForm(request.POST or None, item=step["media"], language=(get_language() or "en")[:2])
    if form.is_valid():
        workshop.set_media(key, form.written(), by=request.user)
        look_at_links.enqueue(str(workshop.pk))
        return redirect("workshops:workshop_detail", workshop.pk)
    context = {
        "back": reverse("workshops:workshop_detail", args=[workshop.pk]),
        "name": workshop.title,
        "part": agenda.part(step),
        "form": form,
    }
    return render(request, "workshops/step_media.html", context, status=422 if form.is_bound else 200)


@require_GET
def workshop_print(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    """For the day on paper: the run sheet with times of day, the three sheets and the empty table."""
    workshop = visible_workshop(request, workshop_id)
    parts = agenda.run_sheet(workshop.kit, workshop.starts_at)
    return render(
        request,
        "workshops/workshop_print.html",
        {
            "workshop": workshop,
            "parts": parts,
            "sheets": [prompt for part in parts for prompt in part["prompts"]],
            "has_table": any(part["kind"] == "contrast" for part in parts),
            "checks": checklist.checks(workshop),
            "helpers": workshop.helpers.all(),
            "join_address": request.build_absolute_uri("/join/"),
        },
    )


@require_POST
def guide_take(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    """Run it by another guide, or by the same one as it is now."""
    workshop = scheduled_workshop(request, workshop_id)
    form = GuideForm(request.POST, kits=guides_of(request))
    if not form.is_valid():
        raise Http404
    if form.save(workshop, request.user):
        look_at_links.enqueue(str(workshop.pk))
        messages.success(request, _("The agenda is that of the chosen guide now. Look at what is watched once more."))
    else:
        messages.error(request, _("The room was opened already: its guide stays. Steps can be left out there."))
    return redirect("workshops:workshop_detail", workshop.pk)


@require_POST
def checklist_tick(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    """One thing is ready, or no longer."""
    workshop = scheduled_workshop(request, workshop_id)
    key = request.POST.get("key", "")
    if key not in checklist.CHECKS:
        raise Http404
    workshop.tick(key, request.POST.get("done") == "yes", by=request.user)
    return redirect(f"{reverse('workshops:workshop_detail', args=[workshop.pk])}#checklist")


@require_GET
def workshop_links(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    """The links, and how much is not ready, for a page that was told that they were looked at."""
    workshop = visible_workshop(request, workshop_id)
    context = {
        "workshop": workshop,
        "links": checklist.links(workshop),
        "open_points": len(checklist.not_ready(workshop)),
        "beside": True,
    }
    return render(request, "workshops/links.html", context)


@require_POST
def links_check(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    """Open every link now, in the background."""
    workshop = scheduled_workshop(request, workshop_id)
    look_at_links.enqueue(str(workshop.pk))
    messages.success(request, _("The links are being opened. What is found appears under “Links” in a moment."))
    return redirect(f"{reverse('workshops:workshop_detail', args=[workshop.pk])}#links-head")


@require_POST
def helper_add(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    workshop = scheduled_workshop(request, workshop_id)
    form = HelperForm(request.POST, workshop=workshop)
    if not form.is_valid():
        return workshop_page(request, workshop, helper_form=form, status=422)
    form.save(request.user)
    return redirect(f"{reverse('workshops:workshop_detail', args=[workshop.pk])}#helpers")


@require_POST
def helper_remove(request: PersonRequest, workshop_id: Any, helper_id: int) -> HttpResponse:
    workshop = scheduled_workshop(request, workshop_id)
    helper = get_object_or_404(workshop.helpers.select_related("person"), pk=helper_id)
    workshop.remove_helper(helper.person, by=request.user)
    messages.success(request, _("%(name)s no longer helps in this workshop.") % {"name": helper.person})
    return redirect("workshops:workshop_detail", workshop.pk)
