"""``suyuan import`` and ``suyuan export``: order files in, order files out."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from suyuan.domain.errors import BadInput

from .ready import emit, now, ready

FRESH = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--layout", default="auto", show_default=True, help="Layout name, a TOML file, or auto.")
@click.option("--as", "username", default="system", help="Who is importing.")
@click.option(
    "--quarantine",
    type=click.Path(path_type=Path),
    help="Where rows go that were not taken; without it beside FILE: of may.xlsx, may.quarantine.xlsx.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def import_orders(*, file: Path, layout: str, username: str, quarantine: Path | None, as_json: bool) -> None:
    """Import an order file: cases, clocks, lake; bad rows go to a quarantine file."""
    ready()
    from suyuan.actions import imports
    from suyuan.domain.procedure import Actor
    from suyuan.store import lake, presence

    with presence.sign_on(), bar(f"导入 {file.name}") as advance:
        summary = imports.run(
            path=file.resolve(),
            layout=layout,
            actor=Actor(username, frozenset()),
            now=now(),
            progress=advance,
        )
    lake.refresh()
    summary = set_apart(summary, file, quarantine)
    if as_json:
        emit(
            {key: value for key, value in summary.plain().items() if key not in ("notes", "sheet")}
            | {"notes": {code: note["count"] for code, note in summary.notes.items()}}
        )
        return
    click.echo(told(summary))


def set_apart(summary, file: Path, to: Path | None = None):  # type: ignore[no-untyped-def]
    """Write the rows that were not taken, which the home keeps sealed, to where they can be put right."""
    if not summary.quarantine_file:
        return summary
    from suyuan.store import tray

    kept = Path(summary.quarantine_file)
    to = to or file.with_suffix(f".quarantine{kept.suffix}")
    with tray.reading(kept) as source, open(os.open(to, FRESH, 0o600), "wb") as out:  # noqa: PTH123 a mode
        shutil.copyfileobj(source, out)
    return replace(summary, quarantine_file=str(to))


def bar(title: str):  # type: ignore[no-untyped-def]
    """Return a progress bar on stderr as a context that gives the function to advance it."""
    return _Bar(title)


class _Bar:
    """A progress bar that a ``Progress`` callback drives."""

    def __init__(self, title: str) -> None:
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[rows]}"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
            disable=not Console(stderr=True).is_terminal,
        )
        self._task = self._bar.add_task(title, total=1.0, rows="")

    def __enter__(self):  # type: ignore[no-untyped-def]
        self._bar.start()
        return self._advance

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def _advance(self, fraction: float, rows: int) -> None:
        self._bar.update(self._task, completed=fraction, rows=f"{rows:,} 行")


def told(summary) -> str:  # type: ignore[no-untyped-def]
    """Return the summary in words."""
    lines = [
        f"读取 {summary.read:,} 行：接收 {summary.accepted:,}，重复 {summary.duplicate:,}，"
        f"隔离 {summary.quarantined:,}；用时 {summary.seconds:.1f} 秒；模板 {summary.layout}"
        + (f"；工作表 {summary.sheet}" if summary.sheet else "")
    ]
    if summary.quarantine_file:
        lines.append(f"隔离文件（改正后可再次导入）：{summary.quarantine_file}")
    lines += [f"提示 {code}：{note['count']} 行" for code, note in summary.notes.items()]
    return "\n".join(lines)


@click.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "username", default="", help="Whose reach; without it the whole home.")
@click.option("--purpose", default="", help="A code of the rulebook's list reason.export; without it masked.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def export(*, file: Path, username: str, purpose: str, as_json: bool) -> None:
    """Export orders in the full layout (.xlsx .csv .csv.gz); importing the file gives the same orders.

    For a purpose personal data leave in clear, without one masked; the file carries a code that
    suyuan audit export leads back from.
    """
    ready()
    if not file.resolve().parent.is_dir():
        raise BadInput("no_such_folder", folder=str(file.parent))
    from suyuan.actions import exports
    from suyuan.domain.procedure import Actor

    taken = exports.orders(
        path=file,
        username=username,
        purpose=purpose,
        actor=Actor(username or "system", frozenset()),
        now=now(),
    )
    if as_json:
        emit({"file": str(file), "orders": taken.orders, "masked": taken.masked, "code": taken.code})
    else:
        click.echo(f"{taken.orders:,} → {file}")
