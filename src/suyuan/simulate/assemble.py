"""Write the files of a town."""

import json
from datetime import date
from pathlib import Path

from suyuan.simulate import calls, grid
from suyuan.simulate.files import write_csv, write_orders, write_registers
from suyuan.simulate.ocel import write_ocel
from suyuan.simulate.precursors import files as before
from suyuan.simulate.readings import write_readings
from suyuan.simulate.town import CONTACTS_PER_CUSTOMER, Size, Town, imagine, planted_truth


def _write_tables(town: Town, out: Path, orders: str) -> dict[str, int]:
    """Write every file but the log and the truth, and return how many rows each has."""
    given = town.given
    city, window = given.city, given.window
    counts = write_registers(out, city)
    nodes, edges = grid.build_grid(given.dice(13), city)
    counts["grid_nodes"] = write_csv(out / "grid_nodes.csv", grid.NODE_COLUMNS, nodes)
    counts["grid_edges"] = write_csv(out / "grid_edges.csv", grid.EDGE_COLUMNS, edges)
    rows = calls.build_calls(given.dice(calls.DICE), city, window, town.contacts, town.ground.out.rings)
    counts["calls"] = write_csv(out / "calls.csv", calls.COLUMNS, rows)
    counts["orders"] = write_orders(out / orders, town.contacts, city, window)
    path = out / "readings.parquet"
    areas = given.plan.areas
    counts["readings"] = write_readings(given.dice(15), path, city, window, town.readings, areas)
    return counts


def build(
    seed: int, customers: int, days: int, end: date, out: Path, contacts: float = CONTACTS_PER_CUSTOMER
) -> dict[str, int]:
    """Write the files of a city without precursors into ``out`` and return how much of each there is.

    Identical arguments give identical files. ``end`` is the last day; nothing after its midnight is known.
    ``contacts`` is how many times a customer calls in a year.
    """
    return write(imagine(Size(seed, customers, days, end, contacts)), out)


def write(town: Town, out: Path, orders: str = "orders.xlsx") -> dict[str, int]:
    """Write the files of a town, ``orders`` into that one, and return how much of each there is."""
    out.mkdir(parents=True, exist_ok=True)
    size, window = town.size, town.given.window
    counts = _write_tables(town, out, orders)
    counts["events"], counts["objects"] = write_ocel(out / "log.sqlite", town.log, window)
    counts["causes"] = len(town.causes)
    truth = {"seed": size.seed, "customers": size.customers, "days": size.days,
             "start": window.start.isoformat(), "end": size.end.isoformat(),
             "contacts_per_customer": size.contacts, "causes": town.causes,
             "planted": planted_truth(town)}  # fmt: skip
    text = json.dumps(truth, ensure_ascii=False, indent=1)
    (out / "truth.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    if size.precursors:
        counts |= before.write(town, out)
    return counts
