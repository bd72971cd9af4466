"""The carrier of a channel, with its sealed settings opened."""

from django.conf import settings

from suyuan.domain.errors import Refused
from suyuan.gateways.carriers import Carrier
from suyuan.gateways.carriers.apprise import Chat
from suyuan.gateways.carriers.file import FileDrop
from suyuan.gateways.carriers.mail import Mail
from suyuan.gateways.carriers.sms_http import SmsHttp
from suyuan.store import rules, seal, tray
from suyuan.store.models import Channel


def carrier(channel: Channel) -> Carrier:
    """Return what takes the messages of a channel out."""
    timeout = float(rules.figure("outbox.carrier", "timeout_seconds"))
    if channel.carrier == "mail":
        return Mail(settings.DEFAULT_FROM_EMAIL, timeout)
    if channel.carrier == "apprise":
        return Chat(timeout)
    if channel.carrier == "file":
        return FileDrop(tray.folder("outbox") / "out" / channel.code)
    if channel.carrier == "sms_http":
        kept = seal.unseal(channel.sealed)
        return SmsHttp(kept["url"], kept["secret"].encode(), timeout)
    raise Refused("no_channel", channel=channel.code)
