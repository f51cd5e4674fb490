"""What families type."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Learner, Person, ProfileEntry

Section = ProfileEntry.Section


class FamilyCodeForm(forms.Form):
    """The code that belongs to a family's link."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Six digits. They are on your slip, or the school told you."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code"}),
    )


class FamilyWordsForm(forms.Form):
    """What a family tells the school about their child."""

    section = forms.ChoiceField(
        label=_("What about?"),
        choices=[
            (Section.STRENGTH, _("What your child is good at")),
            (Section.INTEREST, _("What your child cares about")),
            (Section.LEARNS_BEST, _("How your child learns best")),
            (Section.HOME, _("What the school should know about home")),
            (Section.NEED, _("What your child needs")),
        ],
    )
    text = forms.CharField(
        label=_("In your words"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In any language. Your child and the adults at school who work with your child read it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def save(self, learner: Learner, *, by: Person) -> ProfileEntry:
        said = self.cleaned_data
        return ProfileEntry.write(learner, said["section"], said["text"], voice=ProfileEntry.Voice.FAMILY, by=by)
