"""Which HTTP status a rule error has, on a page and at the programs' door alike."""

from http import HTTPStatus

from suyuan.domain.errors import BadInput, Refused, RuleError

STATUS = {
    "unreadable_request": HTTPStatus.BAD_REQUEST,
    "personal_in_address": HTTPStatus.BAD_REQUEST,
    "not_found": HTTPStatus.NOT_FOUND,
    "only_by_form": HTTPStatus.METHOD_NOT_ALLOWED,
    "not_your_role": HTTPStatus.FORBIDDEN,
    "no_access_entry": HTTPStatus.FORBIDDEN,
    "page_not_for_role": HTTPStatus.FORBIDDEN,
    "restricted": HTTPStatus.FORBIDDEN,
    "rulebook_error": HTTPStatus.INTERNAL_SERVER_ERROR,
    "chain_broken": HTTPStatus.INTERNAL_SERVER_ERROR,
    "key_missing": HTTPStatus.UNAUTHORIZED,
    "key_malformed": HTTPStatus.UNAUTHORIZED,
    "key_unknown": HTTPStatus.UNAUTHORIZED,
    "key_revoked": HTTPStatus.UNAUTHORIZED,
    "key_expired": HTTPStatus.UNAUTHORIZED,
    "key_owner_inactive": HTTPStatus.UNAUTHORIZED,
    "receipt_forged": HTTPStatus.FORBIDDEN,
    "receipt_stale": HTTPStatus.FORBIDDEN,
    "not_in_register": HTTPStatus.FORBIDDEN,
    "person_inactive": HTTPStatus.FORBIDDEN,
    "sign_on_failed": HTTPStatus.FORBIDDEN,
    "sign_on_unreachable": HTTPStatus.BAD_GATEWAY,
    "body_too_long": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "password_waits": HTTPStatus.FORBIDDEN,
    "locked_out": HTTPStatus.TOO_MANY_REQUESTS,
    "out_of_scope": HTTPStatus.FORBIDDEN,
    "not_your_key": HTTPStatus.FORBIDDEN,
    "disk_full": HTTPStatus.INSUFFICIENT_STORAGE,
    "disk_shut": HTTPStatus.INSUFFICIENT_STORAGE,
    "too_many_requests": HTTPStatus.TOO_MANY_REQUESTS,
}
"""Where a code's status is not that of its family."""

NOT_THERE = frozenset(
    {
        "unknown_unit",
        "unknown_person",
        "unknown_run",
        "no_such_file",
        "unknown_key",
        "no_channel",
        "no_view",
        "no_such_hot_spot",
    }
)
"""Refused by an address: what it names is not there, or out of the viewer's reach."""


def status(error: RuleError) -> int:
    """Return the HTTP status of a rule error."""
    if error.code in STATUS:
        return STATUS[error.code]
    if isinstance(error, Refused) and error.code in NOT_THERE:
        return HTTPStatus.NOT_FOUND
    return HTTPStatus.UNPROCESSABLE_ENTITY if isinstance(error, BadInput) else HTTPStatus.CONFLICT
