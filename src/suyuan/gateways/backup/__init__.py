"""Backup: ``database`` copies the database while it is in use, ``bundle`` puts it with the home's files."""

from .bundle import Contents, Made, check, take, unpack

__all__ = ["Contents", "Made", "check", "take", "unpack"]
