"""The repository speaks of the product alone: not of the place or the tools it was made with."""

import re

from codebase import ROOT, files, short

TEXTS = (
    ".py",
    ".md",
    ".toml",
    ".html",
    ".txt",
    ".js",
    ".css",
    ".json",
    ".lock",
    ".ini",
    ".po",
    ".cfg",
    ".yml",
    "",
)
PLACES = r"\.\./shared|/(?:home|root|tmp|work)/\w|file:///"
REGISTRIES = (
    r"--(extra-)?index-url|--find-links|\bpypi\.|pythonhosted|registry\.npm|artifactory|devpi|/simple/"
)
MAKERS = (
    r"\b(clau" + r"de|anthro" + r"pic|chat" + r"gpt|copi" + r"lot|gemi" + r"ni|ll" + r"ms?|language model)\b"
)
SPEAKS = re.compile(f"{PLACES}|{REGISTRIES}|{MAKERS}", re.IGNORECASE)
ITSELF = {"tests/guards/test_product_alone.py"}


def strangers(text: str) -> list[str]:
    """Return what a text says that is not about the product."""
    return [found[0] for found in SPEAKS.finditer(text)]


def texts():
    """Return the files that people read; vendored ones are their authors' own."""
    own = [path for path in files(*TEXTS) if "vendor" not in path.parts and short(path) not in ITSELF]
    return {short(path): path.read_text(encoding="utf-8", errors="replace") for path in own}


def test_no_file_speaks_of_where_or_with_what_it_was_made():
    everything = texts()

    assert {"README.md", "pyproject.toml", "Makefile", ".ci/run"} - set(everything) == set()
    assert {name: strangers(text) for name, text in everything.items() if strangers(text)} == {}


def test_the_guard_sees_what_it_is_for():
    planted = "see ../shared/x, /home/somebody, pip --extra-index-url https://pypi.example/simple/"

    assert strangers(planted) == ["../shared", "/home/s", "--extra-index-url", "pypi.", "/simple/"]
    assert strangers("A field work/rest plan, suyuan/worktime.py and https://suyuan.example/") == []


def test_nothing_is_left_for_later():
    """Unfinished work belongs in an issue, where somebody owns it."""
    later = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX)\b|raise NotImplemented" + r"Error")
    ours = {name: text for name, text in texts().items() if name.endswith((".py", ".html", ".js", ".toml"))}

    assert [name for name, text in ours.items() if later.search(text)] == []


def test_the_lock_names_packages_and_hashes_alone():
    allowed = re.compile(
        r"\s*(#.*|--hash=sha256:[0-9a-f]{64}( \\)?|[a-z0-9.-]+(\[[a-z,]+\])?==\S+( ;.*?)?( \\)?)?"
    )
    locks = sorted(ROOT.glob("requirements*.lock"))

    assert [lock.name for lock in locks] == [
        "requirements-dev.lock",
        "requirements-spark.lock",
        "requirements.lock",
    ]
    odd = [line for lock in locks for line in lock.read_text().splitlines() if not allowed.fullmatch(line)]
    assert odd == []
