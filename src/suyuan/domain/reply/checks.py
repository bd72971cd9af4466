"""One reply held against what it has to say: every objection with the sentence that shows it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .rules import Required, Rules

_SENTENCE = re.compile(r"[^。！？!?；;\n]{1,400}[。！？!?；;]?")
"""What is longer is no sentence but a missing full stop: it is read in pieces."""
_NARROW = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F) if chr(full) not in "，！？；"}


class Weight(StrEnum):
    """How much an objection weighs."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Verdict(StrEnum):
    """What is proposed to the reviewer."""

    PASS = "pass"  # noqa: S105 a reply that passes, no password
    AMEND = "amend"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Objection:
    """What is wrong, and the sentence that shows it; an empty one says that nothing was found.

    ``about`` names the item or the demand. A demand left unanswered quotes the complaint.
    """

    code: str
    sentence: str
    weight: Weight
    about: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A reply as it was read: the sentence in which each required item stands, and the objections."""

    items: dict[str, str]
    objections: tuple[Objection, ...]

    @property
    def verdict(self) -> Verdict:
        return verdict(self.objections)


def verdict(found: Sequence[Objection]) -> Verdict:
    """Return what the objections come to: the gravest one decides."""
    weights = {one.weight for one in found}
    if Weight.HIGH in weights:
        return Verdict.RETURN
    return Verdict.AMEND if Weight.MEDIUM in weights else Verdict.PASS


def objections(text: str, required: Required, rules: Rules, complaint: str = "") -> tuple[Objection, ...]:
    """Return what is wrong with a reply to a complaint, the gravest first."""
    return read(text, required, rules, complaint).objections


def read(text: str, required: Required, rules: Rules, complaint: str = "") -> Reading:
    """Return a reply as it was read."""
    own = [one for one in sentences(text) if not rules.faults["echo"].search(one)]
    items = {code: _first(rules.items[code].said, own) for code in required.items}
    found = [
        *_missing(items, required),
        *_contradiction(own, rules),
        *_unanswered(own, rules, complaint),
        *_one_outage(own, rules, complaint),
        *_claimed(own, rules),
        *_empty(own, rules),
        *_unfinished(own, rules),
    ]
    order = list(Weight)
    return Reading(items, tuple(sorted(found, key=lambda one: order.index(one.weight))))


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, letters and digits in half width."""
    return [one.strip() for one in _SENTENCE.findall(text.translate(_NARROW)) if one.strip()]


def _first(pattern: re.Pattern[str], said: Sequence[str]) -> str:
    """Return the first sentence in which a pattern is found, an empty one where there is none."""
    return next((one for one in said if pattern.search(one)), "")


def _missing(items: dict[str, str], required: Required) -> Iterator[Objection]:
    for code, sentence in items.items():
        if not sentence:
            weight = Weight.HIGH if code in required.grave else Weight.MEDIUM
            yield Objection("missing", "", weight, code)


def _contradiction(own: Sequence[str], rules: Rules) -> Iterator[Objection]:
    """Yield the sentence that says the customer was not reached, where another says they were."""
    faults = rules.faults
    missed = _first(faults["unreached"], own)
    if not missed or faults["again"].search("".join(own)):
        return
    if any(faults["reached"].search(faults["unreached"].sub("", one)) for one in own):
        yield Objection("contact_contradiction", missed, Weight.HIGH)


def _unanswered(own: Sequence[str], rules: Rules, complaint: str) -> Iterator[Objection]:
    """Yield the demands of the complaint that the reply says nothing about."""
    for asked in sentences(complaint):
        for demand in rules.demands:
            if demand.asked.search(asked) and not _first(demand.answered, own):
                yield Objection("demand_unanswered", asked, Weight.HIGH, demand.code)


def _one_outage(own: Sequence[str], rules: Rules, complaint: str) -> Iterator[Objection]:
    """Yield the sentence that explains one outage to somebody who complained of many."""
    faults = rules.faults
    if not faults["frequent"].search(complaint) or _first(rules.items["history"].said, own):
        return
    if explained := _first(faults["outage"], own):
        yield Objection("single_outage", explained, Weight.HIGH)


def _claimed(own: Sequence[str], rules: Rules) -> Iterator[Objection]:
    """Yield the sentence that says it is resolved, in a reply that tells no fact."""
    claim = _first(rules.faults["resolved"], own)
    if claim and not _first(rules.faults["facts"], own):
        yield Objection("resolved_without_facts", claim, Weight.HIGH)


def _empty(own: Sequence[str], rules: Rules) -> Iterator[Objection]:
    """Yield the sentences of set phrases that tell no fact."""
    for one in own:
        if rules.faults["empty"].search(one) and not rules.faults["facts"].search(one):
            yield Objection("empty_phrase", one, Weight.LOW)


def _unfinished(own: Sequence[str], rules: Rules) -> Iterator[Objection]:
    """Yield the first sentence with a place left to be filled in."""
    if left := _first(rules.faults["unfinished"], own):
        yield Objection("unfinished", left, Weight.HIGH)
