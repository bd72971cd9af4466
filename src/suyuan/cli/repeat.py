"""``suyuan repeat``: which contacts are held to be one event, and the events many spoke of."""

import click

from .asking import viewer_of
from .ready import emit, ready
from .shapes import COUNT, MOMENT, TEXT, TEXTS, many, thing

_SCORE = {"type": "number", "minimum": 0, "maximum": 1}
FIND = thing(
    number=TEXT,
    contacts=COUNT,
    cases=COUNT,
    alarm=COUNT,
    same=many(
        thing(
            number=TEXT,
            business_type=TEXT,
            unit=TEXT,
            state=TEXT,
            accepted_at=MOMENT,
            contacts=COUNT,
            ways=TEXTS,
            similarity=_SCORE,
            through=TEXT,
        )
    ),
)
LIST = thing(events=many(thing(first=TEXT, unit=TEXT, contacts=COUNT, last_at=MOMENT, told_at=MOMENT)))


@click.group("repeat")
def repeat() -> None:
    """Repeat contacts: who calls again about the same event."""
    ready()


@repeat.command("find")
@click.option("--case", "number", required=True, help="Its number.")
@click.option("--as", "username", default="", help="Whose reach; without it the whole home.")
@click.option("--json", "as_json", is_flag=True)
def find(*, number: str, username: str, as_json: bool) -> None:
    """Find the other contacts on the event of a case, and why each is held to be one."""
    from suyuan.store import rules
    from suyuan.store.queries import cases, repeats

    viewer = viewer_of(username) if username else None
    case = cases.get(viewer, number) if viewer else cases.unscoped(number)
    found = repeats.find(viewer, case)
    same = [
        {
            "number": one.case.number,
            "business_type": one.case.business_type,
            "unit": one.case.unit.code,
            "state": one.case.state,
            "accepted_at": one.case.accepted_at,
            "contacts": one.times,
            "ways": list(one.ways),
            "similarity": one.similarity,
            "through": one.through,
        }
        for one in found.same
    ]
    alarm = rules.figure("repeat.event", "calls")
    if as_json:
        counts = {"contacts": found.contacts, "cases": found.cases, "alarm": alarm}
        emit({"number": number, **counts, "same": same})
        return
    click.echo(f"{number}  {found.contacts} contacts, {found.cases} cases")
    for each in same:
        click.echo(f"{each['number']}  {' '.join(each['ways'])}  {each['similarity']:.2f}")


@repeat.command("list")
@click.option("--as", "username", required=True, help="Whose reach.")
@click.option("--state", default="open", show_default=True, help="open or all.")
@click.option("--unit", default="", help="A unit and those below it.")
@click.option("--json", "as_json", is_flag=True)
def list_them(*, username: str, state: str, unit: str, as_json: bool) -> None:
    """List the events many contacts spoke of, those with most contacts first."""
    from suyuan.store.queries import listing, repeats

    show = "" if state == "all" else state
    events = [
        {
            "first": one.first.number,
            "unit": one.first.unit.code,
            "contacts": one.contacts,
            "last_at": one.last_at,
            "told_at": one.told_at,
        }
        for one in repeats.listed(viewer_of(username), show, unit)[: listing.DEEPEST]
    ]
    if as_json:
        emit({"events": events})
        return
    for event in events:
        click.echo(f"{event['first']}  {event['contacts']:>3}  {event['unit']}")
