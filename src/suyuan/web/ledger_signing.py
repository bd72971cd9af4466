"""Signing many entries of the ledger at once: ticked on its list, one confirmation, each for itself."""

from collections.abc import Sequence
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from suyuan.actions import bulk
from suyuan.analytics import display
from suyuan.domain import ledger as rule
from suyuan.domain.errors import BadInput
from suyuan.domain.rulebook.tariff import Kind
from suyuan.store import rules
from suyuan.store.queries import ledger
from suyuan.store.queries.viewer import Viewer

from . import errors, forms, register
from .bulk import holder
from .ledger import doubts_about
from .register import Asked
from .templatetags.ui import lang


@require_POST
def sign(request: HttpRequest) -> HttpResponse:
    """Ask once what is to be signed and sign it entry by entry; each may be refused for itself."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    keys, now = request.POST.getlist("key"), timezone.now()
    bulk.refuse_many(keys)
    if "go" not in request.POST:
        return _form(request, viewer, keys, forms.Entry())
    typed = forms.read(bulk.ENTRY_FORM, request.POST)
    try:
        run = bulk.ask_entries(entries=keys, form=typed, actor=viewer.actor, now=now)
    except BadInput as bad:
        if bad.code != "bad_form":
            raise
        entry = forms.Entry(typed, errors.field_problems(bad))
        return _form(request, viewer, keys, entry, errors.status(bad))
    bulk.go_on(run_id=run, actor=viewer.actor, holder=holder(), now=now)
    return redirect("bulk_run", bulk_id=run)


def _form(
    request: HttpRequest, viewer: Viewer, keys: Sequence[str], entry: forms.Entry, status: int = 200
) -> HttpResponse:
    found = ledger.to_sign(viewer, [int(key) for key in keys if bulk.is_entry(key)])
    counts = {"n": len(keys), "open": len(found)}
    said = gettext(
        "选了 %(n)d 条，其中 %(open)d 条现在可以由您审签。逐条审签，各自成败；没审签的会列出原因。"
    )
    shown = Asked(
        title=gettext("批量审签奖惩"),
        intro=" ".join([said % counts, *_sums(found), *_doubts(found)]),
        boxes=forms.boxes(viewer, bulk.ENTRY_FORM, entry, "bulk"),
        hidden=[("go", "1"), *(("key", key) for key in keys)],
        submit=gettext("审签 %(open)d 条") % counts,
        back=reverse("ledger") + "?period=all&state=proposed",
        problem=gettext("没有保存，请看标红的项目。") if entry.errors else "",
        action=reverse("ledger_sign"),
    )
    return register.asked(request, shown, status)


def _sums(found) -> list[str]:  # type: ignore[no-untyped-def]
    """Return what the entries come to, rewards and penalties, points and yuan each for themselves."""
    sums: dict[tuple[str, str, bool], tuple[int, Decimal]] = {}
    for one in found:
        place = one.kind, one.counted, one.reverses_id is not None
        n, amount = sums.get(place, (0, Decimal(0)))
        sums[place] = n + 1, amount + one.amount
    return [_sum(*place, *total) for place, total in sorted(sums.items())]


def _sum(kind: str, counted: str, counter: bool, n: int, amount: Decimal) -> str:
    told = {
        "kind": rules.label("ledger_kind", kind, lang()),
        "n": display.count(n),
        "sign": "−" if rule.Line(Kind(kind), amount, counter).debits_party else "+",
        "amount": display.rounded(amount),
        "counted": rules.label("counted_in", counted, lang()),
    }
    said = (
        gettext("冲销%(kind)s %(n)s 条，共 %(sign)s%(amount)s %(counted)s。")
        if counter
        else gettext("%(kind)s %(n)s 条，共 %(sign)s%(amount)s %(counted)s。")
    )
    return said % told


def _doubts(found) -> list[str]:  # type: ignore[no-untyped-def]
    """Return what speaks against the silence of each unit that is rewarded for no complaints."""
    said = ((one, doubts_about(one)) for one in found)
    return [f"#{one.pk} {one.unit.name}：{words}。" for one, words in said if words]


urls = [path("ledger/sign/", sign, name="ledger_sign")]
