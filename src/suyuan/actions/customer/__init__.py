"""Customers: loaded from files, minded through their cases.

- ``register_file``  a customer file taken in by batches; ``rows`` what a row says, ``_write`` what it changes
- ``flags``          special-customer flags, with consent, set, withdrawn and ended
- ``portrait``       what there is to know of one, for a purpose; the wish not to be looked at like this
- ``contact_ways``   how a customer is reached, put right; when and how he wants to be
"""

from .contact_ways import correct_contact, set_preferences
from .flags import clear_flag, set_flag, withdraw_consent
from .portrait import look_from_case, look_from_move, may_look, opt_in, opt_out
from .register_file import import_customers

__all__ = [
    "clear_flag",
    "correct_contact",
    "import_customers",
    "look_from_case",
    "look_from_move",
    "may_look",
    "opt_in",
    "opt_out",
    "set_flag",
    "set_preferences",
    "withdraw_consent",
]
