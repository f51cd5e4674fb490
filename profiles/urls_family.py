"""The family's page by a link and a code, without an account."""

from django.urls import path

from .views import family

urlpatterns = [
    path("<slug:token>/", family.family_detail, name="family_detail"),
    path("<slug:token>/enter/", family.family_enter, name="family_enter"),
    path("<slug:token>/say/", family.family_say, name="family_say"),
    path("<slug:token>/words/<uuid:entry>/withdraw/", family.family_withdraw, name="family_withdraw"),
    path("<slug:token>/acknowledge/", family.family_acknowledge, name="family_acknowledge"),
    path("<slug:token>/leave/", family.family_leave, name="family_leave"),
]
