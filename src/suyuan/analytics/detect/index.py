"""The detectors there are: a closed table, by name."""

from .detector import Detector

ALL: tuple[Detector, ...] = ()
DETECTORS = {one.name: one for one in ALL}
