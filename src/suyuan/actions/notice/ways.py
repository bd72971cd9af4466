"""Where the channels that are on would call, for whoever looks whether anybody is there."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from suyuan.gateways.carriers import reach
from suyuan.store import seal
from suyuan.store.models import Channel

from ._addresses import targets


@dataclass(frozen=True, slots=True)
class Way:
    """Where one address of a channel leads; ``place`` None: it cannot be read, or a proxy calls for it."""

    channel: str
    carrier: str
    named: str = ""
    """The unit or role whose robot it is."""
    place: reach.Place | None = None
    readable: bool = True


def ways() -> Iterator[Way]:
    """Yield where every channel that is on calls; one that only writes files calls nobody."""
    for channel in Channel.objects.filter(enabled=True).order_by("code"):
        if channel.carrier == "mail":
            place = (settings.EMAIL_HOST, settings.EMAIL_PORT)
            yield Way(channel.code, "mail", place=place)
        elif channel.carrier == "sms_http":
            found = reach.of_url(seal.unseal(channel.sealed)["url"])
            yield Way(channel.code, "sms_http", place=found, readable=found is not None)
        elif channel.carrier == "apprise":
            yield from _robots(channel)


def _robots(channel: Channel) -> Iterator[Way]:
    for named, urls in targets(channel).items():
        for url in urls:
            try:
                yield Way(channel.code, "apprise", named, reach.of_target(url))
            except ValueError:
                yield Way(channel.code, "apprise", named, readable=False)
