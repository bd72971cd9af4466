"""The library's forms that ask for a code, held to the failures of passwords: counted in the database.

The library counts in the memory of each process, so several processes would bear so many times more.
"""

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.base import forms
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext

from suyuan.actions import signin as verbs
from suyuan.store.queries import signin as queries


class _Counted:
    """A form whose code opens nothing while its account or address is locked, right or wrong."""

    def clean_code(self) -> str:
        """Return the code if it is right and nothing is locked, before it is tried and once more after."""
        name = self.user.get_username()  # type: ignore[attr-defined]
        address, now = get_client_ip(context.request) or "", timezone.now()
        if queries.is_locked(name, address, now):
            raise get_adapter().validation_error("too_many_login_attempts")
        code: str = super().clean_code()  # type: ignore[misc]
        if not verbs.admitted(username=name, address=address, now=timezone.now()):
            raise get_adapter().validation_error("too_many_login_attempts")
        return code


class Authenticate(_Counted, forms.AuthenticateForm):
    """The code after the password."""


class Reauthenticate(_Counted, forms.ReauthenticateForm):
    """The code before something that matters."""


class Activate(ActivateTOTPForm):
    """The code that proves an authenticator was set up: there are no recovery codes to fall back on yet."""

    def clean_code(self) -> str:
        """Return the code if it is right; else say what makes a first code wrong."""
        try:
            code: str = super().clean_code()
        except ValidationError as wrong:
            if wrong.code != "incorrect_code":
                raise
            said = gettext(
                "动态口令不对。手机时间要设成自动；如果手机里有以前扫的本系统条目，先删掉，再重新扫码，等下一组数字出来再输。"
            )
            raise ValidationError(said, code=wrong.code) from None
        return code
