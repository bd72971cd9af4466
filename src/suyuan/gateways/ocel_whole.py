"""The event log that is kept, read whole: where tracing looks for it."""

from .kept_log.reading import Whole, promises, whole

__all__ = ["Whole", "promises", "whole"]
