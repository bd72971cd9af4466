"""The words for codes that people meet, and for the code of an error, in Chinese and English."""

import functools
import tomllib
from collections.abc import Mapping
from importlib.resources import files

SHELVES = ("refusal", "problem", "file_problem", "import_rule")
"""The kinds of labels that words for the code of an error are looked up in."""


@functools.cache
def labels() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Return the package's own words: by kind and code, then ``zh`` and ``en``."""
    text = files("suyuan.rulebook").joinpath("labels.toml").read_text("utf-8")
    return tomllib.loads(text)


def why(code: str, lang: str) -> str:
    """Return what the code of an error means; one without words is shown as it is."""
    found = (labels().get(shelf, {}).get(code) for shelf in SHELVES)
    return next((words[lang] for words in found if words), code)
