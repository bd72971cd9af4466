"""The columns of a list of cases as a workbook holds them, read in batches and put in words."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from suyuan.store import rules
from suyuan.store.models import Case
from suyuan.store.queries import attention, listing
from suyuan.store.queries.cases import LOCAL
from suyuan.store.queries.listing import Filters
from suyuan.store.queries.viewer import Viewer

FILE = (
    "business_type",
    "state",
    "category",
    "unit",
    "accepted_at",
    "due",
    "finding",
    "satisfaction",
    "text",
)
"""What a workbook holds for whoever chose nothing."""
FIRST = ("number", "light")
"""What it holds before anything else."""
CODED = ("business_type", "state", "category", "finding", "satisfaction")
READ = (*CODED, "number", "unit", "handler", "accepted_at", "next_due_at", "brief", "is_open", "paused")
BATCH = 1_000
IDS = 20_000
"""Numbers of rows fetched at a time: they are small."""

Batch = Sequence[Case]
Cell = Callable[[Case], object]


def ids(viewer: Viewer, filters: Filters, now: datetime) -> "array[int]":
    """Return which cases in reach pass the filters, in order, eight bytes each: a list as it is now."""
    rows = listing.found(viewer, filters, now).prefetch_related(None).values_list("pk", flat=True)
    return array("q", rows.iterator(chunk_size=IDS))


def reached(viewer: Viewer, some: Sequence[int], now: datetime) -> "array[int]":
    """Return those of some cases that lie in reach, in the order given."""
    kept = array("q")
    for start in range(0, len(some), BATCH):
        part = some[start : start + BATCH]
        seen = set(ids(viewer, Filters(ids=tuple(part)), now))
        kept.extend(each for each in part if each in seen)
    return kept


def batches(wanted: Sequence[int]) -> Iterator[Batch]:
    """Yield cases in the order of their ids, with two questions to the database for each batch."""
    for start in range(0, len(wanted), BATCH):
        some = list(wanted[start : start + BATCH])
        found = Case.objects.only(*READ).prefetch_related("unit").in_bulk(some)
        yield [found[each] for each in some if each in found]


def heads(names: Sequence[str], language: str) -> list[str]:
    """Return the heading of a list that holds these columns."""
    return [rules.label("field", name, language) for name in (*FIRST, *names)]


def lines(
    names: Sequence[str], cases: Iterable[Batch], now: datetime, language: str
) -> Iterator[list[object]]:
    """Yield each case as a line of a workbook, in words."""
    called: dict[str, str] = {"": ""}
    cells = [_cell(name, called, now, language) for name in (*FIRST, *names)]
    for batch in cases:
        if "handler" in names:
            unknown = [case for case in batch if case.handler not in called]
            called |= {case.handler: case.handler for case in unknown} | attention.handlers(unknown)
        for case in batch:
            yield [cell(case) for cell in cells]


def _cell(name: str, called: dict[str, str], now: datetime, language: str) -> Cell:
    """Return what puts one column of a case in words; a code's words are looked up once."""
    if name in CODED or name == "light":
        words: dict[str, str] = {}

        def coded(case: Case) -> str:
            code = listing.light(case, now) if name == "light" else getattr(case, name)
            if code not in words:
                words[code] = rules.label(name, code, language)
            return words[code]

        return coded
    plain: dict[str, Cell] = {
        "number": lambda case: case.number,
        "unit": lambda case: case.unit.name,
        "handler": lambda case: called[case.handler],
        "accepted_at": lambda case: _local(case.accepted_at),
        "due": lambda case: _local(case.next_due_at),
        "text": lambda case: case.brief,
    }
    return plain[name]


def _local(at: datetime | None) -> str:
    return at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M") if at else ""
