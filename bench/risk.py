"""What are models of risk worth on logs nobody here wrote and on the city, and how fast is a million scored?

``--data FOLDER``, or SUYUAN_DATA, has the logs (docs/benchmarks.md); what is not there is said and left out.
``--city SEED`` builds a city, ``--customers N`` scores so many.
"""

import argparse
import json
import os
import tempfile
import time
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from suyuan.actions.risk import asked, reading
from suyuan.analytics.risk import fitting
from suyuan.analytics.risk import learned as models
from suyuan.analytics.risk.course import with_course
from suyuan.analytics.risk.learned import Card, Terms
from suyuan.analytics.risk.question import Question, question
from suyuan.analytics.risk.timeline import timeline
from suyuan.analytics.risk.told import Told
from suyuan.domain import rulebook
from suyuan.gateways import eventlog
from suyuan.simulate.assemble import build

END, DAY, SEED = date(2026, 10, 31), 86_400, 7
_CASE: dict[str, Any] = {"subjects": ["case"]}
_DESK: dict[str, Any] = {
    "team": ["org:resource"],
    "traits": ["seriousness*", "customer", "product", "responsible_section", "service_*", "support_section"],
    "rule": "product",
}
_INCIDENT: dict[str, Any] = {
    "team": ["org:group"],
    "traits": ["impact", "product", "org:role", "org:group", "organization *", "lifecycle:transition"],
    "rule": "product",
}
LOGS: dict[str, tuple[str, dict[str, Any], tuple[float, float]]] = {
    "receipt: ends after its deadline": (
        "event_logs/receipt.csv.gz",
        _CASE | {"kind": "late", "due": "case:deadline", "done_at": "case:enddate",
                 "team": ["org:group"], "traits": ["case:channel", "case:department"],
                 "ages": [0, 24, 168], "rule": "case:department"},
        (0.5, 0.2),
    ),
    "helpdesk: has to wait within 30 days": (
        "event_logs/helpdesk_rich_attributes.csv.gz",
        _CASE | _DESK | {"kind": "follows", "activities": ["Wait"], "days": 30, "once": True,
                         "done": ["Closed"], "ages": [0, 24]},
        (0.5, 0.2),
    ),
    "helpdesk: open after 40 days": (
        "event_logs/helpdesk_rich_attributes.csv.gz",
        _CASE | _DESK | {"kind": "late", "days": 40, "done": ["Closed"], "ages": [24]},
        (0.5, 0.2),
    ),
    "incidents 2013: goes to 2nd or 3rd line within a day": (
        "event_logs/bpic2013_incidents.csv.gz",
        _CASE | _INCIDENT | {"kind": "follows", "activities": ["org:group=* 2nd", "org:group=* 3rd"],
                             "days": 1, "once": True, "ages": [0, 1]},
        (0.3, 0.4),
    ),
    "Boston 2011: overdue, seen when opened": (
        "service_requests/boston_2011.zip",
        {"subjects": ["request"], "kind": "late", "due": "target_dt", "done": ["closed"], "ages": [0],
         "traits": ["type", "reason", "subject", "source", "neighborhood"], "rule": "type"},
        (0.5, 0.2),
    ),
}  # fmt: skip
LAYOUTS = {
    "helpdesk_rich_attributes.csv.gz": '[[objects]]\ncolumn = "case:concept:name"\ntype = "case"\n',
    "boston_2011.zip": """
zone = "America/New_York"
time_format = "%Y-%m-%d %H:%M:%S"
[[objects]]
column = "case_enquiry_id"
type = "request"
attributes = ["target_dt", "type", "reason", "subject", "source", "neighborhood"]
[[steps]]
column = "open_dt"
activity = "opened"
[[steps]]
column = "closed_dt"
activity = "closed"
[kinds]
target_dt = "time"
""",
}
"""The rich copy of the desk's log says its attributes of events: as they stood then."""


def terms(shares: tuple[float, float]) -> Terms:
    """Return the rulebook's figures with other shares of the calendar."""
    given = asked.terms(rulebook.load(), END)
    return Terms(*shares, *(getattr(given, name) for name in list(Terms.__dataclass_fields__)[2:]))


def read(path: Path, folder: Path) -> eventlog.Columns:
    """Return a log of somebody else's."""
    layout = None
    if path.name in LAYOUTS:
        file = folder / "layout.toml"
        file.write_text(LAYOUTS[path.name], "utf-8")
        layout = eventlog.read_layout(file)
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as packed:
            path = Path(packed.extract(packed.namelist()[0], folder))
    return eventlog.read(path, layout)


