"""Running totals along each subject's events: what had happened up to a row, nothing later."""

import numpy as np

from .timeline import Floats, Ints, Timeline


def with_course(lines: Timeline) -> Timeline:
    """Return a timeline with ``fresh`` (kinds of events so far), ``moves`` and ``back`` (by hands)."""
    size = len(lines.at)
    subject = np.repeat(np.arange(len(lines.start) - 1), np.diff(lines.start))
    activity = lines.columns["activity"].astype(np.int64)
    team = lines.columns["team"].astype(np.int64)
    fresh = _first_of_pair(subject, activity, np.arange(size))
    named = np.flatnonzero(team >= 0)
    moved, back = np.zeros(size), np.zeros(size)
    if len(named):
        same = subject[named][1:] == subject[named][:-1]
        change = np.append(False, same & (team[named][1:] != team[named][:-1]))
        first = _first_of_pair(subject[named], team[named], np.arange(len(named)))
        moved[named] = change
        back[named] = change & (first == 0)
    columns = {
        "fresh": _running(fresh, lines),
        "moves": _running(moved, lines),
        "back": _running(back, lines),
    }
    return Timeline(lines.start, lines.at, {**lines.columns, **columns})


def _first_of_pair(subject: Ints, what: Ints, place: Ints) -> Floats:
    """Return 1 where a subject meets something for the first time."""
    order = np.lexsort((place, what, subject))
    new = np.append(True, (np.diff(subject[order]) != 0) | (np.diff(what[order]) != 0))[: len(order)]
    found = np.zeros(len(order))
    found[order] = new
    return found


def _running(values: Floats, lines: Timeline) -> Floats:
    total = np.append(0.0, np.cumsum(values))
    found: Floats = total[1:] - np.repeat(total[lines.start[:-1]], np.diff(lines.start))
    return found
