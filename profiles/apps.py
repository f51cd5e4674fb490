from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "profiles"

    def ready(self) -> None:
        from . import tasks  # noqa: F401 (it hears when a path has moved)
