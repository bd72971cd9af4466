"""Figures drawn ahead: what was looked at lately is drawn anew after each export before anybody asks.

Until it is drawn, pages show the figures of the export before, with its time. Where nobody draws ahead, or
drawing takes too long, a page draws for itself, as if there were none of this.
"""

import functools
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

LATELY = 1800.0
"""Seconds after a look for which its figures are drawn ahead."""
MOST = 48
"""Figures drawn ahead, the last asked first: each keeps less than its cache holds for two minutes."""
OLDEST = timedelta(minutes=2)
"""Older than this, figures are not shown: a page draws for itself."""

Rest = ParamSpec("Rest")
Found = TypeVar("Found")


class Stand(Protocol):
    """The lake as it was exported, and the moment figures are drawn for."""

    @property
    def folder(self) -> str:
        """Return where the lake lies."""
        ...

    @property
    def stamp(self) -> int:
        """Return which export it is, 0 before the first."""
        ...

    @property
    def as_of(self) -> datetime:
        """Return the moment."""
        ...

    def files(self) -> tuple[Path, ...]:
        """Return the files figures are drawn from."""
        ...


At = TypeVar("At", bound=Stand)
_asked: dict[tuple[Callable[..., object], tuple[object, ...]], float] = {}
_drawn: list[Any] = []
"""The stand whose figures are drawn, if any."""
_hold = threading.Lock()


def ahead(draw: Callable[Concatenate[At, Rest], Found]) -> Callable[Concatenate[At, Rest], Found]:
    """Remember what is asked of a figure, so that it can be drawn ahead; ``draw`` keeps what it drew."""

    @functools.wraps(draw)
    def ask(at: At, *rest: Rest.args, **_: Rest.kwargs) -> Found:
        with _hold:
            _asked[draw, rest] = time.monotonic()
        return draw(at, *rest)  # type: ignore[call-arg]

    return ask


def instead(newest: At) -> At:
    """Return the stand that is drawn already where it is recent and its files lie there, else ``newest``."""
    with _hold:
        drawn: At | None = _drawn[0] if _drawn else None
    if drawn is None or drawn.folder != newest.folder:
        return newest
    recent = timedelta() <= newest.as_of - drawn.as_of <= OLDEST
    return drawn if recent and all(path.exists() for path in drawn.files()) else newest


def due(newest: Stand) -> Iterator[Callable[[], object]]:
    """Yield what draws each figure that was asked lately for a stand; the stand is shown once all were tried.

    One that cannot be drawn is no reason to show an older stand: its page draws for itself.
    """
    if _drawn and _serves(_drawn[0], newest):
        return
    since = time.monotonic() - LATELY
    with _hold:
        kept = sorted(_asked.items(), key=lambda each: -each[1])[:MOST]
        wanted = {each: at for each, at in kept if at > since}
        _asked.clear()
        _asked.update(wanted)
    for figure, rest in wanted:
        yield functools.partial(figure, newest, *rest)
    with _hold:
        _drawn[:] = [newest] if wanted and newest.stamp else []


def _serves(drawn: Stand, newest: Stand) -> bool:
    """Return whether there is nothing to draw yet: the same export, and no moment too far behind."""
    same = (drawn.folder, drawn.stamp) == (newest.folder, newest.stamp)
    return same and timedelta() <= newest.as_of - drawn.as_of < OLDEST


def drop() -> None:
    """Show nothing drawn before: somebody wants the newest."""
    with _hold:
        _drawn.clear()
