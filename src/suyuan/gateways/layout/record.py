"""What does a layout say?"""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from suyuan.domain.order import MILESTONES

IDS = ("number", "parent_number", "account")
BOOLS = ("closed", "is_child")
CODED = ("level", "channel", "site", "secrecy", "specialty", "finding", "satisfaction")
TEXTS = (
    "text",
    "handling",
    "type_code",
    "state_text",
    "unit_code",
    "unit_name",
    "phone",
    "customer",
    "address",
    "line",
    "area",
    "zone",
)
CATEGORIES = ("category", "category_1", "category_2", "category_3")
MOMENTS = (*MILESTONES, "target_at")

KIND_OF = {
    **dict.fromkeys(IDS, "id"),
    **dict.fromkeys(BOOLS, "bool"),
    **dict.fromkeys(CODED, "code"),
    **dict.fromkeys(TEXTS, "text"),
    **dict.fromkeys(CATEGORIES, "plain"),
    **dict.fromkeys(MOMENTS, "moment"),
    "business_type": "chain",
    "unit": "unit",
    "notes": "words",
    "extra": "json",
}
"""How a field is read where the layout does not say. ``unit`` is a code, a name or both in one cell."""

KINDS = frozenset(KIND_OF.values()) | {"verbatim", "state"}
LENGTHS = {
    "unit_code": 40,
    "parent_number": 64,
    "zone": 40,
    "text": 30_000,
    "handling": 30_000,
    "extra": 30_000,
    "number": 64,
    "address": 1_000,
    "state_text": 500,
}
LENGTH = 300
"""Most characters of a field that is not named in ``LENGTHS``."""


@dataclass(frozen=True, slots=True)
class Column:
    """One field and the headers it is known by, the best one first."""

    field: str
    """A field of OrderRecord, a milestone, ``unit``, ``category_1…3`` or ``extra.NAME``."""
    headers: tuple[str, ...]
    instead: tuple[str, ...] = ()
    """Headers of other fields that stand in where none of ``headers`` is in the file."""
    required: bool = False
    """The column must be there and every row must fill it."""
    present: bool = False
    """The column must be there; a cell may be blank."""
    kind: str = ""
    codes: str = ""
    """Code list of a ``code``, ``bool`` or ``chain`` column; empty means the one named like the field."""
    prefix: str = ""
    """Put before every value, to keep one source's numbers apart from another's."""
    limit: int = 0

    @property
    def reads_as(self) -> str:
        return self.kind or KIND_OF.get(self.field, "text")

    @property
    def length(self) -> int:
        return self.limit or LENGTHS.get(self.field, LENGTH)

    @property
    def code_list(self) -> str:
        return self.codes or {"bool": "flag", "state": "state"}.get(self.reads_as, self.field)


@dataclass(frozen=True, slots=True)
class Layout:
    """The meaning of one kind of order file. Holds only plain values, so it can be sent to a worker."""

    name: str
    columns: tuple[Column, ...]
    title: dict[str, str] = field(default_factory=dict)
    timezone: str = "Asia/Shanghai"
    codes: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    """List → code → spellings. ``_blank`` holds the spellings that mean nothing was said."""
    constants: dict[str, str] = field(default_factory=dict)
    """Values of fields for which the file has no column."""
    formats: tuple[str, ...] = ()
    """Further time formats, as strptime writes them, for what looking cannot tell (day or month first)."""
    signature: tuple[str, ...] = ()
    """Fields whose columns must be there before this layout is chosen unasked."""
    footers: tuple[str, ...] = ()
    """Beginnings of rows that are no orders: totals, who made the table."""
    positions: tuple[str, ...] = ()
    """Headers of a file that comes without any, in order; empty where a header is needed."""
    quoting: str = "standard"
    """``none`` leaves quotation marks of a tab-separated file alone."""
    notes: dict[str, dict[str, str]] = field(default_factory=dict)
    """Note code → ``{blank = header, given = field}``: list the row, but take it."""

    def column(self, name: str) -> Column | None:
        """Return the column of field ``name``, if the layout has one."""
        return next((c for c in self.columns if c.field == name), None)


def problem(layout: Layout) -> str | None:
    """Return what is wrong with ``layout``, or None."""
    try:
        ZoneInfo(layout.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder of zones
        return f"timezone: no zone {layout.timezone!r}"
    names = [c.field for c in layout.columns]
    given = {*names, *layout.constants}
    for needed in ("number", "business_type", "accepted_at", "text"):
        if needed not in given:
            return f"columns: nothing gives {needed}"
    if layout.quoting not in ("standard", "none"):
        return f"quoting: {layout.quoting!r} is neither standard nor none"
    for constant in layout.constants:
        if constant not in KIND_OF or KIND_OF[constant] in ("moment", "bool", "json"):
            return f"constants: {constant} cannot be constant"
    return next(filter(None, (_column_problem(layout, c, names) for c in layout.columns)), None)


def _column_problem(layout: Layout, column: Column, names: list[str]) -> str | None:
    where = f"columns.{column.field}"
    if column.field not in KIND_OF and not column.field.startswith("extra."):
        return f"{where}: no such field"
    if names.count(column.field) > 1:
        return f"{where}: given twice"
    if not column.headers or not all(h.strip() for h in column.headers):
        return f"{where}: no headers"
    if column.reads_as not in KINDS:
        return f"{where}: unknown kind {column.kind!r}, known are {', '.join(sorted(KINDS))}"
    if column.reads_as in ("code", "bool", "state", "chain") and column.code_list not in layout.codes:
        return f"{where}: needs the code list codes.{column.code_list}"
    if column.reads_as in ("bool", "state") and not set(layout.codes[column.code_list]) <= {
        "true",
        "false",
        "_blank",
    }:
        return f"codes.{column.code_list}: only true, false and _blank"
    return None
