"""What a request for support and an entry of the improvement register hold beside their case."""

from django.db import models

from suyuan.domain.privacy import Privacy

from .case import Case, moment
from .org import Unit


class Support(models.Model):
    """A request for support, and how whoever asked rates what came of it; its texts are notes of the case."""

    privacy = Privacy("case", internal="case asked_by unit rating rated_by rated_at")

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="support")
    asked_by = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    """The unit whose case it is for, which asked."""
    rating = models.CharField(max_length=10, blank=True)
    rated_by = models.CharField(max_length=60, blank=True)
    rated_at = moment()

    def __str__(self) -> str:
        return f"support {self.case_id}"


class Improvement(models.Model):
    """An entry of the improvement register: hardware or service, and by when it is to be done."""

    privacy = Privacy("case", internal="case kind due_on campaign")

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="improvement")
    kind = models.CharField(max_length=10)
    due_on = models.DateField(null=True)
    """The day the plan names; none before there is a plan."""

    campaign = models.ForeignKey("store.Campaign", null=True, on_delete=models.PROTECT)

    def __str__(self) -> str:
        return f"improvement {self.case_id}"
