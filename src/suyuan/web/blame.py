"""The fair-blame statement: penalties as charged beside what node shares make of them; out as a file."""

import io
from decimal import Decimal

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.actions import exports
from suyuan.analytics import display
from suyuan.analytics import period as periods
from suyuan.analytics.period import Period
from suyuan.domain.blame import Charge
from suyuan.domain.errors import BadInput
from suyuan.domain.rulebook.tariff import Counted
from suyuan.domain.watermark import Watermark
from suyuan.gateways.papers import tables
from suyuan.gateways.workbook import Table
from suyuan.store import nodes, rules
from suyuan.store.queries import blame, ledger, listing, org
from suyuan.store.queries.cases import LOCAL

from . import export, register
from .names import Named, named
from .register import Button, Cell, Empty, Filter, Head, Listed, Row
from .templatetags.ui import lang

SIZE = 50
MOST = 200
"""So many entries stand on the page; the file holds all."""
FILES = ("xlsx", "docx")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KEYS = frozenset({"period", "unit", "in"})


class Ask:
    """What a statement is asked for, and the statement."""

    def __init__(self, request: HttpRequest, query: dict[str, str]) -> None:
        self.viewer = request.viewer  # type: ignore[attr-defined]
        now = timezone.now()
        self.period: Period = periods.parse(query.get("period") or f"{now.astimezone(LOCAL):%Y}")
        self.unit, counted = query.get("unit", ""), query.get("in") or Counted.POINTS.value
        if counted not in set(Counted):
            raise BadInput("unknown_value", field="in", value=counted[:40])
        self.counted = Counted(counted)
        self.told = blame.told(self.viewer, self.period, self.counted, self.unit)
        parties = [line.party[1] for line in self.told.statement.lines]
        self.who: dict[str, Named] = named(parties)

    def party(self, party: tuple[str, str]) -> str:
        """Return a unit, or one of its people, in words."""
        unit, person = party
        return " ".join(filter(None, (self.told.units[unit], self.who[person].name if person else "")))

    @property
    def query(self) -> str:
        """Return the options that lead to the same statement."""
        return f"?period={self.period.label}&unit={self.unit}&in={self.counted.value}"


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show the statement of a period, party by party, with the entries that were distributed."""
    query = register.only(request.GET.dict(), KEYS | {"page"})
    ask, at = Ask(request, query), register.page_of(query)
    start, lines = listing.start_of(at, SIZE), ask.told.statement.lines
    return register.listed(
        request,
        Listed(
            title=gettext("考核还原"),
            intro=gettext(
                "同一批已生效的考核，一边按台账记给谁，一边按已签认的责任比例还原到流程节点；两边合计相等。没有责任认定的，留在原处。"
            ),
            heads=_heads(),
            rows=[_row(ask, line) for line in lines[start : start + SIZE]],
            filters=_filters(ask),
            buttons=_buttons(ask),
            page=at,
            has_next=len(lines) > start + SIZE,
            empty=Empty(
                gettext("这个时期没有生效的考核"),
                gettext("台账里审签生效的考核列在这里；属实的投诉做过责任认定的，按比例还原。"),
                "receipt",
                calm=True,
            ),
        ),
        template="web/blame.html",
        charged=display.rounded(ask.told.statement.charged),
        shared=display.rounded(ask.told.statement.shared),
        entries=_entries(ask)[:MOST],
    )


def _heads() -> tuple[Head, ...]:
    return (
        Head(gettext("单位或个人"), wide=True),
        Head(gettext("台账考核"), number=True),
        Head(gettext("按责任比例"), number=True),
        Head(gettext("多记（少记）"), number=True),
    )


def _filters(ask: Ask) -> tuple[Filter, ...]:
    places = [(one.code, one.name) for one in org.every() if ask.viewer.sees(one.path)]
    counted = [(one.value, rules.label("counted_in", one, lang())) for one in Counted]
    return (
        Filter("period", gettext("时期"), ask.period.label),
        Filter("unit", gettext("单位"), ask.unit, places),
        Filter("in", gettext("计量"), ask.counted.value, counted),
    )


def _buttons(ask: Ask) -> list[Button]:
    if not ask.told.statement.lines:
        return []
    titles = (gettext("导出 Excel"), gettext("导出 Word"))
    return [
        Button(title, reverse("blame_export", args=(kind,)) + ask.query, "download")
        for kind, title in zip(FILES, titles, strict=True)
    ]


def _row(ask: Ask, line) -> Row:  # type: ignore[no-untyped-def]
    return Row(
        (
            Cell(ask.party(line.party)),
            Cell(display.rounded(line.charged), short=True),
            Cell(display.rounded(line.shared), short=True),
            Cell(_signed(line.difference), short=True),
        )
    )


def _signed(amount: Decimal) -> str:
    sign = "−" if amount < 0 else "+" if amount > 0 else ""
    return f"{sign}{display.rounded(abs(amount))}"


def _entries(ask: Ask) -> list[dict[str, object]]:
    """Return the entries that were distributed, each with its shares."""
    return [_entry(ask, charge) for charge in ask.told.statement.charges if charge.parts]


def _entry(ask: Ask, charge: Charge) -> dict[str, object]:
    row = ask.told.entries[charge.entry]
    return {
        "title": f"#{charge.entry} {ask.party(charge.party)}",
        "amount": display.rounded(charge.amount),
        "ground": rules.label("ledger_ground", row.ground, lang()),
        "case": row.case.number if row.case and ledger.shows_case(ask.viewer, row) else "",
        "liability": ask.told.liabilities.get(charge.entry, ""),
        "parts": [
            (
                f"{ask.party(part.party)} · {nodes.title(part.node, lang())}",
                f"{part.percent.normalize():f} %",
                display.rounded(amount),
                list(part.evidence),
            )
            for part, amount in charge.shared
            if part is not None
        ],
    }


@require_GET
def out(request: HttpRequest, file: str) -> FileResponse:
    """Return the statement as a workbook or a document, marked; that it was taken out is written down."""
    if file not in FILES:
        raise BadInput("unknown_value", field="file", value=file[:40])
    ask = Ask(request, register.only(request.GET.dict(), KEYS))
    title = f"{gettext('考核还原')} {ask.period.label}"
    sheets = [(gettext("单位和个人"), *_parties(ask)), (gettext("逐条依据"), *_grounds(ask))]
    if file == "xlsx":
        return export.answer_sheets(
            request, [(name, Table(heads, rows)) for name, heads, rows in sheets], f"{title}.xlsx"
        )
    now, code = timezone.now(), exports.code_of_export()
    words = rules.label("export", "masked", lang())
    mark = Watermark(ask.viewer.actor.username, timezone.localtime(now), words, code).line
    content = tables.written(title, [_sums(ask)], sheets, now, mark)
    rows = sum(len(rows) for _, _, rows in sheets)
    exports.listed(page="blame_export", rows=rows, code=code, actor=ask.viewer.actor, now=now)
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=f"{title}.docx", content_type=DOCX)


def _sums(ask: Ask) -> str:
    told = ask.told.statement
    sums = {"charged": display.rounded(told.charged), "shared": display.rounded(told.shared)}
    return gettext("台账考核合计 %(charged)s，按责任比例合计 %(shared)s，两边相等。") % sums


def _parties(ask: Ask) -> tuple[list[str], list[list[object]]]:
    heads = [gettext("单位或个人"), gettext("台账考核"), gettext("按责任比例"), gettext("多记（少记）")]
    return heads, [
        [ask.party(line.party), float(line.charged), float(line.shared), float(line.difference)]
        for line in ask.told.statement.lines
    ]


def _grounds(ask: Ask) -> tuple[list[str], list[list[object]]]:
    """Return one row for each share, and for each entry that nothing distributes."""
    heads = [gettext("台账编号"), gettext("记给谁"), gettext("事由"), gettext("工单"), gettext("责任认定")]
    heads += [gettext("责任单位和节点"), gettext("比例"), gettext("金额或分值"), gettext("证据")]
    rows: list[list[object]] = []
    for charge in ask.told.statement.charges:
        row = ask.told.entries[charge.entry]
        case = row.case.number if row.case and ledger.shows_case(ask.viewer, row) else ""
        first = [
            charge.entry,
            ask.party(charge.party),
            rules.label("ledger_ground", row.ground, lang()),
            case,
        ]
        for part, amount in charge.shared:
            place = f"{ask.party(part.party)} · {nodes.title(part.node, lang())}" if part else ""
            more = (
                [float(part.percent), float(amount), "; ".join(part.evidence)]
                if part
                else ["", float(amount), ""]
            )
            rows.append([*first, ask.told.liabilities.get(charge.entry, ""), place, *more])
    return heads, rows


urls = [
    path("blame/", page, name="blame"),
    path("blame/<str:file>/", out, name="blame_export"),
]
