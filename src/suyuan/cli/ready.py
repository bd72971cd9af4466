"""Bringing a home up to date before a command works on it."""

import json
from datetime import UTC, datetime
from typing import Any

import click


def ready() -> None:
    """Start Django, bring the database up to the newest migration, and refuse a home that lost its keys."""
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from suyuan.store import opening, rules

    executor = MigrationExecutor(connection)
    behind = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if behind:
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    opening.begin()
    if behind:
        from suyuan.actions import org, signin

        org.seal_phones(now=now())
        signin.seal_factors(now=now())
    rules.look(now())


def starting() -> None:
    """Say at once what is being done: reading the programs and the database takes a while."""
    from suyuan.config.home import home

    click.echo(f"正在启动，数据目录 {home()}", err=True)


def now() -> datetime:
    """Return this moment: commands are the edge, and the rules are told the time."""
    return datetime.now(UTC)


def emit(value: Any) -> None:
    """Print the one JSON object a command answers with."""
    click.echo(json.dumps(value, ensure_ascii=False, default=_plain))


def leave(refused: object) -> None:
    """Leave with 1 where something of a list was refused; what of it could be done has been done."""
    if refused:
        click.get_current_context().exit(1)


def _plain(value: Any) -> Any:
    from suyuan.store.queries.told import iso

    if isinstance(value, datetime):
        return iso(value)
    raise TypeError(f"no JSON for {type(value).__name__}")
