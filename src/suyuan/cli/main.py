"""The ``suyuan`` command: every door of the console, for scripts and for the people who keep it running.

Exit codes: 0 done; 1 refused, with ``{"refused": code, "facts": {}}`` and, without ``--json``, the reason in
words on stderr; 2 bad input, one line that says what and where. With ``--json`` one JSON object goes to
stdout and everything else to stderr.
"""

import importlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

import click

from suyuan import __version__
from suyuan.domain.errors import Refused, RuleError

from . import errors

COMMANDS = {
    "migrate": "home:migrate",
    "doctor": "doctor:doctor",
    "backup": "backup:backup",
    "restore": "backup:restore",
    "demo": "demo:demo",
    "run-orders": "demo:run_orders",
    "serve": "serve:serve",
    "work": "serve:work",
    "schedule": "schedule:schedule",
    "import": "imports:import_orders",
    "export": "imports:export",
    "org": "org:org",
    "outbox": "outbox:outbox",
    "people": "people:people",
    "customer": "customer:customer",
    "calls": "calls:calls",
    "key": "key:key",
    "board": "board:board",
    "reconcile": "reconcile:reconcile",
    "ledger": "ledger:ledger",
    "veto": "veto:veto",
    "blame": "blame:blame",
    "liability": "liability:liability",
    "ladder": "ladder:ladder",
    "returns": "returns:returns",
    "repeat": "repeat:repeat",
    "commitment": "commitment:commitment",
    "firstmoves": "firstmoves:firstmoves",
    "improvement": "improvement:improvement",
    "shirking": "shirking:shirking",
    "filing": "filing:filing",
    "answers": "final_answer:answers",
    "campaign": "campaign:campaign",
    "themes": "evaluation:themes",
    "hotspots": "hotspots:hotspots",
    "faults": "faults:faults",
    "sensitivity": "sensitivity:sensitivity",
    "weak-links": "weak_links:weak_links",
    "assess": "evaluation:assess",
    "precomplaint": "precomplaint:precomplaint",
    "disconnection": "disconnection:disconnection",
    "recovery": "recovery:recovery",
    "effect": "effect:effect",
    "appeal": "appeal:appeal",
    "protection": "protection:protection",
    "case": "case:case",
    "paper": "paper:paper",
    "papers": "paper:papers",
    "worksheet": "worksheet:worksheet",
    "reply": "reply:reply",
    "procedure": "procedure:procedure",
    "procedures": "procedure:procedures",
    "rules": "rules:rules",
    "duties": "duties:duties",
    "due": "due:due",
    "damage": "damage:damage",
    "audit": "audit:audit",
    "evidence": "evidence:evidence",
    "seal": "seal:seal",
    "text": "text:text",
    "log": "log:log",
    "trace": "trace:trace",
    "handover": "tracing:handover",
    "scan": "scan:scan",
    "supply": "supply:supply",
    "detect": "detect:detect",
    "risk": "risk:risk",
    "warning": "warning:warning",
    "shred": "shred:shred",
    "person-data": "shred:personal",
    "simulate": "simulate:simulate",
    "schema": "schema:schema",
}
"""Command → module and object; a module is read when its command is called, so that each starts fast."""


class Commands(click.Group):
    """The commands, each imported when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 same
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(importlib.import_module(f"suyuan.cli.{module}"), name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="suyuan")
def suyuan() -> None:
    """Suyuan 溯源: hear customers, keep promises, trace complaints to their source."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; turn every rule's no into an exit code in this one place."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "suyuan.config.settings")
    typed = list(sys.argv[1:] if arguments is None else arguments)
    for_program = "--json" in typed
    try:
        code = suyuan.main(args=typed, standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.exceptions.NoArgsIsHelpError as wrong:
        click.echo(wrong.format_message(), err=True)
        sys.exit(2)
    except click.ClickException as wrong:
        _leave(wrong.format_message() if for_program else errors.misused(wrong))
    except Refused as refused:
        told = {"refused": refused.code, "facts": _facts(refused)}
        click.echo(json.dumps(told, ensure_ascii=False, default=str))
        if not for_program:
            click.echo(f"suyuan: {errors.words(refused.code)}", err=True)
        sys.exit(1)
    except RuleError as wrong:
        _leave(errors.line(wrong) if for_program else errors.sentence(wrong))
    except SystemExit as wrong:  # a variable that cannot be meant: config.env, config.home
        if not isinstance(wrong.code, str):
            raise
        _leave(wrong.code if for_program else f"环境变量不对 / A variable is wrong: {wrong.code}")
    else:
        if isinstance(code, int) and code:  # what a command left with by ctx.exit
            sys.exit(code)


def _facts(refused: Refused) -> Mapping[str, object]:
    """Return the facts of a refusal, with the names of those who did what it tells of."""
    if refused.facts.keys().isdisjoint({"last_step", "since"}):
        return refused.facts
    from suyuan.store.queries import told

    return told.refusal(refused.facts)


def _leave(text: str) -> NoReturn:
    """Say in one line what is wrong with what was handed in, and leave."""
    click.echo(f"suyuan: {' '.join(text.split())}", err=True)
    sys.exit(2)
