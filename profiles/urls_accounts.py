"""Sign-in, and nothing else of what allauth offers: nobody signs up, confirms or manages e-mail here."""

from allauth.account import views as allauth_views
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as authenticator
from allauth.mfa.webauthn import views as passkey
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from .second_factor import PLACE
from .views import accounts, slips

second_factor = [
    path("", accounts.second_factor, name="mfa_index"),
    path("code/", factor.authenticate, name="mfa_authenticate"),
    path("trust/", factor.trust, name="mfa_trust"),
    path("confirm/", factor.reauthenticate, name="mfa_reauthenticate"),
    path("authenticator/add/", authenticator.activate_totp, name="mfa_activate_totp"),
    path("authenticator/remove/", authenticator.deactivate_totp, name="mfa_deactivate_totp"),
    # Passkeys are listed with the rest; allauth asks for the name.
    path("passkeys/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("passkeys/add/", passkey.add_webauthn, name="mfa_add_webauthn"),
    path("passkeys/confirm/", passkey.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("passkeys/<int:pk>/remove/", passkey.remove_webauthn, name="mfa_remove_webauthn"),
    path("recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
]

urlpatterns = [
    path("login/", allauth_views.login, name="account_login"),
    path("first/", slips.first_sign_in, name="account_first"),
    path("logout/", accounts.sign_out, name="account_logout"),
    path("confirm/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", accounts.password_change, name="account_change_password"),
    path("password/reset/", allauth_views.password_reset, name="account_reset_password"),
    path("password/reset/done/", allauth_views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        allauth_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path(PLACE.removeprefix("accounts/"), include(second_factor)),
]
