"""An SMS gateway behind HTTP: one signed POST a batch, an idempotency key a message. See docs/outbox.md."""

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import requests

from suyuan.domain.notice import signature

from . import Letter, Outcome, all_failed

TEMPORARY = frozenset({401, 403, 404, 405, 408, 409, 425, 429})
"""Answers below 500 that the gateway's keeper or ours can put right while the message waits."""

TAKEN = frozenset({"accepted", "duplicate"})


@dataclass(frozen=True, slots=True)
class SmsHttp:
    """A gateway at ``url`` that shares ``secret`` with us."""

    url: str
    secret: bytes
    timeout: float

    def send(self, batch: Sequence[Letter]) -> list[Outcome]:
        """Post the batch; an answer that cannot be understood leaves every message to be tried again."""
        messages = [{"key": each.key, "to": each.to[0], "text": each.text} for each in batch]
        body = json.dumps({"messages": messages}, ensure_ascii=False).encode()
        try:
            answer = self._post(body, batch)
        except requests.Timeout:
            return all_failed(batch, "timeout")
        except requests.RequestException:
            return all_failed(batch, "no_connection")
        if answer.status_code not in (200, 202):
            lasting = 400 <= answer.status_code < 500 and answer.status_code not in TEMPORARY
            return all_failed(batch, f"http_{answer.status_code}", permanent=lasting)
        return _outcomes(batch, answer)

    def _post(self, body: bytes, batch: Sequence[Letter]) -> requests.Response:
        stamp = str(int(time.time()))
        with requests.Session() as session:
            session.trust_env = False  # neither a .netrc nor a proxy of the shell decides where texts go
            return session.post(
                self.url,
                data=body,
                headers={
                    "Content-Type": "application/json; charset=utf-8",
                    "Idempotency-Key": batch_key(batch),
                    "X-Suyuan-Timestamp": stamp,
                    "X-Suyuan-Signature": signature(self.secret, stamp, body),
                },
                timeout=self.timeout,
                allow_redirects=False,
            )


def batch_key(batch: Sequence[Letter]) -> str:
    """Return the key of a call: the same messages always have the same."""
    return hashlib.sha256("\n".join(sorted(letter.key for letter in batch)).encode()).hexdigest()


def _outcomes(batch: Sequence[Letter], answer: requests.Response) -> list[Outcome]:
    """Return what the answer says of each letter; one it does not name counts as not taken."""
    try:
        content = answer.json()
    except (ValueError, RecursionError):
        return all_failed(batch, "garbage")
    results = content.get("results") if isinstance(content, dict) else None
    if not isinstance(results, list):
        return all_failed(batch, "garbage")
    by_key = {str(row.get("key")): row for row in results if isinstance(row, dict)}
    return [_outcome(letter.key, by_key.get(letter.key)) for letter in batch]


def _outcome(key: str, row: Mapping[str, object] | None) -> Outcome:
    status = row.get("status") if row else None
    if row is None or not isinstance(status, str):
        return Outcome(key, problem="not_answered")
    if status in TAKEN:
        return Outcome(key, reference=str(row.get("id", ""))[:120])
    code = str(row.get("code", "")).strip()[:40]
    if status == "rejected":
        return Outcome(key, problem=f"rejected {code}".strip(), permanent=True)
    return Outcome(key, problem="busy" if status == "busy" else "garbage")
