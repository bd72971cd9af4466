"""Order files of every layout, each with two good rows and a bad one, and how they are brought in."""

import gzip
import zipfile
from pathlib import Path

from suyuan.actions import imports
from suyuan.domain.procedure import Actor
from suyuan.gateways.tablefile import open_table
from suyuan.store import tray
from tests.methods.order_files import GOOD, HEADERS, NOW, write_csv, write_xlsx

CLERK = Actor("clerk", frozenset())
MORE = [
    "供电单位",
    "派单时间",
    "接单时间",
    "联系客户时间",
    "回单时间",
    "归档时间",
    "是否属实",
    "回访满意度",
    "户号",
    "联系电话",
    "工单状态",
]
DONE = [
    "0101 东城供电所",
    "2025/10/1 8:20",
    "2025-10-01 08:40",
    "2025年10月1日 09:00",
    "2025-10-08 16:00",
    "2025-10-09 10:00",
    "属实",
    "满意",
    "3300012345678",
    "13912345678",
    "已归档",
]
OPEN = ["0101 东城供电所", *[""] * 9, "处理中"]
BAD = ["2025100100003", "没有这种业务", "2025-10-02 10:00", "家中停电"]
GRID = [
    "2025100100001\t9\t005\t01\t33101\t2025-10-01 08:05:00\t停电\t已办\t139\t02\t3300012345678\t33\t3310",
    "2025100100002\t10\t005\t01\t33101\t2025-10-01 09:05:00\t他说“没电”\t\t\t02\t\t33\t3310",
    "2025100100003\t11\t004\t01\t33101\t2025-10-01 10:05:00\t别的代码\t\t\t02\t\t33\t3310",
]
BOSTON = [
    ["case_enquiry_id", "open_dt", "target_dt", "closed_dt", "ontime", "case_status", "closure_reason"]
    + ["case_title", "subject", "reason", "type", "queue", "department", "location"],
    ["101", "2025-07-01 10:00:00", "2025-07-03 10:00:00", "2025-07-02 09:00:00", "ONTIME", "Closed", "done"]
    + ["Pothole", "Public Works", "Highway", "Request for Pothole Repair", "Q1", "PWDx", "1 Main St"],
    ["102", "2025-07-01 11:00:00", "2025-07-03 11:00:00", "", "OVERDUE", "Open", ""]
    + ["Graffiti", "Property", "Graffiti", "Graffiti Removal", "Q2", "PROP", "2 Main St"],
    ["103", "someday", "", "", "", "Open", "", "Noise", "Police", "Noise", "Loud Party", "Q3", "PD", ""],
]
CITIZEN = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情"]
MESSAGE = ["A1", "市民甲", "小区停电", "2019/9/28 10:23:18", "小区每周停电"]


def bring(path, layout="auto", now=NOW):
    """Import a file as the office's clerk does."""
    return imports.run(path=path, layout=layout, actor=CLERK, now=now)


def counts(summary):
    """Return read, accepted, duplicate, quarantined."""
    return summary.read, summary.accepted, summary.duplicate, summary.quarantined


def rejected(summary):
    """Return the rows of the quarantine file below its header, as lists of texts."""
    with tray.opened(Path(summary.quarantine_file)) as clear:
        (sheet,) = open_table(clear)
        return list(sheet.rows())[1:]


def order(number="2025100100001", kind="投诉", accepted="2025-10-01 08:05:00", **given):
    """Return a header and one row of an office's file, with the columns given."""
    return [HEADERS + list(given), [number, kind, accepted, "客户反映抄表员未抄表", *given.values()]]


def office_xlsx(folder):
    title = [["某市供电公司95598工单明细"], ["统计周期：2025年10月第1周"]]
    serial = ["2025100100002", "故障报修", 45932.5, "家中停电", *OPEN]
    rows = [HEADERS + MORE, [*GOOD, *DONE], serial, BAD, ["合计", 3]]
    return write_xlsx(folder / "周报.xlsx", {"说明": [["填表说明"]], "明细": [*title, *rows]})


def office_csv(folder, encoding="gbk"):
    rows = [HEADERS + MORE, [*GOOD, *DONE], ["2025100100002", "故障报修", *GOOD[2:], *OPEN], BAD]
    return write_csv(folder / "周报.csv", rows, encoding)


def office_zip(folder):
    with zipfile.ZipFile(folder / "周报.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(office_csv(folder), "周报.csv")
    return folder / "周报.zip"


def office_gz(folder):
    path = folder / "周报.csv.gz"
    path.write_bytes(gzip.compress(office_csv(folder, "utf-8").read_bytes()))
    return path


def suyuan_csv(folder):
    headers = [
        "工单编号",
        "业务类型",
        "原类型代码",
        "受理时间",
        "受理内容",
        "登记时间",
        "备注代码",
        "附加信息",
    ]
    rows = [
        headers,
        ["S1", "complaint", "", "2025-10-01T08:05:00+08:00", "原文", "2025-10-01T08:06:00+08:00", "", ""],
        ["S2", "repair", "", "2025-10-01T08:05:00+08:00", "停电", "", "", '{"天气":"雨"}'],
        ["S3", "nothing", "", "2025-10-01T08:05:00+08:00", "停电", "", "", ""],
    ]
    return write_csv(folder / "全量.csv", rows)


def grid_tsv(folder):
    (folder / "orders.tsv").write_text("\n".join(GRID) + "\n", encoding="gb18030")
    return folder / "orders.tsv"


def boston_csv(folder):
    return write_csv(folder / "boston.csv", BOSTON)


def citizen_orders(folder):
    rows = [[*CITIZEN, "一级标签"], [*MESSAGE, "城乡建设"], ["A2", *MESSAGE[1:], "交通"], ["A3", *[""] * 5]]
    return write_xlsx(folder / "附件2.xlsx", {"Sheet1": rows})


def citizen_replies(folder):
    answered = ["已答复", "2019/10/8 9:00:00"]
    late = ["早于留言", "2019/9/1 9:00:00"]
    rows = [[*CITIZEN, "答复意见", "答复时间"], [*MESSAGE, *answered], ["A2", *MESSAGE[1:], *answered]]
    return write_xlsx(folder / "附件4.xlsx", {"Sheet1": [*rows, ["A3", *MESSAGE[1:], *late]]})


FILES = {
    "office xlsx with titles and a total": (office_xlsx, "office_95598"),
    "office csv in GBK": (office_csv, "office_95598"),
    "office zip": (office_zip, "office_95598"),
    "office gz": (office_gz, "office_95598"),
    "our own layout": (suyuan_csv, "suyuan"),
    "state grid extract": (grid_tsv, "state_grid_orders"),
    "boston": (boston_csv, "boston_311"),
    "citizen orders": (citizen_orders, "citizen_orders"),
    "citizen replies": (citizen_replies, "citizen_replies"),
}
