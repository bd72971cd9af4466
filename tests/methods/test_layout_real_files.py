"""Real files read whole, where the folder SUYUAN_DATA holds them; their counts are known from elsewhere."""

import csv
import io
import os
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from order_files import layout

from suyuan.gateways.layout import propose, read_orders

FOLDER = Path(os.environ.get("SUYUAN_DATA", "no-such-folder"))
BOSTON = FOLDER / "service_requests" / "boston_2011.zip"
REPLIES = FOLDER / "citizen_messages" / "replies.xlsx"
ORDERS = FOLDER / "citizen_messages" / "orders_sample.xlsx"


def there(path):
    if not path.exists():
        pytest.skip(f"{path.name} is not in SUYUAN_DATA")
    return path


def test_boston_agrees_with_the_citys_own_flag():
    reader = read_orders(there(BOSTON), layout("boston_311"))
    records = [outcome.record for outcome in reader]
    with zipfile.ZipFile(BOSTON) as archive, archive.open(archive.namelist()[0]) as raw:
        city = {
            f"BOS-{r['case_enquiry_id']}": r
            for r in csv.DictReader(io.TextIOWrapper(raw, "utf-8", newline=""))
        }

    closed = [r for r in records if r.closed and r.target_at]
    in_time = {r.number for r in closed if r.moments["answered_at"] <= r.target_at}

    assert len(records) == 58_251
    assert (len(closed), len(in_time)) == (43_821, 35_591)
    assert in_time == {r.number for r in closed if city[r.number]["ontime"] == "ONTIME"}
    assert sum(1 for r in records if not r.closed and r.target_at) == 3_449
    assert sum(1 for r in records if r.target_at is None) == 10_981
    assert len(reader.notes["flag_blank"]) == 158


def test_citizen_replies_are_read_whole():
    outcomes = list(read_orders(there(REPLIES), layout("citizen_replies")))

    assert Counter(o.record is not None for o in outcomes) == {True: 2_816}
    assert all(o.record.moments["answered_at"] >= o.record.accepted_at for o in outcomes)


def test_citizen_orders_are_read_whole():
    outcomes = list(read_orders(there(ORDERS), layout("citizen_orders")))

    assert Counter(tuple(f.rule for f in o.faults) for o in outcomes) == {(): 374, ("duplicate_in_file",): 1}


@pytest.mark.parametrize(
    ("path", "name"), [(BOSTON, "boston_311"), (REPLIES, "citizen_replies"), (ORDERS, "citizen_orders")]
)
def test_real_files_are_known_unasked(tmp_path, path, name):
    assert propose(there(path), tmp_path).layout.name == name
