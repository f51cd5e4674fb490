"""What people write into a student's record: about themselves or each other, goals, reflections, talks, conferences."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import permissions, voice
from .models import (
    CheckIn,
    Commitment,
    Competency,
    Conference,
    EntryChanged,
    Evidence,
    Expectation,
    Goal,
    Learner,
    Person,
    ProfileEntry,
    Reflection,
    Section,
    Why,
)
from .models.goals import CONFERENCE_EVIDENCE

Section_ = ProfileEntry.Section
FAMILY_SECTIONS = (Section_.STRENGTH, Section_.HOME, Section_.INTEREST, Section_.NEED)
NEED_WEEKS = 12
"""For how long an adult's need stands unless another day is set."""

EDUCATION_RECORD = _("What you write here is an education record: the student and the family may ask to read it.")
OWN_NOTE = _("Only you read this. It is an education record all the same: family may ask for it.")
PROMISES = 3


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _helper(button: str | Promise, *, action: str = "", primary: bool = True) -> FormHelper:
    helper = FormHelper()
    helper.form_action = action
    helper.attrs = {"data-saves": ""}
    submit = Submit("", button)
    if not primary:
        submit.field_classes = "btn"
    helper.add_input(submit)
    return helper


class EntryForm(forms.Form):
    """One thing somebody says of a student; `entry` is what it takes the place of."""

    section = forms.ChoiceField(label=_("It is about"))
    text = forms.CharField(label=_("In your words"), max_length=voice.TEXT_AT_MOST, widget=_area())
    strategy = forms.CharField(
        label=_("What helps"),
        max_length=1000,
        required=False,
        widget=_area(2),
        help_text=_("A need comes with a strength to build on, or with what is being done."),
    )
    expires_on = forms.DateField(
        label=_("Until"), required=False, widget=DateInput, help_text=_("A need ends, unless somebody says it anew.")
    )
    visibility = forms.ChoiceField(label=_("Who may read it"), widget=forms.RadioSelect)
    op_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, learner: Learner, entry: ProfileEntry | None = None, **kwargs: Any) -> None:
        self.learner, self.entry = learner, entry
        self.voice = permissions.voice_of(learner)
        until = learner.home.today() + dt.timedelta(weeks=NEED_WEEKS)
        initial: dict[str, Any] = {"op_id": uuid.uuid4(), "expires_on": until}
        if entry:
            initial |= {name: getattr(entry, name) for name in ("section", "text", "strategy", "visibility")}
            initial["expires_on"] = entry.expires_on or until
        kwargs["initial"] = initial | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        section, visibility = self.fields["section"], self.fields["visibility"]
        assert isinstance(section, forms.ChoiceField)
        assert isinstance(visibility, forms.ChoiceField)
        offered = FAMILY_SECTIONS if self.voice == ProfileEntry.Voice.FAMILY else Section_
        section.choices = [(one.value, one.label) for one in offered]
        allowed = permissions.visibilities(learner)
        visibility.choices = [(one, visibility_label(learner, one)) for one in allowed]
        if self.initial.get("visibility") not in allowed:
            self.initial["visibility"] = allowed[0]
        if self.voice == ProfileEntry.Voice.ADULT:
            self.fields["text"].help_text = EDUCATION_RECORD
        else:
            del self.fields["strategy"], self.fields["expires_on"]
        self.helper = _helper(_("Save"))

    def clean(self) -> dict[str, Any] | None:
        said = super().clean()
        if self.voice == ProfileEntry.Voice.ADULT and self.cleaned_data.get("section") == Section_.NEED:
            if not self.cleaned_data.get("strategy"):
                self.add_error("strategy", _("Say what helps: a strength to build on, or what is being done."))
            until = self.cleaned_data.get("expires_on")
            if until is None or until <= self.learner.home.today():
                self.add_error("expires_on", _("Choose a day after today on which this ends."))
        return said

    def save(self, *, by: Person) -> ProfileEntry:
        """Raises `EntryChanged` where somebody said it anew meanwhile."""
        said = self.cleaned_data
        need = said["section"] == Section_.NEED and self.voice == ProfileEntry.Voice.ADULT
        return ProfileEntry.write(
            self.learner,
            said["section"],
            said["text"],
            voice=self.entry.voice if self.entry else self.voice,
            by=by,
            visibility=said["visibility"],
            strategy=said.get("strategy", ""),
            expires_on=said.get("expires_on") if need else None,
            prompt=self.entry.prompt if self.entry else "",
            supersedes=self.entry,
            op_id=said["op_id"],
        )


