"""Say that one has read a document: once for each version."""

from datetime import datetime

from django.db import transaction

from suyuan.domain.errors import BadInput
from suyuan.store import chain, rules
from suyuan.store.models import Person, RuleReading


@transaction.atomic
def read(*, number: str, person: Person, now: datetime) -> bool:
    """Keep that a person has read the newest edition of a document; return False where it was kept before."""
    editions = rules.rulebook().documents.get(number)
    if not editions:
        raise BadInput("unknown_document", number=number)
    version = editions[-1].version
    _, fresh = RuleReading.objects.get_or_create(
        number=number, version=version, person=person, defaults={"at": now}
    )
    if fresh:
        chain.append(
            stream=f"register:person:{person.username}",
            at=now,
            actor=person.username,
            verb="rule_read",
            objects=[("document", number), ("person", person.username)],
            detail={"version": version},
        )
    return fresh
