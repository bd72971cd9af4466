"""Every environment variable, once, with its default and what it is for.

``docs/operate.md`` lists them from here. A value that cannot be meant stops the start with the fix.
"""

import os
from pathlib import Path

from suyuan.domain.vocabulary import Role

VARIABLES = {
    "SUYUAN_HOME": ("./var", "folder of the database, lake, attachments and secrets"),
    "SUYUAN_DATABASE_URL": ("", "sqlite:///… or postgres://…; empty: suyuan.sqlite3 in the home"),
    "SUYUAN_DEMO": ("", "1: ten role cards instead of passwords; only with hosts on loopback"),
    "SUYUAN_HOSTS": ("127.0.0.1 localhost [::1]", "host names the console answers to, separated by spaces"),
    "SUYUAN_TLS": ("", "1: people reach the console over https; cookies are sent over nothing else"),
    "SUYUAN_PROXIES": ("0", "how many proxies stand before the console; they name the caller's address"),
    "SUYUAN_REQUIRE_MFA": ("admin audit", "roles that need a second factor, by spaces; - for none"),
    "SUYUAN_OIDC_URL": ("", "address of the OpenID Connect provider; empty: no single sign-on"),
    "SUYUAN_OIDC_NAME": ("SSO", "what its button on the sign-in page says"),
    "SUYUAN_OIDC_CLIENT": ("", "client id of this console at the provider"),
    "SUYUAN_OIDC_SECRET_FILE": ("", "file that holds the client secret"),
    "SUYUAN_OIDC_CLAIM": ("preferred_username", "claim that gives the user name of the register"),
    "SUYUAN_ORIGINS": ("", "https:// origins allowed to post forms, separated by spaces"),
    "SUYUAN_SMTP_HOST": ("localhost", "mail server that channels of carrier mail send by"),
    "SUYUAN_SMTP_PORT": ("25", "its port"),
    "SUYUAN_SMTP_SECURITY": ("none", "none, starttls or tls"),
    "SUYUAN_SMTP_USER": ("", "user name at the mail server; empty: no sign-in"),
    "SUYUAN_SMTP_PASSWORD_FILE": ("", "file that holds the password at the mail server"),
    "SUYUAN_MAIL_FROM": ("suyuan@localhost", "address that mail is sent from"),
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


def number(name: str) -> int:
    """Return a declared variable as a whole number; refuse anything else."""
    value = text(name)
    if not (value.isascii() and value.isdecimal()):
        raise SystemExit(f"{name} must be a whole number, not {value!r}: {VARIABLES[name][1]}")
    return int(value)


def one_of(name: str, allowed: tuple[str, ...]) -> str:
    """Return a declared variable that is one of a few words; refuse any other."""
    value = text(name)
    if value not in allowed:
        raise SystemExit(f"{name} must be one of {', '.join(allowed)}, not {value!r}: {VARIABLES[name][1]}")
    return value


def scheme(name: str, allowed: tuple[str, ...]) -> str:
    """Return a declared variable that is empty or an address of a kind we know; tell no more of another."""
    value = text(name)
    begins = value.partition(":")[0]
    if value and begins not in allowed:
        known = " or ".join(f"{one}://" for one in allowed)
        raise SystemExit(f"{name} must begin with {known}, not {begins[:20]}: {VARIABLES[name][1]}")
    return value


def unknown() -> list[str]:
    """Return the variables of our name that nothing reads: mostly a slip of the keys."""
    return sorted(name for name in os.environ if name.startswith("SUYUAN_") and name not in VARIABLES)


def secret_in(name: str) -> str:
    """Return what stands in the file a declared variable names, empty where it names none."""
    path = text(name)
    if not path:
        return ""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SystemExit(f"{name} names a file that cannot be read: {error}") from None


def roles(name: str) -> frozenset[str]:
    """Return a declared variable as roles; refuse one there is not, and take - for none."""
    given = frozenset(words(name)) - {"-"}
    if unknown := given - {role.value for role in Role}:
        raise SystemExit(f"{name} names no role: {' '.join(sorted(unknown))}; known: {' '.join(Role)}")
    return given