def visibility_label(learner: Learner, visibility: str) -> str | Promise:
    """“My advisor only” is how a student says it; everyone else reads whose advisor is meant."""
    labels = {
        ProfileEntry.Visibility.ALL: _("everyone who may open this record, family too"),
        ProfileEntry.Visibility.STAFF: _("the student and the adults at school"),
        ProfileEntry.Visibility.ADVISOR: _("the student and the advisor"),
        ProfileEntry.Visibility.RESTRICTED: _("counselors and leaders only"),
    }
    if learner.why == Why.SELF:
        labels |= {
            ProfileEntry.Visibility.ALL: _("everyone at school who knows me, and my family"),
            ProfileEntry.Visibility.STAFF: _("the adults at school who know me"),
            ProfileEntry.Visibility.ADVISOR: _("my advisor only"),
        }
    return labels[ProfileEntry.Visibility(visibility)]


class AnswerForm(forms.Form):
    """One answer to a prompt; `seen` is the entry that stood there when the page was made."""

    text = forms.CharField(required=False, max_length=voice.TEXT_AT_MOST, widget=_area(2))
    visibility = forms.ChoiceField(label=_("Who may read it"))
    seen = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, learner: Learner, prompt: str, entry: ProfileEntry | None, **kwargs: Any) -> None:
        initial = {"text": entry.text, "visibility": entry.visibility, "seen": entry.pk} if entry else {}
        kwargs |= {"initial": initial, "auto_id": f"{prompt}_%s"}
        super().__init__(*args, **kwargs)
        self.learner, self.prompt, self.entry = learner, prompt, entry
        self.section, self.question = prompts_for(learner)[prompt]
        visibility = self.fields["visibility"]
        assert isinstance(visibility, forms.ChoiceField)
        visibility.choices = [(one, visibility_label(learner, one)) for one in permissions.visibilities(learner)]

    def save(self, *, by: Person) -> None:
        """Empty words take the answer back; the same words for the same readers change nothing.

        Raises `EntryChanged` where another answer stands there than the writer saw.
        """
        text, visibility = self.cleaned_data["text"].strip(), self.cleaned_data["visibility"]
        seen = ProfileEntry.objects.filter(learner=self.learner, author=by, pk=self.cleaned_data["seen"]).first()
        if seen is None and self.entry is not None and text not in ("", self.entry.text):
            raise EntryChanged(self.entry)
        if text and (seen is None or (text, visibility) != (seen.text, seen.visibility)):
            ProfileEntry.write(
                self.learner,
                self.section,
                text,
                voice=permissions.voice_of(self.learner),
                by=by,
                visibility=visibility,
                prompt=self.prompt,
                supersedes=seen,
            )
        elif seen and not text:
            seen.withdraw(by=by)


def prompts_for(learner: Learner) -> dict[str, tuple[ProfileEntry.Section, str | Promise]]:
    return voice.PROMPTS if learner.why == Why.SELF else voice.FAMILY_PROMPTS


class ReplyForm(forms.Form):
    """What the student thinks of what was written."""

    reply = forms.CharField(label=_("Your answer"), required=False, max_length=1000, widget=_area())

    def __init__(self, *args: Any, entry: ProfileEntry, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"reply": entry.reply})
        super().__init__(*args, **kwargs)
        self.helper = _helper(_("Answer"))


