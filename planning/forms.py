"""What people may put into a table, and in which shape it arrives. `value()` of a cell's form is in normal form."""

from __future__ import annotations

import json
from itertools import zip_longest
from typing import Any
from uuid import UUID

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from profiles.models import Org, Person, StaffTeam

from . import cells
from .models import Comment, Strategy, StrategyTable, TableMember, mentioned_in

LAST_VERSION = 2**31 - 1
"""The greatest number a version's column holds."""


def offer(form: forms.BaseForm, name: str, rows: QuerySet[Any]) -> forms.ModelChoiceField[Any]:
    """The rows that a field lets people choose from: known only when the form is made."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
    return field


class TableForm(forms.ModelForm[StrategyTable]):
    """A new table asks a title and the kind of meeting, nothing else first (and which school, for who works at two)."""

    school = forms.ModelChoiceField(Org.objects.none(), label=_("School"), empty_label=None)

    class Meta:
        model = StrategyTable
        fields = ("title", "meeting_kind", "school")

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["title"].help_text = _("What the team will recognize: “Known by name in ninth grade”.")
        schools = Org.objects.filter(pk__in={role.org_id for role in by.staff_roles if role.org.org_kind == "school"})
        school = offer(self, "school", schools)
        school.initial = schools.first()
        if len(schools) == 1:
            school.widget = forms.HiddenInput()
            school.required = False
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_school(self) -> Org:
        return self.cleaned_data["school"] or self.fields["school"].initial

    def save(self, commit: bool = True) -> StrategyTable:
        chosen = self.cleaned_data
        return StrategyTable.begin(
            chosen["school"], chosen["title"], chosen["meeting_kind"], by=self.by, team=self._team()
        )

    def _team(self) -> StaffTeam | None:
        """The person's own team of that kind of meeting, where there is just one."""
        teams = StaffTeam.objects.filter(
            school=self.cleaned_data["school"],
            meeting_kind=self.cleaned_data["meeting_kind"],
            memberships__in=self.by.team_memberships.current(),
        ).distinct()[:2]
        return teams[0] if len(teams) == 1 else None


class TableDetailsForm(forms.ModelForm[StrategyTable]):
    """Rename, kind of meeting, year, who may read."""

    class Meta:
        model = StrategyTable
        fields = ("title", "meeting_kind", "school_year", "members_only", "show_example")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = range(self.instance.school_year - 2, self.instance.school_year + 4)
        choices = [(year, f"{year}–{(year + 1) % 100:02d}") for year in years]
        self.fields["school_year"] = forms.TypedChoiceField(choices=choices, coerce=int, label=_("School year"))
        self.helper = FormHelper()
        self.helper.form_tag = False

    def save_by(self, person: Person) -> None:
        table = StrategyTable.objects.get(pk=self.instance.pk)
        table.describe(by=person, **self.cleaned_data)


class ShareForm(forms.Form):
    """Add a person of the school or a team as a member."""

    who = forms.ChoiceField(label=_("Who"))
    role = forms.TypedChoiceField(choices=TableMember.Role.choices, coerce=int, label=_("May"), initial=2)

    def __init__(self, *args: Any, table: StrategyTable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.teams = {f"team:{team.pk}": team for team in table.school.staff_teams.all()}
        staff = Person.objects.staff_of([table.school_id, table.school.parent_id]).by_name()
        labels = staff_labels(staff)
        self.people = {f"person:{person.pk}": person for person in staff}
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            (_("Teams"), [(key, str(team)) for key, team in self.teams.items()]),
            (_("People"), [(key, labels[person.pk]) for key, person in self.people.items()]),
        ]
        self.helper = FormHelper()
        self.helper.form_tag = False

    def save_by(self, person: Person, table: StrategyTable) -> None:
        key = self.cleaned_data["who"]
        table.share(self.teams.get(key) or self.people[key], self.cleaned_data["role"], by=person)


