"""Mail over SMTP, by Django's backend: one connection a batch, recipients hidden from each other."""

import hashlib
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from . import GatewayError, Letter, Outcome, all_failed


@dataclass(frozen=True, slots=True)
class Mail:
    """Mail from one sender through the server that the settings name."""

    sender: str
    timeout: float

    def send(self, batch: Sequence[Letter]) -> list[Outcome]:
        """Send each letter to all its addresses; what the server said decides whether to try again."""
        connection = get_connection(timeout=self.timeout)
        try:
            connection.open()
        except (OSError, smtplib.SMTPException) as error:
            if isinstance(error, smtplib.SMTPAuthenticationError):
                raise GatewayError(permanent=False) from None
            return all_failed(batch, "no_connection")
        try:
            return [self._one(letter, connection) for letter in batch]
        finally:
            connection.close()

    def _one(self, letter: Letter, connection: BaseEmailBackend) -> Outcome:
        host = self.sender.rpartition("@")[2].strip("> ")
        mark = f"<{hashlib.sha256(letter.key.encode()).hexdigest()[:40]}@{host}>"
        message = EmailMessage(
            subject=" ".join(letter.subject.split()),
            body=letter.text,
            from_email=self.sender,
            bcc=list(letter.to),
            headers={"Message-ID": mark, "Auto-Submitted": "auto-generated"},
            connection=connection,
        )
        try:
            message.send()
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            return _refused(letter, min(codes, default=550))
        except smtplib.SMTPResponseException as error:
            return _refused(letter, error.smtp_code)
        except (OSError, smtplib.SMTPException):
            return Outcome(letter.key, problem="no_connection")
        return Outcome(letter.key, reference=mark)


def _refused(letter: Letter, code: int) -> Outcome:
    return Outcome(letter.key, problem=f"smtp_{code}", permanent=code >= 500)
