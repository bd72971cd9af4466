"""``suyuan doctor``: what is wrong with this installation, and how to mend it.

``place`` looks at the home and the machine, ``environment`` and ``settings`` at what is set, ``database`` at
the database, ``keys`` at what opens what is sealed in it, ``rules`` at rulebook and calendar, ``work`` at
the trail, the backups and the workers, ``people`` at the organisation.
"""

from .command import doctor

__all__ = ["doctor"]
