"""Traditional characters in simplified ones, by the table of a library."""

import functools
import importlib
import threading
import warnings
from types import ModuleType

_LOADING = threading.Lock()
"""Filters of warnings belong to the process: of two threads one would put back what the other took away."""


@functools.cache
def _library() -> ModuleType:
    """Return the library with its table read, on first use: most commands convert nothing."""
    with _LOADING, warnings.catch_warnings():  # zhconv leaves its dictionary file open
        warnings.simplefilter("ignore", ResourceWarning)
        library = importlib.import_module("zhconv")
        library.loaddict()
    return library


def simplified(text: str) -> str:
    """Return ``text`` in simplified characters."""
    return text if text.isascii() else str(_library().convert(text, "zh-hans"))
