"""What a password has to be, wherever it is chosen: long enough, and not the one it replaces."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from suyuan.store import rules


class LongEnough:
    """Refuse fewer characters than the rulebook says."""

    def validate(self, password: str, user: Any | None = None) -> None:  # noqa: ARG002  Django's signature
        """Raise ValidationError for one that is too short."""
        least = rules.figure("signin.password", "characters")
        if len(password) < least:
            said = gettext("口令至少要有 %(n)d 个字符。")
            raise ValidationError(said % {"n": least}, code="password_too_short")

    def get_help_text(self) -> str:
        """Return the rule in words."""
        return gettext("口令至少要有 %(n)d 个字符。") % {"n": rules.figure("signin.password", "characters")}


class Another:
    """Refuse the password that somebody has already: a first password is changed, not kept."""

    def validate(self, password: str, user: Any | None = None) -> None:
        """Raise ValidationError for the one in use."""
        if user is not None and user.pk and user.password_by and user.check_password(password):
            raise ValidationError(gettext("请换一个口令，不要再用别人给您的那个。"), code="password_kept")

    def get_help_text(self) -> str:
        """Return the rule in words."""
        return gettext("请换一个口令，不要再用别人给您的那个。")
