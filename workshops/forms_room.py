"""What whoever runs the room may send: steering, with the control version it saw, and content, which only adds."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from planning.cells import Area
from profiles.models import Org

from .models import (
    Alignment,
    ContrastItem,
    DebriefNote,
    Element,
    GroupSet,
    Observation,
    Participant,
    StepRun,
    Theme,
    Workshop,
)
from .room import Room

LAST_VERSION = 2**31 - 1
MOST_ADDED_S = 3600
LONGEST_S = 6 * 3600


class SentForm(forms.Form):
    """Everything that is sent carries the id its page gave it, so that sending again changes nothing."""

    op_id = forms.UUIDField(required=False)

    def __init__(self, *args: Any, workshop: Workshop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workshop = workshop

    @property
    def sent_id(self) -> uuid.UUID:
        found: uuid.UUID | None = self.cleaned_data.get("op_id")
        return found or uuid.uuid4()

    @property
    def said(self) -> dict[str, Any]:
        """What was asked for, without who sent it when: tells one save from another that carries the same id."""
        return {name: str(value) for name, value in self.cleaned_data.items() if name != "op_id"}


# Steering


class ControlForm(SentForm):
    control_version = forms.IntegerField(min_value=0, max_value=LAST_VERSION)

    @property
    def seen(self) -> int:
        return int(self.cleaned_data["control_version"])


class SkipForm(ControlForm):
    reason = forms.CharField(label=_("Why"), max_length=200, required=False)


class TimeForm(ControlForm):
    seconds = forms.IntegerField(min_value=-MOST_ADDED_S, max_value=MOST_ADDED_S)


class RevealForm(ControlForm):
    what = forms.ChoiceField(choices=StepRun.Reveal.choices)


class KnowledgeForm(ControlForm):
    knowledge = forms.ChoiceField(label=_("How much the room already knows"), choices=Workshop.Knowledge.choices)


class TimesForm(ControlForm):
    """New seconds for steps to come, as they were proposed: none under its floor, films as long as they last. With
    steps to leave out, and seconds to end later."""

    skip = forms.MultipleChoiceField(required=False)
    late_s = forms.IntegerField(min_value=0, max_value=LONGEST_S, required=False)

    def __init__(self, *args: Any, workshop: Workshop, **kwargs: Any) -> None:
        super().__init__(*args, workshop=workshop, **kwargs)
        waiting = workshop.steps.filter(state=StepRun.State.WAITING)
        self.fields["skip"].choices = [(run.key, run.key) for run in waiting]  # type: ignore[attr-defined]
        for run in waiting:
            if not run.fixed:
                self.fields[f"seconds-{run.key}"] = forms.IntegerField(
                    min_value=min(run.floor_s, run.allotted_s), max_value=LONGEST_S, required=False
                )

    def allotment(self) -> dict[str, int]:
        fields = ((name.removeprefix("seconds-"), value) for name, value in self.cleaned_data.items())
        steps = {run.key for run in self.workshop.steps.all()}
        return {key: value for key, value in fields if key in steps and value is not None}

    @property
    def late_seconds(self) -> int:
        return self.cleaned_data["late_s"] or 0


class SeatingForm(ControlForm):
    mode = forms.ChoiceField(choices=GroupSet.Mode.choices)


class MoveSeatForm(ControlForm):
    """Who sits at which table from now on: pairs in the order they are sent."""

    participant = forms.ModelMultipleChoiceField(Participant.objects.none())

    def __init__(self, *args: Any, workshop: Workshop, **kwargs: Any) -> None:
        super().__init__(*args, workshop=workshop, **kwargs)
        self.fields["participant"].queryset = workshop.participants.present()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        sent: Any = self.data
        people, numbers = sent.getlist("participant"), sent.getlist("group")
        seating = self.workshop.group_sets.filter(current=True).first()
        last = max(seating.groups.values_list("number", flat=True), default=0) if seating else 0
        if len(people) != len(numbers) or not all(one.isdecimal() and 1 <= int(one) <= last + 1 for one in numbers):
            raise forms.ValidationError("")
        if "participant" in cleaned:
            cleaned["moves"] = {uuid.UUID(one): int(number) for one, number in zip(people, numbers, strict=True)}
        return cleaned

    @property
    def said(self) -> dict[str, Any]:
        return {"moves": {str(one): number for one, number in self.cleaned_data["moves"].items()}}


# Content


class CaptureForm(SentForm):
    """A line for one of the sheets: spoken, or one that somebody wrote before."""

    text = forms.CharField(max_length=500, required=False)
    sheet = forms.ChoiceField()
    response = forms.UUIDField(required=False)

    def __init__(self, *args: Any, workshop: Workshop, **kwargs: Any) -> None:
        super().__init__(*args, workshop=workshop, **kwargs)
        self.fields["sheet"].choices = [(sheet.key, sheet.title) for sheet in Room(workshop).sheets]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.answer = None
        if cleaned.get("response"):
            self.answer = self.workshop.responses.filter(pk=cleaned["response"], state="given").first()
        if self.answer:
            cleaned["text"] = self.answer.text
        if not cleaned.get("text"):
            self.add_error("text", _("Write what was said first."))
        return cleaned


class MarkedForm(SentForm):
    """Lines that were marked, under the name of one: `entry`, of the workshop's `entries`."""

    name: ClassVar[str]
    rows: ClassVar[str]

    def __init__(self, *args: Any, workshop: Workshop, **kwargs: Any) -> None:
        super().__init__(*args, workshop=workshop, **kwargs)
        self.fields[self.name] = forms.ModelMultipleChoiceField(
            getattr(workshop, self.rows).all(), error_messages={"required": _("Mark one line or more first.")}
        )

    @property
    def marked(self) -> list[Any]:
        """Each with the workshop at hand, whose door is open."""
        lines = list(self.cleaned_data[self.name])
        for line in lines:
            line.workshop = self.workshop
        return lines

    @property
    def said(self) -> dict[str, Any]:
        return super().said | {self.name: [str(line.pk) for line in self.cleaned_data[self.name]]}


