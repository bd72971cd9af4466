"""Draw what the documents take from the code: procedures, permissions, settings, words.

scripts/draw_docs.py            write them
scripts/draw_docs.py --check    fail if they are not what the code says
"""

import os
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import django
from django.urls import URLPattern, get_resolver

from suyuan.config.env import VARIABLES
from suyuan.domain import procedures
from suyuan.domain.papers import PAPERS
from suyuan.domain.procedure import BEFORE, CHOSEN, SAME, Procedure, Step
from suyuan.domain.vocabulary import RETURNS_TO, Role
from suyuan.web import access

ROOT = Path(__file__).parents[1]
LABELS = tomllib.loads((ROOT / "src/suyuan/rulebook/labels.toml").read_text(encoding="utf-8"))
TARGETS = {SAME: "stays", BEFORE: "the state before the merge", CHOSEN: "the step the form names"}
DRAWN = (
    "Drawn by `scripts/draw_docs.py` from `src/suyuan/domain/procedures/`; `make check` fails if it differs."
)


def title(kind: str, code: str) -> str:
    """Return what people read for ``code``: Chinese, then English."""
    label = LABELS[kind][code]
    return f"{label['zh']} {label['en']}"


def words(codes: Iterable[object]) -> str:
    """Return codes as one cell."""
    return ", ".join(f"`{code}`" for code in codes) or "–"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """Return a Markdown table."""
    head = list(head)
    return [
        f"| {' | '.join(head)} |",
        "|" + "---|" * len(head),
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


def diagram(procedure: Procedure) -> list[str]:
    """Return every step that moves a case, as a Mermaid state diagram."""
    moves = [
        f"    {source} --> {target}: {step.verb} ({', '.join(step.roles)})"
        for step in procedure.steps
        if step.target not in (SAME, BEFORE)
        for source in step.source
        for target in (RETURNS_TO if step.target == CHOSEN else (step.target,))
        if source != target
    ]
    return ["```mermaid", "stateDiagram-v2", f"    [*] --> {procedure.initial}", *moves, "```"]


def step_row(step: Step) -> list[str]:
    """Return one row of a procedure's table."""
    asked = (f"{field.name}{'' if field.required else '?'}" for field in step.form)
    return [
        f"`{step.verb}` {title('verb', step.verb)}",
        words(step.source),
        TARGETS.get(step.target, f"`{step.target}`"),
        words(step.roles) + (f"; restricted: {words(step.when_restricted)}" if step.when_restricted else ""),
        words(guard.__name__ for guard in step.guards),
        words(asked),
        words(step.marks),
        words(step.tells),
    ]


def procedures_page() -> str:
    """Return docs/procedures.md."""
    head = ("verb", "from", "to", "roles", "guards", "form (? optional)", "milestones set", "told")
    lines = ["# Procedures", "", DRAWN, ""]
    lines += ["Which clocks start and stop at a milestone is in [limits.md](limits.md).", ""]
    for procedure in procedures.CURRENT.values():
        lines += [
            f"## {procedure.name} {title('procedure', procedure.name)}, version {procedure.version}",
            "",
        ]
        lines += [*diagram(procedure), ""]
        lines += [*table(head, map(step_row, procedure.steps)), ""]
    return "\n".join(lines)


def permissions_page() -> str:
    """Return docs/permissions.md."""
    lines = ["# Who may do what", "", DRAWN, ""]
    lines += [
        "A role counts over the unit it was granted for and every unit below it. Guards may still refuse. "
        "◐ stands for a restricted case alone.",
        "",
    ]
    lines += [*table(("role", "people read"), ([f"`{r}`", title("role", r)] for r in Role)), ""]
    for procedure in procedures.CURRENT.values():
        held: dict[str, dict[Role, str]] = {}
        for step in procedure.steps:
            also = dict.fromkeys(step.when_restricted, "◐")
            held[step.verb] = also | held.get(step.verb, {}) | dict.fromkeys(step.roles, "●")
        rows = ([f"`{verb}`", *(may.get(role, "") for role in Role)] for verb, may in held.items())
        lines += [f"## {procedure.name} {title('procedure', procedure.name)}", ""]
        lines += [*table(("verb", *Role), rows), ""]
    return "\n".join([*lines, *pages_section()])


PAGES_SAID = """\
Drawn from the table in `src/suyuan/web/access.py`. An address that is not in it is refused to everybody.
● may open it with that role over any unit; ○ needs no signing in. The last column says how much of it
somebody sees: `units` what registers, files and desks hold of the viewer's units; `cases` the cases of
those units and what is drawn from them: an administrator sees them in a [staff session](sign-in.md) alone,
restricted ones audit and leaders alone; `case` one of those; `own` the viewer's own rows; `none` nothing on
it belongs to a unit or a person.
"""


def pages_section() -> list[str]:
    """Return who may open which page, a row an address."""
    rows = []
    for name, address in addresses():
        entry = access.TABLE[name]
        mark = "●" if entry.signed_in else "○"
        marks = [mark if role in entry.roles else "" for role in Role]
        rows.append([f"`{name}`", f"`/{address}`".replace("|", "\\|"), *marks, entry.reach.value])
    return ["## Who may open which page", "", PAGES_SAID, *table(("name", "address", *Role, "reach"), rows)]


def addresses() -> list[tuple[str, str]]:
    """Return every address of the console by name, with its pattern."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "suyuan.config.settings"
    with tempfile.TemporaryDirectory() as home:
        os.environ["SUYUAN_HOME"] = home
        django.setup()
        return sorted(_patterns(get_resolver().url_patterns, "", ""))


def _patterns(entries: Iterable[object], space: str, before: str) -> Iterator[tuple[str, str]]:
    for entry in entries:
        address = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield f"{space}{entry.name}", address
        else:
            yield from _patterns(
                entry.url_patterns, space + (f"{entry.namespace}:" if entry.namespace else ""), address
            )


def filled(name: str, mark: str, drawn: list[str]) -> str:
    """Return a written page with what is drawn put between its marks."""
    before, start, rest = (ROOT / name).read_text(encoding="utf-8").partition(f"<!-- {mark} -->\n")
    _, end, after = rest.partition(f"<!-- /{mark} -->")
    if not (start and end):
        raise SystemExit(f"{name} has lost its marks <!-- {mark} -->")
    return before + start + "\n".join([*drawn, end]) + after


def operate_page() -> str:
    """Return docs/operate.md with the list of variables as it is declared."""
    declared = VARIABLES.items()
    rows = ([f"`{name}`", f"`{value}`" if value else "empty", use] for name, (value, use) in declared)
    return filled("docs/operate.md", "variables", table(("variable", "default", "what for"), rows))


def glossary_page() -> str:
    """Return GLOSSARY.md with the words for every code."""
    rows = (
        [kind, f"`{code}`", said["zh"], said["en"]]
        for kind, all_of in LABELS.items()
        for code, said in all_of.items()
    )
    return filled("GLOSSARY.md", "words", table(("kind", "code", "中文", "English"), rows))


def papers_page() -> str:
    """Return docs/papers.md with the papers and their placeholders as they are declared."""
    lines: list[str] = []
    for paper in PAPERS.values():
        lines += [f"### `{paper.kind}` {title('paper', paper.kind)}", ""]
        after = f"after `{paper.after}`" if paper.after else "at any time"
        seals = ", ".join(f"{n}. {title('seal_place', seal)}" for n, seal in enumerate(paper.seals, start=1))
        lines += [f"Printed {after}. Sealed by: {seals}.", ""]
        rows = []
        for name, parts in paper.known.items():
            used = f"`{{% for x in {name} %}}` " + " ".join(f"`x.{part}`" for part in parts)
            rows.append([used if parts else f"`{{{{ {name} }}}}`", title("placeholder", name)])
        lines += [*table(("placeholder", "what it stands for"), rows), ""]
    return filled("docs/papers.md", "placeholders", lines[:-1])


PAGES = {
    "docs/procedures.md": procedures_page,
    "docs/permissions.md": permissions_page,
    "docs/operate.md": operate_page,
    "GLOSSARY.md": glossary_page,
    "docs/papers.md": papers_page,
}


def main() -> int:
    """Write the pages, or say which are not what the code says."""
    stale = []
    for name, draw in PAGES.items():
        path, text = ROOT / name, draw().rstrip("\n") + "\n"
        if "--check" not in sys.argv[1:]:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
    if stale:
        print(f"{', '.join(stale)}: not what the code says; run `make draw`", file=sys.stderr)
    return int(bool(stale))


if __name__ == "__main__":
    sys.exit(main())
