"""``suyuan doctor``: what is wrong with this installation, and how to mend it."""

import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from .ready import emit, now, ready

CALENDAR_DAYS = 90
"""Warn when the published calendar reaches less far than this ahead."""
FREE_BYTES = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is or will be wrong."""

    level: str
    code: str
    text: str
    fix: str


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def doctor(ctx: click.Context, *, as_json: bool) -> None:
    """Check calendar, rulebook, secrets, disk, settings and units; exit 1 when something is broken."""
    ready()
    findings = [*calendar(), *secrets(ctx.obj["home"]), *disk(ctx.obj["home"]), *settings(), *units()]
    broken = any(finding.level == "error" for finding in findings)
    if as_json:
        emit({"ok": not broken, "findings": [asdict(finding) for finding in findings]})
    for finding in () if as_json else findings:
        click.echo(f"{finding.level}: {finding.code}: {finding.text}\n  → {finding.fix}")
    if not findings and not as_json:
        click.echo("nothing found")
    if broken:
        ctx.exit(1)


def calendar() -> Iterator[Finding]:
    """Warn before the published working calendar runs out."""
    from suyuan.store import rules

    there = rules.rulebook().calendar
    left = (there.last - now().astimezone(there.zone).date()).days
    if left < CALENDAR_DAYS:
        yield Finding(
            "warning",
            "calendar_short",
            f"the working calendar ends on {there.last}, {max(left, 0)} days ahead; "
            "dues past it are provisional",
            "load the State Council's notice: suyuan rules calendar FILE",
        )


def secrets(home: Path) -> Iterator[Finding]:
    """Complain when others on this machine can read the keys."""
    for path in sorted((home / "secrets").glob("*")):
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield Finding(
                "error", "secret_readable", f"{path.name} can be read by others", f"chmod 600 {path}"
            )


def disk(home: Path) -> Iterator[Finding]:
    """Warn before the disk is full."""
    free = shutil.disk_usage(home).free
    if free < FREE_BYTES:
        yield Finding(
            "warning",
            "disk_nearly_full",
            f"{free / 1024**3:.1f} GiB are free where the home lies",
            "free some, or move the home and set SUYUAN_HOME",
        )


def settings() -> Iterator[Finding]:
    """Pass on what Django's own checks and ours say."""
    from django.core import checks

    for message in checks.run_checks():
        if message.level >= checks.WARNING:
            level = "error" if message.level >= checks.ERROR else "warning"
            yield Finding(
                level, message.id or "check", str(message.msg), str(message.hint or "see docs/operate.md")
            )


def units() -> Iterator[Finding]:
    """Name the units that only files know."""
    from suyuan.store.queries import org

    provisional = org.every(provisional_only=True)
    if provisional:
        codes = ", ".join(unit.code for unit in provisional[:8])
        yield Finding(
            "warning",
            "units_provisional",
            f"{len(provisional)} units are known from files alone: {codes}",
            "load the organisation register (suyuan org load), or confirm them (suyuan org confirm)",
        )
