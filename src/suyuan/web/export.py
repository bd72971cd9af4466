"""Workbooks handed to a browser."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from suyuan.actions import exports
from suyuan.domain.watermark import Watermark
from suyuan.gateways import workbook
from suyuan.gateways.workbook import Table
from suyuan.store import rules

from .templatetags.ui import lang

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Counted:
    """Rows that say afterwards how many went through."""

    def __init__(self, rows: Iterable[Sequence[object]], most: int) -> None:
        self.rows, self.most, self.count = rows, most, 0

    def __iter__(self) -> Iterator[Sequence[object]]:
        for row in self.rows:
            self.count = min(self.count + 1, self.most)
            yield row


def answer(request: HttpRequest, table: Table, name: str) -> FileResponse:
    """Return the workbook as a download, marked; that it was taken out is written down."""
    now, actor = timezone.now(), request.viewer.actor  # type: ignore[attr-defined]
    code, rows = exports.code_of_export(), Counted(table.rows, table.most)
    local = timezone.localtime(now)
    mark = Watermark(actor.username, local, rules.label("export", "masked", lang()), code)
    cut = gettext("只导出前 %(most)d 行") % {"most": table.most}
    file = tempfile.TemporaryFile()  # noqa: SIM115  FileResponse closes it
    workbook.write([("Sheet1", replace(table, rows=rows, cut=cut))], file, now, mark.line)
    page = request.resolver_match.url_name if request.resolver_match else ""
    exports.listed(page=page or "", rows=rows.count, code=code, actor=actor, now=now)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=TYPE)
