"""The posts an office begins with, as the package proposes them."""

import functools
import tomllib
from importlib.resources import files
from typing import Any


@functools.cache
def proposed() -> tuple[dict[str, Any], ...]:
    """Return the posts as ``posts.toml`` writes them, in its order."""
    text = (files("suyuan") / "rulebook" / "posts.toml").read_text("utf-8")
    return tuple(tomllib.loads(text)["post"])


@functools.cache
def roles_of() -> dict[str, frozenset[str]]:
    """Return the roles each post gives, by its code."""
    return {post["code"]: frozenset(post["roles"]) for post in proposed()}
