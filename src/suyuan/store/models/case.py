"""A case, the contacts that led to it, and what was said, sealed."""

from django.db import models

from suyuan.domain.privacy import Privacy

from .org import Unit

SPARSE = ("category", "finding", "satisfaction")
"""Columns that many cases leave empty: their indexes hold the others alone."""


def moment() -> models.DateTimeField:
    """Return the column of a milestone that may not have been reached."""
    return models.DateTimeField(null=True)


def masking_version() -> models.PositiveSmallIntegerField:
    """Return the column that says which masking rules a text was masked by; none before that was kept."""
    return models.PositiveSmallIntegerField(null=True)


class Case(models.Model):
    """Anything somebody owes an answer on, as it stands now; how it got there is in the events."""

    privacy = Privacy(
        "case",
        public="number procedure business_type category state",
        internal=(
            "origin source source_digest version edition state_before is_open type_code level "
            "zone channel site secrecy restricted accused entrusted unit desk specialty line area is_child "
            "parent_number brief owner handler handlers finding finding_assessed satisfaction "
            "first_satisfaction responsibility card card_match objection crew_rating supply_stable "
            "urges returns unreached supervised paused episode received_at registered_at "
            "accepted_at dispatched_at taken_at contacted_at arrived_at restored_at "
            "answered_at first_answered_at reviewed_at called_back_at archived_at reopened_at "
            "next_due_at clock_reason changed_event sheets revision doubts relays supports promises"
        ),
        personal="account_index phone_index name_index register_ref",
        kept={
            "account_index": "contact",
            "phone_index": "contact",
            "name_index": "contact",
            "register_ref": "contact",
            "brief": "contact",
        },
    )

    number = models.CharField(max_length=80, unique=True)
    origin = models.CharField(max_length=10)
    source = models.CharField(max_length=40, blank=True)
    source_digest = models.CharField(max_length=32, blank=True)
    procedure = models.CharField(max_length=30)
    version = models.PositiveSmallIntegerField()
    edition = models.ForeignKey("store.Edition", on_delete=models.PROTECT, db_index=False)
    state = models.CharField(max_length=20)
    state_before = models.CharField(max_length=20, blank=True)
    is_open = models.BooleanField()
    business_type = models.CharField(max_length=40)
    type_code = models.CharField(max_length=300, blank=True)
    category = models.CharField(max_length=60, blank=True)
    level = models.CharField(max_length=12, blank=True)
    zone = models.CharField(max_length=40, default="Asia/Shanghai")
    channel = models.CharField(max_length=20, blank=True)
    site = models.CharField(max_length=10, blank=True)
    secrecy = models.CharField(max_length=12, blank=True)
    restricted = models.BooleanField(default=False)
    accused = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="accused_in", db_index=False
    )
    """The unit it speaks against: its people never see the case."""
    entrusted = models.CharField(max_length=60, blank=True, default="", db_default="")
    """Whom the audit desk lets work on a restricted case beside itself."""
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="cases", db_index=False)
    desk = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="registered")
    specialty = models.CharField(max_length=20, blank=True)
    line = models.CharField(max_length=300, blank=True)
    area = models.CharField(max_length=300, blank=True)
    is_child = models.BooleanField(default=False)
    parent_number = models.CharField(max_length=80, blank=True)
    brief = models.CharField(max_length=120, blank=True)
    account_index = models.CharField(max_length=32, blank=True)
    phone_index = models.CharField(max_length=32, blank=True)
    name_index = models.CharField(max_length=32, blank=True, default="", db_default="")
    register_ref = models.CharField(max_length=32, blank=True, default="", db_default="")
    """Stands for the case in the chain of its customer's account: random, made when it is first needed."""
    owner = models.CharField(max_length=60, blank=True)
    handler = models.CharField(max_length=60, blank=True)
    handlers = models.JSONField(default=list)
    finding = models.CharField(max_length=12, blank=True)
    finding_assessed = models.CharField(max_length=12, blank=True)
    satisfaction = models.CharField(max_length=14, blank=True)
    first_satisfaction = models.CharField(max_length=14, blank=True, default="", db_default="")
    """What the customer said when the first episode ended; empty as long as that lasts."""
    responsibility = models.CharField(max_length=12, blank=True, default="", db_default="")
    """What the responsibility analysis of this episode came to."""
    card = models.CharField(max_length=14, blank=True, default="", db_default="")
    """Of the satisfaction card of this episode: empty for none, issued, or what the customer marked."""
    card_match = models.CharField(max_length=8, blank=True, default="", db_default="")
    """How the cards of all episodes stand to the telephone: empty for none, alone, agrees or differs."""
    crew_rating = models.CharField(max_length=8, blank=True, default="", db_default="")
    """Of a repair: how the customer rated the crew when first called back."""
    supply_stable = models.BooleanField(null=True)
    """Of a repair: whether supply was stable when the customer was first called back."""
    objection = models.CharField(max_length=10, blank=True, default="", db_default="")
    """Of an objection of a sampling audit: empty for none, open, or answered until the audit desk agrees."""
    urges = models.PositiveSmallIntegerField(default=0)
    returns = models.PositiveSmallIntegerField(default=0)
    unreached = models.PositiveSmallIntegerField(default=0)
    supervised = models.BooleanField(default=False)
    paused = models.BooleanField(default=False)
    episode = models.PositiveSmallIntegerField(default=1)
    sheets = models.JSONField(default=dict, db_default={})
    """The sheets of this episode: the verb that wrote each, and the mark of what it was written about."""
    revision = models.PositiveSmallIntegerField(default=0, db_default=0)
    """How often what was handed in was changed."""
    doubts = models.JSONField(default=list, db_default=[])
    """What is doubtful in the reply that was handed in, by code."""
    relays = models.PositiveSmallIntegerField(default=0, db_default=0)
    """What the workstation passed on and nobody answered yet."""
    promises = models.PositiveSmallIntegerField(default=0, db_default=0)
    """What was promised to the customer and is neither kept nor moved."""
    supports = models.PositiveSmallIntegerField(default=0, db_default=0)
    """How often support was asked for."""

    received_at = moment()
    registered_at = moment()
    accepted_at = models.DateTimeField()
    dispatched_at = moment()
    taken_at = moment()
    contacted_at = moment()
    arrived_at = moment()
    restored_at = moment()
    answered_at = moment()
    first_answered_at = moment()
    reviewed_at = moment()
    called_back_at = moment()
    archived_at = moment()
    reopened_at = moment()

    next_due_at = moment()
    clock_reason = models.CharField(max_length=30, blank=True)
    changed_event = models.BigIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=("accepted_at",), name="case_accepted"),
            models.Index(fields=("unit", "accepted_at"), name="case_unit_accepted"),
            models.Index(fields=("state", "accepted_at"), name="case_state_accepted"),
            models.Index(fields=("business_type", "accepted_at"), name="case_type_accepted"),
            *(
                models.Index(
                    fields=(name, "accepted_at"),
                    name=f"case_{name}_accepted",
                    condition=~models.Q(**{name: ""}),
                )
                for name in SPARSE
            ),
            models.Index(
                fields=("accepted_at",), name="case_again_accepted", condition=models.Q(episode__gt=1)
            ),
            models.Index(
                fields=("accepted_at",), name="case_card_differs", condition=models.Q(card_match="differs")
            ),
            models.Index(fields=("changed_event",), name="case_changed"),
            models.Index(
                fields=("next_due_at", "unit"), name="case_open_due", condition=models.Q(is_open=True)
            ),
            models.Index(
                fields=("unit", "next_due_at", "restricted"),
                name="case_unit_open",
                condition=models.Q(is_open=True),
            ),
            models.Index(
                fields=("procedure", "state", "unit"),
                name="case_turn_open",
                condition=models.Q(is_open=True),
            ),
            models.Index(
                fields=("next_due_at", "unit"),
                name="case_pressing",
                condition=models.Q(is_open=True) & (models.Q(urges__gt=0) | models.Q(supervised=True)),
            ),
            models.Index(fields=("account_index",), name="case_account"),
            models.Index(fields=("phone_index",), name="case_phone"),
            models.Index(fields=("name_index",), name="case_name"),
            models.Index(fields=("accused",), name="case_accused", condition=models.Q(accused__isnull=False)),
            models.Index(
                fields=("parent_number",), name="case_parent", condition=~models.Q(parent_number="")
            ),
            models.Index(
                fields=("next_due_at", "id"),
                name="case_restricted_open",
                condition=models.Q(restricted=True, is_open=True),
            ),
            models.Index(
                fields=("archived_at", "id"),
                name="case_restricted_closed",
                condition=models.Q(restricted=True, is_open=False),
            ),
            models.Index(fields=("accepted_at",), name="case_child", condition=models.Q(is_child=True)),
            models.Index(
                fields=("procedure",), name="case_confidential", condition=models.Q(secrecy="confidential")
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Contact(models.Model):
    """One call or message, as it came in: the personal part sealed, the text masked beside it."""

    privacy = Privacy(
        "contact",
        internal="case channel at masked masked_by",
        sealed="sealed",
    )

    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="contacts")
    channel = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()
    masked = models.TextField(blank=True)
    masked_by = masking_version()
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"contact {self.pk}"


class Note(models.Model):
    """A text handed in with a verb: sealed; events hold ``ref`` alone, so it can be shredded."""

    privacy = Privacy(
        "case",
        internal="case field masked masked_by",
        personal="ref",
        sealed="sealed",
    )

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    field = models.CharField(max_length=40)
    ref = models.CharField(max_length=64)
    masked = models.TextField(blank=True)
    masked_by = masking_version()
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"note {self.pk}"
