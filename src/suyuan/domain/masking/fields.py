"""Hiding values that are personal as a whole."""

import re
import unicodedata

from .text import mask

_UNSAFE = re.compile(r"[^\w.\-（）()]+")


def mask_file_name(name: str, most: int = 120) -> str:
    """Return a file's own name as it may be kept: masked, of characters any disk takes, its ending whole."""
    return _UNSAFE.sub("_", mask(name))[-most:]


def mask_phone(value: str) -> str:
    """Return a phone or account number with its middle hidden."""
    value = unicodedata.normalize("NFKC", value)
    return value if len(value) < 5 else value[:3] + "*" * (len(value) - 5) + value[-2:]


def mask_name(value: str) -> str:
    """Return a name as its first character and stars."""
    return value[:1] + "*" * max(len(value) - 1, 0)


def mask_address(value: str) -> str:
    """Return an address down to the street, the rest hidden."""
    cut = re.search(r"(路|街|道|巷|镇|乡|村)", value)
    return value[: cut.end()] + "***" if cut else value[:6] + "***"
