"""Everything people type about people, teams, invitations and themselves."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.forms import LoginForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import IntegrityError
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import Course, Holiday, Invitation, MeetingKind, Org, Person, RoleAssignment, StaffTeam

MOST_HOLIDAYS = 60

TIME_ZONES: list[tuple[str, str | Promise]] = [
    ("", _("As at my school")),
    ("America/New_York", _("Eastern time")),
    ("America/Chicago", _("Central time")),
    ("America/Denver", _("Mountain time")),
    ("America/Phoenix", _("Arizona")),
    ("America/Los_Angeles", _("Pacific time")),
    ("America/Anchorage", _("Alaska")),
    ("Pacific/Honolulu", _("Hawaii")),
    ("America/Puerto_Rico", _("Puerto Rico")),
    ("Pacific/Guam", _("Guam")),
    ("Pacific/Pago_Pago", _("American Samoa")),
]


def _helper(button: str | Promise, *, action: str = "", primary: bool = True) -> FormHelper:
    """A form with its button; a page has one primary button."""
    helper = FormHelper()
    helper.form_action = action
    submit = Submit("", button)
    if not primary:
        submit.field_classes = "btn"
    helper.add_input(submit)
    return helper


class SignInForm(LoginForm):
    """By e-mail or by the sign-in name a school issued."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["login"]
        name.label = _("E-mail or sign-in name")
        name.widget = forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        )
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class CodeInput(forms.TextInput):
    def __init__(self, **attrs: Any) -> None:
        super().__init__({"autocomplete": "one-time-code", "inputmode": "numeric", **attrs})


_CODE_OR_RECOVERY_CODE = _("Six digits from your authenticator app, or a recovery code.")


class CodeForm(AuthenticateForm):
    """The second factor at sign-in."""

    code = forms.CharField(label=_("Code"), help_text=_CODE_OR_RECOVERY_CODE, widget=CodeInput(autofocus=True))


class CodeAgainForm(ReauthenticateForm):
    """The second factor of somebody who is signed in."""

    code = forms.CharField(label=_("Code"), help_text=_CODE_OR_RECOVERY_CODE, widget=CodeInput(autofocus=True))


class AuthenticatorForm(ActivateTOTPForm):
    """The first code of an authenticator app shows that it has the key."""

    code = forms.CharField(label=_("Code"), help_text=_("The six digits that the app shows now."), widget=CodeInput)


class PasskeyForm(AddWebAuthnForm):
    """A passkey that the browser has just made."""

    name = forms.CharField(
        label=_("What you call it"), max_length=60, required=False, help_text=_("For example: my phone, the blue key.")
    )


