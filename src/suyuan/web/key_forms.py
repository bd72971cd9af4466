"""The library's forms that name a security key, with the word for it that the library leaves in English."""

from typing import Any

from allauth.mfa.webauthn import forms
from django.utils.translation import gettext_lazy as _

NAMED = _("安全密钥的名称")


class _Named:
    """A form whose field has a name in both languages."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = NAMED  # type: ignore[attr-defined]


class AddKey(_Named, forms.AddWebAuthnForm):
    """A key that is added."""


class EditKey(_Named, forms.EditWebAuthnForm):
    """A key that gets another name."""
