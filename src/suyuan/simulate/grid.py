"""The grid as two tables: substations → feeders → sections → transformer areas, radial, open ties.

Two neighbouring feeders of a station share a tie switch that stays open, as urban 10 kV networks are run.
"""

import numpy as np
from numpy.random import Generator

from suyuan.simulate.city import City
from suyuan.simulate.names import COUNTIES

NODE_COLUMNS = ("code", "name", "kind", "unit", "site", "capacity_kva", "x", "y")
EDGE_COLUMNS = ("source", "target", "kind", "switch", "normally", "length_m")
SECTIONS = 3
CAPACITIES = (100, 160, 200, 315, 400, 500, 630)

Rows = list[tuple[object, ...]]


def _trunk(city: City, rng: Generator) -> tuple[Rows, Rows]:
    nodes: Rows = []
    edges: Rows = []
    for c, county in enumerate(COUNTIES):
        nodes.append(
            (f"BD{c + 1:02d}", f"{county[:2]}变电站", "substation", f"01{c + 11}", "", 63_000, c * 30.0, 0.0)
        )
    for f, name in enumerate(city.feeder_names):
        place = int(city.feeder_station[f])
        feeder, unit = f"XL{f + 1:05d}", city.stations[place]
        x, y = place // 4 * 30 + place % 4 * 6.0, 4.0 + place % 4 * 3.0
        nodes.append((feeder, name, "feeder", unit, "", "", x, y))
        edges.append(
            (f"BD{place // 4 + 1:02d}", feeder, "outlet", "breaker", "closed", int(rng.integers(200, 900)))
        )
        above = feeder
        for s in range(SECTIONS):
            section = f"{feeder}-{s + 1}"
            nodes.append((section, f"{name}{s + 1}段", "section", unit, "", "", x + s + 1, y + s))
            edges.append((above, section, "line", "load_switch", "closed", int(rng.integers(300, 2_500))))
            above = section
        if f and city.feeder_station[f - 1] == place:
            edges.append(
                (f"XL{f:05d}-{SECTIONS}", above, "tie", "load_switch", "open", int(rng.integers(50, 400)))
            )
    return nodes, edges


def build_grid(rng: Generator, city: City) -> tuple[Rows, Rows]:
    """Return node and edge rows; a customer hangs on its area by the column of customers.csv."""
    nodes, edges = _trunk(city, rng)
    held = np.bincount(city.customer_area, minlength=len(city.area_names)).tolist()
    spots = rng.random((len(city.area_names), 3)).tolist()
    for a, name in enumerate(city.area_names):
        feeder, place = int(city.area_feeder[a]), int(city.area_station[a])
        need = held[a] * 3.2
        capacity = next((c for c in CAPACITIES if c >= need), CAPACITIES[-1])
        section = f"XL{feeder + 1:05d}-{int(spots[a][0] * SECTIONS) + 1}"
        x = place // 4 * 30 + place % 4 * 6 + spots[a][1] * 5
        y = 4 + place % 4 * 3 + spots[a][2] * 3
        first = int(np.searchsorted(city.customer_area, a))
        site = city.sites[first] if held[a] else ""
        nodes.append(
            (f"TQ{a + 1:05d}", name, "area", city.stations[place], site, capacity, round(x, 3), round(y, 3))
        )
        edges.append((section, f"TQ{a + 1:05d}", "branch", "fuse", "closed", int(spots[a][2] * 800) + 20))
    return nodes, edges