def tell(name: str, card: Card, kind: str, seconds: float) -> None:
    """Print what a model is worth."""
    worth = card.judged

    def figure(one: Any) -> str:
        return f"{one.value:.3f} [{one.low:.3f}, {one.high:.3f}]"

    said = {
        "risk": name, "kind": kind, "rows": card.rows, "hits": card.hits,
        "prevalence": round(worth.prevalence, 3), "pr_auc": figure(worth.precision_recall),
        "recall_at_12": figure(worth.recall), "precision": figure(worth.precision),
        "error": figure(worth.error),
        "lead_hours": worth.lead_hours and [round(one, 1) for one in worth.lead_hours],
        "silent": round(worth.silent, 3),
        "rules": {rule: f"{one.precision_recall:.3f}, recall {one.recall:.3f}, above {figure(one.above)}"
                  for rule, one in worth.rules.items()},
        "seconds": round(seconds, 1),
    }  # fmt: skip
    print(json.dumps(said, ensure_ascii=False), flush=True)


def measured(name: str, columns: eventlog.Columns, given: Question, by: Terms) -> None:
    """Learn and judge one model, and print it."""
    started = time.perf_counter()
    model, card = models.learned(reading.told(columns, given), given, by, SEED)
    tell(name, card, model.kind, time.perf_counter() - started)


def others(folder: Path, work: Path) -> None:
    """Measure the logs of others."""
    for name, (file, given, shares) in LOGS.items():
        if not (folder / file).exists():
            print(json.dumps({"risk": name, "skipped": file}))
            continue
        measured(name, read(folder / file, work), question(name, given), terms(shares))


def city(seed: int, work: Path) -> None:
    """Measure the city: its orders of other systems end in complaints that its truth tells."""
    build(seed, 6_000, 240, END, work / str(seed))
    columns = eventlog.read(work / str(seed) / "log.sqlite")
    book = rulebook.load()
    by = asked.terms(book, END)
    for name in ("order_complaint", "complaint"):
        given = asked.asked(book, name, END).question
        measured(f"city {seed}: {name}", columns, given, by)


def company(customers: int, seed: int) -> Told:
    """Return customers with five events each over a year; some go from bad to worse."""
    chance, many = np.random.default_rng(seed), customers * 5
    subject = chance.integers(0, customers, many)
    bad = chance.random(customers)[subject]
    activity = np.where(chance.random(many) < bad * 0.1, 11, chance.integers(0, 11, many))
    lines = timeline(subject, chance.integers(1, 365 * DAY, many), customers,
                     activity=activity, team=subject % 40)  # fmt: skip
    names = [f"step{number}" for number in range(11)] + ["complaint"]
    return Told([], with_course(lines), names, end=365 * DAY)


def million(customers: int) -> None:
    """Print how long it takes to score so many customers, features included, with either kind of model."""
    given = question("m", {"subjects": ["c"], "kind": "follows", "activities": ["complaint"], "days": 30,
                           "every": 30, "open_for": 365})  # fmt: skip
    small, told, none = company(20_000, 1), company(customers, 2), models.Earlier({})
    model, _ = models.learned(small, given, terms((0.5, 0.2)), SEED)
    like = models.scored(model, small, none, models.open_now(model, small, 330 * DAY))
    for kind, make in fitting.MAKERS.items():
        scorer = make(like.matrix.values, like.score > np.median(like.score), SEED)
        used = replace(model, kind=kind, scorer=scorer)
        started = time.perf_counter()
        said = models.scored(used, told, none, models.open_now(used, told, 330 * DAY))
        seconds = round(time.perf_counter() - started, 1)
        row = {"scored": len(said.score), "features": len(model.features), "kind": kind, "seconds": seconds}
        print(json.dumps(row | {"target_seconds": 60}), flush=True)


def main() -> None:
    """Print one JSON line for each log and model, and one for the speed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("SUYUAN_DATA", ".")))
    parser.add_argument("--city", type=int, nargs="*", default=[502])
    parser.add_argument("--customers", type=int, default=1_000_000)
    given = parser.parse_args()
    million(given.customers)
    with tempfile.TemporaryDirectory() as work:
        for seed in given.city:
            city(seed, Path(work))
        others(given.data, Path(work))


if __name__ == "__main__":
    main()
