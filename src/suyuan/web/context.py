"""What the frame of every page shows: who is signed in, where they can go, which theme."""

from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from suyuan.domain.vocabulary import Role
from suyuan.store import rules
from suyuan.store.queries import attention, notices
from suyuan.store.queries.viewer import Viewer

from . import access, keyboard, signin
from .templatetags.ui import lang

RULES = ("kind", "entry", "new", "revise", "proposals", "proposal", "notice", "retarget")
"""The pages of the rulebook beside its first."""
PLACES = (
    ("home", "home", gettext_lazy("首页"), ("week", "calls")),
    (
        "queue",
        "inbox",
        gettext_lazy("我的工单"),
        (
            "case",
            "verb",
            "attach",
            "search",
            "reveal",
            "evidence",
            "evidence_open",
            "evidence_verb",
            "evidence_due",
            "bulk",
            "bulk_choose",
            "bulk_fill",
            "bulk_run",
            "worksheet",
            "worksheet_result",
            "worksheet_upload",
        ),
    ),
    ("contact", "phone-plus", gettext_lazy("登记来电"), ("contact_lookup",)),
    ("inbox", "bell", gettext_lazy("消息箱"), ()),
    ("board", "chart-bar", gettext_lazy("指标看板"), ("drill", "consistency")),
    ("publications", "file-spreadsheet", gettext_lazy("生成的文件"), ("publication",)),
    ("traces", "git-branch", gettext_lazy("投诉溯源"), ("trace",)),
    ("import", "upload", gettext_lazy("导入工单"), ("import_file", "import_layout", "run")),
    (
        "outbox",
        "send",
        gettext_lazy("发件箱"),
        ("outbox_message", "outbox_strays", "channels", "channel", "channel_add", "channel_test"),
    ),
    ("units", "building", gettext_lazy("组织单位"), ("units_confirm", "units_load", "unit_add", "unit_edit")),
    ("people", "users", gettext_lazy("人员"), ("person", "person_add", "people_file", "people_file_checked")),
    ("customers", "bolt", gettext_lazy("导入客户档案"), ("customers_upload", "customers_checked")),
    ("posts", "adjustments", gettext_lazy("岗位与角色"), ("post", "post_add", "roles")),
    ("work", "clock", gettext_lazy("后台作业"), ("schedule", "schedule_add")),
    ("looks", "lock", gettext_lazy("查看记录"), ()),
    ("rules", "book", gettext_lazy("规则库"), tuple(f"rules_{page}" for page in RULES)),
)
"""Address name, icon, title, and the other addresses at which it is the current place."""


@dataclass(slots=True)
class Place:
    """One entry of the navigation."""

    url: str
    icon: str
    title: object
    active: bool
    count: int = 0
    """How much of what stands there is new."""


@dataclass(slots=True)
class Shell:
    """The frame around a page."""

    demo: bool
    simulated: bool
    """Whether the data were made by the simulated city, and not read from somebody's own file."""
    theme: str = ""
    """light, dark, or empty for what the machine says."""
    unread: int = 0
    """How many messages of the inbox are new."""
    person: object = None
    unit: str = ""
    roles: list[str] = field(default_factory=list)
    nav: list[Place] = field(default_factory=list)
    cards: object = ()
    q: str = ""
    oidc: str = ""
    """What the button of single sign-on says; empty where there is none."""
    staff: object = None
    """The staff session that runs."""
    blind: bool = False
    """Whether this page shows cases to somebody who reaches none without a staff session."""
    keys: list[tuple[object, list[keyboard.Key]]] = field(default_factory=list)


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Return the frame of a page for whoever asks for it."""
    frame = Shell(
        demo=settings.DEMO,
        simulated=(settings.HOME / "demo").exists(),
        oidc=settings.OIDC["name"] if settings.OIDC["url"] else "",
        cards=signin.CARDS if settings.DEMO and signin.from_this_machine(request) else (),
    )
    person = getattr(request, "user", None)
    if person is not None and person.is_authenticated:
        viewer: Viewer = request.viewer  # type: ignore[attr-defined]
        held = sorted(viewer.roles)
        frame.person = person
        frame.unit = person.unit.name if person.unit_id else ""
        frame.roles = [rules.label("role", role, lang()) for role in held]
        frame.theme = attention.preference(viewer).theme
        frame.unread = notices.unread(viewer, timezone.now())
        frame.nav = navigation(request, frame.unread)
        frame.staff = request.staff  # type: ignore[attr-defined]
        frame.blind = is_blind(request)
        frame.keys = keyboard.table(request)
        frame.q = request.GET.get("q", "")
    return {"shell": frame}


def is_blind(request: HttpRequest) -> bool:
    """Return whether an administrator looks at a page of cases and reaches none."""
    viewer = request.viewer  # type: ignore[attr-defined]
    entry = access.entry(access.name_of(request))
    shows_cases = entry is not None and entry.reach is access.Reach.CASES
    return shows_cases and Role.ADMIN in viewer.roles and not viewer.paths


def navigation(request: HttpRequest, unread: int) -> list[Place]:
    """Return the places whoever asks can go, the current one marked."""
    here = request.resolver_match.url_name if request.resolver_match else ""
    return [
        Place(reverse(name), icon, title, here == name or here in beneath, unread if name == "inbox" else 0)
        for name, icon, title, beneath in PLACES
        if access.may_open(request, name)
    ]
