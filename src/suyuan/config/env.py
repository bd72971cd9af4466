"""Every environment variable, once, with its default and what it is for.

``docs/operate.md`` lists them from here. A value that cannot be meant stops the start with the fix.
"""

import os

VARIABLES = {
    "SUYUAN_HOME": ("./var", "folder of the database, lake, attachments and secrets"),
    "SUYUAN_DATABASE_URL": ("", "sqlite:///… or postgres://…; empty: suyuan.sqlite3 in the home"),
    "SUYUAN_DEMO": ("", "1: ten role cards instead of passwords; only with hosts on loopback"),
    "SUYUAN_HOSTS": ("127.0.0.1 localhost [::1]", "host names the console answers to, separated by spaces"),
    "SUYUAN_ORIGINS": ("", "https:// origins allowed to post forms, separated by spaces"),
}


def text(name: str) -> str:
    """Return the value of a declared variable, or its default."""
    return os.environ.get(name) or VARIABLES[name][0]


def words(name: str) -> list[str]:
    """Return a declared variable split at spaces."""
    return text(name).split()


def flag(name: str) -> bool:
    """Return whether a declared variable is 1; refuse anything but 1, 0 or nothing."""
    value = text(name)
    if value not in ("", "0", "1"):
        raise SystemExit(f"{name} must be 1, 0 or empty, not {value!r}: {VARIABLES[name][1]}")
    return value == "1"
