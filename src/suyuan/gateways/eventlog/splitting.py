"""Cells that name objects, and columns that speak of them and not of the event."""

import ast
from typing import Any

import numpy as np
import pyarrow as pa

from .batch import codes
from .building import Group
from .columns import OF_OBJECTS, Codes, Moments
from .layout import BRACKETS, Things


def group_of(events: Codes, cells: Any, things: Things) -> Group:
    """Return the objects that cells name, one cell an event; ``cells`` is a ``pa.DictionaryArray``."""
    code = np.asarray(cells.indices)
    named = [_ids(text, things) for text in cells.dictionary.to_pylist()]
    counts = np.array([len(ids) for ids in named] or [0])
    starts = np.cumsum(counts) - counts
    flat = pa.array([each for ids in named for each in ids], pa.string())
    many = counts[code] if len(code) else np.zeros(0, np.int64)
    first = np.repeat((starts[code] if len(code) else many) - (np.cumsum(many) - many), many)
    ids = flat.take(pa.array(first + np.arange(int(many.sum()))))
    return Group(things.type, things.qualifier, np.repeat(events, many), ids, pa.array([], pa.string()))


def _ids(text: str, things: Things) -> list[str]:
    """Return the ids of one cell, each once, in its order."""
    if things.separator == BRACKETS:
        parts = _listed(text)
    else:
        parts = text.split(things.separator) if things.separator else [text]
    return [things.prefix + part for part in dict.fromkeys(part.strip() for part in parts) if part]


def _listed(text: str) -> list[str]:
    """Return the texts of a list; what is none is one id."""
    try:
        found = ast.literal_eval(text) if text.startswith("[") else None
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        found = None
    whole = isinstance(found, list) and all(isinstance(each, str) for each in found)
    return found if whole and found is not None else [text]


def changes(name: str, objects: Codes, cells: Any, at: Moments, kind: str) -> pa.Table:
    """Return what a column says of objects over time: the first value, then each that is another one."""
    code = np.asarray(cells.indices)
    order = np.lexsort((at, objects))
    whose, value = objects[order], code[order]
    fresh, begins = np.ones(len(order), np.bool_), np.ones(len(order), np.bool_)
    begins[1:] = whose[1:] != whose[:-1]
    fresh[1:] = begins[1:] | (value[1:] != value[:-1])
    rows = order[fresh]
    return pa.table(
        [
            pa.array(objects[rows], pa.int32()),
            pa.DictionaryArray.from_arrays(np.zeros(len(rows), np.int32), pa.array([name])),
            pa.DictionaryArray.from_arrays(codes(code[rows]), cells.dictionary),
            pa.DictionaryArray.from_arrays(np.zeros(len(rows), np.int32), pa.array([kind])),
            pa.array(at[rows], pa.int64(), mask=begins[fresh]),
        ],
        schema=OF_OBJECTS,
    )
