"""Units, posts and people: who answers for what."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from suyuan.domain.privacy import Privacy
from suyuan.domain.vocabulary import Role
from suyuan.store import seal


class Unit(models.Model):
    """A place in the organisation; ``path`` holds the codes from the root down, /01/0101/."""

    privacy = Privacy(
        "register",
        public="code name",
        internal="parent path specialty kind customers provisional former_names closed_at merged_into",
    )

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=400, unique=True)
    specialty = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=20, blank=True)
    customers = models.PositiveIntegerField(null=True)
    provisional = models.BooleanField(default=False)
    former_names = models.JSONField(default=list)
    """What the unit was called before: order files go on naming it so."""
    closed_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")

    class Meta:
        ordering = ("path",)

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A post 岗位: its duties, and the roles it gives whoever holds it, over the unit or its company."""

    privacy = Privacy("register", public="code name", internal="duties specialty roles over closed_at")

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    duties = models.TextField(blank=True)
    specialty = models.CharField(max_length=20, blank=True)
    roles = models.JSONField(default=list)
    over = models.CharField(max_length=10)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class PostWord(models.Model):
    """What was answered when a list of people called a post by words nobody knew; no post leaves it blank."""

    privacy = Privacy("register", internal="word post")

    word = models.CharField(max_length=60, unique=True)
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="words")

    def __str__(self) -> str:
        return self.word


class People(BaseUserManager["Person"]):
    """How a person is found at sign-in."""


class Person(AbstractBaseUser):
    """Somebody who works here and may sign in."""

    privacy = Privacy(
        "person",
        internal="username unit is_active joined_at last_login employee_number specialty seat "
        "competence tags active_from active_until ended_at password_by password_at password_confirmed_by "
        "handed_by",
        personal="name email phone_clear password",
        sealed="phone_sealed",
    )

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    email = models.EmailField(blank=True)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="staff")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    employee_number = models.CharField(max_length=40, blank=True)
    specialty = models.CharField(max_length=20, blank=True)
    seat = models.CharField(max_length=20, blank=True)
    """The number of the agent's seat in the call centre."""
    phone_sealed = models.BinaryField(null=True)
    phone_clear = models.CharField(max_length=40, blank=True)
    """A number from before numbers were sealed: emptied when the home is brought up to date."""
    competence = models.CharField(max_length=200, blank=True)
    tags = models.CharField(max_length=200, blank=True, default="", db_default="")
    """Codes of the rulebook's list of competences, separated by spaces."""
    active_from = models.DateField(null=True)
    active_until = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    password_by = models.CharField(max_length=60, blank=True)
    """Who made the password, until its person has changed it; empty for one's own."""
    password_at = models.DateTimeField(null=True)
    password_confirmed_by = models.CharField(max_length=60, blank=True)
    handed_by = models.CharField(max_length=60, blank=True, db_default="")
    """Who alone handed out the password that today's grew from; empty once a second person confirmed it."""

    @property
    def phone(self) -> str:
        """Return the work phone."""
        if self.phone_sealed is None:
            return self.phone_clear
        return seal.unseal(self.phone_sealed)["phone"]

    @phone.setter
    def phone(self, number: str) -> None:
        self.phone_sealed = seal.seal({"phone": number}) if number else None
        self.phone_clear = ""

    objects = People()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    is_staff = False

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("employee_number",), condition=~models.Q(employee_number=""), name="employed_once"
            ),
        ]

    def __str__(self) -> str:
        return self.username


class Holding(models.Model):
    """Somebody's time in a post at a unit; the one without an end is the post held now."""

    privacy = Privacy("person", internal="person post unit since until")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="holdings")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="holdings")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-since",)
        constraints = [
            models.UniqueConstraint(
                fields=("person",), condition=models.Q(until=None), name="holding_one_post"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}:{self.post_id}:{self.unit_id}"


class Grant(models.Model):
    """One role over one unit and everything below it: what counts, whatever it comes from.

    A grant of a post goes when the post is left; any other has a reason, and perhaps a moment when it goes.
    """

    privacy = Privacy("person", internal="person role unit holding reason expires_at given_by given_at")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="grants")
    holding = models.ForeignKey(Holding, null=True, on_delete=models.CASCADE, related_name="grants")
    reason = models.CharField(max_length=200, blank=True)
    expires_at = models.DateTimeField(null=True)
    given_by = models.CharField(max_length=60, blank=True)
    given_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("person", "role", "unit"),
                condition=models.Q(holding=None),
                name="grant_given_once",
            ),
            models.UniqueConstraint(
                fields=("holding", "role", "unit"),
                condition=models.Q(holding__isnull=False),
                name="grant_held_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}:{self.role}:{self.unit_id}"


class RoleRequest(models.Model):
    """A role that sees most, asked for; it becomes a grant when a second person confirms it."""

    privacy = Privacy(
        "person",
        internal="person role unit holding reason expires_at asked_by asked_at outcome decided_by decided_at",
    )

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="role_requests")
    role = models.CharField(max_length=20)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="role_requests")
    holding = models.ForeignKey(Holding, null=True, on_delete=models.CASCADE, related_name="role_requests")
    reason = models.CharField(max_length=200, blank=True)
    expires_at = models.DateTimeField(null=True)
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    outcome = models.CharField(max_length=20, blank=True)
    """Empty while it waits; then confirmed, declined, dropped or lapsed."""
    decided_by = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=("asked_at",), condition=models.Q(outcome=""), name="role_request_open"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("person", "role", "unit"),
                condition=models.Q(outcome="", holding=None),
                name="role_asked_once",
            ),
            models.UniqueConstraint(
                fields=("holding", "role", "unit"),
                condition=models.Q(outcome="", holding__isnull=False),
                name="role_of_post_asked_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}:{self.role}:{self.unit_id}"
