"""A year's holidays as somebody has them: the State Council's own sentences, a table, or a rulebook file."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from suyuan.domain.errors import RulebookError
from suyuan.domain.worktime import FixedDay

from .notices import Notice, checked, notice, notice_from_csv
from .reading import Row

FILE = "notice"
WEEKDAYS = "一二三四五六日"
_YEAR = re.compile(r"(20\d\d)\s*年")
_NAME = re.compile(r"^[一二三四五六七八九十]+、\s*([^:]{1,12}):")
_DAY = r"(?:(20\d\d)年)?(?:(\d{1,2})月)?(\d{1,2})日(?:\(([^)]*)\))?"
_SPAN = re.compile(rf"{_DAY}(?:\s*[至到\-—~]\s*{_DAY})?")
_TOTAL = re.compile(r"共\s*(\d+)\s*天")


def notice_from_text(text: str, basis: str, fixed: Sequence[FixedDay]) -> Notice:
    """Return the notice a text says, in whichever of three ways; raise where it cannot hold."""
    plain = text.lstrip("\ufeff").strip()
    if plain.startswith("["):
        try:
            content = tomllib.loads(plain)
        except (ValueError, RecursionError) as error:  # a number of 5,000 digits is no TOMLDecodeError
            raise _error("", f"is not TOML: {error}") from None
        return replace(notice(FILE, content.get("calendar"), fixed), basis=basis)
    if plain.lower().startswith(("date,", "kind,")):
        return replace(notice_from_csv(FILE, plain, fixed), basis=basis)
    return _from_prose(unicodedata.normalize("NFKC", plain), basis, fixed)


def _error(key: str, problem: str, table: str = "lines") -> RulebookError:
    return RulebookError(file=FILE, table=table, key=key, problem=problem)


def _from_prose(text: str, basis: str, fixed: Sequence[FixedDay]) -> Notice:
    """Return the notice of sentences such as 一、元旦：1月1日（周四）至3日放假调休，共3天。1月4日上班。"""
    said = _YEAR.search(text)
    if said is None:
        raise _error("year", "names no year")
    year = int(said[1])
    rest: dict[date, str] = {}
    makeup: dict[date, str] = {}
    name = "节假日"
    for line in text.splitlines():
        if titled := _NAME.match(line.strip()):
            name = titled[1].strip()
        for clause in re.split(r"[。;]", line):
            days = list(_days(clause, year))
            if not days:
                continue
            if "放假" not in clause and "上班" not in clause:
                continue
            into = rest if "放假" in clause else makeup
            _check_total(clause, days)
            into.update(dict.fromkeys(days, name))
    if not rest:
        raise _error("date", "has no holiday")
    found = Notice(date(year, 1, 1), date(year, 12, 31), _listed(rest), _listed(makeup), basis, "confirmed")
    return checked(Row(FILE, "lines", {}), found, fixed)


def _listed(days: dict[date, str]) -> tuple[tuple[date, str], ...]:
    return tuple(sorted(days.items()))


def _days(clause: str, year: int) -> Iterator[date]:
    """Yield every day a clause names, both ends of a span and what lies between."""
    month = ""
    for found in _SPAN.finditer(clause):
        first_year, first_month, first, first_said, last_year, last_month, last, last_said = found.groups()
        month = first_month or month
        if not month:
            continue
        start = _day(int(first_year or year), month, first, first_said)
        if last is None:
            yield start
            continue
        end = _day(int(last_year or first_year or year), last_month or month, last, last_said)
        month = last_month or month
        if end < start or (end - start).days > 31:
            raise _error(found[0], "comes before first")
        yield from (start + timedelta(days=n) for n in range((end - start).days + 1))


def _day(year: int, month: str, day: str, said: str | None) -> date:
    try:
        found = date(year, int(month), int(day))
    except ValueError:
        raise _error(f"{year}-{month}-{day}", f"is no date: {month}月{day}日") from None
    weekday = re.search(r"(?:周|星期)([一二三四五六日天])", said or "")
    if weekday and WEEKDAYS[found.weekday()] != weekday[1].replace("天", "日"):
        raise _error(found.isoformat(), f"is no 周{weekday[1]}")
    return found


def _check_total(clause: str, days: Sequence[date]) -> None:
    total = _TOTAL.search(clause)
    if total and total[1].lstrip("0") != str(len(set(days))):
        raise _error(days[0].isoformat(), f"says {total[1]} days and names {len(set(days))}")
