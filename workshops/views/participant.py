"""A phone in the room: the step, what others said as far as it is shown, and what one adds. No account.

Each act answers a page's script with JSON (the outbox sends it again until it was answered) and a plain form with a
redirect. Whoever is not in this workshop gets the answer of a page that does not exist.
"""

from __future__ import annotations

import json
import time
import uuid
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from profiles.models import Actor
from workshops import phone_forms as forms
from workshops import room_access, seat
from workshops.kit import say, step_of
from workshops.models import (
    ContrastItem,
    DebriefNote,
    Entry,
    HandOver,
    Participant,
    Picture,
    Response,
    StepRun,
    WorkshopGroup,
    tell_apart,
)

SEEN_EVERY = timedelta(seconds=20)


# The page


def _see(participant: Participant) -> None:
    """That they are here, said now and then; no change of the workshop."""
    now = timezone.now()
    if now - participant.seen_at > SEEN_EVERY:
        Participant.objects.filter(pk=participant.pk).update(seen_at=now)


def _step(request: HttpRequest, participant: Participant) -> StepRun | None:
    """The room's step; another only if the participant went to look at it."""
    wanted = request.GET.get("step", "")
    if wanted:
        found = StepRun.objects.filter(workshop=participant.workshop_id, key=wanted[:20]).first()
        if found:
            return found
    return participant.workshop.current


def seat_page(request: HttpRequest, participant: Participant, *, bound: Any = None, status: int = 200) -> HttpResponse:
    _see(participant)
    workshop, step = participant.workshop, _step(request, participant)
    context: dict[str, Any] = {"participant": participant, "workshop": workshop, "step": step}
    context["now"] = round(time.time() * 1000)
    context |= own(participant, step, bound)
    if request.headers.get("HX-Request"):
        return render(request, "workshops/participant.html#own", context, status=status)
    context["room"] = seat.room_html(workshop, step)
    context["pinned"] = request.GET.get("step", "")
    context["agenda"] = [
        {"key": one["key"], "title": say(one["title"]), "is_current": one["key"] == (step and step.key)}
        for one in workshop.kit["steps"]
    ]
    return render(request, "workshops/participant.html", context, status=status)


def own(participant: Participant, step: StepRun | None, bound: Any = None) -> dict[str, Any]:
    """What is only theirs in this step, and its forms; `bound` stands in for the form that was refused."""
    workshop = participant.workshop
    kind = step_of(workshop.kit, step.key)["kind"] if step else "welcome"
    shown: dict[str, Any] = {"kind": kind, "open": workshop.takes_content, "seconded": ""}

    def form(cls: Any, key: str = "", **fields: Any) -> Any:
        auto_id = f"{cls.__name__}{key}_%s"
        if bound and bound.auto_id == auto_id:
            return bound
        more = {"step": step} if cls in (forms.AnswerForm, forms.ObservationForm) else {}
        return cls(participant=participant, initial=fields, auto_id=auto_id, **more)

    if kind in ("write", "custom", "pair", "record"):
        answers = seat.own_answers(participant)
        asked = step_of(workshop.kit, step.key).get("prompts") if step else None
        shown["questions"] = [
            {
                **one,
                "form": form(forms.AnswerForm, one["key"], prompt=one["key"]) if asked else None,
                "answers": [_answer(form, answer) for answer in answers if answer.prompt == one["key"]],
            }
            for one in seat.sheets(workshop)
            if not asked or one["key"] in {prompt["key"] for prompt in asked}
        ]
    if kind == "pair":
        beside = workshop.participants.present().filter(number=participant.neighbor_number).first()
        shown["neighbor"] = str(beside) if beside else _("two people near you")
    if kind == "record":
        lines = seat.own_lines(participant)
        on_sheet = {line.response_id for line in lines}
        shown["seconded"] = " ".join([*seat.seconded(participant), *(str(line.pk) for line in lines)])
        for question in shown["questions"]:
            question["lines"] = [line for line in lines if line.sheet == question["key"]]
            question["entry_form"] = form(forms.EntryForm, question["key"], sheet=question["key"])
            question["to_put"] = [one for one in question["answers"] if one["answer"].pk not in on_sheet]
    elif kind == "contrast":
        shown["contrast_form"] = form(forms.ContrastForm)
        ids = seat.own_targets(participant, "contrast_added")
        shown["own_contrast"] = ContrastItem.objects.filter(workshop=workshop, pk__in=ids, hidden=False)
    elif kind in ("align", "watch"):
        shown["observation_form"] = form(forms.ObservationForm)
        ids = seat.own_targets(participant, "observation_noted")
        shown["own_observations"] = workshop.observations.filter(pk__in=ids, hidden=False)
    elif kind in ("groups", "debrief", "close"):
        shown |= _group(participant, form)
    if kind in ("debrief", "close"):
        ids = seat.own_targets(participant, "debrief_added")
        notes = DebriefNote.objects.filter(workshop=workshop, pk__in=ids, hidden=False)
        shown["debrief"] = [
            {
                "label": label,
                "form": form(forms.DebriefForm, key, list=key),
                "notes": [n for n in notes if n.list == key],
            }
            for key, label in DebriefNote.List.choices
        ]
    if kind == "close":
        shown["team_form"] = form(forms.LearningTeamForm)
    return shown


