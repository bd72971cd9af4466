"""Second factors as the sign-in keeps them."""

from allauth.mfa.adapter import DefaultMFAAdapter

from suyuan.store import factors


class Sealed(DefaultMFAAdapter):
    """What proves a second factor lies sealed in the database."""

    def encrypt(self, text: str) -> str:
        """Return a secret as it is stored."""
        return factors.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return a secret as it was given."""
        return factors.unseal(encrypted_text)
