"""A database that is away, a disk that is full: said in words, and a page is shown where it can be."""

import errno
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import get_template
from django.utils.translation import gettext
from django.views.defaults import server_error

FULL_SQLITE = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR}
AWAY_SQLITE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOMEM}
FULL_POSTGRES = ("53100", "25006")
"""disk_full, read_only_sql_transaction."""
AWAY_POSTGRES = ("08", "53", "57", "58")
"""Classes of states: the connection, resources, an operator's doing, the system."""
FULL_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
SECONDS = 10
"""After which a program may ask again."""


def what(error: BaseException | None) -> HTTPStatus | None:
    """Return 507 where nothing can be written, 503 where the database is away, None for a bug of ours."""
    if isinstance(error, OSError) and error.errno in FULL_DISK:
        return HTTPStatus.INSUFFICIENT_STORAGE
    if not isinstance(error, DatabaseError | InterfaceError):
        return None
    cause = error.__cause__
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        return _of(code & 0xFF in FULL_SQLITE, code & 0xFF in AWAY_SQLITE)
    state = getattr(cause, "sqlstate", None)
    if state is not None:
        return _of(state in FULL_POSTGRES, state.startswith(AWAY_POSTGRES))
    return _of(full=False, away=isinstance(error, OperationalError | InterfaceError))


def _of(full: bool, away: bool) -> HTTPStatus | None:
    if full:
        return HTTPStatus.INSUFFICIENT_STORAGE
    return HTTPStatus.SERVICE_UNAVAILABLE if away else None


def fault(request: HttpRequest) -> HttpResponse:
    """Answer what went wrong: an outage in words of its own, anything else as the bug it is.

    The page asks the database nothing, so that it can say that there is none.
    """
    status = what(sys.exc_info()[1])
    if status is None:
        return server_error(request)
    code = "database_away" if status == HTTPStatus.SERVICE_UNAVAILABLE else "disk_full"
    if request.path.startswith("/api/"):
        answer: HttpResponse = JsonResponse({"refused": code, "facts": {}}, status=status)
    else:
        again = request.get_full_path() if request.method == "GET" else ""
        shown = {"outage": _words(code) | {"again": again}}
        answer = HttpResponse(get_template("outage.html").render(shown), status=status)
    answer["Retry-After"] = str(SECONDS)
    return answer


def _words(code: str) -> dict[str, str]:
    if code == "database_away":
        text = gettext(
            "数据库暂时连不上，刚才的操作没有保存。一般几秒钟就好，请稍后再试；一直不好请告诉管理员。"
        )
        return {"title": gettext("暂时连不上数据库"), "text": text}
    text = gettext("服务器上没有地方可写（磁盘已满或只读），刚才的操作没有保存。请马上告诉管理员。")
    return {"title": gettext("磁盘已满，没有保存"), "text": text}


@contextmanager
def spared() -> Iterator[None]:
    """Let a page be shown although what is written for convenience alone found no room."""
    try:
        yield
    except (DatabaseError, OSError) as error:
        if what(error) != HTTPStatus.INSUFFICIENT_STORAGE:
            raise


class Sessions(SessionMiddleware):
    """Keeps sessions; a page that was only looked at is shown though its session could not be kept."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Return the answer with its session's cookie."""
        try:
            return super().process_response(request, response)
        except (DatabaseError, SessionInterrupted) as wrong:
            error = _beneath(wrong)
            if what(error) is None:
                raise
            if request.method in ("GET", "HEAD") and what(error) == HTTPStatus.INSUFFICIENT_STORAGE:
                return response
            raise error from error.__cause__


def _beneath(wrong: BaseException) -> BaseException:
    """Return what the database said: a session that could not be changed counts as one that is gone."""
    while isinstance(wrong, SessionInterrupted | UpdateError) and wrong.__context__ is not None:
        wrong = wrong.__context__
    return wrong
