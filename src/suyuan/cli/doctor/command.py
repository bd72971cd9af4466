"""The command: every check in turn; one that cannot run is a finding of its own."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict

import click

from suyuan.config.home import home
from suyuan.domain.errors import RuleError

from ..ready import emit, now, ready
from .finding import Finding, error


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def doctor(ctx: click.Context, *, as_json: bool) -> None:
    """Check home, settings, database, rulebook, calendar, trail, backups, workers, people and carriers.

    Each finding comes with what mends it. Exit 1 when something is broken.
    """
    findings = list(_every())
    broken = any(finding.level == "error" for finding in findings)
    if as_json:
        emit({"ok": not broken, "findings": [asdict(finding) for finding in findings]})
    for finding in () if as_json else findings:
        click.echo(f"{finding.level}: {finding.code}: {finding.text}\n  → {finding.fix}")
    if not findings and not as_json:
        click.echo("nothing found")
    if broken:
        ctx.exit(1)


def _every() -> Iterator[Finding]:
    """Yield what every check finds; without home, settings, database or keys there is nothing more to ask."""
    from . import database, environment, place

    yield from environment.unknown()
    homeless = list(place.reach())
    yield from homeless
    if homeless:
        return
    yield from place.look(home())
    unreadable = list(environment.look())
    yield from unreadable
    if unreadable:
        return
    unreachable = list(database.reach(ready))
    yield from unreachable
    if unreachable:
        return
    from . import carriers, keys, people, rules, settings, work

    at = now()
    checks: tuple[tuple[str, Callable[[], Iterable[Finding]]], ...] = (
        ("settings", settings.look),
        ("database", lambda: database.look(at)),
        ("keys", keys.look),
        ("rules", lambda: rules.look(at)),
        ("work", lambda: work.look(at)),
        ("people", lambda: people.look(at)),
        ("carriers", carriers.look),
    )
    for name, look in checks:
        yield from _looked(name, look)


def _looked(name: str, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """Yield what a check finds; a rule that is broken is what it found."""
    try:
        yield from look()
    except RuleError as wrong:
        facts = " ".join(f"{key}={value}" for key, value in wrong.facts.items())
        yield error(wrong.code, f"{name}: {wrong.__doc__} {facts}", "mend what is named; then look again")
