"""Telephone numbers: what can be one."""

import re

FEWEST_DIGITS = 5
"""Digits a telephone number has at least: 95598 is one."""
MOBILE = re.compile(r"(?:0?086|86)?1[3-9]")
"""How a mobile number begins, after the country's or without it; no fixed line and no service begins so."""
MOBILE_DIGITS = 11


def is_phone(text: str) -> bool:
    """Return whether a text can be a telephone number: a mobile one is whole, or its middle is hidden."""
    digits = "".join(each for each in text if each.isdigit())
    cut = MOBILE.match(digits) is not None and len(digits) < MOBILE_DIGITS and "*" not in text
    return len(digits) >= FEWEST_DIGITS and not cut
