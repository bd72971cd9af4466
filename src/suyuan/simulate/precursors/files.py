"""The files that a town with precursors has beside the others."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from suyuan.simulate.files import write_csv
from suyuan.simulate.precursors import hazard, truth
from suyuan.simulate.window import DAY

if TYPE_CHECKING:
    from suyuan.simulate.town import Town

OUTAGES, VOLTAGE = 43, 44
"""The dice of the causes of outages and of the volts of evenings."""
RISK_COLUMNS = ("account", "as_of", "probability", "complained", "planted")


def write(town: "Town", out: Path) -> dict[str, int]:
    """Write precursors, outages, voltages, monthly use and risks, and return how many rows each file has."""
    city, window, given = town.given.city, town.given.window, town.given
    outages = truth.outage_rows(given.dice(OUTAGES), town.ground, town.outages, window.cut)
    who, volts = measured(town)
    evenings = truth.voltage_rows(city, window, who, volts, range(window.days))
    return {
        "precursors": truth.write_truth(out / "precursors.csv", town.ground),
        "outages": write_csv(out / "outages.csv", truth.OUTAGE_COLUMNS, outages),
        "voltages": write_csv(out / "voltage.csv", truth.VOLTAGE_COLUMNS, evenings),
        "uses": write_csv(
            out / "use.csv", truth.USE_COLUMNS, truth.use_rows(city, town.readings, window.end)
        ),
        "risks": write_csv(out / "risk_truth.csv", RISK_COLUMNS, risks(town)),
    }


def measured(town: "Town") -> tuple[np.ndarray, np.ndarray]:
    """Return whose evenings are measured and the volts; the planted areas are low throughout."""
    given = town.given
    low = [(area, 0, given.window.cut) for area in given.plan.areas]
    return truth.voltage_table(given.dice(VOLTAGE), given.city, given.window, [*low, *town.ground.out.weak])


def risks(town: "Town") -> Iterator[tuple[object, ...]]:
    """Yield by account and week how probable a complaint within 30 days was, and whether one came.

    ``planted`` says that every complaint that came was one a precursor had become: the probability, which
    comes of rates alone, does not count those.
    """
    city, window = town.given.city, town.given.window
    told = [c for c in town.contacts if c.kind == "complaint"]
    for look, chances in hazard.probabilities(town.rate, town.exposures, window):
        by: dict[int, bool] = {}
        for contact in told:
            if look * DAY <= contact.at < look * DAY + hazard.LASTS:
                alone = bool(contact.story) and contact.story != hazard.HAZARD
                by[contact.customer] = by.get(contact.customer, True) and alone
        day = window.date_of(look * DAY).isoformat()
        for customer, chance in enumerate(chances.tolist()):
            came = customer in by
            yield (city.accounts[customer], day, round(chance, 6), int(came), int(came and by[customer]))
