"""The tables. Rows are written by actions alone."""

from .access import ApiKey
from .audit import Anchor, Counter, Edition, Event
from .case import Case, Contact, Note
from .clock import Clock, ClockEntry, ClockFault, Rung
from .evidence import Attachment
from .org import Grant, Holding, Person, Post, Unit
from .outbox import Attempt, Channel, Message, Reading, ReadMark, Receipt, ReceiptCall
from .papers import PaperTemplate
from .privacy import Resealing
from .rulebook import RuleDraft, RuleReading
from .work import ImportRun, Publication, SavedView, Schedule

__all__ = [
    "Anchor",
    "ApiKey",
    "Attachment",
    "Attempt",
    "Case",
    "Channel",
    "Clock",
    "ClockEntry",
    "ClockFault",
    "Contact",
    "Counter",
    "Edition",
    "Event",
    "Grant",
    "Holding",
    "ImportRun",
    "Message",
    "Note",
    "PaperTemplate",
    "Person",
    "Post",
    "Publication",
    "ReadMark",
    "Reading",
    "Receipt",
    "ReceiptCall",
    "Resealing",
    "RuleDraft",
    "RuleReading",
    "Rung",
    "SavedView",
    "Schedule",
    "Unit",
]
