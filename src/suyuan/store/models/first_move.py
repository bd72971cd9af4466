"""First-move lists: one a desk and a day, and on each whom to call; who is held out stands beside them."""

from django.db import models
from django.db.models import Q

from suyuan.domain.privacy import Privacy

from .case import Case, moment
from .customer import Account, Customer
from .org import Unit


class FirstMoveList(models.Model):
    """The list of one desk on one day: made once, however often it is asked for."""

    privacy = Privacy("register", internal="unit day made_at candidates left_out unfinished share days")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    day = models.DateField(db_index=True)
    made_at = models.DateTimeField()
    candidates = models.PositiveIntegerField()
    """For how many customers there was a reason."""
    left_out = models.JSONField(default=dict)
    """Why some of them are not on it: code → how many."""
    unfinished = models.PositiveSmallIntegerField(default=0)
    """How many entries of the list before nobody finished."""
    share = models.FloatField()
    """Which part was held out by the rulebook of that day."""
    days = models.PositiveSmallIntegerField()
    """How many days of each customer the effect is told from."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=("unit", "day"), name="first_move_list_once")]

    def __str__(self) -> str:
        return f"first moves {self.unit_id} {self.day}"


class FirstMove(models.Model):
    """One customer on a list, or held out of it; why, until when, and what came of it."""

    privacy = Privacy(
        "contact",
        internal="list place score held_out drawn episode_on reasons due_at state taken_by taken_at outcome "
        "again_on done_by done_at",
        personal="who_index phone_index customer account case",
    )

    list = models.ForeignKey(FirstMoveList, on_delete=models.CASCADE, related_name="moves")
    place = models.PositiveSmallIntegerField()
    """By benefit, over those called and those held out."""
    score = models.FloatField()
    who_index = models.CharField(max_length=32)
    """Of the customer in the register, else of the telephone number: tells people apart."""
    phone_index = models.CharField(max_length=32, blank=True)
    """Of the number the case came from, where the register does not know the customer."""
    customer = models.ForeignKey(Customer, null=True, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    """The case that gives the first reason, where one does."""
    held_out = models.BooleanField()
    drawn = models.BooleanField()
    """Whether it was left to the draw: only those are compared."""
    episode_on = models.DateField()
    """The day the customer was drawn; called or held out until ``days`` after it."""
    reasons = models.JSONField()
    due_at = moment()
    state = models.CharField(max_length=8)
    taken_by = models.CharField(max_length=60, blank=True)
    taken_at = moment()
    outcome = models.CharField(max_length=20, blank=True)
    again_on = models.DateField(null=True)
    done_by = models.CharField(max_length=60, blank=True)
    done_at = moment()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("list", "who_index"), name="first_move_once")]
        indexes = [
            models.Index(fields=("who_index", "-episode_on"), name="first_move_who"),
            models.Index(fields=("episode_on",), name="first_move_drawn", condition=Q(drawn=True)),
            models.Index(fields=("list",), name="first_move_open", condition=Q(state__in=("open", "taken"))),
        ]

    def __str__(self) -> str:
        return f"first move {self.pk}"
