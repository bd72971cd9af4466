"""An organisation file handed in: what would change, then the change, then what was not taken."""

from collections.abc import Sequence
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from suyuan.actions import org
from suyuan.actions.org import register_file
from suyuan.domain.errors import Refused
from suyuan.gateways import orgfile
from suyuan.store import tray
from suyuan.store.queries import people

from . import errors, handing_in, list_columns, uploads
from .uploads import Upload

both = require_http_methods(["GET", "POST"])
MADE = "quarantine"
MOST_SHOWN = 200
"""Changed rows shown before they are written."""
PERSONAL = frozenset({"phone", "email"})
"""Values that are not shown back."""


DESK = handing_in.Desk(
    page="people_file",
    stem="people_file",
    template="people_template",
    kinds=orgfile.KINDS,
    read=orgfile.read,
    most=lambda: orgfile.MOST,
    title=gettext_lazy("导入单位和人员"),
    asked=gettext_lazy("组织文件（xlsx 或 csv）"),
    says=(
        gettext_lazy(
            "单位表要有单位编码、单位名称；人员表要有姓名、所属单位，以及工号或用户名。一个工作簿里可以两张都有。表头是中文或英文都行，表头上面的标题不用删。"
        ),
        gettext_lazy(
            "上传后先看会改什么，点了导入才写入。有错的行放到隔离文件，带着行号、列和原因，改好再传；同一个文件传两次，第二次什么也不变。"
        ),
    ),
)


@require_POST
def posts(request: HttpRequest, token: str) -> HttpResponse:
    """Keep which post is meant by each name that nobody knows, and look again."""
    _choose_posts(request, uploads.find(token, request.user.get_username()))
    return redirect("people_file_checked", token=token)


def _choose_posts(request: HttpRequest, kept: Upload) -> None:
    """Keep beside the file which post is meant by each name that was answered."""
    said = {
        name.removeprefix("post."): choice
        for name, choice in request.POST.items()
        if name.startswith("post.") and choice
    }
    if said:
        list_columns.choose(kept, "posts", list_columns.chosen(kept, "posts") | said)


@both
def checked(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a file would change; posted, with the posts chosen there, change it and remove the file."""
    kept = uploads.find(token, request.user.get_username())
    done = request.method == "POST"
    if done and kept.path.exists():
        _choose_posts(request, kept)
    with uploads.accepted(kept) as clear:
        taken = org.import_register(
            parts=orgfile.read(clear, list_columns.chosen(kept, "columns")),
            actor=request.viewer.actor,  # type: ignore[attr-defined]
            now=timezone.now(),
            posts=list_columns.chosen(kept, "posts"),
            dry_run=not done,
        )
    if done:
        kept.path.unlink()
    files = [(each, _quarantined(kept.path, each)) for each in taken]
    shown = {
        "name": kept.name,
        "token": token,
        "done": done,
        "lists": [(each.plain(), _said(each), bool(file), _changes(each)) for each, file in files],
        "most": MOST_SHOWN,
        "waiting": sum(each.waiting for each in taken),
        "asked_posts": [] if done else _asked_posts(taken),
        "posts": people.posts(),
        "changes": any(each.count("new") + each.count("changed") for each in taken),
    }
    return render(request, "web/org_file_checked.html", shown)


def _asked_posts(taken: Sequence[register_file.Taken]) -> list[tuple[str, str, str]]:
    """Return the words for posts to be answered, each with how many hold it; then those answered before."""
    asked = [(name, str(people), "") for each in taken for name, people in each.posts.items()]
    return asked + [(name, "", choice) for each in taken for name, choice in each.recalled.items()]


def _changes(taken: register_file.Taken) -> list[tuple[int, str, str, str]]:
    """Return row, key, whether it is new or changed, and what would stand there; personal values left out."""
    headers = taken.part.fields
    shown = []
    for outcome in taken.outcomes:
        if outcome.change not in ("new", "changed"):
            continue
        values = outcome.line.values
        said = [
            headers.get(name, name)
            + (f" → {values[name]}" if values.get(name) and name not in PERSONAL else "")
            for name in outcome.changed
        ]
        shown.append(
            (outcome.line.row, outcome.key, outcome.change, "；".join(said) or values.get("name", ""))
        )
    return shown[:MOST_SHOWN]


def _said(taken: register_file.Taken) -> list[tuple[int, str, str, str]]:
    """Return the faults of a list in words."""
    return [
        (outcome.line.row, fault.column, fault.value, errors.words_for(fault.rule))
        for outcome in taken.outcomes
        for fault in outcome.faults
    ]


def _quarantined(path: Path, taken: register_file.Taken) -> bool:
    place = path.with_name(f"{MADE}-{taken.part.kind.name}.xlsx")
    with tray.written(place) as made:
        return bool(register_file.quarantine(taken, made, errors.words_for))


@require_GET
def quarantine(request: HttpRequest, token: str, kind: str) -> FileResponse:
    """Return the rows that were not taken, with their reasons, to be put right and handed in again."""
    if kind not in ("units", "people"):
        raise Refused("no_such_file", file=kind)
    return handing_in.set_aside(request, token, f"{MADE}-{kind}.xlsx")


@require_GET
def template(request: HttpRequest) -> FileResponse:
    """Return an empty workbook with lists to choose from."""
    viewer = request.viewer  # type: ignore[attr-defined]
    return handing_in.workbook("org.xlsx", lambda path: orgfile.write_template(path, people.choices(viewer)))


urls = [
    path("people/file/", require_GET(DESK.shown), name="people_file"),
    path("people/file/upload/", require_POST(DESK.upload), name="people_file_upload"),
    path("people/file/template/", template, name="people_template"),
    path("people/file/<str:token>/", checked, name="people_file_checked"),
    path("people/file/<str:token>/columns/", both(DESK.columns), name="people_file_columns"),
    path("people/file/<str:token>/posts/", posts, name="people_file_posts"),
    path("people/file/<str:token>/<str:kind>/", quarantine, name="people_file_quarantine"),
]
