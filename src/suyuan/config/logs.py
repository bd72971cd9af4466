"""What is written to a log says nothing of a person: each line passes the masking of texts last."""

import logging

from suyuan.domain.masking import mask


class Masked(logging.Formatter):
    """Formats a record and hides what is personal: in an address that somebody typed, in a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, masked."""
        return mask(super().format(record))
