"""What a list of people calls a post: its code, its name, what offices say for it, or what somebody chose.

What was chosen for some words is kept, so that the next list that says them is not asked about again.
"""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from django.db.models import Q

from suyuan.domain.procedure import Actor
from suyuan.domain.staffing import Over
from suyuan.store import rules
from suyuan.store.models import Post, PostWord
from suyuan.store.queries import people

from . import spoken
from .posts import save_post

ADD, LEAVE = "+", "-"
"""Choices for a post nobody knows: make it a post without a role, leave the post of its people blank."""


class Posts:
    """The posts one file names; ``unknown`` counts the people of those nobody knows.

    ``recalled`` holds the words that were answered before, with what was answered.
    """

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
        self.recalled: dict[str, str] = {}
        self.before = _remembered()
        for name, choice in chosen.items():
            self._choose(name, choice, actor, now)
        self.kept = _remember(chosen, self.before)

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
        if key not in self.known and key in self.before:
            choice = self.recalled[text] = self.before[key]
            return None if choice == LEAVE else people.post(choice)
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


def _remembered() -> dict[str, str]:
    """Return what was answered before, by words; of posts that are closed nothing."""
    rows = PostWord.objects.filter(Q(post=None) | Q(post__closed_at=None)).values_list("word", "post__code")
    return {word: code or LEAVE for word, code in rows}


def _remember(chosen: Mapping[str, str], before: Mapping[str, str]) -> int:
    """Keep what was chosen for words that no post is called by; return how many answers are new."""
    told = {spoken.plain(name): choice for name, choice in chosen.items() if choice != ADD}
    fresh = {word: choice for word, choice in told.items() if before.get(word) != choice}
    for word, choice in fresh.items():
        post = None if choice == LEAVE else people.post(choice)
        PostWord.objects.update_or_create(word=word[:60], defaults={"post": post})
    return len(fresh)