class SurveyForm(forms.Form):
    """A file with what students answered."""

    file = forms.FileField(
        label=_("Excel or CSV file"),
        help_text=_("One row a student, one column a question, the questions in the first row."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.xlsx,.txt"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper(_("Look at the file"))
        self.helper.attrs = {}


# Goals


class GoalForm(forms.Form):
    """A new goal. An adult's goal waits for the student's answer; the student owns it."""

    text = forms.CharField(
        label=_("What I want to reach"), max_length=300, help_text=_("One thing, so small that you will see it happen.")
    )
    dimension = forms.ChoiceField(label=_("It belongs to"), choices=Competency.Dimension.choices)
    horizon = forms.ChoiceField(label=_("By when, roughly"), choices=Goal.Horizon.choices)
    parent = forms.ModelChoiceField(
        Goal.objects.none(), label=_("A step towards"), required=False, empty_label=_("Nothing larger yet")
    )
    competency = forms.ModelChoiceField(
        Competency.objects.none(),
        label=_("The skill it is about"),
        required=False,
        empty_label=_("No skill of a class"),
    )
    why = forms.CharField(label=_("Why it matters to me"), max_length=500, required=False, widget=_area(2))
    target = forms.CharField(label=_("How I will know"), max_length=200, required=False)
    due = forms.DateField(label=_("Day"), required=False, widget=DateInput)

    def __init__(self, *args: Any, learner: Learner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.learner = learner
        if learner.why != Why.SELF:
            self.fields["text"].label = _("What you suggest")
            self.fields["why"].label = _("Why it matters")
            self.fields["target"].label = _("How it will show")
        parent, competency = self.fields["parent"], self.fields["competency"]
        assert isinstance(parent, forms.ModelChoiceField)
        assert isinstance(competency, forms.ModelChoiceField)
        parent.queryset = learner.goals.standing().exclude(horizon=Goal.Horizon.WEEK)
        attended = Section.objects.current().filter(enrollments__person=learner.pk, enrollments__ends=None)
        competency.queryset = Competency.objects.filter(
            pk__in=Expectation.objects.filter(section__in=attended).values("competency")
        )
        self.helper = _helper(_("Set this goal") if learner.why == Why.SELF else _("Suggest this goal"))

    def save(self, *, by: Person) -> Goal | None:
        """None, with an error on the form, where the week is full."""
        try:
            goal = Goal.set(self.learner, by=by, **self.cleaned_data)
        except ValidationError as problem:
            self.add_error(None, problem)
            return None
        if self.learner.why != Why.SELF:
            goal.move(Goal.State.PROPOSED, by=by)
        return goal


class GoalAdjustForm(forms.Form):
    """What is aimed at, anew. Beside each field stands what the writer saw: only their own change is written."""

    SEEN = ("text", "why", "target", "due")

    text = forms.CharField(label=_("What I want to reach"), max_length=300, show_hidden_initial=True)
    why = forms.CharField(
        label=_("Why it matters"), max_length=500, required=False, widget=_area(2), show_hidden_initial=True
    )
    target = forms.CharField(label=_("How it will show"), max_length=200, required=False, show_hidden_initial=True)
    due = forms.DateField(label=_("Day"), required=False, widget=DateInput, show_hidden_initial=True)
    reason = forms.CharField(label=_("Why it changes"), max_length=500)

    def __init__(self, *args: Any, goal: Goal, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {name: getattr(goal, name) for name in self.SEEN})
        super().__init__(*args, **kwargs)
        self.goal = goal
        self.helper = _helper(_("Save"))

    def save(self, *, by: Person) -> None:
        """Raises `GoalChanged` where somebody changed the same meanwhile."""
        changed = [name for name in self.changed_data if name in self.SEEN]
        seen = {name: self._seen(name) for name in changed}
        said = {name: self.cleaned_data[name] for name in changed}
        self.goal.adjust(by=by, reason=self.cleaned_data["reason"], seen=seen, **said)

    def _seen(self, name: str) -> Any:
        bound = self[name]
        return bound.field.clean(self.data.get(bound.html_initial_name, ""))

    def seen_now(self) -> None:
        """From now on the writer has seen what stands there now: saving again writes their words."""
        self.goal.refresh_from_db()
        now = {self[name].html_initial_name: getattr(self.goal, name) or "" for name in self.SEEN}
        self.data = dict(self.data.items()) | now


class GoalMoveForm(forms.Form):
    """On to another state, with the words it asks for."""

    reason = forms.CharField(label=_("Why"), max_length=500, required=False)
    reflection = forms.CharField(
        label=_("What I did, and what helped"), max_length=2000, required=False, widget=_area()
    )

    def __init__(self, *args: Any, state: str, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{state}_%s")
        super().__init__(*args, **kwargs)
        wanted = {Goal.State.MET: "reflection", Goal.State.PARKED: "reason", Goal.State.DROPPED: "reason"}
        for name in list(self.fields):
            if name != wanted.get(Goal.State(state)):
                del self.fields[name]


class CommentForm(forms.Form):
    comment = forms.CharField(label=_("A word on it"), max_length=1000, widget=_area(2))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper(_("Write"), primary=False)


class ReflectionForm(forms.Form):
    """Four questions on one's week, answered in two minutes."""

    EFFORT = [(1, _("not much")), (2, _("some")), (3, _("a lot")), (4, _("all I had"))]

    text = forms.CharField(label=_("What went well, or what did you find out?"), max_length=2000, widget=_area())
    effort = forms.TypedChoiceField(
        label=_("How much of yourself did you put in?"),
        choices=EFFORT,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    strategy_used = forms.CharField(label=_("What did you try that helped?"), max_length=200, required=False)
    help_from = forms.CharField(label=_("Who helped, or whom will you ask?"), max_length=200, required=False)
    goal = forms.ModelChoiceField(
        Goal.objects.none(), label=_("It is about"), required=False, empty_label=_("the week as a whole")
    )
    op_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, learner: Learner, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"op_id": uuid.uuid4()})
        super().__init__(*args, **kwargs)
        self.learner = learner
        goal = self.fields["goal"]
        assert isinstance(goal, forms.ModelChoiceField)
        goal.queryset = learner.goals.standing()
        self.helper = _helper(_("Keep"))

    def save(self, *, by: Person) -> None:
        said = dict(self.cleaned_data)
        Reflection.write(self.learner, by=by, op_id=said.pop("op_id"), **said)


# Check-ins


class CheckInForm(forms.Form):
    """A talk is set for a day."""

    on = forms.DateField(label=_("Day"), widget=DateInput)
    kind = forms.ChoiceField(label=_("What kind of talk"), choices=CheckIn.Kind.choices)

    def __init__(self, *args: Any, learner: Learner, action: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"on": learner.home.today()})
        super().__init__(*args, **kwargs)
        self.helper = _helper(_("Plan the check-in"), action=action)


class HeldForm(forms.Form):
    """What a talk came to, and who promised what."""

    shared_note = forms.CharField(
        label=_("What we say together"),
        required=False,
        max_length=4000,
        widget=_area(),
        help_text=_("The student and the family read this too."),
    )
    own_note = forms.CharField(
        label=_("For yourself"), required=False, max_length=4000, widget=_area(), help_text=OWN_NOTE
    )
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=1, max_value=240)

    def __init__(self, *args: Any, check_in: CheckIn, **kwargs: Any) -> None:
        initial = {name: getattr(check_in, name) for name in ("shared_note", "own_note", "minutes")}
        kwargs.setdefault("initial", initial)
        super().__init__(*args, **kwargs)
        self.check_in = check_in
        self.promises = [PromiseForm(*args[:1], prefix=f"promise{n}", required=False) for n in range(PROMISES)]
        self.helper = FormHelper()
        self.helper.form_tag = False

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(one.is_valid() for one in self.promises)])

    def save(self, *, by: Person) -> None:
        promises = [one.cleaned_data for one in self.promises if one.cleaned_data.get("what")]
        made = [(one["who"], one["what"], one["due"]) for one in promises]
        self.check_in.hold(by=by, promises=made, **self.cleaned_data)


