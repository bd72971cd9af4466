"""How much an installation holds, for backups and for the people who keep it running."""

from django.db import transaction

from suyuan.store.models import Case, Event, Person


@transaction.atomic
def of_installation() -> dict[str, int]:
    """Return how many cases, events and people there are."""
    return {
        "cases": Case.objects.count(),
        "events": Event.objects.count(),
        "people": Person.objects.count(),
    }
