"""Filters and tags of our pages: icons, labels of codes, moments and what is left of a limit."""

import functools
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Protocol
from zoneinfo import ZoneInfo

from django import template
from django.contrib.messages.storage.base import Message
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from suyuan.store import rules
from suyuan.store.queries import attention, people
from suyuan.web import access, folding, undo
from suyuan.web import words as words_of

LOCAL = ZoneInfo("Asia/Shanghai")
register = template.Library()


class Post(Protocol):
    """A post of the register, as far as its words go."""

    code: str
    name: str
    duties: str


def lang() -> str:
    """Return zh or en: the language the labels of codes are wanted in."""
    return "en" if (get_language() or "").startswith("en") else "zh"


@register.filter
def joined(words: Iterable[str]) -> str:
    """Return words in a row, parted as the language parts them."""
    return (", " if lang() == "en" else "、").join(words)


@register.simple_tag
def comma() -> str:
    """Return what parts words in a row."""
    return joined(("", ""))


def clauses(said: Iterable[str]) -> str:
    """Return parts of a sentence in a row, parted as the language parts them."""
    return ("; " if lang() == "en" else "；").join(said)


@register.filter
def post_name(post: Post) -> str:
    """Return what a post is called, in the language of the reader where the office kept the name."""
    kept = post.name == rules.label("post", post.code, "zh")
    return rules.label("post", post.code, lang()) if kept else post.name


def post_duties(post: Post) -> str:
    """Return the duties of a post, in the reader's language where the office kept the rulebook's."""
    if lang() == "zh":
        return post.duties
    shipped = {each["duties"]: each["duties_en"] for each in rules.posts()}
    return str(shipped.get(post.duties, post.duties))


@register.simple_tag
@functools.cache
def icon(name: str) -> SafeString:
    """Return one icon of the sprite; it is decoration, so readers skip it."""
    return format_html(
        '<svg class="icon" aria-hidden="true" width="20" height="20"><use href="{}#{}"></use></svg>',
        static("vendor/icons/sprite.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def may_open(context: template.Context, name: str) -> bool:
    """Return whether whoever sees the page may open an address: ``{% may_open "unit_edit" as may %}``."""
    return access.may_open(context["request"], name)


@register.simple_tag
def nobody_yet() -> bool:
    """Return whether the office is still without anybody who could sign in."""
    return people.is_empty()


@register.simple_tag
def themes() -> list[tuple[str, str]]:
    """Return the ways the console can be painted with their words."""
    return [(code, label("theme", code or "system")) for code in attention.THEMES]


@register.simple_tag
def label(kind: str, code: object) -> str:
    """Return the words for a code in the reader's language; nothing for no code."""
    return rules.label(kind, str(code), lang()) if code else ""


@register.filter
def words(code: str, kind: str) -> str:
    """Return the words for a code where a sentence needs them: ``{{ code|words:"level" }}``."""
    return label(kind, code)


@register.filter
def local(at: datetime | None) -> str:
    """Return a moment as 2025-10-09 16:30 in local time."""
    return at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M") if at else ""


@register.filter
def iso(at: datetime | None) -> str:
    """Return a moment as ISO 8601 with its offset."""
    return at.astimezone(LOCAL).isoformat(timespec="seconds") if at else ""


@register.filter
def span(length: timedelta) -> str:
    """Return a length of time in its two largest units."""
    minutes = int(abs(length).total_seconds()) // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return gettext("%(days)d 天 %(hours)d 小时") % {"days": days, "hours": hours}
    if hours:
        return gettext("%(hours)d 小时 %(minutes)d 分") % {"hours": hours, "minutes": minutes}
    return gettext("%(minutes)d 分钟") % {"minutes": minutes}


@register.filter
def duration(amount: int, unit: str) -> str:
    """Return a length of time in words: ``{{ n|duration:"days" }}``."""
    return words_of.duration(amount, unit)


@register.filter
def left(due: datetime | None, now: datetime | None = None) -> str:
    """Return how much time is left until ``due``, or by how much it has passed."""
    if due is None:
        return ""
    remaining = due - (now or datetime.now(UTC))
    words = gettext("还有 %(span)s") if remaining >= timedelta() else gettext("已超 %(span)s")
    return words % {"span": span(remaining)}


@register.inclusion_tag("web/_undo.html", takes_context=True)
def undo_of(context: template.Context, message: Message) -> dict[str, object]:
    """Show the button that takes back what a message says, where there is one."""
    return {"offer": undo.read(message.extra_tags or ""), "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("web/_folded.html")
def folded(text: object, visible: int = folding.VISIBLE) -> dict[str, folding.Folded]:
    """Show a text somebody wrote; of a long one how it begins, the rest folded: ``{% folded row.said %}``."""
    return {"text": folding.folded(str(text), visible)}


@register.simple_tag(takes_context=True)
def come_back(context: template.Context) -> str:
    """Return the address a switch comes back to: home from one that is no page or holds what is personal."""
    request = context["request"]
    return context.get("stay_at") or (request.get_full_path() if request.resolver_match else "/")


def safe(words: object) -> str:
    """Return words as HTML, escaped unless they are HTML: a ``conditional_escape`` that takes a fifth."""
    return words.__html__() if hasattr(words, "__html__") else escape(str(words))


@register.simple_tag
def options(choices: Iterable[tuple[str, object]], chosen: str) -> SafeString:
    """Show the choices of a list box: a company has a thousand units, and every list offers them."""
    drawn = (
        f'<option value="{safe(code)}"{" selected" if code == chosen else ""}>{safe(words)}</option>'
        for code, words in choices
    )
    return SafeString("".join(drawn))


@register.simple_tag
def light(code: str) -> SafeString:
    """Show a clock's light: a colour, a shape and the word; nothing for none."""
    if not code:
        return SafeString()
    drawn = '<span class="light light-{}"><i aria-hidden="true"></i>{}</span>'
    return format_html(drawn, code, label("light", code))


@register.filter
def reason(code: str) -> str:
    """Return the words of a ledger's reason, whichever rulebook list it comes from."""
    shelves = (f"reason.{name}" for name in rules.rulebook().reasons)
    found = (rules.label(shelf, code, lang()) for shelf in (*shelves, "ledger_reason", "verb", "exclusion"))
    return next((words for words in found if words != code), code)
