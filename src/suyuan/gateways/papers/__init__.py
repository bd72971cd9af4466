"""Papers as docx: templates that strangers may have made, checked, and filled in.

- ``template`` what a template may hold: documented placeholders, nothing from outside, nothing that runs
- ``filling``  a template filled in; the same values give the same bytes
- ``shipped``  the templates that come along
"""

from .filling import fill
from .shipped import shipped
from .template import check

__all__ = ["check", "fill", "shipped"]
