"""``suyuan outbox``: what waits, what is in the dead letters, and sending it again."""

import click

from .ready import emit, leave, now, ready


@click.group("outbox")
def outbox() -> None:
    """Messages that leave the house."""
    ready()


@outbox.command("list")
@click.option("--state", default="", help="queued, running, sent, delivered, failed, aside or withdrawn.")
@click.option("--channel", default="", help="Code of a channel; in_app for messages in the app.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True)
@click.option("--json", "as_json", is_flag=True)
def list_messages(*, state: str, channel: str, limit: int, as_json: bool) -> None:
    """List messages, the newest first."""
    from suyuan.domain import notice
    from suyuan.domain.errors import BadInput
    from suyuan.store.queries import notices

    if state and state not in notice.STATES:
        raise BadInput("unknown_value", field="state", value=state)
    if channel and channel != notice.IN_APP:
        notices.channel(channel)
    rows = notices.every(notices.Wanted(state=state, channel=channel), limit=limit)
    shown = [
        {
            "id": row.pk,
            "key": row.key,
            "channel": row.channel,
            "template": row.template,
            "recipient": row.recipient,
            "case": row.case_number,
            "state": row.state,
            "attempts": row.attempts,
            "queued": row.queued_at,
            "next": row.next_at,
            "problem": str((row.fault or {}).get("code", "")),
        }
        for row in rows
    ]
    if as_json:
        emit({"messages": shown})
        return
    for row in shown:
        words = ("id", "state", "channel", "template", "recipient", "case", "problem")
        click.echo(" ".join(str(row[name]) for name in words).rstrip())


@outbox.command("retry")
@click.argument("ids", type=int, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All dead letters and all reported undeliverable.")
@click.option("--as", "username", required=True, help="Who has them sent again.")
@click.option("--json", "as_json", is_flag=True)
def retry(*, ids: tuple[int, ...], everything: bool, username: str, as_json: bool) -> None:
    """Send dead letters again: by id, or all of them; exit 1 where one was refused."""
    from suyuan.actions.notice import desk
    from suyuan.domain import notice
    from suyuan.domain.errors import BadInput
    from suyuan.store.queries import notices, viewer

    who = viewer.named(username)
    if who is None:
        raise BadInput("unknown_person", username=username)
    if bool(ids) == everything:
        raise BadInput("one_of", options="IDS, --all")
    wanted = ids
    if everything:
        states = [notices.Wanted(state=state) for state in notice.AGAIN]
        wanted = tuple(row.pk for each in states for row in notices.every(each, limit=100_000))
    result = desk.retry(ids=wanted, actor=who.actor, now=now())
    shown = {"retried": result.done, "refused": [{"id": pk, "reason": why} for pk, why in result.refused]}
    emit(shown) if as_json else click.echo(f"{len(result.done)} sent again, {len(result.refused)} refused")
    leave(result.refused)
