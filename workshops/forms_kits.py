"""What people may put into a workshop guide. Words are written in one language at a time; the other's stay."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any
from uuid import uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Field, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from profiles.models import Org, Person

from .agenda import KIND_LABELS, clock
from .kit import Text
from .models import Kit

LINE = 300
MOST_PROMPTS = 6
ADDRESS = URLValidator(schemes=["https", "http"])
KINDS_OF_ONES_OWN = ("custom", "write", "pair", "record", "watch", "contrast", "align", "debrief")


def helper() -> FormHelper:
    made = FormHelper()
    made.form_tag = False
    return made


class ClockField(forms.Field):
    """Minutes and seconds as on a clock, “6:25”, or whole minutes, “15”. The value is in seconds."""

    default_error_messages = {"invalid": _("Write minutes, “15”, or minutes and seconds, “6:25”.")}
    widget = forms.TextInput(attrs={"inputmode": "numeric"})

    def prepare_value(self, value: Any) -> Any:
        return clock(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        said = str(value or "").strip()
        if not said:
            return None
        found = re.fullmatch(r"(\d{1,3})(?::([0-5]\d))?", said)
        if not found:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(found[1]) * 60 + int(found[2] or 0)


class LinesField(forms.CharField):
    """A list, one a line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip()]


def words(text: Text, language: str) -> str:
    return text.get(language, "")


def lines(texts: list[Text], language: str) -> list[str]:
    return [one[language] for one in texts if one.get(language)]


def said(text: Text | None, language: str, new: str) -> Text:
    """The text with new words in one language; without words there, the other language's are read."""
    kept = {one: value for one, value in (text or {}).items() if one != language}
    return {**kept, language: new} if new else kept


def said_lines(texts: list[Text], language: str, new: list[str]) -> list[Text]:
    """The list with new lines in one language: by place where the number is the same, else the new ones alone."""
    if len(new) == len(texts):
        return [said(text, language, line) for text, line in zip(texts, new, strict=True)]
    return [next((one for one in texts if one.get(language) == line), {language: line}) for line in new]


