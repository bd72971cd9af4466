"""A long text on a page: how it begins, and the rest folded away until somebody opens it."""

from dataclasses import dataclass

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
