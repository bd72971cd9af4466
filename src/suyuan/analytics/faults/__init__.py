"""Faults by cause and place (C22): where a cause piles up, and what fails again (docs/methods/faults.md).

- ``counting``   records of faults made faults: what one outage was told of several times is one
- ``piling``     causes that are more at a line or an area than chance allows, places with more than others
- ``returning``  the same cause at the same place again within so many days
"""

from .counting import SCHEMA, Faults, Told, faults
from .piling import Piled, Threshold, piled
from .returning import Returned, returned

__all__ = ["SCHEMA", "Faults", "Piled", "Returned", "Threshold", "Told", "faults", "piled", "returned"]
