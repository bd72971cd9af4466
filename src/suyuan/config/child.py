"""Starting a second process: Django first, then what it is to run.

What is handed over stays pickled until the tables can be imported.
"""

import importlib
import pickle
from multiprocessing.connection import Connection


def start(pipe: Connection, target: str, pickled: bytes) -> None:
    """Run ``module:function`` with the pipe and the unpickled value."""
    import django

    django.setup()
    module, name = target.split(":")
    getattr(importlib.import_module(module), name)(pipe, pickle.loads(pickled))  # noqa: S301 our own parent's bytes