class KitCopyForm(forms.Form):
    """A guide of one's own from another: for which school or the district, and how it is called."""

    title = forms.CharField(label=_("Title"), max_length=160)
    org = forms.ModelChoiceField(Org.objects.none(), label=_("For"), empty_label=None)

    def __init__(self, *args: Any, orgs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["org"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = orgs
        self.helper = helper()

    def save(self, kit: Kit, by: Person) -> Kit:
        chosen = self.cleaned_data
        return Kit.copy(chosen["org"], chosen["title"], deepcopy(kit.content), by=by)


class KitForm(forms.Form):
    """The guide as a whole: its title, aim, outcomes, and how many people it is for."""

    title = forms.CharField(label=_("Title"), max_length=160)
    aim = forms.CharField(
        label=_("Aim"), required=False, max_length=LINE, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Shown while people arrive and at the top of the report."),
    )  # fmt: skip
    outcomes = LinesField(label=_("What people leave with"), required=False, help_text=_("One a line."))
    people_min = forms.IntegerField(label=_("People, from"), min_value=3, max_value=999)
    people_max = forms.IntegerField(label=_("to"), min_value=3, max_value=999)
    links = LinesField(
        label=_("Links"), required=False, help_text=_("One a line: the address, a blank, then what it is called.")
    )

    def __init__(self, *args: Any, kit: Kit, language: str, **kwargs: Any) -> None:
        content = kit.content
        initial = {
            "title": kit.title,
            "aim": words(content["aim"], language),
            "outcomes": lines(content["outcomes"], language),
            "people_min": content["people_min"],
            "people_max": content["people_max"],
            "links": [f"{one['url']} {words(one['title'], language)}".strip() for one in content["links"]],
        }
        super().__init__(*args, **(kwargs | {"initial": initial}))
        self.kit, self.language = kit, language
        self.helper = helper()

    def clean_links(self) -> list[tuple[str, str]]:
        found = []
        for line in self.cleaned_data["links"]:
            url, _blank, title = line.partition(" ")
            try:
                ADDRESS(url)
            except ValidationError:
                sentence = _("A link begins with https:// or http://, and this one is none: “%(line)s”.")
                raise ValidationError(sentence, params={"line": line}) from None
            found.append((url, title.strip()))
        return found

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        if chosen.get("people_min", 0) > chosen.get("people_max", 999):
            self.add_error("people_max", _("The second number is the greater one."))
        return chosen

    def save(self, by: Person) -> None:
        chosen, language = self.cleaned_data, self.language
        with self.kit.org.change(by=by):
            self.kit.refresh_from_db(fields=["content"])
            content = self.kit.content
            old = {one["url"]: one["title"] for one in content["links"]}
            new = {
                **content,
                "title": said(content["title"], language, chosen["title"]),
                "aim": said(content["aim"], language, chosen["aim"]),
                "outcomes": said_lines(content["outcomes"], language, chosen["outcomes"]),
                "people_min": chosen["people_min"],
                "people_max": chosen["people_max"],
                "links": [{"url": url, "title": said(old.get(url), language, title)} for url, title in chosen["links"]],
            }
            self.kit.write(chosen["title"], new, by=by)


class MediaForm(forms.Form):
    """What is watched in a step: the item, where it comes from, and that it is the one the step means."""

    title = forms.CharField(label=_("Title"), required=False, max_length=200)
    speaker = forms.CharField(label=_("Speaker"), required=False, max_length=120)
    place = forms.CharField(label=_("Place"), required=False, max_length=160)
    about = forms.CharField(label=_("One line on what it shows"), required=False, max_length=LINE)
    duration_s = ClockField(label=_("Length"))
    source = forms.CharField(label=_("Source"), required=False, max_length=160)
    contact = forms.CharField(label=_("Whom to ask about it"), required=False, max_length=160)
    url = forms.URLField(
        label=_("Link"), required=False, max_length=500, assume_scheme="https",
        help_text=_("Without one, the projector says “watch here” and you play your own copy."),
    )  # fmt: skip
    confirmed = forms.BooleanField(label=_("I have looked at it: this is the one the step means"), required=False)

    def __init__(self, *args: Any, item: Any, language: str, **kwargs: Any) -> None:
        self.item, self.language = item, language
        initial = {name: item[name] for name in self.base_fields} | {
            "title": words(item["title"], language) or next(iter(item["title"].values()), ""),
            "about": words(item["about"], language),
        }
        super().__init__(*args, **(kwargs | {"initial": initial}))
        self.helper = helper()

    def clean_duration_s(self) -> int:
        seconds: int = self.cleaned_data["duration_s"]
        if not seconds:
            raise ValidationError(_("How long is it?"))
        return seconds

    def written(self) -> dict[str, Any]:
        chosen = self.cleaned_data
        texts = {name: said(self.item[name], self.language, chosen[name]) for name in ("title", "about")}
        return {**self.item, **chosen, **texts}


NO_MEDIA: dict[str, Any] = {
    "slot": {}, "title": {}, "speaker": "", "place": "", "about": {}, "duration_s": 300, "source": "", "contact": "",
    "url": "", "confirmed": False,
}  # fmt: skip


def blank_step(title: str, kind: str, language: str) -> dict[str, Any]:
    """A part of one's own, ten minutes that may shrink to five."""
    is_video = kind == "watch"
    return {
        "key": f"o{uuid4().hex[:8]}", "step": 0, "kind": kind, "title": {language: title},
        "planned_s": 300 if is_video else 600, "floor_s": 300, "weight": 1.0, "stretch_s": 0 if is_video else 300,
        "optional": False, "fixed": is_video, "choice_set": "", "notes": [], "people": {}, "screen": {language: title},
        "materials": [], "roles": {}, "prompts": [],
        "media": {**deepcopy(NO_MEDIA), "slot": {language: title}} if is_video else None,
    }  # fmt: skip


class StepAddForm(forms.Form):
    """A part of one's own: how it is called, what kind it is, and after which one it comes."""

    title = forms.CharField(label=_("Title"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=[(key, KIND_LABELS[key]) for key in KINDS_OF_ONES_OWN])
    after = forms.ChoiceField(label=_("After"))

    def __init__(self, *args: Any, kit: Kit, parts: list[dict[str, Any]], language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kit, self.language = kit, language
        field = self.fields["after"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one["key"], one["title"]) for one in parts]
        self.initial["after"] = parts[-1]["key"]
        self.helper = helper()

    def save(self, by: Person) -> str:
        """Answers the new part's key."""
        chosen = self.cleaned_data
        step = blank_step(chosen["title"], chosen["kind"], self.language)
        self.kit.add_step(chosen["after"], step, by=by)
        return str(step["key"])


class StepForm(forms.Form):
    """One part of a guide. What is watched has a form of its own beside this one."""

    title = forms.CharField(label=_("Title"), max_length=120)
    planned_s = ClockField(label=_("Planned time"), help_text=_("Minutes: “15”, or “6:25”."))
    floor_s = ClockField(label=_("Shortest time"), help_text=_("Below this the part makes no sense."))
    stretch_s = ClockField(label=_("May grow by"), required=False)
    optional = forms.BooleanField(label=_("May be left out"), required=False)
    choice_set = forms.CharField(
        label=_("Stands in for"), required=False, max_length=40,
        help_text=_("Parts that carry the same word here may stand in for one another: a room that "
        "knows much does one."),
    )  # fmt: skip
    people = forms.CharField(
        label=_("What people read"), required=False, max_length=LINE, widget=forms.Textarea({"rows": 2})
    )
    screen = forms.CharField(label=_("What the projector shows"), required=False, max_length=LINE)
    notes = LinesField(label=_("Notes for you"), required=False, help_text=_("One a line."))
    roles = forms.CharField(label=_("Who does what"), required=False, max_length=LINE)
    materials = LinesField(label=_("What is needed"), required=False, help_text=_("One a line."))

    def __init__(self, *args: Any, kit: Kit, step: Any, language: str, **kwargs: Any) -> None:
        initial = {name: step[name] for name in ("planned_s", "floor_s", "stretch_s", "optional", "choice_set")}
        initial |= {name: words(step[name], language) for name in ("title", "people", "screen", "roles")}
        initial |= {name: lines(step[name], language) for name in ("notes", "materials")}
        super().__init__(*args, **(kwargs | {"initial": initial}))
        self.kit, self.step, self.language = kit, step, language
        if step["media"]:
            for name in ("planned_s", "floor_s", "stretch_s"):
                del self.fields[name]
        self._add_prompts()
        self.helper = helper()
        self.helper.layout = self._layout()

    def _add_prompts(self) -> None:
        prompts = self.step["prompts"]
        self.prompts = min(len(prompts) + 1, MOST_PROMPTS) if self.step["kind"] in ("write", "custom") or prompts else 0
        for n in range(self.prompts):
            prompt = prompts[n] if n < len(prompts) else {"text": {}, "sheet": {}}
            self.fields[f"prompt_{n}"] = forms.CharField(
                label=_("Question %(n)s") % {"n": n + 1}, required=False, max_length=LINE,
                initial=words(prompt["text"], self.language),
            )  # fmt: skip
            self.fields[f"sheet_{n}"] = forms.CharField(
                label=_("Its sheet is called"), required=False, max_length=60,
                initial=words(prompt["sheet"], self.language),
            )  # fmt: skip

    def _layout(self) -> Layout:
        times = [
            name for name in ("planned_s", "floor_s", "stretch_s", "optional", "choice_set") if name in self.fields
        ]
        asked = [Field(f"{name}_{n}") for n in range(self.prompts) for name in ("prompt", "sheet")]
        blocks: list[Any] = [
            Fieldset(_("What happens"), "title", "people", "screen", "roles"),
            Fieldset(_("Time"), *times),
        ]
        if asked:
            note = _("A question without words is taken out.")
            blocks.append(Fieldset(_("Questions"), HTML(f'<p class="quiet">{note}</p>'), *asked))
        return Layout(*blocks, Fieldset(_("For the presenter"), "notes", "materials"))

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        planned, floor = chosen.get("planned_s"), chosen.get("floor_s")
        if planned is not None and floor is not None and planned < floor:
            self.add_error("floor_s", _("The shortest time is not longer than the planned one."))
        return chosen

    def save(self, by: Person) -> None:
        chosen, step, language = self.cleaned_data, self.step, self.language
        new = {**step, "optional": chosen["optional"], "choice_set": chosen["choice_set"]}
        if not step["media"]:
            new |= {name: chosen[name] or 0 for name in ("planned_s", "floor_s", "stretch_s")}
        new |= {name: said(step[name], language, chosen[name]) for name in ("title", "people", "screen", "roles")}
        new |= {name: said_lines(step[name], language, chosen[name]) for name in ("notes", "materials")}
        new["prompts"] = self._asked()
        self.kit.write_step(step["key"], new, by=by)

    def _asked(self) -> list[dict[str, Any]]:
        asked = []
        for n in range(self.prompts):
            text = self.cleaned_data[f"prompt_{n}"]
            old = self.step["prompts"][n] if n < len(self.step["prompts"]) else None
            if text:
                old = old or {"key": f"o{uuid4().hex[:8]}", "text": {}, "sheet": {}}
                sheet = self.cleaned_data[f"sheet_{n}"] or text[:60]
                asked.append(
                    {
                        "key": old["key"],
                        "text": said(old["text"], self.language, text),
                        "sheet": said(old["sheet"], self.language, sheet),
                    }
                )
            elif old and not words(old["text"], self.language):
                asked.append(old)  # it stands in the other language only
        return asked
