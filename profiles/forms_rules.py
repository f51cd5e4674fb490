"""What leaders type about rules for levels, criteria and results."""

from __future__ import annotations

import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout, Submit
from django import forms
from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from .mastery import PARAMETERS, PRESET, Policy
from .models import (
    Branch,
    CircularCriteria,
    Competency,
    CriteriaGroup,
    Criterion,
    Leaf,
    Level,
    MasteryPolicy,
    Org,
    Person,
    RuleTrial,
    write_tree,
)
from .results import Look, match, students_of
from .rule_words import ONE_SLIP, SENTENCES

Method = MasteryPolicy.Method
SHARE_METHODS, COUNT_METHODS = (Method.WEIGHTED, Method.DECAYING), (Method.MODE, Method.N_MASTERY)


class CodeField(forms.CharField):
    """A competency by its code, among those a person may see."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=64, **kwargs)
        self.widget.attrs.update(autocomplete="off", spellcheck="false")


def competency_of(code: str, person: Person) -> Competency:
    """Raises `forms.ValidationError` where none or several are meant."""
    found = list(Competency.objects.visible_to(person).standing().filter(code__iexact=code.strip())[:2])
    if len(found) != 1:
        several = _("Several frameworks have %(code)s. Rename one of them, or choose another.")
        none = _("There is no skill with the code %(code)s in the frameworks here.")
        raise forms.ValidationError(several if found else none, params={"code": code})
    return found[0]


class RuleForm(forms.Form):
    """A rule to try, before anything changes."""

    method = forms.ChoiceField(label=_("The rule"), widget=forms.RadioSelect)
    slip_known = forms.BooleanField(
        label=_("I know that one slip weighs for long"), required=False, help_text=_("Only for the curve of growth.")
    )
    k = forms.IntegerField(
        label=_("How many pieces"),
        min_value=1,
        max_value=20,
        help_text=_("For the most frequent of the last, and for enough at secure."),
    )
    share = forms.IntegerField(
        label=_("Share of the newest, in percent"),
        min_value=1,
        max_value=99,
        help_text=_("For the two rules with a share."),
    )
    known_before = forms.FloatField(label=_("Known before"), min_value=0.01, max_value=0.99)
    learned = forms.FloatField(label=_("Learned on the way"), min_value=0, max_value=0.99)
    slips = forms.FloatField(label=_("Slips"), min_value=0.01, max_value=0.49)
    guesses = forms.FloatField(label=_("Lucky guesses"), min_value=0.01, max_value=0.49)
    min_evidence = forms.IntegerField(label=_("Pieces of evidence before anything is known"), min_value=1, max_value=20)
    min_kinds = forms.IntegerField(label=_("Different kinds among them"), min_value=1, max_value=8)
    require_independent = forms.BooleanField(label=_("At least one on the student's own"), required=False)
    refresh_days = forms.IntegerField(label=_("Days until a refresh is suggested"), min_value=7, max_value=1000)
    code = CodeField(
        label=_("Only for the skill with this code"), required=False, help_text=_("Empty: for all skills.")
    )

    TRACING = {"known_before": "L0", "learned": "T", "slips": "S", "guesses": "G"}

    def __init__(self, *args: Any, org: Org, by: Person, rule: Policy = PRESET, **kwargs: Any) -> None:
        kwargs.setdefault("initial", self.said_by(rule))
        super().__init__(*args, **kwargs)
        self.org, self.by = org, by
        self.competency: Competency | None = None
        method = self.fields["method"]
        assert isinstance(method, forms.ChoiceField)
        method.choices = [(one.value, _choice(one)) for one in Method]
        for name in ("k", "share", *self.TRACING):
            self.fields[name].required = False
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "method",
            "slip_known",
            Div("k", "share", css_class="fields"),
            Fieldset(_("For right and wrong answers: how likely is it"), Div(*self.TRACING, css_class="fields")),
            Fieldset(
                _("Before anything is said"),
                Div("min_evidence", "min_kinds", "refresh_days", css_class="fields"),
                "require_independent",
            ),
            "code",
        )
        self.helper.add_input(Submit("", _("Try it"), css_class="btn-primary"))

    @classmethod
    def said_by(cls, rule: Policy) -> dict[str, Any]:
        """What the fields say for `rule`; for other methods, what is preset there."""
        preset = {name: one[0] for fields in PARAMETERS.values() for name, one in fields.items()} | dict(
            rule.parameters
        )
        return {
            "method": rule.method,
            "k": int(preset["k"]),
            "share": round(preset["w"] * 100),
            **{field: preset[name] for field, name in cls.TRACING.items()},
            "min_evidence": rule.min_evidence,
            "min_kinds": rule.min_kinds,
            "require_independent": rule.require_independent,
            "refresh_days": rule.refresh_days,
        }

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        method = said.get("method")
        if method == Method.POWER and not said.get("slip_known"):
            self.add_error("slip_known", _("Tick this if you want to try the curve of growth all the same."))
        needed: tuple[str, ...] = ()
        if method in COUNT_METHODS:
            needed = ("k",)
        elif method in SHARE_METHODS:
            needed = ("share",)
        elif method == Method.BKT:
            needed = tuple(self.TRACING)
        for name in needed:
            if said.get(name) is None and name not in self.errors:
                self.add_error(name, _("Say a number: this rule needs it."))
        if said.get("code"):
            try:
                self.competency = competency_of(said["code"], self.by)
            except forms.ValidationError as problem:
                self.add_error("code", problem)
        return said

    @property
    def rule(self) -> Policy:
        said = self.cleaned_data
        values = {"k": said["k"], "w": (said["share"] or 0) / 100} | {
            name: said[field] for field, name in self.TRACING.items()
        }
        return Policy(
            said["method"],
            {name: values[name] for name in PARAMETERS.get(said["method"], {})},
            said["min_evidence"],
            said["min_kinds"],
            said["require_independent"],
            said["refresh_days"],
        )

    def save(self) -> RuleTrial:
        return RuleTrial.objects.create(
            org=self.org, competency=self.competency, rule=MasteryPolicy.said(self.rule), by=self.by
        )


def _choice(method: Method) -> str:
    said = format_html('<b>{}</b> <span class="quiet">{}</span>', method.label, SENTENCES[method])
    return said + format_html(' <span class="need">{}</span>', ONE_SLIP) if method == Method.POWER else said


class ResultFileForm(forms.Form):
    """A file of results."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_(
            "By item: student_id, date, item, learning_standards, result. "
            "By objective: student_id, date, objective, raw, max."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt"}),
    )


