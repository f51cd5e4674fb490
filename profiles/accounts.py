"""How allauth signs people in here: plain sentences, mail from the worker, nobody signs up by themselves."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .models import Person
from .tasks import mail_password_reset

_MISMATCH = _("That name and password do not go together. Check both and try again.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _MISMATCH,
        "username_password_mismatch": _MISMATCH,
        "invalid_login": _MISMATCH,
        "too_many_login_attempts": _(
            "Too many tries with this name. Wait five minutes and try again, or ask for a new password."
        ),
        "enter_current_password": _("That is not your present password."),
        "incorrect_password": _("That is not your present password."),
        "invalid_password_reset": _("This link was used already or is too old. Ask for a new one."),
        "rate_limited": _("That was too often in a short time. Wait a minute and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_password_reset_mail(self, user: Person, email: str, context: dict[str, Any]) -> None:
        root = self.request.build_absolute_uri("/")
        mail_password_reset.enqueue(str(user.pk), email, root, get_language() or "en")

    def respond_user_inactive(self, request: HttpRequest, user: Person) -> HttpResponse:
        messages.error(request, _("This account was closed. Ask whoever leads your school."))
        return redirect("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Changing the password signs out everywhere, here too."""
        return reverse("account_login")
