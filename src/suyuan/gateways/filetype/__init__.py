"""What a file that somebody hands in really is, and why it is refused where it is not what it says.

``types``     the types that are taken, their extensions and what browsers call them
``accept``    the one entrance: extension, content and declared type must agree
``pictures``  JPEG, PNG, GIF, WebP walked to their end
``media``     recordings and videos
``papers``    PDF, text, Word and Excel without macros
``foreign``   signs of a second format inside the first
"""

from .accept import Accepted, Bounds, accept
from .types import INLINE, TYPES

__all__ = ["INLINE", "TYPES", "Accepted", "Bounds", "accept"]
