from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SiteConfig(AppConfig):
    """The site itself. What it gathers from the apps it finds by module name, so it imports none of them."""

    name = "config"

    def ready(self) -> None:
        autodiscover_modules("home", "streams")
