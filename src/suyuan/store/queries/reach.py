"""Which units a list of cases is about: those in reach, at or below the one asked for."""

from collections.abc import Iterable

from suyuan.domain.errors import BadInput
from suyuan.store.models import Unit

from .viewer import Viewer, under


def unit_ids(viewer: Viewer, paths: Iterable[str]) -> list[int] | None:
    """Return the units at or below one of ``paths``; None where those are all there are."""
    among = tuple(sorted(paths))
    return viewer.once(("units", among), lambda: _unit_ids(among))


def _unit_ids(paths: tuple[str, ...]) -> list[int] | None:
    within = under(paths, "")
    if not Unit.objects.exclude(within).exists():
        return None
    return list(Unit.objects.filter(within).order_by().values_list("pk", flat=True))


def narrowed(viewer: Viewer, code: str) -> tuple[str, ...]:
    """Return the paths in reach at or below a unit; raise BadInput for a unit that has nothing in reach."""
    if not code:
        return viewer.paths
    top = Unit.objects.filter(code=code).values_list("path", flat=True).first() or ""
    if top and viewer.sees(top):
        return (top,)
    below = tuple(path for path in viewer.paths if top and path.startswith(top))
    if not below:
        raise BadInput("unknown_value", field="unit", value=code)
    return below
