"""Frequent outages, and what is about to become one, by the published pack that the rulebook chooses.

Counted is a place once: a line by its own outages, an area or an account by its own and its line's. Outages
of days of a major event are left out, and those that others' damage caused where the figure says so.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from suyuan.domain.errors import BadInput
from suyuan.domain.rulebook.book import Rulebook
from suyuan.domain.rulebook.records import Figure

from . import columns
from .columns import DAY, micro, moment
from .detector import Detector, Frames, Terms
from .frequent_rules import Judged, Rows, csg, lists, state_grid
from .signal import Level, Signal

NAME = "frequent_outage"
CATEGORY = "quality.reliability.frequent"
PACKS = ("state_grid", "csg")
UNCOUNTED = {"state_grid": ("selection", "reclosed", "arrears", "shedding"), "csg": ("selection", "arrears")}
"""Kinds of outage that a pack does not count: trying lines for an earth fault, a reclosing that worked."""


class _Entities(NamedTuple):
    names: list[str]
    units: list[str]
    rows: Rows


def find(frames: Frames, terms: Terms, as_of: datetime) -> Iterator[Signal]:
    """Yield the places that are out too often, or one step from it."""
    pack, book = terms["pack"], frames["rulebook"]
    if pack not in PACKS:
        raise BadInput("unknown_value", field="pack", value=str(pack)[:60], known=list(PACKS))
    local = columns.looked_at(as_of, book.calendar.zone)
    table = _counted(frames["outages"], pack, terms, book, as_of)
    every = _entities(table, lines_alone=pack == "state_grid")
    if not len(every.rows.at):
        return
    judged, version, also = _judged(pack, book, every.rows, local)
    for one in judged:
        for n, entity in enumerate(one.entity.tolist()):
            lists_of = [name for name, mine in also.items() if entity in mine]
            yield _signal(every, one, n, (version, lists_of), book, as_of)


def _judged(
    pack: str, book: Rulebook, rows: Rows, local: datetime
) -> tuple[list[Judged], str, dict[str, set[int]]]:
    """Return what the pack in force says, its version, and its further lists."""
    day = local.date()
    if pack == "csg":
        figure, warning = book.figure("frequent.csg", day), book.figure("frequent.csg.warning", day)
        if figure is None or warning is None:
            return [], "", {}
        return csg(rows, figure.terms, warning.terms, local), _version(figure, book), {}
    figure = book.figure("frequent.state_grid", day)
    if figure is None:
        return [], "", {}
    also = {name: set(every.tolist()) for name, every in lists(rows, figure.terms, local).items()}
    return state_grid(rows, figure.terms, local), _version(figure, book), also


def _version(figure: Figure, book: Rulebook) -> str:
    """Return which rule it was: the figure with its day in force, else with the edition of the book."""
    return f"{figure.id}@{figure.in_force_from or book.edition[:12]}"


def _counted(table: pa.Table, pack: str, terms: Terms, book: Rulebook, as_of: datetime) -> pa.Table:
    """Return the outages that count."""
    kind = columns.text(table, "kind")
    began = columns.micros(table, "began")
    counts = ~np.isin(kind.astype(str), UNCOUNTED[pack]) & (began <= micro(as_of))
    if terms["external_left_out"]:
        counts &= ~table["external"].fill_null(False).to_numpy(zero_copy_only=False)
    if terms["major_days"]:
        offset = as_of.astimezone(book.calendar.zone).utcoffset()
        shift = round(offset.total_seconds() * 1e6) if offset else 0
        days = np.array(terms["major_days"], "datetime64[D]").astype(np.int64)
        counts &= ~np.isin((began + shift) // DAY, days)
    return table.filter(pa.array(counts))


def _entities(table: pa.Table, *, lines_alone: bool) -> _Entities:
    """Return each place with the outages that are its own and those of its line, by place, then by begin."""
    sort = columns.text(table, "place_kind").astype(str)
    is_line = sort == "line"
    own = table.filter(pa.array(is_line)) if lines_alone else table
    parts = [own.select(("place_kind", "place", "line", "unit", "kind", "began"))]
    if not lines_alone:
        parts.append(_by_line(table, is_line))
    joined = pa.concat_tables([_plain(part) for part in parts])
    names = pc.binary_join_element_wise(joined["place_kind"], joined["place"], ":").combine_chunks()
    coded = names.dictionary_encode()
    entity = coded.indices.to_numpy().astype(np.int64)
    at = columns.micros(joined, "began")
    order = np.lexsort((at, entity))
    kind = np.asarray(joined["kind"].to_pylist(), object)[order].astype(str)
    units = np.asarray(joined["unit"].to_pylist(), object)
    of_entity = np.full(len(coded.dictionary), "", object)
    of_entity[entity[::-1]] = units[::-1]
    fault = (kind == "fault") | (kind == "") | (kind == "None")
    rows = Rows(entity[order], at[order], kind == "planned", fault)
    return _Entities(coded.dictionary.to_pylist(), [str(one or "") for one in of_entity.tolist()], rows)


def _plain(table: pa.Table) -> pa.Table:
    """Return a table with its texts as texts: those of two tables have other numbers."""
    columns_of = [
        table[name].cast(pa.string()) if pa.types.is_dictionary(table[name].type) else table[name]
        for name in table.column_names
    ]
    return pa.table(dict(zip(table.column_names, columns_of, strict=True)))


def _by_line(table: pa.Table, is_line: NDArray[np.bool_]) -> pa.Table:
    """Return the outages of lines once for every place on them that was out by itself."""
    of = _plain(table.filter(pa.array(~is_line)).select(("place_kind", "place", "line", "unit")))
    places = of.group_by(["place_kind", "place", "line"]).aggregate([("unit", "min")])
    places = places.rename_columns(["place_kind", "place", "line", "unit"])
    lines = _plain(table.filter(pa.array(is_line)).select(("place", "kind", "began")))
    lines = lines.rename_columns(["line", "kind", "began"])
    joined = places.filter(pc.not_equal(places["line"], "")).join(lines, "line", join_type="inner")
    return joined.select(("place_kind", "place", "line", "unit", "kind", "began"))


def _signal(
    every: _Entities, one: Judged, n: int, told: tuple[str, list[str]], book: Rulebook, as_of: datetime
) -> Signal:
    entity, version, also = int(one.entity[n]), *told
    name = every.names[entity]
    level = Level.IMPORTANT if one.frequent else Level.GENERAL
    crossed = moment(one.crossed[n])
    return Signal(
        NAME,
        name,
        Level.URGENT if one.rule == "sg_severe" else level,
        crossed,
        float(one.n[n]),
        float(one.limit + one.frequent),
        f"{one.rule}_account" if name.startswith("account:") else one.rule,
        {
            "place": name.partition(":")[2],
            "n": int(one.n[n]),
            "limit": int(one.limit),
            "trigger": crossed.astimezone(book.calendar.zone).date().isoformat(),
            "version": version,
            "also": " ".join(also),
            "as_of": columns.looked_at(as_of, book.calendar.zone).date().isoformat(),
        },
        (),
        every.units[entity],
        CATEGORY,
    )


FREQUENT_OUTAGE = Detector(NAME, ("outages", "rulebook"), find)