class PromiseForm(forms.Form):
    """Who does what by when."""

    who = forms.ChoiceField(label=_("Who"), choices=Commitment.Who.choices)
    what = forms.CharField(label=_("What"), max_length=300)
    due = forms.DateField(label=_("By"), required=False, widget=DateInput)

    def __init__(self, *args: Any, required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].required = self.fields["who"].required = required
        self.helper = FormHelper()
        self.helper.form_tag = False


class MoveForm(forms.Form):
    """Another day for a talk that did not take place."""

    day = forms.DateField(label=_("New day"), widget=DateInput)

    def __init__(self, *args: Any, learner: Learner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.learner = learner

    def clean_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["day"]
        if day < self.learner.home.today():
            raise ValidationError(_("Choose today or a later day."))
        return day


# Conferences


class ConferenceForm(forms.Form):
    """A conference is set for a day."""

    on = forms.DateField(label=_("Day"), widget=DateInput)
    attendees = forms.CharField(label=_("Who comes"), max_length=300, required=False)
    interpreter = forms.CharField(label=_("Interpreter, if needed"), max_length=80, required=False)

    def __init__(self, *args: Any, learner: Learner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.learner = learner
        self.helper = _helper(_("Plan the conference"))

    def save(self, *, by: Person) -> Conference:
        said = dict(self.cleaned_data)
        return Conference.plan(self.learner, said.pop("on"), by=by, **said)


class ChoiceForm(forms.Form):
    """Three pieces the student is going to show."""

    evidence = forms.ModelMultipleChoiceField(
        Evidence.objects.none(), label=_("What I show"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        evidence = self.fields["evidence"]
        assert isinstance(evidence, forms.ModelMultipleChoiceField)
        evidence.queryset = Evidence.objects.standing().filter(learner=conference.learner)

    def clean_evidence(self) -> list[Evidence]:
        chosen = list(self.cleaned_data["evidence"])
        if len(chosen) > CONFERENCE_EVIDENCE:
            raise ValidationError(_("Choose three at most: few things, looked at well."))
        return chosen


class NoteForm(forms.Form):
    note = forms.CharField(label=_("A line"), max_length=500)
