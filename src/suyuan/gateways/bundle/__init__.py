"""Evidence on its way out: one zip that a stranger can check with ten lines of Python.

``write``       the zip, piece by piece, the same bytes for the same manifest
``check``       what was changed in a zip that came back
``verify.txt``  the script for the stranger, shipped as verify.py
``readme.txt``  what stands beside it
"""

from .check import Checked, check
from .write import FORMAT, Member, parts, readme, stream

__all__ = ["FORMAT", "Checked", "Member", "check", "parts", "readme", "stream"]