class SettingsForm(forms.ModelForm[Person]):
    """What a person decides for themselves: name shown, language, time zone, the search key."""

    language = forms.ChoiceField(label=_("Language"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    class Meta:
        model = Person
        fields = ["preferred_name", "language", "time_zone", "search_key"]
        labels = {"preferred_name": _("Name shown"), "search_key": _("The key / opens search")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language, zone = self.fields["language"], self.fields["time_zone"]
        assert isinstance(language, forms.ChoiceField)
        assert isinstance(zone, forms.ChoiceField)
        language.choices = [("", _("As the browser asks")), *_languages()]
        zone.choices = TIME_ZONES
        if self.instance.time_zone and self.instance.time_zone not in dict(TIME_ZONES):
            zone.choices = [*TIME_ZONES, (self.instance.time_zone, str(ZoneInfo(self.instance.time_zone)))]
        self.helper = _helper(_("Save"))

    def clean_preferred_name(self) -> str:
        return " ".join(self.cleaned_data["preferred_name"].split())

    def _post_clean(self) -> None:
        """The instance is the person of this request: it changes by its own verb, not while the form is looked at."""

    def keep(self) -> None:
        self.instance.keep_settings(**self.cleaned_data)


def _languages() -> list[tuple[str, str]]:
    """Each language in its own words."""
    named = []
    for code, name in settings.LANGUAGES:
        with translation.override(code):
            named.append((code, str(name)))
    return named


class InvitationForm(forms.ModelForm[Invitation]):
    """A leader asks somebody to join: name, role, perhaps a team, and an e-mail unless the link is handed over."""

    def __init__(self, *args: Any, school: Org, by: Person, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "invite_%s")
        super().__init__(*args, **kwargs)
        self.school, self.by = school, by
        given = school.roles_given_by(by)
        role, team = self.fields["role"], self.fields["team"]
        assert isinstance(role, forms.ChoiceField)
        assert isinstance(team, forms.ModelChoiceField)
        role.choices = [("", "—"), *((value, RoleAssignment.Role(value).label) for value in given)]
        team.queryset = school.staff_teams.all()
        team.empty_label = _("No team yet")
        self.fields["name"].required = True
        self.helper = _helper(_("Invite"), action=reverse("profiles:invitation_create", args=[school.pk]))

    class Meta:
        model = Invitation
        fields = ["name", "email", "role", "team"]
        labels = {"name": _("Name"), "email": _("E-mail"), "role": _("Role here"), "team": _("Team")}
        help_texts = {"email": _("Leave empty for a student without e-mail: you get a link to hand over.")}

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        email, role = self.cleaned_data.get("email"), self.cleaned_data.get("role")
        if email and email == self.by.email:
            self.add_error("email", _("That is your own e-mail."))
        elif email and self.school.role_assignments.current().filter(person__email=email, role=role).exists():
            self.add_error("email", _("This person has that role here already."))
        return cleaned

    def validate_unique(self) -> None:
        """An earlier invitation that waits for an answer gives way to this one."""

    def _post_clean(self) -> None:
        """Nothing is written through this form's own instance: the school's door makes the invitation."""

    def send(self) -> Invitation:
        return Invitation.send(self.school, by=self.by, **self.cleaned_data)


class JoinForm(forms.Form):
    """A new person accepts an invitation: their name and a password, and a sign-in name where there is no e-mail."""

    given_name = forms.CharField(
        label=_("Given name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    family_name = forms.CharField(
        label=_("Family name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    sign_in_name = forms.CharField(
        label=_("Sign-in name"),
        max_length=60,
        min_length=3,
        validators=[RegexValidator(r"\A[A-Za-z0-9._-]+\Z", _("Letters, digits, dots and hyphens only."))],
        help_text=_("Letters, digits, dots and hyphens. Capital or small makes no difference."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least ten characters. A sentence you can remember is best."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        words = invitation.name.split()
        kwargs.setdefault("initial", {"given_name": " ".join(words[:1]), "family_name": " ".join(words[1:])})
        super().__init__(*args, **kwargs)
        self.invitation = invitation
        if invitation.email:
            del self.fields["sign_in_name"]
        self.helper = _helper(_("Join"))

    def clean_sign_in_name(self) -> str:
        name = str(self.cleaned_data["sign_in_name"]).lower()
        if Person.objects.filter(sign_in_name=name).exists():
            raise ValidationError(_("Somebody has this sign-in name already. Choose another."))
        return name

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password)
        return password

    def save(self, *, language: str) -> Person | None:
        """The new person; none, with an error on the form, where the name was taken a moment ago."""
        try:
            return self.invitation.accept_as_new(language=language, **self.cleaned_data)
        except IntegrityError:
            self.add_error(None, _("Somebody took this name or e-mail a moment ago. Choose another or sign in."))
            return None


class TeamForm(forms.ModelForm[StaffTeam]):
    """A new staff team."""

    def __init__(self, *args: Any, school: Org, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "team_%s")
        super().__init__(*args, **kwargs)
        self.school = school
        self.helper = _helper(
            _("Make the team"), action=reverse("profiles:team_create", args=[school.pk]), primary=False
        )

    class Meta:
        model = StaffTeam
        fields = ["name", "meeting_kind"]
        labels = {"name": _("Name of the team"), "meeting_kind": _("Kind of meeting")}

    def clean_name(self) -> str:
        return _free_team_name(self.cleaned_data["name"], self.school)

    def save_by(self, by: Person) -> StaffTeam | None:
        kind = MeetingKind(self.cleaned_data["meeting_kind"])
        try:
            return self.school.make_team(self.cleaned_data["name"], kind, by=by)
        except IntegrityError:
            self.add_error("name", _TEAM_NAME_TAKEN)
            return None


class TeamNameForm(forms.Form):
    """A team's new name."""

    name = forms.CharField(label=_("Name of the team"), max_length=120)

    def __init__(self, *args: Any, team: StaffTeam, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"name": team.name})
        kwargs.setdefault("auto_id", "rename_%s")
        super().__init__(*args, **kwargs)
        self.team = team
        self.helper = _helper(_("Rename"), action=reverse("profiles:team_rename", args=[team.pk]), primary=False)

    def clean_name(self) -> str:
        return _free_team_name(self.cleaned_data["name"], self.team.school, but=self.team)

    def save(self, *, by: Person) -> bool:
        try:
            self.team.rename(self.cleaned_data["name"], by=by)
        except IntegrityError:
            self.add_error("name", _TEAM_NAME_TAKEN)
            return False
        return True


_TEAM_NAME_TAKEN = _("There is a team of this name already.")


def _free_team_name(name: str, school: Org, *, but: StaffTeam | None = None) -> str:
    name = " ".join(name.split())
    others = school.staff_teams.exclude(pk=but.pk) if but else school.staff_teams.all()
    if others.filter(name__iexact=name).exists():
        raise ValidationError(_TEAM_NAME_TAKEN)
    return name


class TeamMemberForm(forms.Form):
    """Somebody who works at the school and is not in the team yet."""

    person = forms.ModelChoiceField(label=_("Add"), queryset=Person.objects.none(), empty_label=_("Choose a colleague"))

    def __init__(self, *args: Any, team: StaffTeam, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.team = team
        person = self.fields["person"]
        assert isinstance(person, forms.ModelChoiceField)
        inside = team.memberships.current().values("person")
        person.queryset = Person.objects.staff_of([team.school_id]).exclude(pk__in=inside).by_name()
        self.helper = _helper(_("Add to the team"), action=reverse("profiles:team_add", args=[team.pk]))

    def save(self, *, by: Person) -> None:
        self.team.add(self.cleaned_data["person"], by=by)


class RosterForm(forms.Form):
    """A file of the student information system: a OneRoster zip, or days absent as CSV."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "A OneRoster zip (1.1 or 1.2), or a CSV of days absent with the columns student_id and date, "
            "or student_id, from and to."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".zip,.csv,.txt"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper(_("Look at it"))


class HolidayForm(forms.Form):
    """A day without school, in the whole district or at one school."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(
        label=_("Until"),
        required=False,
        help_text=_("For several days on end: the last of them."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    org = forms.ModelChoiceField(label=_("Where"), queryset=Org.objects.none(), empty_label=None)

    def __init__(self, *args: Any, district: Org, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.orgs = Org.objects.filter(Q(pk=district.pk) | Q(org_kind=Org.Kind.SCHOOL))
        org = self.fields["org"]
        assert isinstance(org, forms.ModelChoiceField)
        org.queryset = self.orgs
        org.initial = district.pk
        self.helper = _helper(_("Add"))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        first, last = self.cleaned_data.get("day"), self.cleaned_data.get("last")
        if first and last and not first <= last <= first + dt.timedelta(days=MOST_HOLIDAYS):
            self.add_error("last", _("Choose a day after the first, at most %(n)s days later.") % {"n": MOST_HOLIDAYS})
        return cleaned

    def save(self, *, by: Person) -> None:
        """Weekends are no school days anyway."""
        said = self.cleaned_data
        last = said["last"] or said["day"]
        days = [said["day"] + dt.timedelta(days=n) for n in range((last - said["day"]).days + 1)]
        with said["org"].change(by=by):
            for day in days:
                if day.weekday() < 5 or len(days) == 1:
                    Holiday.add(said["org"], day, said["name"], by=by)


class CreditsForm(forms.Form):
    """What a course earns."""

    credits = forms.DecimalField(label=_("Credits"), required=False, min_value=0, max_value=100, decimal_places=2)

    def save(self, course: Course, *, by: Person) -> None:
        course.give_credits(self.cleaned_data["credits"], by=by)
