"""Who is inside: sessions of people, failures to get in, staff sessions, and the keys of programs."""

from django.db import models

from suyuan.domain.privacy import Privacy

from .org import Person, Unit


class ApiKey(models.Model):
    """A key that lets a program act as a person. Its secret is shown once; only a digest of it stays."""

    privacy = Privacy(
        "session",
        internal=(
            "owner name prefix scopes unit made_at made_by expires_at last_used_on revoked_at minute spent"
        ),
        personal="digest",
    )

    owner = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="keys")
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=60)
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)
    minute = models.DateTimeField(null=True)
    spent = models.PositiveIntegerField(default=0)
    """Requests of that minute: kept here, because several processes serve one key."""

    def __str__(self) -> str:
        return self.prefix


class Asking(models.Model):
    """Something asked for under a mark of its own, and the answer: asked again, it is not done again."""

    privacy = Privacy("session", internal="answer at", personal="mark body")

    mark = models.CharField(max_length=64, unique=True)
    """Keyed, of who asked and the mark: neither stands here."""
    body = models.CharField(max_length=64)
    """Keyed, of the whole that was asked for, to tell a repeat from something else."""
    answer = models.JSONField()
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.mark[:8]


class SignIn(models.Model):
    """One session of a person in one browser, from signing in until it ended, and why it did."""

    privacy = Privacy(
        "session",
        internal="person method forwarded opened_at seen_at ended_at ended_why",
        personal="session_key address browser",
    )

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, db_index=True)
    method = models.CharField(max_length=40)
    address = models.CharField(max_length=45, blank=True)
    browser = models.CharField(max_length=120, blank=True)
    forwarded = models.BooleanField(default=False)
    """Whether a proxy named another address that this installation was not told to believe."""
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=("person", "ended_at"), name="sign_in_open"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.opened_at:%Y-%m-%d %H:%M}"


class SignInTally(models.Model):
    """Failed sign-ins in a row, of an account or an address, under a blind index: no name is stored."""

    privacy = Privacy(
        "session",
        internal="failures first_at locked_until",
        personal="key",
    )

    key = models.CharField(max_length=40, unique=True)
    failures = models.PositiveIntegerField()
    first_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.key[:8]


class StaffSession(models.Model):
    """A while in which an administrator reaches cases, with the reason; its requests are on a chain."""

    privacy = Privacy(
        "audit",
        internal="person sign_in reason opened_at until closed_at",
    )

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="staff_sessions")
    sign_in = models.ForeignKey(SignIn, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.person_id} {self.opened_at:%Y-%m-%d %H:%M}"
