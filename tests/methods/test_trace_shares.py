"""What part of all complaints comes from where, and classes of customers held against their own."""

from dataclasses import replace

import numpy as np
import pytest

from bench import trace as bench
from suyuan.actions import eventlogs
from suyuan.analytics.intervals import wilson
from suyuan.analytics.trace import population, sources
from suyuan.analytics.trace.causality import Mode
from suyuan.analytics.trace.sources import UNSURE, Sources
from suyuan.analytics.trace.tracer import Tracer
from suyuan.gateways import eventlog as files


@pytest.fixture(scope="module")
def town() -> Tracer:
    """Return what traces another town."""
    log, rules, _ = bench.town(7)
    return Tracer(log, rules)


@pytest.mark.long
def test_shares_of_all_complaints_are_parts_of_one(town):
    found = sources.sources(town)

    rows = population.population(town, found)

    assert all(0 <= row.share <= 1 for row in rows)
    assert sum(row.share for row in rows) == pytest.approx(found.weight.sum() / len(found.made))
    assert sum(row.complaints for row in rows) == pytest.approx(found.weight.sum())


def test_periods_that_make_up_the_log_add_up_to_it(town):
    at = town.log.at
    first, middle, end = int(at[0]), int(at[len(at) // 2]), int(at[-1]) + 1
    found, done = sources.sources(town), population.exposed(town)

    parts = [population.population(town, found, done, span) for span in ((first, middle), (middle, end))]
    whole = population.population(town, found, done)

    for name in ("exposed", "complaints"):
        halves = sum(getattr(row, name) for part in parts for row in part)
        assert halves == pytest.approx(sum(getattr(row, name) for row in whole))


def test_what_is_drawn_stands_for_all(town, monkeypatch):
    whole = sources.sources(town)
    monkeypatch.setattr(sources, "MOST", len(whole.made) // 2)

    drawn = sources.sources(town)
    rows = population.population(town, drawn)

    assert len(drawn.made) * drawn.stands_for == pytest.approx(len(whole.made))
    assert sum(row.complaints for row in rows) == pytest.approx(whole.weight.sum(), rel=0.1)
    assert sum(row.share for row in rows) <= 1


def test_what_was_never_done_is_held_against_the_orders_it_was_missed_on(town):
    found, done = sources.sources(town), population.exposed(town)
    missed = sources.MODES.index(Mode.MISSING)
    step = int(np.bincount(found.activity[found.mode == missed]).argmax())
    never = replace(done, **{name: getattr(done, name)[done.activity != step] for name in COLUMNS})

    rows = [row for row in population.population(town, found, never) if row.activity == step]

    for row in rows:
        orders = np.unique(found.thing[(found.activity == step) & (found.unit == row.unit)])
        assert (row.exposed, row.expected) == (0, pytest.approx(done.around[orders].sum()))
        assert row.relative_risk < 100
    assert rows != []


COLUMNS = ("activity", "unit", "at", "anyway")


def test_one_class_for_all_is_no_class(town):
    alike = replace(town.log, group=np.ones(len(town.log.type), np.int32))

    told = population.exposed(Tracer(alike, town.rules)).anyway

    assert told.tolist() == pytest.approx(population.exposed(town).anyway.tolist())


def test_a_class_is_held_against_its_own(town):
    """Those who ever complained, as a class of their own, are expected to complain more; the others less."""
    log = town.log
    own = np.array([town.reach.nearest(one) for one in town.complaints().tolist()])
    group = np.ones(len(log.type), np.int32)
    group[own] = 2
    place = population._place_of(town)
    here = np.flatnonzero((place >= 0) & np.isin(log.type[np.maximum(place, 0)], np.unique(log.type[own])))
    of = group[place[here]]

    before = population._anyway(town, place)[here]
    after = population._anyway(Tracer(replace(log, group=group), town.rules), place)[here]

    assert after[of == 2].mean() > 2 * before[of == 2].mean()
    assert after[of == 1].mean() < before[of == 1].mean()


def test_the_class_of_a_customer_is_read_from_the_attribute_the_rules_name(tmp_path):
    made = tmp_path / "log.csv"
    made.write_text(
        "id,activity,time,home,customer_class\n"
        "e1,asked,2026-01-01T00:00:00Z,h1,大工业\n"
        "e2,asked,2026-01-02T00:00:00Z,h2,居民\n"
        "e3,asked,2026-01-03T00:00:00Z,h3,\n",
        "utf-8",
    )
    layout = tmp_path / "layout.toml"
    layout.write_text(
        'id = "id"\nactivity = "activity"\ntime = "time"\n[[objects]]\ncolumn = "home"\ntype = "Account"\n'
        'attributes = ["customer_class"]\n',
        "utf-8",
    )
    columns, rules = files.read(made, files.read_layout(layout)), eventlogs.rules()

    log = eventlogs.traceable(columns, rules)

    assert dict(zip(["h1", "h2", "h3"], log.group.tolist(), strict=True)) == {"h1": 1, "h2": 2, "h3": 0}
    assert eventlogs.traceable(columns, replace(rules, classes=())).group is None


def of_modes(*sure: int) -> Sources:
    """Return complaints whose believed sources deviate so."""
    none = np.zeros(0, np.int64)
    made = np.zeros(len(sure), np.int64)
    return Sources(none, none, none, none, none, none, np.zeros(0), made, made, np.array(sure, np.int64))


def test_the_axis_says_how_much_came_from_contact_and_how_much_from_before():
    met, missing, late = (list(sources.MODES).index(mode) for mode in ("contact", "missing", "late"))

    rows = sources.axis(of_modes(met, met, missing, missing, late, UNSURE))

    assert [(one.name, one.n, one.of) for one in rows] == [
        ("contact", 2, 6),
        ("upstream", 3, 6),
        ("missing", 2, 6),
        ("late", 1, 6),
        ("unsure", 1, 6),
    ]
    assert (rows[1].low, rows[1].high) == wilson(3, 6)


def test_an_axis_of_no_complaints_is_nothing_of_nothing():
    assert [(one.n, one.of, one.low, one.high) for one in sources.axis(of_modes())] == [
        (0, 0, None, None)
    ] * 3
