"""Tables of supply as frames: outages, readings, voltages, calls, handed in as files or kept by the home."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from suyuan.actions import eventlogs
from suyuan.analytics.detect import call_surge, low_voltage, outages, zero_readings
from suyuan.analytics.trace.causality import fits
from suyuan.domain import masking
from suyuan.gateways import supplyfile
from suyuan.gateways.supplyfile import Sheet
from suyuan.store import event_log, rules
from suyuan.store.frames import places

MARK = event_log.MARK
_PLACES, _FREE = ("line", "area"), ("kind", "cause", "site")
"""Columns of text: what identifies a person there is hidden before a home keeps it."""
_WHO = {masking.Kind.PHONE, masking.Kind.IDENTITY, masking.Kind.NAME, masking.Kind.CARD}
_CODE = re.compile(r"[A-Za-z][\w.-]*", re.ASCII)
"""What hides a place too; any other long number there is its code, and two codes stay two places."""


def frames(given: Mapping[str, Path], as_of: datetime) -> tuple[dict[str, pa.Table], dict[str, Sheet]]:
    """Return frames of files by kind, cut at a moment, and what was read of each; raise BadInput.

    Alarms that the home knows are none beside voltages that were handed in.
    """
    zone, known = str(rules.rulebook().calendar.zone), bounds()
    read = {kind: supplyfile.read(path, kind, zone, known) for kind, path in given.items()}
    made = {kind: made_of(kind, keyed(sheet.table), as_of) for kind, sheet in read.items()}
    if "outages" in made:
        made["outages_until"] = as_of
    if "voltage" in made:
        made["voltage_alarms"] = low_voltage.ALARMS.empty_table()
    return made, read


def bounds() -> dict[str, tuple[float, float]]:
    """Return between what readings and voltages are taken for what they say."""
    terms = rules.rulebook().figures["supply.plausible"][-1].terms
    return {of: (float(least), float(most)) for of, (least, most) in terms.items()}


def made_of(kind: str, table: pa.Table, as_of: datetime) -> pa.Table:
    """Return the frame of a table whose accounts are keys, cut at a moment."""
    return MADE[kind](table, as_of)


def keyed(table: pa.Table) -> pa.Table:
    """Return a table with accounts by their keys and texts without blanks around, null for none."""
    for at, column in enumerate(table.schema):
        if pa.types.is_string(column.type):
            texts = _filled(table[column.name])
            texts = _keyed(texts) if column.name == "account" else texts
            table = table.set_column(at, column.name, pc.if_else(pc.equal(texts, ""), None, texts))
    return table


def masked(table: pa.Table) -> pa.Table:
    """Return a table with nobody named in the texts of places and causes."""
    for name in {*_PLACES, *_FREE} & set(table.column_names):
        hide = _hidden if name in _PLACES else masking.mask
        coded = table[name].combine_chunks().dictionary_encode()
        texts = [hide(one) for one in coded.dictionary.to_pylist()]
        at = table.schema.get_field_index(name)
        table = table.set_column(at, name, pa.array(texts, pa.string()).take(coded.indices))
    return table


def _hidden(place: str) -> str:
    if _CODE.fullmatch(place):
        return place
    return masking.mask(place) if any(one.kind in _WHO for one in masking.find(place)) else place


def is_fault(text: str) -> bool:
    """Tell whether a word for an outage means a fault."""
    codes = eventlogs.watched().outages
    return next((code for code, every in codes.items() if fits(text, every)), "") == "fault"


def _outages(table: pa.Table, as_of: datetime) -> pa.Table:
    """Return outages at the smallest place that each row names, what was not known then left out."""
    table = table.filter(pc.less_equal(table["began"], pa.scalar(as_of, supplyfile.UTC_MOMENT)))
    watched = eventlogs.watched()
    every = [_filled(table[name]) for name in ("account", "area", "line")]
    has = [pc.not_equal(one, "") for one in every]
    place = pc.if_else(has[0], every[0], pc.if_else(has[1], every[1], every[2]))
    kind = pc.if_else(has[0], "account", pc.if_else(has[1], "area", "line"))
    known = pc.if_else(pc.less_equal(table["ended"], _now(as_of)), table["ended"], None)
    arrived = pc.if_else(pc.less_equal(table["arrived"], _now(as_of)), table["arrived"], None)
    made = pa.table(
        [
            _filled(table["outage"]),
            _coded(place),
            _coded(kind),
            _coded(every[2]),
            _coded(_meant(table["kind"], watched.outages)),
            pc.equal(_meant(table["cause"], {"external": watched.external}), "external"),
            table["began"],
            arrived,
            known,
            table["due"],
            _coded(_meant(table["site"], watched.sites)),
            _coded(_units(table, kind, place)),
        ],
        schema=outages.SCHEMA,
    )
    return made.filter(pc.not_equal(place, ""))


def _units(table: pa.Table, kind: pa.Array, place: pa.Array) -> pa.Array:
    """Return the unit of each row, as the file says, else as the register of customers has it."""
    said = _filled(table["unit"])
    found = {
        (sort, name): code
        for sort in ("account", "area", "line")
        for name, code in places.units(
            sort, set(pc.unique(place.filter(pc.and_(pc.equal(kind, sort), pc.equal(said, "")))).to_pylist())
        ).items()
    }
    if not found:
        return said
    known = zip(said.to_pylist(), kind.to_pylist(), place.to_pylist(), strict=True)
    return pa.array([unit or found.get((sort, name), "") for unit, sort, name in known], pa.string())


def _readings(table: pa.Table, as_of: datetime) -> pa.Table:
    """Return readings; a month without a day is known when it is over."""
    day = table["read_on"]
    known = pc.less_equal(day, pa.scalar(rules.local_day(as_of), pa.date32()))
    account = _filled(table["account"])
    columns = [_coded(account), day, table["kwh"], pc.equal(table["kwh"], 0.0)]
    made = pa.table([*columns, _coded(_of_accounts(table, account))], schema=zero_readings.SCHEMA)
    return made.filter(known)


def _voltage(table: pa.Table, as_of: datetime) -> pa.Table:
    account = _filled(table["account"])
    columns = [_coded(account), _coded(_filled(table["area"])), table["at"]]
    columns += [table[name] for name in ("v_a", "v_b", "v_c")]
    made = pa.table([*columns, _coded(_of_accounts(table, account))], schema=low_voltage.SCHEMA)
    return made.filter(pc.less_equal(made["at"], _now(as_of)))


def _of_accounts(table: pa.Table, account: pa.Array) -> pa.Array:
    """Return the unit of each row by its account, as the file says, else as the register has it."""
    said = _filled(table["unit"])
    coded = account.dictionary_encode()
    known = places.units("account", set(coded.dictionary.to_pylist()) - {""})
    found = pa.array([known.get(one, "") for one in coded.dictionary.to_pylist()], pa.string())
    return pc.if_else(pc.equal(said, ""), found.take(coded.indices), said)


def _calls(table: pa.Table, as_of: datetime) -> pa.Table:
    columns = [table["at"], _coded(_filled(table["line"])), _coded(_filled(table["area"]))]
    made = pa.table(columns, schema=call_surge.SCHEMA)
    return made.filter(pc.less_equal(made["at"], _now(as_of)))


MADE: Mapping[str, Callable[[pa.Table, datetime], pa.Table]] = {
    "outages": _outages,
    "readings": _readings,
    "voltage": _voltage,
    "calls": _calls,
}


def _now(as_of: datetime) -> pa.Scalar:
    return pa.scalar(as_of, supplyfile.UTC_MOMENT)


def _filled(column: pa.ChunkedArray) -> pa.Array:
    """Return texts, empty where there is none."""
    texts = pc.fill_null(column.cast(pa.string()), "")
    return pc.utf8_trim_whitespace(texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts)


def _coded(texts: pa.Array) -> pa.Array:
    found = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    return found.dictionary_encode()


def _keyed(accounts: pa.Array) -> pa.Array:
    """Return accounts by their keys, each asked once: a number stands in no signal."""
    coded = accounts.dictionary_encode()
    keys = [
        event_log.reference("account", one).removeprefix(MARK) if one else ""
        for one in coded.dictionary.to_pylist()
    ]
    return pa.array(keys, pa.string()).take(coded.indices)


def _meant(column: pa.ChunkedArray, codes: Mapping[str, tuple[str, ...]]) -> pa.Array:
    """Return the code that each text means, empty for none."""
    coded = _filled(column).dictionary_encode()
    found = [
        next((code for code, every in codes.items() if fits(one, every)), "")
        for one in coded.dictionary.to_pylist()
    ]
    return pa.array(found, pa.string()).take(coded.indices)
