"""A flow drawn as a map: steps as boxes by layers, what follows what as lines as wide as it is frequent."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from unicodedata import east_asian_width

from django.utils.translation import gettext

from suyuan.analytics.ranking import Q_LEVEL
from suyuan.analytics.trace import layered
from suyuan.analytics.trace.flow import Flow, Passage
from suyuan.analytics.trace.layered import Placed
from suyuan.analytics.trace.population import Row

ACROSS, DOWN = 176, 104
"""From the middle of one step to that of the next, in pixels."""
WIDE, HIGH = 152, 58
MARGIN, LINE = 12, 22
"""Around the map; so many narrow letters fit one line of a box."""
THIN, THICK = 1.0, 9.0
LABELLED = 30
"""Of so many lines at most each says its number; of more only where one points at it."""
LEVELS = (1.2, 2.0, 5.0)
"""From which relative risk on a box has the next colour."""


@dataclass(frozen=True, slots=True)
class Box:
    """One step as drawn."""

    x: str
    y: str
    middle: str
    lines: list[tuple[str, str]]
    """Each with where it stands down."""
    said: str
    said_at: str
    level: int
    never: bool
    words: str
    """Everything the box says, for who does not see it."""
    url: str


@dataclass(frozen=True, slots=True)
class Way:
    """One passage as drawn."""

    path: str
    width: str
    back: bool
    words: str
    label: str
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Map:
    """A map with its size in pixels."""

    boxes: list[Box]
    ways: list[Way]
    width: int
    height: int
    shown: str
    """Which part of all passages is drawn, in percent."""
    whole: bool


def level(row: Row | None) -> int:
    """Return how high a relative risk is: 0 usual, to 3."""
    return 0 if row is None else sum(row.relative_risk >= border for border in LEVELS)


def sign(row: Row | None) -> str:
    """Return the sign of a relative risk: surely raised, perhaps raised, usual."""
    if row is None or not level(row):
        return "–"
    return "▲" if row.q <= Q_LEVEL else "△"


def drawn(
    flow: Flow,
    whole: Flow,
    rows: Mapping[int, Row],
    names: Sequence[str],
    address: Callable[[int], str],
) -> Map:
    """Return a flow as a map; steps complaints come from and nobody ever did stand below all others."""
    steps = list(flow.done)
    edges = [(one.before, one.after) for one in flow.passages]
    at = layered.placed(steps, edges)
    boxes = [_box(step, at, flow.done[step], rows.get(step), names[step], address(step)) for step in steps]
    most = max((one.times for one in flow.passages), default=1)
    labelled = len(flow.passages) <= LABELLED
    ways = [_way(one, at, most, names, labelled=labelled) for one in flow.passages]
    return Map(
        boxes,
        ways,
        round(_x(at.width)) + 4 * MARGIN + 24,
        at.layers * DOWN - (DOWN - HIGH) + 2 * MARGIN,
        f"{100 * flow.shown:.0f}",
        len(flow.passages) == len(whole.passages),
    )


def _x(across: float) -> float:
    return MARGIN + across * ACROSS


def _y(layer: float) -> float:
    return MARGIN + HIGH / 2 + layer * DOWN


def _box(step: int, at: Placed, done: int, row: Row | None, name: str, url: str) -> Box:
    across, layer = at.at[step]
    x, y = _x(across), _y(layer)
    lines = list(_wrapped(name))
    risk = f"{row.relative_risk:.1f}" if row else "1.0"
    said = f"{sign(row)} {risk}× · n={done:,}"
    first = y - 6 if len(lines) == 1 else y - 14
    return Box(
        f"{x - WIDE / 2:.1f}",
        f"{y - HIGH / 2:.1f}",
        f"{x:.1f}",
        [(line, f"{first + 15 * n:.1f}") for n, line in enumerate(lines)],
        said,
        f"{y + (12 if len(lines) == 1 else 18):.1f}",
        level(row),
        not done,
        _words(name, done, row),
        url,
    )


def _words(name: str, done: int, row: Row | None) -> str:
    """Return what a box says in one sentence."""
    if row is None:
        return gettext("%(name)s：办了 %(done)d 次，没有投诉溯源到这里") % {"name": name, "done": done}
    return gettext(
        "%(name)s：办了 %(done)d 次，溯源到这里的投诉 %(n)s 件，相对风险 %(risk)s（%(low)s 至 %(high)s）"
    ) % {
        "name": name,
        "done": done,
        "n": f"{row.complaints:.1f}",
        "risk": f"{row.relative_risk:.2f}",
        "low": f"{row.low:.2f}",
        "high": f"{row.high:.2f}",
    }


def _wrapped(name: str) -> Iterator[str]:
    """Yield a name in two lines at most, the second cut where it is too long."""
    line, used, lines = "", 0, 0
    for letter in name:
        room = 2 if east_asian_width(letter) in "WF" else 1
        if used + room > LINE:
            if lines:
                yield line[:-1] + "…"
                return
            yield line
            line, used, lines = "", 0, 1
        line, used = line + letter, used + room
    if line:
        yield line


def _way(one: Passage, at: Placed, most: int, names: Sequence[str], *, labelled: bool) -> Way:
    """Return a passage as a line: down through its bends, or back on the right."""
    edge = one.before, one.after
    path, x, y = _back(at, edge) if edge in at.back else _down(at, edge)
    words = gettext("%(before)s → %(after)s：%(times)d 次") % {
        "before": names[one.before],
        "after": names[one.after],
        "times": one.times,
    }
    width = THIN + (THICK - THIN) * one.times / most
    label = f"{one.times:,}" if labelled else ""
    return Way(path, f"{width:.1f}", edge in at.back, words, label, f"{x:.1f}", f"{y:.1f}")


def _down(at: Placed, edge: tuple[int, int]) -> tuple[str, float, float]:
    (start, top), (end, bottom) = at.at[edge[0]], at.at[edge[1]]
    points = [(_x(start), _y(top) + HIGH / 2)]
    for across, layer in at.bends.get(edge, ()):
        # Straight beside a step, so that no line runs under one.
        points += [(_x(across), _y(layer) - HIGH / 2), (_x(across), _y(layer) + HIGH / 2)]
    points.append((_x(end), _y(bottom) - HIGH / 2 - 6))
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for (x, y), (to_x, to_y) in pairwise(points):
        half = (to_y - y) / 2
        path += f"C{x:.1f} {y + half:.1f} {to_x:.1f} {to_y - half:.1f} {to_x:.1f} {to_y:.1f}"
    (x, y), (to_x, to_y) = points[0], points[1]
    return path, (x + to_x) / 2, (y + to_y) / 2 + 4


def _back(at: Placed, edge: tuple[int, int]) -> tuple[str, float, float]:
    """Return a line that leads up again on the right of its steps, or around one to itself."""
    (start, low), (end, high) = at.at[edge[0]], at.at[edge[1]]
    x, y, to_x, to_y = _x(start) + WIDE / 2, _y(low), _x(end) + WIDE / 2, _y(high)
    if edge[0] == edge[1]:
        y, to_y = y - 12, to_y + 12
    far = max(x, to_x) + 22
    path = f"M{x:.1f} {y:.1f}C{far:.1f} {y:.1f} {far:.1f} {to_y:.1f} {to_x + 6:.1f} {to_y:.1f}"
    return path, far, (y + to_y) / 2 + 4
