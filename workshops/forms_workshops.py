"""What is asked before a workshop: where, when, by which guide, who helps."""

from __future__ import annotations

import datetime as dt
from copy import deepcopy
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from profiles.models import Org, Person

from . import agenda, checklist
from .forms_kits import helper
from .models import Helper, Kit, Workshop


class TimesForm(forms.Form):
    """Title, day and times, names; the school's clock counts."""

    title = forms.CharField(label=_("Title"), max_length=160)
    day = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    begins = forms.TimeField(label=_("Begins"), required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M"))
    ends = forms.TimeField(
        label=_("Must end by"), required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M"),
        help_text=_("Empty: when the guide's planned time is over."),
    )  # fmt: skip
    names = forms.ChoiceField(
        label=_("Names"), choices=Workshop.Names.choices, initial=Workshop.Names.FIRST,
        help_text=_("Nobody must give a name; this is what people are asked for."),
    )  # fmt: skip
    people = forms.IntegerField(label=_("People expected"), required=False, min_value=1, max_value=999)

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        if chosen.get("begins") and not chosen.get("day"):
            self.add_error("day", _("On which day?"))
        if chosen.get("day") and not chosen.get("begins"):
            self.add_error("begins", _("At what time?"))
        if chosen.get("begins") and chosen.get("ends") and chosen["ends"] <= chosen["begins"]:
            self.add_error("ends", _("The end comes after the beginning."))
        return chosen

    def times(self, host: Org, kit: Any) -> tuple[dt.datetime | None, dt.datetime | None]:
        """Beginning and hard end in the host's time zone; None where no day is set."""
        chosen, zone = self.cleaned_data, ZoneInfo(host.time_zone)
        if not chosen["day"]:
            return None, None
        begins = dt.datetime.combine(chosen["day"], chosen["begins"], zone)
        if chosen["ends"]:
            return begins, dt.datetime.combine(chosen["day"], chosen["ends"], zone)
        return begins, begins + dt.timedelta(seconds=agenda.planned_s(kit))


class WorkshopForm(TimesForm):
    """A new workshop; whoever prepares it leads it."""

    host = forms.ModelChoiceField(Org.objects.none(), label=_("School or district"), empty_label=None)
    guide = forms.ChoiceField(label=_("Workshop guide"))
    field_order = ["title", "host", "guide", "day", "begins", "ends", "people", "names"]

    def __init__(self, *args: Any, orgs: Any, kits: list[Kit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kits = {str(kit.pk): kit for kit in kits}
        host, guide = self.fields["host"], self.fields["guide"]
        assert isinstance(host, forms.ModelChoiceField)
        assert isinstance(guide, forms.ChoiceField)
        host.queryset = orgs
        host.initial = orgs.first()
        guide.choices = [(key, str(kit)) for key, kit in self.kits.items()]
        self.helper = helper()

    def save(self, by: Person) -> Workshop:
        chosen = self.cleaned_data
        kit = deepcopy(self.kits[chosen["guide"]].content)
        starts_at, hard_end = self.times(chosen["host"], kit)
        workshop = Workshop.prepare(
            chosen["host"], chosen["title"], kit, by=by, starts_at=starts_at, hard_end=hard_end, names=chosen["names"]
        )
        if chosen["people"]:
            workshop.tick(checklist.PEOPLE, chosen["people"], by=by)
        return workshop


class WorkshopDetailsForm(TimesForm):
    field_order = ["title", "day", "begins", "ends", "people", "names"]

    def __init__(self, *args: Any, workshop: Workshop, **kwargs: Any) -> None:
        zone = ZoneInfo(workshop.host.time_zone)
        begins = workshop.starts_at and workshop.starts_at.astimezone(zone)
        ends = workshop.hard_end and workshop.hard_end.astimezone(zone)
        initial = {
            "title": workshop.title,
            "day": begins and begins.date(),
            "begins": begins and begins.time(),
            "ends": ends and ends.time(),
            "people": checklist.expected(workshop) or None,
            "names": workshop.names,
        }
        super().__init__(*args, **(kwargs | {"initial": initial}))
        self.workshop = workshop
        self.helper = helper()

    def save(self, by: Person) -> None:
        chosen, workshop = self.cleaned_data, self.workshop
        starts_at, hard_end = self.times(workshop.host, workshop.kit)
        with workshop.change(by=by):
            workshop.describe(
                by=by, title=chosen["title"], starts_at=starts_at, hard_end=hard_end, names=chosen["names"]
            )
            workshop.tick(checklist.PEOPLE, chosen["people"] or 0, by=by)


class GuideForm(forms.Form):
    """Another guide for a workshop whose room is not open yet."""

    guide = forms.ChoiceField(label=_("Workshop guide"))

    def __init__(self, *args: Any, kits: list[Kit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kits = {str(kit.pk): kit for kit in kits}
        guide = self.fields["guide"]
        assert isinstance(guide, forms.ChoiceField)
        guide.choices = [(key, str(kit)) for key, kit in self.kits.items()]
        self.helper = helper()

    def save(self, workshop: Workshop, by: Person) -> bool:
        return workshop.take_guide(deepcopy(self.kits[self.cleaned_data["guide"]].content), by=by)


class HelperForm(forms.Form):
    """Somebody of the host, or of the district, who helps run the room."""

    person = forms.ModelChoiceField(Person.objects.none(), label=_("Who"), empty_label=None)
    role = forms.ChoiceField(label=_("As"), choices=Helper.Role.choices)

    def __init__(self, *args: Any, workshop: Workshop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workshop = workshop
        host = workshop.host
        orgs = [host.pk, host.parent_id] if host.parent_id else [host.pk, *host.parts_of.values_list("pk", flat=True)]
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Person.objects.staff_of(orgs).exclude(pk=workshop.lead_id).by_name()
        self.helper = helper()

    def save(self, by: Person) -> None:
        self.workshop.add_helper(self.cleaned_data["person"], self.cleaned_data["role"], by=by)
