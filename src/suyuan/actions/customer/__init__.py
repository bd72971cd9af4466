"""Customers: loaded from files, minded through their cases.

- ``register_file``  a customer file taken in by batches; ``rows`` what a row says, ``_write`` what it changes
- ``flags``          special-customer flags, with consent, set, withdrawn and ended
- ``contact_ways``   how a customer is reached, put right; when and how he wants to be
"""

from .contact_ways import correct_contact, set_preferences
from .flags import clear_flag, set_flag, withdraw_consent
from .register_file import import_customers

__all__ = [
    "clear_flag",
    "correct_contact",
    "import_customers",
    "set_flag",
    "set_preferences",
    "withdraw_consent",
]
