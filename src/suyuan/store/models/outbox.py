"""The outbox: channels, messages, every attempt to hand one over, every receipt, and who has read what."""

from django.db import models

from suyuan.domain.privacy import Privacy

from .leased import Leased
from .org import Person, Unit


class Channel(models.Model):
    """One way out of the house: a carrier with its settings, its pace, and when it keeps quiet."""

    privacy = Privacy(
        "register",
        internal=(
            "code title carrier enabled language templates rate batch quiet_from quiet_until ladder "
            "left counted_at changed_by changed_at"
        ),
        sealed="sealed",
    )

    code = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=60)
    carrier = models.CharField(max_length=12)
    enabled = models.BooleanField(default=True)
    language = models.CharField(max_length=2, default="zh")
    templates = models.JSONField(default=list)
    """The templates that leave by this channel too, beside standing in the app."""
    rate = models.PositiveIntegerField(null=True)
    """Messages a second, over all workers; None where the carrier sets no limit."""
    batch = models.PositiveIntegerField()
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    ladder = models.JSONField(default=list)
    """Seconds before the second attempt, the third, and so on; after the last the message is set aside."""
    left = models.FloatField(default=0)
    """How many messages the rate still allowed at ``counted_at``."""
    counted_at = models.DateTimeField(null=True)
    sealed = models.BinaryField()
    changed_by = models.CharField(max_length=60)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class Wording(models.Model):
    """How a template was worded when it was first used so: kept for good, like an edition."""

    privacy = Privacy("rulebook", internal="digest template content first_used_at")

    digest = models.CharField(max_length=64, unique=True)
    template = models.CharField(max_length=40)
    content = models.JSONField()
    """Subject and text in both languages, and the first day and the basis where the office worded it."""
    first_used_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.template} {self.digest[:12]}"


class Message(Leased):
    """One message in the outbox. It leaves only if the transaction that queued it committed."""

    privacy = Privacy(
        "outbox",
        internal=(
            "key channel template wording recipient unit case_number restricted urgent facts queued_at "
            "not_before again reference sent_at delivered_at " + Leased.COLUMNS
        ),
        personal="address_index",
        sealed="address",
    )

    key = models.CharField(max_length=120)
    channel = models.CharField(max_length=20)
    template = models.CharField(max_length=40)
    wording = models.ForeignKey(
        Wording, null=True, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    """How it was worded when it was queued, which is how it leaves and is shown."""
    recipient = models.CharField(max_length=120)
    address = models.BinaryField(null=True)
    address_index = models.CharField(max_length=32, blank=True, default="", db_default="")
    unit = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    case_number = models.CharField(max_length=80, blank=True)
    restricted = models.BooleanField(default=False, db_default=False)
    urgent = models.BooleanField(default=False, db_default=False)
    facts = models.JSONField(default=dict)
    queued_at = models.DateTimeField()
    not_before = models.DateTimeField(null=True)
    again = models.PositiveSmallIntegerField(default=0, db_default=0)
    """How often a person had it sent again after the carrier took it and could not deliver it."""
    reference = models.CharField(max_length=120, blank=True, default="", db_default="")
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("key",), name="message_once")]
        indexes = [
            models.Index(
                models.F("channel"),
                models.F("urgent").desc(),
                models.F("next_at"),
                name="message_due",
                condition=models.Q(next_at__isnull=False),
            ),
            models.Index(fields=("case_number",), name="message_case", condition=~models.Q(channel="in_app")),
            models.Index(fields=("queued_at",), name="message_left", condition=~models.Q(channel="in_app")),
            models.Index(
                fields=("state", "queued_at"),
                name="message_stands",
                condition=~models.Q(channel="in_app"),
            ),
            models.Index(fields=("recipient", "queued_at"), name="message_recipient"),
            models.Index(
                fields=("address_index",), name="message_address", condition=~models.Q(address_index="")
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Attempt(models.Model):
    """One time a message was handed to its carrier, and what the carrier said: append-only."""

    privacy = Privacy("outbox", internal="message at holder taken reference problem")

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    holder = models.CharField(max_length=80)
    taken = models.BooleanField()
    reference = models.CharField(max_length=120, blank=True)
    problem = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.reference or self.problem


class Receipt(models.Model):
    """What a carrier said later about a message it took, or about one nobody knows: append-only."""

    privacy = Privacy("outbox", internal="message channel key outcome at received_at code refused source")

    message = models.ForeignKey(Message, null=True, on_delete=models.CASCADE, related_name="receipts")
    channel = models.CharField(max_length=20)
    key = models.CharField(max_length=200)
    outcome = models.CharField(max_length=12)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    code = models.CharField(max_length=200, blank=True)
    refused = models.CharField(max_length=40, blank=True)
    """Why it changed nothing, empty where it did."""
    source = models.CharField(max_length=120)
    """The call or the file it came in."""

    def __str__(self) -> str:
        return f"{self.key} {self.outcome}"


class ReceiptCall(models.Model):
    """A call or a file of receipts that was taken: the same one is never taken twice."""

    privacy = Privacy("outbox", internal="channel digest at")

    channel = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("channel", "digest"), name="receipts_taken_once"),
        ]

    def __str__(self) -> str:
        return self.digest[:12]


class ReadMark(models.Model):
    """Up to which message somebody has read everything that is for them."""

    privacy = Privacy("person", internal="person upto at")

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="read_mark")
    upto = models.PositiveBigIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id} {self.upto}"


class Reading(models.Model):
    """One message somebody has read, above their mark."""

    privacy = Privacy("person", internal="person message at")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="readings")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="readings")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("person", "message"), name="read_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.message_id}"
