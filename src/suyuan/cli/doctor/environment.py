"""What of the environment cannot be read at all: every such variable, before anything is built on them."""

import os
from collections.abc import Iterator
from difflib import get_close_matches

from suyuan.config import env
from suyuan.config.env import VARIABLES

from .finding import Finding, error, warning


def unknown() -> Iterator[Finding]:
    """Yield each variable of our name that nothing reads, with the one that was meant if it is close."""
    for name in env.unknown():
        near = get_close_matches(name, VARIABLES, 1)
        fix = f"name it {near[0]}" if near else "leave it out; docs/operate.md lists those there are"
        yield warning("setting_unknown", f"{name} is set, and nothing reads it", fix)


def look() -> Iterator[Finding]:
    """Yield each variable that stops the settings from being read; it is set aside to find the next one."""
    from django.conf import settings

    while True:
        try:
            settings.is_overridden("INSTALLED_APPS")
        except SystemExit as wrong:
            name = str(wrong).partition(" ")[0]
            if name not in VARIABLES or os.environ.pop(name, None) is None:
                raise
            yield error("setting_unreadable", str(wrong), f"correct {name}, or leave it out, and look again")
        else:
            return
