from django.urls import URLPattern

from . import urls_phones, urls_room

app_name = "workshops"
urlpatterns: list[URLPattern] = [
    *urls_room.urlpatterns,
    *urls_phones.urlpatterns,
]
