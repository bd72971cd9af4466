"""The tables. Rows are written by actions alone."""

from .access import ApiKey
from .audit import Anchor, Counter, Edition, Event
from .case import Attachment, Case, Contact, Note
from .clock import Clock, ClockEntry, Rung
from .org import Grant, Person, Unit
from .privacy import Resealing
from .work import ImportRun, Message, SavedView

__all__ = [
    "Anchor",
    "ApiKey",
    "Attachment",
    "Case",
    "Clock",
    "ClockEntry",
    "Contact",
    "Counter",
    "Edition",
    "Event",
    "Grant",
    "ImportRun",
    "Message",
    "Note",
    "Person",
    "Resealing",
    "Rung",
    "SavedView",
    "Unit",
]
