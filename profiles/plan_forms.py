"""What people type about plans, steps and units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import (
    Competency,
    Experience,
    Goal,
    Learner,
    LearningPlan,
    Modality,
    Person,
    PlanItem,
    StepAnswer,
    StudentProposal,
)

Choices = Sequence[tuple[str, str | Promise]]
WAITS: Choices = [("7", _("for a week")), ("14", _("for two weeks")), ("day", _("until a day"))]
LONGEST_WAIT = 180


def helper(button: str | Promise, *, primary: bool = False) -> FormHelper:
    made = FormHelper()
    made.form_tag = False
    submit = Submit("", button)
    if not primary:
        submit.field_classes = "btn"
    made.add_input(submit)
    return made


class PlanForm(forms.Form):
    """A plan begins with its name."""

    title = forms.CharField(label=_("Name of the plan"), max_length=120, help_text=_("Such as: fall, or my first one."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "plan_%s")
        super().__init__(*args, **kwargs)
        self.helper = helper(_("Begin a plan"), primary=True)

    def save(self, learner: Learner, *, by: Person) -> LearningPlan:
        return LearningPlan.begin(learner, self.cleaned_data["title"], by=by)


class ItemForm(forms.ModelForm):  # type: ignore[type-arg]
    """One thing in a plan, of one's own or changed."""

    towards = forms.ChoiceField(label=_("What it leads to"))

    LATER = ("place", "pace", "evidence_expected")
    """Asked on its own page only: an idea is written down in half a minute."""

    class Meta:
        model = PlanItem
        fields = [
            *("text", "modality", "place", "with_whom", "block", "pace"),
            *("minutes", "screen_minutes", "evidence_expected"),
        ]
        labels = {
            "text": _("What to do"),
            "modality": _("In which way"),
            "place": _("Where"),
            "with_whom": _("With whom"),
            "block": _("When this week"),
            "pace": _("How fast"),
            "minutes": _("Minutes a week"),
            "screen_minutes": _("Of these, minutes at a screen"),
            "evidence_expected": _("What it will show"),
        }

    def __init__(
        self, *args: Any, goals: Sequence[Goal], skills: Choices, button: str | Promise, **kwargs: Any
    ) -> None:
        kwargs.setdefault("auto_id", "item_%s")
        super().__init__(*args, **kwargs)
        towards = self.fields["towards"]
        assert isinstance(towards, forms.ChoiceField)
        aims = [(f"goal {one.pk}", one.text) for one in goals]
        skilled = [(f"competency {pk}", words) for pk, words in skills]
        towards.choices = [
            *([(_("A goal"), aims)] if aims else []),
            *([(_("A skill"), skilled)] if skilled else []),
            (PlanItem.Aim.CONNECTION.value, _("Getting to know somebody")),
        ]
        item = self.instance
        if not item._state.adding:
            if item.aim == PlanItem.Aim.EXPERIENCE or (item.aim == "competency" and item.competency_id is None):
                del self.fields["towards"]
            else:
                towards.initial = f"{item.aim} {item.goal_id or item.competency_id or ''}".strip()
                if towards.initial not in {key for key, _words in self._flat(towards.choices)}:
                    del self.fields["towards"]
        self.fields["screen_minutes"].required = False
        for name in self.LATER if item._state.adding else ():
            del self.fields[name]
        self.order_fields(["text", "towards"])
        self.helper = helper(button)

    @staticmethod
    def _flat(choices: Any) -> list[tuple[str, Any]]:
        return [
            pair for key, words in choices for pair in (words if isinstance(words, (list, tuple)) else [(key, words)])
        ]

    def clean_screen_minutes(self) -> int:
        return self.cleaned_data["screen_minutes"] or 0

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        minutes, screen = said.get("minutes"), said.get("screen_minutes") or 0
        if minutes is not None and screen > minutes:
            self.add_error("screen_minutes", _("That is more than all its minutes."))
        return said

    def said(self) -> dict[str, Any]:
        values = {name: self.cleaned_data[name] for name in self._meta.fields or [] if name in self.fields}
        towards = self.cleaned_data.get("towards")
        if towards:
            aim, _space, pk = towards.partition(" ")
            values |= {
                "aim": aim,
                "goal_id": pk if aim == PlanItem.Aim.GOAL else None,
                "competency_id": pk if aim == PlanItem.Aim.COMPETENCY else None,
            }
        return values


