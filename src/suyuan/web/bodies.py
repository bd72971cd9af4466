"""How long the body of a request may be: short before anybody signed in, and where no file is taken.

A server keeps a body on its disk before any page sees it. So it asks here as soon as it has the headers,
without the database: who signed in carries a signed cookie that says so and nothing else.
"""

from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, resolve

from suyuan.store.queries import signin as queries

from . import uploads

COOKIE = "suyuan_body"
SALT = "suyuan.web.bodies"
TAKING_FILES = {
    "attach",
    "call_file_upload",
    "customers_upload",
    "import_upload",
    "paper_propose",
    "people_file_upload",
    "rules_notice",
    "supply_take",
    "trace_take",
    "worksheet_upload",
}
"""Addresses that a file is handed in at."""


def most(path: str, *, signed_in: bool) -> int:
    """Return how many bytes a body may have that is sent to a path."""
    try:
        name = resolve(path).view_name
    except Resolver404:
        return int(settings.BODY_AT_MOST)
    if signed_in and name in TAKING_FILES:
        return uploads.most() + int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    if signed_in or name.startswith("api:"):
        return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    return int(settings.BODY_AT_MOST)


def holds(cookies: Mapping[str, str]) -> bool:
    """Return whether whoever sends these cookies signed in here, not longer ago than a session lasts."""
    try:
        signing.loads(cookies.get(COOKIE, ""), salt=SALT, max_age=_age())
    except signing.BadSignature:
        return False
    return True


def hand_out(request: HttpRequest, response: HttpResponseBase) -> None:
    """Give whoever is signed in the cookie, and take it from whoever is not."""
    held = COOKIE in request.COOKIES
    if not request.user.is_authenticated:
        if held:
            response.delete_cookie(COOKIE)
    elif not holds(request.COOKIES):
        response.set_cookie(
            COOKIE,
            signing.dumps(1, salt=SALT),
            max_age=_age(),
            httponly=True,
            secure=settings.TLS,
            samesite="Lax",
        )


def _age() -> timedelta:
    return queries.lasting().age
