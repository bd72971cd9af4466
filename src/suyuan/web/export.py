"""Workbooks handed to a browser."""

import tempfile
from dataclasses import replace

from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext

from suyuan.gateways import workbook
from suyuan.gateways.workbook import Table

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def answer(table: Table, name: str) -> FileResponse:
    """Return the workbook as a download."""
    cut = gettext("只导出前 %(most)d 行") % {"most": table.most}
    file = tempfile.TemporaryFile()  # noqa: SIM115  FileResponse closes it
    workbook.write([("Sheet1", replace(table, cut=cut))], file, timezone.now())
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=TYPE)
