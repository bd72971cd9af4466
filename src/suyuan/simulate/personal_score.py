"""How much of what is personal is found, and how much of what is found is personal."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from suyuan.domain.masking import Kind, Span

from .personal import Sentence, Spot

MARKS = {
    "p": Kind.PHONE, "i": Kind.IDENTITY, "c": Kind.CARD, "u": Kind.ACCOUNT, "n": Kind.NAME, "a": Kind.ADDRESS,
    "m": Kind.EMAIL, "l": Kind.PLATE, "w": Kind.CHAT,
}  # fmt: skip
"""How a piece is marked in a text written by hand: ``{n:张三丰}``."""
_MARKED = re.compile(r"\{([a-z]):([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one kind; a planted piece counts as found when all of it is hidden."""

    kind: str
    planted: int
    hidden: int
    found: int
    right: int

    @property
    def recall(self) -> float:
        """Return the share of the planted pieces that is hidden whole."""
        return self.hidden / self.planted if self.planted else 1.0

    @property
    def precision(self) -> float:
        """Return the share of the hidden pieces of which nothing was harmless."""
        return self.right / self.found if self.found else 1.0


def marked(line: str) -> Sentence:
    """Return a text written by hand, its marks taken out, and where they stood."""
    text, spots, at = "", list[Spot](), 0
    for found in _MARKED.finditer(line):
        text += line[at : found.start()]
        spots.append((len(text), len(text) + len(found[2]), MARKS[found[1]].value))
        text, at = text + found[2], found.end()
    return Sentence(text + line[at:], tuple(spots))


def score(texts: Iterable[Sentence], find: Callable[[str], Sequence[Span]]) -> list[Score]:
    """Return the score of each kind, and of all together."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("planted", "hidden", "found", "right")}
    for each in texts:
        spans = find(each.text)
        covered = {place for span in spans for place in range(span.start, span.end)}
        personal = {place for start, end, _ in each.spots for place in range(start, end)}
        counts["planted"].update(kind for _, _, kind in each.spots)
        counts["hidden"].update(
            kind for start, end, kind in each.spots if covered.issuperset(range(start, end))
        )
        counts["found"].update(span.kind.value for span in spans)
        counts["right"].update(
            span.kind.value for span in spans if personal.issuperset(range(span.start, span.end))
        )
    kinds = [kind.value for kind in Kind if counts["planted"][kind.value] or counts["found"][kind.value]]
    return [
        *(Score(kind, *(counts[name][kind] for name in counts)) for kind in kinds),
        Score("all", *(counts[name].total() for name in counts)),
    ]
