"""Traditional characters in simplified ones, by the table of a library."""

import functools
import threading
import warnings

import zhconv

_LOADING = threading.Lock()
"""Filters of warnings belong to the process: of two threads one would put back what the other took away."""


@functools.cache
def _table() -> None:
    with _LOADING, warnings.catch_warnings():  # zhconv leaves its dictionary file open
        warnings.simplefilter("ignore", ResourceWarning)
        zhconv.loaddict()


def simplified(text: str) -> str:
    """Return ``text`` in simplified characters."""
    if text.isascii():
        return text
    _table()
    return str(zhconv.convert(text, "zh-hans"))
