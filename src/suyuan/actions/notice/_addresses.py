"""What a carrier dials for a recipient: looked up when a message leaves, so that it is today's."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from suyuan.domain.notice import Recipient, recipient
from suyuan.store import seal
from suyuan.store.models import Channel, Grant, Message, Person, Unit

DIALS = {"mail": "email", "sms_http": "phone", "file": "phone"}
"""The sealed value that each carrier dials."""


@dataclass(slots=True)
class Book:
    """The addresses of one channel, each looked up once a batch."""

    channel: Channel
    known: dict[str, tuple[str, ...]] = field(default_factory=dict)
    targets: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.channel.carrier == "apprise":
            self.targets = targets(self.channel)

    def of(self, message: Message) -> tuple[str, ...]:
        """Return what to dial for a message, nothing where the recipient has no address here."""
        if message.address is not None:
            found = seal.unseal(message.address).get(DIALS.get(self.channel.carrier, ""), "")
            return (found,) if found else ()
        if message.recipient not in self.known:
            self.known[message.recipient] = self._look_up(recipient(message.recipient))
        return self.known[message.recipient]

    def _look_up(self, who: Recipient) -> tuple[str, ...]:
        if self.channel.carrier == "mail":
            return _mail_of(who)
        if self.channel.carrier == "sms_http":
            return _phone_of(who)
        if self.channel.carrier == "file":
            return (f"{who.name}@{who.unit}" if who.unit else f"{who.kind}:{who.name}",)
        if self.channel.carrier == "apprise":
            names = (f"{who.name}@{who.unit}", who.unit, who.name, "*")
            if who.kind == "person":
                names = (f"person:{who.name}", "", "", "")
            return tuple(next((self.targets[name] for name in names if name in self.targets), ()))
        return ()


def _phone_of(who: Recipient) -> tuple[str, ...]:
    """Return the work phone of a person who wants messages there; a role has none, its people have."""
    rows = Person.objects.filter(username=who.name, is_active=True, preference__sms=True)
    found = rows.first() if who.kind == "person" else None
    return (found.phone,) if found is not None and found.phone else ()


def _mail_of(who: Recipient) -> tuple[str, ...]:
    """Return the mail addresses of a person, or of everybody active who holds the role over the unit."""
    people = Person.objects.filter(is_active=True).exclude(email="")
    if who.kind == "person":
        return tuple(people.filter(username=who.name).values_list("email", flat=True))
    unit = Unit.objects.filter(code=who.unit).first()
    if unit is None:
        return ()
    codes = unit.path.strip("/").split("/")
    over = [f"/{'/'.join(codes[: depth + 1])}/" for depth in range(len(codes))]
    holders = Grant.objects.filter(role=who.name, unit__path__in=over).values("person")
    return tuple(people.filter(pk__in=holders).order_by("pk").values_list("email", flat=True))


def targets(channel: Channel) -> dict[str, list[str]]:
    """Return the robots of a channel by recipient."""
    kept: dict[str, list[str]] = json.loads(seal.unseal(channel.sealed).get("targets", "{}"))
    return kept