class ResultMatchForm(forms.Form):
    """Who the test means by ids that nobody here has, and which skills by codes that fit none."""

    rest = forms.ChoiceField(
        label=_("Everybody below of whom you say nothing"),
        required=False,
        choices=[("", _("decide later")), ("create", _("make a student")), ("skip", _("leave out"))],
    )
    leave_codes = forms.BooleanField(label=_("Leave out the codes below that stay empty"), required=False)

    def __init__(self, *args: Any, looked: Look, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.looked, self.by, self.org = looked, by, looked.record.org
        schools = Org.objects.schools()
        if self.org.org_kind == Org.Kind.SCHOOL:
            schools = schools.filter(pk=self.org.pk)
        self.fields["school"] = forms.ModelChoiceField(
            schools,
            label=_("School of the students you make"),
            required=False,
            initial=schools.first(),
            empty_label=None,
        )
        meant = [("", "—"), ("person", _("this student")), ("create", _("make a student")), ("skip", _("leave out"))]
        for n, one in enumerate(looked.unknown):
            self.fields[f"meant_{n}"] = forms.ChoiceField(
                label=_("Who is %(id)s?") % {"id": one}, choices=meant, required=False
            )
            who = forms.TextInput(attrs={"list": "students", "autocomplete": "off", "placeholder": _("name or id")})
            self.fields[f"who_{n}"] = forms.CharField(
                label=_("Name or id of the student for %(id)s") % {"id": one},
                required=False,
                max_length=255,
                widget=who,
            )
        for n, code in enumerate(looked.unmatched):
            self.fields[f"code_{n}"] = CodeField(label=_("Code here for %(code)s") % {"code": code}, required=False)
        for name, field in self.fields.items():
            if name.startswith(("meant_", "who_", "code_")):
                kind = "form-select" if name.startswith("meant_") else "form-control"
                field.widget.attrs |= {"aria-label": field.label, "class": kind}
        self.people: dict[str, tuple[str, uuid.UUID | None]] = {}
        self.codes: dict[str, str] = {}

    @property
    def people_rows(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        return [(one, self[f"meant_{n}"], self[f"who_{n}"]) for n, one in enumerate(self.looked.unknown)]

    @property
    def code_rows(self) -> list[tuple[str, forms.BoundField]]:
        return [(code, self[f"code_{n}"]) for n, code in enumerate(self.looked.unmatched)]

    @property
    def students(self) -> list[str]:
        """Names to choose from: of students whose record the reader may open."""
        return [str(one) for one in students_of(self.org).visible_to(self.by).with_person().by_name()]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        school = said.get("school")
        for n, one in enumerate(self.looked.unknown):
            meant = said.get(f"meant_{n}") or ("person" if said.get(f"who_{n}") else said.get("rest"))
            if meant == "person":
                self._clean_person(n, one, said.get(f"who_{n}", ""))
            elif meant == "create" and school is None:
                self.add_error("school", _("Choose the school of the students you make."))
            elif meant:
                self.people[one] = (meant, school.pk if meant == "create" and school else None)
        for n, code in enumerate(self.looked.unmatched):
            if here := said.get(f"code_{n}"):
                try:
                    self.codes[code] = str(competency_of(here, self.by).pk)
                except forms.ValidationError as problem:
                    self.add_error(f"code_{n}", problem)
            elif said.get("leave_codes"):
                self.codes[code] = ""
        return said

    def _clean_person(self, n: int, source_id: str, who: str) -> None:
        """By name among those one may see; by the school's ids among all."""
        who = " ".join(who.split())
        ids = Q(person__sourced_id=who) | Q(person__sign_in_name=who.lower())
        found = list(students_of(self.org).filter(ids)[:2]) if who else []
        if who and not found:
            seen = students_of(self.org).visible_to(self.by).with_person()
            found = [one for one in seen if who.casefold() in (str(one).casefold(), one.person.full_name.casefold())]
        if len(found) == 1:
            self.people[source_id] = ("person", found[0].pk)
        else:
            several = _("Several students are called so. Write the id that the school gave.")
            none = _("No student here is called so. Write the name as it stands in the list, or the school's id.")
            self.add_error(f"who_{n}", several if found else none)

    def save(self) -> None:
        match(self.looked.record, self.people, self.codes, by=self.by)


GROUPS = 3


class CriteriaForm(forms.Form):
    """What it takes to have a skill whose parts are shown: up to three groups, joined by all or any."""

    together = forms.ChoiceField(
        label=_("It takes"), choices=[("AND", _("all of these groups")), ("OR", _("any one of these groups"))]
    )

    def __init__(self, *args: Any, competency: Competency, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.competency, self.by = competency, by
        levels = [(one.value, one.label) for one in Level if one]
        for n in range(GROUPS):
            self.fields[f"codes_{n}"] = forms.CharField(
                label=_("Skills by code, one a line"),
                required=False,
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
            )
            self.fields[f"needed_{n}"] = forms.IntegerField(
                label=_("How many of them"), required=False, min_value=1, max_value=200, help_text=_("Empty: all.")
            )
            self.fields[f"level_{n}"] = forms.TypedChoiceField(
                label=_("Shown at least at"), choices=levels, coerce=int, initial=Level.SECURE.value
            )
            self.fields[f"kinds_{n}"] = forms.IntegerField(
                label=_("By so many kinds of evidence"),
                required=False,
                min_value=2,
                max_value=8,
                help_text=_("Empty: any."),
            )

    @property
    def groups(self) -> list[tuple[forms.BoundField, list[forms.BoundField]]]:
        others = ("needed", "level", "kinds")
        return [(self[f"codes_{n}"], [self[f"{name}_{n}"] for name in others]) for n in range(GROUPS)]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        self.branches: list[Branch] = []
        for n in range(GROUPS):
            codes = [line.strip() for line in said.get(f"codes_{n}", "").splitlines() if line.strip()]
            try:
                asked = [competency_of(code, self.by) for code in codes]
            except forms.ValidationError as problem:
                self.add_error(f"codes_{n}", problem)
                continue
            if asked and not self.errors:
                self.branches.append(self._branch(asked, said, n))
        return said

    def _branch(self, asked: list[Competency], said: dict[str, Any], n: int) -> Branch:
        level, kinds, needed = said[f"level_{n}"], said[f"kinds_{n}"], said[f"needed_{n}"] or 0
        if needed > len(asked):
            self.add_error(f"needed_{n}", _("There are only %(n)s of them.") % {"n": len(asked)})
        parts: list[Branch | Leaf] = []
        for one in asked:
            shown = Leaf(Criterion.Kind.LEVEL, one, level)
            parts.append(Branch(0, [shown, Leaf(Criterion.Kind.KINDS, one, kinds)]) if kinds else shown)
        return Branch(needed, parts)

    def save(self) -> bool:
        """Whether it is written; else a sentence stands on the form."""
        any_of = self.cleaned_data["together"] == CriteriaGroup.Op.OR
        tree = Branch(int(any_of), self.branches) if self.branches else None
        try:
            write_tree(self.competency, tree, by=self.by)
        except CircularCriteria:
            self.add_error(
                None, _("This skill would ask for itself, directly or by way of another. Leave that one out.")
            )
            return False
        return True
