from django.urls import include, path

from . import health, home, live

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", home.search, name="search"),
    path("live/versions/", live.live_versions, name="live_versions"),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("accounts/", include("profiles.urls_accounts")),
    path("planning/", include("planning.urls")),
    path("profiles/", include("profiles.urls")),
    path("family/", include("profiles.urls_family")),
    path("", include("workshops.urls")),
]

handler403 = "config.errors.denied"
handler404 = "config.errors.not_found"
handler500 = "config.errors.failed"
handler429 = "config.errors.too_many"  # allauth asks for this one
