"""Where the lake lies, and the manifest that says which files are in force.

Readers open what the manifest names, so a refresh is seen whole or not at all.
"""

import json
import os
import threading
from dataclasses import dataclass, field
from pathlib import Path

from suyuan.analytics.lake import TABLES
from suyuan.config.home import home

KEPT = 2
"""Manifests a removed file outlives: a reader that opened the old one may still be reading it."""


def folder() -> Path:
    """Return the folder of the lake."""
    path = home() / "lake"
    path.mkdir(exist_ok=True)
    return path


def beside(path: Path) -> Path:
    """Return a file of one's own to write first what is then moved to a path: others read it meanwhile."""
    return path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")


@dataclass(slots=True)
class Manifest:
    """The files in force, by table; paths relative to the lake."""

    exported_to: int = 0
    edition: str = ""
    files: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in TABLES})
    removed: list[list[str]] = field(default_factory=list)
    mark: str = ""
    """Which key the pseudonyms of its files were made with."""
    shape: str = ""
    """Which columns its files have."""

    @classmethod
    def load(cls) -> "Manifest":
        """Return the manifest in force, or an empty one."""
        path = folder() / "manifest.json"
        if not path.exists():
            return cls()
        content = json.loads(path.read_text("utf-8"))
        files = {table: content.get(table, []) for table in TABLES}
        told = content.get("edition", ""), files, content.get("removed", []), content.get("pseudonyms", "")
        return cls(content["exported_to"], *told, content.get("shape", ""))

    def put_in_force(self, exported_to: int, edition: str, files: dict[str, list[str]]) -> None:
        """Write a new manifest over the old in one move, then delete files nobody can still be reading."""
        gone = sorted(
            {f for old in self.files.values() for f in old} - {f for new in files.values() for f in new}
        )
        removed = [*self.removed, gone]
        content = {"exported_to": exported_to, "edition": edition, **files}
        content |= {"removed": removed[-KEPT:], "pseudonyms": self.mark, "shape": self.shape}
        path = folder() / "manifest.json"
        temporary = beside(path)
        temporary.write_text(json.dumps(content), "utf-8")
        temporary.replace(path)
        for batch in removed[:-KEPT]:
            for name in batch:
                (folder() / name).unlink(missing_ok=True)
