"""Papers: what a case says, printed as docx for signature and seal.

- ``values``    what the placeholders of a paper stand for
- ``issue``     prints one; who, what for and its digest are an event of the case
- ``templates`` an office's own templates: handed in, checked, approved by a second person
"""

from .issue import Issued, issue, verify
from .templates import approve, in_force, propose, reject, sample, template

__all__ = [
    "Issued",
    "approve",
    "in_force",
    "issue",
    "propose",
    "reject",
    "sample",
    "template",
    "verify",
]
