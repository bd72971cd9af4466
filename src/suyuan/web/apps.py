"""The console as a Django application."""

from django.apps import AppConfig


class Web(AppConfig):
    """Pages for people."""

    name = "suyuan.web"
    label = "web"