class WayForm(forms.Form):
    """How a step is taken: in a way, at a time, at a pace, within what the school has."""

    modality = forms.ChoiceField(label=_("In which way"))
    block = forms.ChoiceField(label=_("When this week"))
    pace = forms.ChoiceField(label=_("How fast"), choices=PlanItem.Pace.choices, initial=PlanItem.Pace.STEADY)

    def __init__(self, *args: Any, ways: Choices, blocks: Choices, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "way_%s")
        super().__init__(*args, **kwargs)
        for name, choices in (("modality", ways), ("block", blocks)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        self.helper = helper(_("Put it into my plan"), primary=True)


class NotNowForm(forms.Form):
    """Until when a step is put off."""

    wait = forms.ChoiceField(label=_("Not now"), choices=WAITS)
    day = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("wait") == "day":
            day, last = said.get("day"), self.today + dt.timedelta(days=LONGEST_WAIT)
            if day is None or not self.today < day <= last:
                self.add_error("day", _("Choose a day after today, within half a year."))
        return said

    @property
    def until(self) -> dt.date:
        wait = self.cleaned_data["wait"]
        day: dt.date = self.cleaned_data["day"] if wait == "day" else self.today + dt.timedelta(days=int(wait))
        return day


class AskForm(forms.Form):
    """Whom a student asks, and what."""

    adult = forms.ChoiceField(label=_("Ask"))
    words = forms.CharField(label=_("What about"), max_length=300, required=False)

    def __init__(self, *args: Any, learner: Learner, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "ask_%s")
        super().__init__(*args, **kwargs)
        self.adults = {str(person.pk): person for person in learner.adults}
        adult = self.fields["adult"]
        assert isinstance(adult, forms.ChoiceField)
        adult.choices = [(str(person.pk), f"{person}, {section}") for person, section in learner.adults.items()]

    def save(self, learner: Learner, competency: Competency, *, by: Person) -> Person:
        asked = self.adults[self.cleaned_data["adult"]]
        StepAnswer.say(
            learner, competency, StepAnswer.Answer.ASKED, by=by, words=self.cleaned_data["words"], asked=asked
        )
        return asked


SLIDERS: dict[str, tuple[Any, Choices]] = {
    "challenge": (
        _("Harder or easier"),
        [
            ("1", _("easier")),
            ("2", _("a little easier")),
            ("3", _("as it is")),
            ("4", _("a little harder")),
            ("5", _("harder")),
        ],
    ),
    "pace": (
        _("Faster or slower"),
        [
            ("1", _("slower")),
            ("2", _("a little slower")),
            ("3", _("as it is")),
            ("4", _("a little faster")),
            ("5", _("faster")),
        ],
    ),
    "repetition": (
        _("More or less practice"),
        [
            ("1", _("less practice")),
            ("2", _("a little less")),
            ("3", _("as it is")),
            ("4", _("a little more")),
            ("5", _("more practice")),
        ],
    ),
}


class SlidersForm(forms.Form):
    """How a student likes the next steps chosen: 1 to 5 each, 3 changes nothing."""

    def __init__(self, *args: Any, learner: Learner, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "slide_%s")
        super().__init__(*args, **kwargs)
        self.learner = learner
        for name, (label, choices) in SLIDERS.items():
            self.fields[name] = forms.TypedChoiceField(
                label=label, choices=choices, coerce=int, initial=str(getattr(learner, name))
            )
        self.helper = helper(_("Choose steps this way"))

    def save(self, *, by: Person) -> None:
        self.learner.steer(by=by, **self.cleaned_data)


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=300, required=False, strip=True)


