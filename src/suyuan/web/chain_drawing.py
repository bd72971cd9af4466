"""A chain over the timeline as geometry: lanes, bars, marks and arrows, in the units of an SVG.

Left stands what each step is, right when it was; time runs to the complaint at the right end. Pure: words and
moments come in, whole numbers and cut words go out, and a template draws them.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import zip_longest

WIDE, SMALL, PHONE = 760, 600, 330
"""How wide a drawing is on a page of its own, in a column, and on a phone: there words stand above bars."""
MARGIN = 36
"""Right of the complaint: half of a date stands there."""
AXIS, GAP, BAR, LINE = 30, 42, 12, 16
"""Heights: of the axis, between two lanes (two lines of why at least), of a bar, of a line of text."""
WHY, WHY_PHONE = 3, 4
"""So many lines of why one step leads to the next at most, and on a phone."""
SIZE, NARROW = 12.5, 0.56
"""How wide a Chinese character is, and what part of it a Latin one takes."""
TICKS = 5
"""So many dates at most stand on the axis."""
STEPS = (1, 2, 3, 6, 12, 24, 48, 120, 168, 336, 720, 1440, 2160, 4320, 8760)
"""Hours between two of them."""
DAY = 24
CUT = "…"


@dataclass(frozen=True, slots=True)
class Stop:
    """One step in words: its role (source, then, complaint), what stands beside its bar, and its span."""

    role: str
    title: str
    says: str
    who: str
    span: str
    """Since when, in words."""
    since: datetime
    until: datetime
    is_open: bool = False
    """Whether it still stood open when the complaint came."""


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text at a place."""

    x: int
    y: int
    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """One step as drawn: its box, its words, its bar and the mark at its beginning."""

    role: str
    full: str
    y: int
    height: int
    words: tuple[Words, ...]
    bar: tuple[int, int, int]
    """Where the bar begins, how long it is, and its upper edge."""
    is_open: bool
    mark: str
    """The path of the mark: a square for the source, a circle for what came then, a diamond at the end."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """Why one step leads to the next: the way, the head, the words beside it and the box they stand in."""

    full: str
    way: str
    head: str
    words: tuple[Words, ...]
    anchor: str
    box: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chain as an SVG draws it."""

    height: int
    ticks: tuple[Words, ...]
    lanes: tuple[Lane, ...]
    arrows: tuple[Arrow, ...]
    width: int
    axis: tuple[int, int, int]
    """Where the axis begins and ends, and its height."""

    @property
    def parts(self) -> list[tuple[Lane, Arrow | None]]:
        """Return each lane with the arrow that leaves it, in the order in which a keyboard goes."""
        return list(zip_longest(self.lanes, self.arrows))


@dataclass(frozen=True, slots=True)
class Axis:
    """The time that a drawing shows, and where it stands."""

    first: datetime
    last: datetime
    left: int
    right: int
    beside: bool
    """Whether words stand left of the axis; else above the bars."""

    @property
    def room(self) -> int:
        """Return how wide the words of a step may be."""
        return self.left - 2 * BAR if self.beside else self.right

    def place(self, at: datetime) -> int:
        """Return where a moment stands; a chain without length stands at its end."""
        if self.last <= self.first:
            return self.right
        part = (at - self.first) / (self.last - self.first)
        return self.left + round(min(max(part, 0.0), 1.0) * (self.right - self.left))


