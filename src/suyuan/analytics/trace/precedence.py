"""Which step of a kind of process is done before which, and what was left out or done out of order.

Counted are the first times of each two steps in one process; of a kind there is much of, a part is enough.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from .eventlog import Ints

COUNTED_IN = 5_000
"""So many processes of one kind are counted in."""
NEARLY_ALWAYS, SEEN = 0.9, 8
"""One step comes before another where it did in such a part of those that did both; and so often at least,
where the order itself is held against it."""
FURTHEST = 40
"""So many steps apart two steps of one process are still counted."""

Before = Mapping[tuple[int, int, int], int]
"""Kind, earlier step, later step → in how many processes the one was first done before the other."""


def learn(whose: Ints, kind: Ints, done: Ints, at: Ints, wide: int) -> Before:
    """Return which step came before which; rows stand by process and moment, ``wide`` steps there are."""
    if not len(whose):
        return {}
    keep = _part(whose, kind)
    whose, kind, done, at = whose[keep], kind[keep].astype(np.int64), done[keep].astype(np.int64), at[keep]
    _, first = np.unique(whose.astype(np.int64) * wide + done, return_index=True)
    first.sort()
    whose, kind, done, at = whose[first], kind[first], done[first], at[first]
    codes = []
    for apart in range(1, FURTHEST):
        same = whose[apart:] == whose[:-apart]
        if not same.any():
            break
        same &= at[apart:] > at[:-apart]
        codes.append(((kind[:-apart] * wide + done[:-apart]) * wide + done[apart:])[same])
    pairs, count = np.unique(np.concatenate([*codes, np.zeros(0, np.int64)]), return_counts=True)
    return {
        (int(pair) // wide // wide, int(pair) // wide % wide, int(pair) % wide): int(n)
        for pair, n in zip(pairs, count, strict=True)
    }


def _part(whose: Ints, kind: Ints) -> NDArray[np.bool_]:
    """Return which rows are of the processes that are counted in, spread over all of each kind."""
    fresh = np.append(True, whose[1:] != whose[:-1])
    number = np.cumsum(fresh) - 1
    kinds = kind[fresh]
    keep = np.zeros(len(kinds), bool)
    for one in np.unique(kinds).tolist():
        mine = np.flatnonzero(kinds == one)
        keep[mine[:: max(1, -(-len(mine) // COUNTED_IN))]] = True
    found: NDArray[np.bool_] = keep[number]
    return found


def comes_before(before: Before, kind: int, one: int, other: int) -> bool:
    """Tell whether a step nearly always comes before another where both are done."""
    so, not_so = before.get((kind, one, other), 0), before.get((kind, other, one), 0)
    return so > 0 and so >= NEARLY_ALWAYS * (so + not_so)


def turned(
    before: Before, kind: int, steps: Sequence[int], at: Sequence[int], apart: int
) -> Iterator[tuple[int, int]]:
    """Yield the steps that were done after one they come before, with that one, as places in ``steps``.

    ``apart`` is by how much the moments have to differ. Of a step that stands wrong among several it is told
    once: the one that turns most pairs is taken out first.
    """
    first = {step: n for n, step in reversed(list(enumerate(steps)))}
    ranked = sorted(first.values())
    pairs = [
        (late, early)
        for n, early in enumerate(ranked)
        for late in ranked[n + 1 :]
        if at[late] - at[early] > apart
        and before.get((kind, steps[late], steps[early]), 0) >= SEEN
        and comes_before(before, kind, steps[late], steps[early])
    ]
    while pairs:
        held = {n: sum(n in pair for pair in pairs) for pair in pairs for n in pair}
        worst = max(held, key=lambda n: (held[n], n))
        partner = next(a + b - worst for a, b in pairs if worst in (a, b))
        yield worst, partner
        pairs = [pair for pair in pairs if worst not in pair]
