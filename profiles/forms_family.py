"""What families type, and what is typed on slips and about growth."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .models import Learner, Person, ProfileEntry, SignInSlip

Section = ProfileEntry.Section
READY = (_("I saw how you got there."), _("You stayed with it."), _("You can build on this now."))
"""What an adult may answer to growth with one tap."""


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


class SlipsForm(forms.Form):
    """Who of a class gets a slip: those named, else all who have no password yet."""

    person = forms.ModelMultipleChoiceField(queryset=Person.objects.none(), required=False)

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        self.fields["person"].queryset = Person.objects.filter(  # type: ignore[attr-defined]
            pk__in=[one.pk for one in people]
        )

    def chosen(self) -> list[Person]:
        named = {one.pk for one in self.cleaned_data["person"]}
        return [one for one in self.people if (one.pk in named if named else not one.has_usable_password())]


class FirstSignInForm(forms.Form):
    """A slip, and the password a student chooses."""

    sign_in_name = forms.CharField(
        label=_("Sign-in name"),
        max_length=60,
        help_text=_("It stands on your slip."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    code = forms.CharField(
        label=_("Code from the slip"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Choose a password"),
        help_text=_("At least ten characters. A sentence you can remember is best."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password)
        return password

    def save(self) -> Person | None:
        """The person; none, with an error on the form, where name and code do not go together."""
        said = self.cleaned_data
        person = SignInSlip.used(said["sign_in_name"], said["code"], said["password"])
        if person is None:
            self.add_error(
                "code",
                _("This name and code do not go together, or the slip was used. Check both, or ask for a new slip."),
            )
        return person


class AnswerForm(forms.Form):
    """One sentence to growth that a student shared: a ready one, or one's own."""

    ready = forms.ChoiceField(choices=[(str(n), text) for n, text in enumerate(READY)], required=False)
    own = forms.CharField(max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        ready = said.get("ready")
        said["answer"] = said.get("own") or (str(READY[int(ready)]) if ready else "")
        if not said["answer"]:
            raise ValidationError(_("Choose a sentence or write one."))
        return said
