"""The units an order file names, all of them: those the register lacks, and whether any row would be taken.

They are counted once a file and layout; what is counted lies sealed beside the file and goes with it.
"""

from dataclasses import dataclass

from django.utils import timezone

from suyuan.actions import imports
from suyuan.gateways.layout import Layout, read_orders
from suyuan.store import tray
from suyuan.store.queries import org

from . import list_columns
from .uploads import Upload

MOST = 20_000
"""Different units that are kept: more are no units but a wrong column."""
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Lacking:
    """Units nobody knows, commonest first, with their rows; ``all`` where every row names one."""

    units: tuple[tuple[str, int], ...] = ()
    all: bool = False

    @property
    def shown(self) -> tuple[tuple[str, int], ...]:
        """Return the commonest."""
        return self.units[:SHOWN]

    @property
    def more(self) -> int:
        """Return how many others there are."""
        return len(self.units) - len(self.shown)

    @property
    def rows(self) -> int:
        """Return how many rows name one of them."""
        return sum(count for _, count in self.units)


def lacking(file: Upload, layout: Layout | None) -> Lacking:
    """Return which units of a file the register lacks: none where there is no register yet."""
    if layout is None or not org.has_register() or not file.path.exists():
        return Lacking()
    counts = _counted(file, layout)
    unknown = imports.unknown_units({(code, name): count for code, name, count in counts}, timezone.now())
    total = sum(count for _, _, count in counts)
    return Lacking(tuple(unknown.most_common()), bool(total) and unknown.total() == total)


def _counted(file: Upload, layout: Layout) -> list[tuple[str, str, int]]:
    headers = [
        header for column in layout.columns if column.field.startswith("unit") for header in column.headers
    ]
    key = "|".join((layout.name, *headers))
    kept: dict[str, list[tuple[str, str, int]]] = list_columns.chosen(file, "units")
    if key not in kept:
        with tray.opened(file.path) as clear:
            met = read_orders(clear, layout).units().most_common(MOST)
        kept[key] = [(code, name, count) for (code, name), count in met]
        list_columns.choose(file, "units", kept)
    return kept[key]
