"""What is said in the room, written down: always taken until the workshop is closed, and sent again it is the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_POST

from profiles.requests import PersonRequest
from workshops.forms_room import (
    AdoptionForm,
    AlignForm,
    CaptureForm,
    ContrastForm,
    DebriefForm,
    ElementForm,
    EntriesForm,
    ItemsForm,
    LearningTeamForm,
    MarkedForm,
    MoveForm,
    NotesForm,
    ObservationForm,
    ObservationsForm,
    PairForm,
    PersonForm,
    PictureForm,
    RenameForm,
    SentForm,
    ThemeForm,
)
from workshops.models import (
    Adoption,
    ContrastItem,
    DebriefNote,
    Element,
    Entry,
    LearningTeam,
    Observation,
    Participant,
    Picture,
    Theme,
    Workshop,
    WorkshopGroup,
)
from workshops.room import Room
from workshops.suggestions import decline
from workshops.tasks import look_for_themes

from .facilitate import CLOSED, back, first_error, led_workshop, refused, running_workshop
from .participant import photo

F = TypeVar("F", bound=SentForm)


def take(
    request: PersonRequest, workshop: Workshop, form: F, act: Callable[[F], object], *, once: bool = False
) -> HttpResponse:
    """Take in what the form says. `once`: the verb keeps no receipt of its own, so the door is opened here."""
    if not workshop.takes_content:
        return refused(request, workshop, str(CLOSED))
    if not form.is_valid():
        return refused(request, workshop, first_error(form))
    if once:
        payload = {"act": request.resolver_match.view_name if request.resolver_match else "", **form.said}
        with workshop.change(by=request.user, op_id=form.sent_id, payload=payload) as door:
            if not door.replayed:
                act(form)
    else:
        act(form)
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"status": "saved"})
    return back(request, workshop)


def _group(workshop: Workshop, group_id: Any) -> WorkshopGroup:
    """A group of this workshop, whose door is the one already in hand."""
    group = get_object_or_404(WorkshopGroup.objects.select_related("seating"), pk=group_id, seating__workshop=workshop)
    group.seating.workshop = workshop
    return group


# The three sheets


@require_POST
def entry_capture(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    workshop = running_workshop(request, workshop_id)

    def capture(form: CaptureForm) -> None:
        said = form.cleaned_data
        Entry.capture(workshop, said["sheet"], said["text"], by=request.user, op_id=form.sent_id, response=form.answer)
        look_for_themes.enqueue(str(workshop.pk))

    return take(request, workshop, CaptureForm(request.POST, workshop=workshop), capture)


@require_POST
def entry_plus_one(request: PersonRequest, workshop_id: Any, entry_id: Any) -> HttpResponse:
    """Another said so."""
    workshop = running_workshop(request, workshop_id)
    entry = get_object_or_404(workshop.entries, pk=entry_id)
    form = SentForm(request.POST, workshop=workshop)
    return take(request, workshop, form, lambda form: entry.plus_one(by=request.user, op_id=form.sent_id))


def _hide(request: PersonRequest, workshop_id: Any, form_class: type[MarkedForm], hidden: bool) -> HttpResponse:
    """Take the marked lines from everyone's sight, or put them back; they stay in the record."""
    workshop = running_workshop(request, workshop_id)

    def hide(form: MarkedForm) -> None:
        for line in form.marked:
            line.hide(hidden, by=request.user)

    return take(request, workshop, form_class(request.POST, workshop=workshop), hide, once=True)


