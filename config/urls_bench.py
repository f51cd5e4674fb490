"""The site's routes and the demo's, and the bench's floors. Only the bench's settings know these."""

from django.urls import path
from django.utils.module_loading import autodiscover_modules

from . import floors, urls_demo
from .urls import handler403, handler404, handler429, handler500

__all__ = ["handler403", "handler404", "handler429", "handler500", "urlpatterns"]

autodiscover_modules("bench")

urlpatterns = [
    *urls_demo.urlpatterns,
    path("floor/page/<str:name>/", floors.page, name="floor_page"),
    path("floor/save/<str:name>/", floors.save, name="floor_save"),
]
