"""Carriers: what takes a message out of the house; one method each, each with a fake that is a real thing.

    mail      Django's mail backend over SMTP
    apprise   chat robots of WeCom, DingTalk, Feishu and everything else Apprise knows
    sms_http  an SMS gateway behind HTTP, by the contract of docs/outbox.md
    file      csv out, receipts in, for networks split by an isolation gateway
    fakes     a gateway, a mail server, a robot and a far side that listen on this machine

``send`` says what became of each letter. It raises GatewayError alone, where nothing is known of any.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class GatewayError(Exception):
    """The outside did not do what was asked; ``permanent`` says whether trying again can help."""

    def __init__(self, *, permanent: bool) -> None:
        self.permanent = permanent
        super().__init__(f"{self.__doc__} permanent={permanent}")


@dataclass(frozen=True, slots=True)
class Letter:
    """One message ready to leave. ``key`` is the same at every attempt; ``to`` is what the carrier dials."""

    key: str
    to: tuple[str, ...]
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one letter: taken, with the carrier's reference, or not, with a code that says why."""

    key: str
    reference: str = ""
    problem: str = ""
    permanent: bool = False
    """Whether trying again cannot help."""

    @property
    def taken(self) -> bool:
        """Return whether the carrier has it."""
        return not self.problem


class Carrier(Protocol):
    """The whole contract."""

    def send(self, batch: Sequence[Letter]) -> list[Outcome]:
        """Hand over a batch; return an outcome for every letter of it, in any order."""
        ...


def all_failed(batch: Sequence[Letter], problem: str, *, permanent: bool = False) -> list[Outcome]:
    """Return the same failure for every letter."""
    return [Outcome(letter.key, problem=problem, permanent=permanent) for letter in batch]
