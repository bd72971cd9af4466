"""``suyuan trace sources|orders|forget-source``: what the log that is kept came from, and its orders."""

from datetime import UTC, datetime, timedelta, timezone

import click

from .ready import emit, now, ready
from .shapes import COUNT, FLAG, MOMENT, PERHAPS_MOMENT, TEXT, many, thing

_HERE = timezone(timedelta(hours=8))
_START = datetime(1970, 1, 1, tzinfo=UTC)
MOST = 1_000
SOURCES = thing(
    sources=many(
        thing(
            name=TEXT,
            form=TEXT,
            digest=TEXT,
            at=TEXT,
            by=TEXT,
            events=COUNT,
            first=PERHAPS_MOMENT,
            last=PERHAPS_MOMENT,
        )
    )
)
ORDERS = thing(
    orders=many(
        thing(
            number=TEXT,
            type=TEXT,
            unit=TEXT,
            begun=MOMENT,
            last=MOMENT,
            step=TEXT,
            steps=COUNT,
            open=FLAG,
            promised=PERHAPS_MOMENT,
            source=TEXT,
        )
    ),
    more=FLAG,
)
FORGOTTEN = thing(source=TEXT, events=COUNT)
JSON = click.option("--json", "as_json", is_flag=True)


@click.command("sources")
@JSON
def sources(*, as_json: bool) -> None:
    """List the systems whose logs are kept, with what each last handed in."""
    ready()
    from suyuan.gateways import kept_log
    from suyuan.store import event_log

    log = event_log.path()
    rows = [
        {
            "name": one.name,
            "form": one.form,
            "digest": one.digest,
            "at": one.at,
            "by": one.by,
            "events": one.events,
            "first": _moment(one.first),
            "last": _moment(one.last),
        }
        for one in (kept_log.sources(log) if log.exists() else [])
    ]
    if as_json:
        emit({"sources": rows})
        return
    for row in rows:
        click.echo("{name}  {events:,} events  {first} – {last}  {form}  {at} {by}".format(**row))


@click.command("orders")
@click.option("--type", "kind", default="", help="Only orders of this type.")
@click.option("--unit", default="", help="Only orders whose last step is of the unit with this code.")
@click.option("--open", "only_open", is_flag=True, help="Only orders that are not done.")
@click.option(
    "--page", type=click.IntRange(1), default=1, show_default=True, help=f"So many times {MOST} on."
)
@JSON
def orders(*, kind: str, unit: str, only_open: bool, page: int, as_json: bool) -> None:
    """List orders of other systems, the one that moved last first.

    A number that would lead to somebody stands as it does on pages, by a short sign.
    """
    ready()
    from suyuan.domain.errors import BadInput
    from suyuan.gateways import kept_log
    from suyuan.store import event_log

    log = event_log.path()
    if not log.exists():
        raise BadInput("log_missing", file=log.name)
    known = [name for name, _ in kept_log.types(log)]
    if kind and kind not in known:
        raise BadInput("unknown_value", field="type", value=kind[:60], allowed=known)
    wanted = kept_log.Wanted(kind, unit, "open" if only_open else "")
    found = kept_log.orders(log, wanted, (page - 1) * MOST, MOST + 1)
    rows = [
        {
            "number": one.sign,
            "type": one.type,
            "unit": _plain(one.unit),
            "begun": _moment(one.begun),
            "last": _moment(one.last),
            "step": one.step,
            "steps": one.steps,
            "open": not one.done,
            "promised": _moment(one.promised),
            "source": one.source or "",
        }
        for one in found[:MOST]
    ]
    if as_json:
        emit({"orders": rows, "more": len(found) > MOST})
        return
    for row in rows:
        state = "open" if row["open"] else "done"
        click.echo("{type} {number}  {unit}  {begun}  {step} {last}  ".format(**row) + state)


@click.command("forget-source")
@click.argument("name")
@click.option("--as", "username", default="", help="Who; without it this machine's owner.")
@JSON
def forget_source(*, name: str, username: str, as_json: bool) -> None:
    """Remove everything from the log that came from a source alone."""
    ready()
    from suyuan.actions import trace

    from .trace import acting

    events = trace.forget_source(name=name, actor=acting(username), now=now())
    if as_json:
        emit({"source": name, "events": events})
    else:
        click.echo(f"{name}: {events:,} events removed")


def _moment(at: int | None) -> str | None:
    return None if at is None else (_START + timedelta(microseconds=at)).astimezone(_HERE).isoformat()


def _plain(unit: str | None) -> str:
    """Return the code of a unit; a reference is told to nobody."""
    from suyuan.gateways.kept_log import MARK

    return "" if unit is None or unit.startswith(MARK) else unit
