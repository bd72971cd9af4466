"""What the frame of every page shows: who is signed in, where they can go, which theme."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from suyuan.config.home import SIMULATED
from suyuan.domain.characters import storable
from suyuan.domain.masking import says_who
from suyuan.domain.vocabulary import Role
from suyuan.store import rules
from suyuan.store.queries import attention, notices
from suyuan.store.queries.viewer import Viewer

from . import access, keyboard, places, sessions, signin
from .templatetags.ui import lang


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
    nav: Callable[[], str] = str
    """The navigation, drawn where the page has its place."""
    cards: object = ()
    q: str = ""
    oidc: str = ""
    """What the button of single sign-on says; empty where there is none."""
    staff: object = None
    """The staff session that runs."""
    blind: bool = False
    """Whether this page shows cases to somebody who reaches none without a staff session."""
    factor_steps: list[tuple[str, bool]] = field(default_factory=list)
    """On the library's pages of second factors: the steps of who must set one up, each done or not."""
    keys: Callable[[], str] = str
    """The list of keys, likewise."""


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Return the frame of a page for whoever asks for it."""
    frame = Shell(
        demo=settings.DEMO,
        simulated=(settings.HOME / SIMULATED).exists(),
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
        frame.nav = partial(places.navigation, request, frame.unread)
        frame.staff = request.staff  # type: ignore[attr-defined]
        frame.blind = is_blind(request)
        if access.name_of(request).startswith("mfa_"):
            frame.factor_steps = sessions.factor_steps(request)
        frame.keys = partial(keyboard.table, viewer.roles)
        asked = request.GET.get("q", "")
        frame.q = asked if storable(asked) and not says_who(asked) else ""
    return {"shell": frame}


def is_blind(request: HttpRequest) -> bool:
    """Return whether an administrator looks at a page of cases and reaches none."""
    viewer = request.viewer  # type: ignore[attr-defined]
    entry = access.entry(access.name_of(request))
    shows_cases = entry is not None and entry.reach is access.Reach.CASES
    return shows_cases and Role.ADMIN in viewer.roles and not viewer.paths
