"""Texts as older masking rules left them: in the contact, in the brief and in the index."""

from suyuan.store import search
from suyuan.store.models import Case, Contact
from tests.factories import case_at

SAID = "客户王小虎反映停电"
"""What somebody says, as rules that hid nothing left it."""
HIDDEN = "客户***反映停电"


def aged(count: int = 1) -> list[Case]:
    """Return cases whose text stands as rules that hid nothing left it."""
    cases = [case_at("received", text=SAID) for _ in range(count)]
    for row in Contact.objects.order_by("pk"):
        search.replace(row.case_id, row.masked, SAID)
        Contact.objects.filter(pk=row.pk).update(masked=SAID, masked_by=None)
        Case.objects.filter(pk=row.case_id).update(brief=SAID)
    return cases
