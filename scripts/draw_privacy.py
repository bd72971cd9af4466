"""Draw the tables of docs/privacy.md from the code: what is kept how long, what masking finds.

scripts/draw_privacy.py            write them into the page, between their marks
scripts/draw_privacy.py --check    fail if they are not what the code says
"""

import re
import sys
from pathlib import Path

from suyuan.domain.disclosure import FIELDS, TABLE, Relation
from suyuan.domain.masking import find
from suyuan.domain.privacy import RETENTIONS
from suyuan.domain.retention import COUNTED, figures_of, period
from suyuan.domain.rulebook import load
from suyuan.domain.vocabulary import Role
from suyuan.simulate.personal import sentences
from suyuan.simulate.personal_score import Score, marked, score

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/privacy.md"
COMPLAINTS = ROOT / "tests/rules/complaints"
SEED, COUNT = 20260301, 4000


def masking() -> list[str]:
    """Return how much of each kind is found on the generated sentences."""
    return _scored(score(sentences(SEED, COUNT), find))


def by_hand(first: int, kind: str = "") -> list[str]:
    """Return how much is found in every second text written by hand, from the first or the second on."""
    names = (f"{kind}personal.txt", f"{kind}harmless.txt")
    files = [(COMPLAINTS / name).read_text("utf-8").splitlines() for name in names]
    return _scored(score([marked(line) for lines in files for line in lines[first::2]], find))


def hard() -> list[str]:
    """Return how much is found in the texts with rare names, on which the rules were written."""
    names = ("hard_personal.txt", "hard_harmless.txt")
    lines = [line for name in names for line in (COMPLAINTS / name).read_text("utf-8").splitlines()]
    return _scored(score([marked(line) for line in lines], find))


def _scored(scores: list[Score]) -> list[str]:
    return ["| kind | planted | recall | found | precision |", "|---|--:|--:|--:|--:|"] + [
        f"| {row.kind} | {row.planted} | {row.recall:.4f} | {row.found} | {row.precision:.4f} |"
        for row in scores
    ]


def disclosure() -> list[str]:
    """Return which role may see which fields in clear, by what it has to do with the case."""
    rows = [f"| role | relation | {' | '.join(FIELDS)} |", "|---|---|" + ":-:|" * len(FIELDS)]
    for role in Role:
        for relation in Relation:
            allowed = TABLE.get(role, {}).get(relation, frozenset())
            marks = " | ".join("●" if name in allowed else "" for name in FIELDS)
            rows.append(f"| {role} | {relation} | {marks} |")
    return rows


def retention() -> list[str]:
    """Return how long each key is kept, from when, and how sure that is."""
    figures = load().figures
    rows = ["| figure | kept | from | certainty | source |", "|---|---|---|---|---|"]
    for key in RETENTIONS:
        for name in figures_of(key):
            one = figures[name][-1]
            cells = (
                f"`{name}` {one.title.zh} {one.title.en}",
                str(period(one.terms)),
                str(COUNTED[key]),
                f"`{one.certainty}`",
                f"{one.basis}; {one.note}" if one.note else one.basis,
            )
            rows.append(f"| {' | '.join(cells)} |")
    return rows


TABLES = {
    "masking": masking,
    "masking-seen": lambda: by_hand(0),
    "masking-unseen": lambda: by_hand(1),
    "masking-orders-seen": lambda: by_hand(0, "order_"),
    "masking-orders-unseen": lambda: by_hand(1, "order_"),
    "masking-hard": hard,
    "disclosure": disclosure,
    "retention": retention,
}


def drawn(text: str) -> str:
    """Return the page with every table as the code says."""
    for name, table in TABLES.items():
        marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        assert marks.search(text), f"docs/privacy.md has no place for {name}"
        body = "\n".join(table())
        text = marks.sub(lambda found, body=body: found[1] + body + "\n" + found[2], text)
    return text


def main() -> int:
    """Write the page, or say that it is not what the code says."""
    text = PAGE.read_text(encoding="utf-8")
    wanted = drawn(text)
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(wanted, encoding="utf-8")
    elif text != wanted:
        print("docs/privacy.md: not what the code says; run `make draw`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
