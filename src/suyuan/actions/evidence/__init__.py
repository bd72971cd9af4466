"""Evidence: files that prove something, from the hand that brings them to the day they are destroyed.

``add``       sealed, looked at, kept under the digest of its bytes
``place``     bytes at their address, and what rows hold there
``look``      seen, played or taken out, with a purpose, each look an event
``withdraw``  withdrawn, held and released; never deleted
``shred``     destroyed by two people when its term is over
``export``    a bundle that a stranger can check
``picture``   a small picture of a piece
``strays``    bytes that no row names, removed
``adopt``     files kept in clear by an earlier version, sealed
"""

from .add import Incoming, add
from .adopt import adopt
from .export import Prepared, prepare
from .look import look, open_locker
from .picture import small_picture
from .shred import ask_shred, destroy, keep, shred
from .strays import sweep_strays
from .withdraw import hold, release, withdraw

__all__ = [
    "Incoming",
    "Prepared",
    "add",
    "adopt",
    "ask_shred",
    "destroy",
    "hold",
    "keep",
    "look",
    "open_locker",
    "prepare",
    "release",
    "shred",
    "small_picture",
    "sweep_strays",
    "withdraw",
]
