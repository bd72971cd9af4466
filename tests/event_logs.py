"""A small event log as a marketing system writes it: numbers in clear, names and addresses beside them."""

import sqlite3
from contextlib import closing
from pathlib import Path

ACCOUNT, PHONE, METER = "3300012345678", "13912345678", "4400099887766"
NEIGHBOUR = "9900000000"
PERSONAL = (ACCOUNT, PHONE, METER, NEIGHBOUR, "张三丰", "人民路", "u1001")
"""What may stand nowhere once the log was taken over."""


def write(path: Path, case: str = "SY1") -> Path:
    """Write the log of one complaint behind three zero readings, and of a neighbour."""
    events = [
        ("e1", "批量地址修改发起", "2026-01-01T08:00:00+08:00", ("TQ1", "DZ0000001", "0101")),
        ("e2", "现场换表", "2026-02-01T08:00:00+08:00", (ACCOUNT, "HB0000001", "u1001")),
        ("e3", "换表流程发起被拒", "2026-02-02T08:00:00+08:00", (ACCOUNT, "HB0000001", "DZ0000001")),
        *(
            (f"e{n + 1}", "抄表划零", f"2026-0{n}-05T08:00:00+08:00", (ACCOUNT, METER, "u1001"))
            for n in (3, 4, 5)
        ),
        ("e7", "投诉受理", "2026-05-10T08:00:00+08:00", (case, ACCOUNT, PHONE, "0101")),
        ("e8", "抄表录入", "2026-05-10T08:00:00+08:00", (NEIGHBOUR, "u1001")),
    ]
    kinds = {ACCOUNT: "户号", NEIGHBOUR: "户号", METER: "电能表", PHONE: "联系电话", "u1001": "人员",
             "TQ1": "台区", "0101": "单位", "DZ0000001": "批量地址修改单", "HB0000001": "换表单",
             case: "投诉工单"}  # fmt: skip
    activities = {name: f"A{n}" for n, name in enumerate(dict.fromkeys(each[1] for each in events))}
    with closing(sqlite3.connect(path)) as link:
        link.executescript(
            """
            CREATE TABLE event_map_type (ocel_type TEXT, ocel_type_map TEXT);
            CREATE TABLE object_map_type (ocel_type TEXT, ocel_type_map TEXT);
            CREATE TABLE event (ocel_id TEXT, ocel_type TEXT);
            CREATE TABLE object (ocel_id TEXT, ocel_type TEXT);
            CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT);
            CREATE TABLE object_object (ocel_source_id TEXT, ocel_target_id TEXT, ocel_qualifier TEXT);
            CREATE TABLE object_Account (ocel_id TEXT, ocel_time TEXT, ocel_changed_field TEXT, name TEXT);
            """
        )
        link.execute(
            "INSERT INTO object_Account VALUES (?, '1970-01-01T00:00:00Z', '', '张三丰，人民路')", (ACCOUNT,)
        )
        link.executemany("INSERT INTO object VALUES (?, ?)", kinds.items())
        for number, kind in enumerate(dict.fromkeys(kinds.values())):
            name = "Account" if kind == "户号" else f"O{number}"
            link.execute("INSERT INTO object_map_type VALUES (?, ?)", (kind, name))
            link.execute(f"CREATE TABLE IF NOT EXISTS object_{name} (ocel_id TEXT, ocel_time TEXT)")
        link.executemany("INSERT INTO event_map_type VALUES (?, ?)", activities.items())
        for name in activities.values():
            link.execute(f"CREATE TABLE event_{name} (ocel_id TEXT, ocel_time TEXT, note TEXT)")
        for event, activity, at, things in events:
            link.execute("INSERT INTO event VALUES (?, ?)", (event, activity))
            link.execute(f"INSERT INTO event_{activities[activity]} VALUES (?, ?, '张三丰')", (event, at))
            link.executemany(
                "INSERT INTO event_object VALUES (?, ?, '人民路')", [(event, thing) for thing in things]
            )
        link.executemany(
            "INSERT INTO object_object VALUES (?, ?, ?)",
            [(ACCOUNT, METER, "meter"), (ACCOUNT, "TQ1", "area"), (NEIGHBOUR, "TQ1", "area")],
        )
        link.commit()
    return path


def earlier(path: Path) -> Path:
    """Write a log of two events as an earlier version kept it."""
    with closing(sqlite3.connect(path)) as link:
        link.executescript(
            """
            CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
            CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT);
            CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT);
            CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT);
            CREATE TABLE object_object (ocel_source_id TEXT, ocel_target_id TEXT);
            CREATE TABLE event_t1 (ocel_id TEXT PRIMARY KEY, ocel_time TEXT);
            INSERT INTO event_map_type VALUES ('换表审核', 't1');
            INSERT INTO object VALUES ('HB9', '换表单'), ('~ab', '户号');
            INSERT INTO event VALUES ('e000000001', '换表审核'), ('e000000002', '换表审核');
            INSERT INTO event_t1 VALUES ('e000000001', '2026-01-01T08:00:00+08:00'),
              ('e000000002', '2026-01-02T08:00:00+08:00');
            INSERT INTO event_object VALUES ('e000000001', 'HB9'), ('e000000002', 'HB9'),
              ('e000000002', '~ab');
            """
        )
    return path
