"""Numbers of the demo's cases: which were opened from, and where those of a day begin."""

from datetime import datetime

from django.db.models import QuerySet

from suyuan.store.models import Case, Counter
from suyuan.store.queries.cases import LOCAL


def count_on(at: datetime) -> None:
    """Let the numbers of a day begin behind those that the files of the city brought."""
    day = f"SY{at.astimezone(LOCAL):%Y%m%d}"
    brought = Case.objects.filter(number__startswith=day).order_by("-number")
    last = brought.values_list("number", flat=True).first()
    if last is not None:
        name = f"case:{day.removeprefix('SY')}"
        Counter.objects.update_or_create(name=name, defaults={"value": int(last.removeprefix(day))})


BEHIND = 500_000
"""No file brings so many orders a day."""


def count_from(at: datetime, last: int) -> None:
    """Let the numbers of a day begin behind one."""
    name = f"case:{at.astimezone(LOCAL):%Y%m%d}"
    Counter.objects.get_or_create(name=name, defaults={"value": last})


def opening() -> QuerySet[Case, str]:
    """Return the numbers of cases that another was opened from here: their story is told already."""
    opened = Case.objects.filter(origin="live").exclude(parent_number="")
    return opened.values_list("parent_number", flat=True)
