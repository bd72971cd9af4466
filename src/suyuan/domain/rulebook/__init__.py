"""Which figures bind us, since when, on whose word, and how sure we are.

    records   what one record says: limit, category, business type, choice, figure
    reading   tables of a TOML file into records; every fault names file, table and key
    notices   the State Council's yearly notices into one working calendar
    files     where the files lie, and reading them in order
    checks    what must hold between records: known codes, one binding limit a case
    book      the whole book: what is in force on a day, its digest, frozen and thawed

``load`` reads the package's own files, then the user's; a later file wins.
"""

from .book import Rulebook
from .files import load, read_notice, user_files
from .notices import Notice
from .records import BusinessType, Category, Certainty, Choice, Figure, Limit, Title, assessable

__all__ = [
    "BusinessType",
    "Category",
    "Certainty",
    "Choice",
    "Figure",
    "Limit",
    "Notice",
    "Rulebook",
    "Title",
    "assessable",
    "load",
    "read_notice",
    "user_files",
]