def draw(stops: Sequence[Stop], leads: Sequence[str], zone: tzinfo, width: int = WIDE) -> Drawing:
    """Return the drawing of a chain, source first; of each lead the words between two stops."""
    first, last = min(one.since for one in stops), stops[-1].since
    beside = width > PHONE
    axis = Axis(first, last, width // 3 + BAR if beside else MARGIN, width - MARGIN, beside=beside)
    lanes: list[Lane] = []
    y = AXIS + LINE // 2
    gap = 0
    said = [_said(words, axis.place(stop.since), axis) for stop, words in zip(stops[1:], leads, strict=False)]
    for stop, why in zip_longest(stops, said):
        lane = _lane(stop, y, axis)
        lanes.append(lane)
        gap = GAP if why is None else max(GAP, len(why) * LINE + 10)
        y += lane.height + gap
    pairs = zip(lanes, lanes[1:], leads, said, strict=False)
    arrows = tuple(_arrow(above, below, words, why, axis) for above, below, words, why in pairs)
    where = axis.left, axis.right, AXIS
    return Drawing(y - gap + LINE // 2, _ticks(axis, zone), tuple(lanes), arrows, width, where)


def _lane(stop: Stop, y: int, axis: Axis) -> Lane:
    rows = [("title", line) for line in lines(stop.title, axis.room, 2)]
    rows += [("says", line) for line in lines(stop.says, axis.room, 2)]
    rows += [("who", line) for said in (stop.who, stop.span) for line in lines(said, axis.room, 1)]
    height = len(rows) * LINE + (BAR if axis.beside else 3 * BAR)
    words = tuple(Words(BAR, y + LINE * (n + 1), text, kind) for n, (kind, text) in enumerate(rows))
    left, right = axis.place(stop.since), axis.place(stop.until)
    middle = y + height // 2 if axis.beside else y + height - BAR
    return Lane(
        role=stop.role,
        full="\n".join(filter(None, (stop.title, stop.says, stop.who, stop.span))),
        y=y,
        height=height,
        words=words,
        bar=(left, max(right - left, 0), middle - BAR // 2),
        is_open=stop.is_open,
        mark=mark(stop.role, left, middle),
    )


def mark(role: str, x: int, y: int) -> str:
    """Return the path of the mark of a role around a point: its shape says what its colour says."""
    r = BAR * 2 // 3
    if role == "source":
        return f"M{x - r} {y - r}H{x + r}V{y + r}H{x - r}Z"
    if role == "complaint":
        return f"M{x} {y - r - 2}L{x + r + 2} {y}L{x} {y + r + 2}L{x - r - 2} {y}Z"
    return f"M{x - r} {y}A{r} {r} 0 1 1 {x + r} {y}A{r} {r} 0 1 1 {x - r} {y}Z"


def _side(x: int, axis: Axis) -> tuple[bool, int]:
    """Return whether there is more room on the right of an arrow, and how much."""
    on_right = axis.right - x >= x - axis.left
    return on_right, (axis.right - x if on_right else x - axis.left) - BAR


def _said(words: str, x: int, axis: Axis) -> list[str]:
    """Return why one step leads to the next in lines beside its arrow."""
    return lines(words, _side(x, axis)[1], WHY if axis.beside else WHY_PHONE)


def _arrow(above: Lane, below: Lane, said: str, cut: Sequence[str], axis: Axis) -> Arrow:
    """Return the arrow from a bar down to the beginning of the next, and its words on the roomier side."""
    start, length, top = above.bar
    x = below.bar[0]
    leaves = min(max(x, start), start + length)
    y, end = top + BAR, below.bar[2] - BAR // 2
    gap = above.y + above.height
    way = f"M{leaves} {y}V{gap}H{x}V{end}" if leaves != x else f"M{x} {y}V{end}"
    on_right, room = _side(x, axis)
    at = x + BAR if on_right else x - BAR
    words = tuple(Words(at, gap + LINE * (n + 1) + 2, text) for n, text in enumerate(cut))
    box = (x - BAR if on_right else axis.left, gap + 2, room + 2 * BAR, below.y - gap - 4)
    head = f"M{x - 5} {end - 7}L{x} {end}L{x + 5} {end - 7}Z"
    return Arrow(said, way, head, words, "start" if on_right else "end", box)


def _ticks(axis: Axis, zone: tzinfo) -> tuple[Words, ...]:
    """Return the dates on the axis, local ones; hours where it is short."""
    first, last = axis.first, axis.last
    hours = (last - first) / timedelta(hours=1)
    step = next((each for each in STEPS if hours / each <= TICKS), round(hours / TICKS))
    start = first.astimezone(zone).replace(minute=0, second=0, microsecond=0)
    if step >= DAY:
        start = start.replace(hour=0)
    marks = [start + timedelta(hours=step * n) for n in range(TICKS + 2)]
    form = "%Y-%m-%d" if step >= DAY else "%m-%d %H:%M"
    return tuple(Words(axis.place(at), AXIS - BAR, at.strftime(form)) for at in marks if first <= at <= last)


def width(text: str) -> float:
    """Return about how wide a text is."""
    wide = sum(unicodedata.east_asian_width(each) in "WFA" for each in text)
    return SIZE * (wide + NARROW * (len(text) - wide))


def lines(text: str, room: float, most: int) -> list[str]:
    """Return a text in so many lines at most that fit a room, cut with an ellipsis where it is longer."""
    found: list[str] = []
    left = text.strip()
    while left and len(found) < most:
        if width(left) <= room:
            return [*found, left]
        if len(found) == most - 1:
            return [*found, left[: _fits(left, room - SIZE)].rstrip() + CUT]
        at = _break(left, _fits(left, room))
        found.append(left[:at].rstrip())
        left = left[at:].lstrip()
    return found


def _fits(text: str, room: float) -> int:
    """Return how many of the first characters fit a room, one at least."""
    used = 0.0
    for n, each in enumerate(text):
        used += width(each)
        if used > room:
            return max(n, 1)
    return len(text)


def _break(text: str, at: int) -> int:
    """Return where to break a line at a place or before it: no Latin word or number is cut if it fits."""
    back = at
    while back and text[back - 1 : back + 1].isascii() and " " not in text[back - 1 : back + 1]:
        back -= 1
    return back or at
