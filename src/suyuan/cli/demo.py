"""``suyuan demo`` and ``suyuan run-orders``: what ``make run`` runs."""

import os
import socket
import tempfile
from pathlib import Path
from time import monotonic

import click

from suyuan.domain.errors import BadInput

from .ready import now, ready, starting

SEED, CUSTOMERS, DAYS = 95598, 3_000, 120
"""The city of the demo: the same one every time, its last day yesterday."""


@click.command("demo")
@click.option("--port", type=int, default=8000, show_default=True)
@click.option("--no-serve", is_flag=True, help="Load and print the board, then stop.")
def demo(*, port: int, no_serve: bool) -> None:
    """Load a simulated city into an empty home, print the board, serve the console with ten role cards."""
    _on_this_machine(port)
    starting()
    _free(port, no_serve)
    ready()
    from django.conf import settings

    from suyuan.config.home import SIMULATED
    from suyuan.store.queries import org

    from . import demo_city

    started = monotonic()
    loaded = bool(org.every())
    if not loaded:
        click.echo("正在载入演示城市，一两分钟", err=True)
        at = now()
        with tempfile.TemporaryDirectory() as folder:
            demo_city.make(demo_city.Size(SEED, CUSTOMERS, DAYS), Path(folder), now=at)
            demo_city.load(Path(folder), password=password(), now=at)
            demo_city.warn(Path(folder), at)
        (settings.HOME / SIMULATED).touch()
        click.echo(f"演示数据已载入，用时 {monotonic() - started:.1f} 秒", err=True)
    _show_and_serve(port, no_serve, show=not loaded or no_serve)


@click.command("run-orders")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--layout", default="auto", show_default=True)
@click.option("--port", type=int, default=8000, show_default=True)
@click.option("--no-serve", is_flag=True)
def run_orders(*, file: Path, layout: str, port: int, no_serve: bool) -> None:
    """Import your own order file into this home, print the board, serve the console; no demo data."""
    _on_this_machine(port)
    starting()
    _free(port, no_serve)
    ready()
    from suyuan.actions import demo as actions
    from suyuan.actions import imports
    from suyuan.domain.procedure import SYSTEM

    from .imports import bar, set_apart, told

    with bar(f"导入 {file.name}") as advance:
        summary = imports.run(path=file.resolve(), layout=layout, actor=SYSTEM, now=now(), progress=advance)
    click.echo(told(set_apart(summary, file)))
    actions.people_at_root(password=password(), now=now())
    _show_and_serve(port, no_serve, period="all")


def _on_this_machine(port: int) -> None:
    """Open the console to this machine alone; what is printed names the address at which it answers."""
    os.environ["SUYUAN_DEMO"] = "1"
    os.environ.setdefault("SUYUAN_ORIGINS", f"http://127.0.0.1:{port}")


def _show_and_serve(port: int, no_serve: bool, period: str = "", *, show: bool = True) -> None:
    """Print the board of what was just loaded; the lake of an older home is left to the worker."""
    from . import serve

    if show:
        from suyuan.store import lake

        from . import board

        lake.refresh()
        board.show(*board.rows(period or board.last_week(), ""))
    click.echo(f"演示口令（十个角色通用）：{password()}", err=True)
    if not no_serve:
        serve.run("127.0.0.1", port, with_worker=True)


def password() -> str:
    """Return the password of the ten roles of this home."""
    from suyuan.config.home import secret

    return secret("demo", 6).hex()


def _free(port: int, no_serve: bool) -> None:
    """Refuse before the work when the port is taken."""
    if no_serve:
        return
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise BadInput("port_taken", port=port) from None
