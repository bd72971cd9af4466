"""The replies written by hand, each with what a careful reviewer objects to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from suyuan.domain import reply

RULES = reply.shipped()
FOLDER = Path(__file__).parent / "replies"


@dataclass
class Example:
    procedure: str
    category: str
    verdict: str
    expected: frozenset[str]
    complaint: str = ""
    text: str = ""

    def reading(self) -> reply.Reading:
        required = RULES.required_of(self.procedure, self.category)
        return reply.read(self.text, required, RULES, self.complaint)


def examples(name: str) -> Iterator[Example]:
    """Yield the examples of a file."""
    found: Example | None = None
    for line in (FOLDER / f"{name}.txt").read_text("utf-8").splitlines():
        if line.startswith("= "):
            procedure, category, verdict, *codes = line[2:].split()
            found = Example(procedure, category.strip("-"), verdict, frozenset(codes))
        elif line.startswith("< ") and found:
            found.complaint = line[2:]
        elif line.startswith("> ") and found:
            found.text = line[2:]
            yield found


def objected(reading: reply.Reading) -> frozenset[str]:
    """Return objections as the examples write them."""
    return frozenset(f"{one.code}:{one.about}" if one.about else one.code for one in reading.objections)


@dataclass
class Score:
    """Objections that were right, raised wrongly and overlooked; verdicts that agree."""

    right: int = 0
    wrong: int = 0
    overlooked: int = 0
    agreed: int = 0
    of: int = 0
    odd: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.overlooked)


def score(name: str) -> Score:
    """Return how the rules do on a file of examples."""
    found = Score()
    for one in examples(name):
        reading = one.reading()
        said, expected = objected(reading), one.expected
        found.right += len(said & expected)
        found.wrong += len(said - expected)
        found.overlooked += len(expected - said)
        found.agreed += reading.verdict == one.verdict
        found.of += 1
        if said != expected or reading.verdict != one.verdict:
            found.odd.append(
                f"{one.text[:30]} {reading.verdict}: +{set(said - expected)} -{set(expected - said)}"
            )
    return found
