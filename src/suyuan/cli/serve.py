"""``suyuan serve`` and ``suyuan work``: the console, and the worker."""

import gc
import io
import signal
import threading

import click

from suyuan.domain.errors import BadInput

from .ready import ready, starting


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, default=8000, show_default=True)
@click.option("--no-worker", is_flag=True, help="Serve pages only; run `suyuan work` elsewhere.")
def serve(*, host: str, port: int, no_worker: bool) -> None:
    """Serve the console, with a worker beside it."""
    starting()
    ready()
    from suyuan.store import opening

    opening.demand()
    run(host, port, with_worker=not no_worker)


def run(host: str, port: int, *, with_worker: bool) -> None:
    """Serve until interrupted."""
    from django.conf import settings
    from django.core.management import call_command

    from suyuan.config.wsgi import application
    from suyuan.store import presence, rules
    from suyuan.web import figures
    from suyuan.web.checks import is_loopback

    if settings.DEMO and not is_loopback(host):
        raise BadInput("demo_is_local", host=host)
    rules.rulebook()
    gc.collect()
    gc.freeze()  # the rulebook is never garbage: a full collection over it would land inside a request
    from suyuan.jobs import ahead, loop

    from . import server

    call_command("check", fail_level="ERROR", stdout=io.StringIO())  # what is well needs no words
    stop = threading.Event()
    worker = threading.Thread(target=loop.work, args=(stop,), name="worker", daemon=True)
    drawing = threading.Thread(target=ahead.keep, args=(stop, figures.due), name="figures", daemon=True)
    listening = server.create(application, host, port)
    drawing.start()
    if with_worker:
        worker.start()  # after the door is open: whoever calls meanwhile waits instead of being refused
    signal.signal(signal.SIGTERM, _leave)
    _say_how_to_begin(host, port)
    click.echo(f"http://{host}:{port}/", err=True)
    try:
        with presence.sign_on():
            listening.run()
    finally:
        stop.set()
        if with_worker:
            worker.join(timeout=30)


def _say_how_to_begin(host: str, port: int) -> None:
    """Print the one-time code with which an office without anybody gets its first administrator."""
    from django.conf import settings

    from suyuan.store.queries import people
    from suyuan.web import begin

    if people.is_empty() and not settings.DEMO:
        click.echo(f"http://{host}:{port}/begin/  一次性口令：{begin.make_code()}", err=True)


def _leave(*_: object) -> None:
    raise SystemExit(0)


@click.command("work")
@click.option("--once", is_flag=True, help="One round, then stop.")
def work(*, once: bool) -> None:
    """Run the worker: clock rungs, imports, the lake, the daily anchor. Start as many as wanted."""
    ready()
    from suyuan.jobs import loop
    from suyuan.store import opening

    opening.demand()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    loop.work(stop, rounds=1 if once else None)
