"""Keeping a layout of the office's own, so that nobody writes TOML by hand."""

import re
from datetime import datetime
from pathlib import Path

from django.db import transaction

from suyuan.domain.errors import BadInput
from suyuan.domain.procedure import Actor
from suyuan.gateways.layout import Layout, to_toml
from suyuan.gateways.layout.files import shipped
from suyuan.gateways.layout.record import problem
from suyuan.store import chain

NAME = re.compile(r"[\w-]{1,40}")


@transaction.atomic
def save(*, layout: Layout, home: Path, actor: Actor, now: datetime) -> Path:
    """Write a layout under the home and say so in the register's chain; one that cannot work is refused."""
    if not NAME.fullmatch(layout.name):
        raise BadInput("bad_form", fields={"name": "layout_name"})
    if layout.name in shipped():
        raise BadInput("bad_form", fields={"name": "name_taken"})
    if wrong := problem(layout):
        raise BadInput("bad_layout", file=layout.name, problem=wrong)
    path = home / "layouts" / f"{layout.name}.toml"
    path.parent.mkdir(exist_ok=True)
    temporary = path.with_suffix(".new")
    temporary.write_text(to_toml(layout), "utf-8")
    chain.append(
        stream="register:layout",
        at=now,
        actor=actor.username,
        verb="layout_saved",
        objects=[("layout", layout.name)],
        detail={"fields": [column.field for column in layout.columns]},
    )
    temporary.replace(path)
    return path
