"""Which attributes has each activity and each type of objects, by what a log says of them?"""

from typing import Any

import numpy as np
import pyarrow as pa

from .columns import Declared

_TABLE = 1 << 24


def declared(types: Any, table: pa.Table, owner: str) -> Declared:
    """Return by type its attributes with their kind; ``string`` where values of two kinds stand under one."""
    size = [len(types.dictionary), 0, 0]
    name, kind = (table[column].combine_chunks() for column in ("name", "kind"))
    size[1:] = len(name.dictionary), len(kind.dictionary)
    found: Declared = {types.dictionary[int(n)].as_py(): {} for n in np.unique(np.asarray(types.indices))}
    if not len(name):
        return found
    whose = np.asarray(types.indices)[table[owner].to_numpy()]
    one = (whose.astype(np.int64) * size[1] + np.asarray(name.indices)) * size[2] + np.asarray(kind.indices)
    for number in _unlike(one, size[0] * size[1] * size[2]):
        rest, k = divmod(number, size[2])
        t, n = divmod(rest, size[1])
        of_type = found[types.dictionary[t].as_py()]
        called, said = name.dictionary[n].as_py(), kind.dictionary[k].as_py()
        of_type[called] = said if of_type.get(called, said) == said else "string"
    return found


def _unlike(numbers: Any, size: int) -> list[int]:
    if size > _TABLE:
        return np.unique(numbers).tolist()
    mark = np.zeros(size, np.bool_)
    mark[numbers] = True
    return np.flatnonzero(mark).tolist()
