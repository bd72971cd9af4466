"""Checking a bundle that came back: every file, the manifest, the chains, and what does not belong."""

import hashlib
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from suyuan.domain.audit import GENESIS, link
from suyuan.domain.errors import BadInput

from ..unzipping import DAMAGED
from .write import FORMAT, pieces, verifier

LARGEST_MANIFEST = 256 * 1024 * 1024
SCRIPT = "verify.py"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found; ``changed`` names every part that is not as it was exported, and how."""

    manifest: str
    files: int
    events: int
    exported: dict[str, Any]
    changed: tuple[tuple[str, str], ...]


def check(path: Path, code: str = "") -> Checked:
    """Return what a bundle holds and what was changed in it; ``code`` is the digest told by the exporter."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _check(archive, code)
    except DAMAGED:
        raise BadInput("not_a_bundle", file=path.name) from None


def _check(archive: zipfile.ZipFile, code: str) -> Checked:
    told, digest = _manifest(archive)
    counts = Counter(archive.namelist())
    sums = {name: _sum(archive, name) for name in counts}
    due = dict(told["parts"]) | {file["path"]: file["sha256"] for file in told["files"]}
    changed = [(name, "twice") for name, count in counts.items() if count > 1]
    changed += _against(due, sums)
    if code and code != digest:
        changed.append(("manifest.json", "not_the_code"))
    if sums.get("manifest.sha256") != hashlib.sha256(f"{digest}  manifest.json\n".encode()).hexdigest():
        changed.append(("manifest.json", "differs"))
    if sums.get(SCRIPT) != hashlib.sha256(verifier()).hexdigest():
        changed.append((SCRIPT, "differs"))
    bodies = _bodies(told)
    changed += [(stream, f"event {place}") for stream, place in _breaks(told)]
    changed += [(file["path"], problem) for file in told["files"] if (problem := _unattached(file, bodies))]
    return Checked(digest, len(told["files"]), len(bodies), told["exported"], tuple(dict.fromkeys(changed)))


def _manifest(archive: zipfile.ZipFile) -> tuple[dict[str, Any], str]:
    """Return the manifest and its digest; raise BadInput where the file is no bundle."""
    try:
        if archive.getinfo("manifest.json").file_size > LARGEST_MANIFEST:
            raise BadInput("too_large", file="manifest.json")
        text = archive.read("manifest.json")
        told = json.loads(text)
        known = told["format"] == FORMAT and _is_whole(told)
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError):
        raise BadInput("not_a_bundle", file="manifest.json") from None
    if not known:
        raise BadInput("not_a_bundle", file="manifest.json")
    return told, hashlib.sha256(text).hexdigest()


def _is_whole(told: dict[str, Any]) -> bool:
    """Return whether a manifest has every part a check looks at, each of its kind."""
    shape = (told["files"], told["chains"], told["parts"], told["exported"])
    texts = [file[key] for file in told["files"] for key in ("path", "sha256")]
    texts += [chain["stream"] for chain in told["chains"]]
    texts += [
        event[key] for chain in told["chains"] for event in chain["events"] for key in ("body", "digest")
    ]
    return (
        [type(each) for each in shape] == [list, list, dict, dict]
        and all("size" in file for file in told["files"])
        and all(isinstance(text, str) for text in texts)
    )


def _sum(archive: zipfile.ZipFile, name: str) -> str:
    """Return the digest of a member; of one whose own sum does not hold, nothing."""
    seen = hashlib.sha256()
    try:
        with archive.open(name) as file:
            for piece in pieces(file):  # type: ignore[arg-type]
                seen.update(piece)
    except zipfile.BadZipFile:
        return ""
    return seen.hexdigest()


def _against(due: dict[str, str], sums: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name in sorted(due.keys() - sums.keys()):
        yield name, "missing"
    for name in sorted(sums.keys() - due.keys() - {"manifest.json", "manifest.sha256"}):
        yield name, "not_in_manifest"
    for name in sorted(due.keys() & sums.keys()):
        if due[name] != sums[name]:
            yield name, "differs"


def _bodies(told: dict[str, Any]) -> list[dict[str, Any]]:
    return [_body(event) for chain in told["chains"] for event in chain["events"]]


def _body(event: dict[str, str]) -> dict[str, Any]:
    """Return what an event says; of one that is no event any more, nothing."""
    try:
        body = json.loads(event["body"])
    except (ValueError, RecursionError):
        return {}
    whole = isinstance(body, dict) and isinstance(body.get("detail"), dict)
    return body if whole and isinstance(body.get("objects"), list) else {}


def _breaks(told: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield every event that does not follow from the one before it, or is not the one its place says."""
    for chain in told["chains"]:
        previous = GENESIS
        for place, event in enumerate(chain["events"], start=1):
            body = _body(event)
            in_place = (body.get("stream"), body.get("seq")) == (chain["stream"], place)
            if link(previous, event["body"].encode()) != event["digest"] or not in_place:
                yield chain["stream"], place
            previous = event["digest"]


def _unattached(file: dict[str, Any], bodies: list[dict[str, Any]]) -> str:
    """Return what is wrong between a file's line and the event that took it in, or nothing."""
    for body in bodies:
        if body.get("verb") != "attach" or body["detail"].get("sha256") != file["sha256"]:
            continue
        if ["case", file.get("case")] in body["objects"]:
            facts = ("size", "media_type", "kind", "made_by", "claimed_at")
            return next(
                (f"{name} differs" for name in facts if body["detail"].get(name) != file.get(name)), ""
            )
    return "not_in_chain"
