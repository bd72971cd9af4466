"""The third town's log as a file: OCEL 2.0, in the shape that is asked for."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from .town import Town

START = datetime(2024, 3, 1, 6, tzinfo=UTC)


def write(town: Town, path: Path) -> None:
    """Write a town as OCEL 2.0 in JSON."""
    shape, kinds = town.shape, sorted({*town.types.values(), "Team"})
    teams = sorted({team for _, _, team, _ in town.events})
    linked: dict[str, list[dict[str, str]]] = {}
    for source, target, qualifier in town.links if shape.relations else ():
        linked.setdefault(source, []).append({"objectId": target, "qualifier": qualifier})
    objects: list[dict[str, Any]] = [{"id": team, "type": "Team"} for team in teams]
    for name, kind in town.types.items():
        objects.append({"id": name, "type": kind, "relationships": linked.get(name, [])})
        if shape.about and name in town.about:
            said = {"name": "topic", "time": "1970-01-01T00:00:00Z", "value": town.about[name]}
            objects[-1]["attributes"] = [said]
    attributes = [{"name": "topic", "type": "string"}] if shape.about else []
    has = [{"name": "org:group", "type": "string"}] if shape.units != "object" else []
    has += [{"name": "lifecycle:transition", "type": "string"}] if shape.lifecycle else []
    done = sorted({done for _, done, _, _ in town.events})
    whole = {
        "objectTypes": [
            {"name": kind, "attributes": attributes if kind == "Ticket" else []} for kind in kinds
        ],
        "eventTypes": [{"name": name, "attributes": has} for name in done],
        "objects": objects,
        "events": list(_written(town)),
    }
    path.write_text(json.dumps(whole), "utf-8")


def _written(town: Town) -> Iterator[dict[str, Any]]:
    shape = town.shape
    for n, (day, done, team, things) in enumerate(town.events):
        named = [*things, team] if shape.units != "attribute" else list(things)
        for transition in ("start", "complete") if shape.lifecycle else ("",):
            moment = START + timedelta(days=day - (0.02 if transition == "start" else 0))
            said = [{"name": "org:group", "value": team}] if shape.units != "object" else []
            said += [{"name": "lifecycle:transition", "value": transition}] if transition else []
            yield {
                "id": f"{n:07x}{transition[:1]}",
                "type": done,
                "time": moment.isoformat(),
                "attributes": said,
                "relationships": [{"objectId": one, "qualifier": "of"} for one in named],
            }
