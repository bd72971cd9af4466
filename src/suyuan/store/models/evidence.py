"""A piece of evidence: what it is, who made it, and how it stands. Its bytes lie in the locker."""

from django.db import models

from suyuan.domain.privacy import Privacy

from .case import Case, masking_version, moment


class Attachment(models.Model):
    """A file that belongs to a case. Never deleted: withdrawn it stays listed, shredded its digest stays."""

    privacy = Privacy(
        "evidence",
        internal=(
            "case sha256 name masked_by kind made_by claimed_at media_type size added_by added_at "
            "withdrawn_at withdrawn_by withdrawn_reason held_at held_by held_reason "
            "shred_asked_at shred_asked_by shredded_at shredded_by"
        ),
        sealed="sealed sealed_key",
    )

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attachments")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    """Masked: people write telephone numbers into file names."""
    masked_by = masking_version()
    kind = models.CharField(max_length=20, default="other")
    made_by = models.CharField(max_length=20, blank=True)
    claimed_at = models.DateTimeField(null=True)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sealed = models.BinaryField(null=True)
    """The name as it came, who made it, with what device; gone once shredded."""
    sealed_key = models.BinaryField(null=True)
    """The key of the bytes, wrapped by the key ring; destroying it destroys them."""
    added_by = models.CharField(max_length=60)
    added_at = models.DateTimeField()
    withdrawn_at = moment()
    withdrawn_by = models.CharField(max_length=60, blank=True)
    withdrawn_reason = models.CharField(max_length=40, blank=True)
    held_at = moment()
    held_by = models.CharField(max_length=60, blank=True)
    held_reason = models.CharField(max_length=40, blank=True)
    shred_asked_at = moment()
    shred_asked_by = models.CharField(max_length=60, blank=True)
    shredded_at = moment()
    shredded_by = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("case", "sha256"), name="attachment_once"),
        ]
        indexes = [models.Index(fields=("sha256",), name="attachment_digest")]

    def __str__(self) -> str:
        return self.sha256
