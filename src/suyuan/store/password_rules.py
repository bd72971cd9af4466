"""What is wrong with a password that somebody chooses, as a code; the rules are those of the settings."""

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from .models import Person

CODES = {
    "password_too_short": "too_short",
    "password_too_common": "password_too_common",
    "password_too_similar": "password_too_similar",
    "password_kept": "password_kept",
}
"""What the rules raise → our code for the field."""


def problem(password: str, person: Person) -> str | None:
    """Return the code of what is wrong with a password, or None."""
    try:
        password_validation.validate_password(password, person)
    except ValidationError as wrong:
        return CODES[str(wrong.error_list[0].code)]
    return None
