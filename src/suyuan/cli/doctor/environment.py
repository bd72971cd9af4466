"""What of the environment cannot be read at all: every such variable, before anything is built on them."""

import os
from collections.abc import Iterator

from suyuan.config.env import VARIABLES

from .finding import Finding, error


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
