"""What teachers record: marks with or without words, tasks, files, levels set by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.files.photo import BadPhotoError, clean_photo

from .models import (
    Competency,
    Door,
    Evidence,
    EvidenceFile,
    Learner,
    Level,
    LevelOverride,
    Mark,
    Person,
    Section,
    Task,
)

LEVELS = [(level.value, level.label) for level in Level if level]
LONGEST_WAIT = dt.timedelta(days=14)
"""A mark may wait so long in a browser without a connection."""
TASK_KINDS = [
    (kind.value, kind.label)
    for kind in (Evidence.Kind.TASK, Evidence.Kind.ASSESSMENT, Evidence.Kind.PROJECT, Evidence.Kind.CONVERSATION)
]
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def helper(action: str, label: Any, css: str = "btn") -> FormHelper:
    made = FormHelper()
    made.form_action = action
    made.add_input(Submit("", label, css_class=css))
    return made


class _Recording(forms.Form):
    """`age`: how many seconds ago it was done; `op_id`: made by the page before it first sent."""

    competency = forms.UUIDField()
    level = forms.TypedChoiceField(choices=LEVELS, coerce=int)
    task = forms.ModelChoiceField(Task.objects.none(), required=False)
    age = forms.IntegerField(required=False, min_value=0, max_value=int(LONGEST_WAIT.total_seconds()))
    op_id = forms.UUIDField(required=False)

    def __init__(self, *args: Any, section: Section, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.section = section
        if self.data.get("task"):
            self.fields["task"].queryset = section.tasks.all()  # type: ignore[attr-defined]

    def clean_competency(self) -> Any:
        if not self.section.works_on:  # type: ignore[attr-defined]  # the view asks along with the class
            raise forms.ValidationError(gettext_lazy("The class does not work on this skill any more."))
        return self.cleaned_data["competency"]

    @property
    def day(self) -> dt.date:
        """The school's day on which it was done."""
        if task := self.cleaned_data["task"]:
            return task.observed_on
        today = self.section.school.today()
        ago = dt.timedelta(seconds=self.cleaned_data["age"] or 0)
        now = timezone.localtime(timezone=_zone(self.section))
        return today - (now.date() - (now - ago).date())


class MarkForm(_Recording):
    learner = forms.UUIDField()
    said = forms.CharField(required=False, max_length=500)
    next_thing = forms.CharField(required=False, max_length=300)

    def save(self, by: Person) -> Door:
        said = self.cleaned_data
        task: Task | None = said["task"]
        mark = Mark(said["learner"], said["competency"], said["level"], said["said"], said["next_thing"])
        kind = task.task_kind if task else Evidence.Kind.OBSERVATION
        return Evidence.record(
            self.section, [mark], by=by, op_id=said["op_id"], task=task, kind=kind, observed_on=self.day
        )


class RestForm(_Recording):
    def save(self, by: Person) -> Door:
        said = self.cleaned_data
        return Evidence.record_rest(
            self.section,
            said["competency"],
            said["level"],
            by=by,
            op_id=said["op_id"],
            task=said["task"],
            observed_on=self.day,
        )


class TakeBackForm(forms.Form):
    evidence = forms.MultipleChoiceField(choices=())
    op_id = forms.UUIDField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = self.data.getlist("evidence")[:1000]  # type: ignore[attr-defined]
        self.fields["evidence"] = forms.TypedMultipleChoiceField(
            choices=[(one, one) for one in asked], coerce=forms.UUIDField().to_python
        )


class TaskForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Task
        fields = ["title", "task_kind", "observed_on", "competencies"]
        labels = {"competencies": gettext_lazy("What it shows")}
        widgets = {"competencies": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, section: Section, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.section = section
        self.fields["task_kind"] = forms.ChoiceField(label=gettext_lazy("Kind"), choices=TASK_KINDS)
        self.fields["observed_on"].widget = DATE
        self.fields["observed_on"].initial = section.school.today()
        worked_on = Competency.objects.filter(expectations__section=section).order_by(
            "expectations__unit__position", "expectations__position"
        )
        choices: Any = self.fields["competencies"]
        choices.queryset = worked_on
        choices.label_from_instance = lambda one: f"{one.code} {one.short or one.statement}".strip()
        self.helper = helper("", _("Rate it"), "btn btn-primary")

    def clean_observed_on(self) -> dt.date:
        return not_later(self.cleaned_data["observed_on"], self.section.school.today())

    def save_by(self, by: Person) -> Task:
        said = self.cleaned_data
        return Task.give(
            self.section,
            said["title"],
            list(said["competencies"]),
            kind=said["task_kind"],
            on=said["observed_on"],
            by=by,
        )


class EvidenceForm(forms.Form):
    """One more piece of evidence of one student in one competency."""

    level = forms.TypedChoiceField(
        label=gettext_lazy("What it shows"), choices=LEVELS, coerce=int, widget=forms.RadioSelect, initial=Level.SECURE
    )
    evidence_kind = forms.ChoiceField(
        label=gettext_lazy("What it was"), choices=Evidence.Kind.choices, initial=Evidence.Kind.OBSERVATION
    )
    assistance = forms.ChoiceField(label=gettext_lazy("How"), choices=Evidence.Assistance.choices)
    observed_on = forms.DateField(label=gettext_lazy("Day"), widget=DATE)
    said = forms.CharField(label=gettext_lazy("A sentence for the student"), required=False, max_length=500)
    next_thing = forms.CharField(label=gettext_lazy("A next thing to do"), required=False, max_length=300)

    def __init__(self, *args: Any, section: Section, learner: Learner, competency: Competency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.section, self.learner, self.competency = section, learner, competency
        self.fields["observed_on"].initial = section.school.today()
        self.helper = helper("", _("Record"), "btn btn-primary")

    def clean_observed_on(self) -> dt.date:
        return not_later(self.cleaned_data["observed_on"], self.section.school.today())

    def save_by(self, by: Person) -> Door:
        said = self.cleaned_data
        mark = Mark(self.learner.pk, self.competency.pk, said["level"], said["said"], said["next_thing"])
        return Evidence.record(
            self.section,
            [mark],
            by=by,
            kind=said["evidence_kind"],
            assistance=said["assistance"],
            observed_on=said["observed_on"],
        )


class AttachForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("A photo or a file"), required=False)
    link = forms.URLField(
        label=gettext_lazy("A link"), required=False, max_length=500, assume_scheme="https", widget=forms.URLInput
    )
    note = forms.CharField(label=gettext_lazy("A note"), required=False, max_length=2000, widget=forms.Textarea)

    def __init__(self, *args: Any, evidence: Evidence, action: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"id_{evidence.pk}_%s", **kwargs})
        self.evidence = evidence
        self.fields["note"].widget.attrs["rows"] = 2
        self.helper = helper(action, _("Attach"))

    def clean_file(self) -> tuple[str, str, bytes] | None:
        upload = self.cleaned_data["file"]
        if not upload:
            return None
        if upload.size > EvidenceFile.MOST_BYTES:
            raise forms.ValidationError(gettext_lazy("That file is larger than 5 MB. Send a part of it, or a link."))
        if self.evidence.files.count() >= EvidenceFile.MOST_FILES:
            raise forms.ValidationError(gettext_lazy("There are six files here already. Add a link instead."))
        data, name = upload.read(), upload.name[-200:]
        if (upload.content_type or "").startswith("image/"):
            try:
                data, kind = clean_photo(data)
            except BadPhotoError as problem:
                raise forms.ValidationError(str(problem)) from None
            return name, kind, data
        return name, "application/octet-stream", data

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(said.values()):
            raise forms.ValidationError(gettext_lazy("Choose a file, or write a link or a note."))
        return said

    def save_by(self, by: Person) -> None:
        said = self.cleaned_data
        files = [said["file"]] if said["file"] else []
        self.evidence.attach(by=by, files=files, link=said["link"], note=said["note"])


class LevelForm(forms.Form):
    """A level set by hand."""

    level = forms.TypedChoiceField(label=gettext_lazy("Level"), choices=LEVELS, coerce=int)
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=500)
    until = forms.DateField(label=gettext_lazy("Until"), widget=DATE)

    def __init__(
        self, *args: Any, learner: Learner, competency: Competency, until: dt.date, action: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **{"auto_id": "id_hand_%s", **kwargs})
        self.learner, self.competency = learner, competency
        self.fields["until"].initial = until
        self.helper = helper(action, _("Set by hand"))

    def clean_until(self) -> dt.date:
        until: dt.date = self.cleaned_data["until"]
        if until <= self.learner.home.today():
            raise forms.ValidationError(gettext_lazy("That day has come already. Choose a later one."))
        return until

    def save_by(self, by: Person) -> None:
        said = self.cleaned_data
        LevelOverride.set_by_hand(
            self.learner, self.competency, said["level"], reason=said["reason"], until=said["until"], by=by
        )


def not_later(day: dt.date, today: dt.date) -> dt.date:
    if day > today:
        raise forms.ValidationError(gettext_lazy("That day has not come yet. Choose today or a day before."))
    return day


def _zone(section: Section) -> Any:
    return ZoneInfo(section.school.time_zone)
