"""Units and people: who answers for what."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from suyuan.domain.privacy import Privacy
from suyuan.domain.vocabulary import Role


class Unit(models.Model):
    """A place in the organisation; ``path`` holds the codes from the root down, /01/0101/."""

    privacy = Privacy(
        "register",
        public="code name",
        internal="parent path specialty kind customers provisional",
    )

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=400, unique=True)
    specialty = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=20, blank=True)
    customers = models.PositiveIntegerField(null=True)
    provisional = models.BooleanField(default=False)

    class Meta:
        ordering = ("path",)

    def __str__(self) -> str:
        return self.name


class People(BaseUserManager["Person"]):
    """How a person is found at sign-in."""


class Person(AbstractBaseUser):
    """Somebody who works here and may sign in."""

    privacy = Privacy(
        "person",
        internal="username unit is_active joined_at last_login",
        personal="name email password",
    )

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    email = models.EmailField(blank=True)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="staff")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = People()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    is_staff = False

    def __str__(self) -> str:
        return self.username


class Grant(models.Model):
    """One role over one unit and everything below it."""

    privacy = Privacy(
        "person",
        internal="person role unit",
    )

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="grants")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("person", "role", "unit"), name="grant_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}:{self.role}:{self.unit_id}"
