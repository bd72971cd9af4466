"""Chat robots through Apprise: WeCom, DingTalk, Feishu, webhooks. An address is an Apprise URL and a secret.

These services know no idempotency key: a worker killed between the call and writing it down sends again.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from . import Letter, Outcome


@dataclass(frozen=True, slots=True)
class Chat:
    """Robots named by their Apprise URLs."""

    timeout: float

    def send(self, batch: Sequence[Letter]) -> list[Outcome]:
        """Notify the robots of each letter; it counts as taken when all of them took it."""
        return [self._one(letter) for letter in batch]

    def _one(self, letter: Letter) -> Outcome:
        robots = _robots()
        if not all(robots.add(_timed(url, self.timeout)) for url in letter.to):
            return Outcome(letter.key, problem="bad_target", permanent=True)
        if robots.notify(body=letter.text, title=letter.subject):
            return Outcome(letter.key)
        return Outcome(letter.key, problem="not_taken")


def _timed(url: str, timeout: float) -> str:
    """Return an address with our own limits on how long the call may take."""
    mark = "&" if "?" in url else "?"
    return f"{url}{mark}cto={timeout:g}&rto={timeout:g}"


def is_target(url: str) -> bool:
    """Return whether Apprise understands an address; nothing is called."""
    return robot(url) is not None


def robot(url: str) -> Any:
    """Return the robot of an address, None where Apprise does not understand it; nothing is called."""
    robots = _robots()
    return robots[0] if robots.add(url) else None


def _robots() -> Any:
    """Return Apprise without a robot; it takes a second to load, so whoever needs it loads it."""
    import apprise

    for name in ("apprise", "urllib3"):  # both write addresses, which hold tokens, to logs
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    return apprise.Apprise()
