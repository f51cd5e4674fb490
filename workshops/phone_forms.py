"""What people in the room may send from their phones. Each form's `save` calls the verb; `op_id` is the sender's."""

from __future__ import annotations

import base64
import binascii
import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from config.files.photo import BadPhotoError, clean_photo
from planning.cells import Area
from planning.models import StrategyTable
from profiles.models import Actor, Org, Receipt

from . import seat
from .models import (
    Adoption,
    ContrastItem,
    DebriefNote,
    Element,
    Entry,
    HandOver,
    LearningTeam,
    Participant,
    Picture,
    Response,
    StepRun,
    Workshop,
    WorkshopGroup,
)
from .models.viewing import Observation


def quiet_helper() -> FormHelper:
    """Fields only: the template brings the form and its button."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Six letters and numbers: they are on the wall, or on your slip."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "code"}
        ),
    )

    helper = quiet_helper()


OTHER_SCHOOL = "other"


class JoinForm(forms.Form):
    """What the host asks, and nothing else: a name only where names are used; school and role may stay empty."""

    name = forms.CharField(label=_("Your name"), max_length=80, required=False)
    school = forms.ChoiceField(label=_("Your school (if you like)"), required=False, widget=forms.RadioSelect)
    school_name = forms.CharField(label=_("Which other school?"), max_length=120, required=False)
    role = forms.ChoiceField(
        label=_("What you are there (if you like)"),
        choices=Participant.Role.choices,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, workshop: Workshop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workshop, self.helper = workshop, quiet_helper()
        self.schools = {str(one.pk): one for one in Org.objects.schools()}
        school = self.fields["school"]
        assert isinstance(school, forms.ChoiceField)
        school.choices = [
            *((key, one.name) for key, one in self.schools.items()),
            (OTHER_SCHOOL, _("another")),
        ]
        name = self.fields["name"]
        if workshop.names == Workshop.Names.NONE:
            del self.fields["name"]
        elif workshop.names == Workshop.Names.FIRST:
            name.label = _("Your first name (if you like)")
            name.widget.attrs["autocomplete"] = "off"
        else:
            name.required = True
            name.widget.attrs["autocomplete"] = "off"

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].replace("\0", "").split())

    def save(self) -> tuple[Participant, str]:
        said = self.cleaned_data
        return Participant.join(
            self.workshop,
            by=Actor("participant"),
            name=said.get("name", ""),
            school=self.schools.get(said["school"]),
            school_name=said["school_name"].strip(),
            role=said["role"],
        )


class ResumeForm(forms.Form):
    words = forms.CharField(
        label=_("Your four words"),
        max_length=120,
        help_text=_("They stand at the foot of the page on the device you used before."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    helper = quiet_helper()


MOST_LINES = 200
"""From one person in one workshop, over all its steps: far more than anybody has to say, and an end to flooding."""


class SentForm(forms.Form):
    """Something sent from the room. `op_id` is made before it is first sent; a page without scripts brings its own."""

    op_id = forms.UUIDField()

    def __init__(self, *args: Any, participant: Participant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.participant, self.helper = participant, quiet_helper()
        self.fields["op_id"].widget = forms.HiddenInput()
        self.initial.setdefault("op_id", uuid.uuid4())

    @property
    def workshop(self) -> Workshop:
        return self.participant.workshop

    @property
    def actor(self) -> Actor:
        return Actor("participant", str(self.participant.pk))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        sent = Receipt.objects.filter(stream=self.workshop.stream, actor=str(self.actor))
        if "op_id" in cleaned and sent.count() >= MOST_LINES and not sent.filter(op_id=cleaned["op_id"]).exists():
            raise ValidationError(
                _("That is as much as this workshop takes from one person: %(n)s lines. Tell the note-taker the rest.")
                % {"n": MOST_LINES}
            )
        return cleaned

    def save(self) -> bool:
        """Answers whether it was taken: not any more once the workshop is closed."""
        raise NotImplementedError

    def was_taken(self) -> bool:
        """What came in before the workshop closed, and whose receipt was lost on the way, is sent again after."""
        return Receipt.objects.filter(
            stream=self.workshop.stream, actor=str(self.actor), op_id=self.cleaned_data["op_id"]
        ).exists()


def words(label: Any, most: int, rows: int = 2) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}))


class AnswerForm(SentForm):
    """A line of one's own to one question."""

    prompt = forms.CharField(max_length=20, widget=forms.HiddenInput)
    text = words(_("Your answer"), 500)

    def __init__(self, *args: Any, step: StepRun, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.step = step

    def save(self) -> bool:
        said = self.cleaned_data
        return Response.give(
            self.workshop, self.step, said["prompt"], said["text"], self.participant, op_id=said["op_id"]
        )


class ReviseForm(SentForm):
    text = words(_("Your answer"), 500)

    def save_to(self, response: Response) -> None:
        response.revise(self.cleaned_data["text"], op_id=self.cleaned_data["op_id"])


class EntryForm(SentForm):
    """A line for one of the sheets; `response` where it is an answer of one's own that may now be read."""

    sheet = forms.CharField(max_length=20, widget=forms.HiddenInput)
    text = words(_("A line for this sheet"), 500)
    response = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def save(self) -> bool:
        said = self.cleaned_data
        own = Response.objects.filter(participant=self.participant, pk=said["response"]).first()
        entry = Entry.capture(
            self.workshop,
            said["sheet"],
            said["text"],
            by=self.actor,
            op_id=said["op_id"],
            participant=self.participant,
            response=own,
        )
        return entry is not None


class ContrastForm(SentForm):
    side = forms.ChoiceField(label=_("Which kind of school?"), choices=ContrastItem.Side, widget=forms.RadioSelect)
    text = words(_("What one would see, hear or feel there"), 300)

    def save(self) -> bool:
        said = self.cleaned_data
        return ContrastItem.add(self.workshop, said["side"], said["text"], by=self.actor, op_id=said["op_id"])


class ObservationForm(SentForm):
    text = words(_("What you saw"), 300)

    def __init__(self, *args: Any, step: StepRun, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.step = step

    def save(self) -> bool:
        said = self.cleaned_data
        return Observation.note(self.workshop, self.step, said["text"], by=self.actor, op_id=said["op_id"])


class PictureForm(SentForm):
    title = forms.CharField(label=_("Its name"), max_length=120, required=False)
    words = forms.CharField(
        label=_("Your school, in words"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    base_version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def save_for(self, group: WorkshopGroup) -> Picture:
        said = self.cleaned_data
        return Picture.save_words(
            group, said["title"], said["words"], base=said["base_version"], by=self.actor, op_id=said["op_id"]
        )


class PhotoForm(SentForm):
    """A photo of the drawing: as a file, or (made small by the page) as a data URL, which the outbox can keep."""

    photo = forms.FileField(label=_("A photo of your drawing"), required=False)
    photo_data = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        try:
            said["bytes"], said["type"] = clean_photo(self._bytes())
        except BadPhotoError as error:
            raise ValidationError(str(error)) from None
        return said

    def _bytes(self) -> bytes:
        if self.cleaned_data.get("photo_data"):
            try:
                return base64.b64decode(self.cleaned_data["photo_data"].partition(",")[2], validate=True)
            except binascii.Error:
                return b""
        photo = self.cleaned_data.get("photo")
        return photo.read() if photo else b""

    def save_for(self, group: WorkshopGroup) -> None:
        Picture.save_photo(group, self.cleaned_data["bytes"], self.cleaned_data["type"], by=self.actor)


class ElementForm(SentForm):
    text = words(_("A part of it that could really start"), 300)
    horizon = forms.ChoiceField(label=_("When?"), choices=Element.Horizon, initial=Element.Horizon.THIS_YEAR)
    areas = forms.MultipleChoiceField(
        label=_("What it touches"), choices=Area, required=False, widget=forms.CheckboxSelectMultiple
    )

    def save_for(self, group: WorkshopGroup) -> bool:
        said = self.cleaned_data
        return Element.add(group, said["text"], said["areas"], said["horizon"], by=self.actor, op_id=said["op_id"])


class AdoptionForm(SentForm):
    """Our school will try this: with somebody who takes the first step."""

    element = forms.ModelChoiceField(Element.objects.none(), label=_("Idea to start with"), empty_label=None)
    who = forms.CharField(label=_("Who begins"), max_length=120, required=False)
    first_step = forms.CharField(label=_("The first step"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        element = self.fields["element"]
        assert isinstance(element, forms.ModelChoiceField)
        element.queryset = seat.ideas_for(self.participant)

    def save(self) -> bool:
        if not self.workshop.takes_content:
            return False
        said = self.cleaned_data
        Adoption.adopt(
            said["element"],
            by=self.actor,
            school=self.participant.school,
            school_name=self.participant.school_name,
            who=said["who"],
            first_step=said["first_step"],
        )
        return True


class DebriefForm(SentForm):
    list = forms.ChoiceField(choices=DebriefNote.List, widget=forms.HiddenInput)
    text = words(_("A line"), 400)

    def save(self) -> bool:
        said = self.cleaned_data
        return DebriefNote.add(
            self.workshop,
            said["list"],
            said["text"],
            by=self.actor,
            op_id=said["op_id"],
            school_name=self.participant.school_label,
        )


class LearningTeamForm(SentForm):
    name = forms.CharField(label=_("Name of the team"), max_length=120)
    topic = forms.CharField(label=_("What you go on learning about"), max_length=200)
    members = forms.CharField(
        label=_("Who is in it"),
        max_length=1000,
        help_text=_("One name a line."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    first_meeting = forms.DateField(
        label=_("First meeting"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    consult = forms.CharField(label=_("Instructional leader to consult"), max_length=120, required=False)

    def save(self) -> bool:
        if not self.workshop.takes_content:
            return False
        said = {name: value for name, value in self.cleaned_data.items() if name != "op_id"}
        LearningTeam.found(
            self.workshop,
            by=self.actor,
            school=self.participant.school,
            school_name=self.participant.school_name,
            op_id=self.cleaned_data["op_id"],
            **said,
        )
        return True


class AcceptForm(forms.Form):
    """Into which table: one that this person edits; without any, one is made."""

    table = forms.ModelChoiceField(StrategyTable.objects.none(), label=_("Into the table"), empty_label=None)

    def __init__(self, *args: Any, tables: Any, hand_over: HandOver, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"id_{hand_over.pk}_%s", **kwargs})
        self.helper = quiet_helper()
        field = self.fields["table"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = tables
        field.initial = tables.first()
        field.required = field.initial is not None
        if not field.required:
            field.widget = forms.HiddenInput()
