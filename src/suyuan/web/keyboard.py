"""The keys of the console: one table that the list behind ``?`` shows and the script obeys."""

from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from suyuan.domain.vocabulary import Role

from . import access


@dataclass(frozen=True, slots=True)
class Key:
    """One key, or two pressed one after the other: what the script does at it, in code and in words."""

    keys: str
    does: str
    """What the script knows: a verb of its own, or ``go`` to a place; empty where the browser does it."""
    words: object
    place: str = ""

    @property
    def caps(self) -> list[str]:
        """Return the keys as they stand on the keyboard."""
        return self.keys.split()

    @property
    def url(self) -> str:
        """Return where the key leads."""
        return reverse(self.place) if self.place else ""


GROUPS = (
    (
        _("处处可用"),
        (
            Key("/", "search", _("搜索")),
            Key("?", "keys", _("显示或关闭本表")),
            Key("Esc", "", _("关闭")),
        ),
    ),
    (
        _("列表"),
        (
            Key("j", "next", _("下一条")),
            Key("k", "previous", _("上一条")),
            Key("Enter", "", _("打开")),
            Key("x", "tick", _("勾选这一条")),
            Key("Shift+X", "range", _("从上次勾选处连选到这一条")),
            Key("a", "all", _("勾选本页全部，再按一次取消")),
            Key("b", "bulk", _("批量办理所选")),
            Key("v", "view", _("下一个视图")),
            Key("Shift+V", "view-before", _("上一个视图")),
        ),
    ),
    (
        _("工单页"),
        (
            Key("e", "verb", _("打开第一项能做的操作")),
            Key("n", "next-verb", _("打开下一项能做的操作")),
            Key("u", "undo", _("到“撤回这一步”的按钮")),
        ),
    ),
    (
        _("去往"),
        (
            Key("g h", "go", _("首页"), "home"),
            Key("g q", "go", _("我的工单"), "queue"),
            Key("g i", "go", _("消息箱"), "inbox"),
            Key("g b", "go", _("指标看板"), "board"),
            Key("g u", "go", _("组织单位"), "units"),
            Key("g v", "go", _("视图"), "views"),
            Key("c", "go", _("登记来电"), "contact"),
        ),
    ),
)
"""Every key, by where it works."""


def table(roles: frozenset[Role]) -> SafeString:
    """Return the list behind ``?`` for whoever holds ``roles``: the keys that lead where they may go."""
    return _drawn(get_language(), roles)


@lru_cache(maxsize=500)
def _drawn(language: str, roles: frozenset[Role]) -> SafeString:
    """Return the same drawn once for each language and set of roles."""
    groups = [(title, [key for key in keys if _leads(key, roles)]) for title, keys in GROUPS]
    with override(language):
        return render_to_string("web/_keys.html", {"groups": groups})


def _leads(key: Key, roles: frozenset[Role]) -> bool:
    return not key.place or access.refusal(key.place, roles) is None
