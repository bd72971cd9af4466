"""The log that tracing keeps: what was taken over from other systems, merged into one (decision 75).

In reading order:

- ``tables``      the file: its tables, how it is opened
- ``incoming``    a log about to be merged, under the names it has here
- ``merging``     what is new, what has changed, what is as it was
- ``reading``     read whole, for tracing
- ``orders``      one row an order, for lists, kept beside the events
- ``owning``      whose step an event is that names several orders
- ``clashing``    one number in two systems
- ``sources``     what came from where; one of them forgotten
- ``forgetting``  somebody's objects found and removed
- ``earlier``     a log that an earlier version kept, as a log to be merged
"""

from .clashing import Clash, clashes
from .earlier import NAME as EARLIER
from .earlier import upgrade
from .forgetting import events_of, forget, joined, types_of
from .incoming import MARK, Incoming, Kinds, Promise, signed
from .merging import Counts, merge
from .orders import Order, Step, Wanted, named, order, orders, signs, steps, types
from .reading import Whole, whole
from .sources import Source, Told, drop, sources
from .tables import is_kept

__all__ = [
    "EARLIER",
    "MARK",
    "Clash",
    "Counts",
    "Incoming",
    "Kinds",
    "Order",
    "Promise",
    "Source",
    "Step",
    "Told",
    "Wanted",
    "Whole",
    "clashes",
    "drop",
    "events_of",
    "forget",
    "is_kept",
    "joined",
    "merge",
    "named",
    "order",
    "orders",
    "signed",
    "signs",
    "sources",
    "steps",
    "types",
    "types_of",
    "upgrade",
    "whole",
]