@require_POST
def entry_hide(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    return _hide(request, workshop_id, EntriesForm, True)


@require_POST
def entry_show(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    return _hide(request, workshop_id, EntriesForm, False)


@require_POST
def entry_move(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    """Put the marked lines under a theme, or under none."""
    workshop = running_workshop(request, workshop_id)

    def move(form: MoveForm) -> None:
        for entry in form.marked:
            entry.move_to(form.cleaned_data["theme"], by=request.user)

    return take(request, workshop, MoveForm(request.POST, workshop=workshop), move, once=True)


@require_POST
def theme_make(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    """Gather the marked lines, or those of a suggestion, under a name."""
    workshop = running_workshop(request, workshop_id)

    def make(form: ThemeForm) -> None:
        Theme.make(workshop, form.cleaned_data["label"], form.marked, by=request.user)

    return take(request, workshop, ThemeForm(request.POST, workshop=workshop), make, once=True)


@require_POST
def theme_rename(request: PersonRequest, workshop_id: Any, theme_id: Any) -> HttpResponse:
    workshop = running_workshop(request, workshop_id)
    theme = get_object_or_404(workshop.themes, pk=theme_id)

    def rename(form: RenameForm) -> None:
        theme.rename(form.cleaned_data["label"], by=request.user)

    return take(request, workshop, RenameForm(request.POST, workshop=workshop), rename, once=True)


@require_POST
def theme_undo(request: PersonRequest, workshop_id: Any, theme_id: Any) -> HttpResponse:
    """Take a theme apart; undone twice it is just gone."""
    workshop = running_workshop(request, workshop_id)

    def undo(_form: SentForm) -> None:
        for theme in workshop.themes.filter(pk=theme_id):
            theme.undo(by=request.user)

    form = SentForm(request.POST, workshop=workshop)
    return take(request, workshop, form, undo, once=True)


@require_POST
def suggestion_decline(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    """These lines do not say the same."""
    workshop = running_workshop(request, workshop_id)

    def act(form: EntriesForm) -> None:
        decline(workshop, sorted(str(entry.pk) for entry in form.marked), by=request.user)

    return take(request, workshop, EntriesForm(request.POST, workshop=workshop), act, once=True)


# With and without, and what was seen


@require_POST
def contrast_capture(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    workshop = running_workshop(request, workshop_id)

    def add(form: ContrastForm) -> None:
        said = form.cleaned_data
        ContrastItem.add(workshop, said["side"], said["text"], by=request.user, op_id=form.sent_id)

    return take(request, workshop, ContrastForm(request.POST, workshop=workshop), add)


@require_POST
def contrast_pair(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    """Name the two marked lines as opposites."""
    workshop = running_workshop(request, workshop_id)

    def pair(form: PairForm) -> None:
        one, other = form.marked
        one.pair(other, by=request.user)

    return take(request, workshop, PairForm(request.POST, workshop=workshop), pair, once=True)


@require_POST
def contrast_unpair(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    workshop = running_workshop(request, workshop_id)

    def unpair(form: ItemsForm) -> None:
        for item in form.marked:
            item.pair(None, by=request.user)

    return take(request, workshop, ItemsForm(request.POST, workshop=workshop), unpair, once=True)


@require_POST
def contrast_hide(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    return _hide(request, workshop_id, ItemsForm, True)


@require_POST
def contrast_show(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    return _hide(request, workshop_id, ItemsForm, False)


@require_POST
def observation_capture(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    """Something seen in the film; noted of the step that is on."""
    workshop = running_workshop(request, workshop_id)
    room = Room(workshop)
    step = room.current or room.step_of("align") or room.steps[0]

    def note(form: ObservationForm) -> None:
        Observation.note(workshop, step.run, form.cleaned_data["text"], by=request.user, op_id=form.sent_id)

    return take(request, workshop, ObservationForm(request.POST, workshop=workshop), note)


@require_POST
def observation_align(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    """Hold what was seen against a line of the table: matches, goes further, differs, or nothing after all."""
    workshop = running_workshop(request, workshop_id)

    def align(form: AlignForm) -> None:
        observation: Observation = form.cleaned_data["observation"]
        observation.workshop = workshop
        if form.cleaned_data["kind"] == "none":
            observation.unalign(form.cleaned_data["item"], by=request.user)
        else:
            observation.align(form.cleaned_data["item"], form.cleaned_data["kind"], by=request.user)

    return take(request, workshop, AlignForm(request.POST, workshop=workshop), align, once=True)


@require_POST
def observation_hide(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    return _hide(request, workshop_id, ObservationsForm, True)


@require_POST
def observation_show(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    return _hide(request, workshop_id, ObservationsForm, False)


# Groups: the picture and what could start


@require_POST
def picture_capture(request: PersonRequest, workshop_id: Any, group_id: Any) -> HttpResponse:
    workshop = running_workshop(request, workshop_id)
    group = _group(workshop, group_id)

    def write(form: PictureForm) -> None:
        said = form.cleaned_data
        Picture.save_words(group, said["title"], said["words"], base=said["base"], by=request.user, op_id=form.sent_id)

    return take(request, workshop, PictureForm(request.POST, workshop=workshop), write)


@require_GET
def group_photo(request: PersonRequest, workshop_id: Any, group_id: Any) -> HttpResponse:
    """A group's drawing, before it is shown to everyone too."""
    group = _group(running_workshop(request, workshop_id), group_id)
    return photo(get_object_or_404(Picture, group=group, photo__isnull=False))


def _hide_picture(request: PersonRequest, workshop_id: Any, group_id: Any, hidden: bool) -> HttpResponse:
    workshop = running_workshop(request, workshop_id)
    picture = get_object_or_404(Picture.objects.defer("photo"), group=_group(workshop, group_id))
    picture.group.seating.workshop = workshop
    form = SentForm(request.POST, workshop=workshop)
    return take(request, workshop, form, lambda _form: picture.hide(hidden, by=request.user), once=True)


@require_POST
def picture_hide(request: PersonRequest, workshop_id: Any, group_id: Any) -> HttpResponse:
    """Take a group's picture from the wall and from other groups' phones."""
    return _hide_picture(request, workshop_id, group_id, True)


@require_POST
def picture_show(request: PersonRequest, workshop_id: Any, group_id: Any) -> HttpResponse:
    return _hide_picture(request, workshop_id, group_id, False)


@require_POST
def element_capture(request: PersonRequest, workshop_id: Any, group_id: Any) -> HttpResponse:
    workshop = running_workshop(request, workshop_id)
    group = _group(workshop, group_id)

    def add(form: ElementForm) -> None:
        said = form.cleaned_data
        horizon = said["horizon"] or Element.Horizon.THIS_YEAR
        Element.add(group, said["text"], said["areas"], horizon, by=request.user, op_id=form.sent_id)

    return take(request, workshop, ElementForm(request.POST, workshop=workshop), add)


@require_POST
def element_adopt(request: PersonRequest, workshop_id: Any, element_id: Any) -> HttpResponse:
    """A school will try this."""
    workshop = running_workshop(request, workshop_id)
    elements = Element.objects.select_related("group__seating")
    element = get_object_or_404(elements, pk=element_id, group__seating__workshop=workshop)
    element.group.seating.workshop = workshop

    def adopt(form: AdoptionForm) -> None:
        who, first_step = form.cleaned_data["who"], form.cleaned_data["first_step"]
        Adoption.adopt(element, by=request.user, who=who, first_step=first_step, **form.place)

    return take(request, workshop, AdoptionForm(request.POST, workshop=workshop), adopt, once=True)


# The end


@require_POST
def debrief_capture(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    workshop = running_workshop(request, workshop_id)

    def add(form: DebriefForm) -> None:
        said = form.cleaned_data
        DebriefNote.add(
            workshop,
            said["list"],
            said["text"],
            by=request.user,
            op_id=form.sent_id,
            school_name=said["school_name"],
        )

    return take(request, workshop, DebriefForm(request.POST, workshop=workshop), add)


@require_POST
def debrief_hide(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    return _hide(request, workshop_id, NotesForm, True)


@require_POST
def debrief_show(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    return _hide(request, workshop_id, NotesForm, False)


@require_POST
def learning_team_add(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    workshop = running_workshop(request, workshop_id)

    def found(form: LearningTeamForm) -> None:
        said = form.cleaned_data
        LearningTeam.found(
            workshop,
            by=request.user,
            name=said["name"],
            topic=said["topic"] or workshop.title,
            members=said["members"],
            first_meeting=said["first_meeting"],
            consult=said["consult"],
            **form.place,
        )

    return take(request, workshop, LearningTeamForm(request.POST, workshop=workshop), found, once=True)


# People


@require_POST
def person_add(request: PersonRequest, workshop_id: Any) -> HttpResponse:
    """Somebody without a device, who counts all the same."""
    workshop = running_workshop(request, workshop_id)

    def add(form: PersonForm) -> None:
        said = form.cleaned_data
        name = said["name"]
        if workshop.names == Workshop.Names.NONE:
            name = ""
        elif workshop.names == Workshop.Names.FIRST:
            name = name.split(" ")[0]
        none = Participant.Device.NONE
        Participant.join(workshop, by=request.user, name=name, role=said["role"], device=none, **form.place)

    return take(request, workshop, PersonForm(request.POST, workshop=workshop), add, once=True)


@require_POST
def person_remove(request: PersonRequest, workshop_id: Any, participant_id: Any) -> HttpResponse:
    """Take somebody out: their words stay, their phone is a stranger's. The lead alone does this."""
    workshop = led_workshop(request, workshop_id)
    participant = get_object_or_404(workshop.participants, pk=participant_id)
    form = SentForm(request.POST, workshop=workshop)
    return take(request, workshop, form, lambda _form: participant.leave(by=request.user, removed=True), once=True)
