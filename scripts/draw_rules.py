"""Draw docs/limits.md, and the drawn parts of rulebook.md, duties.md and playbooks.md, from the rulebook.

scripts/draw_rules.py            write them
scripts/draw_rules.py --check    fail if they are not what the files say
"""

import re
import sys
from collections.abc import Iterable
from pathlib import Path

from suyuan.domain.procedures import CURRENT
from suyuan.domain.rulebook import Limit, PlayStep, Rulebook, load
from suyuan.domain.rulebook.duties import Letter
from suyuan.domain.rulebook.records import FACTS, GROUPS, KINDS, PROCEDURES, Sourced
from suyuan.domain.worktime import COUNTS, UNITS

DOCS = Path(__file__).parents[1] / "docs"
LIMITS_HEAD = """# Time limits 时限

Drawn by `scripts/draw_rules.py` from `src/suyuan/rulebook/limits.toml`; `make check` fails if it differs.
How a budget becomes a due moment, what the certainty marks mean and how to change a figure is in
[rulebook.md](rulebook.md).

A limit marked **memory** or **I** lights warnings and is shown with its mark, but enters no ranking,
penalty or regulator's report until a named person confirms it. *Binding* is the one limit per case that
`timely_rate` judges. A limit holds from its first day on: an order accepted before has
the clocks of the editions of its own day (the promise of 2012 in 2015), or none, and its page says which
limits were not in force yet. Where the binding one was not, the order is excluded (`no_rule_in_force`),
never counted as in time.
"""
SPAN = re.compile(r"(<!-- drawn: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    head = list(head)
    body = [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]
    return "\n".join([f"| {' | '.join(head)} |", "|" + "---|" * len(head), *body]) + "\n"


def titled(record: object) -> str:
    title = record.title  # type: ignore[attr-defined]
    return f"{title.zh} {title.en}"


def since(record: Sourced) -> str:
    """Return when a record is in force."""
    return f"{record.in_force_from or '–'} … {record.in_force_until or ''}".rstrip()


def source(record: Sourced) -> str:
    return f"{record.basis}; {record.note}" if record.note else record.basis


def condition(limit: Limit) -> str:
    return "; ".join(f"{key} {', '.join(values)}" for key, values in limit.when.items()) or "–"


def limit_row(limit: Limit) -> list[str]:
    count = " (civil)" if limit.count == "civil" else ""
    return [
        f"`{limit.id}`",
        titled(limit),
        f"{limit.amount} {limit.unit.replace('_', ' ')}{count}",
        f"{limit.starts} → {limit.stops}",
        condition(limit),
        limit.kind + (", **binding**" if limit.binding else ""),
        since(limit),
        limit.certainty.value + ("" if limit.assessable else ", not assessed"),
        source(limit),
    ]


def limits_page(rules: Rulebook) -> str:
    """Return the page of every limit, those that run in a procedure first."""
    head = ["id", "limit", "budget", "from → to", "when", "kind", "in force", "certainty", "basis"]
    every = [limit for editions in rules.limits.values() for limit in editions]
    parts = [LIMITS_HEAD]
    for procedure in PROCEDURES:
        rows = [limit_row(limit) for limit in every if procedure in limit.procedures]
        if rows:
            parts += [f"## Procedure `{procedure}`\n", table(head, rows)]
    reference = [limit_row(limit) for limit in every if not limit.procedures]
    note = "They start no clock until a file of yours names the procedures they hold for.\n"
    parts += ["## Kept for reference\n", note, table(head, reference)]
    return "\n".join(parts)


def categories(rules: Rulebook) -> str:
    rows = (
        [
            "· " * (one.level - 1) + f"`{one.code}`",
            titled(one),
            one.group or "–",
            one.specialty or "–",
            one.certainty.value,
            source(one),
        ]
        for one in rules.categories.values()
    )
    return table(["code", "category", "group", "specialty", "certainty", "basis"], rows)


def business_types(rules: Rulebook) -> str:
    rows = (
        [
            f"`{one.code}`",
            titled(one),
            one.procedure,
            "、".join(one.synonyms) or "–",
            one.certainty.value,
            source(one),
        ]
        for one in rules.business_types.values()
    )
    return table(["code", "type", "procedure", "also written", "certainty", "basis"], rows)


def choices(rules: Rulebook) -> str:
    rows = (
        [f"`{name}`", ", ".join(f"`{code}` {one.title.zh}" for code, one in values.items())]
        for name, values in rules.choices.items()
    )
    return table(["list", "values"], rows)


def figures(rules: Rulebook) -> str:
    rows = (
        [
            f"`{one.id}`",
            titled(one),
            ", ".join(f"{key} = {value}" for key, value in one.terms.items()),
            since(one),
            one.certainty.value,
            source(one),
        ]
        for editions in rules.figures.values()
        for one in editions
    )
    return table(["id", "figure", "terms", "in force", "certainty", "basis"], rows)


def allowed(rules: Rulebook) -> str:
    rows = [
        ("procedures", PROCEDURES),
        ("kind", KINDS),
        ("unit", UNITS),
        ("count", COUNTS),
        ("when", FACTS),
        ("group", GROUPS[1:]),
    ]
    covered = f"\nThe calendar covers {rules.calendar.first} to {rules.calendar.last}.\n"
    return (
        table(["key", "allowed"], ([f"`{key}`", ", ".join(f"`{v}`" for v in values)] for key, values in rows))
        + covered
    )


def duties(rules: Rulebook) -> str:
    """Return what each post owes at each step, procedure by procedure in the order of its table."""
    newest = [editions[-1] for editions in rules.duties.values()]
    head = ["step", "verbs", *(letter.value for letter in Letter), "certainty", "basis"]
    found = []
    for name, procedure in CURRENT.items():
        order = list(dict.fromkeys(step.verb for step in procedure.steps))
        mine = sorted(
            (one for one in newest if name in one.procedures), key=lambda one: order.index(one.verbs[0])
        )
        rows = (
            [
                titled(one),
                ", ".join(f"`{verb}`" for verb in one.verbs),
                *(", ".join(posts) or "–" for posts in one.posts.values()),
                one.certainty.value,
                source(one),
            ]
            for one in mine
        )
        found += [f"## {name}\n", table(head, rows)]
    return "\n".join(found)


def played(steps: Iterable[PlayStep]) -> str:
    return "; ".join(
        f"{at} {one.action.zh} ({one.owner}, {one.limit.amount} {one.limit.unit.replace('_', ' ')}"
        + ("" if one.limit.kind == "within" else f" {one.limit.kind}")
        + ")"
        for at, one in enumerate(steps, 1)
    )


def playbooks(rules: Rulebook) -> str:
    rows = (
        [
            f"`{one.category}`",
            titled(one),
            ", ".join(f"`{name}`" for name in one.trigger),
            played(one.steps),
            f"`{one.emergency}`" if one.emergency else "–",
            f"{one.certainty.value}: {source(one)}",
        ]
        for one in rules.playbooks.values()
    )
    return table(["category", "playbook", "set off by", "steps", "emergency", "certainty and basis"], rows)


def emergencies(rules: Rulebook) -> str:
    rows = (
        [
            f"`{one.code}`",
            titled(one),
            f"{one.begins.zh} {one.begins.en}",
            played(one.steps),
            f"{one.certainty.value}: {source(one)}",
        ]
        for one in rules.emergencies.values()
    )
    return table(["code", "template", "taken up when", "steps", "certainty and basis"], rows)


PARTS = {
    "playbooks": playbooks,
    "emergencies": emergencies,
    "duties": duties,
    "allowed": allowed,
    "business_types": business_types,
    "categories": categories,
    "choices": choices,
    "figures": figures,
}


def main() -> int:
    rules = load()
    pages = {DOCS / "limits.md": limits_page(rules)}
    for guide in (DOCS / "rulebook.md", DOCS / "duties.md", DOCS / "playbooks.md"):
        text = guide.read_text(encoding="utf-8")
        pages[guide] = SPAN.sub(
            lambda found: found[1] + "\n" + PARTS[found[2]](rules) + "\n" + found[3], text
        )
    stale = [
        page.name
        for page, text in pages.items()
        if not page.exists() or page.read_text(encoding="utf-8") != text
    ]
    if "--check" in sys.argv[1:]:
        for name in stale:
            print(f"docs/{name} is not what the rulebook says; run scripts/draw_rules.py", file=sys.stderr)
        return 1 if stale else 0
    for page, text in pages.items():
        page.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
