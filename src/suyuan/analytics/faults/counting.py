"""Records (repair orders, outages) made faults: what one outage was told of several times is one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

SCHEMA = pa.schema(
    [
        ("number", pa.string()),  # of the order, or of the outage
        ("order", pa.bool_()),  # an order of ours, with a page of its own
        ("line", pa.string()),
        ("area", pa.string()),  # empty: the line as a whole, or unknown
        ("cause", pa.string()),  # a code of the list fault_cause; empty: unknown
        ("unit", pa.string()),  # code
        ("unit_path", pa.string()),
        ("began", pa.timestamp("us", "UTC")),
        ("ended", pa.timestamp("us", "UTC")),  # null: not known, or still off
    ]
)
HOUR, DAY = 3_600_000_000, 86_400_000_000
AREA, LINE = "area", "line"
LEVELS = (AREA, LINE)


@dataclass(slots=True)
class Told:
    """One fault: where, why, when (microseconds of UTC), and what told of it."""

    line: str
    area: str
    cause: str
    began: int
    ended: int
    """The last moment known of it: its end, else its begin."""
    last: int
    """When it was told of last."""
    whole: bool = False
    """Whether some record told of the line as a whole."""
    numbers: list[str] = field(default_factory=list)
    """Of our own orders, the first first."""
    units: list[tuple[str, str]] = field(default_factory=list)
    """Code and path of the unit of each record."""


@dataclass(frozen=True)
class Faults:
    """Faults by level: those of areas, and those of lines with the ones of their areas."""

    areas: Sequence[Told]
    lines: Sequence[Told]
    records: int
    nowhere: int
    """Records that name neither a line nor an area: they are in no table."""

    def of(self, level: str) -> Sequence[Told]:
        """Return the faults of a level."""
        return self.areas if level == AREA else self.lines


def faults(records: pa.Table, hours: float) -> Faults:
    """Return the faults that records (``SCHEMA``) tell of.

    Of an area all that is told within so many hours of the one before is one fault, its cause the first that
    is known; of a line what is of one cause. A storm that takes ten areas of a line is one fault of the line.
    """
    rows = sorted(_rows(records), key=lambda one: (one.line, one.area, one.began))
    placed = [one for one in rows if one.area or one.line]
    areas = list(_merged([one for one in placed if one.area], hours, by_cause=False))
    alone = [one for one in placed if not one.area]
    of_lines = [_copy(one) for one in (*areas, *alone) if one.line]
    of_lines.sort(key=lambda one: (one.line, one.cause, one.began))
    return Faults(areas, list(_merged(of_lines, hours, by_cause=True)), len(rows), len(rows) - len(placed))


def _rows(records: pa.Table) -> Iterator[Told]:
    began = records["began"].cast(pa.int64()).to_pylist()
    ended = records["ended"].cast(pa.int64()).to_pylist()
    names = ("number", "order", "line", "area", "cause", "unit", "unit_path")
    texts = zip(*(records[name].to_pylist() for name in names), strict=True)
    for (number, is_order, line, area, cause, unit, path), begin, end in zip(
        texts, began, ended, strict=True
    ):
        yield Told(
            line or "",
            area or "",
            cause or "",
            begin,
            end or begin,
            begin,
            not area,
            [number] if is_order else [],
            [(unit, path)] if unit else [],
        )


def _copy(one: Told) -> Told:
    told = (one.began, one.ended, one.last, one.whole)
    return Told(one.line, "", one.cause, *told, list(one.numbers), list(one.units))


def _merged(rows: Sequence[Told], hours: float, *, by_cause: bool) -> Iterator[Told]:
    """Yield faults of rows in order of place (and cause) and time."""
    held: Told | None = None
    for one in rows:
        same = held is not None and (held.line, held.area) == (one.line, one.area)
        if by_cause and held is not None:
            same = same and held.cause == one.cause
        if held is not None and same and one.began - held.last <= hours * HOUR:
            held.cause = held.cause or one.cause
            held.last, held.ended = max(held.last, one.last), max(held.ended, one.ended)
            held.whole = held.whole or one.whole
            held.numbers += one.numbers
            held.units += one.units
            continue
        if held is not None:
            yield held
        held = one
    if held is not None:
        yield held
