"""The demo's routes: the site's, and a page to sign in as anyone. Production settings cannot reach these."""

from django.urls import include, path

from . import styleguide
from .urls import handler403, handler404, handler429, handler500
from .urls import urlpatterns as site

__all__ = ["handler403", "handler404", "handler429", "handler500", "urlpatterns"]

urlpatterns = [
    *site,
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("", include("profiles.urls_demo")),
]
