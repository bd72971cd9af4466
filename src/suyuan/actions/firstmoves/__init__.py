"""First-move lists: whom each desk calls in the morning, a tenth held out, and what came of the calls.

- ``make``      the lists of a day, made once; yesterday's are over
- ``_own``      what speaks for a call in the cases of this house; ``_signals`` what detectors say of them
- ``_risk``      what the model of complaints says of customers
- ``_people``    whose it is, and who is left out
- ``calling``   an entry taken on, the number seen for a purpose, the outcome written down
- ``words``     why to call, and what to say
"""

from .calling import call_number, number_to_register, record_outcome, reveal_number, take_move
from .make import make_lists

__all__ = [
    "call_number",
    "make_lists",
    "number_to_register",
    "record_outcome",
    "reveal_number",
    "take_move",
]
