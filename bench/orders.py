"""A large order file as an office exports it: Chinese headers, believable texts, made-up people."""

import csv
import sys
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

HEADERS = (
    "工单编号",
    "业务类型",
    "受理时间",
    "派单时间",
    "接单时间",
    "联系客户时间",
    "到达现场时间",
    "回单时间",
    "归档时间",
    "供电单位",
    "户号",
    "联系电话",
    "受理内容",
    "处理情况",
    "是否属实",
    "回访满意度",
    "工单状态",
    "所属线路",
    "所属台区",
)
TYPES = (
    ("业务咨询", 60),
    ("故障报修", 22),
    ("投诉", 5),
    ("意见", 5),
    ("举报", 1),
    ("表扬", 2),
    ("建议", 2),
    ("服务申请", 3),
)
TEXTS = {
    "投诉": "【投诉】客户反映{area}抄表员连续{n}个月未到现场抄表，电费不符，要求核实，联系电话{phone}",
    "故障报修": "【故障报修】客户来电反映{area}从{n}点开始停电，周边邻居均无电，请尽快派人处理，电话{phone}",
    "举报": "客户举报{area}工作人员存在以电谋私的情况，要求调查，不愿透露姓名",
}
OTHER = "客户来电咨询{area}本月电费{n}元如何计算、在哪里缴费，已按规定解释，客户表示理解"


def write(
    path: Path,
    rows: int,
    *,
    seed: int = 1,
    open_orders: bool = False,
    units: int = 8,
    open_share: float = 0.0,
) -> None:
    """Write ``rows`` orders over one year to a csv file, all, some or none of them still open."""
    rng = Random(seed)  # noqa: S311 a benchmark needs repeatable rows, not secrets
    start = datetime(2025, 1, 1)  # noqa: DTZ001 offices write local time
    names = [name for name, weight in TYPES for _ in range(weight)]
    step = timedelta(days=365) / rows
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS)
        for n in range(rows):
            row = _row(rng, n, start + step * n, rng.choice(names))
            row[9] = f"{rng.randrange(1, units + 1)}供电所"
            if open_orders or rng.random() < open_share:
                row[4:9], row[14:17] = [""] * 5, ["", "", "处理中"]
            writer.writerow(row)


def _row(rng: Random, n: int, at: datetime, kind: str) -> list[str]:
    minutes = sorted(rng.randrange(3, 6_000) for _ in range(6))
    moments = [(at + timedelta(minutes=m)).strftime("%Y-%m-%d %H:%M:%S") for m in minutes]
    repair = kind == "故障报修"
    area = f"东城{rng.randrange(2_000):04d}台区"
    text = TEXTS.get(kind, OTHER).format(
        area=area, n=rng.randrange(1, 200), phone=f"139{rng.randrange(10**8):08d}"
    )
    return [
        f"{at:%Y%m%d}{n:08d}",
        kind,
        at.strftime("%Y-%m-%d %H:%M:%S"),
        moments[0],
        moments[1],
        moments[2],
        moments[3] if repair else "",
        moments[4],
        moments[5],
        "",
        f"33{rng.randrange(10**8):011d}",
        f"139{rng.randrange(10**8):08d}",
        text,
        "已按规定处理并答复客户",
        rng.choice(("属实", "不属实")) if kind == "投诉" else "",
        rng.choice(("满意", "满意", "不满意", "不评价")),
        "已归档",
        f"10kV{rng.randrange(300):03d}线",
        area,
    ]


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
