"""Draw docs/commands.md from the command line itself.

scripts/draw_commands.py            write it
scripts/draw_commands.py --check    fail if it is not what the commands say
"""

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from suyuan.cli.main import suyuan

PAGE = Path(__file__).parents[1] / "docs/commands.md"
HEAD = """\
# Commands

Drawn by `scripts/draw_commands.py` from `src/suyuan/cli/`; `make check` fails if it differs.

The command is `.venv/bin/suyuan`. State lives in `SUYUAN_HOME` (see [operate](operate.md)). With `--json`
one object goes to stdout and everything else to stderr; `suyuan schema COMMAND` prints its JSON Schema.
Exit codes: 0 done; 1 refused, with `{"refused": code, "facts": {}}`; 2 bad input, in one line. Without
`--json` the reason stands on stderr in words, Chinese and English, then code and facts; with it the line
is `code: facts`. Times are ISO 8601 with +08:00; ratios are between 0 and 1, not rounded.

A command that works through a list (`outbox retry`, `worksheet apply`, `people first-passwords`) does what it
can, says of each what became of it, and exits 1 where any was refused; a list with nothing in it is done.
An import is done when its rows are in or set aside: exit 0, and the quarantine file holds the others. What
removes or proves (`shred`, `evidence export`) does all that was named or nothing.
"""


def commands(command: click.Command, line: str) -> Iterator[tuple[str, click.Command]]:
    """Yield every command with the line that calls it."""
    if not isinstance(command, click.Group):
        yield line, command
        return
    if command.invoke_without_command:
        yield line, command
    context = click.Context(command)
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        assert below is not None
        yield from commands(below, f"{line} {name}")


def option_row(option: click.Option) -> str:
    """Return one option as a row."""
    names = " ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    kind = "" if option.is_flag else option.make_metavar(click.Context(click.Command("x")))
    notes = [
        option.help or "",
        "required" if option.required else "",
        "repeatable" if option.multiple else "",
    ]
    return f"| {names} {kind} | {'; '.join(filter(None, notes))} |".replace("||", "")


def section(line: str, command: click.Command) -> list[str]:
    """Return one command as it is described to the person who types it."""
    context = click.Context(command, info_name=line)
    usage = " ".join([line, *command.collect_usage_pieces(context)])
    options = [option for option in command.params if isinstance(option, click.Option) and not option.hidden]
    rows = ["| option | what it does |", "|---|---|", *map(option_row, options), ""] if options else []
    return [f"## {line}", "", f"`{usage}`", "", inspect.cleandoc(command.help or ""), "", *rows]


def main() -> int:
    """Write the page, or say that it is not what the commands say."""
    lines = [HEAD, *(text for line, command in commands(suyuan, "suyuan") for text in section(line, command))]
    text = "\n".join(lines).rstrip("\n") + "\n"
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(text, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
        print("docs/commands.md: not what the commands say; run `make draw`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
