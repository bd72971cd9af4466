"""The tables as a Django application."""

from django.apps import AppConfig


class Store(AppConfig):
    """Where the models live."""

    name = "suyuan.store"
    label = "store"
