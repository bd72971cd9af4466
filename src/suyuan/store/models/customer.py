"""Customers: who they are, their accounts, where these are supplied, how they are reached, what they need.

Nothing of it stands in clear: what leads to a person is sealed, found by a keyed index, and shown masked.
"""

from django.db import models
from django.db.models import Q

from suyuan.domain.privacy import Privacy

from .org import Unit


def _index() -> models.CharField:  # type: ignore[type-arg]
    return models.CharField(max_length=32, blank=True)


def _masked(longest: int) -> models.CharField:  # type: ignore[type-arg]
    return models.CharField(max_length=longest, blank=True)


class Customer(models.Model):
    """Somebody, or some enterprise, that holds accounts."""

    privacy = Privacy(
        "customer",
        internal="kind opted_out_at opted_out_by opted_out_how",
        personal="key_index name_index masked",
        sealed="sealed",
    )

    key_index = _index()
    """Of the customer's code in the file, or of the account where the file gives none."""
    kind = models.CharField(max_length=20, blank=True)
    name_index = _index()
    masked = _masked(60)
    sealed = models.BinaryField()
    opted_out_at = models.DateTimeField(null=True)
    """Since when they want no portrait, no score and no call before they call; None for no such wish."""
    opted_out_by = models.CharField(max_length=60, blank=True, default="", db_default="")
    opted_out_how = models.CharField(max_length=30, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("key_index",), name="customer_once"),
        ]
        indexes = [
            models.Index(fields=("name_index",), name="customer_name", condition=~Q(name_index="")),
        ]

    def __str__(self) -> str:
        return f"customer {self.pk}"


class Account(models.Model):
    """One supply contract 户号; ``ref`` stands for it in events and leads nowhere once the row is gone."""

    privacy = Privacy(
        "customer",
        internal="ref customer unit status tariff trade load_attribute capacity site digest",
        personal="number_index masked",
        sealed="sealed",
    )

    ref = models.CharField(max_length=32, unique=True)
    number_index = _index()
    masked = _masked(40)
    sealed = models.BinaryField()
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="accounts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="accounts")
    status = models.CharField(max_length=20, blank=True)
    tariff = models.CharField(max_length=40, blank=True)
    """用电类别, as the file writes it."""
    trade = models.CharField(max_length=40, blank=True)
    load_attribute = models.CharField(max_length=40, blank=True)
    capacity = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    """Contract capacity in kVA."""
    site = models.CharField(max_length=10, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    """Keyed digest of the row it was last brought up to."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("number_index",), name="account_once"),
        ]

    def __str__(self) -> str:
        return f"account {self.pk}"


class SupplyPoint(models.Model):
    """Where an account is supplied from and to."""

    privacy = Privacy(
        "customer",
        internal="account area area_code line line_code voltage",
        personal="masked",
        sealed="sealed",
    )

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="supply")
    area = models.CharField(max_length=120, blank=True)
    area_code = models.CharField(max_length=40, blank=True)
    line = models.CharField(max_length=120, blank=True)
    line_code = models.CharField(max_length=40, blank=True)
    voltage = models.CharField(max_length=20, blank=True)
    masked = _masked(200)
    sealed = models.BinaryField()

    class Meta:
        indexes = [
            models.Index(fields=("area_code",), name="supply_area", condition=~Q(area_code="")),
            models.Index(fields=("line_code",), name="supply_line", condition=~Q(line_code="")),
            models.Index(fields=("line",), name="supply_line_name", condition=~Q(line="")),
            models.Index(fields=("area",), name="supply_area_name", condition=~Q(area="")),
        ]

    def __str__(self) -> str:
        return f"supply point {self.pk}"


class Meter(models.Model):
    """A meter on an account; its number hangs on one household's wall, so it is sealed like the account's."""

    privacy = Privacy(
        "customer",
        internal="account installed_on removed_on",
        personal="number_index masked",
        sealed="sealed",
    )

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="meters")
    number_index = _index()
    masked = _masked(40)
    sealed = models.BinaryField()
    installed_on = models.DateField(null=True)
    removed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("account", "number_index"), name="meter_once"),
        ]
        indexes = [models.Index(fields=("number_index",), name="meter_number")]

    def __str__(self) -> str:
        return f"meter {self.pk}"


class ContactWay(models.Model):
    """One way to reach a customer, and when and how he wants to be reached."""

    privacy = Privacy(
        "customer",
        internal="customer kind whose preferred language quiet_from quiet_until valid_from valid_until "
        "bounced",
        personal="value_index masked",
        sealed="sealed",
    )

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="ways")
    kind = models.CharField(max_length=10)
    value_index = _index()
    masked = _masked(80)
    sealed = models.BinaryField()
    whose = models.CharField(max_length=10, default="owner")
    preferred = models.BooleanField(default=False)
    language = models.CharField(max_length=10, default="zh")
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    bounced = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=("value_index",), name="contact_way_value")]

    def __str__(self) -> str:
        return f"contact way {self.pk}"


class SpecialFlag(models.Model):
    """What the office must mind about an account, as long as the customer agrees."""

    privacy = Privacy(
        "customer",
        internal="account set_by set_at consent_how consent_scope consent_on consent_by expires_on "
        "withdrawn_at withdrawn_by clear_asked_by clear_asked_at cleared_at cleared_by",
        personal="code clear_reason",
    )

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="flags")
    code = models.CharField(max_length=30)
    set_by = models.CharField(max_length=60)
    set_at = models.DateTimeField()
    consent_how = models.CharField(max_length=30, blank=True)
    consent_scope = models.JSONField(default=list)
    consent_on = models.DateField(null=True)
    consent_by = models.CharField(max_length=60, blank=True)
    expires_on = models.DateField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=60, blank=True)
    clear_reason = models.CharField(max_length=30, blank=True)
    clear_asked_by = models.CharField(max_length=60, blank=True)
    clear_asked_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("account", "code"), condition=Q(cleared_at=None), name="flag_set_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.code}"