class EntriesForm(MarkedForm):
    name, rows = "entry", "entries"


class ItemsForm(MarkedForm):
    name, rows = "item", "contrast_items"


class ObservationsForm(MarkedForm):
    name, rows = "observation", "observations"


class NotesForm(MarkedForm):
    name, rows = "note", "debrief_notes"


class MoveForm(EntriesForm):
    theme = forms.ModelChoiceField(Theme.objects.none(), required=False)

    def __init__(self, *args: Any, workshop: Workshop, **kwargs: Any) -> None:
        super().__init__(*args, workshop=workshop, **kwargs)
        self.fields["theme"].queryset = workshop.themes.all()  # type: ignore[attr-defined]


class ThemeForm(EntriesForm):
    label = forms.CharField(max_length=120, error_messages={"required": _("Give it a name first.")})


class RenameForm(SentForm):
    label = forms.CharField(max_length=120, error_messages={"required": _("Give it a name first.")})


class ContrastForm(SentForm):
    text = forms.CharField(max_length=300, error_messages={"required": _("Write what was said first.")})
    side = forms.ChoiceField(choices=ContrastItem.Side.choices)


class PairForm(ItemsForm):
    def clean_item(self) -> Any:
        items = list(self.cleaned_data["item"])
        if len(items) != 2 or items[0].side == items[1].side:
            raise forms.ValidationError(_("Mark one line on each side, then say that they are opposites."))
        return items


class ObservationForm(SentForm):
    text = forms.CharField(max_length=300, error_messages={"required": _("Write what was said first.")})


class AlignForm(SentForm):
    """What was seen, beside a line of the table."""

    observation = forms.ModelChoiceField(
        Observation.objects.none(), error_messages={"required": _("Choose what was seen first.")}
    )
    item = forms.ModelChoiceField(
        ContrastItem.objects.none(), error_messages={"required": _("Choose a line of the table first.")}
    )
    kind = forms.ChoiceField(choices=[*Alignment.Kind.choices, ("none", "")])

    def __init__(self, *args: Any, workshop: Workshop, **kwargs: Any) -> None:
        super().__init__(*args, workshop=workshop, **kwargs)
        self.fields["observation"].queryset = workshop.observations.all()  # type: ignore[attr-defined]
        self.fields["item"].queryset = workshop.contrast_items.all()  # type: ignore[attr-defined]


class DebriefForm(SentForm):
    text = forms.CharField(max_length=400, error_messages={"required": _("Write what was said first.")})
    list = forms.ChoiceField(choices=DebriefNote.List.choices)
    school_name = forms.CharField(max_length=120, required=False)


class PictureForm(SentForm):
    title = forms.CharField(max_length=120, required=False)
    words = forms.CharField(max_length=4000, required=False)
    base = forms.IntegerField(min_value=0, max_value=LAST_VERSION)


class ElementForm(SentForm):
    text = forms.CharField(max_length=300, error_messages={"required": _("Write the idea first.")})
    areas = forms.MultipleChoiceField(choices=Area.choices, required=False)
    horizon = forms.ChoiceField(choices=Element.Horizon.choices, required=False)


class SchoolForm(SentForm):
    """A school of the district, or another by its name."""

    school = forms.ModelChoiceField(Org.objects.filter(org_kind=Org.Kind.SCHOOL), required=False)
    school_name = forms.CharField(max_length=120, required=False)

    @property
    def place(self) -> dict[str, Any]:
        school = self.cleaned_data["school"]
        return {"school": school, "school_name": "" if school else self.cleaned_data["school_name"]}


class AdoptionForm(SchoolForm):
    who = forms.CharField(max_length=120, required=False)
    first_step = forms.CharField(max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("school") and not cleaned.get("school_name"):
            self.add_error("school", _("Say which school will try it."))
        return cleaned


class PersonForm(SchoolForm):
    """Somebody in the room without a device."""

    name = forms.CharField(max_length=80, required=False)
    role = forms.ChoiceField(choices=[("", ""), *Participant.Role.choices], required=False)


class LearningTeamForm(SchoolForm):
    name = forms.CharField(max_length=120, error_messages={"required": _("Give the team a name first.")})
    topic = forms.CharField(max_length=200, required=False)
    members = forms.CharField(max_length=1000, required=False)
    first_meeting = forms.DateField(required=False)
    consult = forms.CharField(max_length=120, required=False)
