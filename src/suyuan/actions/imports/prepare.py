"""One order record to the rows that will stand for it.

Runs in a second process, so that reading, judging and sealing take one core and writing the other. What
crosses between them is plain tuples: a million objects would cost more to hand over than to make.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from suyuan.domain import audit, masking, procedures, wording
from suyuan.domain.order import MILESTONES, OrderRecord
from suyuan.domain.rulebook import Rulebook
from suyuan.store import seal
from suyuan.store.bulk import Stamp
from suyuan.store.chain import plain as _json

from .standing import Judge, Standing

CASE = (
    "number",
    "origin",
    "source",
    "source_digest",
    "zone",
    "procedure",
    "version",
    "state",
    "is_open",
    "business_type",
    "type_code",
    "category",
    "level",
    "channel",
    "site",
    "secrecy",
    "restricted",
    "specialty",
    "line",
    "area",
    "is_child",
    "parent_number",
    "brief",
    "account_index",
    "phone_index",
    "name_index",
    "finding",
    "finding_assessed",
    "satisfaction",
    "clock_reason",
    "next_due_at",
    "first_answered_at",
    *MILESTONES,
)
"""The columns of a case that a file sets, in the order of ``Prepared.case``."""


class Prepared(NamedTuple):
    """Everything of one new case but the ids, the unit and the rulebook edition."""

    row: int
    number: str
    digest: str
    unkeyed: str
    """The digest that editions before this one kept: a file they took in is still a repeat."""
    unit_code: str
    unit_name: str
    case: tuple[Any, ...]
    clocks: list[tuple[Any, ...]]
    contact: tuple[Any, ...]
    """Channel, moment, masked text, by which rules, sealed values."""
    event: tuple[str, str, str, str]
    """Stream, objects and detail as JSON, digest."""
    terms: Any


class _Said(NamedTuple):
    """What was computed from the words and the person of an order."""

    digest: str
    brief: str
    account: str
    phone: str
    name: str


@dataclass(frozen=True, slots=True)
class Preparer:
    """What preparing needs to know of the run."""

    rules: Rulebook
    source: str
    zone: str
    """Where the orders were taken: the zone of their civil dates."""
    judge: Judge
    by: str
    at: str
    """The run's moment as chained events write it."""
    postgres: bool

    @property
    def stamp(self) -> Stamp:
        """Return how a moment is stored."""
        return self.judge.stamp

    def prepare(self, row: int, record: OrderRecord) -> Prepared:
        """Return the rows that stand for ``record``."""
        said_of = everything(record)
        digest = seal.digest(said_of)
        moments = dict.fromkeys(MILESTONES) | record.moments | {"accepted_at": record.accepted_at}
        masked = self._masked(record)
        account, phone = seal.index("account", record.account), seal.index("phone", record.phone)
        terms = wording.terms(masked)
        standing = self._judged(record, moments)
        said = _Said(digest, masked[:120], account, phone, seal.index("name", record.customer))
        return Prepared(
            row=row,
            number=record.number,
            digest=digest,
            unkeyed=hashlib.sha256(said_of).hexdigest()[:32],
            unit_code=record.unit_code,
            unit_name=record.unit_name,
            case=self._case(record, said, standing, moments),
            clocks=standing.clocks,
            contact=self._contact(record, masked),
            event=self._event(record, digest, moments),
            terms=sorted(set(terms)) if self.postgres else " ".join(terms),
        )

    def _masked(self, record: OrderRecord) -> str:
        """Return what is shown of the text, without whom the file says it is from."""
        whole = bool(record.secrecy) or self.rules.restricts(record.business_type, record.category)
        return masking.mask_known(record.text, masking.known(personal(record)), whole=whole)

    def _contact(self, record: OrderRecord, masked: str) -> tuple[Any, ...]:
        at, sealed = self.stamp(record.accepted_at), seal.seal(personal(record))
        return record.channel, at, masked, masking.VERSION, sealed

    def _judged(self, record: OrderRecord, moments: Mapping[str, datetime | None]) -> Standing:
        procedure = procedures.current(self.rules.business_types[record.business_type].procedure)
        return self.judge.judge(record, procedure, moments)

    def _case(
        self, order: OrderRecord, said: "_Said", standing: Standing, moments: Mapping[str, datetime | None]
    ) -> tuple[Any, ...]:
        """Return the case row, in the order of ``CASE``."""
        category = self.rules.categories.get(order.category)
        specialty = order.specialty or (category.specialty if category else "")
        stamp, procedure = self.stamp, standing.procedure
        restricted = self.rules.restricts(order.business_type, order.category)
        # fmt: off
        return (
            order.number, "import", self.source, said.digest, order.zone or self.zone, procedure.name,
            procedure.version,
            standing.state.value, not standing.closed, order.business_type, order.type_code, order.category,
            order.level, order.channel, order.site, order.secrecy, restricted, specialty, order.line,
            order.area, order.is_child, order.parent_number, said.brief, said.account, said.phone, said.name,
            order.finding, order.finding, order.satisfaction, standing.reason,
            None if standing.closed else stamp(standing.due), stamp(moments["answered_at"]),
            *map(stamp, moments.values()),
        )
        # fmt: on

    def _event(
        self, record: OrderRecord, digest: str, moments: Mapping[str, datetime | None]
    ) -> tuple[str, str, str, str]:
        """Return the first link of the case's chain.

        Its body is put together from JSON that is canonical already, in the key order of RFC 8785.
        """
        pairs = (
            ("case", record.number),
            ("line", record.line),
            ("area", record.area),
            ("unit", record.unit_code),
        )
        objects = _json([pair for pair in pairs if pair[1]])
        reached = {name: moment.astimezone(UTC).isoformat() for name, moment in moments.items() if moment}
        detail = _json({"milestones": reached, "row_digest": digest, "source": self.source})
        stream = f"case:{record.number}"
        body = (
            f'{{"actor":{_json(self.by)},"at":"{self.at}","detail":{detail},"objects":{objects},'
            f'"seq":1,"stream":{_json(stream)},"verb":"import"}}'
        )
        return stream, objects, detail, audit.link(audit.GENESIS, body.encode())


def everything(record: OrderRecord) -> bytes:
    """Return everything a file says of an order, whose digest tells an update from a repeat."""
    values = (
        record.number,
        record.business_type,
        record.accepted_at.timestamp(),
        record.text,
        (record.type_code, record.category, record.level, record.channel, record.site, record.secrecy),
        (record.unit_code, record.unit_name, record.specialty, record.line, record.area),
        (record.account, record.phone, record.customer, record.address),
        (record.handling, record.finding, record.satisfaction, record.state_text, record.closed),
        (record.is_child, record.parent_number, record.zone),
        record.target_at and record.target_at.timestamp(),
        sorted((name, moment.timestamp()) for name, moment in record.moments.items()),
        sorted(record.extra.items()),
    )
    return repr(values).encode()


def personal(record: OrderRecord) -> dict[str, str]:
    """Return what is sealed of an order: who, and the words themselves."""
    pairs = (
        ("text", record.text),
        ("handling", record.handling),
        ("account", record.account),
        ("phone", record.phone),
        ("customer", record.customer),
        ("address", record.address),
        ("state_text", record.state_text),
    )
    kept = {name: value for name, value in pairs if value}
    if record.extra:
        kept["extra"] = json.dumps(record.extra, ensure_ascii=False)
    return kept