def _answer(form: Any, answer: Response) -> dict[str, Any]:
    return {"answer": answer, "form": form(forms.ReviseForm, str(answer.pk), text=answer.text)}


def _group(participant: Participant, form: Any) -> dict[str, Any]:
    group = seat.seat_of(participant)
    shown: dict[str, Any] = {"group": group, "adoptions": seat.adoptions(participant)}
    has_school = bool(participant.school_id or participant.school_name)
    if has_school:
        shown["adoption_form"] = form(forms.AdoptionForm)
    if group:
        picture = Picture.objects.filter(group=group).defer("photo").first()
        shown["picture"] = picture
        sit = [one.participant for one in group.members.select_related("participant").order_by("participant__number")]
        tell_apart(sit, among=participant.workshop.participants.present())
        shown["members"] = [str(one) for one in sit if one.is_present]
        shown["picture_form"] = form(
            forms.PictureForm,
            title=picture.title if picture else "",
            words=picture.words if picture else "",
            base_version=picture.version if picture else 0,
        )
        shown["photo_form"] = form(forms.PhotoForm)
        shown["element_form"] = form(forms.ElementForm)
        shown["elements"] = group.elements.all()
    return shown


@login_not_required
@require_GET
def participant_detail(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    return seat_page(request, room_access.present(request, workshop_id))


@login_not_required
@require_GET
def participant_room(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """The part that is the same for all, fetched when it changed: most often one light query."""
    version, current = room_access.standing_of(request, workshop_id)
    kept = "" if "step" in request.GET else seat.kept_room(workshop_id, version, current)
    if kept:
        return HttpResponse(kept)
    participant = room_access.present(request, workshop_id)
    return HttpResponse(seat.room_html(participant.workshop, _step(request, participant)))


@login_not_required
@require_GET
def picture_photo(request: HttpRequest, workshop_id: UUID, group_id: UUID) -> HttpResponse:
    """A group's drawing: one's own group's always, another's once pictures are shown."""
    participant = room_access.present(request, workshop_id)
    group = seat.seat_of(participant)
    picture = get_object_or_404(Picture, group=group_id, group__seating__workshop=workshop_id, photo__isnull=False)
    is_own = group is not None and group.pk == picture.group_id
    if not is_own and (picture.hidden or not seat.pictures_shown(participant.workshop)):
        raise Http404
    return photo(picture)


def photo(picture: Picture) -> HttpResponse:
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
    return HttpResponse(bytes(picture.photo or b""), content_type=picture.photo_type, headers=headers)


# What they send


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _data(request: HttpRequest) -> QueryDict:
    """What was sent. A plain form that is gone back to and sent again with other words is another act."""
    data = request.POST.copy()
    if not _wants_json(request) and data.get("op_id"):
        said = {key: data.getlist(key) for key in sorted(data) if key != "csrfmiddlewaretoken"}
        data["op_id"] = str(uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(said)))
    return data


def _back(request: HttpRequest, participant: Participant) -> HttpResponse:
    step = request.POST.get("step", "")[:20]
    response = redirect("workshops:participant_detail", participant.workshop_id)
    if step and StepRun.objects.filter(workshop=participant.workshop_id, key=step).exists():
        response["Location"] += f"?step={step}"
    return response


def _kept(request: HttpRequest, participant: Participant, taken: bool = True, version: int = 0) -> HttpResponse:
    """The receipt, or that the workshop is closed: then the words stay with their writer."""
    if not taken:
        sentence = _("The workshop is closed, so nothing more is taken in. Your words are still here: copy them.")
        if _wants_json(request):
            return JsonResponse({"status": "closed", "sentence": sentence}, status=422)
        messages.error(request, sentence)
        return _back(request, participant)
    if _wants_json(request):
        return JsonResponse({"status": "saved", "cell_version": version})
    return _back(request, participant)


def _refused(request: HttpRequest, participant: Participant, form: Any) -> HttpResponse:
    if _wants_json(request):
        sentences = [str(sentence) for errors in form.errors.values() for sentence in errors]
        return JsonResponse({"status": "refused", "sentence": " ".join(sentences)}, status=422)
    return seat_page(request, participant, bound=form, status=422)


def _take(request: HttpRequest, participant: Participant, form: forms.SentForm) -> HttpResponse:
    if not form.is_valid():
        return _refused(request, participant, form)
    return _kept(request, participant, form.save() or form.was_taken())


def _step_of(participant: Participant, key: str) -> StepRun:
    """The step of this key, most often the one the room is in."""
    current = participant.workshop.current
    if current and current.key == key:
        return current
    return get_object_or_404(StepRun, workshop=participant.workshop_id, key=key)


def _actor(participant: Participant) -> Actor:
    return Actor("participant", str(participant.pk))


@login_not_required
@require_POST
def answer_give(request: HttpRequest, workshop_id: UUID, step: str) -> HttpResponse:
    participant = room_access.present(request, workshop_id)
    data, found = _data(request), _step_of(participant, step)
    _check_question(participant, data.get("prompt", ""))
    auto_id = f"AnswerForm{data.get('prompt', '')}_%s"
    return _take(request, participant, forms.AnswerForm(data, participant=participant, step=found, auto_id=auto_id))


def _check_question(participant: Participant, key: str) -> None:
    if key not in {one["key"] for one in seat.sheets(participant.workshop)}:
        raise Http404


def _own_answer(participant: Participant, answer_id: UUID) -> Response:
    return get_object_or_404(participant.responses.select_related("workshop"), pk=answer_id)


@login_not_required
@require_POST
def answer_revise(request: HttpRequest, workshop_id: UUID, answer_id: UUID) -> HttpResponse:
    participant = room_access.present(request, workshop_id)
    answer = _own_answer(participant, answer_id)
    form = forms.ReviseForm(_data(request), participant=participant, auto_id=f"ReviseForm{answer_id}_%s")
    if not form.is_valid():
        return _refused(request, participant, form)
    if participant.workshop.takes_content:
        form.save_to(answer)
    return _kept(request, participant, participant.workshop.takes_content)


@login_not_required
@require_POST
def answer_withdraw(request: HttpRequest, workshop_id: UUID, answer_id: UUID) -> HttpResponse:
    """Taken back at any time, after the end too: it is theirs."""
    participant = room_access.present(request, workshop_id)
    _own_answer(participant, answer_id).withdraw(op_id=uuid.uuid4())
    return _kept(request, participant)


@login_not_required
@require_POST
def entry_add(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    participant = room_access.present(request, workshop_id)
    data = _data(request)
    _check_question(participant, data.get("sheet", ""))
    form = forms.EntryForm(data, participant=participant, auto_id=f"EntryForm{data['sheet']}_%s")
    return _take(request, participant, form)


@login_not_required
@require_POST
def phone_entry_second(request: HttpRequest, workshop_id: UUID, entry_id: UUID) -> HttpResponse:
    """I said so too: of a line that everyone is shown."""
    participant = room_access.present(request, workshop_id)
    entry = get_object_or_404(Entry.objects.select_related("workshop"), workshop=workshop_id, pk=entry_id, hidden=False)
    if not seat.sheets_shown(participant):
        raise Http404
    if not participant.workshop.takes_content:
        return _kept(request, participant, False)
    entry.plus_one(by=_actor(participant), op_id=uuid.uuid4(), participant=participant)
    return _kept(request, participant)


@login_not_required
@require_POST
def entry_withdraw(request: HttpRequest, workshop_id: UUID, entry_id: UUID) -> HttpResponse:
    participant = room_access.present(request, workshop_id)
    entry = get_object_or_404(Entry.objects.select_related("workshop"), participant=participant, pk=entry_id)
    entry.hide(True, by=_actor(participant))
    return _kept(request, participant)


@login_not_required
@require_POST
def phone_contrast_add(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    participant = room_access.present(request, workshop_id)
    return _take(
        request,
        participant,
        forms.ContrastForm(_data(request), participant=participant, auto_id="ContrastForm_%s"),
    )


@login_not_required
@require_POST
def contrast_withdraw(request: HttpRequest, workshop_id: UUID, item_id: UUID) -> HttpResponse:
    participant = room_access.present(request, workshop_id)
    item = get_object_or_404(ContrastItem.objects.select_related("workshop"), workshop=workshop_id, pk=item_id)
    if str(item_id) not in seat.own_targets(participant, "contrast_added"):
        raise Http404
    item.hide(True, by=_actor(participant))
    return _kept(request, participant)


@login_not_required
@require_POST
def phone_observation_note(request: HttpRequest, workshop_id: UUID, step: str) -> HttpResponse:
    participant = room_access.present(request, workshop_id)
    found = _step_of(participant, step)
    form = forms.ObservationForm(_data(request), participant=participant, step=found, auto_id="ObservationForm_%s")
    return _take(request, participant, form)


# At one's table


def _own_group(participant: Participant) -> WorkshopGroup:
    group = seat.seat_of(participant)
    if group is None:
        raise Http404
    return group


@login_not_required
@require_POST
def phone_picture_write(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    participant = room_access.present(request, workshop_id)
    group = _own_group(participant)
    form = forms.PictureForm(_data(request), participant=participant, auto_id="PictureForm_%s")
    if not form.is_valid():
        return _refused(request, participant, form)
    if not participant.workshop.takes_content:
        return _kept(request, participant, False)
    return _kept(request, participant, version=form.save_for(group).version)


@login_not_required
@require_POST
def picture_photograph(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    participant = room_access.present(request, workshop_id)
    group = _own_group(participant)
    form = forms.PhotoForm(_data(request), request.FILES, participant=participant, auto_id="PhotoForm_%s")
    if not form.is_valid():
        return _refused(request, participant, form)
    if participant.workshop.takes_content:
        form.save_for(group)
    return _kept(request, participant, participant.workshop.takes_content)


@login_not_required
@require_POST
def phone_element_add(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    participant = room_access.present(request, workshop_id)
    group = _own_group(participant)
    form = forms.ElementForm(_data(request), participant=participant, auto_id="ElementForm_%s")
    if not form.is_valid():
        return _refused(request, participant, form)
    return _kept(request, participant, form.save_for(group))


@login_not_required
@require_POST
def adoption_make(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """Our school will try this: for who said which school is theirs."""
    participant = room_access.present(request, workshop_id)
    if not (participant.school_id or participant.school_name):
        raise Http404
    form = forms.AdoptionForm(_data(request), participant=participant, auto_id="AdoptionForm_%s")
    return _take(request, participant, form)


@login_not_required
@require_POST
def adoption_propose(request: HttpRequest, workshop_id: UUID, adoption_id: int) -> HttpResponse:
    """To the school's inbox, where somebody who edits a table there decides."""
    participant = room_access.present(request, workshop_id)
    adoption = next((one for one in seat.adoptions(participant) if one.pk == adoption_id), None)
    if adoption is None or adoption.school_id is None:
        raise Http404
    if participant.workshop.takes_content:
        HandOver.propose(adoption, by=_actor(participant))
    return _kept(request, participant, participant.workshop.takes_content)


@login_not_required
@require_POST
def phone_debrief_add(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    participant = room_access.present(request, workshop_id)
    data = _data(request)
    form = forms.DebriefForm(data, participant=participant, auto_id=f"DebriefForm{data.get('list', '')}_%s")
    return _take(request, participant, form)


@login_not_required
@require_POST
def learning_team_found(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    participant = room_access.present(request, workshop_id)
    form = forms.LearningTeamForm(_data(request), participant=participant, auto_id="LearningTeamForm_%s")
    return _take(request, participant, form)


@login_not_required
@require_POST
def participant_leave(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """This device is free for somebody else; what was said stays in the room."""
    participant = room_access.present(request, workshop_id)
    if participant.workshop.takes_content:
        participant.leave(by=_actor(participant))
    messages.success(request, _("You left the workshop on this device. Nothing of yours is kept here."))
    return room_access.let_out(redirect("workshops:workshop_find"))
