"""What a filing holds beside its case, and until when a unit may file nothing."""

from django.db import models

from suyuan.domain.privacy import Privacy

from .case import Case
from .org import Unit


class Filing(models.Model):
    """What is told to whoever calls from where a filing counts; its texts are notes of the case."""

    privacy = Privacy("case", internal="case kind line area counts_from counts_until script")

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="filing")
    kind = models.CharField(max_length=20)
    line = models.CharField(max_length=120, blank=True)
    area = models.CharField(max_length=120, blank=True)
    """The feeder or transformer area it counts at; the whole unit of its case where neither is named."""
    counts_from = models.DateTimeField()
    counts_until = models.DateTimeField(db_index=True)
    script = models.TextField()
    """What is said, masked: agents read it without opening the case."""

    def __str__(self) -> str:
        return f"filing {self.case_id}"


class FinalAnswer(models.Model):
    """What is told to a customer who was answered for good; its texts are notes of the case."""

    privacy = Privacy("case", internal="case parent script valid_until")

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="final_answer")
    parent = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="answered_finally")
    """The case it was written on."""
    script = models.TextField()
    """What is said, masked."""
    valid_until = models.DateTimeField(null=True, db_index=True)
    """None before it was approved."""

    def __str__(self) -> str:
        return f"final answer {self.case_id}"


class FilingBan(models.Model):
    """A unit that files nothing for some time, because a filing of it was false."""

    privacy = Privacy("case", internal="case unit since until")

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="filing_ban")
    """The filing that was false."""
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"filing ban {self.case_id}"
