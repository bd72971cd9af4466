"""The tables. Rows are written by actions alone."""

from .access import ApiKey, Asking, SignIn, SignInTally, StaffSession
from .appeal import Appeal, AppealSeal, ClaimReview, Protection
from .audit import Anchor, Counter, Edition, Event
from .bulk import BulkCase, BulkRun
from .campaign import Campaign
from .card import Card
from .case import Case, Contact, Note
from .clock import Clock, ClockEntry, ClockFault, Rung
from .comfort import Attention, Preference
from .commitment import Commitment
from .customer import Account, ContactWay, Customer, Meter, SpecialFlag, SupplyPoint
from .disconnection import Disconnection
from .evaluation import Evaluation
from .evidence import Attachment
from .filing import Filing, FilingBan, FinalAnswer
from .first_move import FirstMove, FirstMoveList
from .item import Item
from .ladder import Supervision, Urge
from .ledger import LedgerEntry
from .liability import Accountability, Liability, LiabilityShare, ShareObjection, TrainingNeed
from .missed_call import AnsweredCall, MissedCall
from .monthly_comparison import MonthlyComparison
from .org import Grant, Holding, Person, Post, PostWord, RoleRequest, Unit
from .outbox import Attempt, Channel, Message, Reading, ReadMark, Receipt, ReceiptCall, Wording
from .papers import PaperTemplate
from .precomplaint import PreComplaint
from .privacy import LegalHold, Resealing, Shredding
from .relay import Relay
from .repeat import RepeatEvent, RepeatMember
from .reporter import ReporterCode
from .returns import RegulatorReturn
from .rulebook import RuleDraft, RuleFile, RuleReading
from .sampling import AuditSample, SampledCase
from .signature import Awaited, Rectification, Signature
from .support import Improvement, Support
from .trace import TraceVerdict
from .veto import Veto
from .warning import KeptSignal, Mute, WarningAct, WarningCase
from .work import ImportRun, Publication, SavedView, Schedule

__all__ = [
    "Account",
    "Accountability",
    "Anchor",
    "AnsweredCall",
    "ApiKey",
    "Appeal",
    "AppealSeal",
    "Asking",
    "Attachment",
    "Attempt",
    "Attention",
    "AuditSample",
    "Awaited",
    "BulkCase",
    "BulkRun",
    "Campaign",
    "Card",
    "Case",
    "Channel",
    "ClaimReview",
    "Clock",
    "ClockEntry",
    "ClockFault",
    "Commitment",
    "Contact",
    "ContactWay",
    "Counter",
    "Customer",
    "Disconnection",
    "Edition",
    "Evaluation",
    "Event",
    "Filing",
    "FilingBan",
    "FinalAnswer",
    "FirstMove",
    "FirstMoveList",
    "Grant",
    "Holding",
    "ImportRun",
    "Improvement",
    "Item",
    "KeptSignal",
    "LedgerEntry",
    "LegalHold",
    "Liability",
    "LiabilityShare",
    "Message",
    "Meter",
    "MissedCall",
    "MonthlyComparison",
    "Mute",
    "Note",
    "PaperTemplate",
    "Person",
    "Post",
    "PostWord",
    "PreComplaint",
    "Preference",
    "Protection",
    "Publication",
    "ReadMark",
    "Reading",
    "Receipt",
    "ReceiptCall",
    "Rectification",
    "RegulatorReturn",
    "Relay",
    "RepeatEvent",
    "RepeatMember",
    "ReporterCode",
    "Resealing",
    "RoleRequest",
    "RuleDraft",
    "RuleFile",
    "RuleReading",
    "Rung",
    "SampledCase",
    "SavedView",
    "Schedule",
    "ShareObjection",
    "Shredding",
    "SignIn",
    "SignInTally",
    "Signature",
    "SpecialFlag",
    "StaffSession",
    "Supervision",
    "SupplyPoint",
    "Support",
    "TraceVerdict",
    "TrainingNeed",
    "Unit",
    "Urge",
    "Veto",
    "WarningAct",
    "WarningCase",
    "Wording",
]
