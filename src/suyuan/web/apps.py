"""The console as a Django application."""

from django.apps import AppConfig


class Web(AppConfig):
    """Pages for people."""

    name = "suyuan.web"
    label = "web"

    def ready(self) -> None:
        """Register what must hold before the console starts."""
        from . import checks, signals  # noqa: F401  registration needs the apps loaded
