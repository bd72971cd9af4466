"""Ids for events that have none: e1, e2 and so on, by their place in the file."""

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc


def numbered(numbers: Any) -> Any:
    """Return the ids of events by their numbers."""
    return pc.binary_join_element_wise("e", pa.array(numbers).cast(pa.string()), "")