def staff_labels(staff: Any) -> dict[Any, str]:
    """How each person is called in a list: by name, and by e-mail or sign-in name too where two share a name."""
    names = [str(person) for person in staff]
    return {
        person.pk: str(person)
        if names.count(str(person)) == 1
        else f"{person} · {person.email or person.contact_email or person.sign_in_name or person.pk}"
        for person in staff
    }


def one_line(text: str) -> str:
    return " ".join(cells.normal_text(text).split())


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


class CellForm(forms.Form):
    """One cell of a row. A save is told apart by `op_id` and started from `base_version`."""

    op_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    base_version = forms.IntegerField(min_value=0, max_value=LAST_VERSION, widget=forms.HiddenInput)

    def __init__(self, *args: Any, cell: str, table: StrategyTable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cell, self.table = cell, table
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def value(self) -> Any:
        raise NotImplementedError

    @staticmethod
    def fields_of(value: Any) -> dict[str, Any]:
        """The fields that show `value`."""
        raise NotImplementedError


class TextCellForm(CellForm):
    text = forms.CharField(
        required=False, strip=False, max_length=cells.LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = cells.HEADS[self.cell]
        self.fields["text"].help_text = cells.QUESTIONS[self.cell]

    def value(self) -> str:
        return cells.normal_text(self.cleaned_data["text"])

    @staticmethod
    def fields_of(value: str) -> dict[str, Any]:
        return {"text": value}


class AreasCellForm(CellForm):
    areas = forms.MultipleChoiceField(
        required=False, choices=cells.Area.choices, widget=forms.CheckboxSelectMultiple, label=cells.HEADS["areas"]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = self.fields["areas"]
        assert isinstance(areas, forms.MultipleChoiceField)
        areas.help_text = cells.QUESTIONS["areas"]
        areas.choices = [
            (area.value, format_html("<b>{}</b> <small>{}</small>", area.label, cells.AREA_MEANINGS[area]))
            for area in cells.Area
        ]

    def value(self) -> list[str]:
        return [area for area in cells.Area.values if area in self.cleaned_data["areas"]]

    @staticmethod
    def fields_of(value: list[str]) -> dict[str, Any]:
        return {"areas": value}


class SupportsField(forms.Field):
    """A mapping as JSON. What cannot be read, or has no end, counts as not given: no person typed it."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> dict[str, Any]:
        try:
            given = json.loads(value or "{}")
        except (ValueError, RecursionError):
            return {}
        return given if isinstance(given, dict) else {}

    def prepare_value(self, value: Any) -> Any:
        return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


class LinesCellForm(CellForm):
    """Effects, one a line. `supports` carries the kind of support already given to a line, by its text."""

    lines = forms.CharField(
        required=False, strip=False, max_length=cells.LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )
    supports = SupportsField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lines"].label = cells.HEADS[self.cell]
        self.fields["lines"].help_text = _("%(question)s One a line.") % {"question": cells.QUESTIONS[self.cell]}

    def clean_lines(self) -> str:
        lines = cells.normal_text(self.cleaned_data["lines"])
        if lines.count("\n") >= cells.MOST_LINES:
            raise ValidationError(_("Write at most %(most)s lines in one cell.") % {"most": cells.MOST_LINES})
        return lines

    def value(self) -> list[dict[str, str]]:
        supports = dict(self.cleaned_data["supports"])
        texts = dict.fromkeys(filter(None, map(str.strip, self.cleaned_data["lines"].split("\n"))))
        # On the row's own page each line that was there has a choice of its own.
        data = self.data if isinstance(self.data, QueryDict) else QueryDict()
        supports |= dict(zip(data.getlist("tagged"), data.getlist("tag"), strict=False))
        return [
            {"text": text, "support": supports[text] if supports.get(text) in cells.Support.values else ""}
            for text in texts
        ]

    @staticmethod
    def fields_of(value: list[dict[str, str]]) -> dict[str, Any]:
        return {
            "lines": "\n".join(line["text"] for line in value),
            "supports": {line["text"]: line["support"] for line in value if line["support"]},
        }


class PeopleWidget(forms.Widget):
    """Names or roles, one a line, with a mark on the one who leads.

    Data: [{"name": str, "person": id or "", "lead": bool}, …]. The id tells two people of one name apart; it counts
    only while the name beside it is still that person's.
    """

    template_name = "planning/people_widget.html"
    SPARE = 2

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        given = list(value or [])
        context["people"] = [*given, *({"name": "", "person": "", "lead": False} for _n in range(self.SPARE))]
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, Any]]:
        lead = data.get(f"{name}_lead")
        return [
            {"name": typed, "person": person, "lead": str(n) == lead}
            for n, (typed, person) in enumerate(
                zip_longest(map(one_line, data.getlist(name)), data.getlist(f"{name}_id"), fillvalue="")
            )
            if typed
        ]


class PeopleField(forms.Field):
    widget = PeopleWidget

    def clean(self, value: Any) -> list[dict[str, Any]]:
        people: list[dict[str, Any]] = super().clean(value) or []
        if len(people) > cells.MOST_LINES:
            raise ValidationError(_("Name at most %(most)s people or roles in one cell.") % {"most": cells.MOST_LINES})
        for one in people:
            if len(one["name"]) > 200:
                raise ValidationError(
                    _("“%(start)s…” is longer than 200 characters: shorten it, or put it under why.")
                    % {"start": one["name"][:40]}
                )
        return people


class ResponsibleCellForm(CellForm):
    who = PeopleField(
        required=False, label=_("Who"), help_text=_("Staff by name, or a role in words. Mark the one who leads.")
    )
    why = forms.CharField(
        required=False,
        strip=False,
        max_length=cells.LONGEST_TEXT,
        label=_("Why them?"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def value(self) -> dict[str, Any]:
        return {"people": self._people(), "why": cells.normal_text(self.cleaned_data["why"])}

    def _people(self) -> list[dict[str, Any]]:
        typed = self.cleaned_data["who"]
        known: dict[str, str] = {}
        chosen: dict[str, str] = {}
        if typed:
            staff = list(Person.objects.staff_of([self.table.school_id]))
            known = {label.casefold(): str(pk) for pk, label in staff_labels(staff).items()}
            ids = [one["person"] for one in typed if is_uuid(one["person"])]
            chosen = {str(person.pk): str(person) for person in Person.objects.filter(pk__in=ids)} if ids else {}
        people: dict[str, dict[str, Any]] = {}
        for one in typed:
            same = chosen.get(one["person"], "").casefold() == one["name"].casefold()
            person = one["person"] if same else known.get(one["name"].casefold())
            item: dict[str, Any] = {"person": person} if person else {"role": one["name"]}
            people.setdefault(cells.person_key(item), {**item, "lead": True} if one["lead"] else item)
        return list(people.values())

    @staticmethod
    def fields_of(value: dict[str, Any]) -> dict[str, Any]:
        return {
            "who": [
                {
                    "name": one.get("name") or one.get("role", ""),
                    "person": one.get("person", ""),
                    "lead": one.get("lead", False),
                }
                for one in value["people"]
            ],
            "why": value["why"],
        }


FORM_OF: dict[str, type[CellForm]] = {
    "description": TextCellForm,
    "areas": AreasCellForm,
    "responsible": ResponsibleCellForm,
    "student_effects": LinesCellForm,
    "teacher_effects": LinesCellForm,
    "assessment": TextCellForm,
}


class MoveForm(forms.Form):
    """Where in the table a row goes: first (no `after`), or behind another."""

    after = forms.ModelChoiceField(
        Strategy.objects.none(), required=False, label=_("Move behind"), empty_label=_("the top of the table")
    )
    op_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, strategy: Strategy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.strategy = strategy
        offer(self, "after", strategy.table.strategies.standing().exclude(pk=strategy.pk))
        self.helper = FormHelper()
        self.helper.form_tag = False

    def save_by(self, person: Person) -> None:
        self.strategy.move(after=self.cleaned_data["after"], by=person, op_id=self.cleaned_data["op_id"])


class TransferForm(forms.Form):
    """Another table of the same school that a row goes to: one this person may edit too."""

    target = forms.ModelChoiceField(StrategyTable.objects.none(), label=_("Move to another table"), empty_label=None)

    def __init__(self, *args: Any, strategy: Strategy, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.strategy, self.by = strategy, by
        table = strategy.table
        editable = StrategyTable.objects.visible_to(by).open().edited().in_school(table.school)
        offer(self, "target", editable.exclude(pk=table.pk))
        self.helper = FormHelper()
        self.helper.form_tag = False

    def save(self) -> StrategyTable:
        target: StrategyTable = self.cleaned_data["target"]
        self.strategy.transfer(target, by=self.by)
        return target


class CopyForm(forms.Form):
    """A table for another year, begun with this one's rows."""

    title = forms.CharField(label=_("Title"), max_length=160)
    with_unfinished = forms.BooleanField(
        required=False, initial=True, label=_("Take along the rows that still lack something")
    )

    def __init__(self, *args: Any, table: StrategyTable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = table
        years = range(table.school_year, table.school_year + 4)
        choices = [(year, f"{year}–{(year + 1) % 100:02d}") for year in years]
        self.fields["school_year"] = forms.TypedChoiceField(
            label=_("School year"), coerce=int, choices=choices, initial=table.school_year + 1
        )
        self.fields["title"].initial = table.title
        self.helper = FormHelper()
        self.helper.form_tag = False

    def save_by(self, person: Person) -> StrategyTable:
        chosen = self.cleaned_data
        return self.table.copy(
            chosen["title"], chosen["school_year"], with_unfinished=chosen["with_unfinished"], by=person
        )


class CommentForm(forms.Form):
    """A comment on a row or a cell, or an answer to one. @name tells that person."""

    body = forms.CharField(label=_("Comment"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))
    cell = forms.ChoiceField(label=_("About"), required=False, choices=[("", _("the whole row")), *cells.HEADS.items()])
    must_answer = forms.BooleanField(label=_("This must be answered"), required=False)
    parent = forms.ModelChoiceField(Comment.objects.none(), required=False, widget=forms.HiddenInput)
    op_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, strategy: Strategy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.strategy = strategy
        offer(self, "parent", strategy.comments.filter(parent=None))
        self.fields["body"].help_text = _("@ and a name tells a colleague: @Maya Torres.")
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_body(self) -> str:
        body = cells.normal_text(self.cleaned_data["body"])
        if not body:
            raise ValidationError(_("Write something first."))
        return body

    def save_by(self, person: Person) -> Comment:
        said = self.cleaned_data
        members = list(Person.objects.staff_of([self.strategy.table.school_id, self.strategy.table.school.parent_id]))
        labels = staff_labels(members)
        return Comment.say(
            self.strategy,
            said["body"],
            by=person,
            mentioned=mentioned_in(said["body"], {labels[one.pk]: one for one in members}),
            cell=said["cell"],
            must_answer=said["must_answer"],
            parent=said["parent"],
            op_id=said["op_id"],
        )


class VersionForm(forms.Form):
    """Which version of a cell, a row or a table is meant."""

    version = forms.IntegerField(min_value=0)


class DayForm(forms.Form):
    day = forms.DateField(label=_("As of"), widget=forms.DateInput(attrs={"type": "date"}))


class DecisionForm(forms.Form):
    """Theirs, mine, or both in one text."""

    choice = forms.ChoiceField(choices=[("theirs", ""), ("mine", ""), ("combine", "")])
    seen_version = forms.IntegerField(min_value=0)


class PresenceForm(forms.Form):
    """Where a tab of mine is: `<row id>/<cell>`, or nowhere."""

    tab = forms.UUIDField()
    place = forms.RegexField(r"^[0-9a-f-]{36}/[a-z_]{4,20}$", required=False)
    gone = forms.BooleanField(required=False)
