"""Logs that say by attributes who did what, or that a step began and ended: CSV, XES, and a third town's."""

from dataclasses import replace

import pytest

from bench import thirdtown
from bench import trace as bench
from suyuan.actions import eventlogs
from suyuan.analytics.trace import causality, kept
from suyuan.analytics.trace.tracer import Tracer
from suyuan.gateways import eventlog as files

ROLES = {"complaints": ["complaint"], "places": ["home"], "units": ["unit"]}
HEAD = "at,what,job,home,ticket,team\n"
STEPS = (("asked", "front"), ("planned", "plan"), ("built", "field"), ("closed", "front"))
LAYOUT = """
activity = "what"
time = "at"
[[objects]]
column = "job"
type = "job"
[[objects]]
column = "home"
type = "home"
[[objects]]
column = "ticket"
type = "complaint"
"""


@pytest.fixture
def csv(tmp_path):
    """Return a log whose units are a column, and its layout: one order stands before it is built."""
    rows = [
        f"2025-{1 + n // 28:02d}-{1 + n % 28:02d}T{8 + k:02d}:00:00Z,{done},J{n},H{n},,{team}"
        for n in range(60)
        for k, (done, team) in enumerate(STEPS)
        if not (n == 50 and k > 1)
    ]
    rows.append("2025-03-20T08:00:00Z,complained,,H50,C1,desk")
    (tmp_path / "log.csv").write_text(HEAD + "\n".join(rows), "utf-8")
    (tmp_path / "layout.toml").write_text(LAYOUT, "utf-8")
    return tmp_path / "log.csv", files.read_layout(tmp_path / "layout.toml")


def source(columns, rules):
    log = eventlogs.traceable(columns, rules)
    tracer = Tracer(log, rules)
    first = tracer.trace(log.objects.find("C1")).chains[0].nodes[0]
    return log.activities[first.activity], log.objects[first.unit] if first.unit >= 0 else ""


def test_a_column_that_names_the_unit_makes_it_one_who_answers(csv):
    named = causality.rules({"roles": ROLES | {"unit_attribute": ["group", "te*"]}}, "own.toml")
    silent = causality.rules({"roles": ROLES}, "own.toml")

    columns = files.read(*csv)

    assert source(columns, named) == ("built", "field")
    assert source(columns, silent) == ("built", "")


def test_a_unit_whose_name_is_the_id_of_an_order_is_another_object(csv):
    path, layout = csv
    path.write_text(path.read_text("utf-8").replace(",J3,", ",field,"), "utf-8")
    rules = causality.rules({"roles": ROLES | {"unit_attribute": ["team"]}}, "own.toml")
    assert source(files.read(path, layout), rules) == ("built", "team:field")


XES_EVENT = (
    '<event><string key="concept:name" value="{done}"/><date key="time:timestamp" value="{at}"/>'
    '<string key="org:group" value="{team}"/><string key="home" value="{home}"/>{more}</event>'
)


def xes(path, transitions):
    """Write an XES log: a trace an order, each step as often as there are transitions."""
    traces = []
    for n in range(60):
        day = f"2025-{1 + n // 28:02d}-{1 + n % 28:02d}"
        events = [
            XES_EVENT.format(
                done=done, at=f"{day}T{8 + k:02d}:{m:02d}:00Z", team=team, home=f"H{n}",
                more=f'<string key="lifecycle:transition" value="{word}"/>' if word else "",
            )
            for k, (done, team) in enumerate(STEPS)
            for m, word in enumerate(transitions)
            if not (n == 50 and (k > 2 or (k == 2 and word == "complete")))
        ]  # fmt: skip
        if n == 50 and not all(transitions):
            events.pop()
        traces.append(f'<trace><string key="concept:name" value="J{n}"/>{"".join(events)}</trace>')
    told = XES_EVENT.format(
        done="complained", at="2025-03-20T08:00:00Z", team="desk", home="H50",
        more='<string key="ticket" value="C1"/>',
    )  # fmt: skip
    traces.append(f'<trace><string key="concept:name" value="K1"/>{told}</trace>')
    path.write_text(f'<log xes.version="1.0">{"".join(traces)}</log>', "utf-8")
    layout = path.with_suffix(".toml")
    layout.write_text(
        'case = "job"\n[[objects]]\ncolumn = "home"\ntype = "home"\n'
        '[[objects]]\ncolumn = "ticket"\ntype = "complaint"\n',
        "utf-8",
    )
    return files.read(path, files.read_layout(layout))


@pytest.mark.parametrize("transitions", [("",), ("start", "complete"), ("schedule", "start", "complete")])
def test_a_step_that_is_written_as_begun_and_as_ended_is_done_once_and_its_group_answers(
    tmp_path, transitions
):
    rules = causality.rules({"roles": ROLES}, "own.toml")

    columns = xes(tmp_path / "log.xes", transitions)

    assert source(columns, rules) == ("built", "field")
    log = eventlogs.traceable(columns, rules)
    assert len(log.at) == 59 * 4 + 2 + 1


@pytest.mark.parametrize(
    "shape",
    [thirdtown.Shape(tickets=200), thirdtown.Shape(tickets=200, units="attribute", relations=False)],
)
def test_a_third_towns_tickets_are_traced_as_surely_as_is_said(shape):
    """Other names, ids and shapes; its rules are a file, sixteen ways to go wrong."""
    found = bench.measure(*bench.third(5, shape))

    assert found["first"] >= 0.90
    assert found["within_three"] >= 0.96
    assert found["innocent_blamed"] <= 0.05
    assert found["calibration_error"] <= 0.06


def test_an_index_of_a_third_towns_log_answers_as_the_log_does(tmp_path):
    log, rules, truth = bench.third(6, replace(thirdtown.Shape(), tickets=80))
    tracer = Tracer(log, rules)
    kept.keep(tracer, tmp_path / "index")

    opened = kept.opened(tmp_path / "index", rules, whole=True)

    asked = [log.objects.find(one.complaint) for one in truth]
    assert [opened.trace(one) for one in asked] == [tracer.trace(one) for one in asked]
    assert vars(opened.courses).keys() == vars(tracer.courses).keys()
    for name in ("waits", "next", "before", "returns"):
        assert getattr(opened.courses, name) == getattr(tracer.courses, name)
