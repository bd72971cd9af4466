"""What a password has to be, wherever it is chosen: long enough, not a common one, not the one it replaces."""

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from . import rules
from .models import Person


class LongEnough:
    """Refuse fewer characters than the rulebook says."""

    def validate(self, password: str, user: Person | None = None) -> None:  # noqa: ARG002  Django's signature
        """Raise ValidationError for one that is too short."""
        least = rules.figure("signin.password", "characters")
        if len(password) < least:
            said = gettext("密码至少要有 %(n)d 个字符。")
            raise ValidationError(said % {"n": least}, code="password_too_short")

    def get_help_text(self) -> str:
        """Return the rule in words."""
        return gettext("密码至少要有 %(n)d 个字符。") % {"n": rules.figure("signin.password", "characters")}


class Another:
    """Refuse the password that somebody has already: a first password is changed, not kept."""

    def validate(self, password: str, user: Person | None = None) -> None:
        """Raise ValidationError for the one in use."""
        if user is not None and user.pk and user.password_by and user.check_password(password):
            raise ValidationError(gettext("请换一个口令，不要再用别人给您的那个。"), code="password_kept")

    def get_help_text(self) -> str:
        """Return the rule in words."""
        return gettext("请换一个口令，不要再用别人给您的那个。")


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
