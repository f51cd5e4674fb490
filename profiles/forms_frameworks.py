"""What people type about frameworks, competencies and the units of a class."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from . import framework_tree
from .models import Competency, CompetencyLink, Framework, Org, Person, Section, Unit

STATEMENT_ROOM = 2000
WORDINGS = {
    "student_en": "I can …",
    "student_es": "Puedo …",
    "family_en": "Your child can …",
    "family_es": "Su hijo o hija puede …",
}
"""Fields for an audience and a language; how such a sentence begins, in that language whatever the page's."""


class FrameworkUploadForm(forms.Form):
    """A CASE file, for the district or for a school one leads."""

    org = forms.ModelChoiceField(
        label=_("For"), queryset=Org.objects.none(), empty_label=None, help_text=_("Who may read it and change it.")
    )
    file = forms.FileField(
        label=_("Standards file (CASE, JSON)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".json,application/json"}),
    )

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        org = self.fields["org"]
        assert isinstance(org, forms.ModelChoiceField)
        org.queryset = orgs_shaped_by(by)


def orgs_shaped_by(person: Person) -> Any:
    """As `permissions.can_shape_frameworks`, the district first."""
    orgs = Org.objects.filter(org_kind__in=[Org.Kind.DISTRICT, Org.Kind.SCHOOL]).order_by("org_kind", "name")
    return orgs if person.leads_district else orgs.filter(pk__in=person.led_school_ids)


class WordingForm(forms.Form):
    """What is said here of a competency that came with a file: its dimension, and its wording by audience, language."""

    dimension = forms.ChoiceField(label=_("Kind of skill"), choices=Competency.Dimension.choices)
    student_en = forms.CharField(label=_("For students, in English"))
    student_es = forms.CharField(label=_("For students, in Spanish"))
    family_en = forms.CharField(label=_("For families, in English"))
    family_es = forms.CharField(label=_("For families, in Spanish"))

    def __init__(self, *args: Any, competency: Competency | None = None, **kwargs: Any) -> None:
        if competency:
            kwargs.setdefault("initial", _initial(competency))
        super().__init__(*args, **kwargs)
        self.competency = competency
        for name, begins in WORDINGS.items():
            field = self.fields[name]
            assert isinstance(field, forms.CharField)
            field.required, field.max_length = False, 500
            field.widget = forms.Textarea(attrs={"rows": 2, "maxlength": 500, "lang": name[-2:], "placeholder": begins})

    @property
    def wordings(self) -> list[forms.BoundField]:
        return [self[name] for name in WORDINGS]

    @property
    def said(self) -> dict[str, Any]:
        """For `Framework.add` and `Competency.revise`."""
        said: dict[str, Any] = {
            "dimension": self.cleaned_data["dimension"],
            "student_wording": {},
            "family_wording": {},
        }
        for name in WORDINGS:
            audience, language = name.split("_")
            if words := self.cleaned_data[name].strip():
                said[f"{audience}_wording"][language] = words
        return said

    def save(self, *, by: Person) -> None:
        assert self.competency
        self.competency.revise(by=by, **self.said)


class CompetencyForm(WordingForm):
    """A competency written here."""

    statement = forms.CharField(
        label=_("What a student can do"),
        max_length=STATEMENT_ROOM,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One sentence that begins with what they do: asks, explains, compares."),
    )
    code = forms.CharField(
        label=_("Short code"), max_length=64, required=False, help_text=_("For example: H.1. It heads the columns.")
    )

    field_order = ("statement", "code", "dimension")

    @property
    def said(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {**super().said, "statement": cleaned["statement"].strip(), "code": cleaned["code"].strip()}

    def add_to(self, framework: Framework, *, by: Person) -> Competency:
        return framework.add(by=by, **self.said)


def _initial(competency: Competency) -> dict[str, Any]:
    said = {"student": competency.student_wording, "family": competency.family_wording}
    wordings = {name: said[audience].get(language, "") for name in WORDINGS for audience, language in [name.split("_")]}
    plain = {"statement": competency.statement, "code": competency.code, "dimension": competency.dimension}
    return {**plain, **wordings}


class SuccessorField(forms.ModelChoiceField[Competency]):
    def label_from_instance(self, obj: Competency) -> str:
        return " ".join(part for part in (obj.code, obj.plain[:80]) if part)


class WithdrawForm(forms.Form):
    """With what takes its place, if anything does."""

    successor = SuccessorField(
        label=_("In its place"),
        queryset=Competency.objects.none(),
        required=False,
        empty_label=_("Nothing takes its place"),
        help_text=_("What students have shown counts for it from then on."),
    )

    def __init__(self, *args: Any, competency: Competency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        successor = self.fields["successor"]
        assert isinstance(successor, SuccessorField)
        standing = competency.framework.competencies.standing().filter(ratable=True)
        successor.queryset = standing.exclude(pk=competency.pk)


class StrengthForm(forms.Form):
    strength = forms.ChoiceField(choices=CompetencyLink.Strength.choices)


class UnitForm(forms.Form):
    title = forms.CharField(max_length=120)

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())


class UnitMoveForm(forms.Form):
    places = forms.TypedChoiceField(coerce=int, choices=[(-1, "-1"), (1, "1")])


class SectionCopyForm(forms.Form):
    """Another class one may see, to take its units from."""

    other = forms.ModelChoiceField(label=_("Class"), queryset=Section.objects.none(), empty_label=None)

    def __init__(self, *args: Any, section: Section, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        other = self.fields["other"]
        assert isinstance(other, forms.ModelChoiceField)
        seen = Section.objects.visible_to(by).exclude(pk=section.pk)
        self.others = other.queryset = seen.filter(pk__in=Unit.objects.values("section"))


class OwnCompetencyForm(forms.Form):
    """A competency typed while a unit is made: into the school's own framework."""

    statement = forms.CharField(label=_("What a student can do"), max_length=STATEMENT_ROOM)
    code = forms.CharField(label=_("Short code"), max_length=64, required=False)
    dimension = forms.ChoiceField(label=_("Kind of skill"), choices=Competency.Dimension.choices)


class CompetenciesForm(forms.Form):
    """Ticked skills and headings of a framework; a heading means its whole branch."""

    competency = forms.TypedMultipleChoiceField(
        coerce=uuid.UUID, error_messages={"required": _("Tick at least one skill or one heading.")}
    )

    def __init__(self, *args: Any, framework: Framework, grade: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.framework, self.grade = framework, grade
        field = self.fields["competency"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(pk), "") for pk in framework.competencies.standing().values_list("pk", flat=True)]

    def clean_competency(self) -> list[Competency]:
        return framework_tree.skills_below(self.framework, set(self.cleaned_data["competency"]), grade=self.grade)