class StateForm(forms.Form):
    """Where a plan or something in it goes."""

    state = forms.ChoiceField()
    reason = forms.CharField(max_length=300, required=False)

    def __init__(self, *args: Any, moves: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        state = self.fields["state"]
        assert isinstance(state, forms.ChoiceField)
        state.choices = [(one, one) for one in moves]


class ChosenForm(forms.Form):
    """Which lines of a page were ticked."""

    chosen = forms.MultipleChoiceField(error_messages={"required": _("Tick at least one.")})

    def __init__(self, *args: Any, among: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["chosen"]
        assert isinstance(chosen, forms.MultipleChoiceField)
        chosen.choices = [(one, one) for one in among]


def _in_words(competency: Competency) -> str:
    return f"{competency.code} {competency.short or competency.statement}".strip()


class _WithSkills(forms.ModelForm):  # type: ignore[type-arg]
    def __init__(self, *args: Any, skills: Any, button: str | Promise, primary: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("outcomes", "needs"):
            if name in self.fields:
                field = self.fields[name]
                assert isinstance(field, forms.ModelMultipleChoiceField)
                field.queryset = skills
                field.label_from_instance = _in_words  # type: ignore[assignment, method-assign]
                field.help_text = ""
        for name in ("minutes", "capacity"):
            if name in self.fields:
                self.fields[name].required = False
        self.helper = helper(button, primary=primary)

    def said(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class ExperienceForm(_WithSkills):
    """A unit that students of a school may choose."""

    class Meta:
        model = Experience
        fields = [
            *("title", "about", "outcomes", "needs", "modality", "mentor", "mentor_name"),
            *("place", "minutes", "screen_minutes", "capacity"),
        ]
        labels = {
            "title": _("Name of the unit"),
            "about": _("What one does in it"),
            "outcomes": _("Skills it leads to"),
            "needs": _("Skills needed first"),
            "modality": _("In which way"),
            "mentor": _("Who goes along"),
            "mentor_name": _("Their name"),
            "place": _("Where"),
            "minutes": _("Minutes a week"),
            "screen_minutes": _("Of these, minutes at a screen"),
            "capacity": _("Places"),
        }
        widgets = {"about": forms.Textarea({"rows": 3})}


class OwnUnitForm(_WithSkills):
    """A unit of a student's own making."""

    class Meta:
        model = StudentProposal
        fields = ["question", "outcomes", "evidence", "adult"]
        labels = {
            "question": _("My question"),
            "outcomes": _("Skills I will show"),
            "evidence": _("How I will show it"),
            "adult": _("The adult I ask"),
        }

    def __init__(self, *args: Any, learner: Learner, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="unit_%s", **kwargs)
        adult = self.fields["adult"]
        assert isinstance(adult, forms.ModelChoiceField)
        adult.queryset = Person.objects.filter(pk__in=[one.pk for one in learner.adults]).by_name()


class ReplyForm(forms.Form):
    """The answer to a student's own unit."""

    state = forms.ChoiceField(
        choices=[
            (StudentProposal.State.APPROVED, _("Yes, go ahead")),
            (StudentProposal.State.REVISE, _("Once more, please")),
            (StudentProposal.State.DECLINED, _("No")),
        ]
    )
    words = forms.CharField(max_length=500, required=False)


class CreditsForm(forms.Form):
    """How many credits a student of the school needs to graduate."""

    credits = forms.DecimalField(
        label=_("Credits to graduate"), min_value=0, max_value=999, decimal_places=2, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(_("Keep"))


WAYS_IN_EVERY_CLASS = (Modality.ALONE, Modality.PEER, Modality.SMALL_GROUP, Modality.ONE_TO_ONE, Modality.ONLINE)
"""What a class can always do; projects, fieldwork and internships need a unit of the school."""
