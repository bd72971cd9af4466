"""What a list of people calls a post: its code, its name, what offices say for it, or what somebody chose."""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from suyuan.domain.procedure import Actor
from suyuan.domain.staffing import Over
from suyuan.store import rules
from suyuan.store.models import Post
from suyuan.store.queries import people

from . import spoken
from .posts import save_post

ADD, LEAVE = "+", "-"
"""Choices for a post nobody knows: make it a post without a role, leave the post of its people blank."""


class Posts:
    """The posts one file names; ``unknown`` counts the people of those nobody knows."""

    def __init__(self, actor: Actor, now: datetime, chosen: Mapping[str, str]) -> None:
        known = list(Post.objects.filter(closed_at=None))
        self.known = spoken.by_name((post.code, post.name, post) for post in known)
        codes = {post.code: post for post in known}
        for proposed in rules.posts():
            for name in proposed.get("also", ()):
                if proposed["code"] in codes:
                    self.known.setdefault(spoken.plain(name), [codes[proposed["code"]]])
        self.left: set[str] = set()
        self.unknown: Counter[str] = Counter()
        for name, choice in chosen.items():
            self._choose(name, choice, actor, now)

    def _choose(self, name: str, choice: str, actor: Actor, now: datetime) -> None:
        key = spoken.plain(name)
        if choice == LEAVE:
            self.left.add(key)
        elif choice != ADD:
            self.known[key] = [people.post(choice)]
        elif key not in self.known:
            code = _code(name)
            form = {"post_name": name, "over": Over.UNIT.value}
            save_post(code=code, form=form, actor=actor, now=now)
            self.known[key] = [people.post(code)]

    def held(self, text: str, wrong: dict[str, str]) -> Post | None:
        """Return the post a cell names; of one nobody knows, say so and count."""
        key = spoken.plain(text)
        if not text or key in self.left:
            return None
        found = self.known.get(key, [])
        if len(found) == 1:
            return found[0]
        wrong["post"] = "ambiguous_name" if found else "unknown_post"
        self.unknown[text] += not found
        return None


def _code(name: str) -> str:
    """Return a code for a post of this name that no other has."""
    code = re.sub(r"[^\w.-]+", "-", name)[:36]
    taken = set(Post.objects.values_list("code", flat=True))
    free = (each for number in range(1, len(taken) + 2) if (each := f"{code}-{number}") not in taken)
    return next(free) if code in taken else code
