"""Tables of orders that the rulebook knows by their headings: ``rulebook/orders``, one layout a file."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path

from suyuan.domain.errors import BadInput

from . import layout_file
from .layout import Layout


@cache
def shipped() -> Mapping[str, Layout]:
    """Return the layouts of the rulebook by name."""
    folder = resources.files("suyuan.rulebook").joinpath("orders")
    files = sorted((each for each in folder.iterdir() if each.name.endswith(".toml")), key=lambda f: f.name)
    return {
        each.name.removesuffix(".toml"): layout_file.parsed(each.read_text("utf-8"), each.name)
        for each in files
    }


def recognised(headings: list[str]) -> str:
    """Return the name of the layout whose headings these are, empty where none fits better than others."""
    there = set(headings)
    fit = {
        name: sum(any(each in there for each in names) for _, names in _named(layout))
        for name, layout in shipped().items()
        if layout.recognised and all(set(names) & there for names in layout.recognised)
    }
    best = [name for name, count in fit.items() if count == max(fit.values())]
    return best[0] if len(best) == 1 else ""


def _named(layout: Layout) -> list[tuple[str, tuple[str, ...]]]:
    """Return every heading a layout speaks of with what else it may be called."""
    also = dict(layout.also)
    named = [step.column for step in layout.steps]
    named += [name for things in layout.objects for name in (things.column, *things.attributes)]
    return [(name, (name, *also.get(name, ()))) for name in dict.fromkeys(named)]


def named(name: str) -> Layout:
    """Return the layout in a file, or the rulebook's of that name; raise BadInput with those there are."""
    if name in shipped():
        return shipped()[name]
    path = Path(name)
    if path.suffix not in (".toml", ".json") and not path.is_file():
        raise BadInput("unknown_layout", name=name[:60], known=sorted(shipped()))
    return layout_file.read(path)
