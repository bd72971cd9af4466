"""Write src/suyuan/rulebook/calendars/YEAR.toml from the package chinesecalendar (a development dependency).

Run it again when the package learns a new year; a file already there is replaced whole.
"""

import sys
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from importlib.metadata import version
from pathlib import Path

from chinese_calendar.constants import Holiday, holidays, workdays

FOLDER = Path(__file__).parents[1] / "src/suyuan/rulebook/calendars"
NAMES = {holiday.value: holiday.chinese for holiday in Holiday}


def section(title: str, days: Mapping[date, str], year: int) -> list[str]:
    """Return one TOML table: festival = its days of that year."""
    grouped: dict[str, list[date]] = defaultdict(list)
    for day, name in sorted(days.items()):
        if day.year == year:
            grouped[NAMES[name]].append(day)
    rows = [f'"{name}" = [{", ".join(map(str, found))}]' for name, found in grouped.items()]
    return ["", f"[calendar.{title}]", *rows]


def page(year: int) -> str:
    """Return the whole file of one year."""
    source = f"取自开源数据 chinesecalendar {version('chinesecalendar')}"
    head = [
        "[calendar]",
        f"first = {year}-01-01",
        f"last = {year}-12-31",
        f'basis = "国务院办公厅{year}年节假日安排, {source}"',
        'certainty = "Q2"',
    ]
    return "\n".join([*head, *section("holidays", holidays, year), *section("makeup", workdays, year)]) + "\n"


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    years = sorted({day.year for day in holidays})
    for year in years:
        (FOLDER / f"{year}.toml").write_text(page(year), encoding="utf-8")
    print(f"{len(years)} calendars, {years[0]}–{years[-1]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
