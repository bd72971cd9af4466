"""The documents name what there is: commands, settings, files, links, decisions."""

import re

import click
import pytest
from codebase import PACKAGE, ROOT, files, short

from suyuan.cli.main import suyuan
from suyuan.config.env import VARIABLES

PAGES = {short(path): path.read_text(encoding="utf-8") for path in files(".md") if "vendor" not in path.parts}
DECISIONS = sorted((ROOT / "docs/decisions").glob("*.md"))
STAGES = (
    "intake classify route clock handle verify callback archive trace warn control publish org notice audit"
)
LAYERS = ("domain", "analytics", "store", "gateways", "actions", "web", "jobs", "cli")


def commands(group: click.Group, before: str = "suyuan") -> list[str]:
    """Return every command line that can be typed, groups included."""
    context = click.Context(group)
    lines = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        below = commands(command, f"{before} {name}") if isinstance(command, click.Group) else []
        lines += [f"{before} {name}", *below]
    return lines


def test_every_command_is_described():
    everything = "\n".join(PAGES.values())

    assert "suyuan import" in commands(suyuan)
    assert [line for line in commands(suyuan) if not re.search(rf"{re.escape(line)}\b", everything)] == []


def test_the_settings_page_lists_every_variable_as_it_is_declared():
    rows = re.findall(r"^\| `(SUYUAN_\w+)` \| (.*?) \| (.*?) \|$", PAGES["docs/operate.md"], re.MULTILINE)

    assert rows == [
        (name, f"`{default}`" if default else "empty", purpose)
        for name, (default, purpose) in VARIABLES.items()
    ]


def test_no_variable_is_read_that_is_not_declared():
    read = {
        name
        for path in files(".py", under=PACKAGE)
        for name in re.findall(r"\bSUYUAN_[A-Z_]+\b", path.read_text(encoding="utf-8"))
    }

    assert read - set(VARIABLES) == set()


@pytest.mark.parametrize("front", ["README.md", "README.zh.md"])
def test_the_front_page_leads_to_every_other(front):
    pages = {name for name in PAGES if re.fullmatch(r"docs/[^/]+\.md", name)} - {"docs/progress.md"}

    assert pages - set(re.findall(r"\]\(([^)#:\s]+)\)", PAGES[front])) == set()


def test_every_link_of_a_page_leads_somewhere():
    broken = [
        f"{name}: {target}"
        for name, text in PAGES.items()
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", text)
        if not ((ROOT / name).parent / target).exists()
    ]

    assert broken == []


def test_every_file_a_page_names_is_there():
    named = re.compile(r"`((?:src|scripts|tests|bench|docs)/[\w./-]+)`")
    missing = [
        f"{page}: {path}"
        for page, text in PAGES.items()
        for path in named.findall(text)
        if not (ROOT / path).exists()
    ]

    assert missing == []


def test_every_test_the_security_page_names_is_there():
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGES["docs/security.md"])
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not re.search(rf"^def {name}\(" if name else "", (ROOT / file).read_text("utf-8"), re.MULTILINE)
    ]

    assert len(named) > 25
    assert missing == []


def test_the_flow_page_names_every_file_of_every_stage():
    """A stage has the same file name in every layer, so that one look finds all of it."""
    there = {
        f"{layer}/{path.name}"
        for layer in LAYERS
        for stage in STAGES.split()
        for path in [PACKAGE / layer / f"{stage}.py", PACKAGE / layer / stage]
        if path.exists()
    }
    unnamed = {path for path in there if f"`src/suyuan/{path}" not in PAGES["docs/flow.md"]}

    assert "actions/callback.py" in there
    assert unnamed == set()


def test_decisions_are_numbered_without_gaps_and_say_what_why_and_how_to_leave():
    numbers = [int(path.name[:4]) for path in DECISIONS]
    heads = ("## Decision", "## Why", "## Kept by")

    assert numbers == list(range(1, len(numbers) + 1))
    assert [p.name for p in DECISIONS if not all(f"\n{head}\n" in PAGES[short(p)] for head in heads)] == []


def test_every_dependency_says_what_it_saves_and_how_to_leave_it():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    asked += [word for words in project["project"]["optional-dependencies"].values() for word in words]
    page = next(PAGES[short(path)] for path in DECISIONS if path.stem.endswith("dependencies"))
    rows = dict(re.findall(r"^\| `([\w.-]+)` \| (.+ \| .+) \|$", page, re.MULTILINE))

    assert set(rows) == {re.match(r"[\w.-]+", line)[0] for line in asked}


def test_the_changelog_names_the_version():
    from suyuan import __version__

    assert re.findall(r"^## (\S+)", PAGES["CHANGELOG.md"], re.MULTILINE)[0] == __version__


def test_every_file_the_table_of_parsers_names_is_there():
    table = PAGES["CONTRIBUTING.md"].partition("## Parsers")[2]
    named = re.findall(r"`((?:tests|gateways|domain|analytics|actions|web|store)/[\w/.]+)`", table)

    assert len(named) > 20
    assert [each for each in named if not any((top / each).exists() for top in (ROOT, PACKAGE))] == []
    assert {each for each in named if each.startswith("tests/fuzz")} == {
        f"tests/fuzz/{path.name}" for path in (ROOT / "tests/fuzz").glob("test_*.py")
    }
