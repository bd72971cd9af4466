"""Units, posts and people: what a post gives over which units, and who may give what to whom."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from .fields import SPECIALTY, UNIT, Field, Type
from .procedure import SYSTEM, Actor
from .vocabulary import Role

UNIT_KINDS = (
    "company",
    "county",
    "department",
    "office",
    "workstation",
    "station",
    "hall",
    "crew",
    "team",
    "shift",
    "squad",
)
"""A company and its county companies; departments, offices and the 95598 workstation, which work for the
company they sit in; supply stations, halls, repair crews, metering teams, shifts of the call centre and any
other squad."""
UNIT_KIND_ALSO: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "company": ("市公司", "地市公司", "供电公司", "市供电公司", "省公司", "省电力公司", "总公司"),
        "county": ("县公司", "区公司", "县级公司", "县供电公司", "区供电公司", "分公司", "供电分公司"),
        "department": ("部室", "职能部门", "职能部室", "科室", "处室", "本部部门"),
        "office": ("优服办", "优质服务办公室"),
        "workstation": ("远程工作站", "95598工作站", "客服中心", "呼叫中心"),
        "station": ("供电营业所", "供电服务所", "乡镇供电所", "中心供电所"),
        "hall": ("供电营业厅", "服务大厅", "营业网点"),
        "crew": ("抢修班组", "配电抢修班", "抢修队", "抢修站"),
        "team": ("计量班组", "装表接电班"),
        "shift": ("坐席班", "话务班", "话务班组"),
        "squad": ("班", "运维班", "运检班", "营业班", "工区", "生产班组"),
    }
)
"""What a list of units may write for a kind, beside the words of the screens."""

COMPANIES = frozenset({"company", "county"})
DESKS = frozenset({"office", "department", "workstation"})
"""Kinds of unit that work for the company they sit in: their people's roles reach all of it."""


class Over(StrEnum):
    """Which units a post's roles reach, seen from the unit where it is held."""

    UNIT = "unit"
    COMPANY = "company"


TAGS = Field("tags", Type.CHOICES, required=False, reasons="competence")
"""What somebody is good at, by the five roles 五大员 of whoever faces customers: the rulebook's list."""
PERSON_FORM = (
    Field("name", Type.TEXT, personal=True),
    Field("employee_number", Type.TEXT, required=False),
    SPECIALTY.optional,
    Field("seat", Type.TEXT, required=False),
    Field("phone", Type.TEXT, required=False, personal=True),
    Field("email", Type.TEXT, required=False, personal=True),
    Field("competence", Type.TEXT, required=False),
    TAGS,
    Field("active_from", Type.DATE, required=False),
    Field("active_until", Type.DATE, required=False),
)
"""What the register holds about a person beside the unit and the post."""

UNIT_FORM = (
    Field("unit_name", Type.TEXT),
    Field("unit_kind", Type.CHOICE, required=False, choices=UNIT_KINDS),
    SPECIALTY.optional,
    Field("customers", Type.INTEGER, required=False),
)
POST_FORM = (
    Field("post_name", Type.TEXT),
    Field("duties", Type.LONGTEXT, required=False),
    SPECIALTY.optional,
    Field("roles", Type.CHOICES, required=False, choices=tuple(Role)),
    Field("over", Type.CHOICE, choices=tuple(Over)),
)
GRANT_FORM = (
    Field("role", Type.CHOICE, choices=tuple(Role)),
    UNIT,
    Field("reason", Type.TEXT),
    Field("expires_at", Type.MOMENT, required=False),
)

MAY_GIVE: Mapping[Role, frozenset[Role]] = MappingProxyType(
    {
        Role.ADMIN: frozenset(Role),
        Role.OFFICE: frozenset(Role) - {Role.ADMIN, Role.AUDIT, Role.LEADER},
    }
)
"""Who may give which roles, over the units where he holds his own: the office gives none that sees more
than it does, nor one that gives."""


def keeps_register(actor: Actor, *paths: str) -> bool:
    """Return whether the actor may change units and people at all of ``paths``.

    Who keeps the register of one company keeps all of it: what files named first stands at another root.
    """
    if actor is SYSTEM:
        return True
    held = [path for role, path in actor.grants if role in MAY_GIVE]
    whole = any(path.count("/") == 2 for path in held)
    return bool(held) and (whole or all(path.startswith(tuple(held)) for path in paths))


def refusal_to_give(actor: Actor, to: str, role: Role, path: str) -> str | None:
    """Return why the actor may not give ``role`` over the unit at ``path``, or take it, or None if he may."""
    if actor is SYSTEM:
        return None
    if to == actor.username:
        return "own_grant"
    given = {one for held in actor.roles_over(path) for one in MAY_GIVE.get(held, ())}
    return None if role in given else "not_yours_to_give"


def refusal_to_take(actor: Actor, of: str, role: Role, path: str) -> str | None:
    """Return why the actor may not take ``role`` over the unit at ``path`` away; one's own may go."""
    reason = refusal_to_give(actor, of, role, path)
    return None if reason == "own_grant" else reason


def works_here(on: date, since: date | None, until: date | None) -> bool:
    """Return whether a person of the register is at work on a day; both days given are days at work."""
    return (since is None or since <= on) and (until is None or on <= until)
