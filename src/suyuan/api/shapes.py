"""What programs send and are sent. A key nobody knows is an error, never left aside."""

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from suyuan.domain.characters import storable


class Asked(Schema):
    """What a program sends."""

    model_config = ConfigDict(extra="forbid")


class Narrow(Asked):
    """What narrows a list of cases; empty means any."""

    state: str = ""
    business_type: str = ""
    procedure: str = ""
    category: str = ""
    unit: str = ""
    light: str = ""
    finding: str = ""
    satisfaction: str = ""
    part: str = ""
    priority: str = ""
    open_only: bool = False
    mine: bool = False
    to_sign: bool = False
    accepted_from: date | None = None
    accepted_to: date | None = None
    order: str = "due"
    page: int = Field(1, ge=1, le=100_000)

    @field_validator("*")
    @classmethod
    def _can_be_kept(cls, value: object) -> object:
        if isinstance(value, str) and not storable(value):
            raise PydanticCustomError("bad_characters", "holds characters that cannot be kept")
        return value


class Find(Narrow):
    """The same with words, or exactly a number, a telephone, an account or a name: never in an address."""

    q: str = Field("", max_length=200)


class Form(Asked):
    """The form of a verb, as the procedure asks for it."""

    form: dict[str, Any] = Field(default_factory=dict)


class Contact(Asked):
    """What a customer said, and who he is as far as he says."""

    channel: str
    business_type: str
    text: str
    account: str = ""
    phone: str = ""
    customer: str = ""
    address: str = ""
    secrecy: str = ""


class Refusal(Schema):
    """Why not: a code that stays, and facts that help."""

    refused: str
    facts: dict[str, Any]


class CaseLine(Schema):
    """One case of a list."""

    number: str
    procedure: str
    business_type: str
    state: str
    unit: str
    accepted: datetime
    due: datetime | None
    light: str
    brief: str


class Cases(Schema):
    """One page of cases."""

    page: int
    has_next: bool
    cut: bool
    """Whether the list goes on where no page leads: narrow it, by days for one."""
    cases: list[CaseLine]


class Clock(Schema):
    """One limit running on a case."""

    limit: str
    start: datetime
    due: datetime
    stopped: datetime | None
    state: str
    provisional: bool
    certainty: str
    suspensions: list[list[datetime | None]]


class Asks(Schema):
    """One field of a form; ``reasons`` names the rulebook list its codes come from."""

    name: str
    title: str
    type: str
    required: bool
    choices: list[str]
    reasons: str


class Verb(Schema):
    """One verb, open or with the reason that shuts it, and what its form asks for."""

    verb: str
    refusal: str | None
    form: list[Asks]
    begins_with: dict[str, str]
    """What was last written with it, where the form on a page begins with that; it counts only when sent."""


class Event(Schema):
    """One thing that happened."""

    seq: int
    at: datetime
    actor: str
    verb: str
    objects: list[list[str]]
    digest: str


class Place(Schema):
    """Where one signature is wanted, and what was done there."""

    place: str
    act: str
    """``signed``, ``rejected``, or empty."""
    by: str
    on_behalf_of: str
    at: datetime | None = None
    delegate: str
    awaited_since: datetime | None = None


class Node(Schema):
    """One stop of a sheet of signatures; ``state`` is ``passed``, ``current`` or ``ahead``."""

    node: str
    quorum: str
    in_order: bool
    on_reject: str
    state: str
    places: list[Place]


class Rectification(Schema):
    """What a rectification order holds beside its case."""

    due_on: date
    round: int
    nodes: list[Node]


class Item(Schema):
    """One item of a case, and what was found of it."""

    item: int
    category: str
    statement: str
    """What it asks for, masked as on the page."""
    finding: str
    stands: bool
    """Whether the finding was given on what there is now."""
    clause: str
    clause_words: str
    """The clause as pages and papers say it."""
    evidence: str
    decided_by: str
    decided_at: datetime | None


class Holder(Schema):
    """One of those who answer for a case: lead, specialty, unit or owner, and the verbs open to them now."""

    part: str
    unit: str
    people: list[str]
    more: int
    owes: list[str]


class Case(Schema):
    """One case whole."""

    number: str
    procedure: str
    version: int
    state: str
    unit: str
    roles: dict[str, str]
    finding: str
    items: list[Item]
    """What the case asks for, each judged by itself; none of a case whose procedure has no findings."""
    sheets: dict[str, list[str]]
    """The sheets of its investigation: required, advised, standing, missing."""
    doubts: list[str]
    """What is doubtful in the reply that was handed in."""
    parts: list[Holder]
    clocks: list[Clock]
    open_verbs: list[Verb]
    undo_until: datetime | None = None
    """Until when the key's person may take the last step back with the verb ``undo``; null where not."""
    rectification: Rectification | None = None
    """The sheet of a rectification order; null of every other case."""
    events: list[Event]


class Done(Schema):
    """What a verb did."""

    number: str
    verb: str
    state: str
    event: int
    undo_until: datetime | None = None
    """Until when it may be taken back with the verb ``undo``; null where not."""


class Received(Schema):
    """The number of the case that stands for a contact."""

    number: str
    code: str | None = None
    """With which a reporter who is kept secret asks at ``/ask/``; told once. Null of everybody else."""


class Interaction(Schema):
    """One thing that passed between a customer and the house; texts masked."""

    at: datetime
    number: str
    kind: str
    verb: str
    door: str
    who: str
    text: str
    form: dict[str, str]
    mark: str
    """The digest of the event or the file that proves it."""


class Interactions(Schema):
    """Every contact with the customer of a case, the oldest first."""

    number: str
    interactions: list[Interaction]


class Which(Asked):
    """Which interactions: of one kind, or of the customer's other cases in reach too."""

    kind: str = ""
    account: bool = False
