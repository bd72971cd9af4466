"""Export: the evidence of some cases as one bundle that a stranger can check.

The bundle carries the whole chains, so that nothing has to be believed; the digest of its manifest goes into
the chain when it is made, so that a bundle somebody made up is found out.
"""

import functools
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import Actor
from suyuan.gateways import bundle
from suyuan.store import chain, locker
from suyuan.store.models import Attachment
from suyuan.store.queries import cases
from suyuan.store.queries.evidence import key, stream_of

from ._manifest import Dossier, dossier, manifest, path, readme
from ._piece import ask, chosen

MOST_CASES = 200


@dataclass(frozen=True, slots=True)
class Prepared:
    """A bundle that is written down and may be sent: its code, and its bytes when asked for."""

    code: str
    cases: int
    files: int
    size: int
    manifest: bytes
    readme: bytes
    members: tuple[bundle.Member, ...]

    def stream(self) -> Iterator[bytes]:
        """Return the bytes of the bundle, the same each time."""
        return bundle.stream(self.manifest, self.readme, self.members)


@transaction.atomic
def prepare(*, numbers: Sequence[str], purpose: str, actor: Actor, now: datetime) -> Prepared:
    """Write down the export of the evidence of some cases, and return the bundle."""
    chosen("evidence_purpose", purpose, now)
    dossiers = [_opened(number, actor) for number in _wanted(numbers)]
    kept = [piece for one in dossiers for piece in one.pieces if piece.sealed_key is not None]
    members = {piece.sha256: _member(piece) for piece in kept}
    page = readme(dossiers, len(members), purpose, actor, now)
    text = manifest(dossiers, page, purpose, actor, now)
    code = hashlib.sha256(text).hexdigest()
    for one in dossiers:
        digests = [piece.sha256 for piece in one.pieces if piece.sealed_key is not None]
        chain.append(
            stream=stream_of(one.case.number),
            at=now,
            actor=actor.username,
            verb="evidence_export",
            objects=[("case", one.case.number), *(("file", digest) for digest in digests)],
            detail={"purpose": purpose, "manifest": code},
        )
    size = sum(member.size for member in members.values())
    return Prepared(code, len(dossiers), len(members), size, text, page, tuple(members.values()))


def _wanted(numbers: Sequence[str]) -> list[str]:
    """Return the numbers in the order in which cases are locked."""
    wanted = sorted(set(numbers))
    if not wanted:
        raise BadInput("required", field="case")
    if len(wanted) > MOST_CASES:
        raise BadInput("too_many", most=MOST_CASES)
    return wanted


def _opened(number: str, actor: Actor) -> Dossier:
    case = cases.locked(number)
    ask(actor, case, "export")
    return dossier(case)


def _member(piece: Attachment) -> bundle.Member:
    place, digest = locker.path_of(piece.sha256), piece.sha256
    if not place.exists():
        raise Refused("file_missing", file=digest)
    opens = functools.partial(locker.clear, place, key(piece), digest)
    return bundle.Member(path(piece), digest, piece.size, opens)
