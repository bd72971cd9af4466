"""Which figures bind us, since when, on whose word, and how sure we are.

    records   what one record says: limit, category, business type, choice, figure
    reading   one table of a TOML file into a record; every fault names file, table and key
    office    what judges nobody: routing rows, phrases, extra form fields, documents
    sheets    which sheets an investigation must hold
    clauses   what a finding can say was breached
    duties    who does and who answers for each step, by post
    playbooks what keeps a kind of complaint from coming, and what is done at once in an event
    script    what a customer is asked when called back
    posts     the posts an office begins with
    tariff    what a reward or a penalty amounts to
    messages  how the office words a message, and what it may name
    tables    the arrays a file may hold
    entries   one entry as it is written in a browser, a database or a file
    labelled  which code a label of a file stands for
    notices   the State Council's yearly notices into one working calendar
    idle      entries that would do nothing are refused
    files     where the files lie, and reading them in order
    checks    what must hold between records: known codes, one binding limit a case
    book      the whole book: what is in force on a day, its digest, frozen and thawed

``load`` reads the package's own files, then the user's; a later file wins.
"""

from .book import Rulebook
from .files import load, read_notice, refuse_idle, user_files
from .messages import MessageText
from .notices import Notice
from .office import Document, FormField, Phrase, Route
from .playbooks import Emergency, Playbook, PlayStep, Within
from .records import BusinessType, Category, Certainty, Choice, Figure, Limit, Title, assessable

__all__ = [
    "BusinessType",
    "Category",
    "Certainty",
    "Choice",
    "Document",
    "Emergency",
    "Figure",
    "FormField",
    "Limit",
    "MessageText",
    "Notice",
    "Phrase",
    "PlayStep",
    "Playbook",
    "Route",
    "Rulebook",
    "Title",
    "Within",
    "assessable",
    "load",
    "read_notice",
    "refuse_idle",
    "user_files",
]
