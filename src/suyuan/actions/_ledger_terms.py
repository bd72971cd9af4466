"""What an entry of the ledger amounts to, and how its writing begins and is put down."""

from collections.abc import Mapping
from datetime import datetime

from suyuan.domain import ledger as rule
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.rulebook.tariff import Ground
from suyuan.store import bulk, chain, rules, seal
from suyuan.store.models import LedgerEntry
from suyuan.store.queries.ledger import STREAM


def begin(now: datetime) -> None:
    """Let those who write into the ledger wait for each other: what stands is asked after this."""
    rules.look(now)
    bulk.one_at_a_time(STREAM)


def terms(ground: Ground, given: Mapping[str, object], now: datetime) -> dict[str, object]:
    """Return kind and amount: what somebody says in words where there is no tariff, else the tariff's."""
    typed = {name: given.get(name) for name in ("ledger_kind", "ledger_amount", "counted_in")}
    if ground is Ground.OTHER:
        return _typed({**typed, "ledger_words": given.get("ledger_words")})
    if problems := {name: "not_asked" for name, value in typed.items() if value is not None}:
        raise BadInput("bad_form", fields=problems)
    found = rule.tariff(rules.rulebook(), ground, rules.local_day(now))
    if found is None:
        raise Refused("no_tariff", ground=ground.value)
    if not found.certainty.assessable:
        raise Refused("tariff_unconfirmed", figure=found.id)
    return {
        "kind": found.kind.value,
        "amount": found.amount,
        "counted": found.counted.value,
        "rule": found.id,
        "basis": found.basis,
        "certainty": found.certainty.value,
    }


def _typed(typed: Mapping[str, object]) -> dict[str, object]:
    problems = {name: "required" for name, value in typed.items() if value is None}
    amount = typed["ledger_amount"]
    if not problems and (wrong := rule.amount_problem(amount)):  # type: ignore[arg-type]
        problems["ledger_amount"] = wrong
    if problems:
        raise BadInput("bad_form", fields=problems)
    said = {"kind": typed["ledger_kind"], "amount": amount, "counted": typed["counted_in"]}
    return {**said, "basis": "", "certainty": ""}


def detail_of(entry: LedgerEntry) -> dict[str, object]:
    """Return what the event of a proposal says: the assessment account is booked by it."""
    return {
        "kind": entry.kind,
        "amount": str(entry.amount),
        "counted": entry.counted,
        "ground": entry.ground,
        "rule": entry.rule,
        "words": seal.reference(entry.words) if entry.words else "",
    }


def wrote(entry: LedgerEntry, verb: str, by: str, now: datetime, detail: Mapping[str, object]) -> int:
    """Write what was done with an entry into the chain of the ledger and return the event's id."""
    about = [("unit", entry.unit.code)]
    about += [("case", entry.case.number)] if entry.case else []
    about += [("person", entry.person)] if entry.person else []
    return chain.append(
        stream=STREAM, at=now, actor=by, verb=verb, objects=about, detail={"entry": entry.pk, **detail}
    )
