"""What is folded away on a page until it is opened: the rest of a long text, clocks of former handlings."""

from collections.abc import Iterable
from dataclasses import dataclass

from suyuan.store.queries.history import ClockLine

VISIBLE = 400
"""About so many characters of a text stand on the page before it is opened."""
ENDS = "\n。！？；.!?;"
"""Where a text may be cut."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in two parts; ``rest`` is empty where nothing is folded."""

    head: str
    rest: str

    @property
    def left(self) -> int:
        """Return how many characters are folded away."""
        return len(self.rest)


def folded(text: str, visible: int = VISIBLE) -> Folded:
    """Return a text as it stands on a page: cut behind the last sentence that ends in what is visible."""
    if len(text) <= visible + visible // 2:  # nobody opens a fold for a line
        return Folded(text, "")
    ends = max(text.rfind(end, visible // 2, visible) for end in ENDS) + 1 or visible
    return Folded(text[:ends].rstrip("\n"), text[ends:].lstrip("\n"))


def by_handling(lines: Iterable[ClockLine], episode: int) -> dict[str, list[ClockLine]]:
    """Return the clocks that stand open on a case, and those a former handling has done with."""
    shown: dict[str, list[ClockLine]] = {"clocks": [], "former_clocks": []}
    for line in lines:
        runs = line.clock.stopped_at is None and line.clock.state != "void"
        shown["clocks" if runs or line.clock.episode >= episode else "former_clocks"].append(line)
    return shown
